// A picture under the hand: each slider snaps to the states that the page holds, and a step looks one of them up.
const IN_SIGHT = 3; // as in the notebook

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const whole = new Uint8Array(await new Response(stream).arrayBuffer());
  const size = new DataView(whole.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + size)));
  const count = (whole.length - 4 - size) / 2;
  const low = whole.subarray(4 + size, 4 + size + count);
  const high = whole.subarray(4 + size + count);
  const starts = [0];
  for (const length of head.lengths) starts.push(starts.at(-1) + length);
  const state = (at) => {
    const pieces = [];
    for (let place = starts[at]; place < starts[at + 1]; place++) pieces.push(head.pieces[low[place] + 256 * high[place]]);
    return { svg: pieces.join("\n"), sentence: head.sentences[head.said[at]], verdict: head.verdicts?.[at] ?? 0 };
  };
  return { state, head };
}

function movingPicture(root, say, guesses) {
  const about = JSON.parse(root.querySelector("script.about").textContent);
  const parts = [".drawing", ".sentence", ".levers", ".pile", ".hint"].map((name) => root.querySelector(name));
  const [drawing, sentence, place, pile, hint] = parts;
  // What stood there when the page was saved.
  drawing.parentNode.replaceChildren(drawing);
  pile.replaceChildren();
  hint.textContent = "";
  const note = (text) => {
    const line = document.createElement("p");
    line.className = "notice";
    line.textContent = text;
    place.replaceChildren(line);
  };
  let state = null;
  let current = null;
  let shown;
  let guess = {};
  let [hold, follow] = [() => {}, () => {}];
  if (!("DecompressionStream" in window)) {
    note(say.no_unpacking);
    return { verdict: () => null };
  }

  const at = about.levers.map((lever) => lever.start);
  const stateOf = (positions) => positions.reduce((sum, value, lever) => sum * about.levers[lever].texts.length + value, 0);
  const positionsOf = (place) => {
    const found = [];
    for (const { texts } of [...about.levers].reverse()) {
      found.unshift(place % texts.length);
      place = Math.floor(place / texts.length);
    }
    return found;
  };
  const show = () => {
    const here = stateOf(at);
    // Where nothing moved nothing is drawn anew, and a pile stays.
    if (!state || here === shown) return;
    shown = here;
    current = state(here);
    sentence.textContent = current.sentence;
    draw();
    follow(here);
  };
  const draw = () => {
    drawing.innerHTML = current.svg.replace(/(?=<\/svg>\s*$)/, mark);
    const drawn = drawing.firstElementChild;
    drawn.setAttribute("aria-label", current.sentence);
    picture.tellGuess(drawn);
    hold(shown, drawn);
  };
  // What was guessed, where the mark nearest to it stands.
  const mark = () => {
    const { of, numbers, drawn } = guess;
    if (!guesses.has(of)) return "";
    const away = (at) => Math.abs(numbers[at] - guesses.get(of));
    return drawn[numbers.reduce((best, _number, at) => (away(at) < away(best) ? at : best), 0)];
  };
  const back = document.createElement("button");
  back.type = "button";
  back.textContent = say.back;
  const sliders = about.levers.map((lever, which) => {
    const label = document.createElement("label");
    const [name, value, range] = ["span", "output", "input"].map((tag) => document.createElement(tag));
    name.textContent = lever.label;
    Object.assign(range, { type: "range", min: 0, max: lever.texts.length - 1, step: 1 });
    range.dataset.lever = lever.name;
    const move = (to) => {
      at[which] = Number(to);
      range.value = to;
      value.textContent = lever.texts[to];
      range.setAttribute("aria-valuetext", lever.texts[to]);
    };
    range.addEventListener("input", () => {
      move(range.value);
      show();
    });
    move(lever.start);
    label.append(name, value, range);
    return { label, move, begin: () => move(lever.start) };
  });
  back.addEventListener("click", () => {
    sliders.forEach(({ begin }) => begin());
    show();
  });
  const labels = sliders.map(({ label }) => label);
  const [more, summary] = ["details", "summary"].map((tag) => document.createElement(tag));
  summary.textContent = filled(say.more, { count: labels.length - IN_SIGHT });
  more.append(summary, ...labels.slice(IN_SIGHT));
  place.replaceChildren(...labels.slice(0, IN_SIGHT), ...(labels.length > IN_SIGHT ? [more] : []), back);
  const go = (place) => {
    positionsOf(place).forEach((to, which) => sliders[which].move(to));
    show();
  };
  const unpack = async () => {
    try {
      const { state: found, head } = await unpacked(root.querySelector("script.states").textContent);
      state = found;
      guess = head.guess ?? guess;
      hold = holding(drawing.parentNode, { about, handles: head.handles, where: () => [...at], stateOf, go });
      hint.textContent = about.handles.map(({ held }) => held[1]).join(" ");
      if (about.play) follow = playing(pile, { dealt: head.dealt, say: { ...about.play, all_played: say.all_played }, write });
      show();
      root.dataset.ready = "";
    } catch {
      note(say.damaged);
    }
  };
  return { unpack, verdict: () => current?.verdict ?? null, showGuess: () => current && draw() };
}
