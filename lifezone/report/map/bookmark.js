// The state in the address, as numbers and known words only: whatever else stands there is passed over.
import { VIEWS } from "./classes.js";

/** @typedef {import("./classes.js").State} State */
/** @typedef {import("./model.js").Model} Model */


/**
 * @param {string} id of the map on the page
 * @param {Model} model
 * @param {State} state
 * @param {{x: number, y: number, zoom: number}} view
 * @returns {string} the fragment, without #
 */
export function written(id, model, state, view) {
  const parts = [model.rules[state.rule]?.id ?? "", state.view, state.a, state.b, state.cut,
    Math.round(view.x), Math.round(view.y), view.zoom.toFixed(2)];
  return `${id}=${parts.map((part) => encodeURIComponent(String(part))).join(",")}`;
}

/**
 * @param {string} fragment with or without #
 * @param {string} id
 * @param {Model} model
 * @returns {{state: Partial<State>, view: {x: number, y: number, zoom: number} | null} | null}
 */
export function read(fragment, id, model) {
  const text = fragment.replace(/^#/, "");
  if (!text.startsWith(`${id}=`)) return null;
  const parts = text.slice(id.length + 1).split(",");
  if (parts.length !== 8) return null;
  const rule = model.rules.findIndex((one) => encodeURIComponent(one.id) === parts[0]);
  const [a, b, cut, x, y, zoom] = parts.slice(2).map(Number);
  if (rule < 0 || !VIEWS.some((one) => one === parts[1])) return null;
  if (![a, b, cut, x, y, zoom].every(Number.isFinite)) return null;
  /** @param {number} at */
  const known = (at) => Number.isInteger(at) && at >= 0 && at < model.nVariants;
  if (!known(a) || !known(b) || !Number.isInteger(cut) || cut < 0 || cut > 240) return null;
  const view = /** @type {State["view"]} */ (parts[1]);
  return { state: { rule, view, a, b, cut }, view: Math.abs(zoom) < 30 ? { x, y, zoom } : null };
}
