// Looks at one cell of the benchmark's page: when was a new picture painted?
(index) => {
  const cell = document.querySelectorAll(".jp-Notebook .jp-CodeCell")[index];
  const shadow = [...cell.querySelectorAll(".salesmetrics-picture > div")].map((frame) => frame.shadowRoot)[0];
  const place = shadow ?? cell.querySelector(".widget-output, .widget-html-content");
  // The slider that the kernel chose: the first with enough steps.
  const long = (range) => (range.max - range.min) / range.step > 19.5;
  const handle = [...cell.querySelectorAll("input[type=range]")].find(long) ?? cell.querySelector(".noUi-handle");
  // JupyterLab keeps arrow keys for itself otherwise.
  handle.setAttribute("data-lm-suppress-shortcuts", "");

  const painted = [];
  let last = "";
  const look = async () => {
    const image = place.querySelector("img");
    if (!shadow && place.matches(".widget-output")) {
      if (!image?.src || image.src === last) return;
      last = image.src;
      await image.decode().catch(() => {});
    }
    requestAnimationFrame(() => requestAnimationFrame(() => painted.push(performance.now())));
  };
  new MutationObserver(look).observe(place, {
    childList: true,
    subtree: true,
    characterData: true,
    attributeFilter: ["src"],
  });

  let pressed = 0;
  document.addEventListener("keydown", (event) => (pressed = event.timeStamp), true);
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  return {
    focus: () => handle.focus(),
    forget: () => (painted.length = 0),
    // Milliseconds from the key to the picture, or null while there is none.
    answer: () => (painted.length ? painted[0] - pressed : null),
    // Some events, so many milliseconds apart, half of them up and half down: how many pictures were shown, and how long
    // after the last event the last.
    async rush(events, apart) {
      painted.length = 0;
      let end;
      for (let i = 0; i < events; i++) {
        const up = i < events / 2;
        if (handle.matches("input")) {
          up ? handle.stepUp() : handle.stepDown();
          handle.dispatchEvent(new Event("input", { bubbles: true }));
        } else {
          const key = up ? "ArrowRight" : "ArrowLeft";
          handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        }
        end = performance.now();
        await pause(apart);
      }
      for (let seen = -1; seen !== painted.length; await pause(1000)) seen = painted.length;
      return { pictures: painted.length, settle: painted.at(-1) - end };
    },
  };
};
