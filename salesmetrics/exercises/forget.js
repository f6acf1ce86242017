// A button that makes the page forget what was answered, and asks once more before it does.
function render({ model, el }) {
  const words = model.get("words");
  const make = (tag, text, action) => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (!action) return element;
    element.type = "button";
    element.setAttribute("data-lm-suppress-shortcuts", "");
    element.addEventListener("click", action);
    return element;
  };
  const ask = (asking) => {
    [sure, yes, no].forEach((part) => (part.hidden = !asking));
    first.hidden = asking;
    (asking ? no : first).focus();
  };
  const first = make("button", words.forget, () => ask(true));
  const sure = make("span", words.sure);
  const yes = make("button", words.yes, () => {
    model.send({ action: "forget" });
    ask(false);
  });
  const no = make("button", words.no, () => ask(false));
  const said = make("span", "");
  said.setAttribute("role", "status");
  [sure, yes, no].forEach((part) => (part.hidden = true));
  el.classList.add("salesmetrics-exercise", "salesmetrics-buttons");
  el.append(first, sure, yes, no, said);
  const show = () => (said.textContent = model.get("said"));
  model.on("change:said", show);
  show();
}

export default { render };
