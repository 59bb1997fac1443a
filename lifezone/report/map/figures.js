// How figures are written: levels as minutes or metres, people by the disclosure rule.
import { BEYOND, NOBODY, NOT_ASSESSED, NOT_JUDGED, NO_FACILITY, OFF_NETWORK, TOP, UNREACHABLE } from "./model.js";
import { digits, say } from "./text.js";

/** @typedef {import("./text.js").Labels} Labels */
/** @typedef {import("./model.js").Rule} Rule */

const FEW = 1;
/** @type {Record<number, string>} */
const REASONS = {
  [NOT_ASSESSED]: "notAssessed", [NO_FACILITY]: "noFacility", [OFF_NETWORK]: "offNetwork",
  [UNREACHABLE]: "unreachable", [NOT_JUDGED]: "notJudged", [NOBODY]: "nobody",
};

/**
 * Decimals that tell the steps of a requirement apart.
 * @param {Rule} rule
 * @returns {number}
 */
function decimals(rule) {
  for (let places = 0; places < 3; places += 1) {
    const step = rule.step * 10 ** places;
    if (Math.abs(step - Math.round(step)) < 1e-6) return places;
  }
  return rule.unit === "m" ? 0 : rule.step < 0.1 ? 2 : 1;
}

/**
 * Write the upper limit of a level in the requirement's unit; whole numbers without decimals.
 * @param {Rule} rule
 * @param {number} level
 * @param {Labels} [labels] with them, the unit too
 * @returns {string}
 */
export function metric(rule, level, labels) {
  const value = level * rule.step;
  const whole = Math.abs(value - Math.round(value)) < 1e-6;
  const number = digits(value, whole ? 0 : decimals(rule));
  return labels ? say(labels, `with.${rule.unit}`, { n: number }) : number;
}

/**
 * Write what a requirement says at a place: at most so many minutes or metres, with their unit, or why none.
 * @param {Rule} rule
 * @param {number} level
 * @param {Labels} labels
 * @returns {string}
 */
export function levelText(rule, level, labels) {
  if (level === BEYOND) return say(labels, "over", { value: metric(rule, TOP, labels) });
  if (level < BEYOND) return metric(rule, level, labels);
  return say(labels, REASONS[level] ?? "notJudged");
}

/**
 * Write how many people as it may be told: tens, or fewer than ten; a dash where they are not counted.
 * @param {number} people
 * @param {Labels} labels
 * @returns {string}
 */
export function countText(people, labels) {
  if (Number.isNaN(people)) return "–";
  if (labels.exact) return say(labels, "people", { n: digits(people) });
  if (people === FEW) return say(labels, "under10");
  return say(labels, people ? "about" : "people", { n: digits(people) });
}

/**
 * Write the people of a place as they may be told: fives, or one to four.
 * @param {number} people
 * @param {Labels} labels
 * @returns {string}
 */
export function placeText(people, labels) {
  if (labels.exact) return say(labels, "people", { n: digits(people) });
  if (people === FEW) return say(labels, "oneToFour");
  return say(labels, people ? "about" : "people", { n: digits(people) });
}

/**
 * Write a share of people that are told in tens: no finer than those are.
 * @param {number} part
 * @param {number} whole
 * @param {Labels} labels
 * @returns {string}
 */
export function shareText(part, whole, labels) {
  if (whole <= 0 || (part === FEW && !labels.exact)) return "";
  const percent = Math.min(100, (100 * part) / whole);
  return say(labels, "percent", { n: percent === 100 || percent === 0 ? digits(percent) : digits(percent, 1) });
}
