// The lessons of salesmetrics, and no other notebook, come alive when they are opened.
import { keepInAddress } from "./address.js";
import { Lesson } from "./lesson.js";
import { asPages } from "./view.js";

const ID = "salesmetrics:page";

export async function plugin(shared) {
  const [{ ISettingRegistry }, { CodeCell }, { Widget }] = await Promise.all(
    ["@jupyterlab/settingregistry", "@jupyterlab/cells", "@lumino/widgets"].map(shared),
  );
  return {
    id: ID,
    autoStart: true,
    optional: [ISettingRegistry],
    activate(app, settings) {
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = new URL("page.css", import.meta.url);
      document.head.append(style);
      const wanted = settings
        ? settings.load(ID).then((found) => found.get("alive").composite !== false, () => true)
        : Promise.resolve(true);
      const panels = new Set();
      const look = asPages(app, panels);
      const keep = keepInAddress(app, panels);
      app.docRegistry.addWidgetExtension("Notebook", {
        createNew(panel, context) {
          let lesson;
          Promise.all([wanted, context.ready]).then(([alive]) => {
            const mark = panel.model?.getMetadata("salesmetrics");
            if (!alive || panel.isDisposed || !mark?.lesson) return;
            lesson = new Lesson(app, panel, mark, { CodeCell, Widget });
            panels.add(panel);
            look();
            keep();
          });
          return {
            isDisposed: false,
            dispose() {
              lesson?.dispose();
              panels.delete(panel);
              keep();
            },
          };
        },
      });
    },
  };
}
