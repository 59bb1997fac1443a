"""Facilities and life deserts of all variants, as plain data for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely

from lifezone.model import Kind, Variant
from lifezone.report.map.counts import told_counts
from lifezone.report.map.lines import Origin, packed_rings
from lifezone.report.map.packing import pack_ints
from lifezone.report.maps.words import kind_words
from lifezone.standards.disclosure import LEAST_DESERT

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["deserts_payload", "facilities_payload"]

ABSENT, CANDIDATE, OPEN = range(3)
_JOIN: Final = 0.4
"""Outlines run this part of the link distance outside the cells, so that linked hamlets share one."""
_LEAST_JOIN_M: Final = 60.0


def facilities_payload(
    variants: Sequence[Variant], kinds: Mapping[str, Kind], origin: Origin, area: Any, *, language: Literal["ko", "en"]
) -> dict[str, Any]:
    """Return every facility of any variant: kind, place, name, capacity, and per variant absent, candidate or open.

    One that an edit moves or resizes is told as two, each with the variants in which it is so.
    """
    status: dict[tuple[Any, ...], list[int]] = {}
    for at, variant in enumerate(variants):
        supply = variant.world.facilities
        for row in range(len(supply.ids)):
            kind = supply.kinds[int(supply.kind[row])]
            capacity = None if np.isnan(supply.capacity[row]) else float(supply.capacity[row])
            at_m = (float(supply.x_m[row]), float(supply.y_m[row]))
            key = (kind, *at_m, str(supply.name[row]), capacity, str(supply.ids[row]))
            status.setdefault(key, [ABSENT] * len(variants))[at] = OPEN if supply.open[row] else CANDIDATE
    rows = [key for key in status if np.isfinite(key[1]) and np.isfinite(key[2])]
    names = list(dict.fromkeys(key[0] for key in rows))
    x, y = np.array([key[1] for key in rows]), np.array([key[2] for key in rows])
    across = np.zeros(len(rows), np.bool_) if area is None else ~shapely.intersects_xy(area, x, y)
    return {
        "kinds": [{"id": kind, "name": kind_words(kind, kinds)[language == "en"], "unit": _unit(kind, kinds)}
                  for kind in names],
        "kind": pack_ints(np.array([names.index(key[0]) for key in rows], np.int64)),
        "x": pack_ints(origin.x(x)),
        "y": pack_ints(origin.y(y)),
        "name": [key[3] for key in rows],
        "capacity": [key[4] for key in rows],
        "across": pack_ints(across),
        "status": [pack_ints(np.array([status[key][at] for key in rows], np.int64)) for at in range(len(variants))],
    }  # fmt: skip


def _unit(kind: str, kinds: Mapping[str, Kind]) -> str:
    return kinds[kind].capacity_unit if kind in kinds else ""


def deserts_payload(
    frame: gpd.GeoDataFrame | None, variant: Variant, origin: Origin, *, language: Literal["ko", "en"], disclose: bool
) -> dict[str, Any]:
    """Return the deserts of one variant, the largest first, and their outlines.

    Args:
        frame: the layer of deserts, or None where the run wrote none.
        variant: whose they are.
        origin: corner of coordinates.
        language: of names.
        disclose: tell whole persons, and names of small deserts.
    """
    if frame is None or not len(frame):
        return {"told": [], **packed_rings(np.empty(0, object), origin)}
    test = variant.assessment.standard.desert
    reach_m = max(_JOIN * (test.link_m if test else 0.0), _LEAST_JOIN_M) / 2
    rings = _outlines(np.asarray(frame.geometry, dtype=object), reach_m, variant.world.demand.cell_m)
    ids = list(variant.world.districts.ids)
    found = []
    for row in frame.itertuples(index=False):
        total = float(row.people_total)
        named = bool(row.named) and (disclose or total >= LEAST_DESERT)
        name = (row.name_en if language == "en" else row.name) or row.name or ""
        district = str(row.district) if row.district is not None else ""
        worst = None if row.worst_minutes is None or np.isnan(row.worst_minutes) else round(float(row.worst_minutes), 1)
        found.append({
            "label": int(row.desert),
            "name": str(name) if named else "",
            "district": ids.index(district) if district in ids else -1,
            "people": {group: _count(getattr(row, f"people_{group}", 0.0), disclose=disclose)
                       for group in variant.world.demand.groups},
            "missing": [one for one in str(row.missing or "").split(";") if one],
            "worst": worst,
        })  # fmt: skip
    return {"told": found, **packed_rings(rings, origin)}


def _count(people: Any, *, disclose: bool) -> int:
    return int(told_counts(np.array(float(people)), disclose=disclose))


def _outlines(shapes: np.ndarray, reach_m: float, cell_m: float) -> np.ndarray:
    """Return one outline round the cells or points of each desert, near ones joined."""
    out_m = reach_m + cell_m * 0.5
    grown = shapely.buffer(shapes, out_m, quad_segs=3)
    back: np.ndarray = shapely.simplify(shapely.buffer(grown, -out_m * 0.7, quad_segs=3), out_m * 0.08)
    return back
