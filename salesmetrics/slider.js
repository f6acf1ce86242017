// One lever: its name, a slider and a box to type in. Values go to the kernel, words come from it.
let count = 0;

function render({ model, el }) {
  const id = `salesmetrics-slider-${++count}`;
  el.classList.add("salesmetrics-slider");
  // Arrow keys belong to the slider, not to the notebook around it.
  el.dataset.lmSuppressShortcuts = "true";
  el.innerHTML = `<label for="${id}"></label><input type="text" autocomplete="off"><input type="range" id="${id}">`;
  const [label, box, range] = el.children;
  label.textContent = model.get("label");
  box.setAttribute("aria-label", model.get("box_label"));
  range.min = model.get("minimum");
  range.max = model.get("maximum");
  range.step = model.get("step");

  const show = () => {
    range.value = model.get("value");
    range.setAttribute("aria-valuetext", model.get("text"));
    if (el.getRootNode().activeElement !== box) box.value = model.get("text");
  };
  const commit = () => {
    if (box.value !== model.get("text")) model.send({ typed: box.value });
    box.value = model.get("text");
  };
  range.addEventListener("input", () => {
    model.set("value", Number(range.value));
    model.save_changes();
  });
  box.addEventListener("change", commit);
  box.addEventListener("focus", () => box.select());
  model.on("change:value", show);
  model.on("change:text", () => {
    show();
    box.value = model.get("text");
  });
  show();
}

export default { render };
