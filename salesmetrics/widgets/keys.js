// Keys pressed in a panel of Jupyter's own widgets belong to the panel: JupyterLab would take "b" in a list for a new cell.
function render({ el }) {
  let frames = 0;
  const keep = () => {
    const panel = el.closest(".salesmetrics-panel");
    // On whatever has the keyboard itself: around it would not do.
    if (panel) panel.addEventListener("focusin", ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", ""));
    // Not yet in its panel: a box takes its parts in a moment after they are made.
    else if (frames++ < 600) requestAnimationFrame(keep);
  };
  keep();
}

export default { render };
