// The strip of a page that is open while the demo comes in says how far it is, until the demo is there.
"use strict";

(() => {
  const EVERY_MS = 2000;
  const strip = document.querySelector(".demo-progress");

  async function follow() {
    try {
      const answer = await fetch(strip.dataset.from);
      if (answer.ok) strip.innerHTML = await answer.text();
    } catch {
      // a server that starts again answers later
    }
    if (strip.firstElementChild) setTimeout(follow, EVERY_MS);
  }
  setTimeout(follow, EVERY_MS);
})();
