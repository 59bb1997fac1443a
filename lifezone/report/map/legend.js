// The legend: always open, with the names of what is compared in its heading.
import { differenceRows, stepRows, valueRows } from "./classes.js";
import { countText, metric, shareText } from "./figures.js";
import { lineSwatch, swatch } from "./patterns.js";
import { LINES_TOLD } from "./scene.js";
import { symbolSwatch } from "./symbols.js";
import { el, refill, say } from "./text.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./text.js").Labels} Labels */
/** @typedef {import("./classes.js").State} State */
/** @typedef {import("./scene.js").Scene} Scene */

/**
 * The heading of map and legend: what is shown, of which variants, by which limit.
 * @param {Model} model
 * @param {State} state
 * @param {Labels} labels
 * @returns {string}
 */
export function titleOf(model, state, labels) {
  const rule = model.rules[state.rule];
  const [a, b] = [state.a, state.b].map((variant) => model.payload.variants[variant]?.name ?? "");
  const limit = state.cut === rule.bound
    ? say(labels, "byBound", { bound: metric(rule, rule.bound, labels) })
    : say(labels, "byCut", { cut: metric(rule, state.cut, labels), bound: metric(rule, rule.bound, labels) });
  const key = model.nVariants > 1 ? `title.${state.view}` : "title.only";
  return say(labels, key, { rule: rule.name, what: rule.what, a, b, limit });
}

/**
 * @param {Model} model
 * @param {State} state
 * @param {Labels} labels
 * @returns {[string, import("./classes.js").Row[]][]} headings with rows
 */
function parts(model, state, labels) {
  const rule = model.rules[state.rule];
  const names = model.payload.variants.map((variant) => variant.name);
  const unit = say(labels, "measured", { what: rule.what, unit: say(labels, `unit.${rule.unit}`) });
  if (state.view === "difference") {
    return [[say(labels, "legend.difference", { a: names[state.a], b: names[state.b] }),
      differenceRows(model, state, labels)]];
  }
  if (state.view === "steps") {
    return [[say(labels, "legend.steps", { a: names[state.a], b: names[state.b] }), stepRows(model, state, labels)]];
  }
  const first = model.nVariants > 1 ? `A ${names[state.a]} – ${unit}` : unit;
  /** @type {[string, import("./classes.js").Row[]][]} */
  const found = [[first, valueRows(model, state, state.a, labels)]];
  if (state.view === "swipe") found.push([`B ${names[state.b]} – ${unit}`, valueRows(model, state, state.b, labels)]);
  return found;
}

/**
 * @param {HTMLElement} legend
 * @param {Model} model
 * @param {State} state
 * @param {Scene} scene
 * @param {Set<number>} kinds that are shown
 * @param {Labels} labels
 */
export function showLegend(legend, model, state, scene, kinds, labels) {
  const rule = model.rules[state.rule];
  const group = model.payload.groups[rule.group] ?? rule.group;
  const setting = rule.setting === "any" ? "" : ` · ${say(labels, `setting.${rule.setting}`)}`;
  /** @type {HTMLElement[]} */
  const children = [el("h4", { text: say(labels, "legend") }),
    el("p", { class: "lz-small", text: say(labels, "ofWhom", { group }) + setting })];
  for (const [heading, rows] of parts(model, state, labels)) {
    const items = rows.flatMap((row) => {
      const ink = scene.byCode[row.code];
      const item = el("li", {}, [ink ? swatch(ink) : "", el("span", { class: "lz-what", text: row.text }),
        el("span", { class: "lz-many", text: row.people })]);
      return row.mark ? [item, el("li", { class: "lz-mark", text: row.mark })] : [item];
    });
    children.push(el("p", { class: "lz-heading", text: heading }), el("ul", { class: "lz-rows" }, items));
  }
  if (state.cut !== rule.bound && (state.view === "single" || state.view === "swipe")) {
    const ink = scene.byCode[64 + rule.classes.length - 1];
    children.push(el("ul", { class: "lz-rows" }, [el("li", {}, [ink ? swatch(ink) : "",
      el("span", { class: "lz-what", text: say(labels, "beyondCut", { cut: metric(rule, state.cut, labels) }) })])]));
  }
  const symbols = [...kinds].map((kind) => el("li", {}, [symbolSwatch(scene.symbols[kind]),
    el("span", { class: "lz-what", text: model.payload.facilities.kinds[kind].name })]));
  if (symbols.length) {
    children.push(el("p", { class: "lz-heading", text: say(labels, "facilities") }),
      el("ul", { class: "lz-rows" }, symbols), el("p", { class: "lz-small", text: say(labels, "symbols") }));
  }
  const lines = LINES_TOLD.filter(([word, , , , layer]) => scene.has(word) && !state.hidden.includes(layer));
  children.push(el("ul", { class: "lz-rows lz-lines" }, lines.map(([word, colour, width, dash]) => el("li", {}, [
    lineSwatch(colour, width, dash), el("span", { class: "lz-what", text: say(labels, `line.${word}`) })]))));
  refill(legend, children);
}

/**
 * How many people are within the cut-off, in words.
 * @param {Model} model
 * @param {State} state
 * @param {Labels} labels
 * @returns {string[]}
 */
export function cutLines(model, state, labels) {
  const rule = model.rules[state.rule];
  const both = model.nVariants > 1 && state.view !== "single";
  const lines = (both ? [state.a, state.b] : [state.a]).map((variant, at) => {
    const within = model.upTo(state.rule, variant, state.cut);
    const { judged } = model.counts(state.rule, variant);
    const name = model.nVariants > 1 ? `${"AB"[at]} ${model.payload.variants[variant].name}: ` : "";
    const share = shareText(within, judged, labels);
    return name + say(labels, "within", { people: countText(within, labels), of: countText(judged, labels) })
      + (share ? ` (${share})` : "");
  });
  if (both) {
    const { gain, lose } = model.changes(state.rule, state.a, state.b, state.cut);
    lines.push(say(labels, "gainLose", { gain: countText(gain, labels), lose: countText(lose, labels) }));
  }
  return [say(labels, "cutAt", { cut: metric(rule, state.cut, labels) })
    + (state.cut === rule.bound ? ` ${say(labels, "isBound")}` : ""), ...lines];
}
