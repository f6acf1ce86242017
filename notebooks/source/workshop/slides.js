// Arrow keys, space, Page Up and Down, Home and End turn the slides; the address keeps the number, so a reload stays.
const slides = [...document.querySelectorAll(".slide")];
const shown = () => slides.reduce((best, slide, at) =>
  Math.abs(slide.getBoundingClientRect().top) < Math.abs(slides[best].getBoundingClientRect().top) ? at : best, 0);
const asked = () => Math.min(Math.max(Number(location.hash.slice(1)) || 1, 1), slides.length) - 1;
let at = asked();
const turn = to => {
  at = Math.min(Math.max(to, 0), slides.length - 1);
  slides[at].scrollIntoView({ behavior: "instant" });
  history.replaceState(null, "", `#${at + 1}`);
};
const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const to = event.key === "Home" ? 0 : event.key === "End" ? slides.length - 1
    : event.key in steps ? at + (event.key === " " && event.shiftKey ? -1 : steps[event.key]) : null;
  if (to === null) return;
  event.preventDefault();
  turn(to);
});
addEventListener("scrollend", () => { at = shown(); history.replaceState(null, "", `#${at + 1}`); });
addEventListener("resize", () => turn(at));
addEventListener("hashchange", () => turn(asked()));
// The browser would put back the place it remembers, over the one in the address.
history.scrollRestoration = "manual";
turn(at);
