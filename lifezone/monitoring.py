"""The straight pipeline of a monitoring study: read → re-base → compute → Monitored."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lifezone.monitor.compute import compute
from lifezone.monitor.gather import Gathered, gather
from lifezone.monitor.indicator import Indicator
from lifezone.monitor.indicators import INDICATORS
from lifezone.monitor.series import Series
from lifezone.monitor.study import StudySpec
from lifezone.progress import SILENT, Progress
from lifezone.report.monitored import Monitored
from lifezone.report.monitored_page import monitored_page
from lifezone.scenario.study_file import load_study
from lifezone.versions import versions_of

__all__ = ["monitor", "monitored_page", "study_indicators"]

_NUMBERS_DEPEND_ON: Final = ("geopandas", "numpy", "pandas", "pyarrow", "pyproj", "shapely")


def monitor(path: str | Path, *, sets: Sequence[str] = (), progress: Progress = SILENT) -> Monitored:
    """Answer a monitoring study.

    Args:
        path: the study file.
        sets: overrides, applied last.
        progress: where to show progress.

    Raises:
        ScenarioError: the study or a file that it names is at fault; every fault with its place.
    """
    started = time.time()
    study = load_study(path, sets)
    with study.with_places():
        gathered = gather(study.spec, study.folder, progress=progress)
    series = _series(study.spec, gathered, progress)
    run = {
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 3), "host": platform.node(), "platform": platform.platform(),
        "study": str(study.path.resolve()), "sets": list(sets),
    }  # fmt: skip
    return Monitored(
        study.spec.name, study.spec, series, gathered, study.resolved_yaml(), versions_of(_NUMBERS_DEPEND_ON), run
    )  # fmt: skip


def study_indicators(spec: StudySpec) -> list[Indicator]:
    """Return the packaged indicators that a study asks for, in the registry's order, and its own."""
    asked = None if spec.indicators is None else set(spec.indicators)
    return [
        *(one for one in INDICATORS if asked is None or one.id in asked), *(one.indicator() for one in spec.own)
    ]  # fmt: skip


def _series(spec: StudySpec, gathered: Gathered, progress: Progress) -> Series:
    districts = gathered.districts
    return compute(
        gathered.editions, study_indicators(spec), ids=districts.ids, name=districts.name,
        name_en=districts.name_en or districts.name, polygon=districts.polygon, crs=gathered.crs, notes=gathered.notes,
        nested=gathered.nested, progress=progress,
    )  # fmt: skip
