"""Facilities from a table: one kind, columns by mapping, open ones or candidates."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from pydantic import Field

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Facilities, Floats
from lifezone.sources.crs import Placed
from lifezone.sources.files import did_you_mean, input_record
from lifezone.sources.h3_cells import placed_by_h3
from lifezone.sources.located import extent_of, locate, location_faults
from lifezone.sources.reading import Extent, Reading
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Spec

__all__ = ["FacilityTable", "amounts_of", "numbered", "public_of", "repeated"]

_OPEN_WORDS: Final = (
    "true t yes y 1 1.0 예 네 o open opened operating active existing "
    "운영 운영중 영업 영업중 영업/정상 정상 개방 개원 개교 유"
)
_SHUT_WORDS: Final = (
    "false f no n 0 0.0 아니오 아니요 x closed candidate planned proposed 후보 후보지 예정 계획 "
    "휴업 폐업 휴교 폐교 폐원 휴원 미운영 휴관 폐관 무 취소/말소/만료/정지/중지"
)
_OPEN: Final = frozenset(_OPEN_WORDS.split())
_SHUT: Final = frozenset(_SHUT_WORDS.split())
_PUBLIC_WORDS: Final = (
    "true t yes y 1 1.0 예 네 o public state municipal 국유 공유 국공유 국유지 공유지 국공유지 도유 시유 군유 "
    "도유지 시유지 군유지 국가 지자체 공공 공립 국립 시립 군립 도립"
)
_PRIVATE_WORDS: Final = "false f no n 0 0.0 아니오 아니요 x private 사유 사유지 개인 법인 민간 사립"
_PUBLIC: Final = frozenset(_PUBLIC_WORDS.split())
_PRIVATE: Final = frozenset(_PRIVATE_WORDS.split())
_COLUMNS: Final = ("id", "place", "name", "capacity", "cost", "close_cost", "yearly_cost", "hours")


class FacilityTable(Spec):
    """Facilities of one kind from a table: CSV, Parquet, GeoPackage, GeoJSON or shapefile."""

    type: Literal["table"] = Field(description="Read from a table.")
    path: str = Field(description="The file; CSV may be UTF-8, CP949 or UTF-16.")
    kind: str = Field(description="Kind of facility that the rows are, e.g. clinic (see kinds).")
    id: str | None = Field(None, description="Column with a code for each facility; without it they are numbered.")
    place: str | None = Field(
        None, description="Column with the id by which a table of times calls its place; without it, id."
    )
    x: str | None = Field(
        None, description="Column with longitude or easting; not needed where the file has geometry, nor for siting "
        "alone with ready-made times."
    )  # fmt: skip
    y: str | None = Field(None, description="Column with latitude or northing.")
    h3: str | None = Field(None, description="Column with H3 cells, in place of x and y; it stands in the middle.")
    crs: str | None = Field(None, description="Coordinate system of x and y, e.g. EPSG:5174; degrees need none.")
    name: str | None = Field(None, description="Column with names.")
    capacity: str | None = Field(None, description="Column with capacity in the kind's own unit: beds, places, seats.")
    cost: str | None = Field(None, description="Column with the cost of opening it, in won.")
    close_cost: str | None = Field(None, description="Column with the cost of closing it, in won.")
    yearly_cost: str | None = Field(None, description="Column with what it costs a year, in won.")
    public: str | bool | None = Field(
        None,
        description="Column that says whether it is on public land or in a public building; or true or false for all.",
    )
    open: str | bool = Field(
        True, description="Column that says whether it is open; or false when every row is a candidate."
    )
    hours: str | None = Field(None, description="Column with opening hours, kept as text.")
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    layer: str | None = Field(None, description="Layer of a GeoPackage; not needed when it has only one.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    def extent(self, folder: Path) -> Extent:
        """Return west, south, east, north in degrees of all rows that are meant."""
        table, _, _ = self._read(folder, [])
        return extent_of(table, self.x, self.y, self.crs)

    def load(self, reading: Reading) -> Facilities:
        """Read the facilities that lie in the clip, in file order.

        No rows are no facilities: the kind is then unmet, not unknown.

        Raises:
            InputError: The kind or a column is unknown, ids repeat, a number or an open state cannot be read.
        """
        faults = []
        if self.kind not in reading.kinds:
            hint = did_you_mean(self.kind, tuple(reading.kinds))
            faults.append(
                Fault(f"unknown kind {self.kind!r}{hint or ': see lifezone standards, or add it to kinds'}", ("kind",))
            )
        with reading.progress.step(f"{self.kind}: {self.path}"):
            table, rows, notes = self._read(reading.folder, faults, needs_places=reading.needs_places)
            amounts, faults = amounts_of(table, self)
            is_open, more = _open_states(table, self.open)
            public, worse = public_of(table, self.public)
            ids = table.text(self.id) if self.id else numbered(self.kind, table.n_rows)
            faults += [*more, *worse, *repeated(table, ids)]
            if faults:
                raise InputError(faults)
            placed = locate(table, self.x, self.y, self.crs, study=reading.crs, clip=reading.clip).placed
        keep = placed.inside & ~placed.missing
        name = _texts(table, self.name)
        notes = (*notes, *placed.notes, *self._told(table, placed, ids, name))
        reading.inputs.append(
            input_record(self.path, table.file, kind=self.kind, rows=rows, selected=table.n_rows, used=int(keep.sum()),
                         refused=int(placed.missing.sum()), encoding=table.encoding)
        )  # fmt: skip
        return Facilities(
            ids=ids[keep], x_m=placed.x_m[keep], y_m=placed.y_m[keep],
            kind=np.zeros(int(keep.sum()), np.int32), kinds=(self.kind,), name=name[keep],
            open=is_open[keep], hours=_texts(table, self.hours)[keep], notes=notes,
            place=None if self.place is None else table.text(self.place)[keep],
            public=None if public is None else public[keep], **{key: told[keep] for key, told in amounts.items()},
        )  # fmt: skip

    def _read(
        self, folder: Path, faults: list[Fault], *, needs_places: bool = True
    ) -> tuple[Table, int, tuple[str, ...]]:
        """Read the file, check its columns and keep the rows that are meant; rows read and notes come with it."""
        try:
            table = read_table(folder, self.path, layer=self.layer, encoding=self.encoding)
        except InputError as error:
            raise InputError([*faults, *error.faults]) from None
        if self.h3 is not None:
            table = placed_by_h3(table, self.h3)
        wrong = [*faults, *location_faults(table, self.x, self.y, self.crs, needs_places=needs_places)]
        named = {key: getattr(self, key) for key in (*_COLUMNS, "open", "public")}
        for key, column in named.items():
            if isinstance(column, str):
                wrong += table.missing(column, (key,))
        if wrong:
            raise InputError(wrong)
        kept, notes = keep_rows(table, self.where)
        return kept, table.n_rows, (*table.notes, *notes)

    def _told(self, table: Table, placed: Placed, ids: np.ndarray, name: np.ndarray) -> list[str]:
        """Tell facilities without coordinates, outside the area, and twins."""
        notes = []
        lost, outside = placed.missing, ~placed.missing & ~placed.inside
        if table.n_rows == 0:
            notes.append(f"{self.path}: no row is a {self.kind}: nobody has one in reach")
        if lost.any():
            named = some_of([str(key) for key in ids[lost]])
            notes.append(f"{self.path}: {int(lost.sum()):,} {self.kind} rows have no coordinates, left out: {named}; "
                         f"{table.lines_of(lost)}")  # fmt: skip
        if outside.any():
            notes.append(f"{self.path}: {int(outside.sum()):,} {self.kind} rows lie outside the area and its "
                         "surroundings, left out")  # fmt: skip
        twins = _twins(placed, name)
        if twins.any():
            notes.append(f"{self.path}: {int(twins.sum()):,} {self.kind} rows have the name and place of an "
                         f"earlier one, kept: {table.lines_of(twins)}")  # fmt: skip
        return notes


def _amounts(table: Table, column: str | None, key: str) -> tuple[Floats, list[Fault]]:
    """Return f64[n] of a column, NaN where it is not given; faults for negative and infinite ones."""
    if column is None:
        return np.full(table.n_rows, np.nan), []
    numbers, faults = table.numbers(column, (key,))
    bad = (numbers < 0) | np.isinf(numbers)
    if bad.any():
        faults.append(Fault(f"{table.path}: {key} must be 0 or more in {table.lines_of(bad)}", (key,)))
    return numbers, faults


def amounts_of(table: Table, spec: Any) -> tuple[dict[str, Floats], list[Fault]]:
    """Return capacity and cost, and closing and yearly cost where a column is named; and faults."""
    found, faults = {}, []
    for key in ("capacity", "cost", "close_cost", "yearly_cost"):
        column = getattr(spec, key)
        if column is not None or key in ("capacity", "cost"):
            found[key], more = _amounts(table, column, key)
            faults += more
    return found, faults


def public_of(table: Table, column: str | bool | None) -> tuple[np.ndarray | None, list[Fault]]:
    """Return i8[n] which places are public (1), are not (0) or do not tell (−1); None where nothing is told."""
    if column is None or isinstance(column, bool):
        return None if column is None else np.full(table.n_rows, int(column), np.int8), []
    words = [cell.lower() for cell in table.text(column).tolist()]
    state = np.array([1 if word in _PUBLIC else 0 if word in _PRIVATE else -1 for word in words], np.int8)
    odd = (state < 0) & (np.array(words, object) != "")
    if not odd.any():
        return state, []
    shown = some_of([repr(word) for word in dict.fromkeys(np.array(words, object)[odd].tolist())])
    return state, [
        Fault(f"{table.path}: column {column!r} must say public or not (true, false, 1, 0, y, n, 국유, 공유, 사유 …): "
              f"{shown} in {table.lines_of(odd)}", ("public",))
    ]  # fmt: skip


def _open_states(table: Table, column: str | bool) -> tuple[Bools, list[Fault]]:
    """Return bool[n] which facilities are open; faults for words that say neither."""
    if isinstance(column, bool):
        return np.full(table.n_rows, column), []
    words = [cell.lower() for cell in table.text(column).tolist()]
    is_open = np.array([word in _OPEN for word in words], np.bool_)
    neither = np.array([word not in _SHUT for word in words], np.bool_) & ~is_open
    if not neither.any():
        return is_open, []
    shown = some_of([repr(word) for word in dict.fromkeys(np.array(words, object)[neither].tolist())])
    return is_open, [
        Fault(f"{table.path}: column {column!r} must say open or closed (true, false, 1, 0, y, n, 영업, 폐업 …): "
              f"{shown} in {table.lines_of(neither)}", ("open",))
    ]  # fmt: skip


def numbered(kind: str, count: int) -> np.ndarray:
    """Return ids by file order: ``clinic-1``."""
    return np.array([f"{kind}-{at}" for at in range(1, count + 1)], dtype=object)


def _texts(table: Table, column: str | None) -> np.ndarray:
    """Return object[n] of texts, empty where no column is given."""
    return table.text(column) if column is not None else np.full(table.n_rows, "", dtype=object)


def repeated(table: Table, ids: np.ndarray) -> list[Fault]:
    """Fault empty and repeated ids."""
    faults = []
    if (ids == "").any():
        faults.append(Fault(f"{table.path}: the id is empty in {table.lines_of(ids == '')}", ("id",)))
    values, back, counts = np.unique(ids.astype(str), return_inverse=True, return_counts=True)
    twice = (counts > 1) & (values != "")
    if twice.any():
        named = some_of(values[twice].tolist())
        faults.append(
            Fault(f"{table.path}: ids must be unique; repeated: {named} in {table.lines_of(twice[back])}", ("id",))
        )
    return faults


def _twins(placed: Placed, name: np.ndarray) -> Bools:
    """Mark rows inside that have the name and the place of an earlier one."""
    twin = np.zeros(len(name), np.bool_)
    seen: set[tuple[float, float, str]] = set()
    for at in np.flatnonzero(placed.inside & (name != "")).tolist():
        key = (float(placed.x_m[at]), float(placed.y_m[at]), str(name[at]))
        twin[at] = key in seen
        seen.add(key)
    return twin
