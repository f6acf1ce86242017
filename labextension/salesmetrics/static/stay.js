// Keeps what the reader looks at where it is, while what stands above it changes its height.
export function stay(panel) {
  const outer = panel.node.querySelector(".jp-WindowedPanel-outer");
  if (!outer) return () => {};
  let anchor, running = true;
  const top = () => outer.getBoundingClientRect().top;
  const choose = () => {
    const inView = panel.content.widgets.find(({ node }) => node.isConnected && node.getBoundingClientRect().bottom > top() + 1);
    // At the very top of the page nothing stands above.
    anchor = inView && outer.scrollTop > 0 ? { node: inView.node, at: inView.node.getBoundingClientRect().top } : null;
  };
  const moves = ["wheel", "touchmove", "keydown", "pointerdown"];
  // The reader moves by hand: from there on another place is kept.
  const moved = () => requestAnimationFrame(choose);
  const keep = () => {
    if (!running) return;
    if (anchor?.node.isConnected) {
      const shift = anchor.node.getBoundingClientRect().top - anchor.at;
      if (Math.abs(shift) > 1) outer.scrollTop += shift;
    }
    choose();
    requestAnimationFrame(keep);
  };
  choose();
  for (const name of moves) outer.addEventListener(name, moved, { passive: true });
  keep();
  return () =>
    // The last pictures are drawn a little after their cells have run.
    setTimeout(() => {
      running = false;
      for (const name of moves) outer.removeEventListener(name, moved);
    }, 1500);
}
