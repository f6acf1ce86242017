// Keeps what the reader looks at where it is, while what stands above it changes its height.
export function stay(panel) {
  const outer = panel.node.querySelector(".jp-WindowedPanel-outer");
  if (!outer) return () => {};
  let running = true;
  let anchor, at, scrolled;
  const place = (node) => node.getBoundingClientRect().top - outer.getBoundingClientRect().top;
  const choose = () => {
    scrolled = outer.scrollTop;
    // At the very top of the page nothing stands above.
    anchor = scrolled > 0 && panel.content.widgets.find(({ node }) => node.isConnected && place(node) + node.offsetHeight > 1);
    at = anchor && place(anchor.node);
  };
  const keep = () => {
    if (!running || panel.isDisposed) return;
    // Scrolled by the reader, by a link or by the browser, which did this work itself: from there on another place is kept.
    if (anchor && outer.scrollTop === scrolled) {
      const shift = place(anchor.node) - at;
      if (Math.abs(shift) > 1) outer.scrollTop += shift;
    }
    choose();
    requestAnimationFrame(keep);
  };
  choose();
  keep();
  // The last pictures are drawn a little after their cells have run.
  return () => setTimeout(() => (running = false), 1500);
}
