// Words, numbers and elements. Text comes in by textContent alone: names from data are never markup.

/**
 * The words of the page, by key.
 * @typedef {Record<string, string>} Labels
 */

/**
 * Fill `{name}` in a text.
 * @param {string} text
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * Return a word of the page; a key that is missing shows itself, so that nobody overlooks it.
 * @param {Labels} labels
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(labels, key, values = {}) {
  return fill(labels[key] ?? `[${key}]`, values);
}

/**
 * Write a number with groups of thousands.
 * @param {number} value
 * @param {number} [places]
 * @returns {string}
 */
export function digits(value, places = 0) {
  const text = Math.abs(value).toFixed(places);
  const [whole, part] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const shown = part ? `${grouped}.${part}` : grouped;
  return value < 0 && Number(text) !== 0 ? `−${shown}` : shown;
}

/**
 * Make an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean>} [attributes] `class`, `text` and plain attributes; true = present
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") made.textContent = String(value);
    else if (name === "class") made.className = String(value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, String(value));
  }
  made.append(...children);
  return made;
}

/**
 * Put children in the place of all that an element has.
 * @param {Element} parent
 * @param {(Node | string)[]} children
 */
export function refill(parent, children) {
  parent.replaceChildren(...children);
}
