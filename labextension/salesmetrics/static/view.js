// In the single-document view a lesson is a page: what belongs to a workbench is put away for as long as it is in front.
const AWAY = ["#jp-top-panel", "#jp-menu-panel", "#jp-bottom-panel", ".jp-SideBar"];

function* inside(widget) {
  for (const child of widget.layout ?? []) {
    yield child;
    yield* inside(child);
  }
}

export function asPages(app, lessons) {
  const { shell } = app;
  // Notebook 7 has one view only, of its own.
  if (!shell.modeChanged) return () => {};
  const look = () => {
    const page = shell.mode === "single-document" && lessons.has(shell.currentWidget);
    document.body.classList.toggle("salesmetrics-reading", page);
    // Left open on a day in the workbench; nothing in sight would close them here.
    if (page && !shell.leftCollapsed) shell.collapseLeft();
    if (page && !shell.rightCollapsed) shell.collapseRight();
    for (const widget of [...inside(shell)].filter(({ node }) => AWAY.some((kind) => node.matches(kind)))) {
      if (page && widget.isVisible) widget.addClass("salesmetrics-away");
      if (widget.hasClass("salesmetrics-away")) widget.setHidden(page);
      if (!page) widget.removeClass("salesmetrics-away");
    }
    for (const lesson of lessons) lesson.toolbar.setHidden(page);
  };
  for (const signal of ["modeChanged", "currentChanged", "layoutModified"]) shell[signal].connect(look);
  app.restored.then(look);
  return look;
}
