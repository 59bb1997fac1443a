// The payload, unpacked when asked for: places, levels, people. What the words mean stands in payload.py.
import { unpackBytes, unpackInts } from "./unpack.js";

export const TOP = 240;
export const BEYOND = 241;
export const NOT_ASSESSED = 250;
export const NO_FACILITY = 251;
export const OFF_NETWORK = 252;
export const UNREACHABLE = 253;
export const NOT_JUDGED = 254;
export const NOBODY = 255;

export const ABSENT = 0;
export const CANDIDATE = 1;
export const OPEN = 2;

const FORMAT = 1;

/**
 * @typedef {object} Rings how many rings each shape has, how many vertices each ring, and these
 * @property {string} [rings]
 * @property {string} sizes
 * @property {string} px
 * @property {string} py
 */

/**
 * @typedef {object} Spots places where people live
 * @property {"grid" | "areas" | "points"} sort
 * @property {number} n
 * @property {string} district
 * @property {number} [side]
 * @property {number} [columns]
 * @property {number} [rows]
 * @property {number} [west]
 * @property {number} [north]
 * @property {string} [at]
 * @property {string} [x]
 * @property {string} [y]
 * @property {string} [rings]
 * @property {string} [sizes]
 * @property {string} [px]
 * @property {string} [py]
 */

/**
 * @typedef {object} Counts people as they may be told
 * @property {number} judged
 * @property {string} upTo
 * @property {number[]} classes
 * @property {Record<string, number>} reasons
 */

/**
 * @typedef {object} Rule
 * @property {string} id
 * @property {string} name
 * @property {string} what
 * @property {string} group
 * @property {boolean} everybody
 * @property {string[]} kinds
 * @property {"any" | "urban" | "rural"} setting
 * @property {"time" | "length"} metric
 * @property {"min" | "m" | "km"} unit
 * @property {number} step shown units in one level
 * @property {number} bound level of the bound
 * @property {number} optimum level of the optimum, 0 = none
 * @property {number[]} classes levels at which classes end; the last is open
 * @property {number[]} steps levels that part a small, a clear and a large change
 * @property {(string | null)[]} values
 * @property {(string | null)[]} met
 * @property {(Counts | null)[]} counts
 * @property {Record<string, {gain: string, lose: string, steps: number[]}>} changes
 */

/**
 * @typedef {object} DesertTold
 * @property {number} label
 * @property {string} name
 * @property {number} district
 * @property {Record<string, number>} people
 * @property {string[]} missing
 * @property {number | null} worst
 */

/**
 * @typedef {object} Payload
 * @property {number} format
 * @property {"ko" | "en"} language
 * @property {string} title
 * @property {string} crs
 * @property {[number, number]} origin
 * @property {[number, number, number, number]} extent
 * @property {number} few
 * @property {{name: string, edits: string[]}[]} variants
 * @property {boolean} paired whether people who gain and lose are counted for any two variants, not only with the first
 * @property {Record<string, string>} groups
 * @property {Record<string, string>} functions
 * @property {{name: string, at?: [number, number], box?: [number, number, number, number]}[]} districts
 * @property {Spots} spots
 * @property {(string | null)[]} people
 * @property {Rule[]} requirements
 * @property {string[]} notAssessed
 * @property {{kinds: {id: string, name: string, unit: string}[], kind: string, x: string, y: string, name: string[],
 *   capacity: (number | null)[], across: string, status: string[]}} facilities
 * @property {(Rings & {told: DesertTold[]})[]} deserts
 * @property {{roads: (Rings & {tier: number})[], water: Rings | null, area: Rings | null, districts: Rings | null,
 *   places: {name: string, x: number, y: number, rank: number}[]}} ground
 * @property {Record<string, [string, string, string]>} inks
 * @property {boolean} modelled
 * @property {string[]} notes
 * @property {string[]} sources
 */

/**
 * A shape's rings, flat: vertices of ring r run from first[r] to first[r + 1].
 * @typedef {{x: Int32Array, y: Int32Array, first: Int32Array, shape: Int32Array}} Shapes
 */

/**
 * @param {ArrayLike<number>} sizes
 * @returns {Int32Array} where each begins, and where the last ends
 */
function starts(sizes) {
  const first = new Int32Array(sizes.length + 1);
  for (let at = 0; at < sizes.length; at += 1) first[at + 1] = first[at] + sizes[at];
  return first;
}

/**
 * Unpack lines or rings.
 * @param {{rings?: string, sizes?: string, px?: string, py?: string}} told
 * @returns {Shapes}
 */
export function shapesOf(told) {
  const sizes = unpackInts(told.sizes ?? "");
  const first = starts(sizes);
  const rings = told.rings ? unpackInts(told.rings) : new Int32Array(sizes.length).fill(1);
  return { x: unpackInts(told.px ?? ""), y: unpackInts(told.py ?? ""), first, shape: starts(rings) };
}

/** What the page knows; nothing of it changes but the layers that are unpacked on the way. */
export class Model {
  /** @param {Payload} payload */
  constructor(payload) {
    if (payload.format !== FORMAT) throw new RangeError(`a map of format ${payload.format}, ${FORMAT} is known`);
    this.payload = payload;
    this.n = payload.spots.n;
    this.rules = payload.requirements;
    this.nVariants = payload.variants.length;
    /** @type {Map<string, Uint8Array>} */
    this.kept = new Map();
    this.district = unpackInts(payload.spots.district);
    /** @type {Shapes | null} */
    this.areas = null;
    /** @type {Int32Array} position of each place in the grid, row by row; empty where there is no grid */
    this.cell = new Int32Array(0);
    /** @type {Int32Array} place at each position of the grid, −1 = none */
    this.placeAt = new Int32Array(0);
    this.x = new Float64Array(this.n);
    this.y = new Float64Array(this.n);
    this.locate(payload.spots);
    this.peopleOf = payload.people.map((text) => (text === null ? null : unpackInts(text)));
    this.facilities = this.readFacilities(payload);
  }

  /** @param {Spots} spots */
  locate(spots) {
    if (spots.sort === "grid") {
      const { side = 1, columns = 0, rows = 0, west = 0, north = 0 } = spots;
      this.cell = unpackInts(spots.at ?? "");
      this.placeAt = new Int32Array(columns * rows).fill(-1);
      for (let place = 0; place < this.n; place += 1) {
        const at = this.cell[place];
        this.placeAt[at] = place;
        this.x[place] = west + ((at % columns) + 0.5) * side;
        this.y[place] = north - (Math.floor(at / columns) + 0.5) * side;
      }
      return;
    }
    this.x.set(unpackInts(spots.x ?? ""));
    this.y.set(unpackInts(spots.y ?? ""));
    if (spots.sort === "areas") this.areas = shapesOf(spots);
  }

  /** @param {Payload} payload */
  readFacilities(payload) {
    const told = payload.facilities;
    return {
      kind: unpackInts(told.kind),
      x: unpackInts(told.x),
      y: unpackInts(told.y),
      across: unpackInts(told.across),
      status: told.status.map((text) => unpackInts(text)),
      n: told.name.length,
    };
  }

  /**
   * @param {number} rule
   * @param {number} variant
   * @returns {Uint8Array} level of each place
   */
  level(rule, variant) {
    const own = this.rules[rule].values[variant];
    if (own === null && variant > 0) return this.level(rule, 0);
    return this.keep(`level ${rule} ${variant}`, () => unpackBytes(own ?? "", variant ? this.level(rule, 0) : null));
  }

  /**
   * @param {number} rule
   * @param {number} variant
   * @param {number} cut a level
   * @returns {Uint8Array} 1 where a place is within the cut-off; at the bound the verdict itself
   */
  within(rule, variant, cut) {
    const told = this.rules[rule].met[variant];
    if (cut === this.rules[rule].bound && told !== null) {
      return this.keep(`met ${rule} ${variant}`, () => unpackBytes(told));
    }
    const level = this.level(rule, variant);
    const within = new Uint8Array(level.length);
    for (let at = 0; at < level.length; at += 1) within[at] = level[at] <= cut ? 1 : 0;
    return within;
  }

  /**
   * @param {number} variant
   * @returns {Int32Array} people of each place as they may be told
   */
  people(variant) {
    return this.peopleOf[variant] ?? this.peopleOf[0] ?? new Int32Array(this.n);
  }

  /**
   * @param {number} rule
   * @param {number} variant
   * @returns {Counts}
   */
  counts(rule, variant) {
    const told = this.rules[rule].counts;
    const counts = told[variant] ?? told[0];
    if (!counts) throw new RangeError("a requirement without counts");
    return counts;
  }

  /**
   * @param {number} rule
   * @param {number} variant
   * @param {number} cut
   * @returns {number} people within a cut-off
   */
  upTo(rule, variant, cut) {
    return unpackInts(this.counts(rule, variant).upTo)[cut];
  }

  /**
   * People who gain and lose from variant a to variant b; NaN = not counted for this pair.
   * @param {number} rule
   * @param {number} a
   * @param {number} b
   * @param {number} cut
   */
  changes(rule, a, b, cut) {
    const all = this.rules[rule].changes;
    const forth = all[`${a}-${b}`];
    const back = all[`${b}-${a}`];
    const told = forth ?? back;
    if (!told) {
      const nothing = this.payload.paired || !a || !b ? 0 : NaN;
      return { gain: nothing, lose: nothing, steps: new Array(9).fill(nothing) };
    }
    const up = unpackInts(told.gain)[cut];
    const down = unpackInts(told.lose)[cut];
    if (forth) return { gain: up, lose: down, steps: told.steps };
    const turned = told.steps.slice(0, 7).reverse();
    return { gain: down, lose: up, steps: [...turned, told.steps[8], told.steps[7]] };
  }

  /**
   * @param {string} key
   * @param {() => Uint8Array} make
   * @returns {Uint8Array}
   */
  keep(key, make) {
    const found = this.kept.get(key);
    if (found) return found;
    const made = make();
    this.kept.set(key, made);
    return made;
  }
}
