// The map: create(container, payload, labels) → handle. This is all that other pages need to know.
import { read, written } from "./bookmark.js";
import { differenceCodes, stepCodes, valueCodes } from "./classes.js";
import { metric } from "./figures.js";
import { Finder, inShape } from "./find.js";
import { addCanvas } from "./layer.js";
import { cutLines, showLegend, titleOf } from "./legend.js";
import { Model } from "./model.js";
import { districtEntries, facilityEntries, fillKinds, fillSelect, isOther, makePanel, showState } from "./panel.js";
import { desertLines, facilityLines, placeLines, showDesert, showLines, showPlace } from "./place.js";
import { Scene } from "./scene.js";
import { makeMap, makeStage, showTip } from "./stage.js";
import { drawFacilities, symbolsOf, symbolSwatch } from "./symbols.js";
import { el, refill, say } from "./text.js";

/** @typedef {import("./classes.js").State} State */
/** @typedef {import("./text.js").Labels} Labels */
/** @typedef {import("./model.js").Payload} Payload */

const FACILITY_PX = 11;
const REACH_PX = 22;
const NEAR_PX = 9;
const PAN_PX = 120;
const PRINT_WIDTH_PX = 640;
const PRINT_HEIGHT_PX = 470;

/**
 * What happens on a map: `change` the state is another one, `place` somebody looks at a place (−1 = no longer),
 * `desert` and `facility` one was chosen.
 * @typedef {"change" | "place" | "desert" | "facility"} Happening
 */

/**
 * @typedef {object} Handle
 * @property {L.Map} map Leaflet's own, in metres from `payload.origin`: L.latLng(north, east)
 * @property {() => State} state a copy
 * @property {(some: Partial<State>) => void} set
 * @property {(what: Happening, tell: (detail: number) => void) => void} on
 * @property {(east: number, north: number) => number} placeAt metres from `payload.origin`; −1 = nobody near
 * @property {() => void} redraw
 * @property {() => void} remove
 */

/** One map on a page. */
class LiveMap {
  /**
   * @param {HTMLElement} container
   * @param {Payload} payload
   * @param {Labels} labels
   */
  constructor(container, payload, labels) {
    this.container = container;
    this.labels = payload.few ? labels : { ...labels, exact: "1" };
    this.model = new Model(payload);
    this.scene = new Scene(this.model, symbolsOf(payload.facilities.kinds));
    this.finder = new Finder(this.model);
    /** @type {Map<Happening, ((detail: number) => void)[]>} */
    this.listeners = new Map();
    /** @type {State} */
    this.now = this.first();
    /** @type {Uint8Array[]} classes of A (or of the difference), and of B in the swipe */
    this.codes = [];
    /** @type {{at: number, x: number, y: number}[][]} facilities as they stand on the canvas of each side */
    this.seen = [];
    this.place = -1;
    this.chosen = -1;
    this.panel = makePanel(this.model, this.labels);
    this.stage = makeStage(payload, this.labels, container.id);
    refill(container, [this.stage.title, this.panel.bar,
      el("div", { class: "lz-body" }, [this.stage.left, this.panel.root]), this.stage.live]);
    this.stage.help.before(this.panel.more);
    container.classList.add("lz-map", "lz-ready");
    this.home = homeOf(payload);
    this.map = makeMap(this.stage.box, this.home, this.labels);
    this.layer = addCanvas(this.map, (to, view, side) => this.draw(to, view, side),
      () => (this.now.view === "swipe" ? this.now.split : null));
    const box = this.map.getPanes().markerPane;
    this.cross = el("div", { class: "lz-cross", "aria-hidden": "true" });
    this.cross.hidden = true;
    box.append(this.cross);
    fillSelect(this.panel.district, say(this.labels, "choose"), districtEntries(this.model));
    this.listen();
    this.fromAddress();
    this.update(false);
  }

  /** @returns {State} */
  first() {
    const { model } = this;
    const b = model.nVariants > 1 ? 1 : 0;
    const moved = model.rules.map((one, at) => {
      const { gain, lose } = model.changes(at, 0, b, one.bound);
      return b ? gain + lose : 0;
    });
    const rule = Math.max(0, moved.indexOf(Math.max(...moved)));
    return { rule, view: b ? "difference" : "single", a: 0, b, cut: model.rules[rule]?.bound ?? 1, split: 0.5,
      hidden: [], kinds: null };
  }

  /** @returns {Set<number>} positions of the kinds that are shown */
  kinds() {
    if (this.now.hidden.includes("facilities")) return new Set();
    const wanted = this.now.kinds ?? this.model.rules[this.now.rule]?.kinds ?? [];
    return new Set(this.model.payload.facilities.kinds.flatMap((kind, at) => (wanted.includes(kind.id) ? [at] : [])));
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {import("./scene.js").View} view
   * @param {number} side 0 = A or the difference, 1 = B in the swipe
   */
  draw(to, view, side) {
    const { now, scene } = this;
    if (!this.codes[side]) return;
    const alone = now.view === "single" || now.view === "swipe";
    const variant = alone && side === 0 ? now.a : now.b;
    /** @param {string} layer */
    const on = (layer) => !now.hidden.includes(layer);
    scene.under(to, view);
    if (on("places")) scene.places(to, view, this.codes[side]);
    if (on("roads")) scene.lines(to, view);
    if (on("borders")) scene.borders(to, view);
    if (on("deserts")) scene.outlineDeserts(to, view, variant, this.chosen);
    const shown = { kinds: this.kinds(), a: alone ? variant : now.a, b: variant };
    this.seen[side] = drawFacilities(to, view, this.model, scene.symbols, shown);
    const taken = this.seen[side].map(({ x, y }) => /** @type {[number, number, number, number]} */ (
      [x - NEAR_PX, y - NEAR_PX, x + NEAR_PX, y + NEAR_PX]));
    if (on("names")) scene.names(to, view, taken);
    this.moveCross();
  }

  /**
   * Bring everything to the state.
   * @param {boolean} [tell]
   */
  update(tell = true) {
    const { now, model, panel, labels } = this;
    if (!model.rules.length) return;
    this.codes = now.view === "difference" ? [differenceCodes(model, now)]
      : now.view === "steps" ? [stepCodes(model, now)]
        : now.view === "swipe" ? [valueCodes(model, now, now.a), valueCodes(model, now, now.b)]
          : [valueCodes(model, now, now.a)];
    const rule = model.rules[now.rule];
    this.stage.title.textContent = titleOf(model, now, labels);
    showState(panel, model, now);
    panel.cut.setAttribute("aria-valuetext", metric(rule, now.cut, labels));
    refill(panel.cutText, cutLines(model, now, labels).map((text) => el("p", { text })));
    panel.cutMark.textContent = `▲ ${say(labels, "bound")} ${metric(rule, rule.bound, labels)}`;
    showLegend(panel.legend, model, now, this.scene, this.kinds(), labels);
    this.fillLists();
    const swipe = now.view === "swipe";
    this.stage.swipeBox.hidden = !swipe;
    this.stage.line.hidden = !swipe;
    this.stage.line.style.left = `${now.split * 100}%`;
    this.stage.sides.forEach((side, at) => {
      side.hidden = !swipe;
      side.textContent = `${"AB"[at]} ${model.payload.variants[at ? now.b : now.a]?.name ?? ""}`;
    });
    this.layer.redraw();
    if (this.place >= 0) showPlace(panel.place, model, now, this.place, labels);
    if (tell) this.tell("change", now.rule);
  }

  fillLists() {
    const { now, model, panel, labels } = this;
    const shown = this.kinds();
    if (isOther(panel.facility, `${[...shown]}`)) {
      fillSelect(panel.facility, say(labels, "choose"), facilityEntries(model, shown));
    }
    const variant = this.desertsOf();
    if (isOther(panel.desert, String(variant))) {
      fillSelect(panel.desert, say(labels, "choose"), model.payload.deserts[variant].told.map((desert, at) => (
        [at, desertLines(model, desert, labels)[0]])));
    }
    if (isOther(panel.kinds, `${now.rule} ${now.kinds}`)) {
      fillKinds(panel.kinds, model.payload.facilities.kinds, shown, this.scene.symbols.map(symbolSwatch));
    }
    panel.kindsAuto.disabled = now.kinds === null;
  }

  /** @returns {number} whose deserts are listed */
  desertsOf() {
    return this.now.view === "single" ? this.now.a : this.now.b;
  }

  /** @param {Partial<State>} some */
  set(some) {
    const before = this.now;
    this.now = { ...before, ...some };
    const rule = this.model.rules[this.now.rule];
    if (some.rule !== undefined && some.cut === undefined && some.rule !== before.rule) this.now.cut = rule.bound;
    this.now.cut = Math.min(Math.max(1, this.now.cut), Math.min(240, rule.bound * 3));
    this.update();
  }

  listen() {
    const { panel } = this;
    panel.rule.addEventListener("change", () => this.set({ rule: Number(panel.rule.value) }));
    for (const input of panel.views) {
      input.addEventListener("change", () => this.set({ view: /** @type {State["view"]} */ (input.value) }));
    }
    panel.a.addEventListener("change", () => this.set({ a: Number(panel.a.value) }));
    panel.b.addEventListener("change", () => this.set({ b: Number(panel.b.value) }));
    panel.turn.addEventListener("click", () => this.set({ a: this.now.b, b: this.now.a }));
    panel.cut.addEventListener("input", () => this.set({ cut: Number(panel.cut.value) }));
    panel.toBound.addEventListener("click", () => {
      this.set({ cut: this.model.rules[this.now.rule].bound });
      panel.cut.focus();
    });
    for (const input of panel.layers) {
      input.addEventListener("change", () => {
        const rest = this.now.hidden.filter((layer) => layer !== input.value);
        this.set({ hidden: input.checked ? rest : [...rest, input.value] });
      });
    }
    panel.kinds.addEventListener("change", () => this.set({
      kinds: [...panel.kinds.querySelectorAll("input")].flatMap((input) => (input.checked ? [input.value] : [])) }));
    panel.kindsAuto.addEventListener("click", () => this.set({ kinds: null }));
    panel.district.addEventListener("change", () => this.toDistrict(Number(panel.district.value || -1)));
    panel.desert.addEventListener("change", () => this.toDesert(Number(panel.desert.value || -1)));
    panel.facility.addEventListener("change", () => this.toFacility(Number(panel.facility.value || -1)));
    panel.bookmark.addEventListener("click", () => this.toAddress());
    this.stage.swipe.addEventListener("input", () => this.slide(Number(this.stage.swipe.value) / 100));
    this.map.on("mousemove", (event) => this.hover(event));
    this.map.on("mouseout movestart", () => {
      this.stage.tip.hidden = true;
    });
    this.map.on("click", (event) => this.click(event));
    this.stage.box.addEventListener("keydown", (event) => this.key(event));
    this.onPrint = () => this.print(true);
    this.afterPrint = () => this.print(false);
    window.addEventListener("beforeprint", this.onPrint);
    window.addEventListener("afterprint", this.afterPrint);
    if (typeof ResizeObserver === "function") {
      this.watcher = new ResizeObserver(() => this.map.invalidateSize({ animate: false }));
      this.watcher.observe(this.stage.box);
    }
  }

  /** @param {number} split where the line between A and B stands, 0 to 1 */
  slide(split) {
    this.now = { ...this.now, split };
    this.stage.line.style.left = `${split * 100}%`;
    this.layer.clip();
  }

  /** @param {L.LeafletMouseEvent} event */
  under(event) {
    const view = this.layer.view();
    const [x, y] = [(event.latlng.lng - view.west) * view.scale, (view.north - event.latlng.lat) * view.scale];
    const beyond = this.now.view === "swipe" && event.containerPoint.x > this.now.split * this.map.getSize().x;
    const near = (this.seen[beyond ? 1 : 0] ?? []).find((one) => Math.hypot(one.x - x, one.y - y) <= FACILITY_PX);
    const place = this.finder.at(event.latlng.lng, event.latlng.lat, REACH_PX / view.scale);
    return { facility: near ? near.at : -1, place };
  }

  /** @param {L.LeafletMouseEvent} event */
  hover(event) {
    const { facility, place } = this.under(event);
    const lines = facility >= 0 ? facilityLines(this.model, this.now, facility, this.labels)
      : place >= 0 ? placeLines(this.model, this.now, place, this.labels) : [];
    const note = facility < 0 && place >= 0 ? this.model.payload.notes[0] ?? "" : "";
    showTip(this.stage.tip, lines, note, event.containerPoint, this.map.getSize());
    if (facility < 0 && place >= 0 && this.place < 0) {
      showPlace(this.panel.place, this.model, this.now, place, this.labels);
    }
  }

  /** @param {L.LeafletMouseEvent} event */
  click(event) {
    const { facility, place } = this.under(event);
    if (facility >= 0) {
      this.showFacility(facility);
      return;
    }
    const desert = this.desertAt(event.latlng.lng, event.latlng.lat);
    this.choosePlace(place, false);
    if (desert >= 0) this.showDesert(desert);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {number} position of the desert there, −1 = none
   */
  desertAt(x, y) {
    if (this.now.hidden.includes("deserts")) return -1;
    const variant = this.desertsOf();
    const shapes = this.scene.deserts[variant];
    return this.model.payload.deserts[variant].told.findIndex((_, at) => inShape(shapes, at, x, y));
  }

  /**
   * @param {number} place −1 = none any more
   * @param {boolean} speak
   */
  choosePlace(place, speak) {
    this.place = place;
    this.moveCross();
    if (place >= 0) showPlace(this.panel.place, this.model, this.now, place, this.labels);
    if (speak && place >= 0) this.say(placeLines(this.model, this.now, place, this.labels).join(". "));
    this.tell("place", place);
  }

  moveCross() {
    if (!this.cross) return;
    this.cross.hidden = this.place < 0;
    if (this.place < 0) return;
    const at = this.map.latLngToLayerPoint([this.model.y[this.place], this.model.x[this.place]]);
    L.DomUtil.setPosition(this.cross, at);
    const side = Math.max(12, (this.model.payload.spots.side ?? 0) * 2 ** this.map.getZoom() + 4);
    this.cross.style.width = `${side}px`;
    this.cross.style.height = `${side}px`;
    this.cross.style.marginLeft = `${-side / 2}px`;
    this.cross.style.marginTop = `${-side / 2}px`;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.stage.box) return;
    /** @type {Record<string, [number, number]>} */
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const way = arrows[event.key];
    if (way && event.shiftKey) this.map.panBy([way[0] * PAN_PX, -way[1] * PAN_PX], { animate: false });
    else if (way) this.step(way);
    else if (event.key === "+" || event.key === "=") this.map.zoomIn();
    else if (event.key === "-" || event.key === "_") this.map.zoomOut();
    else if (event.key === "0" || event.key === "Home") this.map.fitBounds(this.home);
    else if (event.key === "Enter" && this.place >= 0) this.openHere();
    else if (event.key === "Escape") this.choosePlace(-1, false);
    else return;
    event.preventDefault();
  }

  /** @param {[number, number]} way */
  step(way) {
    const centre = this.map.getCenter();
    const place = this.place < 0 ? this.finder.nearest(centre.lng, centre.lat) : this.finder.next(this.place, ...way);
    if (place < 0) return;
    this.choosePlace(place, true);
    const at = L.latLng(this.model.y[place], this.model.x[place]);
    if (!this.map.getBounds().pad(-0.05).contains(at)) this.map.panTo(at, { animate: false });
  }

  /** Open the desert at the place that is looked at, else say its requirements again. */
  openHere() {
    const desert = this.desertAt(this.model.x[this.place], this.model.y[this.place]);
    if (desert >= 0) this.showDesert(desert);
    else this.choosePlace(this.place, true);
  }

  /** @param {number} at */
  toDistrict(at) {
    const box = this.model.payload.districts[at]?.box;
    if (!box) return;
    this.map.fitBounds(L.latLngBounds([box[2], box[0]], [box[3], box[1]]), { animate: false });
    this.say(this.model.payload.districts[at].name);
  }

  /** @param {number} at */
  toDesert(at) {
    const shapes = this.scene.deserts[this.desertsOf()];
    if (!(at >= 0)) return;
    const corners = L.latLngBounds([]);
    for (let ring = shapes.shape[at]; ring < shapes.shape[at + 1]; ring += 1) {
      for (let vertex = shapes.first[ring]; vertex < shapes.first[ring + 1]; vertex += 1) {
        corners.extend([shapes.y[vertex], shapes.x[vertex]]);
      }
    }
    this.map.fitBounds(corners.pad(0.6), { animate: false, maxZoom: -2 });
    this.showDesert(at);
  }

  /** @param {number} at */
  showDesert(at) {
    const variant = this.desertsOf();
    const desert = this.model.payload.deserts[variant].told[at];
    this.chosen = desert.label;
    showDesert(this.panel.place, this.model, desert, this.model.payload.variants[variant].name, this.labels);
    this.say(desertLines(this.model, desert, this.labels).join(". "));
    this.layer.redraw();
    this.tell("desert", desert.label);
  }

  /** @param {number} at */
  toFacility(at) {
    const { x, y } = this.model.facilities;
    if (!(at >= 0)) return;
    this.map.setView([y[at], x[at]], Math.max(this.map.getZoom(), -4), { animate: false });
    this.showFacility(at);
  }

  /** @param {number} at */
  showFacility(at) {
    const lines = facilityLines(this.model, this.now, at, this.labels);
    showLines(this.panel.place, lines);
    this.say(lines.join(". "));
    this.tell("facility", at);
  }

  /** @param {string} text */
  say(text) {
    this.stage.live.textContent = text;
  }

  /** Write the state into the address, on demand only: a report has anchors of its own there. */
  toAddress() {
    const centre = this.map.getCenter();
    const view = { x: centre.lng, y: centre.lat, zoom: this.map.getZoom() };
    history.replaceState(null, "", `#${written(this.container.id, this.model, this.now, view)}`);
    this.say(say(this.labels, "bookmarked"));
  }

  fromAddress() {
    const found = read(location.hash, this.container.id, this.model);
    if (!found) return;
    this.now = { ...this.now, ...found.state };
    if (found.view) this.map.setView([found.view.y, found.view.x], found.view.zoom, { animate: false });
  }

  /**
   * Bring the map to the width of paper and back; what is seen stays in the middle.
   * @param {boolean} paper
   */
  print(paper) {
    const bounds = this.map.getBounds();
    if (paper) this.onScreen = bounds;
    this.stage.box.style.width = paper ? `${PRINT_WIDTH_PX}px` : "";
    this.stage.box.style.height = paper ? `${PRINT_HEIGHT_PX}px` : "";
    this.map.invalidateSize({ animate: false });
    this.map.fitBounds((paper ? bounds : this.onScreen) ?? bounds, { animate: false });
  }

  /**
   * @param {Happening} what
   * @param {number} detail
   */
  tell(what, detail) {
    for (const listener of this.listeners.get(what) ?? []) listener(detail);
  }

  remove() {
    if (this.onPrint) window.removeEventListener("beforeprint", this.onPrint);
    if (this.afterPrint) window.removeEventListener("afterprint", this.afterPrint);
    this.watcher?.disconnect();
    this.layer.remove();
    this.map.remove();
    refill(this.container, []);
  }
}

/**
 * @param {Payload} payload
 * @returns {L.LatLngBounds} the study area
 */
function homeOf(payload) {
  const [west, south, east, north] = payload.extent;
  return L.latLngBounds([south, west], [north, east]).pad(-0.02);
}

/**
 * Put a live map into an element.
 * @param {HTMLElement} container with an id; whatever is in it goes
 * @param {Payload} payload as lifezone.report.map packs it
 * @param {Labels} labels the words of the page, by key
 * @returns {Handle}
 */
export function create(container, payload, labels) {
  const made = new LiveMap(container, payload, labels);
  return {
    map: made.map,
    state: () => ({ ...made.now }),
    set: (some) => made.set(some),
    on: (what, tell) => {
      made.listeners.set(what, [...(made.listeners.get(what) ?? []), tell]);
    },
    placeAt: (east, north) => made.finder.at(east, north, REACH_PX / 2 ** made.map.getZoom()),
    redraw: () => made.layer.redraw(),
    remove: () => made.remove(),
  };
}
