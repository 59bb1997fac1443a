// What scripts add to a report that is readable without them: tables that sort, fold, copy and save.
import {sortable} from "./sorting.js";
import {foldable} from "./folding.js";
import {copyTable} from "./copying.js";
import {saveTable} from "./saving.js";

/**
 * Tell readers and screen readers that something was done.
 * @param {string} words
 */
function tell(words) {
  const place = document.getElementById("told");
  if (!place) return;
  place.textContent = words;
  window.setTimeout(() => { if (place.textContent === words) place.textContent = ""; }, 4000);
}

/** @param {HTMLElement} box a table with its buttons */
function equip(box) {
  const table = box.querySelector("table");
  const tools = box.querySelector(".tools");
  if (!(table instanceof HTMLTableElement) || !(tools instanceof HTMLElement)) return;
  const totals = Number(box.dataset.totals ?? 0);
  const fold = foldable(box, table);
  sortable(table, totals, fold);
  tools.hidden = false;
  tools.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    if (button.dataset.do === "copy") {
      copyTable(table).then((done) => tell((done ? button.dataset.done : button.dataset.failed) ?? ""));
    } else if (button.dataset.do === "save") {
      saveTable(table);
      tell(button.dataset.done ?? "");
    }
  });
}

/** Open what holds the place that the address names: a table of numbers below a chart. */
function openTarget() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  place?.closest("details")?.setAttribute("open", "");
}

document.documentElement.classList.add("scripts");
for (const box of document.querySelectorAll(".table")) {
  if (box instanceof HTMLElement) equip(box);
}
openTarget();
window.addEventListener("hashchange", openTarget);
