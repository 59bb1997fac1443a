"""Facilities against boundaries: points outside the district of their address, and, only when asked, a place for rows
without coordinates: the middle of the district that their address names, flagged in the name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import shapely

from lifezone.errors import some_of
from lifezone.sources.korea.facility_rows import FacilityRows
from lifezone.sources.korea.gazetteer import Gazetteer
from lifezone.sources.korea.provinces import Address, parse_address
from lifezone.sources.korea.report import FileReport

__all__ = ["AT_MIDDLE", "check_districts", "place_missing"]

TOLERANCE_DEGREES: Final = 0.01
"""About a kilometre: published boundaries are simplified."""
AT_MIDDLE: Final = {"emd": "읍면동 중심", "dong": "동 중심", "sigungu": "시군구 중심"}
"""What is added to the name of a facility that stands at the middle of a district."""
_NO_PLACE: Final = ("no_coordinates", "bad_coordinates", "not_in_korea", "swapped")


def check_districts(rows: FacilityRows, gazetteer: Gazetteer, report: FileReport) -> None:
    """Note points that lie over a kilometre outside the district of their address (boundaries in degrees)."""
    whole = _keys(rows)
    look = _lookup(gazetteer, exact=True)
    outside = np.zeros(len(whole), np.bool_)
    by_key: dict[Address, list[int]] = {}
    for at in np.flatnonzero(np.isfinite(rows.lon)).tolist():
        by_key.setdefault(whole[at], []).append(at)
    for key, members in by_key.items():
        shape, _ = look(key)
        if shape is None:
            continue
        shapely.prepare(shape)
        points = shapely.points(rows.lon[members], rows.lat[members])
        outside[members] = ~shapely.dwithin(shape, points, TOLERANCE_DEGREES)
    if outside.any():
        count = int(outside.sum())
        named = some_of([str(name) for name in rows.name[outside]])
        report.find("outside_district", f"주소의 행정구역에서 1km 넘게 벗어난 점 {count:,}개: {named}",
                    f"{count:,} points lie over 1 km outside the district of their address: {named}", count=count,
                    where=rows.lines(outside))  # fmt: skip


def place_missing(rows: FacilityRows, gazetteer: Gazetteer, report: FileReport) -> None:
    """Put rows without a usable place at the middle of the district of their address (in place), and flag them."""
    look = _lookup(gazetteer, exact=False)
    keys = _keys(rows)
    placed: dict[str, list[int]] = {}
    for at in np.flatnonzero(np.isin(rows.why.astype(str), _NO_PLACE)).tolist():
        shape, level = look(keys[at])
        if shape is None:
            continue
        middle = shapely.point_on_surface(shape)
        rows.lon[at], rows.lat[at] = float(middle.x), float(middle.y)
        rows.why[at] = ""
        rows.name[at] = f"{rows.name[at]} [{AT_MIDDLE[level]}]"
        placed.setdefault(level, []).append(at)
    for level, members in sorted(placed.items()):
        named = some_of([str(name) for name in rows.name[members]])
        report.find("at_district_middle", f"{AT_MIDDLE[level]}에 둔 시설 {len(members):,}곳(요청에 따라): {named}",
                    f"{len(members):,} facilities without coordinates stand at the middle of their {level}, as asked: "
                    f"{named}", count=len(members))  # fmt: skip
    report.facts["at_district_middle"] = sum(map(len, placed.values()))


def _keys(rows: FacilityRows) -> list[Address]:
    """Return what each row's address tells."""
    found = [parse_address(str(text)) for text in rows.address.tolist()]
    return [
        Address(str(province) or key.province, key.sigungu, key.emd)
        for key, province in zip(found, rows.province.tolist(), strict=True)
    ]


def _lookup(gazetteer: Gazetteer, *, exact: bool) -> Callable[[Address], tuple[Any, str]]:
    """Return a function from an address to its polygon and level; each address is looked up once.

    With ``exact`` a dong is never taken for others of its stem.
    """
    known: dict[Address, tuple[Any, str]] = {}
    finest = gazetteer.finest

    def look(key: Address) -> tuple[Any, str]:
        asked = key if finest == "emd" else Address(key.province, key.sigungu, "")
        if asked not in known:
            hits, level = gazetteer.find_address(asked)
            if exact and (level == "dong" or not asked.sigungu):
                hits, level = gazetteer.find_address(Address(asked.province, asked.sigungu, ""))
            known[asked] = (gazetteer.shape_of(hits), level) if hits else (None, "")
        return known[asked]

    return look
