"""The rest of the chain in plain Python: verdicts, coverage, depth, quantiles, classes, changes, deserts.

Written from DEFINITIONS D1 to D6 and DESIGN section 7, one point after the other, without ``lifezone.standards`` and
``lifezone.access``. ``UNSURE`` marks values so near a bound that float64 sums may fall on either side.
"""

from __future__ import annotations

import math
from collections import defaultdict

import networkx as nx
import numpy as np

CLOSE = 1e-5
"""Seconds or metres within which two sums of the same trip may differ."""


def group_of(requirement, demand):
    return requirement.group if requirement.group in demand.groups else "total"


def verdicts(requirement, world, trips, border, off, points):
    """Return for some points: reason, depth, uncertain, certified, hangs_on_access; and whether the value is unsure."""
    demand, access = world.demand, world.access[requirement.mode]
    people = demand.people[:, demand.groups.index(group_of(requirement, demand))]
    by_time, bound = requirement.metric == "time", requirement.bound
    kinds = [k for k in requirement.kinds if k in world.facilities.kinds]
    opened = [
        bool((world.facilities.open & (world.facilities.kind == world.facilities.kinds.index(k))).any()) for k in kinds
    ]
    any_open = all(opened) and len(kinds) == len(requirement.kinds) if requirement.match == "all" else any(opened)
    sides = demand.sides_m if demand.sides_m is not None else [demand.cell_m] * demand.n_points
    by_walk = not by_time or requirement.mode == "walk"
    bound_m = bound * world.access["walk"].speed_mps if by_time else bound
    reached = np.isfinite(trips.seconds)
    driven_s = trips.seconds[reached] - trips.access_m[reached] / access.speed_mps - access.terminal_s
    moving = (driven_s > 1e-6) & (trips.metres[reached] > 0)
    common = trips.metres[reached][moving].sum() / driven_s[moving].sum() if moving.any() else access.speed_mps
    rows = []
    for p in points:
        seconds, metres, access_m = trips.seconds[p], trips.metres[p], trips.access_m[p]
        value = seconds if by_time else metres
        bound = requirement.bound
        if requirement.growth is not None and math.isfinite(metres):  # so much longer for every step beyond a length
            steps = max(metres - requirement.growth.from_m, 0.0) / requirement.growth.step_m
            bound += (math.floor(steps) if requirement.growth.whole_steps else steps) * requirement.growth.step_s
        half = sides[p] / math.sqrt(2)
        unspread = by_walk and sides[p] > demand.cell_m and half >= bound_m  # D6: such a cell cannot judge this bound
        judged = people[p] > 0 and requirement.setting in ("any", "urban" if demand.urban[p] else "rural")
        met = value <= bound + CLOSE
        if not judged:
            reason = "not_judged"
        elif unspread:
            reason = "not_assessed"
        elif not any_open:
            reason = "no_facility"
        elif off[p]:
            reason = "off_network"
        elif math.isinf(value):
            reason = "unreachable"
        else:
            reason = "met" if met else "too_far"
        depth = (
            math.nan
            if not judged or unspread
            else 1.0
            if math.isinf(value)
            else max(0.0, 1.0 - bound / value)
            if value
            else 0.0
        )
        uncertain = hangs = False
        edge = math.inf
        if reason in ("met", "too_far"):
            margin = abs(value - bound)
            if by_time:
                driven = seconds - access_m / access.speed_mps - access.terminal_s
                margin *= metres / driven if driven > 1e-6 and metres > 0 else common
            uncertain = sides[p] > 0 and margin <= 1.3 * half
            without = seconds - access_m / access.speed_mps
            hangs = (not met and without <= bound + CLOSE) if by_time else met and metres + access_m > bound + CLOSE
            turn = abs(without - bound) if by_time else abs(metres + access_m - bound)
            edge = min(abs(value - bound), abs(margin - 1.3 * half), turn)
        certified = value <= border[p] + CLOSE if border is not None else True
        if border is not None and math.isfinite(value):
            edge = min(edge, abs(value - border[p]))
        rows.append((reason, depth, uncertain, certified, hangs, edge < 10 * CLOSE))
    return rows


def quantile(values, people, share):
    """Return the least value that ``share`` of the people do not exceed; None when it is infinite."""
    so_far = 0.0
    for at in np.argsort(values, kind="stable").tolist():
        so_far += people[at]
        if people[at] > 0 and so_far >= share * people.sum() * (1 - 1e-12):
            return None if math.isinf(values[at]) else values[at]
    return None


def district_masks(world):
    """Return name → bool[P] of the whole area and of each district."""
    at, ids = world.demand.district, world.districts.ids
    masks = {"all": at >= 0}
    return masks if tuple(ids) == ("all",) else {**masks, **{name: at == i for i, name in enumerate(ids)}}


def summary(world, assessment):
    """Return (district, requirement, group) → the figures of summary.csv."""
    demand, told = world.demand, {}
    for requirement in assessment.standard.requirements:
        if requirement.id not in assessment.verdicts:
            continue
        v, own = assessment.verdicts[requirement.id], group_of(requirement, demand)
        for group in demand.groups if own == "total" else [own]:
            people = demand.people[:, demand.groups.index(group)]
            for name, mask in district_masks(world).items():
                told[name, requirement.id, group] = _figures(mask, people, v)
    return told


def _figures(mask, people, v):
    """Tell one row; reasons are 0 not judged, 1 met, 2 too far, 3 to 5 no way there, 6 not assessed."""
    if (v.reason == 6).all():
        return {"people": people[mask].sum(), "judged": 0.0}
    here = mask & ~np.isin(v.reason, [0, 6])
    weight, met, unsure = people[here], v.reason[here] == 1, v.uncertain[here]
    judged, covered, minutes = weight.sum(), weight[met].sum(), v.seconds[here] / 60
    reach = np.isfinite(minutes)
    none = np.isin(v.reason[here], [3, 4, 5])
    share = (lambda part: part / judged) if judged else (lambda _: None)
    return {
        "people": people[mask].sum(),
        "judged": judged,
        "covered": covered,
        "coverage": share(covered),
        "coverage_low": share(weight[met & ~unsure].sum()),
        "coverage_high": share(weight[met | unsure].sum()),
        "mean_minutes": (minutes[reach] * weight[reach]).sum() / weight[reach].sum() if weight[reach].any() else None,
        "median_minutes": quantile(minutes, weight, 0.5),
        "p90_minutes": quantile(minutes, weight, 0.9),
        "shortfall": share((v.depth[here] * weight).sum()),
        "unreachable": weight[none].sum(),
        "uncertain": weight[unsure].sum(),
    }


def grade(share):
    return "A" if share >= 0.9 - 1e-9 else "B" if share >= 0.7 - 1e-9 else "C" if share >= 0.5 - 1e-9 else "D"


def overall(shares):
    mean = grade(sum(shares) / len(shares))
    return max(mean, "C") if "D" in map(grade, shares) else mean


def classes(world, assessment):
    """Return district → class, boundary, mean share, share of people with all requirements met (D4)."""
    demand, told, found = world.demand, summary(world, assessment), {}
    groups = {r.id: group_of(r, demand) for r in assessment.standard.requirements}
    judged_somehow = np.zeros(demand.n_points, bool)
    unmet = np.zeros(demand.n_points, bool)
    for v in assessment.verdicts.values():
        judged = ~np.isin(v.reason, [0, 6])
        judged_somehow |= judged
        unmet |= judged & (v.reason != 1)
    total = demand.people[:, demand.groups.index("total")]
    for at, name in enumerate(dict.fromkeys(["all", *world.districts.ids])):
        rows = {
            key: told[name, key, groups[key]]
            for key in assessment.verdicts
            if told[name, key, groups[key]]["judged"] > 0 and groups[key] not in demand.estimated
        }
        inside = demand.district >= 0 if name == "all" else demand.district == at - ("all" not in world.districts.ids)
        here = inside & judged_somehow
        everything = total[here & ~unmet].sum() / total[here].sum() if total[here].sum() else None
        if not rows:
            found[name] = (None, False, None, everything)
            continue
        shares, lows, highs = ([row[c] for row in rows.values()] for c in ("coverage", "coverage_low", "coverage_high"))
        lowest = min(range(len(shares)), key=lambda i: shares[i])
        boundary = overall(lows) != overall(highs) or grade(lows[lowest]) != grade(highs[lowest])
        found[name] = (overall(shares), boundary, sum(shares) / len(shares), everything)
    return found


def changes(world, before, after):
    """Return (district, requirement, group) → gain, lose, minutes of a variant against the baseline."""
    demand, told = world.demand, {}
    for requirement in before.standard.requirements:
        if requirement.id not in before.verdicts:
            continue
        b, a = before.verdicts[requirement.id], after.verdicts[requirement.id]
        both = ~np.isin(b.reason, [0, 6]) & ~np.isin(a.reason, [0, 6])
        reach = both & np.isfinite(b.seconds) & np.isfinite(a.seconds)
        own = group_of(requirement, demand)
        for group in demand.groups if own == "total" else [own]:
            people = demand.people[:, demand.groups.index(group)]
            for name, mask in district_masks(world).items():
                gain = people[mask & both & (a.reason == 1) & (b.reason != 1)].sum()
                lose = people[mask & both & (b.reason == 1) & (a.reason != 1)].sum()
                here = mask & reach
                weight = people[here].sum()
                moved = (people[here] * (a.seconds[here] - b.seconds[here]) / 60).sum()
                told[name, requirement.id, group] = (gain, lose, moved / weight if weight else None)
    return told


def lost_functions(test, demand, verdict_of):
    """Return per point the set of lost functions: an anchor judges there and none of those is met (D1)."""
    lost = []
    for p in range(demand.n_points):
        gone = set()
        for function, anchors in test.functions.items():
            judging = [verdict_of[a].reason[p] for a in anchors if verdict_of[a].reason[p] not in (0, 6)]
            if judging and 1 not in judging:
                gone.add(function)
        lost.append(gone)
    return lost


def desert_points(test, demand, lost):
    """Return the points that are desert by D1."""
    return [
        p
        for p in range(demand.n_points)
        if demand.district[p] >= 0
        and demand.people[p, demand.groups.index("total")] > 0
        and len(lost[p]) >= test.at_least
        and (not test.must_have or lost[p] & set(test.must_have))
    ]


def walking_graph(cut):
    """Return a networkx graph of walking metres; of parallel edges the shortest."""
    graph = nx.DiGraph()
    for a, b, metres in zip(cut.tail.tolist(), cut.head.tolist(), cut.metres.tolist(), strict=True):
        if not graph.has_edge(a, b) or graph[a][b]["weight"] > metres:
            graph.add_edge(a, b, weight=metres)
    return graph


def deserts(test, lost, points, cut):
    """Return sets of points: linked within the link distance, one lost function in common, one into another."""
    graph = walking_graph(cut)
    parent = {p: p for p in points}

    def root(p):
        while parent[p] != p:
            p = parent[p]
        return p

    member = set(points)
    for p in points:
        start = cut.first_point + p
        if start not in graph:
            continue
        reach = nx.single_source_dijkstra_path_length(graph, start, cutoff=test.link_m + CLOSE)
        for vertex in reach:
            other = vertex - cut.first_point
            if other in member and lost[p] & lost[other]:
                parent[root(p)] = root(other)
    found = defaultdict(set)
    for p in points:
        found[root(p)].add(p)
    return list(found.values())
