"""Which rows of a table are meant: ``where: {status: 운영, level: [초등학교, 분교], pupils: {at_least: 1}}``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import Field, model_validator

from lifezone.errors import Fault, InputError
from lifezone.model import Bools
from lifezone.sources.files import did_you_mean
from lifezone.sources.tables import Table
from lifezone.spec import Spec

__all__ = ["Compare", "Where", "keep_rows"]

Cell = str | bool | int | float


class Compare(Spec):
    """A bound or a beginning that a cell is held against."""

    at_least: float | None = Field(None, description="Rows whose number is this or more.")
    at_most: float | None = Field(None, description="Rows whose number is this or less.")
    starts_with: str | None = Field(None, description="Rows whose text starts like this, e.g. a province's code.")

    @model_validator(mode="after")
    def _not_empty(self) -> Compare:
        """Refuse a comparison with nothing."""
        if self.at_least is None and self.at_most is None and self.starts_with is None:
            raise ValueError("expected at_least, at_most or starts_with")
        return self


Where = Mapping[str, Cell | list[Cell] | Compare]
"""Column → the value, the values, or a comparison; a row must pass all of them."""


def keep_rows(table: Table, where: Where | None) -> tuple[Table, tuple[str, ...]]:
    """Return the rows that pass every condition, and what to tell.

    Raises:
        InputError: A column is missing, or a compared cell is not a number.
    """
    if not where:
        return table, ()
    faults = [fault for column in where for fault in table.missing(column, ("where", column))]
    if faults:
        raise InputError(faults)
    keep = np.ones(table.n_rows, np.bool_)
    notes: list[str] = []
    for column, wanted in where.items():
        if isinstance(wanted, Compare):
            passed, more = _compare(table, column, wanted)
            faults += more
        else:
            values = list(wanted) if isinstance(wanted, list) else [wanted]
            passed, told = _equals(table, column, values)
            notes += told
        keep &= passed
    if faults:
        raise InputError(faults)
    return table.take(keep), tuple(notes)


def _compare(table: Table, column: str, wanted: Compare) -> tuple[Bools, list[Fault]]:
    """Hold a column against bounds; an empty cell passes none."""
    keep = np.ones(table.n_rows, np.bool_)
    faults: list[Fault] = []
    if wanted.starts_with is not None:
        keep &= np.array([cell.startswith(wanted.starts_with) for cell in table.text(column)], np.bool_)
    if wanted.at_least is not None or wanted.at_most is not None:
        numbers, faults = table.numbers(column, ("where", column))
        keep &= ~np.isnan(numbers)
        keep &= numbers >= (-np.inf if wanted.at_least is None else wanted.at_least)
        keep &= numbers <= (np.inf if wanted.at_most is None else wanted.at_most)
    return keep, faults


def _equals(table: Table, column: str, wanted: list[Any]) -> tuple[Bools, list[str]]:
    """Look for values; tells those that no row has, with what there is instead."""
    cells = table.text(column)
    counts = Counter(cells.tolist())
    alike: dict[str, set[str]] = {str(value): {cell for cell in counts if _same(cell, value)} for value in wanted}
    there = [value for value, _ in counts.most_common(5)]
    notes = [
        f"{table.path}: no row has {value!r} in column {column!r}{did_you_mean(value, there)}; "
        f"it has {', '.join(f'{cell!r} ({counts[cell]:,})' for cell in there) or 'no rows'}"
        for value, found in alike.items()
        if not found
    ]
    found = set().union(*alike.values())
    return np.array([cell in found for cell in cells], np.bool_), notes


def _same(cell: str, value: Cell) -> bool:
    """Tell whether a cell is a value: the same text, or the same number when the value is one."""
    if isinstance(value, bool):
        return cell.lower() == str(value).lower()
    if cell == str(value):
        return True
    if isinstance(value, int | float):
        try:
            return float(cell) == float(value)
        except ValueError:
            return False
    return False
