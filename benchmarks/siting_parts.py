"""The parts of ``python -m benchmarks.siting``."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.duel import Side, duel, ratio_of
from benchmarks.measure import timed
from benchmarks.networks import ROOT, make_synthetic
from benchmarks.pmed import CENTERS, MEDIANS, pmed
from benchmarks.province import county, province
from benchmarks.siting_rivals import PLAIN, SPOPT, has_spopt, plain_cover, plain_median, spopt_value
from lifezone.model import Floats, Plan
from lifezone.siting import FREE, Pairs, Problem, marginal_coverage, solve

__all__ = ["county_part", "marginal_part", "pmed_part", "province_part", "rivals_part"]

RIVAL_LIMIT_S: Final = 120.0
SIZES: Final = {"set_cover": (200, 500, 1000, 2000), "max_cover": (200, 500, 1000, 2000), "p_median": (50, 100),
                "p_center": (50,)}  # fmt: skip
QUICK: Final = {"set_cover": 200, "max_cover": 200, "p_median": 50, "p_center": 0}
"""Largest rival instances of a quick look."""
PROVINCE: Final = (100_000, 10_000)
SMALL_PROVINCE: Final = (5_000, 500)
NEAREST: Final = {20: 1600, 50: 800, 200: 400}
"""Candidates nearest to each point that a p-median looks at, by the number of sites."""
BOUND: Final = 900.0


def rivals_part(*, quick: bool) -> dict[str, Any]:
    """Let spopt, the plain model and lifezone answer the same questions, taking turns."""
    told: dict[str, Any] = {}
    for method, sizes in SIZES.items():
        for n in sizes:
            if quick and n > QUICK[method]:
                continue
            costs, people = _square(n)
            choose = max(3, n // 50)
            bound = _coverable(costs)
            told |= _duel(method, n, costs, people, bound, choose)
    return told


def _square(n: int) -> tuple[Floats, Floats]:
    """Return travel seconds between n points and n candidates on invented roads, and people."""
    question = province(n, n)
    costs = np.full((question.n_rows, n), np.inf)
    costs[question.pairs.row, question.pairs.site] = question.pairs.cost
    return costs, question.people


def _coverable(costs: Floats) -> float:
    """Return a bound that covers everybody by several candidates: whole minutes above the worst nearest time."""
    return float(np.ceil(costs.min(axis=1).max() / 60.0) * 60.0)


def _duel(method: str, n: int, costs: Floats, people: Floats, bound: float, choose: int) -> dict[str, Any]:
    """Return ratios over each rival that answers."""
    limits = {"set_cover": (bound, None), "max_cover": (bound / 2, choose)}
    within, number = limits.get(method, (float("inf"), choose))

    def ours() -> Plan:
        row, site = np.nonzero(costs <= within)
        pairs = Pairs.of(row, site, costs[row, site], *costs.shape)
        asked = Problem(pairs, people, np.zeros(n, np.bool_), np.full(n, FREE, np.int8), bound=within, choose=number)
        return solve(asked, method, time_limit=RIVAL_LIMIT_S)

    sides = [Side(f"lifezone.siting.solve, {method}", ours)]
    if has_spopt():
        sides.append(Side(SPOPT, lambda: spopt_value(method, costs, people, within, choose, RIVAL_LIMIT_S)))
    if method.endswith("cover"):
        sides.append(Side(PLAIN, lambda: plain_cover(method, costs, people, within, choose, RIVAL_LIMIT_S)))
    elif method == "p_median":
        sides.append(Side(PLAIN, lambda: plain_median(costs, people, choose, RIVAL_LIMIT_S)))
    mine, *others = duel(*sides, rounds=1 if n >= 1000 else 3)
    plan = mine.made
    told = {}
    for other in others:
        name = f"{method}_{n}_vs_{'spopt' if other.side.function == SPOPT else 'plain'}"
        same = other.made is not None and abs(other.made - plan.objective) <= 1e-6 * max(1.0, abs(plan.objective))
        told[name] = ratio_of(
            mine, other, equal=same, unit="the same optimum", objective=plan.objective, status=plan.status,
            gap=plan.gap, rival_objective=other.made, bound_s=within, choose=number,
        )  # fmt: skip
    return told


def pmed_part(*, quick: bool) -> dict[str, Any] | None:
    """Solve the OR-Library's p-medians and p-centers, with proof."""
    folder = _data() / "verification" / "pmed"
    if not folder.is_dir():
        return None
    told: dict[str, Any] = {}
    for number in range(1, 6 if quick else 21):
        question = pmed(folder, number)
        for method, known in (("p_median", MEDIANS), ("p_center", CENTERS)):
            timing, plan = timed(lambda q=question, m=method: solve(q, m, time_limit=RIVAL_LIMIT_S))
            told[f"pmed{number}_{method}"] = _plan(plan, timing) | {"known": known[number - 1]}
    return told


def _plan(plan: Plan, timing: Any) -> dict[str, Any]:
    """Return what is told of a plan."""
    return {
        "objective": plan.objective, "bound": plan.bound, "gap": plan.gap, "status": plan.status,
        "seconds": timing.median_s, "cpu_s": round(timing.cpu_s, 2), "peak_mib": timing.peak_mib,
        "audit": all(claim.ok for claim in plan.audit) and bool(plan.audit),
    }  # fmt: skip


def county_part(*, quick: bool) -> dict[str, Any] | None:
    """Ask about every cell and every junction of two real places."""
    told: dict[str, Any] = {}
    for place in ("porto_alegre", "andorra"):
        building, question = timed(lambda name=place: county(_data(), name, every=50 if quick else 1))
        if question is None:
            continue
        told[place] = {
            "cells": question.n_rows, "candidates": question.n_sites, "pairs": len(question.pairs.cost),
            "travel_times": {"seconds": building.median_s, "cpu_s": round(building.cpu_s, 2),
                             "peak_mib": building.peak_mib},
        }  # fmt: skip
        asked = {"max_cover": (300.0, 5), "p_median": (float("inf"), 10), "set_cover": (900.0, None)}
        for method, (bound, choose) in asked.items():
            timing, plan = timed(lambda m=method, b=bound, c=choose, q=question: solve(
                replace(q, bound=b, choose=c), m, time_limit=120.0))  # fmt: skip
            told[place][method] = _plan(plan, timing) | {"reasons": list(plan.reasons)}
        timing, _ = timed(lambda q=question: marginal_coverage(replace(q, bound=300.0)))
        told[place]["marginal"] = {"seconds": timing.median_s, "peak_mib": timing.peak_mib}
    return told or None


def province_part(*, quick: bool) -> dict[str, Any]:
    """Ask about a province: p-medians, each over the candidates nearest to every point, and coverage."""
    n_points, n_sites = SMALL_PROVINCE if quick else PROVINCE
    make_synthetic(n_points)
    told: dict[str, Any] = {"points": n_points, "candidates": n_sites}
    for choose, nearest in NEAREST.items():
        near = max(200, nearest * n_sites // PROVINCE[1])
        building, question = timed(lambda k=near: province(n_points, n_sites, nearest=k))
        timing, plan = timed(lambda q=question, p=choose: solve(replace(q, choose=p), "p_median", time_limit=240.0))
        told[f"p_median_{choose}"] = _plan(plan, timing) | {
            "pairs": len(question.pairs.cost), "reasons": list(plan.reasons),
            "travel_times_s": building.median_s, "travel_times_cpu_s": round(building.cpu_s, 2),
        }  # fmt: skip
        del question
    return told


def marginal_part(*, quick: bool) -> dict[str, Any]:
    """Tell what every candidate of the province would do alone, and cover it."""
    n_points, n_sites = SMALL_PROVINCE if quick else PROVINCE
    make_synthetic(n_points)
    building, question = timed(lambda: province(n_points, n_sites, reach_s=BOUND))
    timing, _ = timed(lambda: marginal_coverage(question))
    told: dict[str, Any] = {
        "points": n_points, "candidates": n_sites, "pairs": len(question.pairs.cost), "bound_s": BOUND,
        "travel_times_s": building.median_s, "travel_times_cpu_s": round(building.cpu_s, 2),
        "marginal_s": timing.median_s, "peak_mib": max(building.peak_mib or 0.0, timing.peak_mib or 0.0),
    }  # fmt: skip
    for method, choose in (("max_cover", 20), ("max_cover", 100), ("set_cover", None)):
        if method == "set_cover":  # those whom no candidate covers are left out
            question = replace(question, people=question.people * question.reachable)
        timing, plan = timed(lambda q=question, m=method, c=choose: solve(replace(q, choose=c), m, time_limit=120.0))
        told[f"{method}_{choose}" if choose else method] = _plan(plan, timing) | {"reasons": list(plan.reasons)}
    return told


def _data() -> Path:
    """Return the folder of real data, which may not be there."""
    named = os.environ.get("LIFEZONE_SHARED")
    return (Path(named) if named else ROOT.parent / "shared") / "data"
