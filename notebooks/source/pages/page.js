// The page: what was answered is kept in the browser's own storage, and what follows a bet unfolds once it is placed.
const said = JSON.parse(document.getElementById("words").textContent);
const write = writer(document.documentElement.lang);
const NAME = "salesmetrics";
const TRIED = "salesmetrics-tried";

// In a private window the storage may be refused; the page works, and says that it forgets.
let answers = {};
// By exercise; the pictures that it is about show it.
const guesses = new Map();
let pictures = [];
const showGuesses = () => pictures.forEach(({ showGuess }) => showGuess?.());
const notKept = () => (document.getElementById("not-kept").hidden = false);
const stored = () => {
  const found = JSON.parse(localStorage.getItem(NAME) ?? "{}");
  return found && typeof found === "object" && !Array.isArray(found) ? found : {};
};
const load = () => {
  try {
    answers = stored();
    // Under a name of its own: after a reload on a busy machine the last answers may arrive a little later than the page.
    localStorage.setItem(TRIED, "");
    localStorage.removeItem(TRIED);
  } catch {
    notKept();
  }
};
const keep = (name, changes) => {
  try {
    // Another page may be open beside this one.
    answers = { ...answers, ...stored() };
  } catch {
    // Said when the page opened.
  }
  answers[name] = { ...answers[name], ...changes };
  try {
    localStorage.setItem(NAME, JSON.stringify(answers));
  } catch {
    notKept();
  }
  showProgress();
};

// What the kit's panel expects of the notebook's side.
function side(values, send) {
  const listeners = {};
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      (listeners[`change:${name}`] ?? []).forEach((listener) => listener());
    },
    on: (event, listener) => (listeners[event] ??= []).push(listener),
    save_changes() {},
    send: (message) => send(message),
    anew: () => (listeners["msg:custom"] ?? []).forEach((listener) => listener({ begin: "anew" })),
  };
}

const onPage = [];
function showExercise(root) {
  const about = JSON.parse(root.querySelector(":scope > script.about").textContent);
  const drawn = root.querySelector(".picture");
  const picture = drawn && movingPicture(drawn, said, guesses);
  const known = answers[about.name] ?? {};
  let hints = 0;
  const judged = (given) => {
    const verdict = judge(about, given, said.numbers, write);
    if (verdict.guess !== undefined) {
      guesses.set(about.name, verdict.guess);
      showGuesses();
    }
    return verdict;
  };
  const model = side({ about, given: known.given, verdict: "", help: "", done: Boolean(known.done) }, ({ action, given }) => {
    if (action === "check") {
      const answer = picture ? picture.verdict() : given;
      if (picture && answer === null) return;
      const verdict = judged(answer);
      model.set("verdict", verdict.html);
      if (verdict.tone === "again") return;
      const done = verdict.tone !== "wrong" && about.kind !== "guess";
      model.set("done", done);
      keep(about.name, { ...(about.kept && !picture ? { given } : {}), done: done || Boolean(answers[about.name]?.done) });
      if (about.kind === "bet") unfold(root);
    } else if (action === "hint") {
      model.set("help", about.hints[Math.min(hints++, about.hints.length - 1)]);
    } else {
      model.set("help", about.solution);
    }
  });
  // What was answered last is judged once more, as a notebook that is opened again does.
  if (known.given !== undefined && known.given !== null) {
    try {
      const verdict = judged(known.given);
      if (verdict.tone !== "again") {
        model.set("verdict", verdict.html);
        model.set("done", Boolean(known.done) && verdict.tone !== "wrong");
      }
    } catch {
      // Kept by an earlier edition of this page.
      model.set("given", undefined);
    }
  }
  panel.render({ model, el: root.querySelector(".answer") });
  onPage.push({ model, root, about });
  return picture;
}

function unfold(bet) {
  const rest = document.querySelector(`[data-behind="${bet.dataset.exercise}"]`);
  if (!rest) return;
  rest.classList.remove("folded");
  bet.querySelector(".skip")?.remove();
  reachable();
}

function fold(bet) {
  const rest = document.querySelector(`[data-behind="${bet.dataset.exercise}"]`);
  bet.querySelector(".skip")?.remove();
  if (!rest) return;
  if (answers[bet.dataset.exercise]) return unfold(bet);
  rest.classList.add("folded");
  const line = document.createElement("p");
  line.className = "skip";
  const skip = document.createElement("button");
  skip.type = "button";
  skip.textContent = said.skip;
  skip.addEventListener("click", () => {
    unfold(bet);
    rest.focus();
  });
  line.append(`${said.behind} `, skip);
  bet.append(line);
}

function showProgress() {
  for (const line of document.querySelectorAll(".progress [data-of]")) {
    const done = Boolean(answers[line.dataset.of]?.done);
    line.querySelector("span").textContent = done ? "■ " : "□ ";
    line.querySelector("small").textContent = done ? said.done : said.not_yet;
  }
  const all = [...document.querySelectorAll(".progress [data-of]")];
  const count = all.filter((line) => answers[line.dataset.of]?.done).length;
  for (const line of document.querySelectorAll(".progress .count")) line.textContent = filled(said.count, { done: count });
}

function showForget(place) {
  const model = side({ words: said.forget, said: "" }, () => {
    answers = {};
    guesses.clear();
    showGuesses();
    try {
      localStorage.removeItem(NAME);
      model.set("said", said.forget.deleted);
    } catch {
      notKept();
    }
    for (const { model: one, root, about } of onPage) {
      for (const [name, value] of Object.entries({ given: undefined, verdict: "", help: "", done: false })) one.set(name, value);
      one.anew();
      if (about.kind === "bet") fold(root);
    }
    showProgress();
  });
  place.replaceChildren();
  forget.render({ model, el: place });
}

// What is wider than the window scrolls, by keyboard too; what fits is no stop on the way.
function reachable() {
  for (const box of document.querySelectorAll(".wide, .result, pre, .answer")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

document.getElementById("no-script").classList.add("folded");
load();
const moving = new Map();
for (const root of document.querySelectorAll(".exercise")) {
  const picture = showExercise(root);
  if (picture) moving.set(root.querySelector(".picture"), picture);
}
pictures = [...document.querySelectorAll(".picture")].map((root) => moving.get(root) ?? movingPicture(root, said, guesses));
document.querySelectorAll(".exercise[data-bet]").forEach(fold);
document.querySelectorAll(".forget").forEach(showForget);
for (const place of document.querySelectorAll(".search")) {
  showSearch(place, JSON.parse(place.nextElementSibling.textContent));
}
showProgress();
reachable();
window.addEventListener("resize", reachable);
document.addEventListener("toggle", reachable, true);
// One after another from the top: a page with many pictures answers at once.
(async () => {
  for (const picture of pictures) await picture.unpack?.();
  document.documentElement.dataset.ready = "";
})();
