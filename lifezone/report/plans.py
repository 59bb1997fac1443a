"""The files of a plan: ``plan.json`` (the contract), ``plan.csv``, ``who.csv``, ``candidates.csv`` …; a folder of them.

``plan.json`` holds amounts in seconds or metres, as the plan was made with; tables that people open are in minutes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

import lifezone
from lifezone.model import CandidateGain, Effect, LaterYear, Planned, Plans, SiteUse, WhoRow
from lifezone.progress import SILENT, Progress
from lifezone.report.disclosure import NOTE
from lifezone.report.fronts import front_data, write_front
from lifezone.report.names import variant_folder
from lifezone.report.portfolio import portfolio_data, write_portfolio
from lifezone.report.sheets import write_table
from lifezone.report.swap import MANIFEST, PROGRAM, file_hash, folder_files, replace_folder

__all__ = [
    "DIFFERS", "amounts_in", "found_so_far", "plan_data", "plan_summary", "site_rows", "write_plan", "write_plans",
]  # fmt: skip

DIFFERS: Final = {"plan.json": ["seconds"]}
"""Files of a plan, and their fields that differ between two runs of the same study."""
_FORMAT: Final = 1


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
        "rules": [
            {"kind": rule.kinds[0], "mode": rule.mode, "metric": rule.metric, "bound": rule.bound,
             "direction": rule.direction}
            for rule in found.rules
        ],
        "audit": [
            {"claim": claim.what, "claimed": _number(claim.claimed), "recomputed": _number(claim.found), "ok": claim.ok}
            for claim in plan.audit
        ],
        "sites": [
            _finite(asdict(use)) | {"later": {str(one.year): one.use[at] for one in found.later if one.use is not None}}
            for at, use in enumerate(found.sites)
        ],
        "later": [_later_data(one) for one in found.later],
        "extra_travel": [asdict(extra) for extra in found.extra],
        **({"goals": {goal.name: goal.value for goal in plan.goals}, "front": front_data(found),
            "front_is_whole": plan.whole} if plan.front else {}),
        "reasons": list(plan.reasons),
        "reasons_ko": list(plan.reasons_ko),
        "notes": list(found.notes),
        **({} if found.portfolio is None else portfolio_data(found.portfolio)),
    } | _robust_data(found)  # fmt: skip


def _robust_data(found: Planned) -> dict[str, Any]:
    """Return how a plan holds under other states of the world, where that was asked."""
    data: dict[str, Any] = {}
    if found.plan.robust:
        data["robust"] = found.plan.robust
    if found.plan.judged:
        data["scenarios"] = [{key: _number(value) if isinstance(value, float) else value
                              for key, value in asdict(one).items()} for one in found.plan.judged]  # fmt: skip
    if found.chosen_share:
        data["chosen_share"] = dict(found.chosen_share)
    return data


def _later_data(later: LaterYear) -> dict[str, Any]:
    """Return a later year without the use of sites, which stands with them."""
    told = {field.name: getattr(later, field.name) for field in fields(later) if field.name != "use"}
    told = {name: _number(value) if isinstance(value, float) else value for name, value in told.items()}
    return told | {"still_best": later.is_best, "opened": list(later.opened), "closed": list(later.closed),
                   "notes": list(later.notes)}  # fmt: skip


def plan_summary(found: Planned) -> dict[str, Any]:
    """Return the few figures by which a manifest tells of a plan, and two results are compared."""
    data = plan_data(found)
    return {key: data[key] for key in ("method", "kind", "opened", "closed", "objective", "unit", "bound", "gap",
                                       "status")}  # fmt: skip


def amounts_in(found: Planned) -> tuple[float, str]:
    """Return how many of the plan's amounts make one that people read, and its unit: minutes or metres."""
    return (60.0, "minutes") if found.is_timed else (1.0, "metres")


def site_rows(found: Planned) -> tuple[list[str], list[list[Any]]]:
    """Return head and rows of ``plan.csv``: every site that stands before or with the plan; minutes, not seconds."""
    scale, unit = amounts_in(found)
    amounts = {"mean": f"mean_{unit}", "worst": f"worst_{unit}"}
    names = [field.name for field in fields(SiteUse)]
    head = [*(amounts.get(name, name) for name in names), *(f"people_{one.year}" for one in found.later)]
    rows = []
    for at, use in enumerate(found.sites):
        row = [_scaled(getattr(use, name), scale) if name in amounts else getattr(use, name) for name in names]
        rows.append([*row, *(None if one.use is None else one.use[at] for one in found.later)])
    return head, rows


def write_plan(found: Planned, folder: Path, *, maps: bool = True) -> None:
    """Write the files of a plan into a variant's folder; of a portfolio also its projects, years and schedule."""
    text = json.dumps(plan_data(found), ensure_ascii=False, indent=2, allow_nan=False)
    (folder / "plan.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    if found.portfolio is not None:
        write_portfolio(found.portfolio, folder, drawn=maps)
        return
    write_table(folder / "plan.csv", *site_rows(found))
    write_front(found, folder)
    names = [field.name for field in fields(WhoRow)]
    write_table(folder / "who.csv", names, ([getattr(row, name) for name in names] for row in found.who))
    if found.extra:
        write_table(folder / "extra_travel.csv", *_extra_rows(found))
    if found.candidates:
        write_table(folder / "candidates.csv", *_candidate_rows(found))


def _candidate_rows(found: Planned) -> tuple[list[str], Iterator[list[Any]]]:
    """Return head and rows of ``candidates.csv``: what each candidate would do alone, the best first."""
    scale, unit = amounts_in(found)
    names = [field.name for field in fields(CandidateGain)]
    head = [f"person_{unit}_saved" if name == "saved" else name for name in names]
    return head, (
        [one.saved / scale if name == "saved" else getattr(one, name) for name in names] for one in found.candidates
    )


def _extra_rows(found: Planned) -> tuple[list[str], Iterator[list[Any]]]:
    """Return head and rows of ``extra_travel.csv``: every demand point whose facility closes."""
    scale, unit = amounts_in(found)
    groups = [group for group in found.effects[0].world.demand.groups if group in found.effects[0].groups]
    head = ["kind", "id", "district", *(f"people_{group}" for group in groups), "facility_before", "facility_after"]
    head += [f"{unit}_before", f"{unit}_after", f"extra_{unit}", "within_before", "within_after"]
    return head, (row for effect in found.effects for row in _displaced(effect, groups, scale))


def _displaced(effect: Effect, groups: Sequence[str], scale: float) -> Iterator[list[Any]]:
    """Yield a row for every demand point whose facility closes."""
    demand, ids, units = effect.world.demand, effect.facilities.ids, effect.world.districts.ids
    bounded = effect.rule.bound is not None
    within = (effect.within_before, effect.within_after) if bounded else (None, None)
    for p in effect.displaced.tolist():
        now = int(effect.to_site[p])
        before, after = float(effect.before[p]), float(effect.after[p])
        yield [
            effect.kind, demand.ids[p], units[demand.district[p]], *(float(demand.of(group)[p]) for group in groups),
            ids[effect.from_site[p]], ids[now] if now >= 0 else None, _scaled(before, scale), _scaled(after, scale),
            _scaled(after - before, scale), *(None if one is None else bool(one[p]) for one in within),
        ]  # fmt: skip


def write_plans(result: Plans, out: Path, *, progress: Progress = SILENT, disclose: bool = False) -> None:
    """Write the plans of ``lifezone siting`` and put the folder in the place of ``out`` as a whole."""
    replace_folder(out, lambda folder: _fill(result, folder, progress, disclose))


def _fill(result: Plans, folder: Path, progress: Progress, disclose: bool) -> None:
    """Write everything into an empty folder, the manifest last."""
    (folder / "scenario.resolved.yaml").write_text(result.provenance.scenario_yaml, encoding="utf-8", newline="\n")
    for name, _, found in result.plans:
        (folder / variant_folder(name)).mkdir()
        write_plan(found, folder / variant_folder(name), maps=result.maps)
    drawn = _fill_more(result, folder, progress, disclose)
    apart = [f"{variant_folder(name)}/{file}" for name, _, _ in result.plans for file in DIFFERS]
    provenance = result.provenance
    hashes = {name: file_hash(folder / name) for name in folder_files(folder) if name != MANIFEST}
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
        "variants": [
            {"name": name, "edits": list(told), "plan": plan_summary(found), "maps": drawn.get(name, [])}
            for name, told, found in result.plans
        ],
        "disclosure": NOTE,
        "differs_between_runs": {name: DIFFERS[Path(name).name] for name in apart},
        "files": {name: value for name, value in hashes.items() if name not in apart},
        "run": {**provenance.run, "files": {name: hashes[name] for name in apart}},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")


def _fill_more(result: Plans, folder: Path, progress: Progress, disclose: bool) -> dict[str, list[str]]:
    """Write layers, workbook and maps where they are asked for; returns the maps by variant."""
    placed = replace(result, plans=tuple(one for one in result.plans if _has_places(one[2])))
    plans = [(name, found) for name, _, found in placed.plans if found.effects]
    if "gpkg" in result.layers and plans:
        from lifezone.report.plan_layers import write_plan_layers  # noqa: PLC0415

        with progress.step("writing GeoPackage"):
            write_plan_layers(plans, folder / "result.gpkg")
    if "xlsx" in result.layers:
        from lifezone.report.plan_workbook import write_plan_workbook  # noqa: PLC0415

        write_plan_workbook(result, folder, disclose=disclose)
    if not result.maps:
        return {}
    from lifezone.report.maps.plan import draw_plans  # noqa: PLC0415  (matplotlib is slow to load)

    return draw_plans(placed, folder, progress=progress, disclose=disclose)


def _has_places(found: Planned) -> bool:
    """Tell whether it is known where the people and sites of a plan are, so that they can be drawn."""
    return all(
        np.isfinite(effect.world.demand.x_m).all() and np.isfinite(effect.facilities.x_m[effect.sites]).all()
        for effect in found.effects
    )


def _scaled(value: float | None, scale: float) -> float | None:
    """Return an amount in the unit that people read, rounded to a millionth; None where there is none."""
    return None if value is None or not math.isfinite(value) else round(value / scale, 6)


def found_so_far(best: float, bound: float, *, front: bool = False) -> str:
    """Return the best plan so far, the bound and the gap in a few words.

    Of a front it is told how many points are found, and the gap of the last one (``pareto`` tells these two).
    """
    if front:
        proof = "proved" if bound == 0 else f"gap {bound:.2%}" if math.isfinite(bound) else "no bound yet"
        return f"points of the front found: {best:.0f}; the last one: {proof}"
    if not math.isfinite(best):
        return f"no plan yet, none better than {bound:,.6g}" if math.isfinite(bound) else "no plan yet"
    if not math.isfinite(bound):
        return f"best {best:,.6g}"
    gap = abs(best - bound) / abs(best) if best else 0.0 if best == bound else math.inf
    return f"best {best:,.6g}, bound {bound:,.6g}, gap {gap:.2%}"


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with null for whatever is not finite, such as the place of a site that none is told of."""
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()}


def _number(value: float) -> float | None:
    """Return a finite number or None."""
    return float(value) if math.isfinite(value) else None
