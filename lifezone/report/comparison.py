"""Two runs made apart, one against the other: what they were made of, who gains and loses, maps of the difference.

Decided: the folders alone are read, so that results may come from another machine; the inputs that differ stand first;
the tables have the form of a run's own ``changes.csv``. Refused: comparing runs without a demand point in common.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

import lifezone
from lifezone.errors import InputError
from lifezone.model import Provenance, Result, Variant
from lifezone.progress import SILENT, Progress
from lifezone.report.differences import Difference, differences
from lifezone.report.disclosure import NOTE
from lifezone.report.frames import cell_shapes, minutes
from lifezone.report.saved import Saved, open_saved
from lifezone.report.sheets import write_changes, write_table
from lifezone.report.swap import MANIFEST, PROGRAM, file_hash, folder_files, replace_folder
from lifezone.report.tables import Tables
from lifezone.standards.align import Pair, align

__all__ = ["Comparison", "compare_results", "write_comparison"]

BASELINE: Final = "baseline"


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two results over the demand points that both have.

    Attributes:
        names: what the two are called: the folders, with the variant where it is not the baseline.
        saved: both folders.
        pair: both variants, aligned.
        differences: what they were made of, where it differs.
        notes: what could not be compared, with counts.
        tables: changes, winners and losers, people pushed beyond a bound.
    """

    names: tuple[str, str]
    saved: tuple[Saved, Saved]
    pair: Pair
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]
    tables: Tables


def compare_results(out1: str | Path, out2: str | Path, *, before: str = BASELINE, after: str = BASELINE) -> Comparison:
    """Compare a variant of one folder of results with a variant of another (or of the same).

    Args:
        out1: the first folder.
        out2: the second.
        before: variant of the first.
        after: variant of the second.

    Raises:
        InputError: a folder holds no result, a variant is unknown, or the two have nothing in common.
    """
    from lifezone.standards.summary import compare_pair  # noqa: PLC0415
    from lifezone.standards.winners import pushed_beyond, winners_and_losers  # noqa: PLC0415

    saved = open_saved(out1), open_saved(out2)
    if before == after and saved[0].out.resolve() == saved[1].out.resolve():
        raise InputError(f"{out1} and {out2} are one result: say which variants with --before and --after")
    names = _names(saved, (before, after))
    old, new = saved[0].variant(before), saved[1].variant(after)
    shared = [key for key in old.assessment.verdicts if key in new.assessment.verdicts]
    if not shared:
        raise InputError(
            f"{names[0]} and {names[1]} have no requirement of the same id: judge both by one standard to compare them"
        )
    try:
        pair = align(replace(old, name=names[0]), replace(new, name=names[1]))
    except InputError as error:
        raise InputError(f"{names[0]} and {names[1]} cannot be compared: {error}") from None
    found = differences(saved[0].manifest, saved[1].manifest, (before, after))
    tables = Tables(
        (), tuple(compare_pair(pair)), (), winners=tuple(winners_and_losers(pair)), pushed=tuple(pushed_beyond(pair))
    )
    return Comparison(names, saved, pair, tuple(found), (*pair.notes, *_not_compared(old, new)), tables)


def write_comparison(
    comparison: Comparison,
    out: str | Path,
    *,
    maps: bool = True,
    disclose: bool = False,
    progress: Progress = SILENT,
) -> list[Path]:
    """Write tables, cells, difference maps and a manifest to a folder, whole or not at all; returns the files.

    Raises:
        InputError: ``out`` holds other things, or is one of the two results.
    """
    out = Path(out)
    if out.resolve() in [one.out.resolve() for one in comparison.saved]:
        raise InputError(f"{out} is one of the results compared: name another folder")
    replace_folder(out, lambda folder: _fill(comparison, folder, maps, disclose, progress))
    return [out / name for name in folder_files(out)]


def _fill(comparison: Comparison, folder: Path, maps: bool, disclose: bool, progress: Progress) -> None:
    """Write everything into an empty folder, the manifest last."""
    rows = [(one.part, one.what, one.before, one.after) for one in comparison.differences]
    write_table(folder / "differences.csv", ("part", "what", *_heads(comparison)), rows)
    write_changes(comparison.tables, folder)
    _cells(comparison.pair).to_parquet(folder / "cells.parquet", index=False)
    drawn: list[str] = []
    if maps:
        from lifezone.report.maps import draw_changes  # noqa: PLC0415  (matplotlib is slow to load)

        drawn = draw_changes(_as_result(comparison), folder / "maps", progress=progress, disclose=disclose)
    manifest = _manifest(comparison, drawn)
    manifest["files"] = {name: file_hash(folder / name) for name in folder_files(folder)}
    text = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def _manifest(comparison: Comparison, drawn: list[str]) -> dict[str, Any]:
    """Return what was compared with what."""
    return {
        "program": PROGRAM,
        "version": lifezone.__version__,
        "comparison": [
            {"name": name, "scenario": saved.manifest["scenario"]["name"], "manifest": file_hash(saved.out / MANIFEST)}
            for name, saved in zip(comparison.names, comparison.saved, strict=True)
        ],
        "differences": len(comparison.differences),
        "notes": list(comparison.notes),
        "maps": drawn,
        "disclosure": NOTE,
    }


def _heads(comparison: Comparison) -> tuple[str, str]:
    """Return the column heads of the two."""
    return f"before: {comparison.names[0]}", f"after: {comparison.names[1]}"


def _cells(pair: Pair) -> gpd.GeoDataFrame:
    """Return one row per demand point: people, and minutes and verdict of shared requirements, before and after."""
    demand, later = pair.before.world.demand, pair.after.world.demand
    units = np.array(pair.before.world.districts.ids, dtype=object)
    columns: dict[str, Any] = {
        "id": pd.array(demand.ids.tolist(), dtype="string"),
        "district": pd.array(units[demand.district].tolist(), dtype="string"),
        "people_total_before": demand.total + 0.0,
        "people_total_after": later.total + 0.0,
    }
    for key, old in pair.before.assessment.verdicts.items():
        new = pair.after.assessment.verdicts.get(key)
        if new is None:
            continue
        for word, one in (("before", old), ("after", new)):
            columns[f"{key}_minutes_{word}"] = minutes(one.seconds)
            columns[f"{key}_met_{word}"] = pd.arrays.BooleanArray(one.met, ~one.judged)
    for word, variant in (("before", pair.before), ("after", pair.after)):
        columns[f"desert_{word}"] = variant.assessment.desert >= 0
    return gpd.GeoDataFrame(columns, geometry=cell_shapes(demand), crs=pair.before.world.crs)


def _as_result(comparison: Comparison) -> Result:
    """Return the two as the baseline and the variant of one result, for maps."""
    pair = comparison.pair
    world = pair.after.world
    if world.crs != pair.before.world.crs:  # drawn where the first one lies
        world = replace(pair.before.world, demand=replace(pair.before.world.demand, people=world.demand.people))
    here = pair.before.world.demand
    demand = replace(world.demand, district=here.district, x_m=here.x_m, y_m=here.y_m)
    after = replace(pair.after, world=replace(world, demand=demand, districts=pair.before.world.districts))
    told = tuple(f"{one.what}: {one.before or '–'} → {one.after or '–'}" for one in comparison.differences)
    title = " → ".join(comparison.names)
    return Result(title, (pair.before, replace(after, edits=told)), Provenance())


def _names(saved: tuple[Saved, Saved], variants: tuple[str, str]) -> tuple[str, str]:
    """Return short names that tell the two apart."""
    folders = [one.out.resolve() for one in saved]
    short = [folder.name for folder in folders]
    if short[0] == short[1] and folders[0] != folders[1]:
        short = [f"{folder.parent.name}/{folder.name}" for folder in folders]
    if short[0] == short[1] and folders[0] != folders[1]:
        short = [str(folder) for folder in folders]
    full = [
        name if variant == BASELINE else f"{name}: {variant}" for name, variant in zip(short, variants, strict=True)
    ]
    return full[0], full[1]


def _not_compared(old: Variant, new: Variant) -> list[str]:
    """Say which requirements, groups and desert tests are only in one of the two."""
    notes = []
    for word, one, other in (("first", old, new), ("second", new, old)):
        only = [key for key in one.assessment.verdicts if key not in other.assessment.verdicts]
        if only:
            notes.append(f"only the {word} judges {', '.join(only)}: not compared")
        groups = [group for group in one.world.demand.groups if group not in other.world.demand.groups]
        if groups:
            notes.append(f"only the {word} counts {', '.join(groups)}: not compared")
    if (old.assessment.standard.desert is None) != (new.assessment.standard.desert is None):
        notes.append("only one of them has a desert test: life deserts are not compared")
    return notes
