// The pile of played quarters: a square for each, where its revenue lies, and below it how often the target was reached.
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 264, FLOOR = 84, ROOM = 66, TALLEST = 8;

const draw = (tag, attributes, text = "") => {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
};

function render({ model, el }) {
  const words = model.get("words");
  el.classList.add("salesmetrics-tools", "salesmetrics-play");
  const row = document.createElement("div");
  for (const name of ["quarter", "year", "clear"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words[name];
    button.setAttribute("data-lm-suppress-shortcuts", "");
    button.addEventListener("click", () => model.send({ do: name }));
    row.append(button);
  }
  // What it shows is said below it.
  const picture = draw("svg", { viewBox: `0 0 ${WIDTH} 122`, "aria-hidden": "true" });
  const sentence = document.createElement("p");
  sentence.setAttribute("role", "status");
  el.append(row, picture, sentence);

  const show = () => {
    const pile = model.get("pile"), last = model.get("last"), played = pile.reduce((sum, bin) => sum + bin, 0);
    picture.style.display = played ? "" : "none";
    row.lastChild.hidden = !played;
    sentence.textContent = model.get("sentence");
    if (!played) return;
    const wide = WIDTH / pile.length, tall = Math.min(TALLEST, ROOM / Math.max(...pile)), middle = pile.length / 2;
    const parts = pile.flatMap((quarters, at) => {
      const bar = (from, to, stroke) => draw("rect", {
        x: at * wide + 1, y: FLOOR - to * tall, width: wide - 2, height: (to - from) * tall,
        fill: at < middle ? "#DCDCDC" : "#009E73", stroke, "stroke-width": stroke === "#000" ? 2 : 0.5,
      });
      // Single quarters while they can be told apart, then a bar; and on top of it the one that was played last.
      const single = tall > 2 ? [...Array(quarters).keys()].map((below) => bar(below, below + 1, "#595959")) : [bar(0, quarters, "none")];
      return quarters ? [...single, ...(at === last ? [bar(quarters - 1, quarters, "#000")] : [])] : [];
    });
    const line = (x, top, bottom) => draw("path", { d: `M${x} ${top}V${bottom}`, stroke: "#000", "stroke-width": 2.5 });
    const made = pile.slice(middle).reduce((sum, bin) => sum + bin, 0) / played, exact = model.get("chance") * WIDTH;
    const right = exact > WIDTH / 2;
    picture.replaceChildren(
      draw("rect", { width: WIDTH, height: 122, fill: "#fff" }), ...parts,
      draw("path", { d: `M0 ${FLOOR}H${WIDTH}`, stroke: "#595959" }),
      line(WIDTH / 2, 4, FLOOR), draw("text", { x: WIDTH / 2 + 5, y: 14 }, words.target),
      draw("rect", { x: 0.5, y: 94, width: WIDTH - 1, height: 9, fill: "#DCDCDC", stroke: "#595959", "stroke-width": 0.5 }),
      draw("rect", { x: 0.5, y: 94, width: made * (WIDTH - 1), height: 9, fill: "#009E73" }),
      line(Math.min(Math.max(exact, 1.5), WIDTH - 1.5), 91, 108),
      draw("text", { x: exact, y: 119, "text-anchor": right ? "end" : "start" }, words.exact),
    );
  };
  // They arrive together; the last of them to be told draws.
  for (const name of ["pile", "sentence"]) model.on(`change:${name}`, show);
  show();
}

export default { render };
