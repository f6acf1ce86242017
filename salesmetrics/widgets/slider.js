// One lever: its name, a slider and a box to type in. Values go to the kernel, words come from it.
function render({ model, el }) {
  const id = `salesmetrics-${Math.random().toString(36).slice(2)}`;
  // Keys belong to the lever, not to JupyterLab, which would take the arrows to walk through the notebook.
  const keys = "data-lm-suppress-shortcuts";
  el.innerHTML = `<div class="salesmetrics-slider"><label for="${id}"></label>
    <input type="text" autocomplete="off" ${keys}><input type="range" id="${id}" ${keys}>
    <p role="alert" id="${id}-refusal"></p></div>`;
  const [label, box, range, refusal] = el.firstChild.children;
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
  const refuse = () => {
    refusal.textContent = model.get("refusal");
    box.setAttribute("aria-invalid", Boolean(model.get("refusal")));
  };
  box.setAttribute("aria-describedby", refusal.id);
  const commit = () => {
    if (box.value !== model.get("text")) model.send({ typed: box.value });
    box.value = model.get("text");
  };
  // All that one drag does, or one key held down, is one gesture, and one step to undo. Its newest value waits until the
  // kernel has taken the one before; at its end that value is told at once, so that a button pressed next finds it.
  let held = false, begun = false;
  const end = () => {
    if (begun) model.send({ value: Number(range.value), gesture: model.get("gesture") });
    begun = false;
  };
  range.addEventListener("keydown", () => (held = true));
  for (const name of ["keyup", "blur"]) range.addEventListener(name, () => end((held = false)));
  range.addEventListener("change", () => held || end());
  // A finger that ends where it began changes nothing, and takes no focus either.
  for (const name of ["pointerdown", "pointerup", "pointercancel"]) range.addEventListener(name, end);
  range.addEventListener("input", () => {
    if (!begun) model.set("gesture", Math.max(Date.now(), model.get("gesture") + 1));
    begun = true;
    model.set("value", Number(range.value));
    model.save_changes();
  });
  box.addEventListener("change", commit);
  box.addEventListener("keydown", (event) => event.key === "Enter" && commit());
  box.addEventListener("focus", () => box.select());
  model.on("change:value", show);
  model.on("change:text", () => {
    show();
    box.value = model.get("text");
  });
  model.on("change:refusal", refuse);
  show();
  refuse();
}

export default { render };
