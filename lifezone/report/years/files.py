"""The maps over years of a monitoring study, written into its result folder.

``maps/years_<indicator>.png`` and ``.svg``, and ``shapes.gpkg``: the ground with clean borders, the cartogram of every
edition, tiles and circles, for a GIS and for reports, which draw them again without computing anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from lifezone.errors import Fault, InputError
from lifezone.model import Floats
from lifezone.monitor.breaks import year_classes
from lifezone.monitor.series import IndicatorInfo, Series
from lifezone.monitor.years import YearShapes, year_shapes
from lifezone.progress import SILENT, Progress
from lifezone.report.names import file_stem

if TYPE_CHECKING:
    from lifezone.report.years.sheet import SheetWords

__all__ = ["SHAPES", "SIZE", "sheet_name", "wanted_maps", "write_year_maps"]

SHAPES: Final = "shapes.gpkg"
SIZE: Final = "people"
"""The indicator that districts are as large as; all alike where a study does not have it."""
_MOST_MAPS: Final = 6
_MOST_YEARS: Final = 6
"""Rows of a sheet; of more editions the first, the last and even steps between."""
_MOST_NAMES: Final = 12
"""More districts than this are drawn without their names."""


def sheet_name(indicator: str) -> str:
    """Return the file of an indicator's sheet below the folder, without its ending."""
    return f"maps/years_{file_stem(indicator)}"


def wanted_maps(series: Series, asked: Sequence[str] | None) -> list[IndicatorInfo]:
    """Return the indicators to draw.

    Raises:
        InputError: an indicator that is asked for is not computed.
    """
    if asked is None:
        return [one for one in series.indicators if one.classes is not None][:_MOST_MAPS]
    lacking = [one for one in asked if not series.has(one)]
    if lacking:
        known = ", ".join(one.id for one in series.indicators)
        raise InputError([Fault(f"no indicator {one!r} is computed; there are {known}", ("maps",)) for one in lacking])
    return [series.indicators[series.at(one)] for one in dict.fromkeys(asked)]


def write_year_maps(
    series: Series, folder: Path, *, title: str, sources: Sequence[str] = (), asked: Sequence[str] | None = None,
    progress: Progress = SILENT,
) -> list[Path]:  # fmt: skip
    """Write sheets and shapes.

    Args:
        series: the indicators.
        folder: where to.
        title: of the study.
        sources: lines that stand below every sheet.
        asked: ids of indicators, or None for those with classes.
        progress: where to show progress.

    Returns:
        The files; none without borders or without an indicator to draw.

    Raises:
        InputError: an indicator is not there, or borders cannot be mended.
    """
    wanted = wanted_maps(series, asked)
    if series.polygon is None or not wanted:
        return []
    from lifezone.report.years.sheet import Sheet, draw_sheet  # noqa: PLC0415  (matplotlib is slow to load)

    shapes = year_shapes(series.polygon, _labels(series), _sizes(series), progress=progress)
    shown = _shown(len(series.editions))
    (folder / "maps").mkdir(parents=True, exist_ok=True)
    names = series.name if len(series.ids) <= _MOST_NAMES else ()
    files = [_write_shapes(series, shapes, folder / SHAPES)]
    with progress.step("drawing maps over years", len(wanted)) as advance:
        for info in wanted:
            value = series.of(info.id)
            sheet = Sheet(
                tuple(series.editions[at].name for at in shown), value[:, shown], year_classes(info, value),
                info.decimals, _sheet_words(info, series, title, sources, shapes), names,
            )  # fmt: skip
            files += draw_sheet(sheet, shapes.take(shown), folder / sheet_name(info.id))
            advance(1)
    return files


def _labels(series: Series) -> list[str]:
    return [f"{name} ({key})" for name, key in zip(series.name, series.ids, strict=True)]


def _sizes(series: Series) -> Floats:
    """Return f64[D, E] what districts are as large as."""
    if series.has(SIZE):
        return series.of(SIZE)
    return np.full((len(series.ids), len(series.editions)), np.nan)


def _shown(n_editions: int) -> list[int]:
    """Return the positions of the editions that have a row."""
    return [int(at) for at in np.unique(np.linspace(0, n_editions - 1, min(n_editions, _MOST_YEARS)).round())]


def _sheet_words(
    info: IndicatorInfo, series: Series, title: str, sources: Sequence[str], shapes: YearShapes
) -> SheetWords:
    """Return what stands on a sheet, in both languages."""
    from lifezone.report.years.sheet import SheetWords  # noqa: PLC0415

    unit = f" ({info.unit})" if info.unit else ""
    first, last = series.editions[0].name, series.editions[-1].name
    years = first if first == last else f"{first}–{last}"
    errors = f"{100 * shapes.mean_error:.2f} % (최대 worst {100 * shapes.worst_error:.2f} %)"
    own = (
        "지표의 기준 the indicator's own"
        if info.classes is not None
        else "모든 연도를 합친 분위 quantiles of all years"
    )
    return SheetWords(
        title=f"{info.ko} / {info.en}{unit}",
        subtitle=f"{title} · {len(series.ids):,} 지역 districts · {years}",
        columns=("지도 / map", "인구 비례 지도 / cartogram", "타일 지도 / tile map", "비례 원 / circles"),
        no_data="자료 없음 / no data",
        no_size="인구 자료 없음 / no figures of people",
        same="인구 {} 명: 모든 연도에서 같은 넓이 / people, the same area in every year",
        sources=(
            f"계급: {own}, 모든 연도에서 같다 / classes are the same in every year · "
            f"인구 비례 지도의 평균 넓이 오차 mean error of areas {errors} · "
            f"타일 지도에서 지켜진 이웃 neighbours kept {_percent(shapes.tiles.neighbours_kept)}",
            *sources,
        ),
    )  # fmt: skip


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{100 * share:.0f} %"


def _write_shapes(series: Series, shapes: YearShapes, path: Path) -> Path:
    """Write all shapes as layers of one GeoPackage, the same bytes each time."""
    import geopandas as gpd  # noqa: PLC0415

    from lifezone.report.layers import add_layer, fixed_date  # noqa: PLC0415

    def frame(geometry: np.ndarray, **more: Any) -> Any:
        columns = {"id": list(series.ids), "name": list(series.name), "name_en": list(series.name_en), **more}
        return gpd.GeoDataFrame(columns, geometry=np.asarray(geometry, dtype=object), crs=series.crs)

    with fixed_date():
        add_layer(path, "ground", frame(shapes.borders.polygons), "MultiPolygon")
        for at, edition in enumerate(series.editions):
            drawn, polygons, round_ones = shapes.cartograms[at], shapes.polygons[at], shapes.circles[at]
            if drawn is not None and polygons is not None:
                own = frame(polygons, people=shapes.size[:, at], area_error=drawn.error, too_small=drawn.small)
                add_layer(path, f"cartogram_{edition.name}", own, "MultiPolygon")
            if round_ones is not None:
                points = shapely.points(round_ones.at)
                own = frame(points, people=shapes.size[:, at], radius_m=round_ones.radius_m)
                add_layer(path, f"circles_{edition.name}", own, "Point")
        add_layer(path, "tiles", frame(shapes.tiles.polygons), "MultiPolygon")
    return path
