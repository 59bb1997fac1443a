"""A portfolio for people and files: its part of ``plan.json``, ``projects.csv``, ``years.csv``, and console tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lifezone.model import Planned
from lifezone.model.portfolio import Goal, PortfolioPlan, ProjectUse, YearUse
from lifezone.report.pages import Lines, Sheet
from lifezone.report.sheets import write_table

__all__ = ["MEASURE_WORDS", "portfolio_data", "portfolio_page", "portfolio_sheets", "write_portfolio"]

NOT_MEASURED: Final = ("측정 안 됨", "not measured")
MEASURE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "person_minutes": ("절약 인·분", "person-minutes saved"),
    "lifted": ("사막 탈출 인·년", "person-years out of deserts"),
    "covered": ("기준 충족 인·년", "person-years within bounds"),
    "communities": ("혜택 마을", "communities served"),
    "projects": ("사업 수", "projects"),
}
"""Korean and English, as they are told beside a number."""
_MILLION: Final = 1e6


def portfolio_data(plan: PortfolioPlan) -> dict[str, Any]:
    """Return a portfolio as plain data; the values of a project that no measure sees are null, never 0."""
    return {
        "objectives": [
            {"name": goal.name, "unit": goal.unit, "value": _number(goal.value), "bound": _number(goal.bound),
             "gap": _gap(goal.value, goal.bound), "proved": goal.proved}
            for goal in plan.goals
        ],
        "totals": {name: _number(value) for name, value in plan.totals.items()},
        "budget": plan.budget,
        "spent": sum(year.spent for year in plan.years),
        "discount": plan.discount,
        "projects": [_project(project) for project in plan.projects],
        "years": [_year(year) for year in plan.years],
        "communities": list(plan.communities),
    }  # fmt: skip


def _project(project: ProjectUse) -> dict[str, Any]:
    """Return one project as plain data."""
    return {
        "id": project.id,
        "name": project.name,
        "villages": list(project.villages),
        "chosen": project.chosen,
        "start": project.start,
        "opens": project.opens,
        "costs": list(project.costs),
        "running": project.running,
        "measured": project.measured,
        "alone": dict(project.alone) if project.measured else None,
        "marginal": dict(project.marginal) if project.measured and project.chosen else None,
    }


def _year(year: YearUse) -> dict[str, Any]:
    """Return one year as plain data."""
    return {
        "year": year.year,
        "building": year.building,
        "running": year.running,
        "budget": year.budget,
        "spent": year.spent,
        "in_operation": year.in_operation,
        "values": dict(year.values),
        "discounted": dict(year.discounted),
    }


def write_portfolio(plan: PortfolioPlan, folder: Path, *, drawn: bool = True) -> None:
    """Write ``projects.csv`` and ``years.csv``, and where pictures are wanted ``schedule.png``."""
    if drawn:
        from lifezone.report.schedule import draw_schedule  # noqa: PLC0415  (matplotlib is slow to load)

        draw_schedule(plan, folder / "schedule.png")
    names = list(plan.totals)
    header = ["id", "name", "villages", "chosen", "start", "opens", "cost", "costs", "running", "measured"]
    header += [f"{name}_{part}" for name in names for part in ("alone", "marginal")]
    write_table(folder / "projects.csv", header, (_row(project, names) for project in plan.projects))
    header = ["year", "building", "running", "budget", "spent", "in_operation"]
    header += [f"{name}{part}" for name in names for part in ("", "_discounted")]
    rows = (
        [year.year, year.building, year.running, year.budget, year.spent, year.in_operation,
         *(part[name] for name in names for part in (year.values, year.discounted))]
        for year in plan.years
    )  # fmt: skip
    write_table(folder / "years.csv", header, rows)


def _row(project: ProjectUse, names: list[str]) -> list[Any]:
    """Return one project as a row."""
    return [
        project.id, project.name, ";".join(project.villages), project.chosen, project.start, project.opens,
        sum(project.costs), ";".join(f"{cost:.0f}" for cost in project.costs), project.running, project.measured,
        *(part.get(name) for name in names for part in (project.alone, project.marginal)),
    ]  # fmt: skip


def portfolio_page(
    name: str, found: Planned, plan: PortfolioPlan, *, language: str = "en"
) -> list[Sheet | Lines]:  # fmt: skip
    """Return what the terminal tells of a portfolio: what it reaches and what is proved of it, projects, years."""
    korean = language == "ko"
    first, last = plan.years[0].year, plan.years[plan.plan_years - 1].year
    title = f"{name} – {first}–{last}년 사업 묶음" if korean else f"{name} – portfolio of projects, {first}–{last}"
    reasons = found.plan.reasons_ko if korean and found.plan.reasons_ko else found.plan.reasons
    lines = (*_headlines(plan, korean=korean), _audited(len(found.plan.audit), korean=korean), *reasons, *found.notes)
    return [Lines(title, lines), *portfolio_sheets(plan, language)]


def _audited(claims: int, *, korean: bool) -> str:
    """Say what the audit did."""
    if korean:
        return f"감사: {claims}개 항목을, 해마다 운영되는 사업을 함께 적용한 계산으로 따로 다시 확인해 모두 맞음"
    return f"audit: {claims} claims computed again by joint runs of each year's projects, all hold"


def _headlines(plan: PortfolioPlan, *, korean: bool) -> list[str]:
    """Say what a portfolio reaches, objective by objective, and what it costs."""
    at = 0 if korean else 1
    lines = []
    for goal in plan.goals:
        word = MEASURE_WORDS[goal.name][at]
        lines.append(f"{word}: {goal.value:,.0f} – {_proof(goal, korean=korean)}")
    beside = [name for name in plan.totals if name not in {goal.name for goal in plan.goals}]
    if beside:
        told = ", ".join(f"{MEASURE_WORDS[name][at]} {plan.totals[name]:,.0f}" for name in beside)
        lines.append(f"함께 얻는 것: {told}" if korean else f"beside it: {told}")
    rate, horizon, spent = 100 * plan.discount, len(plan.years), sum(year.spent for year in plan.years) / _MILLION
    n_chosen, n_all, there = len(plan.chosen), len(plan.projects), plan.budget / _MILLION
    lines.append(
        f"{n_all}개 가운데 {n_chosen}개 사업, {len(plan.communities)}개 마을, {spent:,.1f}/{there:,.1f}백만 원"
        if korean else
        f"{n_chosen} of {n_all} projects in {len(plan.communities)} communities, {spent:,.1f}/{there:,.1f} million won"
    )  # fmt: skip
    lines.append(
        f"{horizon}년 동안의 효과를 연 {rate:g} %로 할인해 합한 값"
        if korean else f"values are sums over {horizon} years, discounted at {rate:g} % a year"
    )  # fmt: skip
    return lines


def _proof(goal: Goal, *, korean: bool) -> str:
    """Say how good a plan is at best by one objective."""
    gap = _gap(goal.value, goal.bound)
    if goal.proved and not gap:
        return "최선임이 증명됨" if korean else "proved best"
    if goal.proved:
        return (
            f"다음 목표를 위해 최선 {goal.bound:,.0f}에서 {gap or 0:.1%} 양보함"
            if korean else f"{gap or 0:.1%} below the best of {goal.bound:,.0f}, given up for the next objectives"
        )  # fmt: skip
    away = "?" if gap is None else f"{gap:.2%}"
    return f"최선과의 차이 많아야 {away}" if korean else f"at most {away} from the best possible"


def portfolio_sheets(plan: PortfolioPlan, language: str = "en") -> list[Sheet]:
    """Return the tables of a portfolio for the terminal: its projects by year, and its years."""
    korean = language == "ko"
    first = plan.goals[0].name if plan.goals[0].name in plan.totals else next(iter(plan.totals), "")
    word = MEASURE_WORDS[first][0 if korean else 1] if first else ""
    header = (
        ("사업", "이름", "마을", "착수", "운영", "사업비(백만 원)", f"단독 {word}", f"마지막으로 넣을 때 {word}")
        if korean else
        ("project", "name", "village", "begins", "opens", "million won", f"{word} alone", f"{word} as the last one in")
    )  # fmt: skip
    chosen = sorted(plan.chosen, key=lambda one: (one.start or 0, one.id))
    rows = tuple(
        (one.id, one.name, ", ".join(one.villages), str(one.start), str(one.opens),
         f"{sum(one.costs) / _MILLION:,.1f}",
         *(_told(one, part, first, korean=korean) for part in ("alone", "marginal")))
        for one in chosen
    )  # fmt: skip
    return [Sheet("선정 사업" if korean else "projects chosen", header, rows, words=3), _years(plan, korean=korean)]


def _years(plan: PortfolioPlan, *, korean: bool) -> Sheet:
    """Return the table of the plan's years and the last one."""
    measures = list(plan.totals)
    words = [MEASURE_WORDS[name][0 if korean else 1] for name in measures]
    words = [word.replace("·년", "").replace("person-years", "people") for word in words]
    header = (
        ("연도", "지출(백만 원)", "가용(백만 원)", "운영 중", *words)
        if korean else ("year", "spent, million won", "there is", "in operation", *words)
    )  # fmt: skip
    told = [*plan.years[: plan.plan_years], *plan.years[plan.plan_years :][-1:]]
    rows = tuple(
        (str(year.year), f"{year.spent / _MILLION:,.1f}",
         "–" if year.budget is None else f"{year.budget / _MILLION:,.1f}", str(year.in_operation),
         *(f"{year.values[name]:,.0f}" for name in measures))
        for year in told
    )  # fmt: skip
    title = "연도별 (마지막 줄은 편익 계산 마지막 해, 할인 전)" if korean else (
        "years (the last line is the last year that is counted; not discounted)"
    )  # fmt: skip
    return Sheet(title, header, rows)


def _told(project: ProjectUse, part: str, measure: str, *, korean: bool) -> str:
    """Return a value of a project in words."""
    values = getattr(project, part)
    if not project.measured or measure not in values:
        return NOT_MEASURED[0 if korean else 1]
    return f"{values[measure]:,.0f}"


def _number(value: float) -> float | None:
    """Return a finite number or None."""
    return float(value) if math.isfinite(value) else None


def _gap(value: float, bound: float) -> float | None:
    """Return \\|value − bound\\| ÷ \\|value\\|; None where it is not defined."""
    if value == bound:
        return 0.0
    return _number(abs(bound - value) / abs(value)) if value else None
