"""What units of people are made of, and how their columns of counts are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.model import TOTAL, Bools, Floats, Longs
from lifezone.sources.korea.cells import masked_counts
from lifezone.sources.korea.codes import UnitName
from lifezone.sources.korea.groups import Group, recipe_of
from lifezone.sources.korea.registration import AgeColumn
from lifezone.sources.korea.report import FileReport, leave_out
from lifezone.sources.tables import Table

__all__ = ["People", "Units", "count_whys", "put_together"]

_MOST_PEOPLE: Final = 1e9


@dataclass(frozen=True, eq=False)
class People:
    """Counts of n units in G groups, and the range that each total may lie in."""

    groups: tuple[str, ...]
    counts: Floats
    least: Floats
    most: Floats
    estimated: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Units:
    """n units with people.

    Attributes:
        ids: object[n] codes, unique.
        names: object[n] names as written.
        codes: object[n] codes for matching, may be empty.
        unit: n names in parts, for matching.
        people: their people.
        x: f64[n] coordinate of the unit, NaN where the file tells none.
        y: f64[n] the other one.
        crs: CRS of x and y; empty = degrees.
        cell_m: side of the grid cells that the units are, 0 for others.
        shapes: n polygons of the units in the file's own CRS, or None.
        rows: i64[n] rows of the file that each unit is made of, None = one each.
        shapes_crs: CRS of the polygons.
        sides_m: f64[n] side of what each point stands for, NaN-free, or None.
        level: ``cell``, ``ri``, ``emd``, ``sigungu``, ``sido`` or ``nation``.
        whole: people of every level by stem of the code, for measuring how well a spread does.
    """

    ids: np.ndarray
    names: np.ndarray
    codes: np.ndarray
    unit: list[UnitName]
    people: People
    x: Floats
    y: Floats
    crs: str = ""
    cell_m: float = 0.0
    shapes: np.ndarray | None = None
    shapes_crs: str = ""
    rows: Longs | None = None
    sides_m: Floats | None = None
    level: str = "emd"
    whole: Mapping[str, float] = field(default_factory=dict)

    @property
    def n_units(self) -> int:
        """Number of units n."""
        return len(self.ids)

    @property
    def has_place(self) -> Bools:
        """bool[n] True where the file itself tells where the unit is."""
        return np.isfinite(self.x) & np.isfinite(self.y)


def put_together(
    report: FileReport, table: Table, columns: list[AgeColumn], total: str | None, wanted: Mapping[str, Group], *,
    masked: tuple[float, float] | None, is_default: bool,
) -> tuple[dict[str, Floats], tuple[str, ...], Bools, Floats, Floats]:  # fmt: skip
    """Return group → counts, the estimated ones, rows whose total is there, and the ends of the total's range."""
    low, high, middle = _columns(report, table, [*(one.column for one in columns), *([total] if total else [])], masked)
    counts, estimated, faults = {}, [], []
    for name, group in wanted.items():
        recipe = recipe_of(group, columns, total)
        if recipe is None:
            if not is_default or name == TOTAL:
                have = ", ".join(one.column for one in columns) or "only everybody"
                faults.append(Fault(f"{report.path} does not tell {name}: it counts {have}"[:400], ("groups", name)))
            continue
        counts[name] = sum((middle[column] * share for column, share in recipe.parts), np.zeros(table.n_rows))
        if recipe.is_estimated:
            estimated.append(name)
        if name == TOTAL:
            least = sum((low[column] * share for column, share in recipe.parts), np.zeros(table.n_rows))
            most = sum((high[column] * share for column, share in recipe.parts), np.zeros(table.n_rows))
    if faults:
        raise InputError(faults)
    seen = np.isfinite(counts[TOTAL])
    return counts, tuple(estimated), seen, least, most


def _columns(
    report: FileReport, table: Table, names: list[str], masked: tuple[float, float] | None
) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Floats]]:
    """Return least, most and middle of each column; what cannot be read is told and NaN."""
    low, high, middle = {}, {}, {}
    for name in dict.fromkeys(names):
        least, most, bad = masked_counts(table, name)
        if masked is not None:
            stars = np.isin(np.char.lower(table.text(name).astype(str)), ("*", "x"))
            least[stars], most[stars] = masked
        wrong = bad | (least < 0) | (most > _MOST_PEOPLE)
        if wrong.any():
            report.find("not_a_number", f"{name}: 숫자가 아닌 값 {int(wrong.sum()):,}개",
                        f"{name}: {int(wrong.sum()):,} cells are no number of people", count=int(wrong.sum()),
                        where=table.lines_of(wrong))  # fmt: skip
        least[wrong] = most[wrong] = np.nan
        low[name], high[name], middle[name] = least, most, (least + most) / 2
    return low, high, middle


def count_whys(report: FileReport, why: np.ndarray) -> None:
    """Count the rows that are left out, by reason."""
    reasons, counts = np.unique(why[why != ""].astype(str), return_counts=True)
    for reason, count in zip(reasons.tolist(), counts.tolist(), strict=True):
        leave_out(report, reason, count)
