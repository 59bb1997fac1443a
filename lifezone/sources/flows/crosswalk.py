"""Codes that changed: a table of old and new ones, parts of a split district by share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from lifezone.errors import Fault, InputError
from lifezone.model import Floats, Longs
from lifezone.sources.files import input_record
from lifezone.sources.tables import read_table
from lifezone.spec import Spec

__all__ = ["Crosswalk", "Steps"]

_WHOLE = 1e-6


class Crosswalk(Spec):
    """Old codes and what they are today: a row for each pair; a code that is not in it stays as it is."""

    path: str = Field(description="The file: CSV, Parquet or any other table.")
    old: str = Field(description="Column with the old code.")
    new: str = Field(description="Column with the code of today.")
    share: str | None = Field(
        None, description="Column with the part (0 to 1) of the old district that the new one got, where it was split."
    )
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    def load(self, folder: Path, inputs: list[dict[str, Any]]) -> Steps:
        """Read the table.

        Raises:
            InputError: a column is missing, a cell empty, a pair twice, a share wrong, or a split without shares.
        """
        table = read_table(folder, self.path, encoding=self.encoding)
        named = (("old", self.old), ("new", self.new), ("share", self.share))
        faults = [fault for key, column in named if column for fault in table.missing(column, (key,))]
        if faults:
            raise InputError(faults)
        old, new, share = table.text(self.old), table.text(self.new), np.ones(table.n_rows)
        if self.share is not None:
            share, faults = table.numbers(self.share, ("share",))
        wrong = ~((share > 0) & (share <= 1))
        if wrong.any() and not faults:
            faults.append(
                Fault(f"{self.path}: shares lie above 0 and up to 1, not in {table.lines_of(wrong)}", ("share",))
            )
        empty = (old == "") | (new == "")
        if empty.any():
            faults.append(Fault(f"{self.path}: a code is empty in {table.lines_of(empty)}", ("path",)))
        parts: dict[str, list[tuple[str, float]]] = {}
        for one, two, part in zip(old.tolist(), new.tolist(), share.tolist(), strict=True):
            parts.setdefault(one, []).append((two, part))
        off = [one for one, into in parts.items() if abs(sum(part for _, part in into) - 1) > _WHOLE]
        if off and not wrong.any():
            rows = np.isin(old, np.array(off, dtype=object))
            hint = "shares of an old code add up to 1" if self.share else "an old code stands twice: give share"
            faults.append(Fault(f"{self.path}: {hint}, see {table.lines_of(rows)}", ("share",) if self.share else ()))
        if faults:
            raise InputError(faults)
        inputs.append(input_record(self.path, table.file, what="crosswalk of codes", rows=table.n_rows))
        return Steps(parts)


class Steps:
    """Old code → new codes with their parts."""

    def __init__(self, parts: dict[str, list[tuple[str, float]]]) -> None:
        self._parts = parts

    def spread(self, codes: np.ndarray) -> tuple[Longs, np.ndarray, Floats]:
        """Return i64[m] the row each result comes from, object[m] new codes and f64[m] parts; m ≥ rows."""
        row, new, part = [], [], []
        for at, code in enumerate(codes.tolist()):
            for to, share in self._parts.get(code, [(code, 1.0)]):
                row.append(at)
                new.append(to)
                part.append(share)
        return np.array(row, np.int64), np.array(new, dtype=object), np.array(part, np.float64)
