"""What a life desert is called: its district and the nearest settlement, in Korean and in English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from lifezone.model import Bools, Demand, Desert, Districts, Ints, Places

__all__ = ["name_deserts"]

_FARTHEST_M: Final = 5_000.0
"""A settlement farther than this from the centre of a desert does not name it."""
_FOOTPRINT_M: Final = 500.0
"""A settlement this near to a point of the desert lies inside it (or half a cell, where cells are larger)."""


def name_deserts(
    deserts: Sequence[Desert], members: Sequence[Ints], *, demand: Demand, districts: Districts, places: Places
) -> list[Desert]:
    """Return the deserts with names; those that are too small stay without one.

    The settlement is the one nearest to the people-weighted centre: of those inside the desert, else of those in its
    district, else of any within 5 km; else the name of its most peopled point; else the district stands alone. A name
    that occurs again gets a number from 2 on.

    Args:
        deserts: by label.
        members: the demand positions of each, in the same order.
        demand: P points.
        districts: units of the results.
        places: settlement names.
    """
    used: dict[str, int] = {}
    named = []
    for desert, here in zip(deserts, members, strict=True):
        if not desert.named:
            named.append(desert)
            continue
        place_ko, place_en = _settlement(desert, here, demand=demand, districts=districts, places=places)
        district_ko, district_en = _district(districts, desert.district)
        if place_ko == district_ko:  # the town of a myeon is called as the myeon is
            district_ko = ""
        if place_en == district_en:
            district_en = ""
        name_ko = " ".join(part for part in (district_ko, place_ko) if part and part != "all")
        name_ko = f"{name_ko} 일대" if name_ko else "생활사막"
        name_en = _english(place_en, district_en)
        named.append(replace(desert, name_ko=_numbered(name_ko, used), name_en=_numbered(name_en, used)))
    return named


def _settlement(desert: Desert, here: Ints, *, demand: Demand, districts: Districts, places: Places) -> tuple[str, str]:
    """Return the Korean and English name of the settlement that a desert is called by, empty when there is none."""
    weight = demand.total[here]
    x_m = float(np.average(demand.x_m[here], weights=weight))
    y_m = float(np.average(demand.y_m[here], weights=weight))
    distance_m = np.hypot(places.x_m - x_m, places.y_m - y_m)
    has_name = np.array([bool(str(name).strip()) for name in places.name], dtype=np.bool_)
    near = has_name & (distance_m <= _FARTHEST_M)
    inside = has_name & _inside(places, demand, here)
    for choice in (inside, near & _in_district(places, districts, desert.district), near):
        if choice.any():
            at = int(np.flatnonzero(choice)[distance_m[choice].argmin()])
            return str(places.name[at]), str(places.name_en[at]) or str(places.name[at])
    if demand.name is None:
        return "", ""
    fallback = str(demand.name[here[weight.argmax()]] or "")
    return fallback, fallback


def _inside(places: Places, demand: Demand, here: Ints) -> Bools:
    """Return bool[places] that lie within the footprint of the desert's points."""
    from scipy.spatial import cKDTree  # noqa: PLC0415  (slow to import)

    if not len(places.x_m):
        return np.zeros(0, np.bool_)
    tree = cKDTree(np.column_stack([demand.x_m[here], demand.y_m[here]]))
    distance_m = np.asarray(tree.query(np.column_stack([places.x_m, places.y_m]))[0])
    return distance_m <= max(_FOOTPRINT_M, demand.cell_m / 2)


def _in_district(places: Places, districts: Districts, district: int) -> Bools:
    """Return bool[places] inside a district's polygon; all of them when the study has no polygons."""
    if districts.polygon is None or not len(places.x_m):
        return np.ones(len(places.x_m), np.bool_)
    import shapely  # noqa: PLC0415  (slow to import)

    return np.asarray(shapely.contains_xy(districts.polygon[district], places.x_m, places.y_m))


def _district(districts: Districts, at: int) -> tuple[str, str]:
    """Return the Korean and English name of a district; empty for the one district ``all`` of a study without any."""
    if districts.ids == ("all",):
        return "", ""
    name = districts.name[at]
    return name, (districts.name_en[at] if districts.name_en else "") or name


def _english(place: str, district: str) -> str:
    """Return ``around <place>, <district>`` or what is known of it."""
    if not place:
        return district or "life desert"
    return f"around {place}, {district}" if district else f"around {place}"


def _numbered(name: str, used: dict[str, int]) -> str:
    """Return the name, with a number when it was used before."""
    used[name] = used.get(name, 0) + 1
    return name if used[name] == 1 else f"{name} ({used[name]})"
