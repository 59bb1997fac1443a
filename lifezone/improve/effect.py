"""What a plan does to people: trips before and after, the use of its sites, who gains and loses, extra travel.

Trips are searched again from what stands before and with the plan, however far: a question of coverage knows only those
within its bound. Where the plan sends people (capacities), they go where it sends them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from lifezone.access import NearestTrip
from lifezone.improve.question import Question
from lifezone.model import TOTAL, Bools, Effect, ExtraTravel, Facilities, Floats, Ints, Plan, Requirement, WhoRow
from lifezone.searches import Memory, nearest_trip

__all__ = ["ALL", "effects_of", "extra_travel", "loads", "stands_with", "who_rows"]

ALL: Final = "all"
"""The district that stands for the whole study area."""


def stands_with(question: Question, plan: Plan) -> Bools:
    """Return bool[S] which sites are open with the plan."""
    stands = question.problem.open_now.copy()
    stands[plan.opened] = True
    stands[plan.closed] = False
    return stands


def effects_of(question: Question, plan: Plan, memory: Memory | None = None) -> tuple[Effect, ...]:
    """Return everybody's trip before and after the plan, for each kind of facility."""
    memory = memory or Memory()
    return tuple(_effect(question, plan, k, memory) for k in range(len(question.rules)))


def _effect(question: Question, plan: Plan, k: int, memory: Memory) -> Effect:
    """Return everybody's trip to the k-th kind before and after the plan."""
    problem, facilities, rule = question.problem, question.facilities, question.rules[k]
    stands = stands_with(question, plan)
    is_open = facilities.open.copy()
    is_open[question.site] = stands
    old = _nearest(question, facilities, rule, memory)
    new = _nearest(question, replace(facilities, open=is_open), rule, memory)
    is_time = rule.metric == "time"
    before, after = (one.seconds if is_time else one.metres for one in (old, new))
    rows = _rows(question, k)
    bound = np.full(len(before), np.inf if rule.bound is None else rule.bound)
    bound[question.row[rows]] = problem.bounds[rows]  # it may differ by how densely a point is settled
    covered = (np.isfinite(after) & (after <= bound)).astype(np.float64)
    to_site, after = new.facility.copy(), after.copy()
    if plan.split is not None:
        _send(question, plan, rows, to_site, after, covered)
    people = np.zeros(question.world.demand.n_points)
    people[question.row[rows]] = problem.people[rows]
    own = problem.site_kind == k
    return Effect(
        rule.kinds[0], question.world, rule, people, before, after, old.facility, to_site, covered, facilities,
        question.site[own], stands[own], plan.split is not None, tuple(question.spec.groups_of(rule.kinds[0])),
    )  # fmt: skip


def _rows(question: Question, k: int) -> Bools:
    """Return bool[R] the rows that want the k-th kind."""
    need = question.problem.need
    return np.ones(question.problem.n_rows, np.bool_) if need is None else np.asarray(need == k)


def _nearest(question: Question, facilities: Facilities, rule: Requirement, memory: Memory) -> NearestTrip:
    """Search for the nearest open facility of a kind from everywhere."""
    return nearest_trip(replace(question.world, facilities=facilities, allowed=()), rule, memory)


def _send(question: Question, plan: Plan, rows: Bools, to_site: Ints, after: Floats, covered: Floats) -> None:
    """Put people where the plan sends them, in place; who is not taken in stays with the nearest, not covered."""
    row, site, share, cost = sent_pairs(question, plan)
    own = rows[row]
    row, site, share, cost = row[own], site[own], share[own], cost[own]
    n, point = question.problem.n_rows, question.row
    whole = np.bincount(row, weights=share, minlength=n)
    total = np.bincount(row, weights=share * cost, minlength=n)
    inside = cost <= question.problem.bounds[row]
    near = np.bincount(row[inside], weights=share[inside], minlength=n)
    some = whole > 0
    after[point[some]] = total[some] / whole[some]
    covered[point[rows]] = near[rows]
    for at in np.lexsort((share, row)).tolist():  # the largest share of a row comes last
        to_site[point[row[at]]] = question.site[site[at]]


def sent_pairs(question: Question, plan: Plan) -> tuple[Ints, Ints, Floats, Floats]:
    """Return row, site, share and cost of everything that a plan sends somewhere."""
    pairs = question.problem.pairs
    if plan.split is not None:
        row, site, share = plan.split
    else:
        row = np.flatnonzero(plan.serving >= 0).astype(np.int32)
        site, share = plan.serving[row], np.ones(len(row))
    key = pairs.row.astype(np.int64) * pairs.n_sites + pairs.site
    order = np.argsort(key, kind="stable")
    wanted = np.asarray(row, np.int64) * pairs.n_sites + site
    at = order[np.minimum(np.searchsorted(key[order], wanted), max(len(key) - 1, 0))]
    cost = np.where(key[at] == wanted, pairs.cost[at], np.inf)
    return row, site, share, cost


def loads(question: Question, plan: Plan, effects: Sequence[Effect]) -> dict[str, Floats]:
    """Return by site f64[S] ``people`` with the plan, ``before``, ``within`` the bound, ``mean`` and ``worst`` cost."""
    n = question.problem.n_sites
    before, told = np.zeros(n), list[tuple[np.ndarray, Floats, Floats, Bools]]()
    for k, effect in enumerate(effects):
        number = np.full(effect.facilities.n_facilities, -1, np.int64)
        number[effect.sites] = np.flatnonzero(question.problem.site_kind == k)
        used = np.flatnonzero((effect.people > 0) & (effect.from_site >= 0))
        before += np.bincount(number[effect.from_site[used]], weights=effect.people[used], minlength=n)
        bound = np.inf if effect.rule.bound is None else effect.rule.bound
        if effect.sent:
            row, site, share, cost = sent_pairs(question, plan)
            own = _rows(question, k)[row]
            told.append((site[own], (question.problem.people[row] * share)[own], cost[own], (cost <= bound)[own]))
        else:
            at = np.flatnonzero((effect.people > 0) & (effect.to_site >= 0))
            cost = effect.after[at]
            told.append((number[effect.to_site[at]], effect.people[at], cost, cost <= bound))
    site, people, cost, near = (np.concatenate(parts) for parts in zip(*told, strict=True))
    served = np.bincount(site, weights=people, minlength=n)
    within = np.bincount(site[near], weights=people[near], minlength=n)
    total = np.bincount(site, weights=people * cost, minlength=n)
    worst = np.full(n, np.nan)
    np.fmax.at(worst, site[people > 1e-6], cost[people > 1e-6])
    mean = np.divide(total, served, where=served > 0, out=np.full(n, np.nan))
    return {"people": served, "before": before, "within": within, "mean": mean, "worst": worst}


def who_rows(effect: Effect) -> list[WhoRow]:
    """Return who gains and loses, by district and group; the whole area first.

    A question that counts everybody is told for every group, any other for the groups that it counts.
    """
    world, demand = effect.world, effect.world.demand
    groups = demand.groups if TOTAL in effect.groups else tuple(g for g in demand.groups if g in effect.groups)
    units = world.districts
    many = len(units.ids) > 1
    names = (ALL, *(units.ids if many else ()))
    titles = ("", *(units.name if many else ()))
    rows: dict[str, list[WhoRow]] = {name: [] for name in names}
    for group in groups:
        people = np.where(demand.inside, demand.of(group), 0.0)
        for name, title, told in zip(names, titles, _told(effect, people, len(names) - 1), strict=True):
            if told["people"] > 0 or name == ALL:
                rows[name].append(_who_row(effect, name, title, group, told))
    return [row for name in names for row in rows[name]]


def _told(effect: Effect, people: Floats, n_districts: int) -> Iterator[dict[str, float]]:
    """Yield the sums of who gains and loses: over the whole area, then over every district."""
    least = effect.least
    had, has = np.isfinite(effect.before), np.isfinite(effect.after)
    change = np.where(had & has, np.where(has, effect.after, 0.0) - np.where(had, effect.before, 0.0), 0.0)
    won, lost = had & has & (change <= -least), had & has & (change >= least)
    within, covered = effect.within_before.astype(np.float64), effect.covered
    columns = {
        "people": people, "won": people * won, "lost": people * lost, "newly_reached": people * (has & ~had),
        "cut_off": people * (had & ~has), "won_amount": people * won * -change, "lost_amount": people * lost * change,
        "covered_before": people * within, "covered_after": people * covered,
        "newly_covered": people * np.maximum(covered - within, 0.0),
        "no_longer_covered": people * np.maximum(within - covered, 0.0),
    }  # fmt: skip
    inside, district = effect.inside, effect.world.demand.district
    yield {name: float(values[inside].sum()) for name, values in columns.items()}
    sums = {
        name: np.bincount(district[inside], weights=values[inside], minlength=n_districts)
        for name, values in columns.items()
    }
    for at in range(n_districts):
        yield {name: float(values[at]) for name, values in sums.items()}


def _who_row(effect: Effect, district: str, title: str, group: str, told: dict[str, float]) -> WhoRow:
    """Make one row of sums."""
    bounded = effect.rule.bound is not None
    is_time = effect.rule.metric == "time"
    scale = 60.0 if is_time else 1.0
    winners, losers = told["won"] + told["newly_reached"], told["lost"] + told["cut_off"]
    names = ("covered_before", "covered_after", "newly_covered", "no_longer_covered")
    was, now, gained, dropped = (told[name] if bounded else None for name in names)
    return WhoRow(
        effect.kind, district, title, group, told["people"], winners, losers,
        max(told["people"] - winners - losers, 0.0), told["newly_reached"], told["cut_off"],
        told["won_amount"] / told["won"] / scale if told["won"] > 0 else None,
        told["lost_amount"] / told["lost"] / scale if told["lost"] > 0 else None,
        was, now, gained, dropped, "min" if is_time else "m",
    )  # fmt: skip


def extra_travel(effect: Effect) -> ExtraTravel | None:
    """Return how much farther people go whose facility the plan closes; None where it closes none."""
    if not effect.closes:
        return None
    moved = effect.displaced
    people = effect.people[moved]
    reach = np.isfinite(effect.after[moved])
    extra, weight = (effect.after[moved] - effect.before[moved])[reach], people[reach]
    unit = "seconds" if effect.rule.metric == "time" else "metres"
    beyond = None
    if effect.rule.bound is not None:
        was = effect.within_before[moved]
        beyond = float((people * np.where(was, 1.0 - effect.covered[moved], 0.0)).sum())
    cut_off = float(people[~reach].sum())
    if not weight.sum() > 0:
        return ExtraTravel(effect.kind, float(people.sum()), None, None, None, None, None, beyond, cut_off, unit)
    order = np.argsort(extra, kind="stable")
    done = np.cumsum(weight[order])
    half, most = (float(extra[order][np.searchsorted(done, part * done[-1])]) for part in (0.5, 0.9))
    return ExtraTravel(
        effect.kind, float(people.sum()), float((extra * weight).sum() / weight.sum()), half, most, float(extra.max()),
        float(effect.after[moved][reach].max()), beyond, cut_off, unit,
    )  # fmt: skip
