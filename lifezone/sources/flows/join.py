"""Rows of flow tables put to districts: what is unknown, twice or empty is a fault, all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Floats, Ints
from lifezone.model.flows import Flows
from lifezone.sources.flows.rows import FlowRows
from lifezone.sources.korea.codes import modern_code

__all__ = ["DistrictKeys", "join_flows"]


@dataclass(frozen=True)
class DistrictKeys:
    """How rows name districts: by id, by id of today, or by a name that only one district has."""

    by_id: dict[str, int]
    by_modern: dict[str, int]
    by_name: dict[str, int]

    @staticmethod
    def of(ids: Sequence[str], names: Sequence[str]) -> DistrictKeys:
        """Return the keys of D districts."""
        plain = ["".join(name.split()) for name in names]
        by_name = {name: at for at, name in enumerate(plain) if plain.count(name) == 1}
        modern = [modern_code(one) if one.isdigit() else one for one in ids]
        by_modern = {code: at for at, code in enumerate(modern) if modern.count(code) == 1}
        return DistrictKeys({one: at for at, one in enumerate(ids)}, by_modern, by_name)

    def find(self, cells: np.ndarray, *, korean: bool) -> Ints:
        """Return i32[k] the district of each cell, −1 = unknown."""
        unique, back = np.unique(cells.astype(str), return_inverse=True)
        found = np.array([self._one(cell, korean=korean) for cell in unique.tolist()], np.int32)
        positions: Ints = found[back.reshape(-1)] if len(found) else np.empty(0, np.int32)
        return positions

    def _one(self, cell: str, *, korean: bool) -> int:
        """Return the district of one cell."""
        if korean and cell in self.by_modern:
            return self.by_modern[cell]
        if cell in self.by_id:
            return self.by_id[cell]
        return self.by_name.get("".join(cell.split()), -1)


def join_flows(rows: FlowRows, keys: DistrictKeys, n_districts: int) -> tuple[list[Flows], tuple[str, ...]]:
    """Return the flows of a source, one entry for each purpose and year, and what to tell.

    Args:
        rows: as read; districts that are to be added stand in ``keys`` already.
        keys: how districts are named.
        n_districts: D.

    Raises:
        InputError: a district is unknown or a pair stands twice, where the source refuses that.
    """
    origin, to = (keys.find(cells, korean=rows.korean) for cells in (rows.origin, rows.to))
    known = (origin >= 0) & (to >= 0)
    faults, notes = [], list(rows.notes)
    if not known.all():
        told = _unknown(rows, origin, to)
        if rows.unknown == "refuse":
            hint = (
                "mend them, or say unknown: leave_out or add; a crosswalk or codes: korea brings old codes to today's"
            )
            faults.append(Fault(f"{told}: {hint}", ("from",) if (origin < 0).any() else ("to",)))
        else:
            notes.append(f"{told}: {_people(rows.people[~known])} left out")
    twice = _twice(rows, origin, to, known)
    if twice.any() and rows.duplicates == "refuse":
        faults.append(
            Fault(f"{rows.table.path}: a pair of districts stands twice for one purpose and year, see "
                  f"{rows.table.lines_of(twice)}: mend it, or say duplicates: add_up", ("from",))
        )  # fmt: skip
    elif twice.any():
        notes.append(f"{rows.table.path}: {int(twice.sum()):,} rows name a pair again and were added up")
    if faults:
        raise InputError(faults)
    rows.record["used"] = rows.record.get("used", 0) if rows.record.get("report") else int(known.sum())
    found = []
    kinds = dict.fromkeys(zip(rows.purpose[known].tolist(), rows.year[known].tolist(), strict=True))
    for purpose, year in sorted(kinds):
        mine = known & (rows.purpose == purpose) & (rows.year == year)
        matrix = _matrix(origin[mine], to[mine], rows.people[mine], n_districts)
        found.append(Flows.of(matrix, purpose=purpose, year=year, source=rows.table.path))
    return found, tuple(notes)


def _matrix(origin: Ints, to: Ints, people: Floats, n_districts: int) -> Floats:
    """Return f64[D, D] people; rows of a pair are added in the order of their size, so that file order is nothing."""
    order = np.lexsort((people, to, origin))
    cell = origin[order].astype(np.int64) * n_districts + to[order]
    found = np.bincount(cell, people[order], minlength=n_districts**2).astype(np.float64)
    return found.reshape(n_districts, n_districts)


def _twice(rows: FlowRows, origin: Ints, to: Ints, known: Bools) -> Bools:
    """Mark rows whose pair, purpose and year stood in an earlier row."""
    _, purpose = np.unique(rows.purpose.astype(str), return_inverse=True)
    _, year = np.unique(rows.year.astype(str), return_inverse=True)
    key = np.column_stack([origin, to, purpose.reshape(-1), year.reshape(-1)])
    at = np.flatnonzero(known)
    _, first = np.unique(key[at], axis=0, return_index=True)
    again = np.zeros(len(key), np.bool_)
    again[at] = True
    again[at[first]] = False
    return again


def _unknown(rows: FlowRows, origin: Ints, to: Ints) -> str:
    """Name the districts that are not known, those of most people first."""
    lost: dict[str, float] = {}
    for cells, found in ((rows.origin, origin), (rows.to, to)):
        for cell, people in zip(cells[found < 0].tolist(), rows.people[found < 0].tolist(), strict=True):
            lost[cell] = lost.get(cell, 0.0) + people
    names = sorted(lost, key=lambda one: (-lost[one], one))
    either = (origin < 0) | (to < 0)
    return (
        f"{rows.table.path}: {len(names):,} districts are not known to the study: {some_of(names, most=10)} "
        f"({int(either.sum()):,} rows, {rows.table.lines_of(either, most=3)})"
    )


def _people(people: Floats) -> str:
    """Say how many people rows stand for."""
    return f"rows of {people.sum():,.0f} people"
