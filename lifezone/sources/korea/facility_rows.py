"""The rows of a published list of facilities: kind, place, state and size of each, and why a row is not used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.sources.crs import DEGREES, to_crs
from lifezone.sources.korea.catalogue import Match, kind_words, name_endings, normal
from lifezone.sources.korea.cells import UNKNOWN_DATE, dates_of, loose_numbers
from lifezone.sources.korea.opening import Opened
from lifezone.sources.korea.provinces import in_korea, outside_province, parse_address, province_of
from lifezone.sources.korea.report import FileReport, leave_out
from lifezone.sources.tables import Table

__all__ = ["FacilityRows", "count_rows", "read_facility_rows"]

_SAME_PLACE_M: Final = 100.0
"""Two rows of one name nearer than this are one facility uploaded twice."""
_SHUT: Final = ("폐업", "폐지", "폐교", "폐원", "폐관", "휴업", "휴지", "휴원", "휴교", "휴관", "취소", "말소", "만료",
                "정지", "중지", "미운영", "closed")  # fmt: skip
"""A state that holds one of these is not open; anything else is."""
_METRIC_CRS: Final = ("EPSG:5174", "EPSG:5179", "EPSG:5186", "EPSG:5181", "EPSG:2097", "EPSG:5187", "EPSG:5185")
_METRES_A_DEGREE: Final = 111_320.0
_MANY_AT_ONE_PLACE: Final = 5


@dataclass(frozen=True, eq=False)
class FacilityRows:
    """The readable rows of a list, n of them.

    Attributes:
        table: the rows.
        kind: object[n] kind, empty where the row has none that a standard asks for.
        word: object[n] what the file calls it.
        name: object[n] name.
        ids: object[n] ids, unique.
        lon: f64[n] longitude, NaN without a usable place.
        lat: f64[n] latitude.
        is_open: bool[n].
        address: object[n] address as written, for matching.
        province: object[n] code of the province that the row names.
        departments: object[n] departments as written.
        why: object[n] reason for which a row is not used, empty for those that are.
    """

    table: Table
    match: Match
    kind: np.ndarray
    word: np.ndarray
    name: np.ndarray
    ids: np.ndarray
    lon: Floats
    lat: Floats
    is_open: Bools
    address: np.ndarray
    province: np.ndarray
    departments: np.ndarray
    why: np.ndarray

    def lines(self, rows: Bools) -> str:
        """Name the lines of the rows that are marked."""
        return self.table.lines_of(rows)


def read_facility_rows(
    opened: Opened,
    match: Match,
    report: FileReport,
    *,
    kinds: Sequence[str] = (),
    more_words: Mapping[str, str] | None = None,
    crs: str | None = None,
    keep_twins: bool = False,
    keep_closed: bool = True,
) -> FacilityRows:
    """Read a list; every row is used or carries the reason why it is not. What is odd goes into the report.

    Args:
        opened: the file.
        match: its form.
        report: gets the findings; counts are added by whoever decides what is used.
        kinds: only these; empty = all that are known.
        more_words: word of the file → kind, beside the catalogue's.
        crs: CRS of x and y; None = that of the form, else degrees.
        keep_twins: keep further rows of one facility.
        keep_closed: keep facilities that are not open.
    """
    table, roles = opened.table, match.roles
    name = _text(table, roles.get("name"))
    kind, word, known = _kinds(table, match, name, more_words or {}, report)
    why = np.where(kind != "", "", np.where(known, "other_kind", "no_kind")).astype(object)
    if kinds:
        why[(why == "") & ~np.isin(kind.astype(str), list(kinds))] = "not_asked"
    is_open = _states(table, roles, report)
    if not keep_closed:
        why[(why == "") & ~is_open] = "closed"
    address, province = _addresses(table, roles)
    lon, lat, where = _coordinates(table, match, province, crs, report)
    lost = (why == "") & (where != "")
    why[lost] = where[lost]
    rows = FacilityRows(
        table, match, kind, word, name, _ids(table, roles, name), lon, lat, is_open, address, province,
        _text(table, roles.get("departments")), why,
    )  # fmt: skip
    _check_dates(rows, report)
    _check_places(rows, report)
    twins = _twins(rows)
    if twins.any():
        report.find("twins", f"같은 시설이 두 번 이상 올라온 행 {int(twins.sum()):,}개",
                    f"{int(twins.sum()):,} rows repeat a facility (same kind, name and place), from other uploads",
                    count=int(twins.sum()), where=rows.lines(twins))  # fmt: skip
        if not keep_twins:
            why[twins] = "duplicate"
    return rows


def count_rows(rows: FacilityRows, opened: Opened, report: FileReport, used: Bools) -> None:
    """Count every row of the file: used, or left out for its reason."""
    leave_out(report, "odd_row", len(opened.odd_rows))
    for reason, count in sorted(Counter(rows.why[~used].tolist()).items()):
        leave_out(report, reason or "outside_area", count)
    report.used = int(used.sum())
    report.kinds = dict(sorted(Counter(rows.kind[used].tolist()).items()))


def _text(table: Table, column: str | None) -> np.ndarray:
    """Return the texts of a column, or empty ones."""
    return table.text(column) if column else np.full(table.n_rows, "", dtype=object)


def _kinds(
    table: Table, match: Match, name: np.ndarray, more: Mapping[str, str], report: FileReport
) -> tuple[np.ndarray, np.ndarray, Bools]:
    """Return kind, the file's word for it, and whether that word is known at all."""
    n = table.n_rows
    words: dict[str, str | None] = {**kind_words(), **{normal(word): kind for word, kind in more.items()}}
    columns = [match.roles[role] for role in ("kind", "kind2", "service", "parking_kind", "sports_kind",
               "museum_kind", "daycare_kind", "zone_type", "market_kind") if role in match.roles]  # fmt: skip
    kind, word = np.full(n, "", dtype=object), np.full(n, "", dtype=object)
    known = np.zeros(n, np.bool_)
    for column in columns:
        cells = table.text(column)
        asked = {cell: normal(cell) for cell in dict.fromkeys(cells.tolist())}
        fits = np.array([bool(asked[cell]) and asked[cell] in words for cell in cells.tolist()], np.bool_)
        now = fits & ~known
        kind[now] = [words[asked[cell]] or "" for cell in cells[now].tolist()]
        word = np.where(now | ((word == "") & ~known), cells, word)
        known |= fits
    if match.form.kind:
        rest = ~known
        kind[rest], known[rest] = match.form.kind, True
    elif not known.all():
        by_name = _by_name(name, ~known)
        guessed = by_name != ""
        kind[guessed], known[guessed] = by_name[guessed], True
        if guessed.any():
            report.find("guessed_kind", f"종류 열이 없어 이름으로 종류를 정한 행 {int(guessed.sum()):,}개",
                        f"the kind of {int(guessed.sum()):,} rows is taken from the end of the name, a guess",
                        count=int(guessed.sum()))  # fmt: skip
    unknown = Counter(word[~known].tolist())
    if unknown:
        shown = ", ".join(f"{text or '(빈칸)'} {count:,}" for text, count in unknown.most_common(8))
        report.find("unknown_kind", f"알 수 없는 종류: {shown}", f"words for kinds that are not known: {shown}; "
                    "say with map what they are", count=sum(unknown.values()))  # fmt: skip
    return kind, word, known


def _by_name(name: np.ndarray, rows: Bools) -> np.ndarray:
    """Return the kind that the end of each name tells, empty where it does not."""
    found = np.full(len(name), "", dtype=object)
    for at in np.flatnonzero(rows).tolist():
        text = "".join(str(name[at]).split())
        found[at] = next((kind for end, kind in name_endings() if text.endswith(end)), "")
    return found


def _states(table: Table, roles: Mapping[str, str], report: FileReport) -> Bools:
    """Return bool[n] which facilities are open; counts of each state go into the report."""
    if "status" not in roles:
        return np.ones(table.n_rows, np.bool_)
    cells = table.text(roles["status"])
    states = Counter(cells.tolist())
    shut = [state for state in states if any(part in state.lower() for part in _SHUT)]
    report.facts["states"] = {state or "(빈칸)": count for state, count in sorted(states.items())}
    is_open: Bools = ~np.isin(cells.astype(str), shut)
    if "closed_on" in roles:
        closed = table.text(roles["closed_on"]) != ""
        odd = is_open & closed
        if odd.any():
            report.find("open_but_closed", f"폐업일자가 있으나 영업 중인 행 {int(odd.sum()):,}개",
                        f"{int(odd.sum()):,} rows are open but have a closing date", count=int(odd.sum()),
                        where=table.lines_of(odd))  # fmt: skip
    return is_open


def _addresses(table: Table, roles: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the address of each row (road address, else lot, else district names) and its province's code."""
    address = np.full(table.n_rows, "", dtype=object)
    for role in ("road_address", "address", "lot_address"):
        if role in roles:
            cells = table.text(roles[role])
            address = np.where(address == "", cells, address)
    named = [table.text(roles[role]) for role in ("sido", "sigungu", "emd") if role in roles]
    if named:
        joined = np.array([" ".join(filter(None, parts)) for parts in zip(*named, strict=True)], dtype=object)
        address = np.where(address == "", joined, address)
    province = np.array([parse_address(str(text)).province for text in address.tolist()], dtype=object)
    if "sido" in roles:
        told = np.array([province_of(str(cell)) for cell in table.text(roles["sido"]).tolist()], dtype=object)
        province = np.where(province == "", told, province)
    return address, province


def _coordinates(
    table: Table, match: Match, province: np.ndarray, crs: str | None, report: FileReport
) -> tuple[Floats, Floats, np.ndarray]:
    """Return longitude, latitude, and the reason why a row has none that can be used."""
    n = table.n_rows
    why = np.full(n, "", dtype=object)
    if table.geometry is not None and "x" not in match.roles:
        import shapely  # noqa: PLC0415

        point = shapely.centroid(table.geometry)
        x, y, bad = shapely.get_x(point), shapely.get_y(point), np.zeros(n, np.bool_)
        source = crs or table.crs or DEGREES
    elif "x" in match.roles and "y" in match.roles:
        x, bad_x = loose_numbers(table, match.roles["x"])
        y, bad_y = loose_numbers(table, match.roles["y"])
        bad = bad_x | bad_y
        source = crs or _source(match, x, y, province, report)
    else:
        why[:] = "no_coordinates"
        return np.full(n, np.nan), np.full(n, np.nan), why
    report.crs = source
    missing = ~(np.isfinite(x) & np.isfinite(y)) | ((x == 0) & (y == 0))
    x, y = np.where(missing, np.nan, x), np.where(missing, np.nan, y)
    lon, lat = to_crs(x, y, source, DEGREES)
    inside = in_korea(lon, lat)
    why[~missing & ~inside] = "not_in_korea"
    if source == DEGREES:
        why[~missing & ~inside & in_korea(y, x)] = "swapped"
    why[missing] = "no_coordinates"
    why[bad] = "bad_coordinates"
    lost = why != ""
    for reason, ko, en in (
        ("not_in_korea", "좌표가 대한민국 밖인 행", "rows have coordinates outside Korea"),
        ("swapped", "경도와 위도가 뒤바뀐 행", "rows have longitude and latitude exchanged"),
        ("bad_coordinates", "좌표가 숫자가 아닌 행", "rows have coordinates that are not numbers"),
        ("no_coordinates", "좌표가 없는 행", "rows have no coordinates"),
    ):
        rows = why == reason
        if rows.any():
            count = int(rows.sum())
            report.find(reason, f"{ko} {count:,}개", f"{count:,} {en}", count=count, where=table.lines_of(rows))
    return np.where(lost, np.nan, lon), np.where(lost, np.nan, lat), why


def _source(match: Match, x: Floats, y: Floats, province: np.ndarray, report: FileReport) -> str:
    """Return the CRS of x and y: degrees where they can be, that of the form, else the one that fits the addresses."""
    given = np.isfinite(x) & np.isfinite(y) & ~((x == 0) & (y == 0))
    if not given.any() or np.mean((np.abs(x[given]) <= 180) & (np.abs(y[given]) <= 180)) > 0.5:
        return DEGREES
    if match.form.crs:
        return match.form.crs
    best, most = "", -1
    for crs in _METRIC_CRS:
        lon, lat = to_crs(x[given], y[given], crs, DEGREES)
        fits = in_korea(lon, lat) & ~outside_province(lon, lat, province[given])
        if int(fits.sum()) > most:
            best, most = crs, int(fits.sum())
    report.find(
        "guessed_crs",
        f"좌표계가 적혀 있지 않음: 주소와 가장 잘 맞는 것은 {best}",
        f"coordinates are in metres and their system is not told: {best} fits the addresses best; give crs",
    )
    report.facts["crs_is_guessed"] = True
    return best


def _ids(table: Table, roles: Mapping[str, str], name: np.ndarray) -> np.ndarray:
    """Return unique ids: the file's, with ``#2`` after a repeated one; else the file's name and the line."""
    stem = table.file.stem
    plain = [f"{stem}-{line}" for line in table.line.tolist()]
    given = table.text(roles["id"]).tolist() if "id" in roles else [""] * len(name)
    seen: Counter[str] = Counter()
    taken = set(given)
    ids = []
    for own, fallback in zip(given, plain, strict=True):
        key = own or fallback
        seen[key] += 1
        while seen[key] > 1 and (again := f"{key}#{seen[key]}") in taken:
            seen[key] += 1
        ids.append(key if seen[key] == 1 else again)
    return np.array(ids, dtype=object)


def _check_dates(rows: FacilityRows, report: FileReport) -> None:
    """Note the dates of the data, and impossible ones."""
    table, roles = rows.table, rows.match.roles
    latest = ""
    for role in ("asof", "opened", "closed_on"):
        if role not in roles:
            continue
        dates, bad = dates_of(table, roles[role])
        told = sorted(date for date in dates.tolist() if date)
        if role == "asof" and told:
            latest = told[-1]
            report.dates = (told[0], latest)
        later = np.array([bool(latest) and date > latest for date in dates.tolist()], np.bool_) & (role != "asof")
        unknown = dates == UNKNOWN_DATE
        for marked, ko, en in (
            (bad, "날짜가 아닌 값", "cells are not dates"),
            (later, f"자료 기준일({latest})보다 뒤", f"dates lie after the data's own ({latest})"),
            (unknown, f"미상을 뜻하는 {UNKNOWN_DATE}", f"dates are {UNKNOWN_DATE}, which stands for not known"),
        ):
            if marked.any():
                count = int(marked.sum())
                report.find("impossible_date", f"{roles[role]}: {ko} {count:,}개", f"{roles[role]}: {count:,} {en}",
                            count=count, where=rows.lines(marked))  # fmt: skip


def _check_places(rows: FacilityRows, report: FileReport) -> None:
    """Note points outside the province that their row names, and many names at one point."""
    outside = outside_province(rows.lon, rows.lat, rows.province)
    if outside.any():
        count = int(outside.sum())
        report.find("outside_province", f"주소의 시·도 밖에 찍힌 점 {count:,}개",
                    f"{count:,} points lie outside the province of their address", count=count,
                    where=rows.lines(outside))  # fmt: skip
    seen = np.isfinite(rows.lon)
    if not seen.any() or rows.match.form.key in ("hira", "hira_short", "localdata", "hospital_beds"):
        return  # a building holds many clinics
    _, back, counts = np.unique(np.column_stack([rows.lon[seen], rows.lat[seen]]), axis=0, return_inverse=True,
                                return_counts=True)  # fmt: skip
    many = np.zeros(len(seen), np.bool_)
    many[seen] = counts[back.reshape(-1)] >= _MANY_AT_ONE_PLACE
    if many.any():
        count = int(many.sum())
        report.find("stacked", f"{_MANY_AT_ONE_PLACE}개 이상이 같은 좌표에 있는 행 {count:,}개(동 대표점일 수 있음)",
                    f"{count:,} rows share their point with {_MANY_AT_ONE_PLACE - 1} or more others: often the middle "
                    "of a dong, not their place", count=count, where=rows.lines(many))  # fmt: skip


def _twins(rows: FacilityRows) -> Bools:
    """Mark further rows of one facility: same kind, state and name within 100 m; the latest row stays."""
    n = len(rows.name)
    twin = np.zeros(n, np.bool_)
    roles = rows.match.roles
    asof = dates_of(rows.table, roles["asof"])[0] if "asof" in roles else np.full(n, "", dtype=object)
    groups: dict[tuple[str, str, bool], list[int]] = {}
    for at in np.flatnonzero((rows.why == "") & np.isfinite(rows.lon) & (rows.name != "")).tolist():
        groups.setdefault((rows.kind[at], normal(str(rows.name[at])), bool(rows.is_open[at])), []).append(at)
    for members in groups.values():
        if len(members) == 1:
            continue
        kept: list[int] = []
        for at in sorted(members, key=lambda row: _newest_first(str(asof[row]), row)):
            twin[at] = any(_metres(rows, at, other) <= _SAME_PLACE_M for other in kept)
            if not twin[at]:
                kept.append(at)
    return twin


def _newest_first(date: str, row: int) -> tuple[int, int]:
    """Order by falling date, then by row."""
    return -int(date.replace("-", "") or 0), row


def _metres(rows: FacilityRows, one: int, two: int) -> float:
    """Return roughly how far two rows lie apart."""
    north = (rows.lat[one] - rows.lat[two]) * _METRES_A_DEGREE
    east = (rows.lon[one] - rows.lon[two]) * _METRES_A_DEGREE * np.cos(np.radians(rows.lat[one]))
    return float(np.hypot(east, north))
