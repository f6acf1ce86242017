// Unfolds the sliders that are not in sight; nothing to tell the kernel.
function render({ model, el }) {
  const words = model.get("words");
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("data-lm-suppress-shortcuts", "");
  const show = (open) => {
    button.setAttribute("aria-expanded", open);
    button.textContent = `${open ? "▾" : "▸"} ${open ? words.fewer : words.more}`;
    el.closest(".salesmetrics-controls")?.classList.toggle("salesmetrics-unfolded", open);
  };
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  show(false);
  el.classList.add("salesmetrics-tools");
  el.append(button);
}

export default { render };
