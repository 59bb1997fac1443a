"""The answer of ``lifezone zones``: a folder of results without verdicts, and the short answer on the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import lifezone
from lifezone.model import Divided
from lifezone.model.compact import CompactCity
from lifezone.progress import SILENT, Progress
from lifezone.report import disclosure
from lifezone.report.layers import GPKG, fixed_date
from lifezone.report.names import variant_folder
from lifezone.report.pages import Lines, Sheet, show
from lifezone.report.swap import MANIFEST, PROGRAM, file_hash, folder_files, replace_folder
from lifezone.report.towns import compact_page, write_compact
from lifezone.report.zones.files import add_zone_layers, draw_municipalities, draw_zones, write_zoning
from lifezone.report.zones.page import zoning_notes, zoning_page

__all__ = ["print_divided", "write_divided"]

_FORMAT: Final = 1


def write_divided(result: Divided, out: Path, *, progress: Progress = SILENT, disclose: bool = False) -> None:
    """Write the divisions of ``lifezone zones`` and put the folder in the place of ``out`` as a whole.

    Raises:
        InputError: ``out`` holds other things or cannot be written to.
        LifezoneError: Writing failed; what was in ``out`` before is untouched.
    """
    replace_folder(out, lambda folder: _fill(result, folder, progress, disclose))


def _fill(result: Divided, folder: Path, progress: Progress, disclose: bool) -> None:
    """Write everything into an empty folder, the manifest last."""
    (folder / "scenario.resolved.yaml").write_text(result.provenance.scenario_yaml, encoding="utf-8", newline="\n")
    baseline = result.variants[0]
    drawn: dict[str, list[str]] = {}
    with progress.step("writing zones", len(result.variants)) as advance:
        for variant in result.variants:
            place = folder if variant is baseline else folder / variant_folder(variant.name)
            place.mkdir(exist_ok=True)
            write_zoning(variant.zoning, variant.world, place)
            if result.maps:
                drawn[variant.name] = draw_zones(
                    variant.zoning, variant.world, variant.name, place, result.name, result.provenance,
                    progress=progress, disclose=disclose,
                )  # fmt: skip
            if "gpkg" in result.layers:
                with fixed_date():
                    add_zone_layers(folder / GPKG, variant.zoning, variant.world, variant.name)
            advance(1)
    write_compact(_compact(result), folder)
    if result.maps:
        with progress.step("drawing maps"):
            draw_municipalities(
                baseline.zoning, folder, result.name, result.provenance, result.kinds, disclose=disclose
            )
    _write_manifest(result, folder, drawn)


def _compact(result: Divided) -> list[tuple[str, CompactCity]]:
    """Return how compact the city is in each variant."""
    found = [(one.name, one.zoning.compact) for one in result.variants]
    return [(name, compact) for name, compact in found if compact is not None]


def _write_manifest(result: Divided, folder: Path, drawn: dict[str, list[str]]) -> None:
    """Write the manifest of everything that stands in the folder."""
    provenance = result.provenance
    manifest = {
        "program": PROGRAM,
        "format": _FORMAT,
        "version": lifezone.__version__,
        "part": "zones",
        "scenario": {"name": result.name, "seed": provenance.seed, "resolved": "scenario.resolved.yaml"},
        "crs": result.variants[0].world.crs,
        "inputs": [dict(sorted(entry.items())) for entry in provenance.inputs],
        "options": dict(sorted(provenance.options.items())),
        "versions": dict(sorted(provenance.versions.items())),
        "warnings": list(provenance.warnings),
        "variants": [
            {
                "name": one.name,
                "edits": list(one.edits),
                "zoning": list(zoning_notes(one.zoning)),
                "zoning_ko": list(zoning_notes(one.zoning, "ko")),
                "maps": drawn.get(one.name, []),
            }
            for one in result.variants
        ],
        "disclosure": disclosure.NOTE,
        "files": {name: file_hash(folder / name) for name in folder_files(folder) if name != MANIFEST},
        "run": provenance.run,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def print_divided(result: Divided, out: Path, *, language: str = "en", disclose: bool = False) -> None:
    """Print the divisions of every variant and where the files are."""
    page: list[Sheet | Lines] = []
    for variant in result.variants:
        page += zoning_page(
            variant.zoning, variant.world, variant.name, result.kinds, language=language, disclose=disclose
        )
    page += compact_page(_compact(result), language=language, disclose=disclose)
    title, told = ("파일", f"{out}에 저장") if language == "ko" else ("Files", f"written to {out}")
    show([*page, Lines(title, (told,))])
