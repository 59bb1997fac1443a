"""The result folder of ``lifezone monitor``: tables, layer, manifest; and the series read back from it.

Decided: what is made of a study later (reports, maps over years) is made of this folder, so that nothing is said that
it does not hold; the manifest tells every indicator with its formula, ``indicators.csv`` every number with its parts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

import lifezone
from lifezone.errors import Fault, InputError
from lifezone.monitor.gather import Gathered
from lifezone.monitor.series import NO_CLASS, Classes, EditionInfo, IndicatorInfo, NotComputed, Series, Why
from lifezone.monitor.study import StudySpec
from lifezone.monitor.watch import Watched
from lifezone.progress import SILENT, Progress
from lifezone.report import disclosure
from lifezone.report.swap import MANIFEST, PROGRAM, file_hash, folder_files, replace_folder
from lifezone.report.watch.folder import write_watched

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["GPKG", "WHOLE", "Monitored", "open_monitored", "write_monitored"]

_FORMAT: Final = 1
GPKG: Final = "indicators.gpkg"
WHOLE: Final = "all"
"""Id of all districts together, as in the other tables of results."""
_PARTS: Final = (("low_income", "income_people"), ("low_income", "all"), ("old_buildings", "buildings"))
"""What is shown of a cell as a share, and of what."""
RESOLVED: Final = "study.resolved.yaml"
More = Callable[[Path], None]


@dataclass(frozen=True, eq=False)
class Monitored:
    """A study answered.

    Attributes:
        name: title of the study.
        spec: what it says.
        series: the indicators.
        gathered: what was read for them.
        resolved: the study as YAML with every default.
        versions: of what numbers depend on.
        run: what is particular to this one execution, exempt from being the same twice.
        watched: what the study says beyond its figures.
    """

    name: str
    spec: StudySpec
    series: Series
    gathered: Gathered
    resolved: str
    versions: Mapping[str, str] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)
    watched: Watched = field(default_factory=Watched)


def write_monitored(
    result: Monitored, out: Path, *, progress: Progress = SILENT, more: tuple[More, ...] = ()
) -> None:  # fmt: skip
    """Write the folder and put it in the place of ``out`` as a whole.

    Args:
        result: the study answered.
        out: the folder.
        progress: where to show progress.
        more: what else writes its files into the folder, before the manifest.

    Raises:
        InputError: ``out`` holds other things or cannot be written to.
        LifezoneError: writing failed; what was in ``out`` before is untouched.
    """
    replace_folder(out, lambda folder: _fill(result, folder, progress, more))


def _fill(
    result: Monitored, folder: Path, progress: Progress, more: tuple[More, ...]
) -> None:  # fmt: skip
    """Write everything into an empty folder, the manifest last."""
    from lifezone.report.sheets import write_frame, write_table  # noqa: PLC0415

    series = result.series
    with progress.step("writing tables"):
        (folder / RESOLVED).write_text(result.resolved, encoding="utf-8", newline="\n")
        write_frame(folder / "indicators.csv", _frame(series))
        rows = [list(asdict(one).values()) for one in series.not_computed]
        header = ["indicator", "name", "name_en", "edition", "needs", "reason", "reason_en"]
        write_table(folder / "not_computed.csv", header, rows)
        write_watched(result.watched, folder)
    if "gpkg" in result.spec.layers and series.polygon is not None:
        from lifezone.report.layers import add_layer, fixed_date  # noqa: PLC0415  (GDAL is slow to load)

        with progress.step("writing GeoPackage"), fixed_date():
            add_layer(folder / GPKG, "districts", layer_of(series), "MultiPolygon")
            for name, cells in _cell_layers(result):
                add_layer(folder / GPKG, name, cells, "Polygon")
    for write in more:
        write(folder)
    manifest = _manifest(result)
    manifest["files"] = {name: file_hash(folder / name) for name in folder_files(folder) if name != MANIFEST}
    manifest["run"] = dict(result.run)
    text = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def _frame(series: Series) -> Any:
    """Return ``indicators.csv``: every indicator, district and edition, then all districts together."""
    import pandas as pd  # noqa: PLC0415

    own = series.frame()
    n_editions, n_indicators = series.whole.shape
    indicator, edition = np.repeat(np.arange(n_indicators), n_editions), np.tile(np.arange(n_editions), n_indicators)
    infos, value = series.indicators, series.whole[edition, indicator]
    classes = [_plain_class(infos[at], one) for at, one in zip(indicator.tolist(), value.tolist(), strict=True)]
    told = [(infos[at], series.editions[when]) for at, when in zip(indicator.tolist(), edition.tolist(), strict=True)]
    whole = pd.DataFrame({
        "indicator": [one.id for one, _ in told], "district": WHOLE, "name": "",
        "edition": [when.name for _, when in told], "date": [when.date for _, when in told], "value": value,
        "unit": [one.unit for one, _ in told], "group": [one.group for one, _ in told],
        "numerator": np.nan, "denominator": np.nan, "standard_error": np.nan, "class": classes, "boundary": "",
        "reason": np.where(np.isnan(value), "not_told", ""),
    })  # fmt: skip
    return pd.concat([own.astype(whole.dtypes.to_dict()), whole], ignore_index=True)


def _plain_class(info: IndicatorInfo, value: float) -> str:
    """Return the class of one value, empty where it has none; classes that stick are told of districts alone."""
    if info.classes is None or info.sticky or np.isnan(value):
        return ""
    return info.classes.en[int(info.classes.of(np.array([value]))[0])]


def layer_of(series: Series) -> gpd.GeoDataFrame:
    """Return one row a district: id, names, and a column for each indicator and edition: ``ageing_index_2020``."""
    import geopandas as gpd  # noqa: PLC0415

    columns: dict[str, Any] = {"id": list(series.ids), "name": list(series.name), "name_en": list(series.name_en)}
    for at, info in enumerate(series.indicators):
        for position, edition in enumerate(series.editions):
            columns[f"{info.id}_{edition.name}"] = series.value[:, position, at]
    return gpd.GeoDataFrame(columns, geometry=np.asarray(series.polygon, dtype=object), crs=series.crs)


def _cell_layers(result: Monitored) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Yield the cells of every grid: their district, their counts, and the share that an indicator is about."""
    import geopandas as gpd  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    ids, named = np.array(result.series.ids, dtype=object), dict[str, int]()
    for edition in result.gathered.editions:
        for places in edition.units.values():
            if places.x_m is None or places.y_m is None:
                continue
            half_m = places.cell_m / 2
            columns: dict[str, Any] = {"district": ids[places.district], **places.counts}
            for part, whole in _PARTS:
                if part in places.counts and whole in places.counts:
                    with np.errstate(divide="ignore", invalid="ignore"):
                        share = places.counts[part] / places.counts[whole] * 100.0
                    columns[f"{part}_share"] = np.where(np.isfinite(share), share, np.nan)
            squares = shapely.box(places.x_m - half_m, places.y_m - half_m, places.x_m + half_m, places.y_m + half_m)
            about = next((part for part, _ in _PARTS if part in places.counts), next(iter(places.counts)))
            frame = gpd.GeoDataFrame(columns, geometry=squares, crs=result.series.crs)
            name = f"{about}_{places.cell_m:.0f}m_{edition.info.name}"
            named[name] = named.get(name, 0) + 1
            yield name if named[name] == 1 else f"{name}_{named[name]}", frame


def _manifest(result: Monitored) -> dict[str, Any]:
    """Return the manifest without ``files`` and ``run``."""
    series = result.series
    return {
        "program": PROGRAM, "format": _FORMAT, "version": lifezone.__version__, "part": "monitor",
        "scenario": {"name": result.name, "resolved": RESOLVED},
        "crs": series.crs,
        "base": result.gathered.codes.date,
        "editions": [asdict(one) for one in series.editions],
        "districts": [
            {"id": one, "name": name, "name_en": english, "centre": None if at < 0 else series.ids[at]}
            for one, name, english, at in zip(series.ids, series.name, series.name_en, series.centre.tolist(),
                                              strict=True)
        ],
        "indicators": [asdict(one) for one in series.indicators],
        "not_computed": [asdict(one) for one in series.not_computed],
        "missing_values": {
            one.name.lower(): int((series.why == one).sum()) for one in Why if one and (series.why == one).any()
        },
        "inputs": [dict(sorted(entry.items())) for entry in (*result.gathered.inputs, *result.watched.inputs)],
        "versions": dict(sorted(result.versions.items())),
        "notes": list(series.notes),
        "designations": [rule.model_dump(mode="json", exclude_defaults=True) for rule in result.watched.rules],
        "disclosure": disclosure.NOTE,
    }  # fmt: skip


def open_monitored(out: Path) -> tuple[dict[str, Any], Series]:
    """Read a folder of ``lifezone monitor`` back: its manifest and the series.

    Raises:
        InputError: it is no such folder.
    """
    try:
        manifest: dict[str, Any] = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        if manifest.get("program") != PROGRAM or manifest.get("part") != "monitor":
            raise ValueError("of another kind")
        return manifest, _series(manifest, out)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            Fault(f"{out} is no result folder of lifezone monitor (no {MANIFEST} of it): run lifezone monitor first")
        ) from error


def _series(manifest: dict[str, Any], out: Path) -> Series:
    """Put the series together again."""
    import pandas as pd  # noqa: PLC0415

    infos = tuple(_info(one) for one in manifest["indicators"])
    editions = tuple(EditionInfo(**one) for one in manifest["editions"])
    districts = manifest["districts"]
    ids = tuple(str(one["id"]) for one in districts)
    frame = pd.read_csv(out / "indicators.csv", dtype=str, keep_default_na=False, encoding="utf-8")
    n_own = len(ids) * len(editions) * len(infos)
    shape = (len(infos), len(ids), len(editions))

    def cube(column: str, rows: slice = slice(0, n_own), form: tuple[int, ...] = shape) -> np.ndarray:
        cells = frame[column].iloc[rows].to_numpy(dtype=object)
        return np.array([float(cell) if cell else np.nan for cell in cells.tolist()], np.float64).reshape(form)

    words = {one.name.lower(): int(one) for one in Why} | {"": int(Why.COMPUTED)}
    why = np.array([words[one] for one in frame["reason"].iloc[:n_own]], np.int8).reshape(shape)
    names = frame["class"].iloc[:n_own].to_numpy(dtype=object).reshape(shape)
    klass = np.full(shape, NO_CLASS, np.int32)
    for at, info in enumerate(infos):
        known = {name: number for number, name in enumerate(info.classes.en)} if info.classes else {}
        klass[at] = np.vectorize(lambda name, known=known: known.get(name, NO_CLASS), otypes=[np.int32])(names[at])
    order = (1, 2, 0)
    position = {one: at for at, one in enumerate(ids)}
    polygon, crs = None, str(manifest["crs"])
    if (out / GPKG).is_file():
        import geopandas as gpd  # noqa: PLC0415

        layer = gpd.read_file(out / GPKG, layer="districts", use_arrow=True)
        polygon = np.asarray(layer.geometry.to_numpy(), dtype=object)
    return Series(
        ids, tuple(one["name"] for one in districts), tuple(one["name_en"] for one in districts), editions, infos,
        cube("value").transpose(order), cube("numerator").transpose(order), cube("denominator").transpose(order),
        why.transpose(order), klass.transpose(order), cube("standard_error").transpose(order),
        cube("value", slice(n_own, None), (len(infos), len(editions))).T,
        np.array([position.get(one["centre"], -1) for one in districts], np.int32), polygon, crs,
        tuple(NotComputed(**one) for one in manifest["not_computed"]), tuple(manifest["notes"]),
        (frame["boundary"].iloc[:n_own].to_numpy() == "true").reshape(shape).transpose(order),
    )  # fmt: skip


def _info(told: dict[str, Any]) -> IndicatorInfo:
    """Return an indicator as the manifest tells it."""
    classes = told["classes"]
    if classes is not None:
        lists = {key: tuple(classes[key]) for key in ("breaks", "ko", "en")}
        classes = Classes(**lists, alarming=int(classes["alarming"]))
    return IndicatorInfo(**{**told, "classes": classes})
