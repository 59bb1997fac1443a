// From levels to what is drawn: one class a place, and what the legend says of each class.
import { BEYOND, NOBODY, NOT_ASSESSED, NOT_JUDGED, NO_FACILITY, OFF_NETWORK, UNREACHABLE } from "./model.js";
import { say } from "./text.js";
import { countText, metric } from "./figures.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./text.js").Labels} Labels */

/**
 * What is looked at.
 * @typedef {object} State
 * @property {number} rule
 * @property {"difference" | "steps" | "single" | "swipe"} view
 * @property {number} a variant
 * @property {number} b variant
 * @property {number} cut level
 * @property {number} split where the swipe stands, 0 to 1
 * @property {string[]} hidden layers that are switched off
 * @property {string[] | null} kinds facilities shown; null = those of the requirement
 */

export const VIEWS = /** @type {State["view"][]} */ (["difference", "steps", "swipe", "single"]);
export const INKS = ["class0", "class1", "class2", "class3", "class4", "class5", "notJudged", "unreachable",
  "offNetwork", "noFacility", "nobody", "gain", "quicker", "unchanged", "slower", "lose", "less3", "less2", "less1",
  "more1", "more2", "more3", "newly", "noLonger"];
/** Added to a class of time or distance beyond the cut-off that somebody has chosen. */
export const CUT_OFF = 64;
export const BARE = 255;
/** Codes from what may be covered to what must be seen, where cells are drawn larger than they are. */
export const RISING = ["nobody", "notJudged", "unchanged", "less1", "more1", "quicker", "slower", "class0", "class1",
  "class2", "class3", "class4", "class5", "less2", "more2", "less3", "more3", "unreachable", "offNetwork", "noFacility",
  "newly", "noLonger", "lose", "gain"];

/** @type {Record<string, number>} */
const CODE = Object.fromEntries(INKS.map((name, at) => [name, at]));
/** @type {Record<number, number>} */
const REASON = {
  [NOT_ASSESSED]: CODE.notJudged,
  [NO_FACILITY]: CODE.noFacility,
  [OFF_NETWORK]: CODE.offNetwork,
  [UNREACHABLE]: CODE.unreachable,
  [NOT_JUDGED]: CODE.notJudged,
  [NOBODY]: CODE.nobody,
};
const STEP_INKS = ["less3", "less2", "less1", "unchanged", "more1", "more2", "more3"].map((name) => CODE[name]);

/**
 * @param {import("./model.js").Rule} rule
 * @param {number} level
 * @returns {number} class of a level that is reached
 */
function classOf(rule, level) {
  let at = 0;
  while (at < rule.classes.length && level > rule.classes[at]) at += 1;
  return at;
}

/**
 * Classes of one variant; beyond a chosen cut-off they are marked. Where verdict and value part (a bound by density),
 * the verdict says on which side of the bound a place is.
 * @param {Model} model
 * @param {State} state
 * @param {number} variant
 * @returns {Uint8Array}
 */
export function valueCodes(model, state, variant) {
  const rule = model.rules[state.rule];
  const table = new Uint8Array(256);
  for (let level = 0; level < 256; level += 1) {
    const cut = state.cut !== rule.bound && level > state.cut ? CUT_OFF : 0;
    table[level] = level <= BEYOND ? classOf(rule, level) + cut : REASON[level] ?? CODE.notJudged;
  }
  const levels = model.level(state.rule, variant);
  const codes = new Uint8Array(levels.length);
  for (let at = 0; at < levels.length; at += 1) codes[at] = table[levels[at]];
  if (rule.met[variant] !== null) {
    const met = model.within(state.rule, variant, rule.bound);
    const bound = rule.classes.indexOf(rule.bound);
    for (let at = 0; at < codes.length; at += 1) {
      if (levels[at] > BEYOND) continue;
      const mark = codes[at] & CUT_OFF;
      const own = codes[at] & ~CUT_OFF;
      codes[at] = mark | (met[at] ? Math.min(own, bound) : Math.max(own, bound + 1));
    }
  }
  return codes;
}

/**
 * Who gains, loses, or is merely nearer or farther, from variant a to b at the cut-off.
 * @param {Model} model
 * @param {State} state
 * @returns {Uint8Array}
 */
export function differenceCodes(model, state) {
  const before = model.level(state.rule, state.a);
  const after = model.level(state.rule, state.b);
  const was = model.within(state.rule, state.a, state.cut);
  const is = model.within(state.rule, state.b, state.cut);
  const codes = new Uint8Array(before.length);
  for (let at = 0; at < codes.length; at += 1) {
    const [old, now] = [before[at], after[at]];
    let code = now < old ? CODE.quicker : now > old ? CODE.slower : CODE.unchanged;
    if (now === NOBODY || now === NOT_JUDGED || now === NOT_ASSESSED) code = REASON[now];
    else if (old > BEYOND && now > BEYOND) code = CODE.unreachable;
    else if (is[at] && !was[at]) code = CODE.gain;
    else if (was[at] && !is[at]) code = CODE.lose;
    codes[at] = code;
  }
  return codes;
}

/**
 * By how much time or distance changes from variant a to b.
 * @param {Model} model
 * @param {State} state
 * @returns {Uint8Array}
 */
export function stepCodes(model, state) {
  const limits = model.rules[state.rule].steps;
  const before = model.level(state.rule, state.a);
  const after = model.level(state.rule, state.b);
  const codes = new Uint8Array(before.length);
  for (let at = 0; at < codes.length; at += 1) {
    const [old, now] = [before[at], after[at]];
    if (now === NOBODY || now === NOT_JUDGED || now === NOT_ASSESSED) codes[at] = REASON[now];
    else if (old > BEYOND && now > BEYOND) codes[at] = CODE.unreachable;
    else if (old > BEYOND) codes[at] = CODE.newly;
    else if (now > BEYOND) codes[at] = CODE.noLonger;
    else {
      const size = limits.filter((limit) => Math.abs(now - old) >= limit).length;
      codes[at] = STEP_INKS[3 + Math.sign(now - old) * size];
    }
  }
  return codes;
}

/**
 * A row of the legend.
 * @typedef {{code: number, text: string, people: string, mark?: string}} Row
 */

/**
 * @param {Model} model
 * @param {State} state
 * @param {number} variant
 * @param {Labels} labels
 * @returns {Row[]}
 */
export function valueRows(model, state, variant, labels) {
  const rule = model.rules[state.rule];
  const counts = model.counts(state.rule, variant);
  const limits = rule.classes.map((level) => metric(rule, level));
  const rows = counts.classes.map((people, at) => {
    const low = at ? limits[at - 1] : "0";
    const text = at < limits.length ? `${low} – ${limits[at]}` : `> ${low}`;
    const key = rule.classes[at] === rule.bound ? "boundMark" : rule.classes[at] === rule.optimum ? "optimumMark" : "";
    const mark = key ? say(labels, key, { bound: metric(rule, rule.classes[at], labels) }) : undefined;
    return { code: at, text, people: countText(people, labels), mark };
  });
  return [...rows, ...reasonRows(model, state, [variant], labels)];
}

/**
 * @param {Model} model
 * @param {State} state
 * @param {Labels} labels
 * @returns {Row[]}
 */
export function differenceRows(model, state, labels) {
  const told = model.changes(state.rule, state.a, state.b, state.cut);
  const nearer = model.rules[state.rule].metric === "time" ? "quicker" : "shorter";
  const farther = model.rules[state.rule].metric === "time" ? "slower" : "longer";
  return [
    { code: CODE.gain, text: say(labels, "gain"), people: countText(told.gain, labels) },
    { code: CODE.quicker, text: say(labels, nearer), people: "" },
    { code: CODE.unchanged, text: say(labels, "unchanged"), people: "" },
    { code: CODE.slower, text: say(labels, farther), people: "" },
    { code: CODE.lose, text: say(labels, "lose"), people: countText(told.lose, labels) },
    ...bothWays(model, state, labels),
  ];
}

/**
 * @param {Model} model
 * @param {State} state
 * @param {Labels} labels
 * @returns {Row[]}
 */
export function stepRows(model, state, labels) {
  const rule = model.rules[state.rule];
  const told = model.changes(state.rule, state.a, state.b, state.cut).steps;
  const [small, clear, large] = rule.steps.map((level) => metric(rule, level));
  const unit = say(labels, `unit.${rule.unit}`);
  const texts = [`−${large} …`, `−${clear} … −${large}`, `−${small} … −${clear}`, `±0 … ±${small}`,
    `+${small} … +${clear}`, `+${clear} … +${large}`, `+${large} …`];
  const same = say(labels, "unchanged");
  const rows = texts.map((text, at) => ({
    code: STEP_INKS[at],
    text: at === 3 ? `${same} (${text} ${unit})` : `${text} ${unit}`,
    people: at === 3 ? "" : countText(told[at], labels),
  }));
  if (told[7]) rows.push({ code: CODE.newly, text: say(labels, "newly"), people: countText(told[7], labels) });
  if (told[8]) rows.push({ code: CODE.noLonger, text: say(labels, "noLonger"), people: countText(told[8], labels) });
  return [...rows, ...bothWays(model, state, labels)];
}

/**
 * @param {Model} model
 * @param {State} state
 * @param {Labels} labels
 * @returns {Row[]}
 */
function bothWays(model, state, labels) {
  const rows = reasonRows(model, state, [state.a, state.b], labels);
  const none = rows.some((row) => [CODE.unreachable, CODE.offNetwork, CODE.noFacility].includes(row.code));
  const rest = rows.filter((row) => row.code === CODE.notJudged || row.code === CODE.nobody);
  return [...(none ? [{ code: CODE.unreachable, text: say(labels, "noWay"), people: "" }] : []), ...rest];
}

/**
 * Rows of places without a time or distance, those that occur; nobody's cells always.
 * @param {Model} model
 * @param {State} state
 * @param {number[]} variants
 * @param {Labels} labels
 * @returns {Row[]}
 */
function reasonRows(model, state, variants, labels) {
  const seen = new Set(variants.flatMap((variant) => [...new Set(model.level(state.rule, variant))]));
  /** @type {[number, number, string][]} */
  const known = [[UNREACHABLE, CODE.unreachable, "unreachable"], [OFF_NETWORK, CODE.offNetwork, "offNetwork"],
    [NO_FACILITY, CODE.noFacility, "noFacility"]];
  const counts = variants.length === 1 ? model.counts(state.rule, variants[0]).reasons : {};
  const rows = known.filter(([level]) => seen.has(level)).map(([level, code, key]) => {
    const people = counts[String(level)];
    return { code, text: say(labels, key), people: people === undefined ? "" : countText(people, labels) };
  });
  if (seen.has(NOT_JUDGED) || seen.has(NOT_ASSESSED)) {
    rows.push({ code: CODE.notJudged, text: say(labels, "notJudged"), people: "" });
  }
  rows.push({ code: CODE.nobody, text: say(labels, "nobody"), people: "" });
  return rows;
}
