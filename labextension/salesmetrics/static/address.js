// JupyterLite takes a lesson out of the address once it is open. Back in it, a reload brings the lesson and not the launcher.
export function keepInAddress(app, lessons) {
  if (app.name !== "JupyterLite") return () => {};
  let kept = false;
  const keep = () => {
    const lesson = app.shell.currentWidget;
    const address = new URL(location.href);
    if (lessons.has(lesson)) address.searchParams.set("path", lesson.context.path);
    else if (kept && !lessons.size) address.searchParams.delete("path");
    else return;
    kept = lessons.size > 0;
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  };
  app.shell.currentChanged?.connect(keep);
  return keep;
}
