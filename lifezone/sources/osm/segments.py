"""From straight pieces between OSM nodes to a network: clip, border, lengths, speeds. Shared by files and Overpass."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pyproj import Geod

from lifezone.model import Bools, Floats, Ints, Longs, Network
from lifezone.routing.speeds import SpeedRules
from lifezone.sources.crs import DEGREES, inside_clip, to_crs
from lifezone.sources.osm.times import boarding_waits, seconds_of
from lifezone.sources.road_ids import RoadIds

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from lifezone.sources.osm.tags import WayTraits
    from lifezone.sources.reading import Extent

__all__ = ["CELL_M", "Segments", "built_up_cells", "geodesic_m", "is_street", "roads_of", "text_codes"]

CELL_M: Final = 500.0
"""Side of the cells in which built-up areas are recognised."""
STREETS_M: Final = 1000.0
"""A cell with at least this length of residential and living streets (4 km per km²) is built up."""

TOLD: Final = {
    "reversible": "segments of reversible roads taken as two-way",
    "alternating": "segments of alternating one-lane roads taken as two-way",
    "ferry_cars": "ferry segments without a word on passengers taken to carry cars",
    "ferry_duration": "ferry segments without a duration, at the preset's ferry speed",
    "ferry_interval": "ferry segments without an interval: half of area.speeds.ferry_interval (60 min) is waited",
    "conditional": "segments whose access by car depends on hour or vehicle (conditional): the condition is left out",
}


@dataclass(frozen=True, eq=False)
class Segments:
    """Straight pieces as they were read, V nodes and S pieces.

    Attributes:
        node_id: i64[V] OSM ids, ascending.
        lon: f64[V] degrees.
        lat: f64[V] degrees.
        cut: bool[V] a way went on from here to a node that the source does not hold.
        tail: i32[S] position of the first node.
        head: i32[S] position of the second.
        way_id: i64[S] OSM id of the way, ascending.
        trait: i32[S] position in ``traits``.
        traits: what the tags come to.
        name: i32[S] position in ``names``.
        names: road names; position 0 is the empty name.
        ferry_mps: f64[S] speed of a ferry with a known duration, NaN elsewhere.
    """

    node_id: Longs
    lon: Floats
    lat: Floats
    cut: Bools
    tail: Ints
    head: Ints
    way_id: Longs
    trait: Ints
    traits: tuple[WayTraits, ...]
    name: Ints
    names: tuple[str, ...]
    ferry_mps: Floats


def geodesic_m(lon: Floats, lat: Floats, lon_to: Floats, lat_to: Floats) -> Floats:
    """Return f64[n] lengths on the WGS 84 ellipsoid between pairs of points in degrees."""
    _, _, metres = Geod(ellps="WGS84").inv(lon, lat, lon_to, lat_to)
    return np.asarray(metres, dtype=np.float64)


def roads_of(
    segments: Segments,
    *,
    rules: SpeedRules,
    walk_mps: float,
    crs: str,
    clip: BaseGeometry | None = None,
    box: Extent | None = None,
    notes: Sequence[str] = (),
) -> tuple[Network, RoadIds]:
    """Make a network of the pieces that lie at least partly inside ``clip``, with the OSM ids of nodes and ways.

    A vertex is at the border when a way went on from it to a node that was not there, or when it lies outside the clip
    or outside the box that the source says it covers.

    Args:
        segments: the pieces.
        rules: the study's speeds.
        walk_mps: walking speed.
        crs: the study's CRS.
        clip: area in degrees; None = keep all.
        box: what the source says it covers.
        notes: what was noticed before, put first.
    """
    within = inside_clip(segments.lon, segments.lat, DEGREES, clip)
    keep = within[segments.tail] | within[segments.head]
    built_up = _built_up_before_clip(segments, crs)[keep]
    vertex, ends = np.unique(np.concatenate([segments.tail[keep], segments.head[keep]]), return_inverse=True)
    tail, head = np.split(ends.astype(np.int32), 2)
    lon, lat = segments.lon[vertex], segments.lat[vertex]
    x_m, y_m = to_crs(lon, lat, DEGREES, crs)
    metres = geodesic_m(lon[tail], lat[tail], lon[head], lat[head])
    border = segments.cut[vertex] | ~within[vertex]
    if box is not None:
        border |= (lon < box[0]) | (lat < box[1]) | (lon > box[2]) | (lat > box[3])
    trait, ferry_mps = segments.trait[keep], segments.ferry_mps[keep]
    ways = tuple(sorted({one.way for one in segments.traits}))
    code = np.array([ways.index(one.way) for one in segments.traits], dtype=np.int16)
    name, names = _used_names(segments.name[keep], segments.names)
    seconds = seconds_of(segments.traits, trait, metres, ferry_mps, built_up, rules=rules, walk_mps=walk_mps)
    waits_s = boarding_waits(segments.traits, trait, (tail, head), len(vertex), rules)
    network = Network(
        x_m=x_m, y_m=y_m, border=border, tail=tail, head=head, metres=metres,
        seconds={mode: each_s + waits_s for mode, each_s in seconds.items()},
        way=code[trait], ways=ways, name=name, names=names, crs=crs,
        boarding_s=waits_s if waits_s.any() else None,
        notes=(*notes, *_told(segments.traits, trait), _built_up_note(built_up, metres), rules.note),
    )  # fmt: skip
    carried = np.array([one.carried for one in segments.traits], dtype=np.bool_)[trait]
    return network, RoadIds(segments.node_id[vertex], np.repeat(segments.way_id[keep], 2), carried)


def _built_up_before_clip(segments: Segments, crs: str) -> Bools:
    """Return bool[S] of all pieces that were read: a cell on the edge of the clip needs its streets beyond it too."""
    x_m, y_m = to_crs(segments.lon, segments.lat, DEGREES, crs)
    lon, lat, tail, head = segments.lon, segments.lat, segments.tail, segments.head
    metres = geodesic_m(lon[tail], lat[tail], lon[head], lat[head])
    middle = ((x_m[tail] + x_m[head]) / 2, (y_m[tail] + y_m[head]) / 2)
    return built_up_of(segments.traits, segments.trait, middle, metres)


def built_up_of(traits: Sequence[WayTraits], trait: Ints, middle: tuple[Floats, Floats], metres: Floats) -> Bools:
    """Return bool[S]: which pieces run through built-up areas.

    Tags decide where they speak; elsewhere a 500 m cell with at least 1 km of residential and living streets is
    built up.
    """
    said = np.array([-1 if one.built_up is None else int(one.built_up) for one in traits], dtype=np.int8)[trait]
    street = np.array([is_street(one.way) for one in traits], dtype=np.bool_)[trait]
    return np.where(said >= 0, said == 1, built_up_cells(street, middle, metres))


def is_street(way: str) -> bool:
    """Say whether a way class is one that people live along."""
    return way in {"residential", "living_street"}


def built_up_cells(street: Bools, middle: tuple[Floats, Floats], metres: Floats) -> Bools:
    """Return bool[n]: which pieces lie in a 500 m cell with at least 1 km of streets.

    Args:
        street: bool[n] which pieces are residential or living streets.
        middle: their middles, east and north in metres.
        metres: f64[n] their lengths.
    """
    if not len(metres):
        return np.empty(0, dtype=np.bool_)
    cells = np.floor(np.stack(middle, axis=1) / CELL_M).astype(np.int64)
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    streets_m = np.bincount(cell.ravel(), weights=np.where(street, metres, 0.0))
    dense: Bools = streets_m[cell.ravel()] >= STREETS_M
    return dense


def _used_names(name: Ints, names: tuple[str, ...]) -> tuple[Ints, tuple[str, ...]]:
    """Return codes and names with the unused ones left out, in alphabetical order, the empty name first."""
    used = np.unique(name)
    kept = sorted({names[i] for i in used.tolist()} | {""})
    place = {text: i for i, text in enumerate(kept)}
    recode = np.zeros(len(names), dtype=np.int32)
    for i in used.tolist():
        recode[i] = place[names[i]]
    return recode[name], tuple(kept)


def _told(traits: Sequence[WayTraits], trait: Ints) -> list[str]:
    """Count what was assumed, one note each."""
    count = np.bincount(trait, minlength=len(traits))
    told: Counter[str] = Counter()
    for one, n in zip(traits, count.tolist(), strict=True):
        for key in one.told:
            told[key] += n
    return [f"{told[key]:,} {text}" for key, text in TOLD.items() if told[key]]


def _built_up_note(built_up: Bools, metres: Floats) -> str:
    """Say how much of the roads counts as built up."""
    total = float(metres.sum())
    share = float(metres[built_up].sum()) / total if total > 0 else math.nan
    return (
        f"{share:.0%} of the road length counts as built up (tags, else {CELL_M:g} m cells with at least "
        f"{STREETS_M / 1000:g} km of residential streets)"
        if total > 0
        else "no roads inside the area"
    )


def text_codes(texts: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    """Return the code of each text and the texts; code 0 is the empty text."""
    place: dict[str, int] = {"": 0}
    codes: list[Any] = [place.setdefault(text, len(place)) for text in texts]
    return np.array(codes, dtype=np.int32), tuple(place)
