// A list to choose one thing from; its keys belong to it, not to JupyterLab.
function render({ model, el }) {
  el.classList.add("salesmetrics-choice");
  const label = document.createElement("label");
  const list = document.createElement("select");
  list.setAttribute("data-lm-suppress-shortcuts", "");
  for (const [name, words] of model.get("options")) list.append(new Option(words, name));
  label.append(`${model.get("label")} `, list);
  el.append(label);
  list.addEventListener("change", () => {
    model.set("value", list.value);
    model.save_changes();
  });
  const show = () => (list.value = model.get("value"));
  model.on("change:value", () => {
    // What asked for it may be gone by now, and the keyboard's place with it.
    if (list.value !== model.get("value")) list.focus();
    show();
  });
  show();
}

export default { render };
