"""Look at files one after the other: each becomes a report and the block of YAML that would load it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lifezone.errors import InputError
from lifezone.inspection.guess import look_at_table
from lifezone.inspection.known import HANDLERS
from lifezone.inspection.others import look_at_graphml, look_at_osm, look_at_raster, look_at_zip
from lifezone.sources.files import local_file
from lifezone.sources.korea.facilities import report_of
from lifezone.sources.korea.opening import Opened, open_published
from lifezone.sources.korea.report import FileReport

__all__ = ["Seen", "look", "look_at_all"]


@dataclass(frozen=True)
class Seen:
    """A file that was looked at.

    Attributes:
        report: what it is.
        block: the part of a scenario that loads it, e.g. ``{"facilities": [{…}]}``; empty where nothing reads it.
    """

    report: FileReport
    block: dict[str, Any] = field(default_factory=dict)


_BY_SUFFIX: Final[dict[str, Callable[[Path, str], tuple[FileReport, dict[str, Any]]]]] = {
    ".pbf": look_at_osm, ".osm": look_at_osm, ".tif": look_at_raster, ".tiff": look_at_raster,
    ".graphml": look_at_graphml, ".zip": look_at_zip,
}  # fmt: skip


def look_at_all(paths: Sequence[str], folder: Path | None = None) -> tuple[list[Seen], list[InputError]]:
    """Look at several files; one that cannot be read does not keep the others from being looked at."""
    folder = folder or Path()
    seen, failed = [], []
    for path in paths:
        try:
            seen.append(look(path, folder))
        except InputError as error:
            failed.append(error)
    return seen, failed


def look(path: str, folder: Path) -> Seen:
    """Look at one file.

    Raises:
        InputError: It is missing or cannot be read.
    """
    file = local_file(folder, path)
    other = _BY_SUFFIX.get(file.suffix.lower())
    if other is not None:
        return Seen(*other(file, path))
    opened = open_published(folder, path)
    if not opened.matches:
        return Seen(*look_at_table(opened, path))
    return _known(opened, path, folder)


def _known(opened: Opened, path: str, folder: Path) -> Seen:
    """Look at a file of a known form."""
    match = opened.matches[0]
    report = report_of(path, opened, match)
    others = [other.form.en for other in opened.matches[1:] if other.form.sort != match.form.sort]
    if others:
        report.facts["also"] = others
    handler = HANDLERS[match.form.sort]
    return Seen(*handler(opened, match, report, folder))
