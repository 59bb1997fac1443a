"""Answers by trying every set of sites, rule by rule as the words say it; shares nothing with the solvers."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from scipy.optimize import linprog

from tests.siting.instances import cost_matrix

LEAST = ("set_cover", "p_median", "p_center", "close")


def sets_of_sites(problem):
    """Yield every set of sites that may stand: bool[S]."""
    options = [(False,) if f == 0 else (True,) if f == 1 else (False, True) for f in problem.fixed.tolist()]
    for chosen in product(*options):
        yield np.array(chosen)


def right_number(problem, method, stands):
    """Whether as many open (close) as were asked for."""
    opened, closed = stands & ~problem.open_now, problem.open_now & ~stands
    if method == "close" and opened.any():
        return False
    counted = closed if method == "close" else opened
    limit_only = problem.at_most or method == "set_cover"
    asked = [(np.ones(problem.n_sites, bool), problem.choose)]
    asked += [(problem.site_kind == k, number) for k, number in enumerate(problem.choose_each)]
    for of_kind, number in asked:
        n = int((counted & of_kind).sum())
        if number is not None and (n > number or (n < number and not limit_only)):
            return False
    return not problem.swaps or opened.sum() == closed.sum()


def affordable(problem, stands):
    """Whether opening, closing and the years stay within both budgets."""
    spent = 0.0
    for j in range(problem.n_sites):
        if stands[j] and not problem.open_now[j] and problem.open_cost is not None:
            spent += problem.open_cost[j]
            if problem.building is not None and problem.saving is not None and problem.building[j] >= 0:
                others = [k for k in range(problem.n_sites) if k != j and problem.building[k] == problem.building[j]]
                spent -= problem.saving[j] if any(stands[k] for k in others) else 0.0
        if problem.open_now[j] and not stands[j] and problem.close_cost is not None:
            spent += problem.close_cost[j]
    yearly = 0.0 if problem.running_cost is None else problem.running_cost[stands].sum()
    return spent <= problem.budget + 1e-9 and yearly <= problem.yearly_budget + 1e-9


def worth(problem, method, stands, share=1.0):
    """Return what a set of sites is worth, None when it breaks a rule that depends on who goes where."""
    costs = np.where(stands, cost_matrix(problem), np.inf)
    nearest = costs.min(axis=1)
    bounds = problem.bounds
    if problem.must_reach is not None and (nearest > problem.must_reach).any():
        return None
    if problem.capacity is not None or problem.least_use is not None:
        return with_places(problem, method, stands, costs, share)
    covered = nearest <= bounds
    people = problem.people
    if not enough_covered(problem, covered.astype(float)):
        return None
    able = np.isfinite(cost_matrix(problem)[:, problem.fixed != 0]).any(axis=1) & (people > 0)
    if method in ("p_median", "p_center", "close"):
        if np.isinf(nearest[able]).any():
            return None
        return nearest[able].max(initial=0.0) if method == "p_center" else float((people[able] * nearest[able]).sum())
    if method == "max_cover":
        return float(people[covered].sum())
    if method == "set_cover":
        fits = people[covered].sum() >= share * people.sum() - 1e-9
        return float((stands & (problem.fixed == -1)).sum()) if fits else None
    twice = ((costs <= bounds[:, None]).sum(axis=1) >= 2) & covered
    return float(people[twice].sum()) if covered[people > 0].all() else None


def enough_covered(problem, part):
    """Whether districts and groups have enough people covered; ``part`` of each row is."""
    if problem.least_cover is not None:
        have = np.bincount(problem.district, weights=problem.people * part, minlength=len(problem.least_cover))
        if (have < problem.least_cover - 1e-9).any():
            return False
    return all((quota.people * part).sum() >= quota.least - 1e-9 for quota in problem.quotas)


def with_places(problem, method, stands, costs, share):
    """Return the worth where sites can be full or must be used: whom to send where is a linear program."""
    people, bounds = problem.people, problem.bounds
    serves_all = method in ("p_median", "p_center", "close")
    able = np.isfinite(cost_matrix(problem)[:, problem.fixed != 0]).any(axis=1) & (people > 0)
    wanted = able if serves_all else people > 0
    nearest = costs.min(axis=1)
    may = np.isfinite(costs) & wanted[:, None]
    if problem.nearest_only:
        may &= costs == nearest[:, None]
    if not serves_all:
        may &= costs <= bounds[:, None]
    radii = np.unique(costs[may]) if method == "p_center" else [math.inf]
    for radius in radii:
        if method == "p_center" and problem.nearest_only and (nearest[able] > radius).any():
            continue
        found = sent(problem, method, stands, costs, may & (costs <= radius), wanted, share)
        if found is not None:
            return float(radius) if method == "p_center" else found
    return 0.0 if method == "p_center" and not wanted.any() else None


def sent(problem, method, stands, costs, may, wanted, share):
    """Solve who is sent where: rows i to sites j along ``may``."""
    people = problem.people
    i, j = np.nonzero(may)
    n = len(i)
    rows, least, most = [], [], []

    def add(weights, low, high):
        rows.append(weights)
        least.append(low)
        most.append(high)

    everybody = method in ("p_median", "p_center", "close", "backup_cover") or (method == "set_cover" and share >= 1)
    for row in range(problem.n_rows):
        add((i == row).astype(float), 1.0 if everybody and wanted[row] else 0.0, 1.0)
    for site in np.flatnonzero(stands):
        load = np.where(j == site, people[i], 0.0)
        if problem.capacity is not None:
            add(load, 0.0, problem.capacity[site])
        if problem.least_use is not None and problem.fixed[site] == -1:
            add(load, problem.least_use[site], np.inf)
    inside = costs[i, j] <= problem.bounds[i]
    if method == "set_cover":
        add(people[i], share * people.sum() - 1e-9, np.inf)
    if problem.least_cover is not None:
        for d, low in enumerate(problem.least_cover):
            add(np.where(inside & (problem.district[i] == d), people[i], 0.0), low - 1e-9, np.inf)
    for quota in problem.quotas:
        add(np.where(inside, quota.people[i], 0.0), quota.least - 1e-9, np.inf)
    price = -people[i] if method == "max_cover" else people[i] * costs[i, j]
    if n == 0:
        fits = all(low <= 0 for low in least)
        value = 0.0
    else:
        matrix = np.array(rows)
        both = np.vstack([matrix, -matrix])
        limits = np.concatenate([most, -np.array(least)])
        kept = np.isfinite(limits)
        answer = linprog(price, A_ub=both[kept], b_ub=limits[kept], bounds=(0, 1), method="highs")
        fits, value = answer.status == 0, answer.fun
    if not fits:
        return None
    if method == "set_cover":
        return float((stands & (problem.fixed == -1)).sum())
    if method == "backup_cover":
        near = (costs <= problem.bounds[:, None]).sum(axis=1)
        return float(people[near >= 2].sum())
    return float(-value if method == "max_cover" else value)


def apart_enough(problem, stands):
    """Whether sites keep their distance, but for two that stand whatever is decided."""
    if problem.between is None or not problem.apart > 0:
        return True
    for a, b, cost in zip(problem.between.a, problem.between.b, problem.between.cost, strict=True):
        settled = problem.fixed[a] == 1 and problem.fixed[b] == 1
        if stands[a] and stands[b] and not settled and cost < problem.apart:
            return False
    return True


def best(problem, method, share=1.0):
    """Return the best value of all sets of sites; None when no set keeps every rule."""
    sets = [s for s in sets_of_sites(problem) if right_number(problem, method, s)]
    sets = [s for s in sets if affordable(problem, s) and apart_enough(problem, s)]
    if method == "backup_cover" and problem.choose is None:  # with as few as it takes to cover everybody
        sizes = [(s[problem.fixed == -1].sum(), s) for s in sets if worth(problem, "set_cover", s) is not None]
        sets = [s for size, s in sizes if size == min(one for one, _ in sizes)]
    values = [value for s in sets if (value := worth(problem, method, s, share)) is not None]
    if not values:
        return None
    return min(values) if method in LEAST else max(values)
