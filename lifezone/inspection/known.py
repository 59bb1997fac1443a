"""What is said of files of a known form, by what they are for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from lifezone.errors import InputError
from lifezone.sources.korea.catalogue import Match, normal
from lifezone.sources.korea.codes import code_system
from lifezone.sources.korea.districts import KoreaDistricts
from lifezone.sources.korea.facilities import KoreaFacilities
from lifezone.sources.korea.facility_rows import count_rows
from lifezone.sources.korea.gazetteer import Boundaries
from lifezone.sources.korea.lists import read_births, read_designations, read_flows
from lifezone.sources.korea.opening import Opened
from lifezone.sources.korea.people import KoreaPeople
from lifezone.sources.korea.report import FileReport, leave_out

__all__ = ["COMPANION", "HANDLERS", "Context"]

COMPANION: Final = "companion of the links"
"""Key of a block that belongs into the network of another file."""


@dataclass(frozen=True)
class Context:
    """What else is known while a file is looked at: where paths start, a file of boundaries looked at beside it."""

    folder: Path
    boundaries: str | None = None


Looked: TypeAlias = tuple[FileReport, dict[str, Any]]


def _facilities(opened: Opened, match: Match, report: FileReport, context: Context) -> Looked:
    """Facilities: read exactly as a run would, without a study area; addresses held against boundaries at hand."""
    boundaries = None if context.boundaries is None else Boundaries(path=context.boundaries)
    spec = KoreaFacilities(type="korea", path=report.path, boundaries=boundaries)
    opened, rows, report = spec.read(context.folder, (opened, match))
    count_rows(rows, opened, report, rows.why == "")
    block: dict[str, Any] = {"type": "korea", "path": report.path}
    if report.facts.get("crs_is_guessed"):
        block["crs"] = report.crs
    return report, {"facilities": [block]}


def _people(opened: Opened, match: Match, report: FileReport, context: Context) -> Looked:
    """People: read exactly as a run would, without a study area."""
    try:
        _, _, report, units = KoreaPeople(type="korea", path=report.path).read(context.folder, found=(opened, match))
    except InputError as error:
        return _unusable(report, error)
    if not units.has_place.any() and units.shapes is None:
        report.facts["needs"] = (
            "위치 없음: area.districts 또는 boundaries 필요 / no places: area.districts or boundaries"
        )
    return report, {"demand": {"type": "korea", "path": report.path}}


def _unusable(report: FileReport, error: InputError) -> Looked:
    """A known form without anything that a run could use: told, and no block for it."""
    leave_out(report, "unusable", report.rows)
    told = "; ".join(fault.message for fault in error.faults)
    report.find("unusable", f"쓸 수 없음: {told}", f"cannot be used: {told}", count=report.rows)
    return report, {}


def _districts(_opened: Opened, match: Match, report: FileReport, context: Context) -> Looked:
    """Boundaries: both systems of codes."""
    table, _, report = KoreaDistricts(type="korea", path=report.path).read(context.folder)
    report.facts["codes"] = code_system(normal(match.roles["code"]), table.text(match.roles["code"]))
    return report, {"area": {"districts": {"type": "korea", "path": report.path}}}


def _roads(opened: Opened, match: Match, report: FileReport, _context: Context) -> Looked:
    """Links of roads."""
    report.used = report.rows - sum(report.left_out.values())
    if opened.table.geometry is None:
        report.facts["needs"] = "노드 파일(MOCT_NODE) 필요 / the file of nodes (MOCT_NODE) beside it"
    if "rank" in match.roles:
        report.facts["classes"] = len(set(opened.table.text(match.roles["rank"]).tolist()))
    return report, {"area": {"network": {"type": "node_link", "path": report.path}}}


def _part_of_roads(opened: Opened, match: Match, report: FileReport, _context: Context) -> Looked:
    """A companion of the links: nodes or turn rules."""
    report.used = report.rows - len(opened.odd_rows)
    leave_out(report, "odd_row", len(opened.odd_rows))
    if match.form.sort == "road_turns":
        return report, {"area": {"turns": {"table": {"path": report.path}}}}
    return report, {COMPANION: {"nodes": {"path": report.path}}}


def _listed(opened: Opened, match: Match, report: FileReport, _context: Context) -> Looked:
    """Flows, births, designations: read as later rooms will."""
    {"flows": read_flows, "births": read_births, "designations": read_designations}[match.form.sort](
        opened, match, report
    )
    return report, {}


def _counted(opened: Opened, _match: Match, report: FileReport, _context: Context) -> Looked:
    """A file that is known and that no block of a scenario reads by itself."""
    leave_out(report, "odd_row", len(opened.odd_rows))
    report.used = report.rows - len(opened.odd_rows)
    return report, {}


HANDLERS: Final[dict[str, Callable[[Opened, Match, FileReport, Context], Looked]]] = {
    "facilities": _facilities, "roads": _roads, "road_nodes": _part_of_roads, "road_turns": _part_of_roads,
    "other": _counted,
    "attributes": _counted, "people": _people, "districts": _districts, "flows": _listed, "births": _listed,
    "designations": _listed,
}  # fmt: skip
