"""Codes of districts over the years: dated splits, mergers, renames and changes of borders, from a table.

A figure of an edition is told by the districts of the study in these steps:

(1)  changes after the edition and up to the day of the study's districts are applied in the order of their days; an
     old code goes to each of its new ones with that one's weight (1 for a rename or a merger)
(2)  where the districts are older than the edition, changes are undone, newest first; a new code goes back to each of
     its old ones with the weight ``back`` (1 where it has only one old code)
(3)  a code that no change names stays as it is; Korean codes are then brought to today's by the packaged crosswalk

Counts are added up and split by weight. A split without a weight makes its parts missing, never equal shares; so does a
merger of which the table lacks a part. List every code that takes part in a change of borders, those that stay as
well: ``A → A 0.9, A → B 0.1, B → B 1``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import Field, model_validator

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Floats
from lifezone.monitor.dates import is_date
from lifezone.sources.files import input_record
from lifezone.sources.tables import Table, read_table
from lifezone.spec import Spec

__all__ = ["Change", "CodeChanges", "Parts"]

_WHOLE: Final = 1e-6
Parts = dict[str, list[tuple[str, float]]]
"""Code → codes with the part that each of them gets."""


class CodeChanges(Spec):
    """Changes of district codes and borders with their days, so that editions of different years meet."""

    path: str | None = Field(None, description="Table of changes: a row for each pair of an old and a new code.")
    date: str = Field("date", description="Column with the day of the change, e.g. 2014-07-01.")
    old: str = Field("old", description="Column with the code before the change.")
    new: str = Field("new", description="Column with the code after it.")
    weight: str | None = Field(
        None, description="Column with the part (0 to 1) of the old district that the new one got, by people."
    )
    back: str | None = Field(
        None, description="Column with the part (0 to 1) of the new district that came from the old one."
    )
    korea: bool = Field(
        False, description="Korean codes of any year are brought to today's, by the packaged crosswalk (45 → 52 …)."
    )
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    @model_validator(mode="after")
    def _something(self) -> CodeChanges:
        """Refuse a block that changes nothing."""
        if self.path is None and not self.korea:
            raise ValueError("give path (a table of changes) or korea: true")
        return self

    def load(self, folder: Path, inputs: list[dict[str, Any]]) -> tuple[Change, ...]:
        """Read the table.

        Raises:
            InputError: a column is missing, a cell empty, a day or weight wrong, a pair twice on one day.
        """
        if self.path is None:
            return ()
        table = read_table(folder, self.path, encoding=self.encoding)
        named = (("date", self.date), ("old", self.old), ("new", self.new), ("weight", self.weight),
                 ("back", self.back))  # fmt: skip
        faults = [fault for key, column in named if column for fault in table.missing(column, (key,))]
        if faults:
            raise InputError(faults)
        day, old, new = (table.text(column) for column in (self.date, self.old, self.new))
        parts = {}
        for key, column in (("weight", self.weight), ("back", self.back)):
            parts[key] = np.full(table.n_rows, np.nan)
            if column is not None:
                parts[key], more = table.numbers(column, (key,))
                faults += [*more, *self._wrong_weights(table, parts[key], key)]
        faults += self._wrong_rows(table, day, old, new)
        changes = [
            Change(*row) for row in zip(day.tolist(), old.tolist(), new.tolist(), parts["weight"].tolist(),
                                         parts["back"].tolist(), strict=True)
        ]  # fmt: skip
        if not faults:
            faults += self._wrong_sums(changes)
        if faults:
            raise InputError(faults)
        inputs.append(input_record(self.path, table.file, what="changes of district codes", rows=table.n_rows))
        return tuple(changes)

    def _wrong_weights(self, table: Table, weight: Floats, key: str) -> list[Fault]:
        wrong = ~np.isnan(weight) & ~((weight >= 0) & (weight <= 1))
        if not wrong.any():
            return []
        return [Fault(f"{self.path}: {key} must lie between 0 and 1 in {table.lines_of(wrong)}", (key,))]

    def _wrong_rows(self, table: Table, day: np.ndarray, old: np.ndarray, new: np.ndarray) -> list[Fault]:
        faults = []
        undated = np.array([not is_date(one) for one in day.tolist()], np.bool_)
        if undated.any():
            faults.append(Fault(f"{self.path}: no day such as 2014-07-01 in {table.lines_of(undated)}", ("date",)))
        empty = (old == "") | (new == "")
        if empty.any():
            faults.append(Fault(f"{self.path}: a code is empty in {table.lines_of(empty)}", ("path",)))
        seen: set[tuple[str, str, str]] = set()
        again = np.zeros(len(day), np.bool_)
        for at, row in enumerate(zip(day.tolist(), old.tolist(), new.tolist(), strict=True)):
            again[at] = row in seen
            seen.add(row)
        if again.any():
            faults.append(Fault(f"{self.path}: a change stands twice: {table.lines_of(again)}", ("path",)))
        return faults

    def _wrong_sums(self, changes: Sequence[Change]) -> list[Fault]:
        """Fault weights that do not add up to 1: people would be lost or made."""
        faults = []
        for key, whole in (("weight", "old"), ("back", "new")):
            sums: dict[tuple[str, str], float] = {}
            for one in changes:
                at = (one.date, getattr(one, whole))
                sums[at] = sums.get(at, 0.0) + getattr(one, key)
            off = [f"{code} ({date})" for (date, code), total in sums.items() if abs(total - 1) > _WHOLE]
            if off:
                faults.append(
                    Fault(f"{self.path}: {key} of {some_of(off)} does not add up to 1: list every part", (key,))
                )
        return faults


@dataclass(frozen=True)
class Change:
    """One old and one new code on a day; ``weight`` of the old one goes to the new, ``back`` of the new to the old."""

    date: str
    old: str
    new: str
    weight: float
    back: float
