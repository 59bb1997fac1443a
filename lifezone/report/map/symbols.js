// Facilities: a shape and a letter for each kind, drawn hollow for candidates; told apart without colour.
import { ABSENT, CANDIDATE, OPEN } from "./model.js";
import { FONT } from "./scene.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./scene.js").View} View */

/** @typedef {{shape: number, letter: string, colour: string}} Symbol */

const SHAPES = 6;
const COLOURS = ["#0b3d6b", "#5a1f63", "#14532d", "#6b2d0b", "#3d3d3d", "#7a0f2b"];
const LETTERED = 8;
const DOT = 3.6;
const APART = 14;
const AROUND = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => [dx, dy]));

/**
 * Give each kind a shape and a letter that no other kind has together.
 * @param {{id: string, name: string}[]} kinds
 * @returns {Symbol[]}
 */
export function symbolsOf(kinds) {
  /** @type {Set<string>} */
  const taken = new Set();
  return kinds.map((kind, at) => {
    const letters = [...kind.name.replace(/[\s()·,./-]/g, "").toUpperCase()];
    for (const letter of [...letters, "?"]) {
      for (let turn = 0; turn < SHAPES; turn += 1) {
        const shape = (at + turn) % SHAPES;
        if (!taken.has(`${shape}${letter}`)) {
          taken.add(`${shape}${letter}`);
          return { shape, letter, colour: COLOURS[shape] };
        }
      }
    }
    return { shape: at % SHAPES, letter: String(at), colour: COLOURS[at % SHAPES] };
  });
}

/**
 * Trace a shape: circle, square, triangle, diamond, pentagon, hexagon.
 * @param {CanvasRenderingContext2D} to
 * @param {number} shape
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function traceShape(to, shape, x, y, radius) {
  to.beginPath();
  if (shape === 0) {
    to.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  const corners = [0, 4, 3, 4, 5, 6][shape];
  const turn = shape === 1 ? Math.PI / 4 : 0;
  const grown = radius * [1, 1.2, 1.32, 1.22, 1.12, 1.1][shape];
  for (let at = 0; at < corners; at += 1) {
    const angle = turn - Math.PI / 2 + (2 * Math.PI * at) / corners;
    to.lineTo(x + grown * Math.cos(angle), y + grown * Math.sin(angle) + (shape === 2 ? 1.5 : 0));
  }
  to.closePath();
}

/**
 * @param {CanvasRenderingContext2D} to
 * @param {Symbol} symbol
 * @param {number} x
 * @param {number} y
 * @param {{hollow?: boolean, across?: boolean, small?: boolean, badge?: string}} how
 */
export function drawSymbol(to, symbol, x, y, how = {}) {
  const radius = how.small ? DOT : LETTERED;
  traceShape(to, symbol.shape, x, y, radius + 1.4);
  to.fillStyle = "#ffffff";
  to.fill();
  traceShape(to, symbol.shape, x, y, radius);
  to.fillStyle = how.hollow ? "#ffffff" : how.across ? "#6d6d6d" : symbol.colour;
  to.fill();
  to.strokeStyle = symbol.colour;
  to.lineWidth = 1.4;
  to.setLineDash(how.hollow ? [2.5, 2] : []);
  to.stroke();
  to.setLineDash([]);
  if (!how.small) {
    to.font = `700 ${LETTERED * 1.25}px ${FONT}`;
    to.textAlign = "center";
    to.textBaseline = "middle";
    to.fillStyle = how.hollow ? symbol.colour : "#ffffff";
    to.fillText(symbol.letter, x, y + 0.5);
  }
  if (how.badge) {
    to.beginPath();
    to.arc(x + 8, y - 8, 6.5, 0, 2 * Math.PI);
    to.fillStyle = "#ffffff";
    to.fill();
    to.strokeStyle = "#000000";
    to.lineWidth = 1.2;
    to.stroke();
    to.font = `700 12px ${FONT}`;
    to.textAlign = "center";
    to.textBaseline = "middle";
    to.fillStyle = "#000000";
    to.fillText(how.badge, x + 8, y - 7.5);
  }
}

/**
 * @param {Symbol} symbol
 * @returns {HTMLCanvasElement} the symbol for the legend
 */
export function symbolSwatch(symbol) {
  const canvas = document.createElement("canvas");
  canvas.width = 24;
  canvas.height = 24;
  canvas.className = "lz-symbol";
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  if (context) drawSymbol(context, symbol, 12, 12);
  return canvas;
}

/**
 * How a facility stands in variants a and b: 0 absent, 1 candidate, 2 open.
 * @param {Model} model
 * @param {number} at
 * @param {number} a
 * @param {number} b
 * @returns {{before: number, now: number, badge: string}}
 */
export function standing(model, at, a, b) {
  const before = model.facilities.status[a][at];
  const now = model.facilities.status[b][at];
  const badge = now === OPEN && before !== OPEN ? "+" : before === OPEN && now !== OPEN ? "×" : "";
  return { before, now, badge };
}

/**
 * Draw facilities of the kinds that are shown, and tell where each came to stand.
 * @param {CanvasRenderingContext2D} to
 * @param {View} view
 * @param {Model} model
 * @param {Symbol[]} symbols
 * @param {{kinds: Set<number>, a: number, b: number}} shown
 * @returns {{at: number, x: number, y: number}[]}
 */
export function drawFacilities(to, view, model, symbols, shown) {
  const { facilities } = model;
  /** @type {{at: number, x: number, y: number}[]} */
  const seen = [];
  for (let at = 0; at < facilities.n; at += 1) {
    if (!shown.kinds.has(facilities.kind[at])) continue;
    const { before, now } = standing(model, at, shown.a, shown.b);
    if (before === ABSENT && now === ABSENT) continue;
    const x = (facilities.x[at] - view.west) * view.scale;
    const y = (view.north - facilities.y[at]) * view.scale;
    if (x > -12 && y > -12 && x < view.width + 12 && y < view.height + 12) seen.push({ at, x, y });
  }
  for (const [one, small] of crowded(seen, (at) => standing(model, at, shown.a, shown.b).badge !== "")) {
    const { now, before, badge } = standing(model, one.at, shown.a, shown.b);
    drawSymbol(to, symbols[facilities.kind[one.at]], one.x, one.y, {
      hollow: now === CANDIDATE || (now === ABSENT && before === CANDIDATE) || badge === "×",
      across: facilities.across[one.at] === 1, small, badge,
    });
  }
  return seen;
}

/**
 * Tell which symbols are drawn small, because a larger one stands there already; what changes is large and on top.
 * @param {{at: number, x: number, y: number}[]} seen
 * @param {(at: number) => boolean} changes
 * @returns {[{at: number, x: number, y: number}, boolean][]} in the order of drawing
 */
function crowded(seen, changes) {
  /** @type {Map<string, {x: number, y: number}[]>} */
  const squares = new Map();
  /** @type {[{at: number, x: number, y: number}, boolean][]} */
  const found = [];
  for (const one of [...seen.filter((other) => changes(other.at)), ...seen.filter((other) => !changes(other.at))]) {
    const [column, row] = [Math.floor(one.x / APART), Math.floor(one.y / APART)];
    let close = false;
    for (const [dx, dy] of AROUND) {
      const others = squares.get(`${column + dx} ${row + dy}`) ?? [];
      close ||= others.some((other) => Math.hypot(other.x - one.x, other.y - one.y) < APART);
    }
    const small = close && !changes(one.at);
    found.push([one, small]);
    if (!small) squares.set(`${column} ${row}`, [...(squares.get(`${column} ${row}`) ?? []), one]);
  }
  return [...found.filter(([, small]) => small), ...found.filter(([, small]) => !small).reverse()];
}
