// Maps over years: two drawings side by side, a slider and a button that steps through the editions.
// Without scripts the picture below stands in for it. Names are set as text, never as markup.

/**
 * @typedef {object} Indicator
 * @property {string} label
 * @property {{text: string, fill: string}[]} classes from the lowest values to the highest
 * @property {number[][]} klass of each edition and district, -1 = no data
 * @property {string[][]} value of each edition and district, as it is read
 * @property {string[][]} change since the edition before, as it is read
 */
/**
 * @typedef {object} Payload
 * @property {number} width
 * @property {number} height
 * @property {string[]} years
 * @property {string[]} districts
 * @property {Indicator[]} indicators
 * @property {Record<string, string[] | (string[] | null)[]>} shapes ground, cartogram, tiles, circles
 * @property {Record<string, string>} words
 */

const SVG = "http://www.w3.org/2000/svg";
const STEP_MS = 1400;
const VIEWS = ["cartogram", "tiles", "circles"];

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string>} attributes
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[K]}
 */
function element(name, attributes, text) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @returns {SVGElement}
 */
function drawn(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** One map: a path for each district, painted anew for each edition. */
class Panel {
  /**
   * @param {Payload} data
   * @param {string} id
   * @param {string} label
   */
  constructor(data, id, label) {
    this.data = data;
    this.hatch = `url(#${id}-hatch)`;
    this.svg = drawn("svg", {viewBox: `0 0 ${data.width} ${data.height}`, role: "img", "aria-label": label});
    const pattern = drawn("pattern", {
      id: `${id}-hatch`, width: "14", height: "14", patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    });
    pattern.append(
      drawn("rect", {width: "14", height: "14", fill: "#eeeeee"}),
      drawn("rect", {width: "4", height: "14", fill: "#8f8f8f"}),
    );
    const defs = drawn("defs", {});
    defs.append(pattern);
    this.svg.append(defs);
    this.paths = data.districts.map((_, at) => {
      const path = drawn("path", {"data-at": String(at), stroke: "#4a4a4a", "stroke-width": "1.2",
        "fill-rule": "evenodd"});
      this.svg.append(path);
      return path;
    });
  }

  /**
   * @param {string[] | null} shapes
   * @param {Indicator} indicator
   * @param {number} year
   */
  paint(shapes, indicator, year) {
    this.paths.forEach((path, at) => {
      const klass = indicator.klass[year][at];
      path.setAttribute("d", shapes ? shapes[at] : "");
      path.setAttribute("fill", klass < 0 ? this.hatch : indicator.classes[klass].fill);
    });
  }

  /** @param {number} chosen a district, -1 = none */
  mark(chosen) {
    this.paths.forEach((path, at) => {
      path.setAttribute("stroke-width", at === chosen ? "6" : "1.2");
      path.setAttribute("stroke", at === chosen ? "#000000" : "#4a4a4a");
    });
    if (chosen >= 0) this.svg.append(this.paths[chosen]);
  }
}

/** The maps of a study over its editions, and what moves them. */
class Player {
  /**
   * @param {HTMLElement} home
   * @param {Payload} data
   * @param {string} id
   */
  constructor(home, data, id) {
    this.data = data;
    this.words = data.words;
    this.indicator = 0;
    this.view = VIEWS.find((one) => (data.shapes[one] ?? []).some(Boolean)) ?? "tiles";
    this.year = data.years.length - 1;
    this.chosen = -1;
    this.timer = 0;
    this.left = new Panel(data, `${id}-left`, this.words.ground);
    this.right = new Panel(data, `${id}-right`, this.words[this.view]);
    const words = this.words;
    this.tools = element("div", {class: "years-tools"});
    this.views = VIEWS.filter((one) => (data.shapes[one] ?? []).some(Boolean));
    this.which = this.select(`${id}-which`, words.indicator, data.indicators.map((one) => one.label));
    this.how = this.select(`${id}-how`, words.beside, this.views.map((one) => words[one]));
    this.button = element("button", {type: "button", "aria-pressed": "false"}, words.play);
    this.slider = element("input", {
      type: "range", id: `${id}-year`, min: "0", max: String(data.years.length - 1), step: "1",
    });
    this.shown = element("output", {class: "years-year", for: `${id}-year`});
    this.legend = element("ul", {class: "years-legend", "aria-label": words.legend});
    this.told = element("p", {class: "years-told", role: "status", "aria-live": "polite"}, words.hint);
    this.build(home, id);
    this.show();
  }

  /**
   * @param {HTMLElement} home
   * @param {string} id
   */
  build(home, id) {
    this.which.addEventListener("change", () => {
      this.indicator = this.which.selectedIndex;
      this.show();
    });
    this.how.addEventListener("change", () => {
      this.view = this.views[this.how.selectedIndex];
      this.right.svg.setAttribute("aria-label", this.words[this.view]);
      this.show();
    });
    this.button.addEventListener("click", () => (this.timer ? this.stop() : this.play()));
    this.slider.addEventListener("input", () => {
      this.stop();
      this.go(Number(this.slider.value));
    });
    const line = element("p", {class: "years-line"});
    line.append(this.button, element("label", {for: `${id}-year`}, this.words.year), this.slider, this.shown);
    this.tools.append(line);
    const maps = element("div", {class: "years-maps"});
    for (const panel of [this.left, this.right]) this.listen(panel, maps, id);
    home.append(this.tools, maps, this.told, this.legend);
  }

  /**
   * @param {string} id
   * @param {string} label
   * @param {string[]} choices
   */
  select(id, label, choices) {
    const made = element("select", {id});
    for (const choice of choices) made.append(element("option", {}, choice));
    const line = element("p", {class: "years-line"});
    line.append(element("label", {for: id}, label), made);
    this.tools.append(line);
    return made;
  }

  /**
   * @param {Panel} panel
   * @param {HTMLElement} maps
   * @param {string} id
   */
  listen(panel, maps, id) {
    const frame = element("div", {
      class: "years-map", tabindex: "0", role: "group", "aria-label": this.words.keys,
      id: `${id}-${maps.childElementCount}`,
    });
    frame.append(panel.svg);
    frame.addEventListener("pointerover", (event) => {
      const at = event.target instanceof SVGElement ? event.target.dataset.at : undefined;
      if (at !== undefined && Number(at) !== this.chosen) this.choose(Number(at));
    });
    frame.addEventListener("keydown", (event) => this.key(event));
    maps.append(frame);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const many = this.data.districts.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.choose(this.chosen < 0 ? (step > 0 ? 0 : many - 1) : (this.chosen + step + many) % many);
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      this.stop();
      this.go(Math.min(this.data.years.length - 1, Math.max(0, this.year + (event.key === "ArrowRight" ? 1 : -1))));
    } else if (event.key === " ") {
      if (this.timer) this.stop();
      else this.play();
    } else if (event.key === "Escape") {
      this.choose(-1);
    } else {
      return;
    }
    event.preventDefault();
  }

  play() {
    if (this.year === this.data.years.length - 1) this.go(0);
    this.button.setAttribute("aria-pressed", "true");
    this.button.textContent = this.words.pause;
    this.timer = window.setInterval(() => {
      if (this.year === this.data.years.length - 1) this.stop();
      else this.go(this.year + 1);
    }, STEP_MS);
  }

  stop() {
    window.clearInterval(this.timer);
    this.timer = 0;
    this.button.setAttribute("aria-pressed", "false");
    this.button.textContent = this.words.play;
  }

  /** @param {number} year */
  go(year) {
    this.year = year;
    this.show();
  }

  /** @param {number} district */
  choose(district) {
    this.chosen = district;
    this.left.mark(district);
    this.right.mark(district);
    this.tell();
  }

  /**
   * @param {string} view
   * @returns {string[] | null}
   */
  shapes(view) {
    const all = this.data.shapes[view];
    return /** @type {string[] | null} */ (typeof all[0] === "string" ? all : all[this.year]);
  }

  show() {
    const indicator = this.data.indicators[this.indicator];
    this.left.paint(this.shapes("ground"), indicator, this.year);
    this.right.paint(this.shapes(this.view), indicator, this.year);
    this.slider.value = String(this.year);
    this.slider.setAttribute("aria-valuetext", this.data.years[this.year]);
    this.shown.textContent = this.data.years[this.year];
    this.legend.replaceChildren(...indicator.classes.map((one) => this.entry(one.fill, one.text)));
    if (indicator.klass.some((row) => row.some((klass) => klass < 0))) {
      this.legend.append(this.entry(this.left.hatch, this.words.no_data));
    }
    this.tell();
  }

  /**
   * @param {string} fill
   * @param {string} text
   */
  entry(fill, text) {
    const item = element("li", {});
    const patch = drawn("svg", {viewBox: "0 0 34 18", width: "34", height: "18", "aria-hidden": "true"});
    patch.append(drawn("rect", {x: "1", y: "1", width: "32", height: "16", fill, stroke: "#4a4a4a"}));
    item.append(patch, document.createTextNode(` ${text}`));
    return item;
  }

  tell() {
    const indicator = this.data.indicators[this.indicator];
    const at = this.chosen;
    if (at < 0) {
      this.told.textContent = this.words.hint;
      return;
    }
    const klass = indicator.klass[this.year][at];
    const parts = [
      `${this.data.districts[at]}, ${this.data.years[this.year]}`,
      `${indicator.label}: ${indicator.value[this.year][at]}`,
      klass < 0 ? this.words.no_data : `${this.words.class}: ${indicator.classes[klass].text}`,
    ];
    if (indicator.change[this.year][at]) parts.push(`${this.words.change}: ${indicator.change[this.year][at]}`);
    this.told.textContent = parts.join(" · ");
  }
}

for (const home of document.querySelectorAll("[data-years]")) {
  if (!(home instanceof HTMLElement)) continue;
  const source = home.dataset.years ?? "";
  const data = JSON.parse(document.getElementById(source)?.textContent ?? "null");
  if (data) new Player(home, data, source);
}
