"""Write a finished run to a folder, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lifezone.model import Result
from lifezone.progress import SILENT, Progress
from lifezone.report.names import check_names, variant_folder
from lifezone.report.plans import write_plan
from lifezone.report.sheets import write_sheets
from lifezone.report.swap import folder_files, replace_folder
from lifezone.report.tables import Tables, tables_of

__all__ = ["write"]


def write(
    result: Result,
    out: str | Path,
    *,
    progress: Progress = SILENT,
    tables: Tables | None = None,
    disclose: bool = False,
) -> list[Path]:
    """Write every file of the contract (DESIGN 7) and put the folder in the place of ``out`` as a whole.

    Args:
        result: the finished run.
        out: folder of the results; what lifezone wrote there before is replaced.
        progress: where to show progress.
        tables: made already by :func:`lifezone.report.tables.tables_of`, or None.
        disclose: maps show small head counts too (data files always hold raw values).

    Returns:
        The files written, sorted, below ``out``.

    Raises:
        InputError: ``out`` holds other things or cannot be written to, or a variant's name cannot be a folder.
        LifezoneError: Writing failed (disk full, file held open); what was in ``out`` before is untouched.
    """
    out = Path(out)
    check_names(result)
    made = tables_of(result) if tables is None else tables
    replace_folder(out, lambda folder: _fill(result, made, folder, progress, disclose))
    if result.report is not None:  # afterwards: results stand whatever becomes of the report
        from lifezone.report.making import make_report  # noqa: PLC0415

        wish = result.report
        make_report(out, languages=wish.languages, formats=wish.formats, disclose=disclose, progress=progress)
    return [out / name for name in folder_files(out)]


def _fill_more(result: Result, tables: Tables, folder: Path, progress: Progress, disclose: bool) -> None:
    """Write the formats that are asked for beside the usual ones."""
    if "geotiff" in result.layers:
        from lifezone.report.rasters import write_rasters  # noqa: PLC0415

        write_rasters(result, folder, progress)
    if "geojson" in result.layers:
        from lifezone.report.web import write_geojson  # noqa: PLC0415

        write_geojson(result, folder, progress, disclose=disclose)
    if "xlsx" in result.layers:
        from lifezone.report.workbook import write_workbook  # noqa: PLC0415

        write_workbook(result, tables, folder, disclose=disclose)


def _write_zones(result: Result, folder: Path, progress: Progress, disclose: bool) -> None:
    """Write what each variant's world is divided into, where that is asked; the baseline's stands at the top."""
    divided = [(variant, variant.zoning) for variant in result.variants if variant.zoning is not None]
    if not divided:
        return
    from lifezone.report.towns import write_compact  # noqa: PLC0415
    from lifezone.report.zones.files import draw_municipalities, draw_zones, write_zoning  # noqa: PLC0415

    with progress.step("writing zones", len(divided)) as advance:
        for variant, zoning in divided:
            own = folder if variant is result.baseline else folder / variant_folder(variant.name)
            write_zoning(zoning, variant.world, own)
            if result.maps:
                draw_zones(
                    zoning, variant.world, variant.name, own, result.name, result.provenance, progress=progress,
                    disclose=disclose,
                )  # fmt: skip
            advance(1)
    write_compact([(one.name, zoning.compact) for one, zoning in divided if zoning.compact is not None], folder)
    first = result.baseline.zoning
    if result.maps and first is not None:
        draw_municipalities(first, folder, result.name, result.provenance, result.kinds, disclose=disclose)


def _fill(result: Result, tables: Tables, folder: Path, progress: Progress, disclose: bool) -> None:
    """Write everything into an empty folder, the manifest last."""
    from lifezone.report import layers  # noqa: PLC0415  (GDAL and Arrow load only when something is written)
    from lifezone.report.manifest import write_manifest  # noqa: PLC0415

    for variant in result.variants:
        (folder / variant_folder(variant.name)).mkdir()
        if variant.planned is not None:
            write_plan(variant.planned, folder / variant_folder(variant.name), maps=result.maps)
    (folder / "scenario.resolved.yaml").write_text(result.provenance.scenario_yaml, encoding="utf-8", newline="\n")
    for name, text in (result.report.files if result.report is not None else {}).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    with progress.step("writing tables"):
        write_sheets(result, tables, folder)
    if "parquet" in result.layers:
        layers.write_parquet(result, folder, progress)
    if "gpkg" in result.layers:
        layers.write_geopackage(result, tables, folder, progress)
    _fill_more(result, tables, folder, progress, disclose)
    _write_zones(result, folder, progress, disclose)
    drawn: dict[str, Any] = {}
    if result.maps:
        from lifezone.report.maps import draw_maps  # noqa: PLC0415  (matplotlib is slow to load)

        drawn = draw_maps(result, folder, progress=progress, disclose=disclose)
    write_manifest(result, folder, drawn)
