// Beside the grid: the chosen cell's value, what was expected, what was found in it, and the ways to mend it.
import { choicesOf, fill, node, set } from "./findings-sheet.js";


export class Beside {
  constructor(root, data, grid) {
    Object.assign(this, { root, data, grid, words: data.words });
  }

  show(row, column) {
    // what is being typed here is not taken away by rows that arrive
    if (this.shown === row && this.column === column && this.root.contains(document.activeElement)) return;
    Object.assign(this, { shown: row, column });
    if (!row) return this.root.replaceChildren(node("p", "quiet", this.words.loading));
    const facts = this.data.columns[column];
    const here = facts ? row.f.filter((finding) => finding.column === column) : [];
    const others = row.f.filter((finding) => !here.includes(finding));
    const parts = [this.heading(row, facts)];
    if (facts && row.c) parts.push(...this.value(row, column, facts));
    if (!row.c) parts.push(node("p", "quiet", this.words.noData));
    parts.push(...here.map((finding) => this.finding(row, finding)));
    if (facts && !here.length && row.c) parts.push(node("p", "quiet", this.words.none));
    if (others.length && facts) parts.push(node("h3", "", this.words.inRow));
    parts.push(...others.map((finding) => this.finding(row, finding, true)));
    this.root.replaceChildren(...parts);
  }

  heading(row, facts) {
    const heading = node("h2", "", this.grid.address(row, this.column));
    if (facts) heading.append(" ", node("small", "", facts.title.startsWith(facts.label) ? facts.title : `${facts.title} · ${facts.label}`));
    if (this.data.sheets.length > 1) heading.append(" ", node("small", "", this.data.sheets[row.s]));
    return heading;
  }

  value(row, column, facts) {
    const cell = this.grid.address(row, column);
    const corrected = row.x[column];
    const parts = [];
    if (this.data.editable) parts.push(this.form(row, column, facts, cell));
    else parts.push(node("p", "beside-value", row.c[column] ?? this.words.blank));
    if (corrected) {
      const told = node("p", "quiet", fill(this.words.corrected, corrected));
      parts.push(told);
      if (this.data.editable) told.append(" ", this.button(this.words.restore, () => this.grid.save(null, { row, column, restore: true }), "link-button"));
    }
    parts.push(node("p", "quiet", fill(this.words.expected, { text: facts.expected })));
    return parts;
  }

  form(row, column, facts, cell) {
    const form = node("form", "beside-form");
    const label = node("label", "", fill(this.words.value, { cell }));
    const input = node("input", "form-control");
    set(input, { id: "beside-value", autocomplete: "off", spellcheck: "false" });
    label.htmlFor = input.id;
    if (facts.choices.length) input.setAttribute("list", choicesOf(facts));
    input.value = this.grid.saving.draft(row, column) ?? row.c[column] ?? "";
    input.addEventListener("input", () => this.grid.saving.keepDraft(row, column, input.value));
    const save = node("button", "btn btn-primary", this.words.save);
    form.append(label, input, save);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      this.grid.save(input.value, { row, column });
    });
    return form;
  }

  finding(row, finding, elsewhere = false) {
    const box = node("section", `found g-${finding.severity}`);
    const head = node("p", "found-head");
    const where = finding.column === null ? this.words.wholeRow : this.grid.address(row, finding.column);
    head.append(node("b", "", this.words[finding.severity]), " ", node("code", "", finding.code), " ");
    if (elsewhere && finding.column !== null) head.append(this.button(where, () => this.grid.choose(this.grid.at, finding.column + 2), "link-button"));
    else head.append(node("span", "quiet", where));
    box.append(head, node("p", "", finding.message));
    if (finding.fix) box.append(node("p", "quiet", finding.fix));
    if (finding.offered.length && this.data.editable) box.append(this.offers(row, finding));
    if (finding.explained) box.append(node("p", "explained", fill(this.words.explained, { text: finding.explained })));
    finding.returned.forEach((text) => box.append(node("p", "returned", fill(this.words.ministry, { text }))));
    box.append(...this.links(finding));
    return box;
  }

  offers(row, finding) {
    const list = node("div", "offers");
    list.append(node("p", "", this.words.choose));
    finding.offered.forEach(([value, label]) => {
      list.append(this.button(label, () => this.grid.save(value, { row, column: finding.column }), "btn"));
    });
    return list;
  }

  links(finding) {
    const { bulk, explain, collect } = this.grid.root.dataset;
    const links = [];
    const key = this.data.columns[finding.column]?.key;
    if (this.data.editable && key && finding.alike > 1) {
      const query = new URLSearchParams({ code: finding.code, column: key, value: finding.value ?? "" });
      links.push(this.link(fill(this.words.alike, { count: finding.alike.toLocaleString("en") }), `${bulk}?${query}`));
    }
    if (this.data.explainable && explain && finding.severity === "W") {
      links.push(this.link(finding.explained ? this.words.explainAnew : this.words.explain, `${explain}?finding=${finding.id}`));
    }
    if (collect) links.push(this.collected(finding, collect));
    return links;
  }

  // One more reason of a return; the page of reasons leads back to here.
  collected(finding, address) {
    const form = node("form");
    set(form, { method: "post", action: address });
    const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const fields = { csrfmiddlewaretoken: csrf, finding: finding.id, from: location.pathname + location.search + location.hash };
    Object.entries(fields).forEach(([name, value]) => {
      const field = node("input");
      set(field, { type: "hidden", name, value });
      form.append(field);
    });
    const button = node("button", "link-button", this.words.giveBack);
    form.append(button);
    return form;
  }

  link(text, address) {
    const paragraph = node("p");
    const link = node("a", "", text);
    link.href = address;
    paragraph.append(link);
    return paragraph;
  }

  button(text, act, className) {
    const button = node("button", className, text);
    button.type = "button";
    button.addEventListener("click", act);
    return button;
  }

  // What stands in the way of saving, above everything else, with the ways on.
  trouble(text, lines, actions) {
    this.root.querySelector(".trouble")?.remove();
    const box = node("div", "note tone-bad trouble");
    const inner = node("div");
    set(box, { role: "alert" });
    inner.append(node("p", "", text), ...lines.map((line) => node("p", "", line)));
    actions.forEach(([label, act]) => inner.append(typeof act === "string" ? this.outside(label, act) : this.button(label, act, "btn"), " "));
    box.append(inner);
    this.root.prepend(box);
    this.root.scrollTop = 0;
  }

  outside(label, address) {
    const link = node("a", "btn", label);
    set(link, { href: address, target: "_blank", rel: "noopener" });
    return link;
  }
}
