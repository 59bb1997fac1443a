"""Where a study lies: its metric CRS, its area, and how far beyond it everything is loaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from lifezone.model import Districts, Network, Standard

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from lifezone.sources.reading import Extent

__all__ = ["Buffer", "Frame", "buffer_of", "clip_of", "frame_of", "walk_speed_of", "with_edge"]

CAR_KMH: Final = 60.0
"""As the crow flies, nobody exceeds this on the way to services of daily life; ours, errs on the wide side."""
LONGEST_BUFFER_M: Final = 30_000.0
"""Roads farther out cost time and decide few verdicts; the border certificate (D6) tells whom they could concern."""
WALK_MPS: Final = 3000.0 / 3600.0
"""3 km/h, as in official Korean evaluations (DEFINITIONS D7)."""
_STEP_M: Final = 2_000.0
"""Edges are cut this short before they go to degrees, since a straight edge bends when it is projected."""
_ROUND_DEGREES: Final = 1e-5
"""About a metre around the outermost points, so that a single point has an area too."""
_LINES_AT_ONCE: Final = 100_000
"""Segments looked at together: lines of a whole nation would take gigabytes."""
_COARSE: Final = 0.01
"""Share of the buffer by which the clip may be simplified; it is widened by as much."""


@dataclass(frozen=True)
class Buffer:
    """How far beyond the area everything is loaded, and why."""

    metres: float
    told: str


@dataclass(frozen=True)
class Frame:
    """Where a study lies.

    Attributes:
        crs: projected CRS in metres that everything is brought into.
        told: how it was found.
        area: polygon of the study area in that CRS; None = whatever the network covers.
    """

    crs: str
    told: str
    area: BaseGeometry | None


def frame_of(extent: Extent, crs: str | None, *, is_area: bool) -> Frame:
    """Return CRS and area of a study from its extent in degrees.

    Args:
        extent: west, south, east, north of districts, people or roads.
        crs: what the scenario says, or None to find one.
        is_area: True when the extent bounds the area (people), False when it only tells where the study is.
    """
    import shapely  # noqa: PLC0415  (scenario files are checked without it)

    from lifezone.sources.crs import DEGREES, shapes_to_crs, study_crs  # noqa: PLC0415

    found = crs or study_crs(extent)
    told = f"coordinates: {found}" + ("" if crs else ", chosen from where the study lies")
    if not is_area:
        return Frame(found, told, None)
    west, south, east, north = extent
    box = shapely.box(west - _ROUND_DEGREES, south - _ROUND_DEGREES, east + _ROUND_DEGREES, north + _ROUND_DEGREES)
    box = shapely.segmentize(box, (east - west + north - south) / 40 + _ROUND_DEGREES)
    return Frame(found, told, shapes_to_crs(_array(box), DEGREES, found)[0])


def area_of(districts: Districts) -> BaseGeometry | None:
    """Return the union of the districts, or None when they have no polygons."""
    import shapely  # noqa: PLC0415

    if districts.polygon is None:
        return None
    joined: BaseGeometry = shapely.union_all(districts.polygon)
    return joined


def buffer_of(standard: Standard, written_m: float | None, walk_mps: float) -> Buffer:
    """Return how far beyond the area roads, people and facilities are loaded.

    What the scenario says; else the farthest that any requirement can lead: its bound in metres, or its bound in
    minutes times 60 km/h by car or the walking speed, at most 30 km.
    """
    if written_m is not None:
        return Buffer(written_m, f"loaded to {_km(written_m)} beyond the area, as the scenario says")
    farthest_m, because = 0.0, ""
    for requirement in standard.requirements:
        if requirement.bound is None:
            continue
        speed_mps = CAR_KMH / 3.6 if requirement.mode == "car" else walk_mps
        metres = requirement.bound if requirement.metric == "length" else requirement.bound * speed_mps
        if metres > farthest_m:
            farthest_m, because = metres, f"{requirement.id}, {requirement.bound_text} by {requirement.mode}"
    if farthest_m > LONGEST_BUFFER_M + 1.0:  # seconds times metres a second seldom are whole metres
        return Buffer(
            LONGEST_BUFFER_M,
            f"loaded to {_km(LONGEST_BUFFER_M)} beyond the area; the standard reaches to {_km(farthest_m)} "
            f"({because}): set area.buffer to load more",
        )
    why = f", as far as the standard reaches ({because})" if because else ""
    return Buffer(farthest_m, f"loaded to {_km(farthest_m)} beyond the area{why}")


def clip_of(area: BaseGeometry | None, buffer_m: float, crs: str) -> BaseGeometry | None:
    """Return the polygon of area and buffer in degrees, or None to keep everything."""
    import shapely  # noqa: PLC0415

    from lifezone.sources.crs import DEGREES, shapes_to_crs  # noqa: PLC0415

    if area is None:
        return None
    slack_m = buffer_m * _COARSE
    wide = shapely.simplify(shapely.buffer(area, buffer_m + slack_m), slack_m) if buffer_m else area
    clip: BaseGeometry = shapes_to_crs(_array(shapely.segmentize(wide, _STEP_M)), crs, DEGREES)[0]
    return clip if clip.is_valid else shapely.make_valid(clip)


def with_edge(network: Network, area: BaseGeometry | None, buffer_m: float) -> Network:
    """Return the roads with what lies beyond area and buffer marked (``Network.beyond``).

    Roads and facilities are loaded farther than that, by as much as a point may be off its road: so whatever hangs
    on a road within area and buffer is known and hangs where it should, and a trip that stays there is certified.
    """
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    if area is None:
        return network
    known = shapely.buffer(area, buffer_m) if buffer_m else area
    shapely.prepare(known)
    ends = np.stack([network.tail, network.head], axis=1)
    inside = shapely.contains_xy(known, network.x_m, network.y_m)[ends].all(axis=1)
    row = np.flatnonzero(inside)  # a straight piece between two inner vertices may still lead out and back
    for rows in np.split(row, range(_LINES_AT_ONCE, len(row), _LINES_AT_ONCE)):
        lines = shapely.linestrings(np.stack([network.x_m[ends[rows]], network.y_m[ends[rows]]], axis=2))
        inside[rows] = shapely.covers(known, lines)
    beyond = np.zeros(network.n_vertices, np.bool_)
    beyond[ends[~inside]] = True
    return replace(network, beyond=beyond)


def walk_speed_of(written_mps: float | None, standard: Standard) -> tuple[float, str]:
    """Return the walking speed and where it comes from: the scenario, the standard, else 3 km/h."""
    if written_mps is not None:
        return written_mps, f"walking at {written_mps * 3.6:g} km/h, as the scenario says"
    if standard.walk_mps is not None:
        return standard.walk_mps, f"walking at {standard.walk_mps * 3.6:g} km/h, as the standard assumes"
    return WALK_MPS, f"walking at {WALK_MPS * 3.6:g} km/h, the default"


def _array(shape: Any) -> Any:
    """Return one geometry as an array of one."""
    import numpy as np  # noqa: PLC0415

    shapes = np.empty(1, dtype=object)
    shapes[0] = shape
    return shapes


def _km(metres: float) -> str:
    return f"{metres / 1000:g} km"
