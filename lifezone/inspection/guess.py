"""A table of no known form: which columns are likely to be what, and the YAML with these guesses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from lifezone.sources.korea.catalogue import normal
from lifezone.sources.korea.cells import loose_numbers
from lifezone.sources.korea.opened_report import report_of
from lifezone.sources.korea.opening import Opened
from lifezone.sources.korea.report import FileReport
from lifezone.sources.tables import Table

__all__ = ["look_at_table"]

_X: Final = ("lon", "lng", "longitude", "경도", "x", "easting", "xcoord", "stoplon", "좌표x", "long")
_Y: Final = ("lat", "latitude", "위도", "y", "northing", "ycoord", "stoplat", "좌표y")
_ID: Final = ("id", "code", "코드", "번호", "gid", "fid", "no", "nodeid", "h3", "h3index")
_NAME: Final = ("name", "명칭", "이름", "시설명", "nm", "title")
_PEOPLE: Final = ("population", "pop", "people", "인구", "총인구", "인구수", "total", "count", "값", "val", "value",
                  "poptotal", "numberofpersons")  # fmt: skip
_FROM: Final = ("fromid", "from", "originid", "origin", "oid", "출발", "출발지", "기점")
_TO: Final = ("toid", "to", "destinationid", "destination", "did", "도착", "도착지", "종점")
_TRAVEL: Final = {
    "seconds": ("seconds", "traveltimes", "durations", "초"),
    "minutes": ("minutes", "traveltime", "traveltimep50", "traveltimeminutes", "분", "소요시간"),
    "metres": ("metres", "meters", "distancem", "lengthm"),
}
"""A column ``travel_time`` without a unit is taken for minutes, as r5r writes it; the page says that it is guessed."""
_POLYGONS: Final = (3, 6)
_PLACE: Final = {"place": {"ko": "장소", "en": "place"}}


def look_at_table(opened: Opened, path: str) -> tuple[FileReport, dict[str, Any]]:
    """Say what a table of no known form may be.

    Returns:
        The report, and the block that loads it as facilities, people, districts or travel times; empty where it has
        no places.
    """
    table = opened.table
    report = report_of(path, opened, None)
    x, y = _column(table, _X), _column(table, _Y)
    people, name, key = _column(table, _PEOPLE), _column(table, _NAME), _unique_column(table)
    found = {"x": x, "y": y, "people": people, "name": name, "id": key}
    report.columns = {role: column for role, column in found.items() if column}
    report.used = report.rows - len(opened.odd_rows)
    if opened.odd_rows:
        report.left_out["odd_row"] = len(opened.odd_rows)
    report.facts["guessed"] = True
    block: dict[str, Any] = {"type": "table", "path": path}
    if table.geometry is None:
        pairs = _pairs(table)
        if pairs:
            report.sort, report.columns = "times", pairs
            return report, {"times": {"type": "table", "path": path} | pairs}
        if x is None or y is None:
            report.facts["columns"] = [column for column in table.columns if column]
            return report, {}
        crs = _crs(table, x, y)
        block |= {"x": x, "y": y} | ({} if crs is None else {"crs": crs})
        report.crs = crs or "EPSG:4326"
    else:
        report.crs = _short(table.crs)
        if table.crs is None:
            block["crs"] = "EPSG:5179"
    sort, placed = _block(table, block, people, name, key)
    report.sort = sort
    return report, placed


def _block(
    table: Table, block: dict[str, Any], people: str | None, name: str | None, key: str | None
) -> tuple[str, dict[str, Any]]:
    """Return what the table would be used for, and the block for it."""
    if people is not None and _are_counts(table, people):
        return "people", {"demand": block | ({"id": key} if key else {}) | {"groups": {"total": people}}}
    if table.geometry is not None and _has(table, _POLYGONS) and key is not None:
        named = {"name": name} if name and name != key else {}
        return "districts", {"area": {"districts": block | {"id": key} | named}}
    named = {"name": name} if name else {}
    if table.geometry is not None and not _has(table, (0, *_POLYGONS)):
        return "other", {}
    return "facilities", {
        "kinds": _PLACE,
        "facilities": [block | {"kind": "place"} | ({"id": key} if key else {}) | named],
    }


def _pairs(table: Table) -> dict[str, str]:
    """Return the columns of a table of travel times by what they are; empty where it is none."""
    ends = {key: _column(table, words) for key, words in (("from", _FROM), ("to", _TO))}
    values = {key: _column(table, words) for key, words in _TRAVEL.items()}
    found = {key: column for key, column in values.items() if column is not None}
    if "seconds" in found:
        found.pop("minutes", None)
    origin, target = ends["from"], ends["to"]
    return {} if origin is None or target is None or not found else {"from": origin, "to": target} | found


def _column(table: Table, words: Sequence[str]) -> str | None:
    """Return the first column whose heading is one of the words, in the order of the words."""
    by_name = {normal(column): column for column in reversed(table.columns) if table.columns.count(column) == 1}
    return next((by_name[word] for word in words if word in by_name), None)


def _unique_column(table: Table) -> str | None:
    """Return a column that names each row once: a likely one by its heading, else the first text column."""
    likely = [column for column in table.columns if normal(column) in _ID or normal(column).endswith(("id", "코드"))]
    for column in likely:
        if table.columns.count(column) > 1:
            continue
        cells = table.text(column)
        if len(cells) and (cells != "").all() and len(np.unique(cells.astype(str))) == len(cells):
            return column
    return None


def _are_counts(table: Table, column: str) -> bool:
    """Tell whether a column holds numbers of 0 or more throughout."""
    numbers, bad = loose_numbers(table, column)
    return bool(len(numbers)) and not bad.any() and bool((numbers >= 0).all())


def _crs(table: Table, x: str, y: str) -> str | None:
    """Return None for degrees, else the usual metric system of Korea as a first guess."""
    east, _ = loose_numbers(table, x)
    north, _ = loose_numbers(table, y)
    seen = np.isfinite(east) & np.isfinite(north)
    degrees = (np.abs(east[seen]) <= 180) & (np.abs(north[seen]) <= 90)
    return None if not seen.any() or degrees.mean() > 0.5 else "EPSG:5179"


def _has(table: Table, types: Sequence[int]) -> bool:
    """Tell whether the geometries are of these types."""
    import shapely  # noqa: PLC0415

    return table.geometry is not None and bool(np.isin(shapely.get_type_id(table.geometry), types).all())


def _short(crs: str | None) -> str:
    """Name a CRS in few words."""
    if crs is None:
        return ""
    from lifezone.sources.crs import parse_crs  # noqa: PLC0415

    parsed = parse_crs(crs)
    authority = parsed.to_authority()
    return ":".join(authority) if authority else str(parsed.name)
