"""Open an OpenStreetMap file: faults in words, the box it says it covers, tagged things with their shapes.

pyosmium does the work in C++: locations of nodes are kept in an index (in memory for small files, in a temporary file
for large ones, so that a whole country does not have to fit), filters drop what is not asked for before Python sees it.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import osmium
import shapely

from lifezone.errors import Fault, InputError
from lifezone.sources.files import local_file
from lifezone.sources.reading import Extent

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = [
    "OsmThing",
    "OutOfOrderError",
    "extent_of",
    "header_box",
    "in_order",
    "location_index",
    "osm_file",
    "plain_faults",
    "tagged",
]

Found = TypeVar("Found")

SUFFIXES: Final = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2", ".osm.xml")
IN_MEMORY_BYTES: Final = 64 * 2**20
"""Files up to this size keep node locations in memory (16 bytes a node), larger ones in a temporary file."""


@dataclass(frozen=True)
class OsmThing:
    """A tagged object.

    Attributes:
        id: ``node/1``, ``way/2`` or ``relation/3``.
        tags: its tags.
        shape: point, line or (multi)polygon in degrees.
    """

    id: str
    tags: dict[str, str]
    shape: BaseGeometry


def osm_file(folder: Path, named: str) -> Path:
    """Return the file that a scenario names.

    Raises:
        InputError: It is missing, empty or has a suffix that OSM files do not have.
    """
    path = local_file(folder, named)
    if not path.name.lower().endswith(SUFFIXES):
        raise InputError(Fault(f"{path.name}: expected a file ending in {', '.join(SUFFIXES)}", path=("path",)))
    if path.stat().st_size == 0:
        raise InputError(Fault(f"{path.name} is empty: download it again", path=("path",)))
    return path


class OutOfOrderError(InputError):
    """The objects of a file are not sorted by type and id, as editors save them; see :func:`in_order`."""


def in_order(path: Path, read: Callable[[Path], Found]) -> Found:
    """Read a file; if its objects are not sorted by type and id, read a sorted copy of it.

    Args:
        path: the file.
        read: reads it, and raises :class:`OutOfOrderError` through :func:`plain_faults` when it is not sorted.
    """
    try:
        if path.name.lower().endswith(".pbf") or _is_sorted(path):
            return read(path)
        raise OutOfOrderError(f"{path.name} is not sorted")
    except OutOfOrderError:
        with tempfile.TemporaryDirectory(prefix="lifezone-", ignore_cleanup_errors=True) as folder:
            ordered = Path(folder) / f"{path.name}.osm.pbf"
            merge = osmium.MergeInputReader()
            with plain_faults(path):
                merge.add_file(str(path))
                with osmium.SimpleWriter(str(ordered)) as writer:
                    merge.apply(writer, simplify=False)
            return read(ordered)


def _is_sorted(path: Path) -> bool:
    """Say whether nodes come before ways before relations, each by ascending id (XML from an editor is not so)."""
    last = (0, 0)
    with plain_faults(path):
        for thing in osmium.FileProcessor(str(path)):
            this = ("nwr".index(thing.type_str()), thing.id)
            if this <= last or thing.id < 0:
                return False
            last = this
    return True


@contextmanager
def plain_faults(path: Path) -> Iterator[None]:
    """Turn what pyosmium raises on a broken file into an :class:`InputError` that says what to do."""
    try:
        yield
    except InputError:
        raise
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        told = f"{path.name} cannot be read as OpenStreetMap data ({error}): it is damaged, cut short or something else"
        kind = OutOfOrderError if "out of order" in str(error) else InputError
        raise kind(Fault(told, path=("path",))) from error


def header_box(path: Path) -> Extent | None:
    """Return the box that the file's header says it covers, or None."""
    with plain_faults(path):
        box = osmium.io.Reader(str(path), osmium.osm.NOTHING).header().box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return (low.lon, low.lat, high.lon, high.lat)


def extent_of(path: Path) -> Extent:
    """Return the box of the file's header, else that of its nodes.

    Raises:
        InputError: The file is broken or holds no nodes.
    """
    box = header_box(path)
    if box is not None:
        return box
    west = south = math.inf
    east = north = -math.inf
    with plain_faults(path):
        for node in osmium.FileProcessor(str(path), osmium.osm.NODE):
            if node.location.valid():
                lon, lat = node.location.lon, node.location.lat
                west, south, east, north = min(west, lon), min(south, lat), max(east, lon), max(north, lat)
    if west > east:
        raise InputError(Fault(f"{path.name} holds no nodes: nothing to place on a map", path=("path",)))
    return (west, south, east, north)


@contextmanager
def location_index(path: Path) -> Iterator[Any]:
    """Open an empty index of node locations, in memory or in a temporary file by the size of ``path``."""
    if path.stat().st_size <= IN_MEMORY_BYTES:
        yield osmium.index.create_map("sparse_mem_array")
        return
    with tempfile.TemporaryDirectory(prefix="lifezone-", ignore_cleanup_errors=True) as folder:
        index = osmium.index.create_map(f"sparse_file_array,{Path(folder) / 'nodes'}")
        yield index
        del index


def tagged(path: Path, tags: Sequence[tuple[str, str]], index: Any = None) -> Iterator[OsmThing]:
    """Yield nodes, ways and multipolygon relations that carry one of the tags, in the order of the file.

    Closed ways come as polygons unless ``area=no``; a way with missing nodes is left out.

    Args:
        path: the file.
        tags: key and value; the value ``*`` means any.
        index: where node locations are put; afterwards it holds those of the whole file.
    """
    if any(value == "*" for _, value in tags):
        passes = osmium.filter.KeyFilter(*sorted({key for key, _ in tags}))
    else:
        passes = osmium.filter.TagFilter(*sorted(set(tags)))
    storage = osmium.index.create_map("sparse_mem_array") if index is None else index
    processor = osmium.FileProcessor(str(path)).with_locations(storage).with_areas(passes).with_filter(passes)
    wkb = osmium.geom.WKBFactory()
    with plain_faults(path):
        for thing in processor:
            shaped = _shaped(thing, wkb)
            if shaped is not None and _carries(shaped.tags, tags):
                yield shaped


def _shaped(thing: Any, wkb: Any) -> OsmThing | None:
    """Return an object with its shape; None for those that come again as an area or have no shape."""
    try:
        if thing.is_node():
            kind, number, code = "node", thing.id, wkb.create_point(thing.location)
        elif thing.is_way():
            if thing.is_closed() and thing.tags.get("area") != "no":
                return None
            kind, number, code = "way", thing.id, wkb.create_linestring(thing.nodes)
        elif thing.is_area():
            kind = "way" if thing.from_way() else "relation"
            number, code = thing.orig_id(), wkb.create_multipolygon(thing)
        else:
            return None
    except (osmium.InvalidLocationError, RuntimeError):
        return None  # nodes outside the extract, or a ring that does not close
    return OsmThing(f"{kind}/{number}", dict(thing.tags), shapely.from_wkb(code))


def _carries(tags: dict[str, str], wanted: Sequence[tuple[str, str]]) -> bool:
    """Say whether one of the wanted tags is there."""
    return any(key in tags and value in {"*", tags[key]} for key, value in wanted)
