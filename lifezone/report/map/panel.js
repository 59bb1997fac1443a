// The form beside the map. Every action of the map has its twin here, for keyboards and screen readers.
import { VIEWS } from "./classes.js";
import { el, refill, say } from "./text.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./text.js").Labels} Labels */
/** @typedef {import("./classes.js").State} State */

export const LAYERS = ["places", "roads", "borders", "names", "deserts", "facilities"];

let made = 0;

/**
 * The parts of the form that the map fills and listens to.
 * @typedef {object} Panel
 * @property {HTMLElement} root beside the map
 * @property {HTMLElement} more below it
 * @property {HTMLElement} bar
 * @property {HTMLSelectElement} rule
 * @property {HTMLInputElement[]} views
 * @property {HTMLSelectElement} a
 * @property {HTMLSelectElement} b
 * @property {HTMLElement} pair
 * @property {HTMLButtonElement} turn
 * @property {HTMLInputElement} cut
 * @property {HTMLElement} cutMark
 * @property {HTMLElement} cutText
 * @property {HTMLButtonElement} toBound
 * @property {HTMLElement} legend
 * @property {HTMLInputElement[]} layers
 * @property {HTMLElement} kinds
 * @property {HTMLButtonElement} kindsAuto
 * @property {HTMLSelectElement} facility
 * @property {HTMLSelectElement} desert
 * @property {HTMLSelectElement} district
 * @property {HTMLElement} place
 * @property {HTMLButtonElement} bookmark
 */

/**
 * @param {string} text
 * @param {HTMLElement} control
 * @param {string} [className]
 * @returns {HTMLElement}
 */
function labelled(text, control, className = "lz-field") {
  made += 1;
  control.id = `lz-control-${made}`;
  return el("div", { class: className }, [el("label", { for: control.id, text }), control]);
}

/**
 * @param {string} type
 * @param {string} name
 * @param {string} value
 * @param {string} text
 * @returns {[HTMLInputElement, HTMLElement]}
 */
function choice(type, name, value, text) {
  const input = el("input", { type, name, value });
  return [input, el("label", { class: "lz-choice" }, [input, el("span", { text })])];
}

/**
 * @param {string[]} names
 * @returns {HTMLSelectElement}
 */
function variantsSelect(names) {
  return el("select", {}, names.map((name, at) => el("option", { value: at, text: name })));
}

/**
 * @param {Model} model
 * @param {Labels} labels
 * @returns {Panel}
 */
export function makePanel(model, labels) {
  made += 1;
  const group = `lz-view-${made}`;
  const names = model.payload.variants.map((variant) => variant.name);
  const rule = el("select", {}, model.rules.map((one, at) => el("option", { value: at, text: one.name })));
  const views = VIEWS.map((view) => choice("radio", group, view, say(labels, `view.${view}`)));
  const [a, b] = [variantsSelect(names), variantsSelect(names)];
  const swap = say(labels, "turn");
  const turn = el("button", { type: "button", text: "⇄", "aria-label": swap, title: swap });
  const pair = labelled(say(labels, "variantB"), b);
  const compare = el("div", { class: "lz-compare" }, [labelled(say(labels, "variantA"), a), turn, pair]);
  const fieldset = el("fieldset", { class: "lz-views" }, [el("legend", { text: say(labels, "view") }),
    ...views.map(([, label]) => label)]);
  const several = model.nVariants > 1;
  const bar = el("div", { class: "lz-bar" }, [labelled(say(labels, "requirement"), rule),
    ...(several ? [fieldset, compare] : [])]);
  const cut = el("input", { type: "range", min: 1, step: 1 });
  const cutMark = el("span", { class: "lz-cut-mark", "aria-hidden": "true" });
  const cutText = el("div", { class: "lz-cut-text" });
  const toBound = el("button", { type: "button", text: say(labels, "toBound") });
  const slider = el("section", { class: "lz-cut" }, [labelled(say(labels, "cut"), cut),
    el("div", { class: "lz-cut-scale" }, [cutMark]), cutText, toBound]);
  const legend = el("section", { class: "lz-legend", "aria-label": say(labels, "legend") });
  const layers = LAYERS.map((layer) => choice("checkbox", "", layer, say(labels, `layer.${layer}`)));
  const kinds = el("div", { class: "lz-kinds" });
  const kindsAuto = el("button", { type: "button", text: say(labels, "kindsAuto") });
  const [facility, desert, district] = [el("select"), el("select"), el("select")];
  const place = el("section", { class: "lz-place", "aria-label": say(labels, "placePanel") },
    [el("h4", { text: say(labels, "placePanel") }), el("p", { text: say(labels, "placeHow") })]);
  const bookmark = el("button", { type: "button", text: say(labels, "bookmark") });
  const root = el("div", { class: "lz-side" }, [legend, slider, place]);
  const more = el("div", { class: "lz-more" }, [
    el("details", { class: "lz-layers" }, [el("summary", { text: say(labels, "layers") }),
      ...layers.map(([, label]) => label)]),
    el("details", { class: "lz-kinds-box" }, [el("summary", { text: say(labels, "kinds") }), kindsAuto, kinds]),
    el("section", { class: "lz-goto", "aria-label": say(labels, "goto") }, [
      labelled(say(labels, "gotoDistrict"), district), labelled(say(labels, "gotoDesert"), desert),
      labelled(say(labels, "gotoFacility"), facility), bookmark]),
  ]);
  return { root, more, bar, rule, views: views.map(([input]) => input), a, b, pair, turn, cut, cutMark, cutText,
    toBound, legend, layers: layers.map(([input]) => input), kinds, kindsAuto, facility, desert, district, place,
    bookmark };
}

/**
 * Fill a select with a first line that says what it is for, and entries.
 * @param {HTMLSelectElement} select
 * @param {string} first
 * @param {[number, string][]} entries
 */
export function fillSelect(select, first, entries) {
  refill(select, [el("option", { value: "", text: first }),
    ...entries.map(([value, text]) => el("option", { value, text }))]);
  select.disabled = entries.length === 0;
}

/**
 * Tell whether a list must be filled anew, and remember for what it is.
 * @param {HTMLElement} list
 * @param {string} what
 * @returns {boolean}
 */
export function isOther(list, what) {
  if (list.dataset.of === what) return false;
  list.dataset.of = what;
  return true;
}

/**
 * @param {Model} model
 * @returns {[number, string][]} districts that have a place on the map
 */
export function districtEntries(model) {
  const { districts } = model.payload;
  return districts.flatMap((one, at) => (
    one.box && districts.length > 1 ? [/** @type {[number, string]} */ ([at, one.name])] : []));
}

/**
 * @param {Model} model
 * @param {Set<number>} shown kinds
 * @returns {[number, string][]} facilities of these kinds by name
 */
export function facilityEntries(model, shown) {
  const { name, kinds } = model.payload.facilities;
  /** @type {[number, string][]} */
  const found = name.flatMap((text, at) => (shown.has(model.facilities.kind[at])
    ? [/** @type {[number, string]} */ ([at, text || kinds[model.facilities.kind[at]].name])] : []));
  return found.sort((one, other) => (one[1] < other[1] ? -1 : Number(one[1] > other[1])));
}

/**
 * @param {HTMLElement} box
 * @param {{id: string, name: string}[]} kinds
 * @param {Set<number>} shown
 * @param {HTMLElement[]} swatches
 */
export function fillKinds(box, kinds, shown, swatches) {
  const focused = box.contains(document.activeElement) && document.activeElement instanceof HTMLInputElement
    ? document.activeElement.value : null;
  refill(box, kinds.map((kind, at) => {
    const input = el("input", { type: "checkbox", value: kind.id });
    input.checked = shown.has(at);
    return el("label", { class: "lz-choice" }, [input, swatches[at], el("span", { text: kind.name })]);
  }));
  if (focused !== null) [...box.querySelectorAll("input")].find((input) => input.value === focused)?.focus();
}

/**
 * Bring the form to the state.
 * @param {Panel} panel
 * @param {Model} model
 * @param {State} state
 */
export function showState(panel, model, state) {
  const rule = model.rules[state.rule];
  panel.rule.value = String(state.rule);
  for (const input of panel.views) input.checked = input.value === state.view;
  panel.a.value = String(state.a);
  panel.b.value = String(state.b);
  panel.pair.hidden = state.view === "single";
  panel.turn.hidden = state.view === "single";
  panel.cut.max = String(Math.min(240, rule.bound * 3));
  panel.cut.value = String(state.cut);
  panel.cutMark.style.left = `${(100 * (rule.bound - 1)) / (Number(panel.cut.max) - 1)}%`;
  panel.toBound.disabled = state.cut === rule.bound;
  for (const input of panel.layers) input.checked = !state.hidden.includes(input.value);
}
