// The bar above a lesson: the lessons before and after it, the list of all, what the page is doing, the code.
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const NAMED = /^\d\d-.*\.ipynb$/;

export class Bar {
  constructor(app, panel, words, { code, wake, all }) {
    Object.assign(this, { app, panel, words });
    const button = (label, action) => {
      const element = make("button", { type: "button" }, label);
      if (action) element.addEventListener("click", action);
      return element;
    };
    this.previous = button(`‹ ${words.previous}`, () => this.go(-1));
    this.next = button(`${words.next} ›`, () => this.go(1));
    // Before all else on the page, where no frame of JupyterLab's cuts it off; Esc and a click beside it close it.
    this.list = make("ol", { popover: "", class: "salesmetrics-lessons", "data-lm-suppress-shortcuts": "" });
    this.menu = button(`${words.list} ▾`);
    this.menu.popoverTargetElement = this.list;
    this.menu.popoverTargetAction = "toggle";
    this.list.addEventListener("toggle", ({ newState }) => newState === "open" && this.fill());
    this.said = make("span", { role: "status" });
    this.wake = button(words.wake, wake);
    this.wake.hidden = true;
    const toggle = button(words.show, () => {
      const shown = toggle.getAttribute("aria-pressed") !== "true";
      toggle.setAttribute("aria-pressed", shown);
      toggle.textContent = shown ? words.hide : words.show;
      code(shown);
    });
    toggle.setAttribute("aria-pressed", "false");
    this.node = make("nav", { class: "salesmetrics-bar", "data-lm-suppress-shortcuts": "", "aria-label": words.list });
    this.node.append(this.previous, this.menu, this.list, this.next, this.said, this.wake, ...this.openAll(all), toggle);
    this.around();
  }

  // In the facilitator's edition: what follows a bet is in sight, in every lesson from now on.
  openAll(all) {
    if (!all) return [];
    const button = make("button", { type: "button", "aria-pressed": all.open }, this.words.openAll);
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", open);
      all.keep(open);
    });
    return [button];
  }

  say(text, button) {
    if (this.said.textContent !== text) this.said.textContent = text;
    this.wake.hidden = !button;
  }

  get folder() {
    return this.panel.context.path.split("/").slice(0, -1).join("/");
  }

  // The lessons of this folder, by number; a newer version that lies beside a changed lesson stands in the list too.
  async lessons() {
    const { content } = await this.app.serviceManager.contents.get(this.folder);
    const paths = content.filter(({ name, type }) => type === "notebook" && NAMED.test(name)).map(({ path }) => path);
    return paths.sort();
  }

  async around() {
    const paths = await this.lessons().catch(() => []);
    const at = paths.indexOf(this.panel.context.path);
    this.neighbours = { "-1": at > 0 ? paths[at - 1] : "", 1: at < 0 ? "" : paths[at + 1] };
    this.previous.hidden = !this.neighbours[-1];
    this.next.hidden = !this.neighbours[1];
  }

  go(step) {
    if (this.neighbours?.[step]) this.open(this.neighbours[step]);
  }

  open(path) {
    this.list.hidePopover();
    this.app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  }

  async fill() {
    const { left, bottom } = this.menu.getBoundingClientRect();
    Object.assign(this.list.style, { left: `${left}px`, top: `${bottom + 4}px`, maxHeight: `calc(96vh - ${bottom}px)` });
    const paths = await this.lessons().catch(() => []);
    const { contents } = this.app.serviceManager;
    const titles = await Promise.all(
      paths.map((path) => contents.get(path).then(({ content }) => content.metadata.title, () => "")),
    );
    const items = paths.map((path, at) => {
      const name = path.split("/").at(-1);
      // What comes after the colon would give a bet away.
      const title = (titles[at] || name.slice(3, -6)).split(": ")[0];
      const link = make("a", { href: "#" }, `${name.slice(0, 2)} · ${title}`);
      if (path === this.panel.context.path) link.setAttribute("aria-current", "page");
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.open(path);
      });
      return make("li", {}, link);
    });
    const workbench = make("a", { href: this.workbench() }, this.words.workbench);
    this.list.replaceChildren(...items, make("li", {}, workbench));
  }

  workbench() {
    const base = this.app.serviceManager.serverSettings.baseUrl;
    return `${base}lab/tree/${this.panel.context.path.split("/").map(encodeURIComponent).join("/")}`;
  }
}
