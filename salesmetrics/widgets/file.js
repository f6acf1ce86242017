// A button to choose a file with, or to drop one on. The file goes to the kernel piece by piece, each when it is asked for.
function render({ model, el }) {
  el.innerHTML = `<button type="button" class="jupyter-widgets jupyter-button widget-button" data-lm-suppress-shortcuts>
    </button><input type="file" hidden>`;
  const [button, input] = el.children;
  el.classList.add("salesmetrics-file");
  button.textContent = model.get("label");
  input.accept = model.get("accept");
  input.setAttribute("aria-label", model.get("label"));
  let file;
  const begin = (chosen) => {
    if (!chosen) return;
    file = chosen;
    model.send({ name: file.name, size: file.size });
  };
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    begin(input.files[0]);
    // So that the same file can be chosen again once it was exported anew.
    input.value = "";
  });
  for (const name of ["dragenter", "dragover"]) el.addEventListener(name, (event) => event.preventDefault());
  el.addEventListener("drop", (event) => {
    event.preventDefault();
    begin(event.dataTransfer.files[0]);
  });
  model.on("msg:custom", async ({ from, to }) => {
    if (!file) return;
    try {
      model.send({ from }, undefined, [await file.slice(from, to).arrayBuffer()]);
    } catch {
      // It was changed or taken away meanwhile.
      model.send({ from }, undefined, [new ArrayBuffer(0)]);
    }
    if (to >= file.size) file = undefined;
  });
}

export default { render };
