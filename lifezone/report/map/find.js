// Which place is under a point, and which is the next one in a direction.

/** @typedef {import("./model.js").Model} Model */

const BUCKETS = 1.0;

/** Finds places; points and areas by squares that hold about one place each. */
export class Finder {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    const [west, south, east, north] = bounds(model.x, model.y);
    this.west = west;
    this.south = south;
    this.side = Math.max(1, Math.sqrt(((east - west + 1) * (north - south + 1) * BUCKETS) / Math.max(model.n, 1)));
    this.columns = Math.max(1, Math.ceil((east - west + 1) / this.side));
    this.rows = Math.max(1, Math.ceil((north - south + 1) / this.side));
    /** @type {Map<number, number[]>} */
    this.bucket = new Map();
    for (let place = 0; place < model.n; place += 1) {
      const at = this.row(model.y[place]) * this.columns + this.column(model.x[place]);
      const list = this.bucket.get(at);
      if (list) list.push(place);
      else this.bucket.set(at, [place]);
    }
  }

  /** @param {number} x */
  column(x) {
    return Math.min(this.columns - 1, Math.max(0, Math.floor((x - this.west) / this.side)));
  }

  /** @param {number} y */
  row(y) {
    return Math.min(this.rows - 1, Math.max(0, Math.floor((y - this.south) / this.side)));
  }

  /**
   * The place at a point: the cell or area around it, else the nearest within reach.
   * @param {number} x metres
   * @param {number} y metres
   * @param {number} reach metres
   * @returns {number} −1 = none
   */
  at(x, y, reach) {
    const { spots } = this.model.payload;
    if (spots.sort === "grid") {
      const { side = 1, columns = 0, rows = 0, west = 0, north = 0 } = spots;
      const column = Math.floor((x - west) / side);
      const row = Math.floor((north - y) / side);
      const inside = column >= 0 && row >= 0 && column < columns && row < rows;
      const place = inside ? this.model.placeAt[row * columns + column] : -1;
      if (place >= 0) return place;
    }
    let best = -1;
    let least = Infinity;
    for (const place of this.near(x, y, Math.max(reach, this.model.areas ? this.side * 2 : 0))) {
      if (this.model.areas && inShape(this.model.areas, place, x, y)) return place;
      const far = Math.hypot(this.model.x[place] - x, this.model.y[place] - y);
      if (far <= reach && far < least) {
        best = place;
        least = far;
      }
    }
    return best;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} reach
   * @returns {Generator<number>} places around
   */
  * near(x, y, reach) {
    for (let row = this.row(y - reach); row <= this.row(y + reach); row += 1) {
      for (let column = this.column(x - reach); column <= this.column(x + reach); column += 1) {
        yield* this.bucket.get(row * this.columns + column) ?? [];
      }
    }
  }

  /**
   * The next place in a direction: near, and rather ahead than aside.
   * @param {number} from a place
   * @param {number} east −1, 0, 1
   * @param {number} north −1, 0, 1
   * @returns {number} `from` where there is none
   */
  next(from, east, north) {
    const { x, y, n } = this.model;
    let best = from;
    let least = Infinity;
    for (let place = 0; place < n; place += 1) {
      const dx = x[place] - x[from];
      const dy = y[place] - y[from];
      const ahead = dx * east + dy * north;
      const aside = Math.abs(dx * north) + Math.abs(dy * east);
      if (ahead <= 0 || aside > ahead * 1.5 || place === from) continue;
      const cost = ahead + 2 * aside;
      if (cost < least) {
        least = cost;
        best = place;
      }
    }
    return best;
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {number} the nearest place of all, −1 where there is none
   */
  nearest(x, y) {
    let best = -1;
    let least = Infinity;
    for (let place = 0; place < this.model.n; place += 1) {
      const far = Math.hypot(this.model.x[place] - x, this.model.y[place] - y);
      if (far < least) {
        best = place;
        least = far;
      }
    }
    return best;
  }
}

/**
 * @param {Float64Array} x
 * @param {Float64Array} y
 * @returns {[number, number, number, number]}
 */
function bounds(x, y) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < x.length; at += 1) {
    west = Math.min(west, x[at]);
    east = Math.max(east, x[at]);
    south = Math.min(south, y[at]);
    north = Math.max(north, y[at]);
  }
  return x.length ? [west, south, east, north] : [0, 0, 0, 0];
}

/**
 * Tell whether a point lies in a shape (even–odd, so that holes stay open).
 * @param {import("./model.js").Shapes} shapes
 * @param {number} shape
 * @param {number} x
 * @param {number} y
 * @returns {boolean}
 */
export function inShape(shapes, shape, x, y) {
  let inside = false;
  for (let ring = shapes.shape[shape]; ring < shapes.shape[shape + 1]; ring += 1) {
    const [first, last] = [shapes.first[ring], shapes.first[ring + 1]];
    for (let at = first, before = last - 1; at < last; before = at, at += 1) {
      const [ax, ay, bx, by] = [shapes.x[at], shapes.y[at], shapes.x[before], shapes.y[before]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}
