// Sort a table by a column: by click or key on its head, the first rows (totals) stay on top.

/**
 * The words of a head: without its unit and its note.
 * @param {HTMLTableCellElement} head
 * @returns {ChildNode[]}
 */
function labelOf(head) {
  return [...head.childNodes].filter(
    (node) => !(node instanceof HTMLElement && (node.classList.contains("about") || node.classList.contains("unit"))));
}

/**
 * What a cell is sorted by; null = nothing, which always comes last.
 * @param {HTMLTableCellElement | undefined} cell
 * @param {boolean} isNumber
 * @returns {number | string | null}
 */
function valueOf(cell, isNumber) {
  if (!cell) return null;
  if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
  const text = cell.textContent?.trim() ?? "";
  return isNumber || text === "–" || text === "" ? null : text;
}

/**
 * @param {number | string | null} one
 * @param {number | string | null} two
 * @param {number} way 1 or -1
 * @param {Intl.Collator} collator
 */
function order(one, two, way, collator) {
  if (one === null || two === null) return Number(one === null) - Number(two === null);
  if (typeof one === "number" && typeof two === "number") return way * (one - two);
  return way * collator.compare(String(one), String(two));
}

/**
 * @param {HTMLTableElement} table
 * @param {number} totals rows that stay first
 * @param {() => void} after called when rows have moved
 */
export function sortable(table, totals, after) {
  const body = table.tBodies[0];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (!body || body.rows.length - totals < 2) return;
  const collator = new Intl.Collator(document.documentElement.lang, {numeric: true});
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...labelOf(head));
    head.prepend(button);
    head.setAttribute("aria-sort", "none");
    const isNumber = head.classList.contains("n");
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      // Numbers start with the largest, words with the first.
      const way = now === "none" ? (isNumber ? -1 : 1) : now === "ascending" ? -1 : 1;
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
      const rows = [...body.rows];
      const kept = rows.splice(0, totals);
      rows.sort((one, two) => order(
        valueOf(one.cells[column], isNumber), valueOf(two.cells[column], isNumber), way, collator));
      body.append(...kept, ...rows);
      after();
    });
  });
}
