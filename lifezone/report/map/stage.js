// The elements around the canvas, and Leaflet's map in them.
import { el, say } from "./text.js";

/** @typedef {import("./model.js").Payload} Payload */
/** @typedef {import("./text.js").Labels} Labels */

/**
 * @typedef {object} Stage
 * @property {HTMLElement} title
 * @property {HTMLElement} box Leaflet's
 * @property {HTMLElement} tip
 * @property {HTMLElement} line between A and B
 * @property {HTMLElement[]} sides names of A and B on the map
 * @property {HTMLInputElement} swipe
 * @property {HTMLElement} swipeBox
 * @property {HTMLElement} live what is read out
 * @property {HTMLElement} help
 * @property {HTMLElement} left everything but the title and what is read out
 */

/**
 * @param {Payload} payload
 * @param {Labels} labels
 * @param {string} id unique on the page
 * @returns {Stage}
 */
export function makeStage(payload, labels, id) {
  const title = el("h3", { class: "lz-title" });
  const box = el("div", { class: "lz-leaflet", tabindex: 0, role: "application",
    "aria-label": say(labels, "mapName", { study: payload.title }), "aria-describedby": `${id}-help` });
  const tip = el("div", { class: "lz-tip", "aria-hidden": "true" });
  tip.hidden = true;
  const line = el("div", { class: "lz-split", "aria-hidden": "true" });
  const swipe = el("input", { type: "range", min: 0, max: 100, step: 1, value: 50, class: "lz-swipe",
    "aria-label": say(labels, "swipe") });
  const north = el("div", { class: "lz-north", title: say(labels, "north"), role: "img",
    "aria-label": say(labels, "north") }, [el("span", { text: "▲" }), el("span", { text: "N" })]);
  const watermark = payload.modelled ? [el("div", { class: "lz-watermark", "aria-hidden": "true",
    text: say(labels, "watermark") })] : [];
  const sides = [el("div", { class: "lz-side-name lz-side-a" }), el("div", { class: "lz-side-name lz-side-b" })];
  const stage = el("div", { class: "lz-stage" }, [box, ...watermark, north, ...sides, line, tip]);
  const live = el("div", { class: "lz-live", role: "status", "aria-live": "polite" });
  const swipeBox = el("div", { class: "lz-swipe-box" }, [el("span", { text: "A" }), swipe, el("span", { text: "B" })]);
  const silent = payload.notAssessed.join(", ");
  const notes = el("div", { class: "lz-notes" }, [...payload.notes.map((text) => el("p", { text })),
    ...(silent ? [el("p", { text: say(labels, "silentRules", { names: silent }) })] : [])]);
  const help = el("p", { class: "lz-help", id: `${id}-help`, text: say(labels, "help") });
  const left = el("div", { class: "lz-left" }, [stage, swipeBox, help, notes,
    el("div", { class: "lz-sources" }, payload.sources.map((text) => el("p", { text })))]);
  return { title, box, tip, line, sides, swipe, swipeBox, live, help, left };
}

/**
 * @param {HTMLElement} box
 * @param {L.LatLngBounds} home
 * @param {Labels} labels
 * @returns {L.Map}
 */
export function makeMap(box, home, labels) {
  const map = L.map(box, {
    crs: L.CRS.Simple, zoomControl: false, attributionControl: false, keyboard: false, zoomSnap: 0.05, zoomDelta: 0.5,
    wheelPxPerZoomLevel: 100, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, minZoom: -14,
    maxZoom: 2,
  });
  map.fitBounds(home);
  map.setMinZoom(map.getZoom() - 1.5);
  L.control.scale({ imperial: false, maxWidth: 140, position: "bottomleft" }).addTo(map);
  L.control.zoom({ zoomInTitle: say(labels, "zoomIn"), zoomOutTitle: say(labels, "zoomOut") }).addTo(map);
  const reset = new L.Control({ position: "topleft" });
  reset.onAdd = () => {
    const button = el("button", { type: "button", class: "lz-reset", text: "⤢", title: say(labels, "reset"),
      "aria-label": say(labels, "reset") });
    L.DomEvent.disableClickPropagation(button);
    button.addEventListener("click", () => map.fitBounds(home));
    return el("div", { class: "leaflet-bar" }, [button]);
  };
  reset.addTo(map);
  return map;
}

/**
 * Show the lines of the tip beside the pointer, inside the window of the map.
 * @param {HTMLElement} tip
 * @param {string[]} lines none = hide it
 * @param {string} note
 * @param {L.Point} at
 * @param {L.Point} size of the window
 */
export function showTip(tip, lines, note, at, size) {
  tip.hidden = lines.length === 0;
  if (!lines.length) return;
  const small = note ? [el("p", { class: "lz-small", text: note })] : [];
  tip.replaceChildren(...lines.map((text) => el("p", { text })), ...small);
  const { offsetWidth: wide, offsetHeight: high } = tip;
  tip.style.left = `${Math.max(2, Math.min(at.x + 14, size.x - wide - 4))}px`;
  tip.style.top = `${at.y + 18 + high > size.y ? Math.max(2, at.y - high - 10) : at.y + 18}px`;
}
