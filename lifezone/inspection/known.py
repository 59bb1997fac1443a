"""What is said of files of a known form, by what they are for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

from lifezone.sources.korea.catalogue import Match
from lifezone.sources.korea.facilities import KoreaFacilities
from lifezone.sources.korea.facility_rows import count_rows
from lifezone.sources.korea.opening import Opened
from lifezone.sources.korea.report import FileReport

__all__ = ["HANDLERS"]

Looked: TypeAlias = tuple[FileReport, dict[str, Any]]


def _facilities(_opened: Opened, _match: Match, report: FileReport, folder: Path) -> Looked:
    """Facilities: read exactly as a run would, without a study area."""
    opened, rows, report = KoreaFacilities(type="korea", path=report.path).read(folder)
    count_rows(rows, opened, report, rows.why == "")
    block: dict[str, Any] = {"type": "korea", "path": report.path}
    if report.facts.get("crs_is_guessed"):
        block["crs"] = report.crs
    return report, {"facilities": [block]}


def _roads(_opened: Opened, _match: Match, report: FileReport, _folder: Path) -> Looked:
    """Links of roads."""
    report.used = report.rows - sum(report.left_out.values())
    return report, {"area": {"network": {"type": "links", "path": report.path}}}


def _counted(_opened: Opened, _match: Match, report: FileReport, _folder: Path) -> Looked:
    """A file that is known and that no block of a scenario reads by itself."""
    report.used = report.rows
    return report, {}


HANDLERS: Final[dict[str, Callable[[Opened, Match, FileReport, Path], Looked]]] = {
    "facilities": _facilities, "roads": _roads, "road_nodes": _counted, "road_turns": _counted, "other": _counted,
    "attributes": _counted, "people": _counted, "districts": _counted, "flows": _counted, "births": _counted,
    "designations": _counted,
}  # fmt: skip
