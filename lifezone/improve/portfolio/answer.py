"""From a portfolio question to its plan: solved, audited by joint runs of the engine, told year by year."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.assess import Memory, assess
from lifezone.errors import Fault, InputError, LifezoneError, some_of
from lifezone.improve.portfolio.effects import Replay
from lifezone.improve.portfolio.judged import burdens
from lifezone.improve.portfolio.projects import read_projects
from lifezone.improve.portfolio.question import PortfolioQuestion, ask_portfolio
from lifezone.model import Claim, Facilities, Floats, Longs, Plan, Planned, Standard, World
from lifezone.model.portfolio import Goal, PortfolioPlan, ProjectUse, YearUse
from lifezone.progress import SILENT, Progress
from lifezone.siting.milp import Tell
from lifezone.siting.portfolio import NEVER, FoundPortfolio, Judged, audit_portfolio, solve_portfolio
from lifezone.siting.stop import stopping

if TYPE_CHECKING:
    from lifezone.siting.portfolio_spec import Portfolio
    from lifezone.sources.reading import Reading

__all__ = ["UNITS", "SolvedPortfolio", "answer_portfolio", "plan_portfolio", "planned_portfolio", "with_saved_projects"]

UNITS: Final[Mapping[str, str]] = {
    "person_minutes": "person-minutes, discounted",
    "lifted": "person-years out of life deserts, discounted",
    "covered": "person-years within bounds, discounted",
    "communities": "communities",
    "projects": "projects",
}


@dataclass(frozen=True, eq=False)
class SolvedPortfolio:
    """A solver's answer, before it is audited.

    Attributes:
        found: the plan.
        seconds: time that it took.
        stopped: somebody asked to stop and take the best so far.
    """

    found: FoundPortfolio
    seconds: float
    stopped: bool = False


def answer_portfolio(question: PortfolioQuestion, tell: Tell | None = None) -> SolvedPortfolio:
    """Solve a portfolio question; ``tell`` hears of every better plan and bound of the objective at hand."""
    begin = time.monotonic()
    spec = question.spec
    found = solve_portfolio(question.problem, time_limit=spec.time_limit, seed=spec.seed % 2**31, tell=tell)
    return SolvedPortfolio(found, time.monotonic() - begin, stopping())


def planned_portfolio(
    question: PortfolioQuestion, solved: SolvedPortfolio, *, memory: Memory | None = None, progress: Progress = SILENT
) -> tuple[World, Planned]:
    """Audit a plan; returns the world with all of it carried out, and the plan told project by project.

    Raises:
        LifezoneError: the audit found that the plan is not what it says: a defect of this program, never an answer.
    """
    found = solved.found
    if not len(found.start):
        return question.world, _nothing(question, solved)
    with progress.step("audit: projects of each year judged together"):
        claims = audit_portfolio(question.problem, found.start, found.reached, _judge(question, memory or Memory()))
    wrong = [claim for claim in claims if not claim.ok]
    if wrong:
        told = "; ".join(f"{claim.what}: claimed {claim.claimed:.9g}, found {claim.found:.9g}" for claim in wrong)
        raise LifezoneError(f"the audit of the portfolio failed, so it is not told: {told}. Please report this.")
    after = question.replay.world(np.flatnonzero(found.start >= 0).tolist())
    return after, _told(question, solved, claims, after)


def plan_portfolio(
    world: World, spec: Portfolio, standard: Standard, *, reading: Reading | None = None,
    memory: Memory | None = None, progress: Progress = SILENT,
) -> tuple[World, Planned]:  # fmt: skip
    """Ask, answer and tell at once: :func:`ask_portfolio`, :func:`answer_portfolio`, :func:`planned_portfolio`."""
    memory = memory or Memory()
    question = ask_portfolio(world, spec, standard, reading=reading, memory=memory, progress=progress)
    return planned_portfolio(question, answer_portfolio(question), memory=memory, progress=progress)


def with_saved_projects(world: World, spec: Portfolio, chosen: Sequence[str], reading: Reading | None = None) -> World:
    """Return the world with projects that were told by ids before, as ``plan.json`` does; nothing is solved again.

    Raises:
        InputError: a project is not there any more, or no longer fits this world.
    """
    faults: list[Fault] = []
    entries = read_projects(spec, reading, faults)
    number = {entry.project.id: p for p, entry in enumerate(entries)}
    gone = [one for one in chosen if one not in number]
    if gone:
        faults.append(Fault(f"projects of the plan are not there any more: {some_of(gone)}", ("projects",)))
    if faults:
        raise InputError(faults)
    return Replay(world, entries, reading, by_capacity=False).world(number[one] for one in chosen)


def _judge(question: PortfolioQuestion, memory: Memory) -> Judged:
    """Return what judges projects together: all of their edits in one world, as any variant."""
    spec = question.spec
    today = burdens(question.today, question.demands(frozenset()), question.rules, question.anchors, spec)

    def judge(projects: tuple[int, ...]) -> Mapping[str, Floats]:
        world = question.replay.world(projects)
        found = assess(world, question.standard, memory=memory)
        now = burdens(found, question.demands(frozenset(projects)), question.rules, question.anchors, spec)
        return {name: today[name] - now[name] for name in today}

    return judge


def _told(question: PortfolioQuestion, solved: SolvedPortfolio, claims: tuple[Claim, ...], after: World) -> Planned:
    """Return the plan with ids, years and values."""
    found, first = solved.found, solved.found.reached[0]
    opened, closed = _changed(question.world.facilities, after.facilities)
    none = np.empty(0, np.int32)
    english, korean = _why_stopped(question, solved)
    plan = Plan(
        "portfolio", none, none, none, first.value, first.bound, UNITS[first.name],
        "feasible" if found.stopped else "optimal", solved.seconds, audit=claims, reasons=english, reasons_ko=korean,
    )  # fmt: skip
    demand = question.world.demand
    return Planned(
        plan, _kinds(question), tuple(str(after.facilities.ids[at]) for at in opened),
        tuple(str(after.facilities.ids[at]) for at in closed), (),
        float(demand.total[demand.inside].sum()), 0.0, question.notes, portfolio=_portfolio(question, found),
    )  # fmt: skip


def _why_stopped(question: PortfolioQuestion, solved: SolvedPortfolio) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say in English and Korean why a plan is not proved, or nothing."""
    if not solved.found.stopped:
        return (), ()
    limit = question.spec.time_limit
    english = "by Ctrl-C" if solved.stopped else f"at the time limit of {limit:g} s"
    korean = "Ctrl-C로" if solved.stopped else f"제한 시간 {limit:g}초가 되어"
    return (
        (f"stopped {english}: this is the best plan found until then, each objective with its bound",),
        (f"{korean} 멈췄습니다. 그때까지 찾은 가장 좋은 안이며 목표마다 한계값을 함께 적습니다",),
    )


def _nothing(question: PortfolioQuestion, solved: SolvedPortfolio) -> Planned:
    """Return that no plan keeps the rules, and why."""
    none = np.empty(0, np.int32)
    english, korean = _why_nothing(question, stopped=solved.found.stopped)
    plan = Plan(
        "portfolio", none, none, none, float("nan"), float("nan"), UNITS[question.spec.objective[0]],
        "unknown" if solved.found.stopped else "infeasible", solved.seconds, reasons=(english,), reasons_ko=(korean,),
    )  # fmt: skip
    demand = question.world.demand
    return Planned(plan, _kinds(question), (), (), (), float(demand.total[demand.inside].sum()), 0.0, question.notes)


def _why_nothing(question: PortfolioQuestion, *, stopped: bool) -> tuple[str, str]:
    """Say in English and Korean why there is no plan."""
    if stopped:
        return "stopped before a first plan was found: give it more time", (
            "첫 안을 찾기 전에 멈췄습니다. 시간을 더 주십시오"
        )  # fmt: skip
    projects, money = question.problem.projects, question.problem.money
    ids = ", ".join(projects.ids[p] for p in projects.must)
    cost, yearly = sum(sum(projects.costs[p]) for p in projects.must), float(np.sum(money.yearly))
    return (
        f"the projects that must be carried out ({ids}) cost {cost:,.0f} won to build, without what they require; the "
        f"budget is {money.total:,.0f}, {yearly:,.0f} over the years, and their years, exclusions and communities must "
        "fit too",
        f"반드시 해야 하는 사업({ids})의 사업비가 선행 사업을 빼고도 {cost:,.0f}원입니다. 예산은 {money.total:,.0f}원, "
        f"연도별 합계는 {yearly:,.0f}원이며 착수 연도, 배타 관계, 마을별 한도도 맞아야 합니다",
    )


def _kinds(question: PortfolioQuestion) -> str:
    """Return the kinds of facilities that projects open or close."""
    facilities = question.effects.facilities
    kinds = sorted({facilities.kinds[code] for code in facilities.kind[question.effects.sites].tolist()})
    return ", ".join(kinds) or "portfolio"


def _changed(before: Facilities, after: Facilities) -> tuple[list[int], list[int]]:
    """Return positions of facilities that are open after and not before at their place, and the other way round."""
    was = np.zeros(after.n_facilities, np.bool_)
    was[: before.n_facilities] = before.open
    return np.flatnonzero(after.open & ~was).tolist(), np.flatnonzero(was & ~after.open).tolist()


def _portfolio(question: PortfolioQuestion, found: FoundPortfolio) -> PortfolioPlan:
    """Return projects, years and goals of the plan."""
    problem, spec, start = question.problem, question.spec, found.start
    goals = tuple(Goal(one.name, UNITS[one.name], one.value, one.bound, one.proved) for one in found.reached)
    return PortfolioPlan(
        projects=tuple(_project(question, start, p) for p in range(problem.projects.n)),
        years=_years(question, start),
        goals=goals,
        totals={name: problem.goal(name, start) for name in problem.measures},
        communities=tuple(question.villages[village] for village in problem.served(start)),
        budget=spec.budget,
        discount=spec.discount,
        plan_years=spec.years,
    )


def _project(question: PortfolioQuestion, start: Longs, p: int) -> ProjectUse:
    """Return one project with its years and what it is worth alone and as the last one in."""
    problem, project = question.problem, question.entries[p].project
    chosen = bool(start[p] >= 0)
    first = question.spec.start + int(start[p]) if chosen else None
    alone: dict[str, float] = {}
    marginal: dict[str, float] = {}
    if question.measured[p]:
        by_itself = _only(question, start, p)
        without = start.copy()
        without[list(question.replay.needed_by(p))] = NEVER
        for name in problem.measures:
            alone[name] = problem.goal(name, by_itself) - problem.goal(name, np.where(_is(p, start), NEVER, by_itself))
            if chosen:
                marginal[name] = problem.goal(name, start) - problem.goal(name, without)
    return ProjectUse(
        project.id, project.name, project.village, chosen, first,
        None if first is None else first + len(project.by_year), project.by_year, project.running,
        question.measured[p], alone, marginal,
    )  # fmt: skip


def _is(p: int, start: Longs) -> np.ndarray:
    """Return bool[n] true at one project."""
    return np.asarray(np.arange(len(start)) == p)


def _only(question: PortfolioQuestion, start: Longs, p: int) -> Longs:
    """Return the years in which a project would be begun alone, what it requires before it."""
    projects = question.problem.projects
    alone = np.full(projects.n, NEVER, np.int64)

    def begin(q: int) -> int:
        if alone[q] < 0:
            ready = max((begin(one) + len(projects.costs[one]) for one in question.replay.requires[q]), default=0)
            alone[q] = start[q] if start[p] >= 0 else max(ready, int(projects.earliest[q]))
        return int(alone[q])

    begin(p)
    return alone


def _years(question: PortfolioQuestion, start: Longs) -> tuple[YearUse, ...]:
    """Return every year of the horizon."""
    problem, spec, known = question.problem, question.spec, question.known
    building, running = problem.spending(start)
    every = problem.operating(start, spec.years)
    left, total, rows = 0.0, problem.money.total, []
    for at in range(spec.horizon):
        planning = at < spec.years
        operating = problem.operating(start, at) if planning else every
        runs = float(running[at]) if planning else float(problem.projects.running[every].sum())
        built = float(building[at]) if planning else 0.0
        spent = built + (runs if problem.money.pays_running else 0.0) if planning else 0.0
        may = float(problem.money.yearly[at]) + (left if problem.money.carry_over else 0.0) if planning else 0.0
        budget = min(may, total) if planning else None
        left, total = may - spent, total - spent
        values = {name: float(one.gains(operating) @ known.mix[:, at]) for name, one in problem.measures.items()}
        rows.append(YearUse(
            spec.start + at, built, runs, budget, spent, int(operating.sum()), values,
            {name: value * float(known.discount[at]) for name, value in values.items()},
        ))  # fmt: skip
    return tuple(rows)
