"""The districts of a study, and how codes and names of any day lead to them; :mod:`.code_changes` has the rules.

A name stands for the code that the study has for it, and changes by day as that code does: a table by names meets a
moved border too. A Korean name may hold its province (``전라북도 전주시 완산구``) or its code (``종로구(1111000000)``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from lifezone.model import Bools, Floats, Ints, Longs
from lifezone.monitor.code_changes import Change, Parts
from lifezone.sources.flows.crosswalk import Steps
from lifezone.sources.flows.join import DistrictKeys
from lifezone.sources.korea.codes import UnitName, modern_code, mois_province, parse_unit, stem

__all__ = ["Codes", "Matched"]

_NAME_CODE: Final = re.compile(r"^.+\(\s*(\d{10})\s*\)$")


@dataclass(frozen=True, eq=False)
class Matched:
    """Rows of a table put to districts: m pairs.

    Attributes:
        row: i64[m] row of the table.
        district: i32[m] district of the study.
        part: f64[m] part of the row's counts, NaN = not known.
        incomplete: bool[D] districts of which the table has some parts and lacks others.
        unknown: bool[n] rows of no district of the study.
        outside: bool[n] rows of which some part lies in no district of the study.
    """

    row: Longs
    district: Ints
    part: Floats
    incomplete: Bools
    unknown: Bools
    outside: Bools


@dataclass(frozen=True, eq=False)
class Codes:
    """The districts of the study and how codes of any day lead to them.

    Attributes:
        ids: D ids.
        name: D names.
        date: ISO day of these districts.
        changes: dated changes.
        korea: whether codes are Korean, old ones read as today's.
    """

    ids: tuple[str, ...]
    name: tuple[str, ...]
    date: str
    changes: tuple[Change, ...] = ()
    korea: bool = False
    _steps: dict[tuple[str, bool], list[Parts]] = field(default_factory=dict)

    @cached_property
    def keys(self) -> DistrictKeys:
        """How cells name districts."""
        return DistrictKeys.of(self.ids, self.name)

    def match(self, cells: np.ndarray, date: str, *, korea: bool = False) -> Matched:
        """Put the codes or names of a table of some day to the districts.

        Args:
            cells: object[n] codes or names.
            date: ISO day of the codes.
            korea: read codes as Korean even where the study does not say so.
        """
        korea = korea or self.korea
        known = self._as_codes(cells, korea=korea)
        row, code, part = np.arange(len(cells)), known, np.ones(len(cells))
        for step in self._steps_from(date, korea=korea):
            at, code, more = Steps(step).spread(code)
            row, part = row[at], part[at] * more
        district = self.keys.find(code, korean=korea)
        keep = district >= 0
        reached, outside = np.zeros(len(cells), np.bool_), np.zeros(len(cells), np.bool_)
        reached[row[keep]] = True
        outside[row[~keep]] = True
        incomplete = self._incomplete(known, date, korea=korea)
        return Matched(row[keep], district[keep], part[keep], incomplete, ~reached, outside)

    def codes_of(self, cells: np.ndarray, *, korea: bool = False) -> np.ndarray:
        """Return object[n] codes: a district has one, however a table writes it."""
        return self._as_codes(cells, korea=korea or self.korea)

    def beside_their_parts(self, cells: np.ndarray, date: str, *, korea: bool = False) -> dict[str, list[str]]:
        """Return codes that changes make, told beside codes that they are made of: their counts would come twice.

        A code that was there before as well is no such one where the changes list it (``A → A``).

        Args:
            cells: object[n] codes or names.
            date: ISO day of the codes.
            korea: as of :meth:`match`.

        Returns:
            Code → the codes of the table that become a part of it.
        """
        korea = korea or self.korea
        current = {code: {code} for code in sorted(set(self._as_codes(cells, korea=korea).tolist()))}
        found: dict[str, set[str]] = {}
        for step in self._steps_from(date, korea=korea):
            after: dict[str, set[str]] = {}
            for code, origins in current.items():
                for target, _ in step.get(code, [(code, 1.0)]):
                    after.setdefault(target, set()).update(origins)
                    if target != code and target not in step and target in current.get(target, ()):
                        found.setdefault(target, set()).update(origins)
            current = after
        return {code: sorted(parts) for code, parts in sorted(found.items())}

    def _as_codes(self, cells: np.ndarray, *, korea: bool) -> np.ndarray:
        """Return object[n] codes: names as the study's codes, Korean codes as those of today."""
        unique, back = np.unique(cells.astype(str), return_inverse=True)
        found = np.array([self._as_code(cell, korea=korea) for cell in unique.tolist()], dtype=object)
        return found[back.reshape(-1)] if len(found) else cells

    def _as_code(self, cell: str, *, korea: bool) -> str:
        """Return the code of one cell, or the cell itself where it is no name of a district."""
        if cell in self.keys.by_id or cell.isdigit():
            return modern_code(cell) if korea and cell.isdigit() else cell
        inside = _NAME_CODE.match(cell)
        if inside is not None:
            return modern_code(inside[1]) if korea else stem(inside[1])
        at = self.keys.by_name.get("".join(cell.split()), -1)
        if at < 0 and korea:
            unit = parse_unit(cell)
            at = self._by_unit.get(unit, -1)
        if at < 0:
            return cell
        return modern_code(self.ids[at]) if korea else self.ids[at]

    @cached_property
    def _by_unit(self) -> dict[UnitName, int]:
        """Position of each district by the parts of its Korean name, with its province, and without where one fits."""
        units = [
            parse_unit(name, mois_province(one) if one.isdigit() else "")
            for one, name in zip(self.ids, self.name, strict=True)
        ]
        bare = [UnitName("", unit.sigungu, unit.emd) for unit in units]
        found = {unit: at for at, unit in enumerate(bare) if bare.count(unit) == 1 and (unit.sigungu or unit.emd)}
        return found | {unit: at for at, unit in enumerate(units) if units.count(unit) == 1}

    def _steps_from(self, date: str, *, korea: bool) -> list[Parts]:
        """Return the steps that lead from a day to the districts."""
        if (date, korea) not in self._steps:
            forward = date <= self.date
            low, high = (date, self.date) if forward else (self.date, date)
            days = sorted({one.date for one in self.changes if low < one.date <= high}, reverse=not forward)
            self._steps[date, korea] = [self._step(day, forward=forward, korea=korea) for day in days]
        return self._steps[date, korea]

    def _step(self, day: str, *, forward: bool, korea: bool) -> Parts:
        """Return code → codes with weights on one day; a single target has weight 1.

        Undone, that holds unless the old district lives on: what it gave away went to one that may have been there
        before, and then only ``back`` tells how much of that one it was.
        """
        mine = [one for one in self.changes if one.date == day]
        live_on = {one.old for one in mine if one.old == one.new}
        parts: dict[str, list[tuple[str, float, bool]]] = {}
        for one in mine:
            ends = (one.old, one.new) if forward else (one.new, one.old)
            source, target = (modern_code(end) if korea and end.isdigit() else end for end in ends)
            is_all = forward or one.old == one.new or one.old not in live_on
            parts.setdefault(source, []).append((target, one.weight if forward else one.back, is_all))
        return {
            code: [(into[0][0], 1.0)] if len(into) == 1 and into[0][2]
            else [(target, weight) for target, weight, _ in into if weight != 0]
            for code, into in parts.items()
        }  # fmt: skip

    def _incomplete(self, cells: np.ndarray, date: str, *, korea: bool) -> Bools:
        """Mark districts put together of several codes of which the table lacks one."""
        incomplete = np.zeros(len(self.ids), np.bool_)
        steps = self._steps_from(date, korea=korea)
        expected, made = list[str](), set[str]()
        for step in steps:
            expected += [code for code in step if code not in made]
            made |= {code for into in step.values() for code, _ in into}
        there = set(cells.astype(str).tolist())
        lost = np.array([code for code in dict.fromkeys(expected) if code not in there], dtype=object)
        if not len(lost):
            return incomplete
        code = lost
        for step in steps:
            code = Steps(step).spread(code)[1]
        district = self.keys.find(code, korean=korea)
        incomplete[district[district >= 0]] = True
        return incomplete
