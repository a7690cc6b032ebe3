// The grid's rows: where each is, and those that were fetched; asked for in windows, so that any number of rows is quick.
const WINDOW = 50;
const AT_ONCE = 2; // windows on their way
const KEPT = 4000; // rows kept in memory; further ones are fetched again

export class Rows {
  constructor(data, addresses) {
    this.total = data.total;
    this.addresses = addresses;
    this.fetched = new Map(data.rows.map((row, at) => [at, row]));
    this.places = data.rows.map((row) => [row.s, row.r]);
    this.asked = new Map();
    this.arrived = () => {};
    this.whole = this.places.length >= this.total ? Promise.resolve() : null;
  }

  get(at) { return this.fetched.get(at); }
  place(at) { return this.places[at]; }
  find(sheet, row) { return this.places.findIndex((place) => place[0] === sheet && place[1] === row); }

  // Where every row is; asked for once, after the first rows are shown.
  indexed() {
    this.whole ??= fetch(this.addresses.index).then((answer) => answer.json()).then((index) => {
      this.places = index.rows.flatMap(([sheet, rows]) => rows.map((row) => [sheet, row]));
    }).catch(() => { this.whole = null; });
    return this.whole;
  }

  need(first, last) {
    for (let window = Math.floor(first / WINDOW); window <= Math.floor(Math.min(last, this.total - 1) / WINDOW); window += 1) {
      // what is scrolled past is not waited for: when one window is there, those in sight then are asked for
      if (this.asked.size < AT_ONCE) this.window(window);
    }
  }

  async wait(at) {
    if (!this.get(at)) await this.window(Math.floor(at / WINDOW));
    return this.get(at) ?? { f: [], c: null, x: {}, s: 0, r: 0 };
  }

  window(number) {
    const first = number * WINDOW;
    const last = Math.min(first + WINDOW, this.total);
    let missing = false;
    for (let at = first; at < last; at += 1) missing ||= !this.fetched.has(at);
    if (!missing) return Promise.resolve();
    if (!this.asked.has(number)) {
      this.asked.set(number, this.fetch(first, last).finally(() => this.asked.delete(number)));
    }
    return this.asked.get(number);
  }

  async fetch(first, last) {
    await this.indexed();
    const meant = this.places.slice(first, last);
    if (!meant.length) return;
    const answer = await fetch(this.address(meant.map((place) => place.join(".")).join(","))).catch(() => null);
    if (!answer?.ok) return; // asked for again when they are next scrolled to
    const { rows } = await answer.json();
    rows.forEach((row, offset) => this.fetched.set(first + offset, row));
    this.forget(first);
    this.arrived();
  }

  // The filters stand in the address of the rows already.
  address(places) { return `${this.addresses.rows}${this.addresses.rows.includes("?") ? "&" : "?"}at=${places}`; }

  forget(near) {
    if (this.fetched.size <= KEPT) return;
    for (const at of this.fetched.keys()) if (Math.abs(at - near) > KEPT / 4) this.fetched.delete(at);
  }

  // Rows as the server has them now, wherever they stand.
  put(rows) {
    rows.forEach((row) => {
      const at = this.find(row.s, row.r);
      if (at >= 0) this.fetched.set(at, row);
    });
  }

  async refresh(row) {
    const answer = await fetch(this.address(`${row.s}.${row.r}`));
    if (answer.ok) this.put((await answer.json()).rows);
  }
}
