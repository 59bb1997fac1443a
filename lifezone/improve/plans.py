"""From a question's plan to ids and uses of sites, and to the world with that plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.improve.candidates import with_candidates
from lifezone.improve.effect import effects_of, extra_travel, loads, stands_with, who_rows
from lifezone.improve.question import Question
from lifezone.model import CandidateGain, Effect, Facilities, Floats, Ints, LaterYear, Plan, Planned, SiteUse, World
from lifezone.searches import Memory

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase
    from lifezone.sources.reading import Reading

__all__ = ["answer", "planned", "with_plan", "with_saved"]

_SEATS: Final = "before the plan everybody is taken to go to the nearest, seats not counted"


def answer(question: Question, tell: Callable[[float, float], None] | None = None) -> Plan:
    """Solve and audit."""
    from lifezone.siting import solve  # noqa: PLC0415

    spec = question.spec
    return solve(
        question.problem,
        spec.method,
        time_limit=spec.time_limit,
        tell=tell,
        seed=spec.seed % 2**31,
        ranked=True,
        **spec.options(),
    )


def planned(question: Question, plan: Plan, memory: Memory | None = None, later: tuple[LaterYear, ...] = ()) -> Planned:
    """Return the plan in ids, with the use of every site and what it does to people.

    Args:
        question: what was asked.
        plan: its answer.
        memory: what a run computed already.
        later: how the plan fares in later years.
    """
    problem, spec = question.problem, question.spec
    ids = question.facilities.ids[question.site]
    made = partial(
        Planned, plan, ", ".join(spec.asked), tuple(map(str, ids[plan.opened])), tuple(map(str, ids[plan.closed])),
        people=float(problem.people.sum()), unreached=float(problem.people[~problem.reachable].sum()),
        notes=(*question.notes, *_weighted(spec), *([_SEATS] if plan.split is not None else [])),
        rules=question.rules, chosen_share=_shares(plan, ids),
        front_sites=tuple((tuple(map(str, ids[one.opened])), tuple(map(str, ids[one.closed]))) for one in plan.front),
    )  # fmt: skip
    if plan.status not in ("optimal", "feasible") or not np.isfinite(plan.objective):
        return made(sites=())
    effects = effects_of(question, plan, memory)
    extra = [extra_travel(effect) for effect in effects]
    return made(
        sites=tuple(_uses(question, plan, effects)), effects=effects,
        who=tuple(row for effect in effects for row in who_rows(effect)),
        extra=tuple(one for one in extra if one is not None), later=later,
        candidates=tuple(_candidates(question, plan, effects)),
    )  # fmt: skip


def _shares(plan: Plan, ids: np.ndarray) -> tuple[tuple[str, float], ...]:
    """Return id and share of every site that some sample chooses."""
    if plan.chosen_share is None:
        return ()
    return tuple((str(ids[j]), float(plan.chosen_share[j])) for j in np.flatnonzero(plan.chosen_share > 0).tolist())


def _weighted(spec: SitesBase) -> tuple[str, ...]:
    """Say so where people are counted by weights: their sums are no heads."""
    told = []
    for kind in spec.asked:
        groups = spec.groups_of(kind)
        if len(groups) > 1 or any(weight != 1.0 for weight in groups.values()):
            weights = ", ".join(f"{group} × {weight:g}" for group, weight in groups.items())
            told.append(f"people are counted by weights: {weights}" + (f" ({kind})" if len(spec.asked) > 1 else ""))
    return tuple(dict.fromkeys(told))


def _uses(question: Question, plan: Plan, effects: Sequence[Effect]) -> Iterator[SiteUse]:
    """Yield the use of every site that stands before or with the plan."""
    facilities, site, problem = question.facilities, question.site, question.problem
    load, stands = loads(question, plan, effects), stands_with(question, plan)
    lon, lat = _degrees(question)
    for j in np.flatnonzero(problem.open_now | stands).tolist():
        f = int(site[j])
        state = "kept" if problem.open_now[j] and stands[j] else "opened" if stands[j] else "closed"
        rule = question.rules[int(problem.site_kind[j])]
        yield SiteUse(
            str(facilities.ids[f]), str(facilities.name[f]), state, float(load["people"][j]),
            _number(load["mean"][j]), _number(load["worst"][j]), _price(question, j), float(lon[j]), float(lat[j]),
            float(load["before"][j]), None if rule.bound is None else float(load["within"][j]),
            rule.kinds[0],
        )  # fmt: skip


def _candidates(question: Question, plan: Plan, effects: Sequence[Effect]) -> Iterator[CandidateGain]:
    """Yield what every candidate would do alone, the best first; ``before`` is however far, as in the effects."""
    from lifezone.siting import marginal_coverage  # noqa: PLC0415

    problem, facilities, site = question.problem, question.facilities, question.site
    before = np.stack([effect.before for effect in effects])
    need = np.zeros(problem.n_rows, np.int32) if problem.need is None else problem.need
    found = marginal_coverage(problem, before[need, question.row])
    lon, lat = _degrees(question)
    opened = np.zeros(problem.n_sites, np.bool_)
    opened[plan.opened] = True
    for at in np.argsort(found.rank).tolist():
        j = int(found.site[at])
        rule = question.rules[int(problem.site_kind[j])]
        yield CandidateGain(
            str(facilities.ids[site[j]]), str(facilities.name[site[j]]), rule.kinds[0], float(lon[j]), float(lat[j]),
            bool(opened[j]), None if rule.bound is None else float(found.covered[at]), float(found.reached[at]),
            float(found.saved[at]), int(found.rank[at]), _price(question, j),
        )  # fmt: skip


def _price(question: Question, site: int) -> float | None:
    """Return what opening a site costs, as the question reckons; None where it is not told."""
    costs, own = question.problem.open_cost, float(question.facilities.cost[question.site[site]])
    if not question.problem.open_now[site] and costs is not None:
        return float(costs[site])
    return None if np.isnan(own) else own


def _number(value: float) -> float | None:
    """Return a finite number or None."""
    return float(value) if np.isfinite(value) else None


def _degrees(question: Question) -> tuple[Floats, Floats]:
    """Return the sites' places in degrees, NaN where none is known."""
    from pyproj import Transformer  # noqa: PLC0415

    facilities, site = question.facilities, question.site
    turn = Transformer.from_crs(question.world.crs, "EPSG:4326", always_xy=True)
    lon, lat = turn.transform(facilities.x_m[site], facilities.y_m[site])
    known = np.isfinite(facilities.x_m[site])
    return np.where(known, lon, np.nan), np.where(known, lat, np.nan)


def with_plan(question: Question, plan: Plan) -> World:
    """Return the world with the plan's sites open (closed); candidates that were not chosen are left out again."""
    return _with_sites(question.world, question.facilities, question.site[plan.opened], question.site[plan.closed])


def with_saved(
    world: World, spec: SitesBase, opened: Sequence[str], closed: Sequence[str], reading: Reading | None = None
) -> World:
    """Return the world with a plan that was told by ids before, as ``plan.json`` does; nothing is solved again.

    Raises:
        InputError: a site is not there any more.
    """
    faults: list[Fault] = []
    facilities = with_candidates(world, spec, reading, faults).facilities
    if faults:
        raise InputError(faults)
    position = {one: at for at, one in enumerate(facilities.ids.tolist())}
    gone = [one for one in (*opened, *closed) if one not in position]
    if gone:
        raise InputError(f"sites of the plan are not there any more: {some_of(gone)}")
    sites = (np.array([position[one] for one in ids], np.int32) for ids in (opened, closed))
    return _with_sites(world, facilities, *sites)


def _with_sites(world: World, facilities: Facilities, opened: Ints, closed: Ints) -> World:
    """Return the world with facilities at some positions open and closed; other candidates are left out."""
    is_open = facilities.open.copy()
    is_open[opened] = True
    is_open[closed] = False
    keep = np.zeros(facilities.n_facilities, np.bool_)
    keep[: world.facilities.n_facilities] = True
    keep[opened] = True
    return replace(world, facilities=replace(facilities, open=is_open).take(keep))
