// A link to a page beside the notebook, as the server gives it: not in JupyterLab's own viewer, so that it can be printed.
function render({ model, el }) {
  const config = document.getElementById("jupyter-config-data");
  const base = config ? JSON.parse(config.textContent).baseUrl : "/";
  const folder = /\/(?:tree|notebooks)\/(.*\/)?[^/]*$/.exec(location.pathname)?.[1] ?? "";
  const link = document.createElement("a");
  link.href = `${base}files/${folder}${model.get("name")}`;
  link.target = "_blank";
  link.textContent = model.get("label");
  link.style.cssText = "color: var(--jp-content-link-color, #0645ad); text-decoration: underline";
  el.append(link);
}

export default { render };
