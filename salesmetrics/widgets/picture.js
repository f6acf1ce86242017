// Picture, sentence and comparison, which always arrive together, and below them what could not be done.
const SVG = "http://www.w3.org/2000/svg";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const GRIPS = `style + svg {
  position: absolute; left: 0; top: 0; pointer-events: none; user-select: none;
  g { pointer-events: all; cursor: grab; fill: none; stroke: #0072B2; stroke-width: 2 }
  g:active { cursor: grabbing }
  g:focus-visible { outline: 3px solid #0072b2; outline-offset: 2px }
  .finger, rect { stroke: none }
  g[role="button"] {
    cursor: pointer;
    &:is(:hover, :focus-visible) rect { stroke: #0072B2; stroke-dasharray: 4 3 }
    circle { fill: #fff }
    text { fill: #0072B2; stroke: none; font: bold 16px sans-serif; text-anchor: middle }
  }
}`;

function render({ model, el }) {
  el.classList.add("salesmetrics-picture");
  el.innerHTML = `<div></div><p role="status" aria-live="polite" aria-atomic="true"></p><p class="salesmetrics-hint"></p>
    <div></div><p role="alert"></p>`;
  const [frame, sentence, hint, comparison, refusal] = el.children;
  // A tree of its own, so that no other picture on the page, of another notebook even, shares its ids.
  frame.attachShadow({ mode: "open" }).innerHTML = `<div style="position: relative"><div></div></div>`;
  const stage = frame.shadowRoot.firstChild, picture = stage.firstChild;
  const grips = model.get("handles").length ? grip(model, stage, frame) : undefined;
  hint.textContent = model.get("handles").map(([, how]) => how).join(" ");

  const draw = () => {
    picture.innerHTML = model.get("svg");
    const style = picture.firstElementChild.style;
    // Its smallest letters are 12 px at 720 px: never below 11. And never so large that it is higher than the screen,
    // with its sentence where that is large as well.
    style.minWidth = "660px";
    style.maxHeight = model.get("large") ? "70vh" : "85vh";
    if (model.get("large")) style.maxWidth = "none";
    tellGuess(picture.firstElementChild);
    grips?.fit(picture.firstElementChild);
  };
  const show = {
    svg: draw,
    large: draw,
    sentence: () => (sentence.textContent = model.get("sentence")),
    comparison: () => (comparison.innerHTML = model.get("comparison")),
    refusal: () => (refusal.textContent = model.get("refusal")),
    spots: () => grips?.place(model.get("spots")),
  };
  for (const [name, update] of Object.entries(show)) {
    model.on(`change:${name}`, update);
    update();
  }
}

// Who cannot see the picture hears the guess that is drawn in it.
function tellGuess(drawn) {
  const guess = drawn.querySelector(".guess text")?.textContent;
  if (guess) drawn.setAttribute("aria-label", `${drawn.getAttribute("aria-label")} ${guess}.`);
}

// What one takes hold of, in a layer above the picture, which is drawn anew at every step. It tells the kernel what is
// wanted, and goes where the kernel says that the levers allow.
function grip(model, stage, frame) {
  const make = (tag, parent, attributes = {}) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return parent.appendChild(element);
  };
  stage.append(document.createElement("style"));
  stage.lastChild.textContent = GRIPS;
  const layer = make("svg", stage, { role: "group" });
  // JupyterLab sees the frame, not what is in it, and would take the arrows to walk through the notebook.
  frame.setAttribute("data-lm-suppress-shortcuts", "");

  const groups = model.get("handles").map(([label, how, drags], handle) => {
    const group = make("g", layer, { tabindex: 0, role: drags ? "slider" : "button" });
    make("title", group).textContent = how;
    if (drags) group.setAttribute("aria-label", label);
    // What a finger needs, and what an eye needs.
    if (drags) make("circle", group, { r: 24, class: "finger" });
    else make("rect", group);
    make("circle", group, { r: drags ? 13 : 10 });
    make("text", group);

    // All that one drag does, or one key held down, is one gesture, and one step to undo.
    let gesture = 0, offset, held = "";
    const begin = () => (gesture = Math.max(Date.now(), gesture + 1));
    // Of a drag's places only the newest matters; every press counts.
    let last;
    const drag = (x, y) => {
      last = { handle, how: "to", x, y, gesture };
      model.set("wanted", last);
      model.save_changes();
    };
    const step = (how, x, y) => model.send({ handle, how, x, y, gesture });
    const at = ({ clientX, clientY }) => new DOMPoint(clientX, clientY).matrixTransform(layer.getScreenCTM().inverse());
    const press = () => {
      begin();
      step("by", 1, 0);
    };
    group.addEventListener("keydown", (event) => {
      if (drags ? !ARROWS[event.key] : event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      if (!drags) return event.repeat || press();
      const along = event.shiftKey ? "along" : "by";
      if (held !== along) begin();
      held = along;
      step(along, ...ARROWS[event.key]);
    });
    for (const name of ["keyup", "blur"]) group.addEventListener(name, () => (held = ""));
    if (!drags) {
      group.addEventListener("click", press);
      return group;
    }
    // A finger on it drags it, and not the page; what CSS has for that does not hold for a part of a drawing.
    group.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    group.addEventListener("pointerdown", (event) => {
      if (event.button || offset) return;
      const [x, y] = model.get("spots")[handle], from = at(event);
      begin();
      // So that the arrow keys go on where the hand stops.
      group.focus({ preventScroll: true });
      offset = [x - from.x, y - from.y];
      group.setPointerCapture(event.pointerId);
    });
    group.addEventListener("pointermove", (event) => {
      if (!offset || !group.hasPointerCapture(event.pointerId)) return;
      const to = at(event);
      drag(to.x + offset[0], to.y + offset[1]);
    });
    group.addEventListener("lostpointercapture", () => {
      // The newest place waits until the kernel has taken the one before: told at once, a button pressed next finds it.
      if (last) model.send(last);
      last = offset = undefined;
    });
    return group;
  });

  return {
    fit(drawn) {
      const box = drawn.viewBox.baseVal;
      layer.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
      for (const name of ["width", "minWidth", "maxWidth", "maxHeight", "height"]) layer.style[name] = drawn.style[name];
    },
    place(spots) {
      groups.forEach((group, handle) => {
        const spot = spots[handle];
        group.style.display = spot ? "" : "none";
        if (!spot) return;
        const [x, y, width, height, says, mark] = spot, [, , drags] = model.get("handles")[handle];
        group.setAttribute("transform", `translate(${x} ${y})`);
        if (drags) {
          group.setAttribute("aria-valuemax", layer.viewBox.baseVal.width);
          group.setAttribute("aria-valuenow", Math.round(x));
          group.setAttribute("aria-valuetext", says);
          return;
        }
        group.setAttribute("aria-label", says);
        for (const [name, value] of Object.entries({ width, height })) group.children[1].setAttribute(name, value);
        group.children[2].setAttribute("transform", `translate(${width - 13} ${height - 13})`);
        group.lastChild.setAttribute("transform", `translate(${width - 13} ${height - 7.5})`);
        group.lastChild.textContent = mark;
      });
    },
  };
}

// A page without a kernel draws its own picture, and lays the same layer over it.
export default { render, grip, tellGuess };
