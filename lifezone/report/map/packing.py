"""Numbers as text that a page carries: differences, deflated, in base64; the page unpacks them by itself.

Refused: formats that the browser decodes (a PNG read back through a canvas: privacy modes of browsers falsify its
pixels), ``DecompressionStream`` (it would still need our own decoder beside it for browsers without).
"""

from __future__ import annotations

import base64
import zlib

import numpy as np

__all__ = ["pack_bytes", "pack_ints", "unpack_bytes", "unpack_ints"]

_LEVEL = 9
_RAW = -15


def pack_bytes(values: np.ndarray, base: np.ndarray | None = None) -> str:
    """Pack u8[n]: each byte less the one before it, or less the byte of ``base`` at the same place, modulo 256."""
    values = np.ascontiguousarray(values, np.uint8)
    before = np.concatenate([np.zeros(1, np.uint8), values[:-1]]) if base is None else np.asarray(base, np.uint8)
    return _deflated((values - before).astype(np.uint8).tobytes())


def unpack_bytes(text: str, base: np.ndarray | None = None) -> np.ndarray:
    """Return what :func:`pack_bytes` packed."""
    less = np.frombuffer(_inflated(text), np.uint8)
    if base is not None:
        return (less + np.asarray(base, np.uint8)).astype(np.uint8)
    return np.cumsum(less, dtype=np.uint64).astype(np.uint8)


def pack_ints(values: np.ndarray) -> str:
    """Pack i32[n]: each number less the one before it, small magnitudes in few bytes (LEB128 of the zigzag)."""
    whole = np.asarray(values, np.int64)
    less = np.diff(whole, prepend=0)
    rest = np.where(less < 0, -2 * less - 1, 2 * less).astype(np.uint64)
    parts = []
    while len(rest):
        more = rest >= 128
        parts.append((rest & np.uint64(127)).astype(np.uint8) | np.where(more, 128, 0).astype(np.uint8))
        if not more.any():
            break
        rest = rest >> np.uint64(7)
    return _deflated(_interleaved(parts))


def _interleaved(parts: list[np.ndarray]) -> bytes:
    """Return the bytes of each number one after the other; a number ends with its first byte under 128."""
    if not parts:
        return b""
    table = np.column_stack(parts)
    keep = np.ones(table.shape, np.bool_)
    for column in range(1, table.shape[1]):
        keep[:, column] = keep[:, column - 1] & (table[:, column - 1] >= 128)
    return table[keep].tobytes()


def unpack_ints(text: str) -> np.ndarray:
    """Return what :func:`pack_ints` packed."""
    values, number, shift = [], 0, 0
    for byte in _inflated(text):
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            values.append(number // 2 if number % 2 == 0 else -(number + 1) // 2)
            number, shift = 0, 0
    return np.cumsum(np.array(values, np.int64))


def _deflated(data: bytes) -> str:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, 9)
    return base64.b64encode(packer.compress(data) + packer.flush()).decode("ascii")


def _inflated(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text), _RAW)
