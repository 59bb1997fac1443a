// The map: create(container, payload, labels) → handle. This is all that other pages need to know.
import { read, written } from "./bookmark.js";
import { differenceCodes, stepCodes, valueCodes } from "./classes.js";
import { metric } from "./figures.js";
import { Finder, inShape } from "./find.js";
import { addCanvas } from "./layer.js";
import { cutLines, showLegend, titleOf } from "./legend.js";
import { Model } from "./model.js";
import { fillSelect, makePanel, showState } from "./panel.js";
import { desertLines, desertName, facilityLines, placeLines, showDesert, showLines, showPlace } from "./place.js";
import { Scene } from "./scene.js";
import { drawFacilities, symbolsOf, symbolSwatch } from "./symbols.js";
import { el, refill, say } from "./text.js";

/** @typedef {import("./classes.js").State} State */
/** @typedef {import("./text.js").Labels} Labels */
/** @typedef {import("./model.js").Payload} Payload */

const FACILITY_PX = 11;
const REACH_PX = 22;
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
    /** @type {{at: number, x: number, y: number}[]} */
    this.seen = [];
    this.place = -1;
    this.chosen = -1;
    this.panel = makePanel(this.model, this.labels);
    this.build();
    this.map = this.makeMap();
    this.layer = addCanvas(this.map, (to, view) => this.draw(to, view), () => this.now.view === "swipe");
    const box = this.map.getPanes().markerPane;
    this.cross = el("div", { class: "lz-cross", "aria-hidden": "true" });
    this.cross.hidden = true;
    box.append(this.cross);
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

  build() {
    const { labels, panel } = this;
    const { payload } = this.model;
    this.title = el("h3", { class: "lz-title", "aria-live": "off" });
    this.stage = el("div", { class: "lz-stage" });
    this.canvasBox = el("div", { class: "lz-leaflet", tabindex: 0, role: "application",
      "aria-label": say(labels, "mapName", { study: payload.title }), "aria-describedby": `${this.container.id}-help` });
    this.tip = el("div", { class: "lz-tip", "aria-hidden": "true" });
    this.tip.hidden = true;
    this.line = el("div", { class: "lz-split", "aria-hidden": "true" });
    this.swipe = el("input", { type: "range", min: 0, max: 100, step: 1, value: 50, class: "lz-swipe",
      "aria-label": say(labels, "swipe") });
    this.north = el("div", { class: "lz-north", title: say(labels, "north"), role: "img",
      "aria-label": say(labels, "north") }, [el("span", { text: "▲" }), el("span", { text: "N" })]);
    const mark = payload.modelled ? [el("div", { class: "lz-watermark", "aria-hidden": "true",
      text: say(labels, "watermark") })] : [];
    this.sides = [el("div", { class: "lz-side-name lz-side-a" }), el("div", { class: "lz-side-name lz-side-b" })];
    this.stage.append(this.canvasBox, ...mark, this.north, ...this.sides, this.line, this.tip);
    this.live = el("div", { class: "lz-live", role: "status", "aria-live": "polite" });
    this.help = el("p", { class: "lz-help", id: `${this.container.id}-help`, text: say(labels, "help") });
    this.swipeBox = el("div", { class: "lz-swipe-box" }, [el("span", { text: "A" }), this.swipe, el("span", { text: "B" })]);
    const notes = el("div", { class: "lz-notes" }, [
      ...payload.notes.map((text) => el("p", { text })),
      ...(payload.notAssessed.length ? [el("p", { text: say(labels, "silentRules", {
        names: payload.notAssessed.join(", ") }) })] : []),
    ]);
    const sources = el("div", { class: "lz-sources" }, payload.sources.map((text) => el("p", { text })));
    const left = el("div", { class: "lz-left" }, [this.stage, this.swipeBox, this.help, notes, sources]);
    refill(this.container, [this.title, panel.bar, el("div", { class: "lz-body" }, [left, panel.root]), this.live]);
    this.container.classList.add("lz-map", "lz-ready");
    const { districts } = payload;
    fillSelect(panel.district, say(labels, "choose"), districts.flatMap((one, at) => (
      one.box && districts.length > 1 ? [/** @type {[number, string]} */ ([at, one.name])] : [])));
  }

  /** @returns {L.Map} */
  makeMap() {
    const { labels } = this;
    if (!this.canvasBox) throw new Error("built first");
    const [west, south, east, north] = this.model.payload.extent;
    const map = L.map(this.canvasBox, {
      crs: L.CRS.Simple, zoomControl: false, attributionControl: false, keyboard: false, zoomSnap: 0.25, zoomDelta: 0.5,
      wheelPxPerZoomLevel: 100, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, minZoom: -14,
      maxZoom: 2, inertia: true,
    });
    this.home = L.latLngBounds([south, west], [north, east]);
    map.fitBounds(this.home);
    map.setMinZoom(map.getZoom() - 1.5);
    L.control.scale({ imperial: false, maxWidth: 140, position: "bottomleft" }).addTo(map);
    L.control.zoom({ zoomInTitle: say(labels, "zoomIn"), zoomOutTitle: say(labels, "zoomOut") }).addTo(map);
    const reset = new L.Control({ position: "topleft" });
    reset.onAdd = () => {
      const button = el("button", { type: "button", class: "lz-reset", text: "⤢", title: say(labels, "reset"),
        "aria-label": say(labels, "reset") });
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", () => map.fitBounds(this.home ?? map.getBounds()));
      return el("div", { class: "leaflet-bar" }, [button]);
    };
    reset.addTo(map);
    return map;
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
   */
  draw(to, view) {
    const { now } = this;
    const swipe = now.view === "swipe";
    const split = swipe ? view.width * now.split : view.width;
    this.seen = [];
    this.half(to, view, [0, split], this.codes[0], now.view === "single" || swipe ? now.a : now.b);
    if (swipe) this.half(to, view, [split, view.width], this.codes[1], now.b);
    if (!now.hidden.includes("names")) this.scene.names(to, view, this.seen.map(({ x, y }) => [x - 9, y - 9, x + 9, y + 9]));
    this.moveCross();
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {import("./scene.js").View} view
   * @param {[number, number]} span columns of the picture
   * @param {Uint8Array} codes
   * @param {number} variant whose deserts and facilities
   */
  half(to, view, span, codes, variant) {
    const { now, scene } = this;
    /** @param {string} layer */
    const on = (layer) => !now.hidden.includes(layer);
    to.save();
    to.beginPath();
    to.rect(span[0], 0, span[1] - span[0], view.height);
    to.clip();
    scene.under(to, view);
    if (on("places") && codes) scene.places(to, view, codes);
    if (on("roads")) scene.lines(to, view);
    if (on("borders")) scene.borders(to, view);
    if (on("deserts")) scene.outlineDeserts(to, view, variant, this.chosen);
    const alone = now.view === "single" || now.view === "swipe";
    const drawn = drawFacilities(to, view, this.model, scene.symbols,
      { kinds: this.kinds(), a: alone ? variant : now.a, b: variant });
    this.seen.push(...drawn.filter(({ x }) => x >= span[0] && x < span[1]));
    to.restore();
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
    if (this.title) this.title.textContent = titleOf(model, now, labels);
    showState(panel, model, now);
    panel.cut.setAttribute("aria-valuetext", metric(rule, now.cut, labels));
    refill(panel.cutText, cutLines(model, now, labels).map((text) => el("p", { text })));
    panel.cutMark.textContent = `▲ ${say(labels, "bound")} ${metric(rule, rule.bound, labels)}`;
    showLegend(panel.legend, model, now, this.scene, this.kinds(), labels);
    this.fillLists();
    const swipe = now.view === "swipe";
    if (this.swipeBox) this.swipeBox.hidden = !swipe;
    if (this.line) {
      this.line.hidden = !swipe;
      this.line.style.left = `${now.split * 100}%`;
    }
    this.sides?.forEach((side, at) => {
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
    const { facilities } = model.payload;
    const key = [...shown].join() + now.b;
    if (panel.facility.dataset.key !== key) {
      panel.facility.dataset.key = key;
      const entries = facilities.name.flatMap((name, at) => (shown.has(model.facilities.kind[at])
        ? [/** @type {[number, string]} */ ([at, name || facilities.kinds[model.facilities.kind[at]].name])] : []));
      entries.sort((one, other) => (one[1] < other[1] ? -1 : one[1] > other[1] ? 1 : 0));
      fillSelect(panel.facility, say(labels, "choose"), entries);
    }
    const variant = this.desertsOf();
    if (panel.desert.dataset.key !== String(variant)) {
      panel.desert.dataset.key = String(variant);
      fillSelect(panel.desert, say(labels, "choose"), model.payload.deserts[variant].told.map((desert, at) => (
        [at, desertLines(model, desert, labels)[0]])));
    }
    const boxes = facilities.kinds.map((kind, at) => {
      const input = el("input", { type: "checkbox", value: kind.id });
      input.checked = shown.has(at);
      return el("label", { class: "lz-choice" }, [input, symbolSwatch(this.scene.symbols[at]), el("span", { text: kind.name })]);
    });
    if (panel.kinds.dataset.key !== `${now.rule} ${now.kinds}`) {
      panel.kinds.dataset.key = `${now.rule} ${now.kinds}`;
      const focused = document.activeElement instanceof HTMLInputElement ? document.activeElement.value : "";
      const inside = panel.kinds.contains(document.activeElement);
      refill(panel.kinds, boxes);
      if (inside) [...panel.kinds.querySelectorAll("input")].find((input) => input.value === focused)?.focus();
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
      kinds: [...panel.kinds.querySelectorAll("input")].filter((input) => input.checked).map((input) => input.value) }));
    panel.kindsAuto.addEventListener("click", () => this.set({ kinds: null }));
    panel.district.addEventListener("change", () => this.toDistrict(Number(panel.district.value || -1)));
    panel.desert.addEventListener("change", () => this.toDesert(Number(panel.desert.value || -1)));
    panel.facility.addEventListener("change", () => this.toFacility(Number(panel.facility.value || -1)));
    panel.bookmark.addEventListener("click", () => this.toAddress());
    this.swipe?.addEventListener("input", () => this.set({ split: Number(this.swipe?.value) / 100 }));
    this.map.on("mousemove", (event) => this.hover(event));
    this.map.on("mouseout", () => this.hideTip());
    this.map.on("click", (event) => this.click(event));
    this.canvasBox?.addEventListener("keydown", (event) => this.key(event));
    this.onPrint = () => this.print(true);
    this.afterPrint = () => this.print(false);
    window.addEventListener("beforeprint", this.onPrint);
    window.addEventListener("afterprint", this.afterPrint);
    if (typeof ResizeObserver === "function" && this.canvasBox) {
      this.watcher = new ResizeObserver(() => this.map.invalidateSize({ animate: false }));
      this.watcher.observe(this.canvasBox);
    }
  }

  /** @param {L.LeafletMouseEvent} event */
  under(event) {
    const view = this.layer.view();
    const [x, y] = [(event.latlng.lng - view.west) * view.scale, (view.north - event.latlng.lat) * view.scale];
    const near = this.seen.filter((one) => Math.hypot(one.x - x, one.y - y) <= FACILITY_PX).at(-1);
    const place = this.finder.at(event.latlng.lng, event.latlng.lat, REACH_PX / view.scale);
    return { facility: near ? near.at : -1, place };
  }

  /** @param {L.LeafletMouseEvent} event */
  hover(event) {
    const { facility, place } = this.under(event);
    const lines = facility >= 0 ? facilityLines(this.model, this.now, facility, this.labels)
      : place >= 0 ? placeLines(this.model, this.now, place, this.labels) : [];
    if (!this.tip) return;
    this.tip.hidden = lines.length === 0;
    if (!lines.length) return;
    refill(this.tip, [...lines.map((text) => el("p", { text })), ...(facility >= 0 ? []
      : [el("p", { class: "lz-small", text: this.model.payload.notes[0] ?? "" })])]);
    const size = this.map.getSize();
    const { x, y } = event.containerPoint;
    this.tip.style.left = `${Math.max(2, Math.min(x + 14, size.x - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${y + 18 + this.tip.offsetHeight > size.y ? y - this.tip.offsetHeight - 10 : y + 18}px`;
    if (facility < 0 && place >= 0 && this.place < 0) showPlace(this.panel.place, this.model, this.now, place, this.labels);
  }

  hideTip() {
    if (this.tip) this.tip.hidden = true;
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
    return this.model.payload.deserts[variant].told.findIndex((_, at) => inShape(this.scene.deserts[variant], at, x, y));
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
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.canvasBox) return;
    /** @type {Record<string, [number, number]>} */
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const way = arrows[event.key];
    if (way && event.shiftKey) this.map.panBy([way[0] * PAN_PX, -way[1] * PAN_PX], { animate: false });
    else if (way) this.step(way);
    else if (event.key === "+" || event.key === "=") this.map.zoomIn();
    else if (event.key === "-" || event.key === "_") this.map.zoomOut();
    else if (event.key === "0" || event.key === "Home") this.map.fitBounds(this.home ?? this.map.getBounds());
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
    this.say(`${desertName(this.model, desert, this.labels)}. ${desertLines(this.model, desert, this.labels).join(". ")}`);
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
    if (this.live) this.live.textContent = text;
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
    if (!this.canvasBox) return;
    const bounds = this.map.getBounds();
    if (paper) this.onScreen = bounds;
    this.canvasBox.style.width = paper ? `${PRINT_WIDTH_PX}px` : "";
    this.canvasBox.style.height = paper ? `${PRINT_HEIGHT_PX}px` : "";
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
