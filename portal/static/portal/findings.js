// The grid of findings: the unit's own rows, moved through and edited like a spreadsheet.
import { Rows } from "./findings-rows.js";
import { Sheet, fill, meantOf, node, orderBy, set } from "./findings-sheet.js";
import { Beside } from "./findings-beside.js";
import { Saving } from "./findings-saving.js";

const HEADS = 2; // the columns before the unit's own: row number and findings
let sorted = null; // the head that the rows on their way are sorted by

class Grid {
  constructor(root) {
    this.root = root;
    this.data = JSON.parse(document.getElementById("grid-data").textContent);
    this.words = this.data.words;
    this.rows = new Rows(this.data, root.dataset);
    this.sheet = new Sheet(root.querySelector("[data-scroll]"), this.data, this.rows, HEADS);
    this.beside = new Beside(root.querySelector("[data-beside]"), this.data, this);
    this.saving = new Saving(this);
    this.rows.arrived = () => { this.sheet.draw(true); this.beside.show(this.row, this.column); };
    this.at = 0;
    this.head = 0;
    this.listen();
    this.choose(0, this.firstHead(this.rows.get(0)), false);
    this.find(location.hash.slice(1));
  }

  get row() { return this.rows.get(this.at); }
  get column() { return this.head - HEADS; }

  address(row = this.row, column = this.column) {
    const sheet = row.p ?? this.data.places[this.data.sheets[row.s]] ?? {};
    const key = this.data.columns[column]?.key;
    return key && sheet[key] ? sheet[key] + row.r : `${this.words.row} ${row.r}`;
  }

  firstHead(row) {
    const marked = meantOf(this.data, row).map((finding) => finding.column).filter((column) => column !== null);
    return marked.length ? Math.min(...marked) + HEADS : 1;
  }

  // The address of a reload or of a link names a cell as #sheet.row.column.
  find(hash) {
    const [sheet, row, column] = hash.split(".").map(Number);
    if (!hash || Number.isNaN(row)) return;
    this.rows.indexed().then(() => {
      const at = this.rows.find(sheet, row);
      if (at >= 0) this.choose(at, (column || 0) + HEADS, false);
    });
  }

  choose(at, head, focus = true) {
    this.at = Math.max(0, Math.min(at, this.data.total - 1));
    this.head = Math.max(0, Math.min(head, this.data.columns.length + HEADS - 1));
    this.sheet.choose(this.at, this.head, focus);
    this.root.querySelector("[data-position]").textContent = fill(this.words.position, {
      at: (this.at + 1).toLocaleString("en"), total: this.data.total.toLocaleString("en"),
    });
    this.beside.show(this.row, this.column);
    const place = this.rows.place(this.at);
    if (focus && place) history.replaceState(history.state, "", `#${place[0]}.${place[1]}.${this.column}`);
  }

  // The next marked cell in reading order, in this row or one further on; of those that the filters let through.
  async step(way) {
    for (let at = this.at; at >= 0 && at < this.data.total; at += way) {
      const row = await this.rows.wait(at);
      const heads = [...new Set(meantOf(this.data, row).map((finding) => (finding.column ?? -1) + HEADS))].sort((a, b) => (a - b) * way);
      const next = heads.find((head) => at !== this.at || (head - this.head) * way > 0);
      if (next !== undefined) return this.choose(at, next);
    }
  }

  // The rows in another order, when what is being saved is there; asked for once more, the other way round.
  async sort(head, down) {
    await this.saving.line;
    const address = new URL(location.href);
    address.searchParams.delete("page");
    address.searchParams.set("sort", (down ? "-" : "") + orderBy(this.data, head));
    sorted = { head, down };
    const link = node("a");
    const target = address.pathname + address.search;
    set(link, { href: target, "hx-get": target, "hx-target": "#list", "hx-swap": "outerHTML", "hx-push-url": "true" });
    this.root.append(link);
    window.htmx?.process(link);
    link.click();
  }

  isSortedUp(head) { return this.data.sort === orderBy(this.data, head); }

  editable(row = this.row) {
    return this.data.editable && Boolean(row?.c) && this.column >= 0;
  }

  edit(typed) {
    if (!this.editable()) return;
    const { row, column, at } = this;
    this.sheet.edit(typed ?? this.saving.draft(row, column) ?? row.c[column] ?? "", this.data.columns[column], {
      typed: (text) => this.saving.keepDraft(row, column, text),
      done: (text, move) => {
        this.sheet.focus();
        if (text !== null) this.save(text, { row, column, at });
        else this.saving.dropDraft(row, column);
        if (move) this.choose(this.at + move[0], this.head + move[1]);
      },
    });
  }

  save(text, { row = this.row, column = this.column, restore = false } = {}) {
    return this.saving.save(row, column, text, restore);
  }

  say(text, tone = "") {
    const said = this.root.querySelector("[data-said]");
    said.textContent = text;
    said.dataset.tone = tone;
  }

  listen() {
    const scroll = this.sheet.scroll;
    scroll.addEventListener("keydown", (event) => this.key(event));
    scroll.addEventListener("mousedown", (event) => {
      const place = this.sheet.placeOf(event.target);
      if (!place || event.target.closest("input")) return;
      event.preventDefault();
      const [at, head] = place;
      this.choose(at, head === 1 ? this.firstHead(this.rows.get(at)) : head);
    });
    scroll.addEventListener("click", (event) => {
      const head = event.target.closest("[data-sort-by]")?.dataset.sortBy;
      if (head) this.sort(Number(head), this.isSortedUp(Number(head)));
    });
    scroll.addEventListener("dblclick", (event) => { if (this.sheet.placeOf(event.target)) this.edit(); });
    this.root.querySelectorAll("[data-step]").forEach((button) => {
      button.addEventListener("click", () => this.step(Number(button.dataset.step)));
    });
    this.root.querySelector("[data-undo-last]")?.addEventListener("click", () => this.saving.undo());
  }

  key(event) {
    if (event.target.matches("input") || event.isComposing) return;
    if (event.altKey) {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      this.sort(this.head, event.key === "ArrowDown");
      return;
    }
    const command = event.ctrlKey || event.metaKey;
    const page = this.sheet.pageRows();
    const end = this.data.columns.length + HEADS - 1;
    const moves = {
      ArrowUp: [this.at - 1, this.head], ArrowDown: [this.at + 1, this.head],
      ArrowLeft: [this.at, this.head - 1], ArrowRight: [this.at, this.head + 1],
      PageUp: [this.at - page, this.head], PageDown: [this.at + page, this.head],
      Home: [command ? 0 : this.at, 0], End: [command ? this.data.total - 1 : this.at, end],
    };
    if (moves[event.key]) this.choose(...moves[event.key]);
    else if (event.key === "F8") this.step(event.shiftKey ? -1 : 1);
    else if (event.key === "Enter" || event.key === "F2") this.edit();
    else if (event.key === "Delete" && this.editable()) this.save("");
    else if (command && event.key.toLowerCase() === "z") this.saving.undo();
    else if (!command && event.key.length === 1 && event.key !== " " && this.editable()) this.edit(event.key);
    else return;
    event.preventDefault();
  }
}

function start() {
  document.querySelectorAll("[data-grid]:not([data-started])").forEach((root) => {
    root.dataset.started = "yes";
    root.grid = new Grid(root);
    if (sorted) arrived(root.grid);
  });
  sorted = null;
  tellOrder();
}

// The rows came in the order asked for at a head: the focus is at that column again.
function arrived(grid) {
  grid.choose(0, sorted.head);
  const column = grid.root.querySelectorAll(".g-head .g-sort > span:not(.g-way)")[sorted.head].textContent;
  grid.say(fill(sorted.down ? grid.words.sortedDown : grid.words.sortedUp, { column }));
}

// The field of the order says what the rows are sorted by, though a head was pressed.
function tellOrder() {
  const [list, field] = ["list", "id_sort"].map((id) => document.getElementById(id));
  if (!list || !field) return;
  const { sort, sortLabel } = list.dataset;
  if (![...field.options].some((option) => option.value === sort)) field.append(new Option(sortLabel, sort));
  field.value = sort;
}

document.addEventListener("htmx:afterSwap", start);
start();
