"""What every source must know about the study it is read for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifezone.progress import SILENT, Progress

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from lifezone.model import Districts
    from lifezone.model.kind import Kind

__all__ = ["Extent", "Reading"]

Extent = tuple[float, float, float, float]
"""West, south, east, north in degrees (EPSG:4326)."""


@dataclass(frozen=True)
class Reading:
    """The study as a source sees it.

    Attributes:
        folder: relative paths in the scenario start here.
        crs: projected CRS in metres that everything is brought into.
        clip: polygon of area + buffer in EPSG:4326; None = keep all. Sources clip while reading.
        districts: units that demand points are joined to; None = one district ``all`` holds every point.
        kinds: the table of kinds.
        speeds: settings of ``area.speeds`` as plain data (preset and overrides), read by ``routing.speeds``.
        walk_mps: walking speed of this study.
        network_source: the ``area.network`` spec, for facilities of type ``osm`` that come from the same file.
        needs_places: False where tables of people and facilities may do without coordinates: every trip is ready-made.
        heights: the ``area.slope`` spec, for candidates that are left out by the slope of the ground.
        progress: where to show progress.
        inputs: every file opened is noted here (path as written, sha256, bytes, rows …) for the manifest; sources
            append, in reading order.
    """

    folder: Path
    crs: str
    clip: BaseGeometry | None = None
    districts: Districts | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    speeds: Mapping[str, Any] = field(default_factory=dict)
    walk_mps: float = 3 / 3.6
    network_source: Any = None
    heights: Any = None
    needs_places: bool = True
    progress: Progress = SILENT
    inputs: list[dict[str, Any]] = field(default_factory=list)
