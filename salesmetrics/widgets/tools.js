// The buttons below the sliders: each tells the kernel what is asked for, and the kernel does it.
const KEYS = "data-lm-suppress-shortcuts"; // keys belong to the panel, not to JupyterLab

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

function render({ model, el }) {
  const words = model.get("words");
  const ask = (what, text = "") => model.send({ do: what, text });
  const button = (name, action = () => ask(name)) => {
    const element = make("button", { type: "button", [KEYS]: "" }, words[name]);
    element.addEventListener("click", action);
    return element;
  };
  const [undo, redo, reset, pin, unpin] = ["undo", "redo", "reset", "pin", "unpin"].map((name) => button(name));
  const large = button("large");
  el.classList.add("salesmetrics-tools");
  el.replaceChildren(make("div", {}, undo, redo, reset, pin, unpin, large));

  const follow = (names, update) => {
    for (const name of names) model.on(`change:${name}`, update);
    update();
  };
  follow(["undoable", "redoable", "pinned", "large"], () => {
    // Not disabled, which would take the keyboard's place away from under it; the kernel says what can't be done.
    undo.setAttribute("aria-disabled", !model.get("undoable"));
    redo.setAttribute("aria-disabled", !model.get("redoable"));
    // A button that goes while it has the keyboard hands it to its neighbour.
    if (!model.get("pinned") && el.getRootNode().activeElement === unpin) pin.focus();
    unpin.hidden = !model.get("pinned");
    large.setAttribute("aria-pressed", model.get("large"));
  });
  if (model.get("shareable")) el.append(shares(model, words, ask, button));
}

// The code of these positions, a box for a code that somebody sent, and both as a file.
function shares(model, words, ask, button) {
  const own = make("input", { type: "text", readonly: "", [KEYS]: "" });
  own.addEventListener("focus", () => own.select());
  const said = make("span", { role: "status" });
  const copy = button("copy", async () => {
    own.select();
    try {
      await navigator.clipboard.writeText(own.value);
    } catch {
      document.execCommand("copy"); // a page without https has no other way
    }
    said.textContent = words.copied;
  });
  const theirs = make("input", { type: "text", autocomplete: "off", spellcheck: "false", [KEYS]: "" });
  const open = () => {
    if (theirs.value.trim()) ask("open", theirs.value);
    theirs.value = "";
  };
  theirs.addEventListener("keydown", (event) => event.key === "Enter" && open());

  const chosen = make("input", { type: "file", accept: ".json", hidden: "", "aria-label": words.load });
  chosen.addEventListener("change", async () => {
    // Cut off what no file of ours has, so that a film chosen by accident isn't sent.
    if (chosen.files[0]) ask("load", await chosen.files[0].slice(0, 200_000).text());
    chosen.value = "";
  });
  model.on("msg:custom", ({ name, text }) => {
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });

  const fold = make(
    "details",
    {},
    make("summary", { [KEYS]: "" }, words.share),
    make("p", {}, words.about),
    make("div", {}, make("label", {}, `${words.code} `, own), copy, said),
    make("div", {}, make("label", {}, `${words.paste} `, theirs), button("open", open)),
    make("div", {}, button("save"), button("load", () => chosen.click()), chosen),
  );
  fold.addEventListener("toggle", () => {
    model.set("opened", fold.open);
    model.save_changes();
  });
  const show = () => {
    own.value = model.get("code");
    said.textContent = "";
  };
  model.on("change:code", show);
  show();
  return fold;
}

export default { render };
