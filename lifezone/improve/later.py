"""How a plan fares with the people of later years: the use of its sites then, and whether it is still the best.

The same question is asked again with the people of each year: (a) the plan's own sites are held against every rule by
the auditor, which tells what no longer holds; (b) the question is solved anew, and the plan is as far behind as its
objective is worse than that answer's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lifezone.errors import Fault, InputError, LifezoneError
from lifezone.improve.effect import effects_of, loads, stands_with
from lifezone.improve.plans import answer
from lifezone.improve.question import Question, ask, with_people
from lifezone.model import TOTAL, Bools, LaterYear, Plan, Standard, World
from lifezone.progress import SILENT, Progress
from lifezone.searches import Memory

if TYPE_CHECKING:
    from lifezone.siting.problem import Problem
    from lifezone.siting.projection import Projection
    from lifezone.sources.reading import Reading

__all__ = ["later_years", "projected"]


def projected(world: World, projection: Projection, counted: tuple[str, ...], reading: Reading | None) -> World:
    """Return the world with the people of another year.

    Raises:
        InputError: the table does not fit, or leaves out a group that the question counts.
    """
    from lifezone.edits.context import Context  # noqa: PLC0415
    from lifezone.edits.people import project_people  # noqa: PLC0415

    left = [group for group in counted if group not in projection.groups]
    if left:
        raise InputError(Fault(f"the question counts {', '.join(left)}, which this projection does not give: name its "
                               "column", ("groups",)))  # fmt: skip
    if TOTAL not in projection.groups and len(projection.groups) > 1:
        raise InputError(Fault(f"groups may overlap: give one of them, or {TOTAL} too", ("groups",)))
    return project_people(world, projection, Context(reading))[0]


def later_years(
    question: Question, plan: Plan, standard: Standard | None, *, reading: Reading | None = None,
    memory: Memory | None = None, progress: Progress = SILENT,
) -> tuple[LaterYear, ...]:  # fmt: skip
    """Return how a plan fares in every year that the question names.

    Raises:
        InputError: faults of the projections, their path starting inside the ``siting`` block.
    """
    found, faults = [], list[Fault]()
    counted = tuple(dict.fromkeys(group for kind in question.spec.asked for group in question.spec.groups_of(kind)))
    answered = plan.status in ("optimal", "feasible") and np.isfinite(plan.objective)
    for at, projection in enumerate(question.spec.projections):
        try:
            world = projected(question.world, projection, counted, reading)
        except InputError as error:
            faults += [fault.under(("projections", at)) for fault in error.faults]
            continue
        if not answered:
            continue
        with progress.step(f"people of {projection.year}"):
            found.append(_year(question, plan, world, projection.year, standard, reading, memory))
    if faults:
        raise InputError(faults)
    return tuple(found)


def _year(
    question: Question, plan: Plan, world: World, year: int, standard: Standard | None, reading: Reading | None,
    memory: Memory | None,
) -> LaterYear:  # fmt: skip
    """Ask the question again with the people of a year."""
    people = _people(world, question)
    try:
        draft = with_people(question.draft, world)
        later = ask(world, question.spec, standard, reading=reading, memory=memory, draft=draft)
    except InputError as error:
        notes = tuple(fault.message for fault in error.faults)
        return LaterYear(year, people, None, None, None, None, None, notes=notes)
    best = answer(later)
    standing = _at_sites(question, later, stands_with(question, plan))
    own, broken = _kept(later, standing, plan.method)
    use = None
    if own is not None:
        served = loads(later, own, effects_of(later, own, memory))["people"]
        told = np.flatnonzero(question.problem.open_now | stands_with(question, plan))  # the sites of ``Planned.sites``
        use = tuple(float(value) for value in _back(later, question, served)[told])
    ids = later.facilities.ids[later.site]
    has_best = best.status in ("optimal", "feasible") and bool(np.isfinite(best.objective))
    return LaterYear(
        year, people, use,
        None if own is None or broken else own.objective,
        best.objective if has_best else None,
        best.bound if has_best else None,
        None if own is None or broken or not has_best else _behind(own.objective, best),
        tuple(map(str, ids[best.opened])), tuple(map(str, ids[best.closed])),
        (*broken, *(best.reasons if not has_best else ())),
    )  # fmt: skip


def _people(world: World, question: Question) -> float:
    """Return the people counted in a year, weighted as the question says."""
    demand = world.demand
    spec = question.spec
    counts = np.ones(demand.n_points, np.bool_) if spec.around else demand.inside
    return float(sum(
        weight * demand.of(group)[counts].sum() for kind in spec.asked for group, weight in spec.groups_of(kind).items()
    ))  # fmt: skip


def _at_sites(question: Question, later: Question, stands: Bools) -> Bools:
    """Return bool[S] over the later question's sites where a set of the first one's stands."""
    is_open = np.zeros(question.facilities.n_facilities, np.bool_)
    is_open[question.site] = stands
    return np.asarray(is_open[later.site])


def _back(later: Question, question: Question, values: np.ndarray) -> np.ndarray:
    """Return values of the later question's sites over the first one's."""
    whole = np.zeros(question.facilities.n_facilities)
    whole[later.site] = values
    return np.asarray(whole[question.site])


def _kept(later: Question, standing: Bools, method: str) -> tuple[Plan | None, tuple[str, ...]]:
    """Return the same sites as a plan of the later question, and which of its rules they break."""
    from lifezone.siting import audit, serve  # noqa: PLC0415
    from lifezone.siting.audit import objective_of  # noqa: PLC0415

    problem = later.problem
    opened = np.flatnonzero(standing & ~problem.open_now).astype(np.int32)
    closed = np.flatnonzero(problem.open_now & ~standing).astype(np.int32)
    split, serving = None, serve(problem.pairs, standing).site
    if problem.capacity is not None or not problem.nearest_only:
        sent = _sent_anew(problem, standing, method, later)
        if sent is None:
            return None, ("the plan's sites cannot take everybody within the rules then",)
        split, serving = sent.split, sent.serving
    plan = Plan(method, opened, closed, serving, 0.0, 0.0, "", "feasible", 0.0, split=split)
    value = objective_of(problem, plan, standing)
    if not np.isfinite(value):
        return plan, ("some people cannot be reached from the plan's sites then",)
    plan = replace(plan, objective=value, bound=value)
    claims = audit(problem, plan, share=float(getattr(later.spec, "share", 1.0)))
    broken = tuple(f"{claim.what}: {claim.found:,.6g}" for claim in claims if not claim.ok)
    return plan, broken


def _sent_anew(problem: Problem, standing: Bools, method: str, later: Question) -> Plan | None:
    """Send the people of that year to the plan's sites, the best way that the rules allow; None when there is none."""
    from lifezone.siting import SHUT, STANDS, solve  # noqa: PLC0415

    settled = replace(
        problem, open_now=standing, fixed=np.where(standing, STANDS, SHUT).astype(np.int8), choose=0, at_most=False,
        swaps=False, budget=float("inf"), open_cost=None, close_cost=None, running_cost=None,
    )  # fmt: skip
    try:
        plan = solve(
            settled, "p_median" if method == "close" else method, time_limit=later.spec.time_limit,
            seed=later.spec.seed % 2**31, **later.spec.options(),
        )  # fmt: skip
    except LifezoneError:
        return None
    return None if plan.status not in ("optimal", "feasible") or not np.isfinite(plan.objective) else plan


def _behind(own: float, best: Plan) -> float:
    """Return how far a plan is behind the best answer known, as a share of that; 0 when it is not worse."""
    apart = abs(own - best.objective)
    if apart <= 1e-9 * max(1.0, abs(best.objective)):
        return 0.0
    if best.status != "optimal":  # the answer was cut short: ours may be the better one
        least = best.bound <= best.objective
        if (own < best.objective) == least:
            return 0.0
    return apart / abs(best.objective) if best.objective else float("inf")
