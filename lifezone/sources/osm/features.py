"""Facilities by tags: which kinds an OpenStreetMap object counts as, and where it stands."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lifezone.errors import some_of
from lifezone.model import Facilities, Ints, Kind
from lifezone.sources.crs import DEGREES, inside_clip, to_crs
from lifezone.sources.osm.file import OsmThing, in_order, location_index, tagged
from lifezone.sources.osm.standing import ENTRANCE, MIDDLE, places_of
from lifezone.sources.reading import Reading

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["OsmFeature", "facilities_of", "features_of", "kind_keys", "read_osm_features"]

CAPACITY_TAGS = {"beds": ("beds", "capacity:beds", "capacity"), "": ("capacity",)}
"""Tags that hold the capacity, by the kind's unit; the first that holds a number counts."""


@dataclass(frozen=True)
class OsmFeature:
    """One object counted as one kind.

    Attributes:
        id: ``node/1``, ``way/2`` or ``relation/3``.
        kind: key of the kind.
        lon: degrees; of areas the entrance where one is mapped, else the middle (see :mod:`standing`).
        lat: degrees.
        name: as tagged, may be empty.
        name_en: English name, may be empty.
        hours: ``opening_hours`` as tagged.
        capacity: in the kind's unit, NaN = not tagged.
        shape: point, line or area in degrees.
        how: how the place was found: ``entrance``, ``middle``, ``inside`` or ``point``.
    """

    id: str
    kind: str
    lon: float
    lat: float
    name: str
    name_en: str
    hours: str
    capacity: float
    shape: BaseGeometry
    how: str = "point"


def kind_keys(kinds: Sequence[Kind]) -> list[str]:
    """Return every key that makes an object one of these kinds, and that of entrances, in alphabetical order.

    A name only narrows an alternative: asking for every object with a name would be asking for all.
    """
    keys = {key for kind in kinds for alternative in kind.osm for key in alternative if key != "name"}
    return sorted({*keys, ENTRANCE}) if keys else []


def read_osm_features(path: Path, reading: Reading, kinds: Sequence[Kind]) -> list[OsmFeature]:
    """Read the objects of a file that count as one of the kinds and stand inside ``reading.clip``.

    Nodes stand where they are, ways and multipolygon relations at their centroid. Objects are ordered by kind, type and
    id; one that counts as two kinds comes twice.

    Args:
        path: an OSM file.
        reading: the study; its clip is used.
        kinds: the kinds asked for.

    Raises:
        InputError: The file is broken.
    """
    wanted = [(key, "*") for key in kind_keys(kinds)]
    if not wanted:
        return []

    def read(ordered: Path) -> list[OsmFeature]:
        with location_index(ordered) as index:
            return features_of(tagged(ordered, wanted, index), kinds, clip=reading.clip)

    with reading.progress.step(f"Reading facilities of {path.name}"):
        return in_order(path, read)


def features_of(things: Iterable[OsmThing], kinds: Sequence[Kind], *, clip: BaseGeometry | None) -> list[OsmFeature]:
    """Return the things that count as one of the kinds and stand inside the clip, ordered by kind, type and id."""
    found, entrances = [], []
    for thing in things:
        found += [(i, thing) for i, kind in enumerate(kinds) if _counts(thing.tags, kind)]
        if ENTRANCE in thing.tags and thing.id.startswith("node/"):
            entrances.append(thing)
    found.sort(key=lambda one: (one[0], one[1].id.partition("/")[0], int(one[1].id.partition("/")[2])))
    lon, lat, how = places_of([thing for _, thing in found], entrances)
    keep = inside_clip(lon, lat, DEGREES, clip) if found else np.empty(0, dtype=np.bool_)
    return [
        OsmFeature(
            id=thing.id,
            kind=kinds[i].key,
            lon=float(lon[at]),
            lat=float(lat[at]),
            name=thing.tags.get("name", ""),
            name_en=thing.tags.get("name:en", ""),
            hours=thing.tags.get("opening_hours", ""),
            capacity=_capacity(thing.tags, kinds[i]),
            shape=thing.shape,
            how=how[at],
        )
        for at, (i, thing) in enumerate(found)
        if keep[at]
    ]


def _counts(tags: Mapping[str, str], kind: Kind) -> bool:
    """Say whether an object counts as a kind: one alternative holds and no exception does."""
    return any(_holds(tags, tagging) for tagging in kind.osm) and not any(
        tagging and all(tags.get(key) == value or (value == "*" and key in tags) for key, value in tagging.items())
        for tagging in kind.osm_not
    )


def _holds(tags: Mapping[str, str], tagging: Mapping[str, str]) -> bool:
    """Say whether all tags of an alternative hold; of several values (``clinic;pharmacy``) each counts."""
    return bool(tagging) and all(
        key in tags and any(_fits(part.strip(), value) for part in tags[key].split(";"))
        for key, value in tagging.items()
    )


def _fits(cell: str, value: str) -> bool:
    """Say whether a tag's value is the wanted one; ``*`` stands for any letters (``*보건지소*``)."""
    return fnmatchcase(cell, value) if "*" in value else cell == value


def _capacity(tags: Mapping[str, str], kind: Kind) -> float:
    """Return the tagged capacity, NaN when there is none or it is not a plain number."""
    for key in CAPACITY_TAGS.get(kind.capacity_unit, CAPACITY_TAGS[""]):
        if re.fullmatch(r"\d+(\.\d+)?", tags.get(key, "").strip()):
            return float(tags[key])
    return math.nan


def facilities_of(features: Sequence[OsmFeature], kinds: Sequence[Kind], *, crs: str) -> Facilities:
    """Return features as facilities of a study.

    An object that counts as several kinds keeps its id for the first and gets ``id:kind`` for the others. A place
    mapped twice (a node inside an area of the same kind) is kept and told.
    """
    ids: list[str] = []
    taken: set[str] = set()
    for one in features:
        ids.append(one.id if one.id not in taken else f"{one.id}:{one.kind}")
        taken.add(one.id)
    x_m, y_m = to_crs(np.array([one.lon for one in features]), np.array([one.lat for one in features]), DEGREES, crs)
    keys = tuple(kind.key for kind in kinds)
    n = len(features)
    return Facilities(
        ids=np.array(ids, dtype=object),
        x_m=x_m,
        y_m=y_m,
        kind=np.array([keys.index(one.kind) for one in features], dtype=np.int32),
        kinds=keys,
        name=np.array([one.name or one.name_en for one in features], dtype=object),
        capacity=np.array([one.capacity for one in features], dtype=np.float64),
        cost=np.full(n, np.nan),
        open=np.ones(n, dtype=np.bool_),
        hours=np.array([one.hours for one in features], dtype=object),
        notes=(_count_note(features, keys), *_how_found(features), *_twice_mapped(features)),
    )


def _count_note(features: Sequence[OsmFeature], keys: Sequence[str]) -> str:
    """Say how many there are of each kind."""
    counted: Ints = np.array([sum(one.kind == key for one in features) for key in keys], dtype=np.int32)
    return "OpenStreetMap: " + ", ".join(f"{n:,} {key}" for key, n in zip(keys, counted.tolist(), strict=True))


def _how_found(features: Sequence[OsmFeature]) -> list[str]:
    """Say how many areas stand at an entrance, and how many at their middle."""
    gates, middles, inner = (sum(one.how == how for one in features) for how in (ENTRANCE, MIDDLE, "inside"))
    if not gates + middles + inner:
        return []
    told = f"of {gates + middles + inner:,} facilities mapped as areas {gates:,} stand at a mapped entrance, "
    told += f"{middles:,} at their middle"
    return [told + (f", {inner:,} at a point inside, as their middle lies outside" if inner else "")]


def _twice_mapped(features: Sequence[OsmFeature]) -> list[str]:
    """Tell of nodes that lie inside an area of the same kind: probably the same facility, mapped twice."""
    areas = [one for one in features if shapely.get_dimensions(one.shape) == 2]
    nodes = [one for one in features if shapely.get_dimensions(one.shape) == 0]
    if not areas or not nodes:
        return []
    tree = shapely.STRtree([one.shape for one in areas])
    at_node, at_area = tree.query([one.shape for one in nodes], predicate="within")
    pairs = [
        f"{nodes[i].id} in {areas[j].id} ({nodes[i].kind})"
        for i, j in sorted(zip(at_node.tolist(), at_area.tolist(), strict=True))
        if nodes[i].kind == areas[j].kind
    ]
    return [f"{len(pairs):,} facilities may be mapped twice, both are kept: {some_of(pairs)}"] if pairs else []
