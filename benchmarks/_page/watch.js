// Looks at one cell, a lesson's or the one beside it: when was the new picture, or the new line of text, painted?
(cell) => {
  const shadow = [...cell.querySelectorAll(".salesmetrics-picture > div")].map((frame) => frame.shadowRoot)[0];
  const place = shadow ?? cell.querySelector(".widget-html-content");
  // The slider that the kernel chose: the first with enough steps.
  const long = (range) => (range.max - range.min) / range.step > 19.5;
  const ranges = [...cell.querySelectorAll("input[type=range]")];
  const handle = ranges.find(long) ?? ranges[0] ?? cell.querySelector(".noUi-handle");
  // JupyterLab keeps arrow keys for itself otherwise.
  handle.setAttribute("data-lm-suppress-shortcuts", "");

  const painted = [];
  const look = () => requestAnimationFrame(() => requestAnimationFrame(() => painted.push(performance.now())));
  new MutationObserver(look).observe(place, { childList: true, subtree: true, characterData: true });

  let pressed = 0;
  document.addEventListener("keydown", (event) => (pressed = event.timeStamp), true);
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  // Up to the end of the slider and down again, so that each step changes something.
  let up = true;
  const key = () => {
    const range = handle.matches("input");
    const now = range ? handle.value : handle.getAttribute("aria-valuenow");
    const end = (name) => Math.abs(now - (range ? handle[name] : handle.getAttribute(`aria-value${name}`))) < 1e-9;
    up = end("min") || (up && !end("max"));
    return up ? "ArrowRight" : "ArrowLeft";
  };

  return {
    key,
    focus: () => handle.focus({ preventScroll: true }),
    forget: () => (painted.length = 0),
    // Milliseconds from the key to the picture, or null while there is none.
    answer: () => (painted.length ? painted[0] - pressed : null),
    // Some events, so many milliseconds apart: how many pictures were shown, and how long after the last event the last.
    async rush(events, apart) {
      painted.length = 0;
      let end;
      for (let i = 0; i < events; i++) {
        const way = key();
        if (handle.matches("input")) {
          way === "ArrowRight" ? handle.stepUp() : handle.stepDown();
          handle.dispatchEvent(new Event("input", { bubbles: true }));
        } else {
          handle.dispatchEvent(new KeyboardEvent("keydown", { key: way, bubbles: true, cancelable: true }));
        }
        end = performance.now();
        await pause(apart);
      }
      for (let seen = -1; seen !== painted.length; await pause(1000)) seen = painted.length;
      return { pictures: painted.length, settle: painted.at(-1) - end };
    },
  };
};
