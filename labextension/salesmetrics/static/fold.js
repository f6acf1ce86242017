// What follows a bet is out of sight until the bet is placed or skipped, and never for good: whatever takes a reader
// there (the button, a search, the table of contents, a key) opens it, and so does a page that falls asleep.
const BET = /^sm\.exercise\("[\w-]+-bet"\)$/;
const ALL = "salesmetrics-open-all";

export class Fold {
  constructor({ commands }, panel, words) {
    Object.assign(this, { commands, panel, skipped: false });
    this.line = document.createElement("div");
    this.line.className = "salesmetrics-behind-bet";
    const skip = document.createElement("button");
    skip.type = "button";
    skip.textContent = words.skip;
    skip.addEventListener("click", () => {
      const [first] = this.rest();
      this.skip();
      first?.node.focus();
    });
    this.line.append(`${words.behindBet} `, skip);
    this.reached = (_notebook, cell) => cell?.hasClass("salesmetrics-behind") && this.skip();
    this.searched = (_commands, { id }) => id.startsWith("documentsearch:") && panel.isVisible && this.skip();
    panel.content.activeCellChanged.connect(this.reached);
    commands.commandExecuted.connect(this.searched);
  }

  dispose() {
    this.observer?.disconnect();
    this.panel.content.activeCellChanged.disconnect(this.reached);
    this.commands.commandExecuted.disconnect(this.searched);
  }

  // A facilitator asks for everything once, on this computer.
  static get all() {
    try {
      return localStorage.getItem(ALL) !== null;
    } catch {
      return false;
    }
  }

  keepAll(all) {
    try {
      all ? localStorage.setItem(ALL, "yes") : localStorage.removeItem(ALL);
    } catch {
      // A browser that keeps nothing.
    }
    this.skipped = all;
    all ? this.open() : this.look();
  }

  rest() {
    const { widgets } = this.panel.content;
    return this.bet ? widgets.slice(widgets.indexOf(this.bet) + 1) : [];
  }

  // Called for each cell that has run.
  ran(cell) {
    if (!BET.test(cell.model.sharedModel.getSource())) return;
    this.bet = cell;
    this.observer?.disconnect();
    // The bet is drawn a little after its cell has run, with what was answered before; and is drawn anew at a click.
    this.observer = new MutationObserver(() => this.look());
    this.observer.observe(cell.node, { childList: true, subtree: true, attributeFilter: ["aria-pressed"] });
    this.look();
  }

  look() {
    // A reader took the bet away, or the lesson was read from its file anew: nothing could open what stands behind it.
    if (this.bet?.isDisposed) return this.sleep();
    const choices = [...(this.bet?.node.querySelectorAll(".salesmetrics-bet button") ?? [])];
    if (!choices.length) return;
    const placed = choices.some((choice) => choice.getAttribute("aria-pressed") === "true");
    if (placed) return this.skip();
    if (this.folded || this.skipped || Fold.all || this.readOn()) return;
    this.folded = true;
    for (const cell of this.rest()) cell.addClass("salesmetrics-behind");
    this.bet.node.append(this.line);
  }

  // Whoever has scrolled past the bet while the page woke up reads on.
  readOn() {
    const outer = this.panel.node.querySelector(".jp-WindowedPanel-outer") ?? this.panel.node;
    const passed = this.bet.node.getBoundingClientRect().bottom < outer.getBoundingClientRect().top;
    return passed && (this.skipped = true);
  }

  // Without a kernel no bet can be placed.
  sleep() {
    this.observer?.disconnect();
    this.bet = null;
    this.open();
  }

  skip() {
    this.skipped = true;
    this.open();
  }

  open() {
    this.folded = false;
    this.line.remove();
    for (const cell of this.panel.content.widgets) cell.removeClass("salesmetrics-behind");
  }
}
