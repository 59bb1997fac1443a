"""Read the roads of an OpenStreetMap file as straight pieces, clipped while reading.

Node locations stay in pyosmium's index; a way comes to Python as one block of coordinates, and node ids are fetched
only for ways near the area. So memory follows the ways that are kept.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import osmium

from lifezone.errors import Fault, InputError
from lifezone.model import Floats, Longs
from lifezone.routing.speeds import SpeedRules
from lifezone.sources.osm.file import plain_faults
from lifezone.sources.osm.segments import CELL_M, Segments, geodesic_m, text_codes
from lifezone.sources.osm.tags import ROAD_TAGS, WayTraits, way_traits

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["TraitTable", "read_segments", "road_name"]

KEYS: Final = ("highway", "route")
WKB_LINE_HEADER: Final = 9
"""Bytes before the coordinates of a line: byte order, type, number of points."""


@dataclass
class TraitTable:
    """The traits met so far, each combination of tags judged once.

    Attributes:
        rules: speeds and country rules.
        traits: what was found, in order.
        closed: ways that neither cars nor feet may use.
    """

    rules: SpeedRules
    traits: list[WayTraits] = field(default_factory=list)
    closed: int = 0
    _place: dict[tuple[tuple[str, str], ...], int] = field(default_factory=dict)

    def place(self, tags: Mapping[str, str]) -> int:
        """Return the position of the traits of these tags, −1 when the way is closed to cars and feet."""
        key = tuple(sorted((k, v) for k, v in tags.items() if k in ROAD_TAGS))
        if key not in self._place:
            found = way_traits(dict(key), self.rules)
            self._place[key] = -1 if found is None else len(self.traits)
            if found is not None:
                self.traits.append(found)
        self.closed += self._place[key] < 0
        return self._place[key]


@dataclass
class _Ways:
    """Ways as they come in: one entry a way, then one entry a node of a way."""

    way_id: array[int] = field(default_factory=lambda: array("q"))
    trait: array[int] = field(default_factory=lambda: array("i"))
    size: array[int] = field(default_factory=lambda: array("q"))
    names: list[str] = field(default_factory=list)
    ref: array[int] = field(default_factory=lambda: array("q"))
    degrees: list[Floats] = field(default_factory=list)


def read_segments(
    path: Path, index: Any, *, rules: SpeedRules, clip: BaseGeometry | None
) -> tuple[Segments, list[str]]:
    """Return the pieces of all ways that cars or feet may use and that come near the clip, and notes.

    Args:
        path: the file.
        index: locations of its nodes.
        rules: speeds and country rules.
        clip: area in degrees; ways whose box does not touch its box, wider by a cell in which built-up areas are
            recognised, are not kept.

    Raises:
        InputError: The file is broken or holds no road at all.
    """
    locate = osmium.NodeLocationsForWays(index)
    locate.ignore_errors()
    keys = osmium.filter.KeyFilter(*KEYS)
    table, ways, seen = TraitTable(rules), _Ways(), 0
    box = None if clip is None else _wider(clip.bounds)
    wkb = osmium.geom.WKBFactory()
    with plain_faults(path):
        for way in osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(keys).with_filter(locate):
            seen += 1
            degrees = _degrees(way, wkb)
            if box is None or _touches(degrees, box):
                _keep(way, degrees, table, ways)
    if not seen:
        raise InputError(Fault(f"{path.name} holds no roads (ways tagged highway)", path=("path",)))
    notes = [f"{table.closed:,} ways closed to cars and feet left out"] if table.closed else []
    return _assemble(ways, table, _negative_nodes(path, ways)), notes


def _wider(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return a box in degrees with a margin of at least ``CELL_M`` on every side."""
    west, south, east, north = box
    up = CELL_M / 110_000.0
    across = up / max(math.cos(math.radians(min(89.0, max(abs(south), abs(north)) + up))), 0.01)
    return (west - across, south - up, east + across, north + up)


def _degrees(way: Any, wkb: Any) -> Floats:
    """Return f64[n, 2] lon and lat of a way's nodes, NaN where the file does not hold the node."""
    try:
        line = bytes.fromhex(wkb.create_linestring(way.nodes, osmium.geom.ALL))
        return np.frombuffer(line, dtype="<f8", offset=WKB_LINE_HEADER).reshape(-1, 2)
    except (osmium.InvalidLocationError, RuntimeError):  # missing nodes, or fewer than two of them
        places = [(n.location.lon, n.location.lat) if n.location.valid() else (math.nan,) * 2 for n in way.nodes]
        return np.array(places, dtype=np.float64).reshape(-1, 2)


def _touches(degrees: Floats, box: tuple[float, float, float, float]) -> bool:
    """Say whether the box of the known nodes touches a box; True when no node is known."""
    lon, lat = degrees[:, 0], degrees[:, 1]
    known = ~np.isnan(lon)
    if not known.any():
        return True
    lon, lat = lon[known], lat[known]
    return bool(lon.max() >= box[0] and lat.max() >= box[1] and lon.min() <= box[2] and lat.min() <= box[3])


def _keep(way: Any, degrees: Floats, table: TraitTable, ways: _Ways) -> None:
    """Add one way if cars or feet may use it."""
    tags = dict(way.tags)
    trait = table.place(tags)
    if trait < 0:
        return
    ways.way_id.append(way.id)
    ways.trait.append(trait)
    ways.size.append(len(degrees))
    ways.names.append(road_name(tags))
    ways.ref.extend([node.ref for node in way.nodes])
    ways.degrees.append(degrees)


def road_name(tags: Mapping[str, str]) -> str:
    """Return what a road is called: its name, else its English name, else its number, else nothing."""
    return tags.get("name") or tags.get("name:en") or tags.get("ref") or ""


def _negative_nodes(path: Path, ways: _Ways) -> dict[int, tuple[float, float]]:
    """Return the places of nodes with negative ids (drawn in an editor, not uploaded), which the index cannot hold."""
    if not len(ways.ref) or min(ways.ref) >= 0:
        return {}
    wanted = {ref for ref in ways.ref if ref < 0}
    with plain_faults(path):
        nodes = osmium.FileProcessor(str(path), osmium.osm.NODE)
        return {n.id: (n.location.lon, n.location.lat) for n in nodes if n.id in wanted and n.location.valid()}


def _assemble(ways: _Ways, table: TraitTable, negative: Mapping[int, tuple[float, float]]) -> Segments:
    """Cut ways into pieces, ordered by way id and place along the way."""
    size = np.array(ways.size, dtype=np.int64)
    order = np.argsort(np.array(ways.way_id, dtype=np.int64), kind="stable")
    at = _ranges(np.cumsum(size) - size, size, order)
    ref = np.array(ways.ref, dtype=np.int64)[at]
    degrees = (np.concatenate(ways.degrees) if ways.degrees else np.empty((0, 2)))[at]
    for i in np.flatnonzero(ref < 0).tolist():
        degrees[i] = negative.get(int(ref[i]), (math.nan, math.nan))
    way = np.repeat(order, size[order])  # position of the way of each node
    known = ~np.isnan(degrees[:, 0])
    joined = way[1:] == way[:-1]
    piece = np.flatnonzero(joined & known[1:] & known[:-1] & (ref[1:] != ref[:-1]))
    node_id, first, place = np.unique(ref, return_index=True, return_inverse=True)
    cut = np.zeros(len(node_id), dtype=np.bool_)
    cut[place[:-1][joined & ~known[1:]]] = True
    cut[place[1:][joined & ~known[:-1]]] = True
    name, names = text_codes(ways.names)
    of = way[piece]
    return Segments(
        node_id=node_id, lon=degrees[first, 0], lat=degrees[first, 1], cut=cut,
        tail=place[piece].astype(np.int32), head=place[piece + 1].astype(np.int32),
        way_id=np.array(ways.way_id, dtype=np.int64)[of], trait=np.array(ways.trait, dtype=np.int32)[of],
        traits=tuple(table.traits), name=name[of], names=names,
        ferry_mps=_ferry_speeds(ways, table, degrees, way)[of],
    )  # fmt: skip


def _ranges(start: Longs, size: Longs, order: Longs) -> Longs:
    """Return the positions of the ranges ``start[i]:start[i]+size[i]``, one after the other in ``order``."""
    size, start = size[order], start[order]
    ahead = np.cumsum(size) - size
    return np.repeat(start - ahead, size) + np.arange(int(size.sum()), dtype=np.int64)


def _ferry_speeds(ways: _Ways, table: TraitTable, degrees: Floats, way: Longs) -> Floats:
    """Return per way the speed that follows from a ferry's duration over its whole line, NaN for all else."""
    speed = np.full(len(ways.trait), np.nan)
    for i, trait in enumerate(ways.trait):
        duration_s = table.traits[trait].duration_s
        if not math.isnan(duration_s):
            line = degrees[way == i]
            line = line[~np.isnan(line[:, 0])]
            metres = geodesic_m(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1])
            speed[i] = max(float(metres.sum()), 1e-3) / duration_s
    return speed
