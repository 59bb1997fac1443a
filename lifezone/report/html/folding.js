// Long tables show their first rows until somebody asks for all of them.

/**
 * @param {HTMLElement} box
 * @param {HTMLTableElement} table
 * @returns {() => void} to be called when rows have moved
 */
export function foldable(box, table) {
  const button = box.querySelector("button[data-do=fold]");
  const body = table.tBodies[0];
  if (!(button instanceof HTMLButtonElement) || !body) return () => {};
  const most = Number(box.dataset.most);
  const words = {more: button.textContent ?? "", less: button.dataset.less ?? ""};
  let isOpen = false;
  const apply = () => {
    [...body.rows].forEach((row, at) => { row.hidden = !isOpen && at >= most; });
    button.setAttribute("aria-expanded", String(isOpen));
    button.textContent = isOpen ? words.less : words.more;
  };
  button.addEventListener("click", () => {
    isOpen = !isOpen;
    apply();
  });
  apply();
  return apply;
}
