// One open lesson: it wakes when its kernel is there, wakes again after a restart, and says when it can't.
import { Bar } from "./bar.js";
import { Fold } from "./fold.js";
import { plan } from "./kernel.js";
import { stay } from "./stay.js";
import { filled, words } from "./words.js";

const VERSION = "0.1.0"; // the package's own; a test holds them together
const KERNELS = ["python3", "python"]; // JupyterLite calls its own by the second
const GONE = ["dead", "terminating"];
const STARTING = ["starting", "restarting", "autorestarting"];
const SIGNALS = ["statusChanged", "connectionStatusChanged", "kernelChanged"];

export class Lesson {
  constructor(app, panel, mark, { CodeCell, Widget }) {
    Object.assign(this, { panel, mark, CodeCell, session: panel.sessionContext, run: 0, awake: null, left: "", waiting: new Map(), ran: [] });
    this.words = words(mark.language);
    this.fold = new Fold(app, panel, this.words);
    const all = mark.facilitator && { open: Fold.all, keep: (open) => this.fold.keepAll(open) };
    this.bar = new Bar(app, panel, this.words, { code: (shown) => this.showCode(shown), wake: () => this.start(), all });
    const header = new Widget();
    header.addClass("salesmetrics-header");
    header.node.append(this.bar.node);
    panel.contentHeader.addWidget(header);
    // As high as its words need: JupyterLab gives it the room that it says it needs.
    this.size = new ResizeObserver(() => {
      header.node.style.minHeight = `${this.bar.node.offsetHeight}px`;
      panel.contentHeader.fit();
    });
    this.size.observe(this.bar.node);
    panel.addClass("salesmetrics-page");
    panel.node.lang = mark.language;
    panel.node.style.setProperty("--salesmetrics-show-part", JSON.stringify(this.words.showPart));
    this.follow = () => this.look();
    for (const signal of SIGNALS) this.session[signal].connect(this.follow);
    panel.content.model.cells.changed.connect(() => this.readAnew());
    this.session.ready.then(this.follow);
    this.look();
  }

  dispose() {
    this.run += 1;
    this.size.disconnect();
    this.fold.dispose();
    for (const signal of SIGNALS) this.session[signal].disconnect(this.follow);
  }

  get cells() {
    return this.panel.content.widgets.filter((cell) => cell.model.type === "code");
  }

  say(text, button = false) {
    this.bar.say(text, button);
    this.panel.node.dataset.salesmetrics = this.awake ? "awake" : "asleep";
  }

  // Called at whatever the kernel does.
  look() {
    const kernel = this.session.session?.kernel;
    const { status, connectionStatus } = kernel ?? {};
    if (!kernel && !this.session.isReady && !this.awake && !this.again) return this.say(this.words.waking);
    if (!kernel || GONE.includes(status)) return this.sleep(this.words.asleep, true);
    if (STARTING.includes(status)) return this.sleep(this.awake || this.again ? this.words.again : this.words.waking);
    // A server that was stopped, or a laptop that has slept: JupyterLab tries again for a while.
    if (connectionStatus !== "connected") return this.awake && this.say(this.words.noServer);
    if (status === "unknown") return;
    if (this.awake === kernel) return this.say(this.left);
    if (this.tried !== kernel) this.wake(kernel).catch((error) => this.say(filled(this.words.failed, { reason: error.message }), true));
  }

  sleep(text, button = false) {
    this.again ||= Boolean(this.awake);
    this.awake = this.tried = null;
    this.run += 1;
    this.fold.sleep();
    this.say(text, button);
  }

  // Read from its file once more, as when two windows have saved one lesson: all its cells are others, and none has run.
  readAnew() {
    if (this.panel.isDisposed) return;
    if (!this.ran.length || this.ran.some((cell) => !cell.isDisposed)) return this.look();
    this.ran = [];
    this.sleep(this.words.waking);
    // They come one by one.
    this.tried = this.session.session?.kernel;
    setTimeout(() => {
      this.tried = null;
      if (!this.panel.isDisposed) this.look();
    });
  }

  // At the press of the button.
  async start() {
    const kernel = this.session.session?.kernel;
    this.tried = null;
    this.say(this.words.waking);
    const known = this.session.specsManager.specs?.kernelspecs ?? {};
    const name = KERNELS.find((each) => known[each]) ?? KERNELS[0];
    if (!kernel || kernel.status === "dead") await this.session.changeKernel({ name });
    this.look();
  }

  async wake(kernel) {
    const run = (this.run += 1);
    this.tried = kernel;
    if (!KERNELS.includes(kernel.name)) {
      const name = this.session.kernelDisplayName;
      return this.say(filled(this.words.otherKernel, { kernel: name }));
    }
    this.say(this.words.waking);
    const cells = this.cells;
    const sources = cells.map((cell) => cell.model.sharedModel.getSource());
    const { lesson, language } = this.mark;
    const found = await plan(kernel, { lesson, language, sources });
    if (run !== this.run || this.panel.isDisposed) return;
    const refusal = this.refusal(found);
    if (refusal) return this.say(...refusal);
    this.marks(cells, found.cells);
    const release = stay(this.panel);
    this.ran = [];
    for (const [at, cell] of cells.entries()) {
      if (found.cells[at] !== "run") continue;
      // Somebody may have typed in it, or taken it away, since it was looked at.
      if (cell.isDisposed || cell.model.sharedModel.getSource() !== sources[at]) continue;
      await this.execute(cell);
      if (run !== this.run || this.panel.isDisposed) return release();
      this.ran.push(cell);
      this.fold.ran(cell);
    }
    release();
    this.awake = kernel;
    this.say((this.left = this.waiting.size ? this.words.someWait : ""));
  }

  refusal({ error, reason, version, hidden, foreign }) {
    if (/^(ModuleNotFound|Import)Error$/.test(error)) return [this.words.noKit, true];
    if (error) return [filled(this.words.failed, { reason: `${error} ${reason}` }), true];
    if (version !== VERSION) return [filled(this.words.otherVersion, { page: VERSION, kernel: version })];
    if (hidden.length) return [filled(this.words.hidden, { names: hidden.join(", ") }), true];
    if (foreign) return [this.words.foreign];
    return null;
  }

  async execute(cell) {
    try {
      // One after the other, so that what a reader does meanwhile is answered between two of them; and not as a menu
      // would do it, which takes the page to the cell that ran.
      await this.CodeCell.execute(cell, this.session, { deletedCells: this.panel.content.model.deletedCells });
    } catch {
      // What went wrong stands below the cell; the others don't depend on it, or show their own.
    }
  }

  // Cells that wait get a line that says so; what waited before is let go.
  marks(cells, states) {
    for (const line of this.waiting.values()) line.remove();
    this.waiting.clear();
    for (const [at, cell] of cells.entries()) {
      cell.toggleClass?.("salesmetrics-own", states[at] === "own");
      if (states[at] === "own") cell.inputHidden = false;
      if (states[at] === "run") continue;
      const line = document.createElement("div");
      line.className = "salesmetrics-waits";
      line.append(states[at] === "own" ? this.words.own : this.words.waits);
      if (states[at] === "own") {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = this.words.runOwn;
        button.addEventListener("click", () => this.runOwn(cells, states, at));
        line.append(" ", button);
      }
      cell.node.append(line);
      this.waiting.set(cell, line);
    }
  }

  // The reader's own cell, and then what waited for it and for nothing else that is theirs.
  async runOwn(cells, states, at) {
    for (const [later, cell] of cells.entries()) {
      if (later > at && states[later] === "own" && this.waiting.has(cell)) break;
      if (later === at || (later > at && states[later] === "waits")) {
        this.waiting.get(cell)?.remove();
        this.waiting.delete(cell);
        if (!cell.isDisposed) await this.execute(cell);
      }
    }
    this.left = this.waiting.size ? this.words.someWait : "";
    this.look();
  }

  showCode(shown) {
    this.panel.toggleClass("salesmetrics-code", shown);
    // A part of the lesson that is about code shows it always.
    if (shown) this.hidden = this.cells.filter((cell) => cell.inputHidden);
    for (const cell of this.cells.filter((each) => this.hidden.includes(each))) cell.inputHidden = !shown && !cell.hasClass("salesmetrics-own");
  }
}
