// Fills with lines over them, told apart in greyscale and by the colour-blind; the same as on the printed maps.

/** @typedef {[string, string, string]} Ink fill, colour of lines, pattern */

export const TILE = 252;
const NAMES = ["plain", "sparse", "rising", "falling", "cross", "dots"];

/** @type {((x: number, y: number) => boolean)[]} */
const LINES = [
  () => false,
  (x, y) => (x + y) % 9 < 1,
  (x, y) => (x + y) % 6 < 2,
  (x, y) => (x - y + TILE) % 6 < 2,
  (x, y) => (x + y) % 7 < 1 || (x - y + TILE) % 7 < 1,
  (x, y) => x % 4 < 1 && y % 4 < 1,
];

/** Bit i of tile[y * TILE + x] is set where pattern i draws a line. */
const BITS = (() => {
  const bits = new Uint8Array(TILE * TILE);
  for (let y = 0; y < TILE; y += 1) {
    for (let x = 0; x < TILE; x += 1) {
      LINES.forEach((draws, at) => {
        if (draws(x, y)) bits[y * TILE + x] |= 1 << at;
      });
    }
  }
  return bits;
})();

/**
 * @param {string} colour #rrggbb
 * @returns {number} as the machine holds a pixel (little-endian RGBA)
 */
function pixel(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * @param {string} colour
 * @returns {number} relative lightness, 0 to 255
 */
function lightness(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/**
 * The ink of a class beyond a chosen cut-off: its own fill, crossed out by lines.
 * @param {Ink} ink
 * @returns {Ink}
 */
export function crossedOut(ink) {
  return [ink[0], lightness(ink[0]) > 110 ? "#4a4a4a" : "#d8d8d8", "falling"];
}

/** Two pixels a code (without and with a line), and which pattern draws the line. */
export class Table {
  /** @param {(Ink | undefined)[]} inks by code */
  constructor(inks) {
    this.pixels = new Uint32Array(512);
    this.bit = new Uint8Array(256);
    inks.forEach((ink, code) => {
      if (!ink) return;
      this.pixels[code * 2] = pixel(ink[0]);
      this.pixels[code * 2 + 1] = pixel(ink[1]);
      this.bit[code] = NAMES.indexOf(ink[2]);
    });
  }
}

/**
 * Paint codes of a grid over a picture by nearest cell; where there is no cell, nothing is painted.
 * @param {ImageData} picture
 * @param {Table} table
 * @param {Uint8Array} codes of the grid's cells, row by row; 255 = none
 * @param {number} columns
 * @param {Int32Array} columnOf column of the grid at each column of the picture, −1 = none
 * @param {Int32Array} rowOf
 * @param {[number, number]} phase where the patterns begin
 * @param {number} fine pixels in one dot of a pattern
 */
export function paintGrid(picture, table, codes, columns, columnOf, rowOf, phase, fine) {
  const out = new Uint32Array(picture.data.buffer);
  const { width, height } = picture;
  const { pixels, bit } = table;
  const tileX = new Int32Array(width);
  for (let x = 0; x < width; x += 1) tileX[x] = Math.floor((x + phase[0]) / fine) % TILE;
  for (let y = 0; y < height; y += 1) {
    if (rowOf[y] < 0) continue;
    const from = rowOf[y] * columns;
    const tile = (Math.floor((y + phase[1]) / fine) % TILE) * TILE;
    const line = y * width;
    for (let x = 0; x < width; x += 1) {
      if (columnOf[x] < 0) continue;
      const code = codes[from + columnOf[x]];
      if (code === 255) continue;
      const pattern = bit[code];
      out[line + x] = pixels[code * 2 + (pattern ? (BITS[tile + tileX[x]] >> pattern) & 1 : 0)];
    }
  }
}

/** @type {Map<string, HTMLCanvasElement>} */
const tiles = new Map();

/**
 * A picture of one ink that repeats without a seam.
 * @param {Ink} ink
 * @returns {HTMLCanvasElement}
 */
export function tileOf(ink) {
  const key = ink.join();
  const found = tiles.get(key);
  if (found) return found;
  const canvas = document.createElement("canvas");
  canvas.width = TILE;
  canvas.height = TILE;
  const context = canvas.getContext("2d");
  if (context) {
    const picture = context.createImageData(TILE, TILE);
    const out = new Uint32Array(picture.data.buffer);
    const pattern = NAMES.indexOf(ink[2]);
    const [plain, line] = [pixel(ink[0]), pixel(ink[1])];
    for (let at = 0; at < out.length; at += 1) out[at] = (BITS[at] >> pattern) & 1 ? line : plain;
    context.putImageData(picture, 0, 0);
  }
  tiles.set(key, canvas);
  return canvas;
}

/**
 * A swatch for the legend.
 * @param {Ink} ink
 * @returns {HTMLCanvasElement}
 */
export function swatch(ink) {
  const canvas = document.createElement("canvas");
  canvas.width = 34;
  canvas.height = 18;
  canvas.className = "lz-swatch";
  canvas.setAttribute("aria-hidden", "true");
  canvas.getContext("2d")?.drawImage(tileOf(ink), 0, 0);
  return canvas;
}

/**
 * A line for the legend.
 * @param {string} colour
 * @param {number} width
 * @param {number[]} dash
 * @returns {HTMLCanvasElement}
 */
export function lineSwatch(colour, width, dash) {
  const canvas = document.createElement("canvas");
  canvas.width = 34;
  canvas.height = 18;
  canvas.className = "lz-line";
  canvas.setAttribute("aria-hidden", "true");
  const to = canvas.getContext("2d");
  if (to) {
    to.strokeStyle = colour;
    to.lineWidth = width;
    to.setLineDash(dash);
    to.moveTo(1, 9);
    to.lineTo(33, 9);
    to.stroke();
  }
  return canvas;
}
