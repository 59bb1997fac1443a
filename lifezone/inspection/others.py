"""Files that are no tables: OSM extracts, rasters, GraphML networks, timetables (GTFS)."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError, iterparse  # expat limits what entities grow to

from lifezone.errors import Fault, InputError
from lifezone.sources.korea.report import FileReport

__all__ = ["look_at_graphml", "look_at_osm", "look_at_raster", "look_at_zip"]

_GTFS: Final = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
_MOST_BYTES: Final = 1 << 31
"""Unpacked size of one file in an archive beyond which it is not read."""


def look_at_osm(file: Path, path: str) -> tuple[FileReport, dict[str, Any]]:
    """An OSM extract: what it covers, its date."""
    from lifezone.sources.osm.file import extent_of  # noqa: PLC0415

    report = FileReport(path, "osm", "오픈스트리트맵 자료", "OpenStreetMap data", "roads", crs="EPSG:4326")
    report.facts["box"] = [round(float(part), 5) for part in extent_of(file)]
    report.facts["bytes"] = file.stat().st_size
    stamp = _osm_date(file)
    if stamp:
        report.dates = (stamp, stamp)
    return report, {"area": {"network": {"type": "osm_file", "path": path}}}


def _osm_date(file: Path) -> str:
    """Return the date of the newest change that the header of an extract tells, or empty."""
    import osmium  # noqa: PLC0415

    with osmium.io.Reader(str(file), osmium.osm.osm_entity_bits.NOTHING) as reader:
        header = reader.header()
        return str(header.get("osmosis_replication_timestamp", "") or header.get("timestamp", ""))[:10]


def look_at_raster(file: Path, path: str) -> tuple[FileReport, dict[str, Any]]:
    """A raster: bands, cells, what a band adds up to."""
    import rasterio  # noqa: PLC0415
    from rasterio.errors import RasterioIOError  # noqa: PLC0415

    try:
        with rasterio.open(file, driver="GTiff") as raster:
            side = max(abs(raster.transform.a), abs(raster.transform.e))
            report = FileReport(path, "raster", "격자 영상(래스터)", "a raster", "people", crs=str(raster.crs or ""))
            report.rows = report.used = raster.width * raster.height
            report.facts = {
                "bands": raster.count, "width": raster.width, "height": raster.height, "cell": side,
                "nodata": None if raster.nodata is None else float(raster.nodata), "type": str(raster.dtypes[0]),
                "names": [name for name in raster.descriptions if name],
            }  # fmt: skip
            if raster.crs is None:
                report.find("no_crs", "좌표계가 없음", "it does not say its coordinate system")
    except RasterioIOError as error:
        raise InputError(Fault(f"{path} cannot be read as a GeoTIFF: {error}", ("path",))) from None
    return report, {"demand": {"type": "raster", "path": path, "groups": {"total": 1}}}


def look_at_graphml(file: Path, path: str) -> tuple[FileReport, dict[str, Any]]:
    """A network that OSMnx saved: nodes, edges."""
    counts = {"node": 0, "edge": 0}
    try:
        for _, element in iterparse(file):  # noqa: S314
            tag = element.tag.rpartition("}")[2]
            counts[tag] = counts.get(tag, 0) + 1
            if tag in ("node", "edge"):
                element.clear()
    except ParseError as error:
        raise InputError(Fault(f"{path} cannot be read as GraphML: {error}", ("path",))) from None
    if not counts["node"]:
        raise InputError(Fault(f"{path} holds no network", ("path",)))
    report = FileReport(path, "graphml", "도로망(GraphML)", "a network in GraphML", "roads", rows=counts["edge"])
    report.used = counts["edge"]
    report.facts = {"nodes": counts["node"], "edges": counts["edge"]}
    return report, {"area": {"network": {"type": "graphml", "path": path}}}


def look_at_zip(file: Path, path: str) -> tuple[FileReport, dict[str, Any]]:
    """An archive: a timetable in GTFS form."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = {Path(info.filename).name: info for info in archive.infolist() if not info.is_dir()}
            missing = [name for name in _GTFS if name not in names]
            if missing:
                held = ", ".join(sorted(names)[:8])
                raise InputError(Fault(f"{path} is no timetable (GTFS): it holds {held}; unpack it first", ("path",)))
            report = FileReport(path, "gtfs", "대중교통 시간표(GTFS)", "a timetable (GTFS)", "transit")
            report.crs = "EPSG:4326"
            counts = {name: _lines_in(archive, names[name], path) for name in _GTFS}
            report.facts = {name.removesuffix(".txt"): count for name, count in counts.items()}
            report.rows = report.used = counts["stop_times.txt"]
            report.dates = _service_dates(archive, names)
    except zipfile.BadZipFile as error:
        raise InputError(Fault(f"{path} cannot be read as a zip archive: {error}", ("path",))) from None
    return report, {"facilities": [{"type": "gtfs", "path": path, "kind": "bus_stop"}]}


def _lines_in(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> int:
    """Count the rows of one file."""
    if info.file_size > _MOST_BYTES:
        raise InputError(Fault(f"{path}: {info.filename} unpacks to {info.file_size:,} bytes, too many", ("path",)))
    with archive.open(info) as stream:
        rows = sum(1 for line in io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace") if line.strip())
    return max(rows - 1, 0)


def _service_dates(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> tuple[str, str] | None:
    """Return the first and the last day of service that the calendar tells."""
    if "calendar.txt" not in names:
        return None
    with archive.open(names["calendar.txt"]) as stream:
        rows = list(csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace")))
    days = [row.get(key) or "" for row in rows for key in ("start_date", "end_date")]
    days = sorted(f"{day[:4]}-{day[4:6]}-{day[6:8]}" for day in days if day.isdigit() and len(day) == 8)
    return (days[0], days[-1]) if days else None
