"""Look at files one after the other: each becomes a report and the block of YAML that would load it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lifezone.errors import InputError
from lifezone.inspection.guess import look_at_table
from lifezone.inspection.known import HANDLERS, Context
from lifezone.inspection.others import look_at_graphml, look_at_osm, look_at_raster, look_at_zip
from lifezone.sources.files import local_file
from lifezone.sources.korea.opened_report import report_of
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


_SHAPEFILE_PARTS: Final = (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".xml")
_MAY_BE_BOUNDARIES: Final = (".gpkg", ".geojson", ".json", ".shp", ".parquet", ".geoparquet")


def look_at_all(paths: Sequence[str], folder: Path | None = None) -> tuple[list[Seen], list[InputError]]:
    """Look at several files; one that cannot be read does not keep the others from being looked at.

    Where one of them holds boundaries, addresses of facilities are held against it. The files of which a shapefile
    consists are looked at with it, once, not each for itself: they hold the same rows.
    """
    folder = folder or Path()
    parts = _parts_of_shapefiles(paths)
    paths = [path for path in paths if path not in {part for some in parts.values() for part in some}]
    seen: dict[str, Seen] = {}
    failed: dict[str, InputError] = {}
    boundaries: str | None = None
    for path in sorted(paths, key=lambda path: not path.lower().endswith(_MAY_BE_BOUNDARIES)):
        try:
            seen[path] = look(path, Context(folder, boundaries))
        except InputError as error:
            failed[path] = error
            continue
        if path in parts:
            seen[path].report.facts["parts"] = parts[path]
        if boundaries is None and seen[path].report.form == "boundary":
            boundaries = path
    order = list(dict.fromkeys(paths))
    return [seen[path] for path in order if path in seen], [failed[path] for path in order if path in failed]


def _parts_of_shapefiles(paths: Sequence[str]) -> dict[str, list[str]]:
    """Return, by shapefile, the other files given of which it consists."""
    named = [(path, *_stem_and_suffix(path)) for path in dict.fromkeys(paths)]
    return {
        path: members
        for path, stem, suffix in named
        if suffix == ".shp"
        and (members := [other for other, of, kind in named if of == stem and kind in _SHAPEFILE_PARTS])
    }


def _stem_and_suffix(path: str) -> tuple[str, str]:
    """Return a path without its ending, and the ending in small letters."""
    stem = path.lower().removesuffix(".xml") if path.lower().endswith(".shp.xml") else path
    suffix = Path(stem).suffix
    return stem[: len(stem) - len(suffix)].lower(), ".xml" if stem != path else suffix.lower()


def look(path: str, context: Context) -> Seen:
    """Look at one file.

    Raises:
        InputError: It is missing or cannot be read.
    """
    file = local_file(context.folder, path)
    other = _BY_SUFFIX.get(file.suffix.lower())
    if other is not None:
        return Seen(*other(file, path))
    opened = open_published(context.folder, path)
    if not opened.matches:
        return Seen(*look_at_table(opened, path))
    return _known(opened, path, context)


def _known(opened: Opened, path: str, context: Context) -> Seen:
    """Look at a file of a known form."""
    match = opened.matches[0]
    report = report_of(path, opened, match)
    others = [other.form.en for other in opened.matches[1:] if other.form.sort != match.form.sort]
    if others:
        report.facts["also"] = others
    handler = HANDLERS[match.form.sort]
    return Seen(*handler(opened, match, report, context))
