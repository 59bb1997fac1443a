// Numbers that the page carries as text: base64, raw deflate (RFC 1951), differences. Decoded here, since browsers
// without DecompressionStream are still in offices, and so that there is one way only.

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163,
  195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const FAR_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
  4097, 6145, 8193, 12289, 16385, 24577];
const FAR_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const MOST_BITS = 15;

/**
 * A Huffman code: how many symbols have each length, and the symbols in the order of their codes.
 * @typedef {{count: Uint16Array, symbol: Uint16Array}} Huffman
 */

/**
 * @param {ArrayLike<number>} lengths bits of each symbol, 0 = not used
 * @returns {Huffman}
 */
function huffman(lengths) {
  const count = new Uint16Array(MOST_BITS + 1);
  for (let at = 0; at < lengths.length; at += 1) count[lengths[at]] += 1;
  count[0] = 0;
  const next = new Uint16Array(MOST_BITS + 2);
  for (let bits = 1; bits <= MOST_BITS; bits += 1) next[bits + 1] = next[bits] + count[bits];
  const symbol = new Uint16Array(lengths.length);
  for (let at = 0; at < lengths.length; at += 1) {
    if (lengths[at]) {
      symbol[next[lengths[at]]] = at;
      next[lengths[at]] += 1;
    }
  }
  return { count, symbol };
}

/** Bits of a deflated stream, and what has come out of it so far. */
class Stream {
  /** @param {Uint8Array} data */
  constructor(data) {
    this.data = data;
    this.at = 0;
    this.held = 0;
    this.bits = 0;
    this.out = new Uint8Array(Math.max(data.length * 4, 1024));
    this.size = 0;
  }

  /**
   * @param {number} n at most 16
   * @returns {number} the next n bits, the first the lowest
   */
  take(n) {
    while (this.bits < n) {
      if (this.at >= this.data.length) throw new RangeError("deflated data end too early");
      this.held |= this.data[this.at] << this.bits;
      this.at += 1;
      this.bits += 8;
    }
    const value = this.held & ((1 << n) - 1);
    this.held >>>= n;
    this.bits -= n;
    return value;
  }

  /**
   * @param {Huffman} code
   * @returns {number} the next symbol
   */
  symbol(code) {
    let value = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= MOST_BITS; length += 1) {
      value |= this.take(1);
      const count = code.count[length];
      if (value - count < first) return code.symbol[index + (value - first)];
      index += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    throw new RangeError("deflated data hold an unknown code");
  }

  /** @param {number} more bytes that are to come */
  room(more) {
    if (this.size + more <= this.out.length) return;
    const larger = new Uint8Array(Math.max(this.out.length * 2, this.size + more));
    larger.set(this.out.subarray(0, this.size));
    this.out = larger;
  }

  /** Copy a stored block. */
  stored() {
    this.held = 0;
    this.bits = 0;
    const length = this.data[this.at] | (this.data[this.at + 1] << 8);
    this.at += 4;
    if (this.at + length > this.data.length) throw new RangeError("deflated data end too early");
    this.room(length);
    this.out.set(this.data.subarray(this.at, this.at + length), this.size);
    this.size += length;
    this.at += length;
  }

  /**
   * @param {Huffman} literals
   * @param {Huffman} distances
   */
  block(literals, distances) {
    for (;;) {
      const symbol = this.symbol(literals);
      if (symbol === 256) return;
      if (symbol < 256) {
        this.room(1);
        this.out[this.size] = symbol;
        this.size += 1;
        continue;
      }
      const length = LENGTH_BASE[symbol - 257] + this.take(LENGTH_BITS[symbol - 257]);
      const far = this.symbol(distances);
      const back = FAR_BASE[far] + this.take(FAR_BITS[far]);
      if (back > this.size) throw new RangeError("deflated data reach back too far");
      this.room(length);
      for (let left = length; left > 0; left -= 1) {
        this.out[this.size] = this.out[this.size - back];
        this.size += 1;
      }
    }
  }
}

/** @returns {[Huffman, Huffman]} the codes of blocks that bring none */
function fixedCodes() {
  const lengths = new Uint8Array(288);
  lengths.fill(8, 0, 144);
  lengths.fill(9, 144, 256);
  lengths.fill(7, 256, 280);
  lengths.fill(8, 280, 288);
  return [huffman(lengths), huffman(new Uint8Array(30).fill(5))];
}

/**
 * @param {Stream} stream
 * @returns {[Huffman, Huffman]} the codes that a block brings
 */
function ownCodes(stream) {
  const literals = stream.take(5) + 257;
  const distances = stream.take(5) + 1;
  const codes = stream.take(4) + 4;
  const first = new Uint8Array(19);
  for (let at = 0; at < codes; at += 1) first[CODE_ORDER[at]] = stream.take(3);
  const code = huffman(first);
  const lengths = new Uint8Array(literals + distances);
  let at = 0;
  while (at < lengths.length) {
    const symbol = stream.symbol(code);
    if (symbol < 16) {
      lengths[at] = symbol;
      at += 1;
      continue;
    }
    const repeat = symbol === 16 ? lengths[at - 1] : 0;
    const times = symbol === 16 ? 3 + stream.take(2) : symbol === 17 ? 3 + stream.take(3) : 11 + stream.take(7);
    lengths.fill(repeat, at, at + times);
    at += times;
  }
  return [huffman(lengths.subarray(0, literals)), huffman(lengths.subarray(literals))];
}

/**
 * Inflate raw deflated data.
 * @param {Uint8Array} data
 * @returns {Uint8Array}
 */
export function inflate(data) {
  const stream = new Stream(data);
  for (;;) {
    const last = stream.take(1);
    const sort = stream.take(2);
    if (sort === 0) stream.stored();
    else if (sort === 1) stream.block(...fixedCodes());
    else if (sort === 2) stream.block(...ownCodes(stream));
    else throw new RangeError("deflated data hold an unknown block");
    if (last) return stream.out.subarray(0, stream.size);
  }
}

/**
 * @param {string} text base64 of deflated bytes
 * @returns {Uint8Array}
 */
function bytesOf(text) {
  const letters = atob(text);
  const data = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at += 1) data[at] = letters.charCodeAt(at);
  return inflate(data);
}

/**
 * Unpack bytes: each is told as what it is more than the one before, or than the same byte of `base`.
 * @param {string} text
 * @param {Uint8Array | null} [base]
 * @returns {Uint8Array}
 */
export function unpackBytes(text, base = null) {
  const bytes = bytesOf(text);
  let before = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    before = (bytes[at] + (base ? base[at] : before)) & 255;
    bytes[at] = before;
  }
  return bytes;
}

/**
 * Unpack whole numbers: LEB128 of the zigzag of differences.
 * @param {string} text
 * @returns {Int32Array}
 */
export function unpackInts(text) {
  const bytes = bytesOf(text);
  let n = 0;
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] < 128) n += 1;
  const values = new Int32Array(n);
  let sum = 0;
  let number = 0;
  let weight = 1;
  let place = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    number += (bytes[at] & 127) * weight;
    weight *= 128;
    if (bytes[at] < 128) {
      sum += number % 2 ? -(number + 1) / 2 : number / 2;
      values[place] = sum;
      place += 1;
      number = 0;
      weight = 1;
    }
  }
  return values;
}
