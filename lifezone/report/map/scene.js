// Draws the study on a canvas: ground, people's places in their classes, roads, borders, names, deserts.
import { BARE, CUT_OFF, INKS, RISING } from "./classes.js";
import { shapesOf } from "./model.js";
import { TILE, Table, crossedOut, paintGrid, tileOf } from "./patterns.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").Shapes} Shapes */
/** @typedef {import("./patterns.js").Ink} Ink */

/**
 * Where the canvas lies: metres at its upper left corner, pixels in a metre, and its size in pixels.
 * @typedef {{west: number, north: number, scale: number, width: number, height: number, ratio: number}} View
 */

/**
 * What is drawn: the class of each place, and which of the variants' deserts.
 * @typedef {{codes: Uint8Array, deserts: number, chosen: number}} Drawn
 */

const BORDER = "#5b2f83";
const FERRY = 4;
const NAME_GAP = 4;
const DISC = 4.5;
const LEAST_CELL_PX = 3.2;

/**
 * Looks of roads by class: width, and how many pixels a kilometre must have for them to be drawn.
 * @type {Record<number, {colour: string, width: number, dash?: number[], from: number}>}
 */
const ROADS = {
  6: { colour: "rgba(90,90,90,0.45)", width: 0.6, from: 60 },
  5: { colour: "rgba(85,85,85,0.55)", width: 0.7, from: 28 },
  3: { colour: "rgba(70,70,70,0.75)", width: 0.9, from: 8 },
  2: { colour: "rgba(60,60,60,0.85)", width: 1.3, from: 0 },
  1: { colour: "rgba(50,50,50,0.9)", width: 1.8, from: 0 },
  0: { colour: "rgba(38,38,38,0.92)", width: 2.4, from: 0 },
  4: { colour: "#2f5f95", width: 1.4, dash: [5, 4], from: 0 },
};

/** Lines of the legend: word, colour, width, dash, and the layer that they belong to. */
export const LINES_TOLD = /** @type {[string, string, number, number[], string][]} */ ([
  ["area", BORDER, 2.2, [], "borders"], ["district", BORDER, 1.1, [6, 3], "borders"],
  ["named", "#b00020", 2.2, [], "deserts"], ["scattered", "#404040", 1.1, [], "deserts"],
  ["ferry", "#2f5f95", 1.4, [5, 4], "roads"],
]);

/**
 * Trace rings or lines in pixels.
 * @param {CanvasRenderingContext2D} to
 * @param {Shapes} shapes
 * @param {View} view
 * @param {number} from ring
 * @param {number} until ring
 * @param {boolean} close
 */
function traceRings(to, shapes, view, from, until, close) {
  const { west, north, scale } = view;
  for (let ring = from; ring < until; ring += 1) {
    for (let at = shapes.first[ring]; at < shapes.first[ring + 1]; at += 1) {
      const x = (shapes.x[at] - west) * scale;
      const y = (north - shapes.y[at]) * scale;
      if (at === shapes.first[ring]) to.moveTo(x, y);
      else to.lineTo(x, y);
    }
    if (close) to.closePath();
  }
}

/**
 * Boxes of rings, so that what is out of sight is not drawn.
 * @param {Shapes} shapes
 * @returns {Float64Array} west, south, east, north of each ring
 */
function boxes(shapes) {
  const n = shapes.first.length - 1;
  const box = new Float64Array(n * 4);
  for (let ring = 0; ring < n; ring += 1) {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let at = shapes.first[ring]; at < shapes.first[ring + 1]; at += 1) {
      west = Math.min(west, shapes.x[at]);
      east = Math.max(east, shapes.x[at]);
      south = Math.min(south, shapes.y[at]);
      north = Math.max(north, shapes.y[at]);
    }
    box.set([west, south, east, north], ring * 4);
  }
  return box;
}

/**
 * @param {number} at pixels from the origin of coordinates
 * @returns {number} where a pattern stands there, so that it does not move with the window
 */
function phaseOf(at) {
  const turn = TILE * 2;
  return ((Math.round(at) % turn) + turn) % turn;
}

/**
 * @param {number} code
 * @returns {number} how much it must be seen
 */
function rank(code) {
  return RISING.indexOf(INKS[code & ~CUT_OFF]);
}

/** The study, unpacked for drawing. */
export class Scene {
  /**
   * @param {Model} model
   * @param {import("./symbols.js").Symbol[]} symbols of the kinds of facilities
   */
  constructor(model, symbols) {
    this.model = model;
    this.symbols = symbols;
    const { ground, inks, deserts } = model.payload;
    this.inks = inks;
    /** @type {(Ink | undefined)[]} */
    this.byCode = [];
    INKS.forEach((name, code) => {
      this.byCode[code] = inks[name];
      this.byCode[code + CUT_OFF] = crossedOut(inks[name]);
    });
    this.table = new Table(this.byCode);
    this.roads = ground.roads.map((told) => {
      const shapes = shapesOf(told);
      return { tier: told.tier, shapes, box: boxes(shapes) };
    });
    this.area = ground.area ? shapesOf(ground.area) : null;
    this.water = ground.water ? shapesOf(ground.water) : null;
    this.districts = ground.districts ? shapesOf(ground.districts) : null;
    this.deserts = deserts.map((told) => shapesOf(told));
    /** @type {HTMLCanvasElement | null} */
    this.sheet = null;
    /** @type {WeakMap<Uint8Array, Uint8Array>} */
    this.grids = new WeakMap();
    /** @type {WeakMap<Uint8Array, Map<number, number[]>>} */
    this.sorted = new WeakMap();
  }

  /**
   * @param {string} line word of a line of the legend
   * @returns {boolean} whether the study has any
   */
  has(line) {
    const { deserts } = this.model.payload;
    if (line === "area") return this.area !== null;
    if (line === "district") return this.districts !== null;
    if (line === "ferry") return this.roads.some((road) => road.tier === FERRY);
    return deserts.some((list) => list.told.some((one) => Boolean(one.name) === (line === "named")));
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   */
  under(to, view) {
    to.fillStyle = this.area ? this.inks.outside[0] : this.inks.nobody[0];
    to.fillRect(0, 0, view.width, view.height);
    if (this.area) this.fill(to, this.area, view, this.inks.nobody);
    if (this.water) this.fill(to, this.water, view, this.inks.water);
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {Shapes} shapes
   * @param {View} view
   * @param {Ink} ink
   */
  fill(to, shapes, view, ink) {
    to.beginPath();
    traceRings(to, shapes, view, 0, shapes.first.length - 1, true);
    to.fillStyle = ink[2] === "plain" ? ink[0] : this.pattern(to, ink, view);
    to.fill("evenodd");
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {Ink} ink
   * @param {View} view
   * @returns {CanvasPattern | string}
   */
  pattern(to, ink, view) {
    const pattern = to.createPattern(tileOf(ink), "repeat");
    if (!pattern) return ink[0];
    const x = -view.west * view.scale;
    const y = view.north * view.scale;
    pattern.setTransform(new DOMMatrix([1, 0, 0, 1, Math.round(x), Math.round(y)]));
    return pattern;
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   * @param {Uint8Array} codes of places
   */
  places(to, view, codes) {
    const { spots } = this.model.payload;
    if (spots.sort === "grid") this.grid(to, view, codes);
    else if (this.model.areas) this.areas(to, view, codes, this.model.areas);
    else this.points(to, view, codes);
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   * @param {Uint8Array} codes
   */
  grid(to, view, codes) {
    const { side = 1, columns = 0, rows = 0, west = 0, north = 0 } = this.model.payload.spots;
    const [wide, high] = [Math.round(view.width * view.ratio), Math.round(view.height * view.ratio)];
    const scale = view.scale * view.ratio;
    if (side * scale < LEAST_CELL_PX * view.ratio) {
      this.stamps(to, view, codes);
      return;
    }
    const cells = this.gridOf(codes, columns * rows);
    const columnOf = new Int32Array(wide);
    for (let x = 0; x < wide; x += 1) {
      const at = Math.floor((view.west + (x + 0.5) / scale - west) / side);
      columnOf[x] = at >= 0 && at < columns ? at : -1;
    }
    const rowOf = new Int32Array(high);
    for (let y = 0; y < high; y += 1) {
      const at = Math.floor((north - view.north + (y + 0.5) / scale) / side);
      rowOf[y] = at >= 0 && at < rows ? at : -1;
    }
    this.paint(to, view, cells, columns, columnOf, rowOf);
  }

  /**
   * Lay codes of places into the grid; kept for the next time, as a window moves more often than codes change.
   * @param {Uint8Array} codes
   * @param {number} size
   * @returns {Uint8Array}
   */
  gridOf(codes, size) {
    const found = this.grids.get(codes);
    if (found) return found;
    const cells = new Uint8Array(size).fill(BARE);
    for (let place = 0; place < codes.length; place += 1) cells[this.model.cell[place]] = codes[place];
    this.grids.set(codes, cells);
    return cells;
  }

  /**
   * Cells too small to be seen are drawn larger than they are, those that matter over the others.
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   * @param {Uint8Array} codes
   */
  stamps(to, view, codes) {
    const [wide, high] = [Math.round(view.width * view.ratio), Math.round(view.height * view.ratio)];
    const scale = view.scale * view.ratio;
    const size = Math.round(LEAST_CELL_PX * view.ratio);
    const dots = new Uint8Array(wide * high).fill(BARE);
    for (const [code, places] of this.byCodeOf(codes)) {
      for (const place of places) {
        const left = Math.round((this.model.x[place] - view.west) * scale - size / 2);
        const top = Math.round((view.north - this.model.y[place]) * scale - size / 2);
        if (left < 0 || top < 0 || left + size > wide || top + size > high) continue;
        for (let row = top; row < top + size; row += 1) dots.fill(code, row * wide + left, row * wide + left + size);
      }
    }
    this.paint(to, view, dots, wide, Int32Array.from({ length: wide }, (_, x) => x),
      Int32Array.from({ length: high }, (_, y) => y));
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   * @param {Uint8Array} cells
   * @param {number} columns
   * @param {Int32Array} columnOf
   * @param {Int32Array} rowOf
   */
  paint(to, view, cells, columns, columnOf, rowOf) {
    const picture = new ImageData(columnOf.length, rowOf.length);
    const scale = view.scale * view.ratio;
    /** @type {[number, number]} */
    const phase = [phaseOf(view.west * scale), phaseOf(-view.north * scale)];
    paintGrid(picture, this.table, cells, columns, columnOf, rowOf, phase, Math.max(1, Math.round(view.ratio)));
    this.lay(to, view, picture);
  }

  /**
   * Lay a picture over what is drawn (putImageData would cut holes into it).
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   * @param {ImageData} picture
   */
  lay(to, view, picture) {
    this.sheet ??= document.createElement("canvas");
    if (this.sheet.width !== picture.width || this.sheet.height !== picture.height) {
      this.sheet.width = picture.width;
      this.sheet.height = picture.height;
    }
    this.sheet.getContext("2d")?.putImageData(picture, 0, 0);
    to.drawImage(this.sheet, 0, 0, view.width, view.height);
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   * @param {Uint8Array} codes
   * @param {Shapes} areas
   */
  areas(to, view, codes, areas) {
    for (const [code, places] of this.byCodeOf(codes)) {
      const ink = this.byCode[code];
      if (!ink) continue;
      to.beginPath();
      for (const place of places) traceRings(to, areas, view, areas.shape[place], areas.shape[place + 1], true);
      to.fillStyle = ink[2] === "plain" ? ink[0] : this.pattern(to, ink, view);
      to.fill("evenodd");
      to.strokeStyle = "rgba(60,60,60,0.35)";
      to.lineWidth = 0.5;
      to.stroke();
    }
  }

  /**
   * @param {Uint8Array} codes
   * @returns {Map<number, number[]>} places of each code, kept for the next time
   */
  byCodeOf(codes) {
    const found = this.sorted.get(codes) ?? byCode(codes);
    this.sorted.set(codes, found);
    return found;
  }

  /** @param {View} view */
  radius(view) {
    const { n } = this.model;
    const [west, south, east, north] = this.model.payload.extent;
    const room = Math.sqrt(((east - west) * (north - south)) / Math.max(n, 1)) * view.scale;
    return Math.min(DISC * 1.6, Math.max(2, room * 0.32));
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   * @param {Uint8Array} codes
   */
  points(to, view, codes) {
    const radius = this.radius(view);
    const { x, y } = this.model;
    for (const [code, places] of this.byCodeOf(codes)) {
      const ink = this.byCode[code];
      if (!ink) continue;
      to.beginPath();
      for (const place of places) {
        const left = (x[place] - view.west) * view.scale;
        const top = (view.north - y[place]) * view.scale;
        if (left < -9 || top < -9 || left > view.width + 9 || top > view.height + 9) continue;
        to.moveTo(left + radius, top);
        to.arc(left, top, radius, 0, 2 * Math.PI);
      }
      to.fillStyle = ink[2] === "plain" ? ink[0] : this.pattern(to, ink, view);
      to.fill();
      to.strokeStyle = "rgba(40,40,40,0.6)";
      to.lineWidth = 0.6;
      to.stroke();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   */
  lines(to, view) {
    to.lineJoin = "round";
    to.lineCap = "round";
    const [east, south] = [view.west + view.width / view.scale, view.north - view.height / view.scale];
    for (const road of this.roads) {
      const style = ROADS[road.tier];
      if (!style || view.scale * 1000 < style.from) continue;
      to.beginPath();
      for (let at = 0; at < road.shapes.first.length - 1; at += 1) {
        const [w, s, e, n] = road.box.subarray(at * 4, at * 4 + 4);
        if (e < view.west || w > east || n < south || s > view.north) continue;
        traceRings(to, road.shapes, view, at, at + 1, false);
      }
      to.strokeStyle = style.colour;
      to.lineWidth = style.width;
      to.setLineDash(style.dash ?? []);
      to.stroke();
    }
    to.setLineDash([]);
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   */
  borders(to, view) {
    to.strokeStyle = BORDER;
    if (this.districts) this.outline(to, view, this.districts, 1.1, [6, 3]);
    if (this.area) this.outline(to, view, this.area, 2.2, []);
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   * @param {Shapes} shapes
   * @param {number} width
   * @param {number[]} dash
   */
  outline(to, view, shapes, width, dash) {
    to.beginPath();
    traceRings(to, shapes, view, 0, shapes.first.length - 1, true);
    to.lineWidth = width;
    to.setLineDash(dash);
    to.stroke();
    to.setLineDash([]);
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   * @param {number} variant
   * @param {number} chosen label of the desert that is looked at, −1 = none
   */
  outlineDeserts(to, view, variant, chosen) {
    const shapes = this.deserts[variant];
    this.model.payload.deserts[variant].told.forEach((desert, at) => {
      to.beginPath();
      traceRings(to, shapes, view, shapes.shape[at], shapes.shape[at + 1], true);
      if (desert.label === chosen) {
        to.strokeStyle = "#ffffff";
        to.lineWidth = 7;
        to.stroke();
      }
      to.strokeStyle = desert.name ? "#b00020" : "#404040";
      const thick = view.scale * 1000 < 30 ? 0.7 : 1;
      to.lineWidth = desert.label === chosen ? 4 : (desert.name ? 2.2 : 1.1) * thick;
      to.stroke();
    });
  }

  /**
   * Write names of districts and settlements, larger first; one that would touch another is left out.
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   * @param {[number, number, number, number][]} taken boxes in pixels
   */
  names(to, view, taken) {
    const { districts, ground } = this.model.payload;
    const written = new Set(districts.map((district) => district.name));
    for (const district of districts) {
      if (!district.at || districts.length < 2) continue;
      this.write(to, view, district.name, district.at[0], district.at[1], 13, BORDER, taken);
    }
    const perKm = view.scale * 1000;
    for (const place of ground.places) {
      if (written.has(place.name) || (place.rank > 0 && perKm < 12 * place.rank)) continue;
      const size = place.rank === 0 ? 13 : 11.5;
      this.write(to, view, place.name, place.x, place.y, size, "#333333", taken);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} to
   * @param {View} view
   * @param {string} text
   * @param {number} x metres
   * @param {number} y metres
   * @param {number} size
   * @param {string} colour
   * @param {[number, number, number, number][]} taken
   */
  write(to, view, text, x, y, size, colour, taken) {
    const left = (x - view.west) * view.scale;
    const top = (view.north - y) * view.scale;
    if (left < 0 || top < 0 || left > view.width || top > view.height) return;
    to.font = `${colour === BORDER ? 700 : 400} ${size}px ${FONT}`;
    const half = to.measureText(text).width / 2 + NAME_GAP;
    /** @type {[number, number, number, number]} */
    const box = [left - half, top - size * 0.7, left + half, top + size * 0.7];
    if (taken.some((one) => box[0] < one[2] && one[0] < box[2] && box[1] < one[3] && one[1] < box[3])) return;
    taken.push(box);
    to.textAlign = "center";
    to.textBaseline = "middle";
    to.lineJoin = "round";
    to.lineWidth = 3.5;
    to.strokeStyle = "rgba(255,255,255,0.9)";
    to.strokeText(text, left, top);
    to.fillStyle = colour;
    to.fillText(text, left, top);
  }
}

export const FONT = '"Malgun Gothic", "Apple SD Gothic Neo", "Noto Sans CJK KR", NanumGothic, sans-serif';

/**
 * @param {Uint8Array} codes
 * @returns {Map<number, number[]>} places of each code
 */
function byCode(codes) {
  /** @type {Map<number, number[]>} */
  const found = new Map();
  for (let place = 0; place < codes.length; place += 1) {
    const list = found.get(codes[place]);
    if (list) list.push(place);
    else found.set(codes[place], [place]);
  }
  return new Map([...found].sort((one, other) => rank(one[0]) - rank(other[0])));
}
