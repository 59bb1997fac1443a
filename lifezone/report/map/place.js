// What is told of one place, one desert, one facility: in a panel, in the tip at the pointer, and to screen readers.
import { BEYOND } from "./model.js";
import { countText, levelText, metric, placeText } from "./figures.js";
import { digits, el, refill, say } from "./text.js";
import { standing } from "./symbols.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./text.js").Labels} Labels */
/** @typedef {import("./classes.js").State} State */

/**
 * @param {Model} model
 * @param {number} rule
 * @param {number} variant
 * @param {number} place
 * @param {Labels} labels
 * @returns {string} `12.5 min ○`, `21 min ×`, or why there is no time
 */
function verdict(model, rule, variant, place, labels) {
  const told = model.rules[rule];
  const level = model.level(rule, variant)[place];
  if (level > BEYOND) return levelText(told, level, labels);
  const met = model.within(rule, variant, told.bound)[place];
  return `${levelText(told, level, labels)} ${say(labels, met ? "met" : "unmet")}`;
}

/**
 * @param {Model} model
 * @param {number} place
 * @param {Labels} labels
 * @returns {string}
 */
function districtName(model, place, labels) {
  return model.payload.districts[model.district[place]]?.name ?? say(labels, "noDistrict");
}

/** @param {State} state @param {Model} model */
function compared(state, model) {
  return model.nVariants > 1 && state.view !== "single";
}

/**
 * @param {Model} model
 * @param {State} state
 * @param {number} place
 * @param {Labels} labels
 * @returns {string[]} lines for the tip and for screen readers
 */
export function placeLines(model, state, place, labels) {
  const rule = model.rules[state.rule];
  const lines = [`${districtName(model, place, labels)} · ${placeText(model.people(state.a)[place], labels)}`];
  const a = verdict(model, state.rule, state.a, place, labels);
  const name = (/** @type {number} */ variant) => model.payload.variants[variant].name;
  if (!compared(state, model)) return [...lines, `${rule.name}: ${a}`];
  const b = verdict(model, state.rule, state.b, place, labels);
  return [...lines, `${rule.name}`, `A ${name(state.a)}: ${a}`, `B ${name(state.b)}: ${b}`];
}

/**
 * Fill the panel with everything that is known of a place: all requirements, in both variants.
 * @param {Element} panel
 * @param {Model} model
 * @param {State} state
 * @param {number} place
 * @param {Labels} labels
 */
export function showPlace(panel, model, state, place, labels) {
  const both = compared(state, model);
  const [a, b] = [model.people(state.a)[place], model.people(state.b)[place]];
  const people = both && a !== b ? `A ${placeText(a, labels)} → B ${placeText(b, labels)}` : placeText(a, labels);
  const head = [el("th", { scope: "col", text: say(labels, "requirement") }),
    el("th", { scope: "col", text: say(labels, "bound") }),
    el("th", { scope: "col", text: both ? `A ${model.payload.variants[state.a].name}` : say(labels, "value") })];
  if (both) head.push(el("th", { scope: "col", text: `B ${model.payload.variants[state.b].name}` }));
  const rows = [];
  let silent = 0;
  for (let rule = 0; rule < model.rules.length; rule += 1) {
    const told = model.rules[rule];
    const levels = [state.a, state.b].map((variant) => model.level(rule, variant)[place]);
    if (levels.every((level) => level >= 254 || level === 250)) {
      silent += 1;
      continue;
    }
    const cells = [el("th", { scope: "row", text: told.name }), el("td", { text: metric(told, told.bound, labels) }),
      el("td", { text: verdict(model, rule, state.a, place, labels) })];
    if (both) cells.push(el("td", { text: verdict(model, rule, state.b, place, labels) }));
    rows.push(el("tr", rule === state.rule ? { class: "lz-now" } : {}, cells));
  }
  const table = el("table", {}, [el("thead", {}, [el("tr", {}, head)]), el("tbody", {}, rows)]);
  refill(panel, [
    el("h4", { text: districtName(model, place, labels) }),
    el("p", { text: say(labels, "peopleHere", { people }) }),
    rows.length ? table : el("p", { text: say(labels, "nothingJudged") }),
    ...(rows.length && silent ? [el("p", { class: "lz-small", text: say(labels, "silent", { n: silent }) })] : []),
    el("p", { class: "lz-small", text: say(labels, "howRead") }),
    ...notices(model),
  ]);
}

/**
 * @param {Model} model
 * @returns {HTMLElement[]}
 */
function notices(model) {
  return model.payload.notes.map((text) => el("p", { class: "lz-small lz-notice", text }));
}

/**
 * @param {Model} model
 * @param {import("./model.js").DesertTold} desert
 * @param {Labels} labels
 * @returns {string}
 */
export function desertName(model, desert, labels) {
  const district = model.payload.districts[desert.district]?.name ?? "";
  return desert.name || say(labels, "scattered", { district }).trim();
}

/**
 * @param {Model} model
 * @param {import("./model.js").DesertTold} desert
 * @param {Labels} labels
 * @returns {string[]}
 */
export function desertLines(model, desert, labels) {
  const missing = desert.missing.map((key) => model.payload.functions[key] ?? key).join(", ");
  return [
    `${desertName(model, desert, labels)} · ${countText(desert.people.total ?? 0, labels)}`,
    say(labels, "missing", { what: missing }),
    desert.worst === null ? say(labels, "worstNone") : say(labels, "worst", { n: digits(desert.worst, 1) }),
  ];
}

/**
 * @param {Element} panel
 * @param {Model} model
 * @param {import("./model.js").DesertTold} desert
 * @param {string} variant
 * @param {Labels} labels
 */
export function showDesert(panel, model, desert, variant, labels) {
  const [, missing, worst] = desertLines(model, desert, labels);
  const groups = Object.entries(desert.people).map(([group, people]) => el("li", {
    text: `${model.payload.groups[group] ?? group}: ${countText(people, labels)}`,
  }));
  refill(panel, [
    el("h4", { text: desertName(model, desert, labels) }),
    el("p", { class: "lz-small", text: variant }),
    el("p", { text: missing }),
    el("p", { text: worst }),
    el("ul", {}, groups),
    ...notices(model),
  ]);
}

/**
 * @param {Model} model
 * @param {State} state
 * @param {number} at
 * @param {Labels} labels
 * @returns {string[]}
 */
export function facilityLines(model, state, at, labels) {
  const told = model.payload.facilities;
  const kind = told.kinds[model.facilities.kind[at]];
  const capacity = told.capacity[at];
  const b = compared(state, model) ? state.b : state.a;
  const { before, now, badge } = standing(model, at, state.a, b);
  /** @param {number} status */
  const word = (status) => say(labels, `status.${["absent", "candidate", "open"][status]}`);
  const lines = [told.name[at] || kind.name, kind.name];
  if (capacity !== null) lines.push(say(labels, "capacity", { n: digits(capacity), unit: kind.unit }).trim());
  lines.push(badge || before !== now ? `A ${word(before)} → B ${word(now)}` : word(now));
  if (model.facilities.across[at]) lines.push(say(labels, "across"));
  return lines;
}

/**
 * @param {Element} panel
 * @param {string[]} lines
 */
export function showLines(panel, lines) {
  const [first, ...rest] = lines;
  refill(panel, [el("h4", { text: first }), ...rest.map((text) => el("p", { text }))]);
}
