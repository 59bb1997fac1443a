// Copy a table so that a word processor gets a table and a spreadsheet gets cells: HTML and tab-separated text.

/**
 * @param {HTMLTableElement} table
 * @returns {string[][]} heads and all rows as they are read, folded ones too
 */
export function cellsOf(table) {
  return [...table.rows].map((row) => [...row.cells].map((cell) => wordsOf(cell)));
}

/**
 * The words of a cell without its notes; a head with its unit.
 * @param {HTMLTableCellElement} cell
 */
function wordsOf(cell) {
  const copy = cell.cloneNode(true);
  if (copy instanceof Element) for (const note of copy.querySelectorAll(".about")) note.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** @param {HTMLTableElement} table */
function htmlOf(table) {
  const made = document.createElement("table");
  made.setAttribute("border", "1");
  const caption = made.createCaption();
  caption.textContent = table.caption?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  cellsOf(table).forEach((cells, at) => {
    const row = made.insertRow();
    for (const words of cells) {
      const cell = document.createElement(at === 0 ? "th" : "td");
      cell.textContent = words;
      row.append(cell);
    }
  });
  return made.outerHTML;
}

/**
 * @param {HTMLTableElement} table
 * @returns {Promise<boolean>} whether the clipboard took it
 */
export async function copyTable(table) {
  const html = htmlOf(table);
  const text = cellsOf(table).map((cells) => cells.join("\t")).join("\r\n");
  if (copyByEvent(html, text)) return true;
  try {
    await navigator.clipboard.write([new ClipboardItem({
      "text/html": new Blob([html], {type: "text/html"}),
      "text/plain": new Blob([text], {type: "text/plain"}),
    })]);
    return true;
  } catch {
    return false;
  }
}

/**
 * The old way, which needs no permission and works in a page opened from a disk.
 * @param {string} html
 * @param {string} text
 */
function copyByEvent(html, text) {
  let isTaken = false;
  /** @param {ClipboardEvent} event */
  const give = (event) => {
    event.clipboardData?.setData("text/html", html);
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    isTaken = true;
  };
  document.addEventListener("copy", give);
  try {
    document.execCommand("copy");
  } catch {
    isTaken = false;
  }
  document.removeEventListener("copy", give);
  return isTaken;
}
