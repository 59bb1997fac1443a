"""``manifest.json``: what was computed from what, how many people each caveat concerns, and the hash of every file.

Everything but the section ``run`` (times, host, timings) is the same for the same scenario, inputs and seed.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

import lifezone
from lifezone.model import Reason, Requirement, Result, Standard, Variant, Verdicts
from lifezone.progress import peak_mib
from lifezone.report import disclosure
from lifezone.report.names import variant_folder
from lifezone.report.plans import DIFFERS, plan_summary
from lifezone.report.swap import MANIFEST, PROGRAM, file_hash, folder_files
from lifezone.report.zones.page import zoning_notes
from lifezone.standards.judge import effective_group
from lifezone.standards.summary import assessed as is_assessed

__all__ = ["manifest_of", "write_manifest"]

_FORMAT: Final = 1


def write_manifest(result: Result, folder: Path, maps: dict[str, Any]) -> None:
    """Write the manifest of everything that already stands in ``folder``."""
    manifest = manifest_of(result, maps)
    hashes = {name: file_hash(folder / name) for name in folder_files(folder) if name != MANIFEST}
    apart = manifest.get("differs_between_runs", {})
    manifest["files"] = {name: value for name, value in hashes.items() if name not in apart}
    own = {"files": {name: hashes[name] for name in apart}} if apart else {}
    manifest["run"] = _plain({**result.provenance.run, "peak_mib": peak_mib(), **own})
    text = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def manifest_of(result: Result, maps: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest without ``files`` and ``run``.

    Args:
        result: the finished run.
        maps: per variant, which maps were drawn and which are unchanged from the baseline.
    """
    provenance, baseline = result.provenance, result.baseline
    assessed = baseline.assessment.verdicts
    standard = baseline.assessment.standard
    manifest = {
        "program": PROGRAM,
        "format": _FORMAT,
        "version": lifezone.__version__,
        "scenario": {"name": result.name, "seed": provenance.seed, "resolved": "scenario.resolved.yaml"},
        "crs": baseline.world.crs,
        "standard": _standard(standard),
        "inputs": [dict(sorted(entry.items())) for entry in provenance.inputs],
        "options": dict(sorted(provenance.options.items())),
        "versions": dict(sorted(provenance.versions.items())),
        "people": _people(baseline),
        "modelled": {"demand": baseline.world.demand.modelled, "network": baseline.world.network.modelled},
        "estimated_groups": list(baseline.world.demand.estimated),
        "districts": _districts(baseline),
        "not_assessed": [key for key, verdicts in assessed.items() if not is_assessed(verdicts)],
        "no_figure": [rule.id for rule in standard.requirements if rule.bound is None],
        "parts": list(provenance.parts),
        "ferries": list(provenance.ferries),
        "notes": _notes(baseline),
        "warnings": list(provenance.warnings),
        "variants": [_variant(variant, maps.get(variant.name, {}), standard) for variant in result.variants],
        "disclosure": disclosure.NOTE,
    }
    plans = [variant for variant in result.variants if variant.planned is not None]
    if plans:
        manifest["differs_between_runs"] = {
            f"{variant_folder(variant.name)}/{file}": keys for variant in plans for file, keys in DIFFERS.items()
        }
    plain: dict[str, Any] = _plain(manifest)
    return plain


def _standard(standard: Standard) -> dict[str, Any]:
    """Tell the rules that were judged by, in their order, with their sources."""
    desert = standard.desert
    return {
        "id": standard.id,
        "name": standard.name_ko,
        "name_en": standard.name_en,
        "note": standard.note,
        "requirements": [_requirement(rule) for rule in standard.requirements],
        "desert": None if desert is None else asdict(desert),
        "not_computed": dict(standard.not_computed),
        "items": [asdict(item) for item in standard.items],
        "designations": [asdict(designation) for designation in standard.designations],
    }


def _requirement(rule: Requirement) -> dict[str, Any]:
    fields = asdict(rule)
    fields["bound_unit"] = "s" if rule.metric == "time" else "m"
    return dict(sorted(fields.items()))


def _people(variant: Variant) -> dict[str, Any]:
    """Tell people in and out: as read, as loaded, and inside the study area by group."""
    demand = variant.world.demand
    inside = demand.inside
    total = float(demand.total.sum())
    in_area = float(demand.total[inside].sum())
    return {
        "read": demand.people_read,
        "loaded": total,
        "in_area": in_area,
        "beyond_area": total - in_area,
        "points_loaded": demand.n_points,
        "points_in_area": int(inside.sum()),
        "in_area_by_group": {group: float(demand.of(group)[inside].sum()) for group in demand.groups},
    }


def _districts(variant: Variant) -> list[dict[str, Any]]:
    units, demand = variant.world.districts, variant.world.demand
    inside = demand.inside
    people = np.bincount(demand.district[inside], weights=demand.total[inside], minlength=len(units.ids))
    names_en = units.name_en or units.name
    return [
        {"id": unit, "name": name, "name_en": english, "people": float(count)}
        for unit, name, english, count in zip(units.ids, units.name, names_en, people, strict=True)
    ]


def _notes(variant: Variant) -> dict[str, list[str]]:
    world = variant.world
    return {
        "network": list(world.network.notes),
        "demand": list(world.demand.notes),
        "facilities": list(world.facilities.notes),
        "world": list(world.notes),
    }


def _variant(variant: Variant, maps: Any, own: Standard) -> dict[str, Any]:
    """Tell one variant: edits, its standard where it is not the run's ``own``, people per verdict, deserts, maps."""
    assessment = variant.assessment
    demand = variant.world.demand
    groups = {rule.id: effective_group(rule, demand)[0] for rule in assessment.standard.requirements}
    return {
        "name": variant.name,
        "folder": variant_folder(variant.name),
        **({"title": {"ko": variant.title_ko, "en": variant.title_en}} if variant.title_ko or variant.title_en else {}),
        "edits": list(variant.edits),
        **({} if variant.assessment.standard is own else {"standard": _standard(variant.assessment.standard)}),
        "requirements": {key: _counts(variant, verdicts, groups[key]) for key, verdicts in assessment.verdicts.items()},
        "deserts": _deserts(variant),
        **({} if variant.planned is None else {"plan": plan_summary(variant.planned)}),
        "warnings": list(assessment.warnings),
        "maps": maps,
        **({} if variant.zoning is None else {
            "zoning": list(zoning_notes(variant.zoning)), "zoning_ko": list(zoning_notes(variant.zoning, "ko")),
        }),
    }  # fmt: skip


def _counts(variant: Variant, verdicts: Verdicts, group: str) -> dict[str, Any]:
    """Count the group's people of the area per reason and per caveat."""
    demand = variant.world.demand
    inside = demand.inside
    people = demand.of(group)[inside]
    reason, judged = verdicts.reason[inside], verdicts.judged[inside]
    counts: dict[str, Any] = {"group": group, "judged": float(people[judged].sum())}
    for why in Reason:
        counts[why.name.lower()] = float(people[reason == why].sum())
    counts["uncertain"] = float(people[judged & verdicts.uncertain[inside]].sum())
    counts["uncertified"] = float(people[judged & ~verdicts.certified[inside]].sum())
    counts["hangs_on_access"] = float(people[judged & verdicts.hangs_on_access[inside]].sum())
    return counts


def _deserts(variant: Variant) -> dict[str, Any] | None:
    assessment = variant.assessment
    if assessment.standard.desert is None:
        return None
    at = variant.world.demand.groups.index("total")
    named = [desert for desert in assessment.deserts if desert.named]
    scattered = [desert for desert in assessment.deserts if not desert.named]
    return {
        "named": len(named),
        "people_in_named": sum(desert.people[at] for desert in named),
        "scattered": len(scattered),
        "people_in_scattered": sum(desert.people[at] for desert in scattered),
    }


def _plain(value: Any) -> Any:
    """Return plain data for JSON: no numpy, nothing that is not finite, text keys."""
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
