"""The outlines of districts as one array of corners, so that all borders can be split and moved at once.

A corner that two districts share is moved once and given to both: their border stays one line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from lifezone.model import Bools, Floats, Longs

__all__ = ["Outlines", "crossed", "lengths", "outlines_of", "split"]


@dataclass(frozen=True, eq=False)
class Outlines:
    """Polygons as corners.

    Attributes:
        at: f64[n, 2] corners, ring after ring; the last of a ring is its first.
        given: bool[n] corners that the polygons had at first; the others were put in between.
        ring: i64[R + 1] where rings start.
        part: i64[Q + 1] where the rings of a part start.
        shape: i64[D + 1] where the parts of a district start.
    """

    at: Floats
    given: Bools
    ring: Longs
    part: Longs
    shape: Longs

    def polygons(self) -> np.ndarray:
        """Return D shapely multipolygons."""
        kind = shapely.GeometryType.MULTIPOLYGON
        return np.asarray(shapely.from_ragged_array(kind, self.at, (self.ring, self.part, self.shape)))

    def nodes(self) -> tuple[Floats, Longs]:
        """Return the places f64[k, 2] where corners are, each once, in order, and i64[n] the place of every corner."""
        places, which = np.unique(self.at[:, 0] + 1j * self.at[:, 1], return_inverse=True)  # far faster than by rows
        return np.column_stack([places.real, places.imag]), which.ravel()

    def placed(self, at: Floats) -> Outlines:
        """Return the same outlines with their corners elsewhere, f64[n, 2]."""
        return replace(self, at=at)


def outlines_of(polygons: np.ndarray) -> Outlines:
    """Return the outlines of D shapely polygons or multipolygons."""
    parts, of = shapely.get_parts(polygons, return_index=True)
    _kind, at, (ring, part, shape) = shapely.to_ragged_array(shapely.multipolygons(parts, indices=of))
    return Outlines(np.asarray(at), np.ones(len(at), np.bool_), ring, part, shape)


def lengths(outlines: Outlines) -> Floats:
    """Return f64[n] how far it is from a corner to the next, 0 from the one that closes a ring."""
    away = np.zeros(len(outlines.at))
    away[:-1] = np.hypot(*(outlines.at[1:] - outlines.at[:-1]).T)
    away[outlines.ring[1:] - 1] = 0.0
    return away


def split(outlines: Outlines, pieces: Longs) -> Outlines:
    """Put corners on borders; both sides of a border get the very same ones.

    A corner is counted from the lower end of its piece, whichever way the ring runs.

    Args:
        outlines: what to split.
        pieces: i64[n] into how many pieces of equal length to cut the way from a corner to the next; the same from
            both sides of a border.
    """
    at = outlines.at
    end = np.vstack([at[1:], at[:1]])
    turned = (at[:, 0] > end[:, 0]) | ((at[:, 0] == end[:, 0]) & (at[:, 1] > end[:, 1]))
    low, high = np.where(turned[:, None], end, at), np.where(turned[:, None], at, end)
    which = np.repeat(np.arange(len(pieces)), pieces)
    starts = np.concatenate([[0], np.cumsum(pieces)])
    number = np.arange(len(which)) - starts[which]
    step = np.where(turned[which], pieces[which] - number, number)
    placed = low[which] + (high - low)[which] * (step / pieces[which])[:, None]
    first = number == 0
    placed[first] = at
    given = np.zeros(len(which), np.bool_)
    given[first] = outlines.given
    return Outlines(placed, given, starts[outlines.ring], outlines.part, outlines.shape)


def crossed(outlines: Outlines) -> Bools | None:
    """Return bool[n] corners from which a piece of border starts that crosses another, None where no borders cross.

    Where districts overlap though no piece crosses another (a corner lies on a border), the pieces that do not match.
    """
    polygons = outlines.polygons()
    folded = ~shapely.is_valid(polygons)
    edges = np.empty((0, 2))
    if not folded.any():
        if shapely.coverage_is_valid(polygons):
            return None
        unmatched = shapely.coverage_invalid_edges(polygons)
        folded, edges = ~shapely.is_empty(unmatched), shapely.get_coordinates(unmatched)
    of = np.repeat(folded, np.diff(outlines.ring[outlines.part[outlines.shape]]))
    of[outlines.ring[1:] - 1] = False  # the corner that closes a ring starts no piece
    places, which = outlines.nodes()
    following = np.append(which[1:], which[:1])
    name = np.minimum(which, following) * len(places) + np.maximum(which, following)
    pieces = np.unique(name[of])
    ends = np.stack([pieces // len(places), pieces % len(places)], axis=1)
    lines = shapely.linestrings(places[ends])
    one, other = shapely.STRtree(lines).query(lines, predicate="crosses")
    wrong = pieces[np.unique(np.append(one, other))]
    if not len(wrong):
        touched = np.isin(places[:, 0] + 1j * places[:, 1], edges[:, 0] + 1j * edges[:, 1])
        wrong = pieces[touched[ends].all(axis=1)] if len(edges) else pieces
    marked = np.isin(name, wrong)
    marked[outlines.ring[1:] - 1] = False
    return np.asarray(marked)
