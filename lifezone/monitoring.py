"""The straight pipeline of a monitoring study: read → re-base → compute → Monitored."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from lifezone.attribution import Attributed, EditionFile, attribute_all
from lifezone.errors import Fault, InputError
from lifezone.monitor.compute import compute
from lifezone.monitor.gather import Gathered, gather
from lifezone.monitor.indicator import Indicator
from lifezone.monitor.indicators import INDICATORS
from lifezone.monitor.series import Series
from lifezone.monitor.study import StudySpec
from lifezone.monitor.watch import watch
from lifezone.progress import SILENT, Progress
from lifezone.report.monitored import Monitored
from lifezone.report.monitored_page import monitored_page
from lifezone.scenario.study_file import StudyFile, load_study
from lifezone.versions import versions_of

__all__ = ["monitor", "monitored_page", "study_indicators", "year_maps"]

_MOST_SOURCES: Final = 6
"""Input files that are named on a map."""

_NUMBERS_DEPEND_ON: Final = ("geopandas", "numpy", "pandas", "pyarrow", "pyproj", "scipy", "shapely")
_FROM_RUNS: Final = frozenset(one.id for one in INDICATORS if "results" in one.needs)
"""Families of indicators that come from runs: nothing is designated by modelled ones."""


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
    with study.with_places():
        swapped = _swapped(study, gathered, progress)
        newest = gathered.editions[-1].run
        watched, series = watch(
            study.spec, series, study.folder, attribution=[row for one in swapped for row in one.rows],
            modelled="" if newest is None else newest.modelled, from_runs=_FROM_RUNS,
        )  # fmt: skip
    notes = dict.fromkeys([*series.notes, *watched.notes, *(note for one in swapped for note in one.notes)])
    inputs = [*watched.inputs, *(entry for one in swapped for entry in one.inputs)]
    watched = replace(watched, inputs=tuple({str(sorted(entry.items())): entry for entry in inputs}.values()))
    series = replace(series, notes=tuple(notes))
    run = {
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": round(time.time() - started, 3), "host": platform.node(), "platform": platform.platform(),
        "study": str(study.path.resolve()), "sets": list(sets),
    }  # fmt: skip
    return Monitored(
        study.spec.name, study.spec, series, gathered, study.resolved_yaml(), versions_of(_NUMBERS_DEPEND_ON), run,
        watched,
    )  # fmt: skip


def _swapped(study: StudyFile, gathered: Gathered, progress: Progress) -> list[Attributed]:
    """Return what changed coverage between every two editions that bring their scenarios."""
    files = [
        (at, EditionFile(one.info.name, study.folder / spec.swapped.path, spec.swapped.variant))
        for (at, spec), one in zip(study.spec.ordered, gathered.editions, strict=True)
        if spec.swapped is not None
    ]
    if len(files) < 2:
        return []
    try:
        return attribute_all([file for _, file in files], progress=progress)
    except InputError as error:
        raise InputError(
            Fault(fault.message, ("editions", files[-1][0], "scenario")) for fault in error.faults
        ) from error


def study_indicators(spec: StudySpec) -> list[Indicator]:
    """Return the packaged indicators that a study asks for, in the registry's order, and its own."""
    asked = None if spec.indicators is None else set(spec.indicators)
    return [
        *(one for one in INDICATORS if asked is None or one.id in asked), *(one.indicator() for one in spec.own)
    ]  # fmt: skip


def year_maps(result: Monitored, progress: Progress = SILENT) -> Callable[[Path], None]:
    """Return what writes the maps over years into a result folder, for ``write_monitored(…, more=…)``.

    Where borders overlap too much to be drawn, writing raises InputError; ``maps: []`` in the study asks for none.
    """
    names = dict.fromkeys(Path(str(one["path"])).name for one in result.gathered.inputs)
    shown = list(names)[:_MOST_SOURCES] + (["…"] if len(names) > _MOST_SOURCES else [])

    def write(folder: Path) -> None:
        from lifezone.report.years import write_year_maps  # noqa: PLC0415  (matplotlib is slow to load)

        write_year_maps(
            result.series, folder, title=result.name, sources=(f"자료 data: {', '.join(shown)}",),
            asked=result.spec.maps, progress=progress,
        )  # fmt: skip

    return write


def _series(spec: StudySpec, gathered: Gathered, progress: Progress) -> Series:
    districts = gathered.districts
    return compute(
        gathered.editions, study_indicators(spec), ids=districts.ids, name=districts.name,
        name_en=districts.name_en or districts.name, polygon=districts.polygon, crs=gathered.crs, notes=gathered.notes,
        nested=gathered.nested, progress=progress,
    )  # fmt: skip
