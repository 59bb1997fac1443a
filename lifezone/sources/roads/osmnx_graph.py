"""The raw graph of OSMnx (not simplified, one edge per piece and way) as straight pieces."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lifezone.model import Bools, Floats, Ints, Longs
from lifezone.routing.speeds import SpeedRules
from lifezone.sources.crs import DEGREES, inside_clip
from lifezone.sources.osm.segments import Segments, geodesic_m, text_codes
from lifezone.sources.osm.ways import TraitTable, road_name

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["segments_of_graph"]

TURNED: Final = frozenset({"-1", "reverse", "T"})
"""``oneway`` values for which OSMnx turns the nodes of a way round; the tag stays, so we turn them back."""


def segments_of_graph(graph: Any, rules: SpeedRules, polygon: BaseGeometry) -> tuple[Segments, list[str]]:
    """Return the pieces that cars or feet may use, ordered by way and ends, and notes.

    Args:
        graph: made with ``simplify=False`` and ``all_oneway=True``, so that tags are as they were mapped.
        rules: speeds and country rules.
        polygon: the area that was asked for; a ferry line that leaves it was cut, so its duration does not fit.
    """
    node_id = np.array(sorted(graph.nodes), dtype=np.int64)
    lon = np.array([graph.nodes[i]["x"] for i in node_id.tolist()], dtype=np.float64)
    lat = np.array([graph.nodes[i]["y"] for i in node_id.tolist()], dtype=np.float64)
    table = TraitTable(rules)
    rows: list[tuple[int, int, int, int, str]] = []
    closed: set[int] = set()
    for u, v, data in graph.edges(data=True):
        tail, head = (v, u) if data.get("oneway") in TURNED else (u, v)
        trait = table.place({key: value for key, value in data.items() if isinstance(value, str)})
        if trait >= 0:
            rows.append((int(data["osmid"]), tail, head, trait, road_name(data)))
        else:
            closed.add(int(data["osmid"]))
    rows.sort(key=lambda row: row[:3])
    way_id, tails, heads, traits = (np.array([row[i] for row in rows], dtype=np.int64) for i in range(4))
    tail, head = np.searchsorted(node_id, tails).astype(np.int32), np.searchsorted(node_id, heads).astype(np.int32)
    name, names = text_codes([row[4] for row in rows])
    within = inside_clip(lon, lat, DEGREES, polygon)
    segments = Segments(
        node_id=node_id, lon=lon, lat=lat, cut=np.zeros(len(node_id), dtype=np.bool_), tail=tail, head=head,
        way_id=way_id, trait=traits.astype(np.int32), traits=tuple(table.traits), name=name, names=names,
        ferry_mps=_ferry_speeds(way_id, tail, head, traits, table, lon, lat, within),
    )  # fmt: skip
    return segments, [f"{len(closed):,} ways closed to cars and feet left out"] if closed else []


def _ferry_speeds(
    way_id: Longs, tail: Ints, head: Ints, trait: Longs, table: TraitTable, lon: Floats, lat: Floats, within: Bools
) -> Floats:
    """Return per piece the speed that follows from a ferry's duration, NaN where there is none or the line is cut."""
    speed = np.full(len(way_id), np.nan)
    for i, one in enumerate(table.traits):
        if math.isnan(one.duration_s):
            continue
        for line in np.unique(way_id[trait == i]).tolist():
            piece = way_id == line
            ends = np.concatenate([tail[piece], head[piece]])
            if within[ends].all():
                metres = geodesic_m(lon[tail[piece]], lat[tail[piece]], lon[head[piece]], lat[head[piece]]).sum()
                speed[piece] = max(float(metres), 1e-3) / one.duration_s
    return speed
