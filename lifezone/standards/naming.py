"""What a life desert is called: its district and the nearest settlement, in Korean and in English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.model import Bools, Demand, Desert, Districts, Floats, Ints, Longs, Places

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

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
    settled = _Settled(places)
    for desert, here in zip(deserts, members, strict=True):
        if not desert.named:
            named.append(desert)
            continue
        place_ko, place_en = _settlement(desert, here, demand=demand, districts=districts, settled=settled)
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


class _Settled:
    """Settlements with a name, ready to be found by place: deserts of a nation times its settlements are many."""

    def __init__(self, places: Places) -> None:
        self.places = places
        named = [bool(str(name).strip()) for name in places.name]
        self.row = np.flatnonzero(np.array(named, dtype=np.bool_))
        self._tree: cKDTree | None = None

    def around(self, x_m: Floats, y_m: Floats, radius_m: float) -> Longs:
        """Return the settlements within a distance of any of some places, ascending."""
        from scipy.spatial import cKDTree  # noqa: PLC0415  (slow to import)

        if not len(self.row):
            return self.row
        here = np.column_stack([self.places.x_m[self.row], self.places.y_m[self.row]])
        if self._tree is None:
            self._tree = cKDTree(here)
        points = np.column_stack([x_m, y_m])
        found = self._tree.query_ball_point(points, radius_m * (1 + 1e-9), return_sorted=False)
        near = np.unique(np.concatenate([np.array(one, np.int64) for one in found]))
        if not len(near):
            return near
        away_m = np.asarray(cKDTree(points).query(here[near])[0])
        rows: Longs = self.row[near[away_m <= radius_m]]
        return rows


def _settlement(
    desert: Desert, here: Ints, *, demand: Demand, districts: Districts, settled: _Settled
) -> tuple[str, str]:
    """Return the Korean and English name of the settlement that a desert is called by, empty when there is none."""
    places, weight = settled.places, demand.total[here]
    x_m = float(np.average(demand.x_m[here], weights=weight))
    y_m = float(np.average(demand.y_m[here], weights=weight))
    choice = settled.around(demand.x_m[here], demand.y_m[here], max(_FOOTPRINT_M, demand.cell_m / 2))
    if not len(choice):
        near = settled.around(np.array([x_m]), np.array([y_m]), _FARTHEST_M)
        choice = near[_in_district(places, near, districts, desert.district)]
        choice = choice if len(choice) else near
    if len(choice):
        at = choice[np.hypot(places.x_m[choice] - x_m, places.y_m[choice] - y_m).argmin()]
        return str(places.name[at]), str(places.name_en[at]) or str(places.name[at])
    if demand.name is None:
        return "", ""
    fallback = str(demand.name[here[weight.argmax()]] or "")
    return fallback, fallback


def _in_district(places: Places, rows: Longs, districts: Districts, district: int) -> Bools:
    """Return bool[rows] inside a district's polygon; all of them when the study has no polygons."""
    if districts.polygon is None or not len(rows):
        return np.ones(len(rows), np.bool_)
    import shapely  # noqa: PLC0415  (slow to import)

    return np.asarray(shapely.contains_xy(districts.polygon[district], places.x_m[rows], places.y_m[rows]))


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
