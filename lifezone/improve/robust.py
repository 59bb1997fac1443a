"""A question's other states of the world: speeds, years and standards that a plan is judged under."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.improve.later import projected
from lifezone.improve.plans import answer
from lifezone.improve.question import Question
from lifezone.model import Judged, Plan

if TYPE_CHECKING:
    from lifezone.siting.robust import Future
    from lifezone.sources.reading import Reading

__all__ = ["answer_robustly", "futures_of"]


def answer_robustly(
    question: Question, tell: Callable[[float, float], None] | None = None, *, reading: Reading | None = None
) -> Plan:
    """Solve and audit; judge the plan under the question's other states of the world where it names some.

    Raises:
        InputError: faults of the states, their path starting inside the ``siting`` block.
    """
    from lifezone.siting.robust import chosen_share, judged, robust_plan  # noqa: PLC0415

    spec, problem = question.spec, question.problem
    futures = futures_of(question, reading)
    seed = spec.seed % 2**31
    if spec.robust is not None:
        plan = robust_plan(problem, spec.method, spec.robust, futures, time_limit=spec.time_limit, tell=tell, seed=seed)
    else:
        plan = answer(question, tell)
    if plan.status not in ("optimal", "feasible"):
        return plan
    standing = problem.open_now.copy()
    standing[plan.opened], standing[plan.closed] = True, False
    if futures and not plan.judged:
        told = judged(futures, spec.method, standing, time_limit=spec.time_limit, seed=seed)
        plan = replace(plan, judged=told)
    if spec.samples is not None:
        share = chosen_share(
            problem, spec.method, n=spec.samples.n, people=spec.samples.people, times=spec.samples.times, seed=seed,
            time_limit=spec.time_limit,
        )  # fmt: skip
        plan = replace(plan, chosen_share=share)
    return _in_words(plan, question)


def futures_of(question: Question, reading: Reading | None) -> tuple[Future, ...]:
    """Return the question under today's inputs and under every state that it names.

    Raises:
        InputError: a year is not projected, a name comes twice, or the method cannot be weighed.
    """
    from lifezone.siting.robust import ROBUST, Future, with_factors  # noqa: PLC0415

    spec, problem = question.spec, question.problem
    faults = list[Fault]()
    if spec.robust is not None and not spec.scenarios:
        faults.append(Fault("robust needs scenarios: under what else is the plan to hold?", ("robust",)))
    if not spec.scenarios and not faults:
        return ()
    sends = problem.capacity is not None or problem.least_use is not None
    if spec.method not in ROBUST or sends or len(problem.kinds) > 1:
        faults.append(Fault(f"scenarios are for {', '.join(sorted(ROBUST))} of one kind, without capacity or least_use",
                            ("scenarios",)))  # fmt: skip
    names = [one.name for one in spec.scenarios]
    faults += [Fault(f"two scenarios are called {name!r}", ("scenarios",)) for name in sorted(set(names))
               if names.count(name) > 1 or name == "today"]  # fmt: skip
    found = [Future("today", problem)]
    for at, one in enumerate(spec.scenarios):
        here, ones = problem, np.ones(problem.n_rows)
        if one.year is not None:
            table = next((projection for projection in spec.projections if projection.year == one.year), None)
            if table is None:
                faults.append(Fault(f"{one.year} is not among the projections", ("scenarios", at, "year")))
                continue
            world = projected(question.world, table, tuple(spec.groups_of(spec.asked[0])), reading)
            weights = spec.groups_of(spec.asked[0]).items()
            people = sum((w * (world.demand.total if g == "total" else world.demand.of(g)) for g, w in weights),
                         np.zeros(world.demand.n_points))  # fmt: skip
            here = replace(problem, people=np.asarray(people, np.float64)[question.row])
        if one.bound is not None:
            if one.bound.metric != question.rules[0].metric:
                faults.append(Fault("the bound is not in the unit of the question", ("scenarios", at, "bound")))
            here = replace(here, bound=one.bound.value, row_bound=None)
        found.append(Future(one.name, with_factors(here, people=ones * one.people, times=ones * one.times), one.weight))
    if faults:
        raise InputError(faults)
    return tuple(found)


def _in_words(plan: Plan, question: Question) -> Plan:
    """Add what was judged to the plan's sentences."""
    told = [_sentence(one, plan.unit) for one in plan.judged]
    if plan.robust:
        of = {"min_max_regret": ("the largest regret is least", "가장 큰 후회가 최소"),
              "worst": ("the worst value is best", "가장 나쁜 값이 최선"),
              "expected": ("the weighted mean is best", "가중 평균이 최선")}[plan.robust]  # fmt: skip
        n = len(plan.judged)
        told.insert(
            0, (f"chosen so that {of[0]} over {n} states of the world", f"{n}가지 상황에 걸쳐 {of[1]}인 안입니다")
        )
    if plan.chosen_share is not None and question.spec.samples is not None:
        ids = question.facilities.ids[question.site]
        order = np.argsort(-plan.chosen_share, kind="stable")[:10]
        text = ", ".join(f"{ids[j]} {plan.chosen_share[j]:.0%}" for j in order.tolist() if plan.chosen_share[j] > 0)
        n = question.spec.samples.n
        told.append((f"chosen in so many of {n} samples: {text}", f"표본 {n}개 가운데 선택된 비율: {text}"))
    return replace(
        plan,
        reasons=(*plan.reasons, *(one[0] for one in told)),
        reasons_ko=(*plan.reasons_ko, *(one[1] for one in told)),
    )


def _sentence(one: Judged, unit: str) -> tuple[str, str]:
    """Tell of one state of the world."""
    return (
        f"under {one.name}: {one.value:,.6g} {unit}, best possible {one.best:,.6g}, regret {one.regret:,.6g}",
        f"{one.name}: {one.value:,.6g} {unit}, 가능한 최선 {one.best:,.6g}, 후회 {one.regret:,.6g}",
    )
