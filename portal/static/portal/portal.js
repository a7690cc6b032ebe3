// What the pages do beyond plain HTML: the drop zone, one click per form, progress said aloud, lost connections told.
"use strict";

document.documentElement.classList.add("js");

function sayFile(zone) {
  const input = zone.querySelector("input[type=file]");
  const said = zone.querySelector("[role=status]");
  const file = input.files[0];
  const tooLarge = Boolean(file) && file.size > Number(zone.dataset.maxBytes);
  const named = file ? `${file.name} · ${(file.size / 1048576).toFixed(2)} MB` : "";
  const isOdd = Boolean(file) && !input.accept.split(",").some((end) => file.name.toLowerCase().endsWith(end));
  said.classList.toggle("bad", tooLarge);
  said.textContent = tooLarge ? said.dataset.tooLarge : isOdd ? `${named} – ${said.dataset.odd}` : named;
  input.setCustomValidity(tooLarge ? said.dataset.tooLarge : "");
}

function take(zone, files) {
  const said = zone.querySelector("[role=status]");
  if (files.length !== 1) {
    // what was chosen before stays chosen
    said.textContent = files.length ? said.dataset.one : said.dataset.none;
    return;
  }
  zone.querySelector("input[type=file]").files = files;
  sayFile(zone);
}

const zoneOf = (event) => event.target.closest?.("[data-drop]");

document.addEventListener("dragover", (event) => {
  // a file dropped beside the zone must not make the browser leave the page
  event.preventDefault();
  zoneOf(event)?.classList.add("over");
});
document.addEventListener("dragleave", (event) => zoneOf(event)?.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  const zone = zoneOf(event);
  if (!zone) return;
  zone.classList.remove("over");
  take(zone, event.dataTransfer.files);
});
document.addEventListener("change", (event) => {
  const zone = zoneOf(event);
  if (zone) sayFile(zone);
});

// A form is sent once; the button comes back when the page is shown again or sending failed.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-once]");
  if (!form) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
}, true);

function again() {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  });
  document.querySelectorAll(".bytes").forEach((bar) => { bar.hidden = true; });
}
window.addEventListener("pageshow", again);

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.querySelector?.(".bytes");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});

function tell(id, isSo) {
  const note = document.getElementById(id);
  if (note) note.hidden = !isSo;
}
["htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, () => { tell("lost", true); again(); }));
document.addEventListener("htmx:responseError", () => { tell("fault", true); again(); });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.xhr.status) tell("lost", false);
  if (event.detail.successful) tell("fault", false);
});

// What a person types outlives the session: it comes back after logging in again, until something was kept.
const draftOf = (field) => ["draft", document.body.dataset.user, location.href, field.name].join(" ");
const isDraft = (field) => field.matches?.("main textarea");

document.addEventListener("input", (event) => {
  if (isDraft(event.target)) sessionStorage.setItem(draftOf(event.target), event.target.value);
});
// Only what the form sent last held is done with: drafts of other pages, and of cells of the grid, stay.
const sentName = "sent";
document.addEventListener("submit", (event) => {
  const names = [...event.target.elements].filter(isDraft).map(draftOf);
  sessionStorage.setItem(sentName, JSON.stringify(names));
});
if (document.querySelector("main [data-kept]")) {
  JSON.parse(sessionStorage.getItem(sentName) ?? "[]").forEach((name) => sessionStorage.removeItem(name));
  sessionStorage.removeItem(sentName);
}
document.querySelectorAll("main textarea").forEach((field) => {
  field.value ||= sessionStorage.getItem(draftOf(field)) ?? "";
});

// Screen readers hear a phase once, when it changes, and not every row count.
document.addEventListener("htmx:afterSwap", (event) => {
  const phase = event.target.querySelector?.("[data-said]");
  const said = document.getElementById("progress-said");
  if (phase && said && said.textContent !== phase.dataset.said) said.textContent = phase.dataset.said;
  document.getElementById("errors")?.focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
document.getElementById("errors")?.focus();
