// A question, what to answer it with, and what the kit says to the answer. The kernel judges; nothing here knows more
// than the question.
const KEYS = "data-lm-suppress-shortcuts"; // keys belong to the exercise, not to JupyterLab's shortcuts

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const button = (label, action) => {
  const element = make("button", { type: "button", [KEYS]: "" }, label);
  element.addEventListener("click", action);
  return element;
};
const withHtml = (element, html) => ((element.innerHTML = html), element);
const withEnter = (element, action) => {
  element.addEventListener("keydown", (event) => event.key === "Enter" && !event.shiftKey && action());
  return element;
};

// Each kind gives the element to answer with and a function that tells what was answered.
const kinds = {
  bet({ choices, words, given, answer }) {
    const all = choices.map(({ key, html }) => {
      const one = button("", () => answer(key));
      one.dataset.key = key;
      return withHtml(one, html);
    });
    const mark = (key) => all.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.key === key)));
    mark(given);
    return [make("div", { role: "group", "aria-label": words.choose, class: "salesmetrics-bet" }, ...all), null, mark];
  },
  number({ words, example, given, check }) {
    const about = { type: "text", autocomplete: "off", "aria-label": words.answer, placeholder: example };
    const box = make("input", { ...about, [KEYS]: "" });
    box.value = given ?? "";
    return [withEnter(box, check), () => box.value];
  },
  choice({ choices, name, words, given, check }) {
    const radios = choices.map(({ key, html }) => {
      const radio = make("input", { type: "radio", name, value: key, [KEYS]: "" });
      radio.checked = given === key;
      return [withEnter(radio, check), make("label", {}, radio, withHtml(make("span"), html))];
    });
    const group = make("div", { role: "radiogroup", "aria-label": words.choose }, ...radios.map(([, label]) => label));
    return [group, () => radios.find(([radio]) => radio.checked)?.[0].value ?? ""];
  },
  several({ choices, words, given, check }) {
    const boxes = choices.map(({ key, html }) => {
      const box = make("input", { type: "checkbox", value: key, [KEYS]: "" });
      box.checked = (given ?? []).includes(key);
      return [withEnter(box, check), make("label", {}, box, withHtml(make("span"), html))];
    });
    const group = make("div", { role: "group", "aria-label": words.choose }, ...boxes.map(([, label]) => label));
    return [group, () => boxes.filter(([box]) => box.checked).map(([box]) => box.value)];
  },
  order({ choices, words, given }) {
    const list = make("ol", { "aria-label": words.order });
    const byKey = Object.fromEntries(choices.map((choice) => [choice.key, choice]));
    for (const key of given ?? choices.map((choice) => choice.key)) {
      const item = make("li", { "data-key": key });
      const move = (sign, label, step) => {
        const arrow = button(sign, () => {
          step();
          arrow.focus();
        });
        arrow.setAttribute("aria-label", `${label}: ${byKey[key].plain}`);
        return arrow;
      };
      const up = move("↑", words.up, () => item.previousElementSibling?.before(item));
      const down = move("↓", words.down, () => item.nextElementSibling?.after(item));
      item.append(up, down, withHtml(make("span"), byKey[key].html));
      list.append(item);
    }
    return [list, () => [...list.children].map((item) => item.dataset.key)];
  },
  table({ cells, choices, words, given, check }) {
    const rows = cells.map(({ html, plain, matched, example }, at) => {
      const entry = matched
        ? make("select", { "aria-label": plain, [KEYS]: "" }, make("option", { value: "" }, words.choose))
        : make("input", { type: "text", autocomplete: "off", "aria-label": plain, placeholder: example, [KEYS]: "" });
      if (matched) entry.append(...choices.map(({ key, plain }) => make("option", { value: key }, plain)));
      entry.value = given?.[at] ?? "";
      const row = make("tr", {}, withHtml(make("th", { scope: "row" }), html), make("td", {}, withEnter(entry, check)));
      return [entry, row];
    });
    return [make("table", {}, ...rows.map(([, row]) => row)), () => rows.map(([entry]) => entry.value)];
  },
  sliders: () => [make("span"), () => null],
  free({ words, given }) {
    const box = make("textarea", { rows: 4, "aria-label": words.answer, [KEYS]: "" });
    box.value = given ?? "";
    return [box, () => box.value];
  },
};

kinds.guess = kinds.number;

function render({ model, el }) {
  const build = () => {
    el.replaceChildren();
    show({ model, el });
  };
  // Somebody else sits down at this computer.
  model.on("msg:custom", ({ begin }) => begin && build());
  build();
}

function show({ model, el }) {
  const about = model.get("about");
  el.classList.add("salesmetrics-exercise");
  el.dataset.exercise = about.name;
  if (about.question) el.append(withHtml(make("div", {}), about.question));
  if (!about.kind) return;

  let mark = null;
  const answer = (given) => {
    mark?.(given);
    if (about.kept) {
      model.set("given", given);
      model.save_changes();
    }
    model.send({ action: "check", given });
  };
  const check = () => answer(read());
  const [entry, read, marks] = kinds[about.kind]({
    ...about,
    given: model.get("given") ?? undefined,
    name: `salesmetrics-${Math.random().toString(36).slice(2)}`,
    answer,
    check,
  });
  mark = marks ?? null;
  const buttons = make("div", { class: "salesmetrics-buttons" });
  if (read) buttons.append(button(about.words.check, check));
  for (const action of about.helps) buttons.append(button(about.words[action], () => model.send({ action })));

  const done = make("span", { class: "salesmetrics-done" });
  const verdict = make("div", { role: "status", "aria-live": "polite", "aria-atomic": "true" });
  const help = make("div", { role: "status", "aria-live": "polite" });
  buttons.append(done);
  el.append(entry, buttons, verdict, help);
  const follow = {
    verdict: () => withHtml(verdict, model.get("verdict")),
    help: () => withHtml(help, model.get("help")),
    done: () => (done.textContent = model.get("done") ? about.words.done : ""),
  };
  for (const [name, update] of Object.entries(follow)) {
    model.on(`change:${name}`, update);
    update();
  }
}

export default { render };
