// Looks for words in the lessons; what stands behind a bet is found once that bet has been placed on this device.
function showSearch(place, { lessons, say }) {
  const placed = (bet) => {
    try {
      return Boolean(stored()[bet]);
    } catch {
      return false;
    }
  };
  const [label, box, told, found] = ["label", "input", "p", "ul"].map((tag) => document.createElement(tag));
  box.type = "search";
  told.setAttribute("role", "status");
  label.append(`${say.search} `, box);
  place.replaceChildren(label, told, found);
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = [];
    for (const [address, title, sections] of words.length ? lessons : []) {
      for (const [heading, text, bet] of sections) {
        const whole = `${title} ${heading} ${text}`.toLowerCase();
        if ((bet && !placed(bet)) || !words.every((word) => whole.includes(word))) continue;
        const at = text.toLowerCase().indexOf(words[0]);
        hits.push([address, heading && heading !== title ? `${title}: ${heading}` : title, text.slice(Math.max(at - 50, 0), at + 90)]);
      }
    }
    told.textContent = words.length ? (hits.length ? "" : say.nothing) : "";
    found.replaceChildren(
      ...hits.slice(0, 20).map(([address, name, around]) => {
        const [line, link] = ["li", "a"].map((tag) => document.createElement(tag));
        link.href = address;
        link.textContent = name;
        line.append(link, ` … ${around} …`);
        return line;
      }),
    );
  });
}
