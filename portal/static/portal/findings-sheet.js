// Drawing the grid: only the rows in sight are in the page, all of one height; nodes are used again while scrolling.
const HEIGHT = 34;
const SPARE = 8; // rows drawn above and below those in sight
const RANK = "EWI";

export class Sheet {
  constructor(scroll, data, rows, heads) {
    Object.assign(this, { scroll, data, rows, heads, words: data.words, drawn: new Map(), free: [], chosen: [0, 0] });
    this.build();
    let waiting = false;
    scroll.addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; this.draw(); });
    }, { passive: true });
    new ResizeObserver(() => this.draw()).observe(scroll);
  }

  build() {
    const columns = this.data.columns;
    const { scroll } = this;
    scroll.tabIndex = 0;
    set(scroll, { role: "grid", "aria-label": this.words.grid, "aria-rowcount": this.data.total + 1, "aria-colcount": columns.length + this.heads });
    if (!this.data.editable) scroll.setAttribute("aria-readonly", "true");
    const head = node("div", "g-row g-head");
    set(head, { role: "row", "aria-rowindex": 1 });
    head.append(this.title("g-no", this.words.row, "", 0), this.title("g-said", this.words.problems, "", 1));
    columns.forEach((column, at) => {
      const cell = this.title(widthOf(column), column.title, column.letter, at + this.heads);
      cell.title = column.label;
      head.append(cell);
    });
    const headGroup = node("div", "g-top");
    headGroup.setAttribute("role", "rowgroup");
    headGroup.append(head);
    this.canvas = node("div", "g-canvas");
    this.canvas.setAttribute("role", "rowgroup");
    this.canvas.style.height = `${this.data.total * HEIGHT}px`;
    scroll.replaceChildren(headGroup, this.canvas);
    this.headHeight = headGroup.offsetHeight;
    this.canvas.style.width = `${head.scrollWidth}px`;
  }

  // A column's head sorts the rows; by keyboard the grid itself does (Alt with an arrow), so no head is a stop of its own.
  title(className, text, letter, at) {
    const cell = node("div", `g-cell ${className}`);
    const [by, down] = [orderBy(this.data, at), this.data.sort.startsWith("-")];
    const isNow = this.data.sort.replace(/^-/, "") === by;
    set(cell, { role: "columnheader", "aria-colindex": at + 1, "aria-sort": isNow ? (down ? "descending" : "ascending") : "none" });
    const button = node("button", "g-sort");
    set(button, { type: "button", tabindex: "-1", "data-sort-by": at });
    if (letter) button.append(node("b", "g-letter", letter), " ");
    button.append(node("span", "", text));
    if (isNow) button.append(node("span", "g-way", down ? "▼" : "▲"));
    cell.append(button);
    return cell;
  }

  pageRows() { return Math.max(1, Math.floor((this.scroll.clientHeight - this.headHeight) / HEIGHT) - 1); }

  draw(again = false) {
    const first = Math.max(0, Math.floor(this.scroll.scrollTop / HEIGHT) - SPARE);
    const last = Math.min(this.data.total - 1, first + this.pageRows() + 2 * SPARE + 2);
    for (const [at, row] of this.drawn) {
      if (at >= first && at <= last) continue;
      this.drawn.delete(at);
      if (row.querySelector("input")) row.remove(); else this.free.push(row);
    }
    for (let at = first; at <= last; at += 1) {
      const row = this.drawn.get(at) ?? this.place(at);
      const record = this.rows.get(at);
      if (again || row.record !== record) this.fill(row, at, record);
    }
    this.rows.need(first, last);
  }

  place(at) {
    const row = this.free.pop() ?? this.blank();
    row.style.top = `${at * HEIGHT}px`;
    row.setAttribute("aria-rowindex", at + 2);
    row.at = at;
    row.record = null;
    this.drawn.set(at, row);
    return row;
  }

  blank() {
    const row = node("div", "g-row");
    row.setAttribute("role", "row");
    const no = node("div", "g-cell g-no");
    set(no, { role: "rowheader", "aria-colindex": 1 });
    row.append(no);
    const cells = ["g-said", ...this.data.columns.map(widthOf)];
    cells.forEach((className, at) => {
      const cell = node("div", `g-cell ${className}`);
      cell.base = cell.className;
      set(cell, { role: "gridcell", "aria-colindex": at + 2 });
      row.append(cell);
    });
    this.canvas.append(row);
    return row;
  }

  fill(row, at, record) {
    row.record = record;
    const [no, said, ...cells] = row.children;
    const place = this.rows.place(at);
    no.textContent = place ? place[1] : "";
    if (!record) {
      said.className = said.base;
      said.textContent = this.words.loading;
      cells.forEach((cell) => { cell.className = cell.base; cell.textContent = ""; });
    } else {
      this.fillSaid(said, record);
      const marks = marksOf(record);
      cells.forEach((cell, column) => this.fillCell(cell, column, record, marks[column]));
    }
    row.classList.toggle("g-now", at === this.chosen[0]);
    if (at === this.chosen[0]) this.mark(row);
  }

  fillSaid(cell, record) {
    const meant = meantOf(this.data, record);
    const [worst] = [...(meant.length ? meant : record.f)].sort((a, b) => RANK.indexOf(a.severity) - RANK.indexOf(b.severity));
    cell.className = worst ? `${cell.base} g-${worst.severity}` : cell.base;
    const more = record.f.length > 1 ? ` ${this.words.more.replace("{count}", record.f.length - 1)}` : "";
    cell.textContent = worst ? `${worst.message}${more}` : record.c ? "✓" : this.words.noData;
    cell.setAttribute("aria-label", worst ? `${this.words[worst.severity]}: ${cell.textContent}` : this.words.none);
  }

  fillCell(cell, column, record, finding) {
    const text = record.c?.[column] ?? "";
    if (cell.firstElementChild?.matches("input")) return;
    // most cells are plain and stay so: only what differs is touched while scrolling
    if (cell.firstChild) cell.firstChild.nodeValue = text; else cell.textContent = text;
    const look = `${cell.base}${finding ? ` g-${finding.severity}` : ""}${record.x[column] ? " g-corrected" : ""}${record.c ? "" : " g-none"}`;
    if (cell.className !== look) cell.className = look;
    if (finding || cell.marked) this.tell(cell, text, finding);
  }

  tell(cell, text, finding) {
    cell.marked = Boolean(finding);
    if (!finding) return ["aria-label", "title", "aria-invalid"].forEach((name) => cell.removeAttribute(name));
    cell.title = finding.message;
    cell.setAttribute("aria-label", `${text || this.words.blank}. ${this.words[finding.severity]}: ${finding.message}`);
    if (finding.severity === "E") cell.setAttribute("aria-invalid", "true"); else cell.removeAttribute("aria-invalid");
    return undefined;
  }

  choose(at, head, focus) {
    const before = this.drawn.get(this.chosen[0]);
    before?.classList.remove("g-now");
    this.scroll.querySelector(".g-chosen")?.classList.remove("g-chosen");
    this.chosen = [at, head];
    this.intoSight(at, head);
    this.draw();
    const row = this.drawn.get(at);
    row?.classList.add("g-now");
    if (row) this.mark(row);
    if (focus) this.focus();
  }

  mark(row) {
    const cell = row.children[this.chosen[1]];
    document.getElementById("g-chosen")?.removeAttribute("id");
    cell.id = "g-chosen";
    cell.classList.add("g-chosen");
    this.scroll.setAttribute("aria-activedescendant", "g-chosen");
  }

  intoSight(at, head) {
    const { scroll } = this;
    const top = at * HEIGHT;
    const seen = scroll.clientHeight - this.headHeight;
    if (top < scroll.scrollTop) scroll.scrollTop = top;
    else if (top + HEIGHT > scroll.scrollTop + seen) scroll.scrollTop = top + HEIGHT - seen;
    const cells = scroll.querySelector(".g-head").children;
    const fixed = [...cells].filter((cell) => getComputedStyle(cell).position === "sticky");
    if (fixed.includes(cells[head])) return;
    const left = cells[head].offsetLeft;
    const frozen = fixed.reduce((sum, cell) => sum + cell.offsetWidth, 0);
    if (left - frozen < scroll.scrollLeft) scroll.scrollLeft = left - frozen;
    else if (left + cells[head].offsetWidth > scroll.scrollLeft + scroll.clientWidth) {
      scroll.scrollLeft = Math.min(left - frozen, left + cells[head].offsetWidth - scroll.clientWidth);
    }
  }

  focus() { this.scroll.focus({ preventScroll: true }); }

  placeOf(target) {
    const cell = target.closest(".g-canvas .g-cell");
    return cell && [cell.parentElement.at, [...cell.parentElement.children].indexOf(cell)];
  }

  // A field in the chosen cell. `done` hears the text, null when it was left as it was, and how to move on.
  edit(text, column, { typed, done }) {
    const cell = this.drawn.get(this.chosen[0])?.children[this.chosen[1]];
    if (!cell || cell.querySelector("input")) return;
    const input = node("input", "g-edit");
    set(input, { "aria-label": column.title, autocomplete: "off", spellcheck: "false" });
    if (column.choices.length) input.setAttribute("list", choicesOf(column));
    input.value = text;
    cell.replaceChildren(input);
    input.focus();
    if (text.length > 1) input.select();
    let ended = false;
    const end = (kept, move) => {
      if (ended) return;
      ended = true;
      cell.replaceChildren();
      this.draw(true);
      done(kept ? input.value : null, move);
    };
    input.addEventListener("input", () => typed(input.value));
    input.addEventListener("blur", () => end(true));
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing) return;
      const moves = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1] };
      if (moves[event.key]) end(true, moves[event.key]);
      else if (event.key === "Escape") end(false);
      else return;
      event.preventDefault();
    });
  }
}

// The list of a column's allowed values, made when it is first edited; its id.
export function choicesOf(column) {
  const id = `choices-${column.key}`;
  if (!document.getElementById(id)) {
    const list = node("datalist");
    list.id = id;
    list.append(...column.choices.map((choice) => { const option = node("option"); option.value = choice; return option; }));
    document.body.append(list);
  }
  return id;
}

function marksOf(record) {
  const marks = {};
  record.f.forEach((finding) => {
    const before = marks[finding.column];
    if (!before || RANK.indexOf(finding.severity) < RANK.indexOf(before.severity)) marks[finding.column] = finding;
  });
  return marks;
}

// A row's findings that the filters let through; all of them where nothing is narrowed.
export const meantOf = (data, record) => record?.f.filter((finding) => !data.narrowed || finding.meant) ?? [];

const widthOf = (column) => (column.number ? "g-number" : column.wide ? "g-wide" : "g-text");

// What the rows are sorted by at a column's head: its place in the file, what blocks, or the cells of the column.
export const orderBy = (data, at) => ["row", "blocks"][at] ?? `cell.${data.columns[at - 2].key}`;

// A text with its {names} filled in.
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function node(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
}

export function set(element, attributes) {
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
}
