"""The whole kit in a browser: JupyterLite, made from a folder with a Pyodide distribution."""
