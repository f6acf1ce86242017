// How a number is typed: the same reading as in Python, character by character, and nothing else is worked out here.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const SHAPE = new RegExp(
  "^(?<sign>[-−+]?) ?(?<currency>€|euro?)? ?(?<sign2>[-−]?) ?" +
    "(?<digits>\\p{Nd}[\\p{Nd}.,'’ ]*|[.,]\\p{Nd}+) ?" +
    "(?:(?<scale>k|mln|mio|miljoen|million|m)(?![\\p{L}\\p{N}_]))? ?" +
    "(?<unit>%|×|x|keer|times|€|euro?)?(?<tail>,-|\\.-)?$",
  "iu",
);
const GROUPED = /^[1-9]\p{Nd}{0,2}(?:[.,'’ ]\p{Nd}{3})+$/u;
const TOO_LARGE = 1e13;

class Unread extends Error {
  constructor(name, values = {}, before = "") {
    super(name);
    Object.assign(this, { name, values, before });
  }
}

// Digits of every script stand in a row of ten that begins at a nought.
const plainDigit = (digit) => {
  if (digit <= "9") return digit;
  let nought = digit.codePointAt(0);
  while (/\p{Nd}/u.test(String.fromCodePoint(nought - 1)) && digit.codePointAt(0) - nought < 9) nought -= 1;
  return String(digit.codePointAt(0) - nought);
};
const asFloat = (text) => Number(text.replace(/\p{Nd}/gu, plainDigit));
const onlyDigits = (text) => text.replace(/\P{Nd}/gu, "");
const clipped = (text) => [...text].slice(0, 60).join("");

function readNumber(typed, money, write) {
  const cleaned = typed
    .replace(new RegExp(`${SPACE}+`, "gu"), " ")
    .replace(/^ | $/g, "");
  const match = SHAPE.exec(cleaned)?.groups;
  const text = clipped(cleaned);
  const sign = match && signOf(match);
  if (!match || (match.sign && match.sign2) || (match.scale && (sign === "%" || sign === "×"))) {
    throw new Unread("not_number", { text });
  }
  const scale = !match.scale ? 1 : match.scale.toLowerCase() === "k" ? 1000 : 1e6;
  let value = scale * valueOf(match.digits.trim(), text, (money || sign === "€") && scale === 1, write);
  if (["-", "−"].includes(match.sign || match.sign2)) value = -value;
  if (Math.abs(value) >= TOO_LARGE) throw new Unread("too_large", { text });
  return { value: sign === "%" ? value / 100 : value, sign };
}

function signOf({ unit, currency, tail }) {
  const written = (unit ?? "").toLowerCase();
  if (written === "%") return "%";
  if (["×", "x", "keer", "times"].includes(written)) return "×";
  return currency || written || tail ? "€" : "";
}

function valueOf(digits, text, money, write) {
  const marks = [...digits].filter((mark) => !/\p{Nd}/u.test(mark));
  const last = marks.at(-1);
  if (new Set(marks).size > 1) {
    const at = digits.lastIndexOf(last);
    const [whole, decimals] = [digits.slice(0, at), digits.slice(at + 1)];
    if (".,".includes(last) && GROUPED.test(whole) && marks.filter((mark) => mark === last).length === 1) {
      return asFloat(`${onlyDigits(whole)}.${decimals}`);
    }
    throw new Unread("unreadable", { text });
  }
  if (!marks.length) return asFloat(digits);
  if (GROUPED.test(digits)) {
    const grouped = asFloat(onlyDigits(digits));
    if (marks.length > 1 || money || !".,".includes(marks[0])) return grouped;
    const decimal = asFloat(digits.replaceAll(",", "."));
    throw new Unread(
      "two_ways",
      { text, grouped: write.number(grouped), decimal: write.number(decimal, 3) },
      { grouped: grouped.toFixed(0), decimal: write.number(decimal, 2) },
    );
  }
  if (marks.length === 1 && ".,".includes(marks[0])) return asFloat(digits.replaceAll(",", "."));
  throw new Unread("unreadable", { text });
}

// One number for a question that asks for a unit.
function readValue(typed, unit, write) {
  const { value, sign } = readNumber(typed, unit === "€", write);
  if (sign && sign !== unit) throw new Unread("other_unit", { found: sign, wanted: unit });
  if (unit !== "%" || sign) return value;
  if (value === 1) throw new Unread("percent");
  return Math.abs(value) > 1 ? value / 100 : value;
}

// Rounded by what the number is in binary, and where that is half-way to the even digit, as Python does.
function rounded(value, decimals) {
  const size = Math.abs(value);
  const up = size.toFixed(decimals);
  const halfWay = /^50+$/.test(size.toFixed(decimals + 30).slice(-30));
  const even = halfWay && Number(up.at(-1)) % 2 ? (Number(up) - 10 ** -decimals).toFixed(decimals) : up;
  return Math.sign(value) * Number(even);
}

// Numbers as the kit writes them.
function writer(language) {
  const number = (value, decimals = 0) => {
    const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    const text = new Intl.NumberFormat(language === "nl" ? "nl-NL" : "en-GB", options).format(rounded(value, decimals));
    return /[1-9]/.test(text) ? text : text.replace("-", "");
  };
  const money = (value) => {
    const cents = rounded(value * 100, 0);
    const inCents = cents % 100 && Math.abs(cents) < 1_000_000;
    return `${cents < 0 ? "-" : ""}€\u00a0${number(Math.abs(cents) / 100, inCents ? 2 : 0)}`;
  };
  const times = (value, decimals = 2) =>
    value < 1 - 1e-9 && rounded(value, decimals) >= 1 ? `${number(Math.min(value, 0.994), 2)}×` : `${number(value, decimals)}×`;
  const written = (value, unit) => {
    if (unit === "€") return money(value);
    if (unit === "%") return `${number(value * 100, 1)}%`;
    return unit === "×" ? times(value) : number(value, Number.isInteger(value) ? 0 : 2);
  };
  // With the decimals that were typed, up to three more than usual.
  const exact = (value, unit) => {
    if (unit === "€") return money(value);
    const [found, usual] = [unit === "%" ? value * 100 : value, unit ? 1 : 0];
    const more = [0, 1, 2, 3].find((each) => Math.abs(rounded(found, usual + each) - found) < 1e-9) ?? 0;
    return unit === "×" ? times(value, usual + more) : `${number(found, usual + more)}${unit}`;
  };
  const decimals = (value) => Number(Math.abs(value - rounded(value, 0)) >= 0.05);
  const brief = (value, unit) => {
    if (unit === "%") return `${number(value * 100, decimals(value * 100))}%`;
    return unit ? written(value, unit) : number(value, decimals(value));
  };
  const apart = (value, found, unit, words) => {
    if (unit !== "%") return brief(Math.abs(rounded(value, 2) - found), unit);
    const points = rounded(Math.abs(rounded(value * 100, 1) - found * 100), 1);
    return words[points === 1 ? 0 : 1].replace("{points}", number(points, decimals(points)));
  };
  return { number, written, exact, brief, apart };
}
