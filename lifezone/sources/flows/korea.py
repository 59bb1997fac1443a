"""Korean commuting and migration files as published: columns, encoding, header and codes are found by themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from pydantic import ConfigDict, Field

from lifezone.errors import Fault, InputError
from lifezone.sources.files import input_record
from lifezone.sources.flows.rows import UNKNOWN, FlowRows, purpose_of
from lifezone.sources.korea.catalogue import Match
from lifezone.sources.korea.cells import loose_numbers
from lifezone.sources.korea.codes import code_system, modern_code
from lifezone.sources.korea.opened_report import report_of
from lifezone.sources.korea.opening import Opened, open_known
from lifezone.sources.korea.report import leave_out
from lifezone.spec import Spec

__all__ = ["KoreaFlows"]

_FORM_PURPOSE: Final = {"migration": "moves"}


class KoreaFlows(Spec):
    """Flows from a Korean file as published: commuting and schooling by si-gun-gu, or moves between them."""

    model_config = ConfigDict(populate_by_name=True)

    type: Literal["korea"] = Field(description="Read from a Korean flow file as published; see lifezone inspect.")
    path: str = Field(description="The file: CSV in any encoding, with or without a header line, or another table.")
    for_: str | None = Field(
        None, alias="for", description="What people go for, where the file does not tell: commuting, schooling …"
    )
    unknown: UNKNOWN = Field(
        "refuse",
        description="Districts that the study does not know: refuse, leave_out those rows, or add the districts.",
    )
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    def read(self, folder: Path, inputs: list[dict[str, Any]]) -> tuple[FlowRows, ...]:
        """Read the rows; those without a district or a number are left out and counted, pairs are added up.

        Raises:
            InputError: the file is no known flow file, or holds no usable row or a negative number.
        """
        opened, match = open_known(folder, self.path, "flows", encoding=self.encoding)
        table, roles = opened.table, match.roles
        report = report_of(self.path, opened, match)
        leave_out(report, "odd_row", len(opened.odd_rows))
        people, bad = loose_numbers(table, roles["people"]) if "people" in roles else (
            np.ones(table.n_rows), np.zeros(table.n_rows, np.bool_))  # fmt: skip
        if (people < 0).any():
            raise InputError(Fault(f"{self.path}: people below 0 in {table.lines_of(people < 0)}", ("path",)))
        ends = [table.text(roles[role]) for role in ("origin", "destination")]
        system = code_system(roles["origin"], ends[0])
        origin, to = (_keys(cells, system) for cells in ends)
        nowhere = (origin == "") | (to == "")
        none = ~nowhere & (bad | np.isnan(people))
        for why, rows in (("no_code", nowhere), ("not_a_number", none)):
            if rows.any():
                leave_out(report, why, int(rows.sum()))
        keep = ~nowhere & ~none
        report.used = int(keep.sum())
        if not keep.any():
            raise InputError(Fault(f"{self.path} has no row with two districts and a number", ("path",)))
        record = input_record(
            self.path, table.file, what="flows", rows=report.rows, used=report.used, refused=report.rows - report.used,
            encoding=table.encoding, report=report.as_dict(),
        )  # fmt: skip
        inputs.append(record)
        rows = FlowRows(
            table, origin, to, people, self._purpose(opened, match), _year(opened, match), self.unknown, "add_up",
            korean=True, record=record, notes=_notes(self.path, system, keep),
        )  # fmt: skip
        return (rows.take(keep),)

    def _purpose(self, opened: Opened, match: Match) -> np.ndarray:
        """Return object[k] what people go for: by the column, the scenario, the heading, else the form."""
        table, roles = opened.table, match.roles
        if "purpose" in roles:
            return np.array([purpose_of(cell) for cell in table.text(roles["purpose"]).tolist()], dtype=object)
        heading = purpose_of(roles.get("people", ""))
        known = heading if heading != roles.get("people", "").lower() and heading.isascii() else ""
        found = self.for_ or known or _FORM_PURPOSE.get(match.form.key, "commuting")
        return np.full(table.n_rows, found, dtype=object)


def _keys(cells: np.ndarray, system: str) -> np.ndarray:
    """Return codes of today (those of the interior ministry), other codes as they are, names without spaces."""
    if system == "mois":
        return np.array(
            [modern_code(cell) if cell.isdigit() else "".join(cell.split()) for cell in cells.tolist()], dtype=object
        )
    return np.array(["".join(cell.split()) for cell in cells.tolist()], dtype=object)


def _year(opened: Opened, match: Match) -> np.ndarray:
    """Return object[k] the year of every row, empty where the file does not tell."""
    table = opened.table
    if "year" not in match.roles:
        return np.full(table.n_rows, "", dtype=object)
    return np.array([cell[:4] for cell in table.text(match.roles["year"]).tolist()], dtype=object)


def _notes(path: str, system: str, keep: np.ndarray) -> tuple[str, ...]:
    """Tell what was left out and which codes the file has."""
    told = []
    if not keep.all():
        told.append(f"{path}: {int((~keep).sum()):,} of {len(keep):,} rows have no district or no number, left out")
    if system == "sgis":
        told.append(f"{path}: codes are those of Statistics Korea; districts must have the same")
    return tuple(told)
