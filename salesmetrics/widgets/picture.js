// Picture and sentence, which always arrive together, and below them what could not be done.
function render({ model, el }) {
  el.classList.add("salesmetrics-picture");
  el.innerHTML = `<div></div><p role="status" aria-live="polite" aria-atomic="true"></p><p role="alert"></p>`;
  const [frame, sentence, refusal] = el.children;
  // A tree of its own, so that no other picture on the page, of another notebook even, shares its ids.
  const picture = frame.attachShadow({ mode: "open" });

  const show = {
    svg: () => (picture.innerHTML = model.get("svg")),
    sentence: () => (sentence.textContent = model.get("sentence")),
    refusal: () => (refusal.textContent = model.get("refusal")),
  };
  for (const [name, update] of Object.entries(show)) {
    model.on(`change:${name}`, update);
    update();
  }
}

export default { render };
