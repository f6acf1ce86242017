// What JupyterLab loads first: it asks here for the extension, and hands over the modules that it shares with all.
(() => {
  const here = document.currentScript.src;
  let scope;
  // A module that JupyterLab brought along itself; the first version is the one it runs.
  const shared = async (name) => (await Object.values(scope[name])[0].get())();
  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB.salesmetrics = {
    init: (modules) => void (scope = modules),
    get: async () => {
      const { plugin } = await import(new URL("extension.js", here));
      const made = await plugin(shared);
      return () => ({ __esModule: true, default: made });
    },
  };
})();
