// Saving a cell: one request after the other, nothing typed is lost, and a cell changed by somebody else is shown first.
import { fill } from "./findings-sheet.js";

export class Saving {
  constructor(grid) {
    Object.assign(this, { grid, words: grid.words, acts: [], line: Promise.resolve(), under: new Map() });
  }

  draftName(row, column) {
    return ["draft", document.body.dataset.user, location.pathname, row.s, row.r, column].join(" ");
  }
  draft(row, column) { return sessionStorage.getItem(this.draftName(row, column)); }
  keepDraft(row, column, text) { sessionStorage.setItem(this.draftName(row, column), text); }
  dropDraft(row, column) { sessionStorage.removeItem(this.draftName(row, column)); }

  save(row, column, text, restore = false, expected = row.c[column] ?? "") {
    const cell = this.grid.address(row, column);
    const name = this.draftName(row, column);
    if (this.under.has(name)) return this.wait(name, text, restore);
    if (!restore && text === expected) {
      this.dropDraft(row, column);
      this.grid.say(fill(this.words.unchanged, { cell }));
      return Promise.resolve();
    }
    if (!restore) this.keepDraft(row, column, text);
    const edit = { name, row, column, text, restore, expected, cell, drafted: this.draft(row, column) };
    this.under.set(name, edit);
    this.grid.say(fill(this.words.saving, { cell }));
    this.line = this.line.then(() => this.send(this.grid.root.dataset.cells, this.fields(edit))).then((answer) => {
      this.under.delete(name);
      return this.heard(answer, edit);
    });
    return this.line;
  }

  fields({ row, column, text, restore, expected }) {
    const { sheets, columns } = this.grid.data;
    const fields = { sheet: sheets[row.s], row: row.r, column: columns[column].key, value: text ?? "", expected };
    return restore ? { ...fields, restore: "on" } : fields;
  }

  // The cell is on its way: a second click of the same is nothing new, another text goes after it.
  wait(name, text, restore) {
    const edit = this.under.get(name);
    this.under.delete(name); // behind what was typed before
    this.under.set(name, edit);
    edit.next = text === edit.text && restore === edit.restore ? null : { text, restore };
    if (!restore) this.keepDraft(edit.row, edit.column, text);
    return this.line;
  }

  async send(address, fields) {
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), headers: { "X-CSRFToken": token } });
      const isJson = answer.headers.get("Content-Type")?.includes("json");
      return { status: answer.status, body: isJson ? await answer.json() : {} };
    } catch {
      return { status: 0, body: {} };
    }
  }

  heard({ status, body }, edit) {
    if (status === 200) return this.saved(body, edit);
    Object.assign(edit, edit.next); // trying again tries what was wanted last
    const again = [this.words.again, () => this.save(edit.row, edit.column, edit.text, edit.restore, edit.expected)];
    const { beside, root } = this.grid;
    const at = this.grid.rows.find(edit.row.s, edit.row.r);
    if (at >= 0 && (at !== this.grid.at || edit.column !== this.grid.column)) this.grid.choose(at, edit.column + 2, false);
    if (status === 0) beside.trouble(this.words.lost, [], [again]);
    else if (status === 401) beside.trouble(this.words.loggedOut, [], [[this.words.logIn, root.dataset.login], again]);
    else if (body.code === "cell-changed") return this.conflict(body, edit);
    else beside.trouble(body.message ?? this.words.fault, [], body.message ? [] : [again]);
    this.grid.say("");
    return undefined;
  }

  saved(body, { name, row, column, cell, drafted, next }) {
    // what was typed since is a draft still
    if (!next && this.draft(row, column) === drafted) this.dropDraft(row, column);
    if (body.act) this.acts.push({ act: body.act, name });
    this.show(body);
    if (next && !body.working) {
      // not returned: the line would wait for itself
      this.save(this.grid.rows.get(this.grid.rows.find(row.s, row.r)) ?? row, column, next.text, next.restore);
      return;
    }
    const still = body.rows[0]?.f.find((finding) => finding.column === column && finding.severity !== "I");
    const said = still ? fill(this.words.savedStill, { cell, message: still.message }) : fill(this.words.saved, { cell });
    this.grid.say(`${said} ${this.left(body)}`, still ? "warn" : "good");
  }

  show(body) {
    if (body.working) {
      this.grid.say(this.words.checking);
      setTimeout(() => location.reload(), 400);
      return;
    }
    this.grid.rows.put(body.rows);
    this.grid.sheet.draw(true);
    this.grid.beside.shown = null;
    this.grid.beside.show(this.grid.row, this.grid.column);
    Object.entries(body.counts).forEach(([name, count]) => {
      document.querySelectorAll(`[data-count="${name}"]`).forEach((shown) => { shown.textContent = count.toLocaleString("en"); });
    });
    window.htmx?.trigger(document.body, "corrected");
  }

  left({ counts }) {
    return fill(this.words.left, { errors: counts.E.toLocaleString("en"), open: counts.open.toLocaleString("en") });
  }

  // Somebody else was faster: both values are shown, and one of them is chosen.
  async conflict(body, edit) {
    const { grid, words } = this;
    await grid.rows.refresh(edit.row);
    const now = grid.rows.get(grid.rows.find(edit.row.s, edit.row.r)) ?? edit.row;
    grid.sheet.draw(true);
    grid.beside.shown = null;
    grid.beside.show(now, edit.column);
    const lines = [fill(words.theirs, { value: body.params.value || words.blank }), fill(words.mine, { value: edit.text || words.blank })];
    const close = () => { this.dropDraft(edit.row, edit.column); grid.beside.shown = null; grid.beside.show(grid.row, grid.column); };
    grid.beside.trouble(fill(words.conflict, { cell: edit.cell }), lines, [
      [words.keepTheirs, close],
      [words.writeMine, () => this.save(now, edit.column, edit.text, edit.restore, body.params.value)],
    ]);
    grid.say(fill(words.conflict, { cell: edit.cell }), "warn");
  }

  // Undoing waits in the line too, so each press takes back one more act, also one that is on its way. A text that
  // waits for the one before it was never sent: it is given up.
  undo() {
    const newest = [...this.under.values()].filter((edit) => edit.next || !edit.takenBack).at(-1);
    if (newest?.next) return this.giveUp(newest);
    if (newest) newest.takenBack = true;
    this.line = this.line.then(() => this.undoLast());
    return this.line;
  }

  giveUp(edit) {
    edit.next = null;
    if (edit.drafted === null) this.dropDraft(edit.row, edit.column); else this.keepDraft(edit.row, edit.column, edit.drafted);
    this.grid.beside.shown = null;
    this.grid.beside.show(this.grid.row, this.grid.column);
    this.grid.say(fill(this.words.givenUp, { cell: edit.cell }), "good");
    return this.line;
  }

  async undoLast() {
    const last = this.acts.pop();
    if (!last) return this.grid.say(this.words.nothingToUndo);
    const { status, body } = await this.send(this.grid.root.dataset.undo, { act: last.act });
    if (status !== 200) {
      this.acts.push(last);
      return this.grid.beside.trouble(body.message ?? (status ? this.words.fault : this.words.lost), [], []);
    }
    this.show(body);
    this.expectAnew(last.name, body);
    this.grid.say(`${this.words.undone} ${this.left(body)}`, "good");
    return undefined;
  }

  // What was typed meanwhile over a cell that is as it was before: nobody else changed that.
  expectAnew(name, { rows = [] }) {
    const edit = this.under.get(name);
    const row = edit && rows.find(({ s, r }) => s === edit.row.s && r === edit.row.r);
    if (row) edit.expected = row.c[edit.column] ?? "";
  }
}
