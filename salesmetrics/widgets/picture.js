// Picture, sentence and comparison, which always arrive together, and below them what could not be done.
function render({ model, el }) {
  el.classList.add("salesmetrics-picture");
  el.innerHTML = `<div></div><p role="status" aria-live="polite" aria-atomic="true"></p><div></div><p role="alert"></p>`;
  const [frame, sentence, comparison, refusal] = el.children;
  // A tree of its own, so that no other picture on the page, of another notebook even, shares its ids.
  const picture = frame.attachShadow({ mode: "open" });

  const draw = () => {
    picture.innerHTML = model.get("svg");
    const style = picture.firstElementChild.style;
    // Its smallest letters are 12 px at 720 px: never below 11, and never so large that it is higher than the screen.
    style.minWidth = "660px";
    style.maxHeight = "85vh";
    if (model.get("large")) style.maxWidth = "none";
  };
  const show = {
    svg: draw,
    large: draw,
    sentence: () => (sentence.textContent = model.get("sentence")),
    comparison: () => (comparison.innerHTML = model.get("comparison")),
    refusal: () => (refusal.textContent = model.get("refusal")),
  };
  for (const [name, update] of Object.entries(show)) {
    model.on(`change:${name}`, update);
    update();
  }
}

export default { render };
