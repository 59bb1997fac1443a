"""``plan.json`` and ``plan.csv``: what a plan opens and closes, how good it is at best, and its audit."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

import lifezone
from lifezone.model import Planned, Plans, SiteUse
from lifezone.report.names import variant_folder
from lifezone.report.pages import Lines, show
from lifezone.report.sheets import write_table
from lifezone.report.swap import MANIFEST, PROGRAM, file_hash, folder_files, replace_folder

__all__ = ["found_so_far", "plan_data", "print_plans", "write_plan", "write_plans"]

_FORMAT: Final = 1
_MOST_SITES: Final = 20


def plan_data(found: Planned) -> dict[str, Any]:
    """Return a plan as plain data; what is not defined is null."""
    plan = found.plan
    return {
        "method": plan.method,
        "kind": found.kind,
        "opened": list(found.opened),
        "closed": list(found.closed),
        "objective": _number(plan.objective),
        "unit": plan.unit,
        "bound": _number(plan.bound),
        "gap": _number(plan.gap),
        "status": plan.status,
        "seconds": round(plan.seconds, 3),
        "people": found.people,
        "unreached": found.unreached,
        "audit": [
            {"claim": claim.what, "claimed": _number(claim.claimed), "recomputed": _number(claim.found), "ok": claim.ok}
            for claim in plan.audit
        ],
        "sites": [asdict(use) for use in found.sites],
        "reasons": list(plan.reasons),
        "reasons_ko": list(plan.reasons_ko),
        "notes": list(found.notes),
    }


def write_plan(found: Planned, folder: Path) -> None:
    """Write ``plan.json`` and ``plan.csv`` into a variant's folder."""
    text = json.dumps(plan_data(found), ensure_ascii=False, indent=2, allow_nan=False)
    (folder / "plan.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    names = [field.name for field in fields(SiteUse)]
    write_table(folder / "plan.csv", names, ([getattr(use, name) for name in names] for use in found.sites))


def write_plans(result: Plans, out: Path) -> None:
    """Write the plans of ``lifezone siting`` and put the folder in the place of ``out`` as a whole."""
    replace_folder(out, lambda folder: _fill(result, folder))


def _fill(result: Plans, folder: Path) -> None:
    """Write everything into an empty folder, the manifest last."""
    (folder / "scenario.resolved.yaml").write_text(result.provenance.scenario_yaml, encoding="utf-8", newline="\n")
    for name, _, found in result.plans:
        (folder / variant_folder(name)).mkdir()
        write_plan(found, folder / variant_folder(name))
    provenance = result.provenance
    manifest = {
        "program": PROGRAM,
        "format": _FORMAT,
        "version": lifezone.__version__,
        "part": "siting",
        "scenario": {"name": result.name, "seed": provenance.seed, "resolved": "scenario.resolved.yaml"},
        "inputs": [dict(sorted(entry.items())) for entry in provenance.inputs],
        "options": dict(sorted(provenance.options.items())),
        "versions": dict(sorted(provenance.versions.items())),
        "warnings": list(provenance.warnings),
        "variants": [{"name": name, "edits": list(told)} for name, told, _ in result.plans],
        "files": {name: file_hash(folder / name) for name in folder_files(folder) if name != MANIFEST},
        "run": provenance.run,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def plan_lines(found: Planned) -> list[str]:
    """Return a plan in a few lines."""
    plan = found.plan
    if plan.status == "infeasible":
        return [f"{plan.method} of {found.kind}: no plan keeps every rule", *(f"  {text}" for text in plan.reasons)]
    if plan.status == "unknown":
        return [f"{plan.method} of {found.kind}: no plan was found in time", *(f"  {text}" for text in plan.reasons)]
    how = "proved best" if plan.status == "optimal" else f"at most {plan.gap:.2%} from the best possible"
    lines = [f"{plan.method} of {found.kind}: {plan.objective:,.6g} {plan.unit}, {how} (bound {plan.bound:,.6g})"]
    for word, ids in (("open", found.opened), ("close", found.closed)):
        if ids:
            lines.append(f"  {word}: {', '.join(ids[:_MOST_SITES])}{' …' if len(ids) > _MOST_SITES else ''}")
    if found.unreached:
        lines.append(f"  {found.unreached:,.0f} of {found.people:,.0f} people can be reached from no site")
    lines.append(f"  audit: {len(plan.audit)} claims recomputed from the travel times, all hold")
    return [*lines, *(f"  {text}" for text in (*plan.reasons, *found.notes))]


def print_plans(result: Plans, out: Path) -> None:
    """Print the plans and where the files are."""
    pages = [Lines(name, tuple(plan_lines(found))) for name, _, found in result.plans]
    show([*pages, Lines("files", (f"written to {out}",))])


def found_so_far(best: float, bound: float) -> str:
    """Return the best plan so far, the bound and the gap in a few words."""
    if not math.isfinite(best):
        return f"no plan yet, none better than {bound:,.6g}" if math.isfinite(bound) else "no plan yet"
    if not math.isfinite(bound):
        return f"best {best:,.6g}"
    gap = abs(best - bound) / abs(best) if best else 0.0 if best == bound else math.inf
    return f"best {best:,.6g}, bound {bound:,.6g}, gap {gap:.2%}"


def _number(value: float) -> float | None:
    """Return a finite number or None."""
    return float(value) if math.isfinite(value) else None
