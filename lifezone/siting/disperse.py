"""p-dispersion: chains that must keep apart (Kuby 1987).

    max d   subject to (1), (2), (3), (9), (10), and d_jk ≥ d for any two sites that stand

d is one of the separations. The largest for which p sites still fit is found by halving the sorted separations, each
step a packing of sites with rule (14): no two nearer than d (Erkut 1990; Sayah and Irnich 2017). What is proved
impossible bounds the answer, also when the time ends. Sites that stand anyway count with every site that is chosen, but
not with each other: that separation is not in question. Sites without a way between them are apart by any measure.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.model import Bools, Floats
from lifezone.siting.family import ruled_sites
from lifezone.siting.found import Found, infeasible, read
from lifezone.siting.milp import Model, Tell
from lifezone.siting.problem import FREE, SHUT, Problem
from lifezone.siting.stop import Clock

__all__ = ["p_dispersion", "separation"]


def separation(problem: Problem, standing: Bools) -> float:
    """Return the least separation of two sites that stand, settled pairs left out; inf = no two have a way between."""
    between = problem.between
    if between is None:
        return float("inf")
    both = between.open_to_choice(problem) & standing[between.a] & standing[between.b]
    return float(between.cost[both].min()) if both.any() else float("inf")


def p_dispersion(
    problem: Problem, *, time_limit: float | None = None, tell: Tell | None = None, seed: int = 0
) -> Found:
    """Find the ``choose`` sites that keep farthest apart."""
    clock = Clock(time_limit)
    between = problem.between
    if between is None:
        return infeasible(
            "there are no separations between sites: give them (between:)",
            korean="시설 사이의 거리가 없습니다. between: 을 넣으십시오",
        )
    problem = replace(problem, at_most=False)
    impossible = _impossible(problem)
    if impossible:
        return infeasible(impossible[0], korean=impossible[1])
    levels = np.append(np.unique(between.cost[between.open_to_choice(problem)]), np.inf)
    best = _farthest_first(problem) if problem.is_plain and problem.choose is not None else np.zeros(0, np.bool_)
    low = int(np.searchsorted(levels, separation(problem, best))) if len(best) else -1
    high = len(levels)
    while high - low > 1:
        middle = (low + high) // 2
        found = Found("unknown", best, np.nan)
        if clock.left_s() > 0:
            found = _packed(problem, float(levels[middle]), clock.limit_s(), seed)
        if found.status == "infeasible":
            high = middle
        elif found.status == "unknown":
            return Found("feasible" if len(best) else "unknown", best, float(levels[high - 1]))
        else:
            best = found.standing
            low = max(middle, int(np.searchsorted(levels, separation(problem, best))))
        if tell is not None and low >= 0:
            tell(float(levels[low]), float(levels[high - 1]))
    if not len(best):
        return infeasible()
    return Found("optimal", best, float(levels[low]))


def _impossible(problem: Problem) -> tuple[str, str] | None:
    """Say in English and Korean why there can be no answer; None = there may be one."""
    if problem.choose is None and not problem.choose_each:
        return (
            "p_dispersion needs a number of sites: choose two or more",
            "p_dispersion에는 몇 곳을 고를지 정해야 합니다. choose를 2 이상으로 하십시오",
        )
    if problem.choose is not None:
        may = int(((problem.fixed != SHUT) & ~problem.open_now).sum())
        if problem.choose > may:
            return (
                f"{problem.choose} sites are to open, but only {may} may",
                f"{problem.choose}곳을 열라고 했으나 열 수 있는 곳은 {may}곳입니다",
            )
        if problem.choose + int(problem.open_now.sum()) < 2:
            return (
                "one site alone has nothing to keep apart from: choose two or more",
                "한 곳뿐이면 떨어져 있을 상대가 없습니다. choose를 2 이상으로 하십시오",
            )
    return None


def _packed(problem: Problem, least: float, time_limit: float | None, seed: int) -> Found:
    """Return sites no two of which are nearer than ``least``, or that there are none."""
    model = Model()
    y, taken = ruled_sites(model, replace(problem, apart=max(least, problem.apart)))
    return read(model.solve(time_limit=time_limit, seed=seed), y, assigned=taken)


def _farthest_first(problem: Problem) -> Bools:
    """Return bool[S] a fair start: each next site is the one farthest from all that stand (Gonzalez 1985)."""
    far = _square(problem)
    stands = problem.standing | ((problem.fixed == FREE) & problem.open_now)
    free = (problem.fixed == FREE) & ~problem.open_now
    wanted = (problem.choose or 0) - int((problem.standing & ~problem.open_now).sum())
    if wanted > 1 and not stands.any():
        both = np.where(np.outer(free, free), far, -1.0)
        np.fill_diagonal(both, -1.0)
        pair = np.unravel_index(int(both.argmax()), both.shape)
        stands[list(pair)] = True
        wanted -= 2
    for _ in range(max(wanted, 0)):
        least = far[:, stands].min(axis=1, initial=np.inf)
        stands[int(np.where(free & ~stands, least, -1.0).argmax())] = True
    return np.asarray(stands)


def _square(problem: Problem) -> Floats:
    """Return f64[S, S] separations, inf = no way between."""
    far = np.full((problem.n_sites, problem.n_sites), np.inf)
    between = problem.between
    if between is not None:
        far[between.a, between.b] = far[between.b, between.a] = between.cost
    return far
