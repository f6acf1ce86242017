// What the kit said beforehand to an answer: looked up by its keys, or by the known number that it lies close to.
const UNSEEN = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => text.replace(UNSEEN, " ").replace(/[&<>"]/g, (sign) => ESCAPES[sign]).replaceAll("\n", "<br>\n");
const filled = (template, values) => template.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
const close = (value, known, tolerance) => Math.abs(value - known) <= Math.abs(known) * tolerance + 1e-9;

function judge(about, given, words, write) {
  const verdict = (at) => ({ html: about.verdicts[at][0], tone: about.verdicts[at][1] });
  const again = (text) => ({ html: filled(words.again, { words: escaped(text) }), tone: "again" });
  const unread = (error, before = "") => {
    if (!(error instanceof Unread)) throw error;
    const [what, hint] = words[error.name];
    const values = { ...error.values };
    if (error.name === "other_unit") {
      Object.assign(values, {
        found: words.meant[values.found],
        wanted: words.meant[values.wanted],
        example: words.examples[values.wanted],
      });
    }
    return again(`${before}${filled(what, values)}\n${filled(hint, { ...values, ...error.before })}`);
  };

  const doubted = (value) => {
    const [low, high] = about.bounds;
    if (low === undefined || (low <= value && value <= high)) return null;
    return { html: filled(about.doubt, { value: escaped(write.written(value, about.unit)) }), tone: "again" };
  };

  const reading = (say) => {
    let value;
    try {
      value = readValue(given, about.unit, write);
    } catch (error) {
      return unread(error);
    }
    return say(value);
  };

  // What a bare or shortened number was read as, such as 33 or 150k; nothing where it says so itself.
  const read = () => {
    const numbers = {
      number: () => [[given, about.unit]],
      table: () => about.rows.flatMap(({ answer, unit }, at) => (typeof answer === "string" ? [] : [[given[at], unit]])),
    };
    const values = (numbers[about.kind]?.() ?? [])
      .filter(([typed, unit]) => /\p{L}/u.test(typed) || readNumber(typed, unit === "€", write).sign !== unit)
      .map(([typed, unit]) => write.exact(readValue(typed, unit, write), unit));
    return values.length ? filled(words.read, { values: values.join(" · ") }) : "";
  };

  const kinds = {
    number: () => reading((value) => {
      const known = about.known.find(([number]) => close(value, number, about.tolerance));
      return known ? verdict(known[1]) : (doubted(value) ?? verdict(about.otherwise));
    }),
    guess: () => reading((value) => {
      const { truth, unit } = about;
      const sentence = close(value, truth, about.tolerance)
        ? about.exact
        : about[Math.abs(value - truth) > Math.abs(truth) / 2 ? "far" : "near"][truth > value ? "more" : "less"];
      const places = { guess: write.brief(value, unit), off: write.apart(value, truth, unit, about.points) };
      return doubted(value) ?? { html: filled(sentence, places), tone: "open", guess: value };
    }),
    table() {
      const rows = about.rows;
      const empty = rows.filter((row, at) => given[at] === "").map((row) => row.words);
      if (empty.length) {
        const [what, hint] = words.nothing;
        return again(`${filled(what, { rows: empty.join("; ") })}\n${hint}`);
      }
      const values = [];
      for (const [at, row] of rows.entries()) {
        try {
          values.push(typeof row.answer === "string" ? given[at] : readValue(given[at], row.unit, write));
        } catch (error) {
          return unread(error, `${row.words}: `);
        }
      }
      const same = (value, wanted) =>
        typeof value === "string" || typeof wanted === "string" ? value === wanted : close(value, wanted, about.tolerance);
      const unlike = rows.filter((row, at) => !same(values[at], row.answer));
      if (!unlike.length) return verdict(about.right);
      const known = about.wrong.find(([at, value]) => same(values[at], value));
      if (known) return verdict(known[2]);
      return { html: filled(about.unlike, { rows: unlike.map((row) => row.html).join("; ") }), tone: "wrong" };
    },
    several: () => verdict(about.answers[[...given].sort().join(" ")]),
    order: () => verdict(about.answers[given.join(" ")]),
    free: () => verdict(about.otherwise),
    // A state of the sliders brings the number of its verdict along.
    sliders: () => verdict(given),
  };
  kinds.bet = kinds.choice = () => verdict(about.answers[given]);
  const none = Array.isArray(given) ? about.kind === "several" && !given.length : typeof given === "string" && !given.trim();
  if (none) return verdict(about.empty);
  const found = kinds[about.kind]();
  return found.tone === "again" ? found : { ...found, html: read() + found.html };
}
