"""People by age and sex from a Korean file as published: resident registration by single year, SGIS, any level."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Floats
from lifezone.monitor.counts import Column
from lifezone.monitor.dates import day_of
from lifezone.monitor.district_codes import Codes, Matched
from lifezone.monitor.rebase import rebased
from lifezone.monitor.tables import put_to_districts
from lifezone.sources.files import input_record
from lifezone.sources.flows.table import Year
from lifezone.sources.korea.catalogue import Match
from lifezone.sources.korea.cells import masked_counts
from lifezone.sources.korea.codes import stem
from lifezone.sources.korea.groups import ages_in_heading
from lifezone.sources.korea.opening import open_known
from lifezone.sources.korea.registration import AgeColumn, read_registration
from lifezone.sources.tables import Table
from lifezone.spec import Spec

__all__ = ["KoreaAges"]

Ages = tuple[tuple[AgeColumn, Column], ...]


class KoreaAges(Spec):
    """People by age from a Korean file as published: encoding, columns, codes and ages are found by themselves."""

    type: Literal["korea_ages"] = Field(description="A Korean file of people by age as published.")
    path: str = Field(description="The file: CSV in any encoding, or another table; rows of any level.")
    digits: int | None = Field(
        None, ge=2, le=10,
        description="Rows are smaller units: the first so many digits of their code are the district (5 = si-gun-gu).",
    )  # fmt: skip
    codes: Year | None = Field(
        None, description="Year or day of the district codes, where they are not those of the edition."
    )
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    def load(self, folder: Path, codes: Codes, date: str, inputs: list[dict[str, Any]]) -> tuple[Ages, tuple[str, ...]]:
        """Read people by age; rows of other levels and other districts are left out, counted.

        Raises:
            InputError: the file is no known file of people, tells no age, or no row is a district of the study.
        """
        opened, match = open_known(folder, self.path, "people", encoding=self.encoding)
        cells, about, counts, whole = _read(opened.table, match, self.path)
        rows = np.flatnonzero(cells != "")
        if self.digits is not None:
            # Sums of a level would count its parts twice: only rows finer than the districts are added up.
            finer = np.array([len(stem(str(cells[row]))) > self.digits for row in rows.tolist()], np.bool_)
            rows = rows[finer] if finer.any() else rows
            cells = np.array([str(cell)[: self.digits] for cell in cells.tolist()], dtype=object)
        table, cells, counts, whole = opened.table.take(rows), cells[rows], counts[rows], whole[rows]
        matched, faults, notes = put_to_districts(
            table, cells, codes, (day_of(self.codes) if self.codes else None) or date, unknown="leave_out", add_up=True,
            korea=True,
        )  # fmt: skip
        if matched.unknown.all():
            there = cells[0] if len(cells) else "–"
            told = f"{self.path}: no row is a district of the study; districts have codes such as {codes.ids[0]}"
            raise InputError(Fault(f"{told}, the file such as {there}", ("path",)))
        if faults:
            raise InputError(faults)
        used = int((~matched.unknown).sum())
        inputs.append(
            input_record(self.path, opened.table.file, what="people by age", rows=opened.rows, used=used,
                         refused=opened.rows - used, encoding=opened.table.encoding)
        )  # fmt: skip
        found = tuple((one, rebased(counts[:, at], matched)) for at, one in enumerate(about))
        return found, self._told(cells, matched, whole, codes, opened.rows - used, notes)

    def _told(
        self, cells: np.ndarray, matched: Matched, whole: Bools, codes: Codes, left: int, notes: tuple[str, ...]
    ) -> tuple[str, ...]:  # fmt: skip
        """Say how many rows are left out, and which of them might have been meant."""
        told = [note for note in notes if "left out" not in note]
        if left:
            told.append(f"{self.path}: {left:,} rows of other levels and other districts are left out")
        widths = {len(stem(one)) for one in codes.ids}
        alike = matched.unknown & ~whole & np.array([len(stem(str(one))) in widths for one in cells.tolist()], np.bool_)
        if alike.any():
            lost = list(dict.fromkeys(stem(str(one)) for one in cells[alike].tolist()))
            told.append(f"{self.path}: of the districts' own level, yet none of the study: {some_of(lost)}")
        return tuple(told)


def _read(table: Table, match: Match, path: str) -> tuple[np.ndarray, tuple[AgeColumn, ...], Floats, Bools]:
    """Return object[n] codes, K columns of ages, f64[n, K] counts and bool[n] cities whose gu are rows of their own.

    Raises:
        InputError: the file has no codes, or counts nobody by age.
    """
    roles = match.roles
    if match.form.key == "registration":
        read = read_registration(table, roles["area"], roles.get("area_code"))
        cells, about, counts, whole = _of_parents(read.code, read.parent), read.columns, read.people, read.parted
    elif "code" in roles:
        about, counts = _columns(table, roles.get("total"))
        cells, whole = table.text(roles["code"]), np.zeros(table.n_rows, np.bool_)
    else:
        raise InputError(Fault(f"{path} has no code of districts: use type: table and name its columns", ("path",)))
    if not any(one.low is not None for one in about):
        raise InputError(Fault(f"{path} does not count people by age", ("path",)))
    return cells, about, counts, whole


def _of_parents(code: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """Return codes, that of the eup or myeon for a branch office: its people live there."""
    cells = code.copy()
    office = parent >= 0
    cells[office] = code[parent[office]]
    return cells


def _columns(table: Table, total: str | None) -> tuple[tuple[AgeColumn, ...], Floats]:
    """Return the columns of ages of a table, everybody among them, and f64[n, K] counts."""
    about = [one for column in table.columns if (one := ages_in_heading(column)) is not None]
    if total is not None:
        about.append(AgeColumn(total, "both", None, None, ""))
    counts = []
    for one in about:
        low, high, _ = masked_counts(table, one.column)
        counts.append((low + high) / 2)
    return tuple(about), np.column_stack(counts) if counts else np.empty((table.n_rows, 0))
