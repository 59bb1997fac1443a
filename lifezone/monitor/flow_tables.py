"""Flows of an edition told by the districts of the study, with everywhere else as one more place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Floats, Ints
from lifezone.monitor.counts import FlowTable
from lifezone.monitor.dates import day_of
from lifezone.monitor.district_codes import Codes, Matched
from lifezone.monitor.series import Why
from lifezone.sources.flows import FlowRows, FlowsTable, KoreaFlows

__all__ = ["flow_tables"]


def flow_tables(
    source: FlowsTable | KoreaFlows, folder: Path, codes: Codes, edition: str, date: str, inputs: list[dict[str, Any]]
) -> tuple[dict[str, FlowTable], tuple[str, ...]]:
    """Read flows and put both ends to the districts.

    A district that was split has no flows: nobody knows who of it went where. Districts that the study does not know
    are *elsewhere* where the source says ``unknown: leave_out``: who commutes there still leaves.

    Args:
        source: where they come from.
        folder: where relative paths start.
        codes: the study's districts.
        edition: name of the edition; of a table of several years, rows of that year are taken.
        date: ISO day of the edition.
        inputs: the file is noted here.

    Returns:
        Purpose → flows, and what to tell.

    Raises:
        InputError: a row names an unknown district or stands twice, where the source refuses that, or no row is left.
    """
    found: dict[str, FlowTable] = {}
    notes: list[str] = []
    for rows in source.read(folder, inputs):
        rows = _of_year(rows, edition, date)  # noqa: PLW2901
        notes += rows.notes
        for purpose in sorted(set(rows.purpose.tolist())):
            one, told = _matrix(rows.take(rows.purpose == purpose), codes, date)
            found[str(purpose)] = one
            notes += told
    return found, tuple(notes)


def _of_year(rows: FlowRows, edition: str, date: str) -> FlowRows:
    """Keep the rows of the edition's year, where rows say one."""
    years = sorted({str(one) for one in rows.year.tolist() if one})
    if not years:
        return rows
    mine = [one for one in years if one == edition or day_of(one) == date or one == date[:4]]
    if not mine and len(years) == 1:
        return rows  # a census year told for a later edition: the file was named for it
    if not mine:
        raise InputError(Fault(f"{rows.table.path} has no flows of {edition}: it has {some_of(years)}", ("year",)))
    return rows.take(np.isin(rows.year.astype(str), mine[:1]))


def _matrix(rows: FlowRows, codes: Codes, date: str) -> tuple[FlowTable, list[str]]:
    """Return the flows of one purpose."""
    n_districts = len(codes.ids)
    ends = [codes.match(cells, date, korea=rows.korean) for cells in (rows.origin, rows.to)]
    faults, notes = list[Fault](), list[str]()
    if ends[0].unknown.any() or ends[1].unknown.any():
        lost = [*rows.origin[ends[0].unknown].tolist(), *rows.to[ends[1].unknown].tolist()]
        either = ends[0].unknown | ends[1].unknown
        told = (f"{rows.table.path}: the study does not know {some_of(sorted(set(lost)))} "
                f"({rows.table.lines_of(either, most=3)})")  # fmt: skip
        if rows.unknown == "refuse":
            key = "from" if ends[0].unknown.any() else "to"
            faults.append(Fault(f"{told}: mend them, or say unknown: leave_out, they are elsewhere then", (key,)))
        else:
            notes.append(f"{told}: taken as elsewhere")
    if ends[0].unknown.all() and ends[1].unknown.all() and not faults:
        faults.append(Fault(f"{rows.table.path}: no flow begins or ends in a district of the study", ("from",)))
    if rows.unknown == "add":
        faults.append(Fault("a study's districts are given: say unknown: leave_out or refuse", ("unknown",)))
    if rows.duplicates == "refuse":
        pairs = [f"{one} → {two}" for one, two in zip(rows.origin.tolist(), rows.to.tolist(), strict=True)]
        _, first = np.unique(np.array(pairs, dtype=str), return_index=True)
        twice = np.ones(len(pairs), np.bool_)
        twice[first] = False
        if twice.any():
            faults.append(
                Fault(f"{rows.table.path}: a pair of districts stands twice, see {rows.table.lines_of(twice)}: mend "
                      "it, or say duplicates: add_up", ("from",))
            )  # fmt: skip
    if faults:
        raise InputError(faults)
    why = np.full(n_districts, Why.COMPUTED, np.int8)
    places = [_ends(matched, len(rows.people), n_districts, why) for matched in ends]
    order = np.lexsort((rows.people, places[1], places[0]))
    cell = places[0][order].astype(np.int64) * (n_districts + 1) + places[1][order]
    people: Floats = np.bincount(cell, rows.people[order], minlength=(n_districts + 1) ** 2).astype(np.float64)
    named = np.zeros(n_districts + 1, np.bool_)
    named[np.concatenate(places)] = True
    why[~named[:-1] & (why == Why.COMPUTED)] = Why.NO_ROW
    return FlowTable(people.reshape(n_districts + 1, n_districts + 1), why), notes


def _ends(matched: Matched, n_rows: int, n_districts: int, why: np.ndarray) -> Ints:
    """Return i32[n] the district of each row's end, D = elsewhere; marks districts that were split or lack a part."""
    place = np.full(n_rows, n_districts, np.int32)
    place[matched.row] = matched.district
    cut = np.isnan(matched.part) | (matched.part != 1)
    why[np.unique(matched.district[cut])] = Why.NOT_REBASED
    why[matched.incomplete & (why == Why.COMPUTED)] = Why.NO_ROW
    return place
