"""Tables of what a study says beyond its figures, written into its folder and read back from it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, get_type_hints

from lifezone.errors import InputError
from lifezone.model import DesignationStep
from lifezone.monitor.attribution import AttributionRow
from lifezone.monitor.designation_rule import RuleEntry
from lifezone.monitor.since import ChangeRow, RankRow
from lifezone.monitor.survey import AnswerRow, GapRow, SurveyChange
from lifezone.monitor.warning import WarningRow
from lifezone.monitor.watch import Designated, Watched
from lifezone.report.sheets import write_table
from lifezone.report.swap import MANIFEST

__all__ = ["TABLES", "open_watched", "write_watched"]

TABLES: Final[dict[str, tuple[str, type]]] = {
    "answers": ("survey.csv", AnswerRow),
    "crosstabs": ("survey_crosstabs.csv", AnswerRow),
    "gaps": ("survey_gaps.csv", GapRow),
    "survey_changes": ("survey_changes.csv", SurveyChange),
    "changes": ("changes.csv", ChangeRow),
    "ranks": ("ranks.csv", RankRow),
    "warnings": ("warnings.csv", WarningRow),
    "attribution": ("attribution.csv", AttributionRow),
}
"""Part of :class:`Watched` → its file and its rows."""
_DESIGNATIONS: Final = "designations.csv"
_FORMULA: Final = "'"


def write_watched(watched: Watched, folder: Path) -> None:
    """Write every table that has rows; a study that asks for none of a part has no file of it.

    Args:
        watched: what is to be told.
        folder: of the result.
    """
    for part, (name, kind) in TABLES.items():
        rows = getattr(watched, part)
        if rows:
            names = [field.name for field in fields(kind)]
            write_table(folder / name, _header(kind), ([getattr(row, one) for one in names] for row in rows))
    if watched.designations:
        names = [field.name for field in fields(DesignationStep)]
        told = ([one.edition, *(getattr(one.step, name) for name in names)] for one in watched.designations)
        write_table(folder / _DESIGNATIONS, ["edition", *names], told)


def open_watched(folder: Path) -> Watched:
    """Read the tables of a folder back; what is not there is empty.

    Raises:
        InputError: a table is not one of ours.
    """
    found: dict[str, Any] = {
        part: tuple(_rows(folder / name, kind, _header(kind))) for part, (name, kind) in TABLES.items()
    }
    names = [field.name for field in fields(DesignationStep)]
    path = folder / _DESIGNATIONS
    steps = tuple(_rows(path, DesignationStep, names, more=("edition",)))
    editions = [row[0] for row in _cells(path, ["edition", *names])]
    designated = tuple(Designated(edition, step) for edition, step in zip(editions, steps, strict=True))
    return Watched(**found, designations=designated, rules=_rules(folder))


def _rules(folder: Path) -> tuple[RuleEntry, ...]:
    """Return the rules that the manifest tells; without one, none."""
    path = folder / MANIFEST
    if not path.is_file():
        return ()
    told = json.loads(path.read_text(encoding="utf-8")).get("designations", [])
    return tuple(RuleEntry.model_validate(one) for one in told)


def _header(kind: type) -> list[str]:
    """Return the names of a table's columns."""
    return [field.name.rstrip("_") if field.name.endswith("_") else field.name for field in fields(kind)]


def _rows(path: Path, kind: type, header: list[str], more: tuple[str, ...] = ()) -> Iterator[Any]:
    """Yield the rows of one table; empty cells are None where a value may be missing."""
    hints = get_type_hints(kind)
    readers = [_reader(hints[field.name]) for field in fields(kind)]
    for cells in _cells(path, [*more, *header]):
        yield kind(*(read(cell) for read, cell in zip(readers, cells[len(more) :], strict=True)))


def _cells(path: Path, header: list[str]) -> Iterator[list[str]]:
    """Yield the cells of every row; nothing where there is no file."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        if next(rows, None) != header:
            raise InputError(f"{path}: this is no table of lifezone monitor: run it again")
        yield from rows


def _reader(hint: Any) -> Callable[[str], Any]:
    """Return how cells of a field are read."""
    kinds = set(getattr(hint, "__args__", (hint,)))
    empty = type(None) in kinds

    def read(cell: str) -> Any:
        if cell == "" and empty:
            return None
        if bool in kinds:
            return cell == "true"
        if int in kinds and float not in kinds:
            return int(float(cell))
        if float in kinds:
            return float(cell) if cell else float("nan")
        return cell.removeprefix(_FORMULA) if cell[1:2] in "=+-@\t\r＝＋－＠" else cell

    return read
