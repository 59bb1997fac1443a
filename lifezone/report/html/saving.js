// Save a table as CSV: UTF-8 with BOM, as spreadsheets want it; no cell that a spreadsheet takes for a formula.

const FORMULA = /^[=+\-@\t\r＝＋－＠]/u;

/**
 * A cell of the file: a number as it is, anything else as text that stays text.
 * @param {HTMLTableCellElement} cell
 */
function fieldOf(cell) {
  if (cell.dataset.v !== undefined && !/[<>–]/.test(cell.textContent ?? "")) return cell.dataset.v;
  const words = (cell.textContent ?? "").replace(/\s+/g, " ").trim();
  if (words === "–") return "";
  const safe = FORMULA.test(words) ? `'${words}` : words;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/**
 * @param {HTMLTableElement} table
 * @returns {string} with the keys of columns as its head
 */
export function csvOf(table) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.dataset.key ?? "");
  const rows = [...(table.tBodies[0]?.rows ?? [])].map((row) => [...row.cells].map(fieldOf));
  return `\ufeff${[heads, ...rows].map((cells) => cells.join(",")).join("\r\n")}\r\n`;
}

/** @param {HTMLTableElement} table */
export function saveTable(table) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csvOf(table)], {type: "text/csv;charset=utf-8"}));
  link.download = table.dataset.file ?? "table.csv";
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
