"""⑫ What the alternatives cost, once and every year, and in which year what is built.

Only what somebody told is added up; what nobody told is counted beside it. Who pays is not for this program to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lifezone.report.charts.schedule import Bar, Money, schedule_chart
from lifezone.report.council.alternatives import Alternative, alternatives
from lifezone.report.council.places import Places
from lifezone.report.council.shown import figure
from lifezone.report.council.spending import Spending, Step, question_of
from lifezone.report.document import Block, Cell, Chart, Column, Heading, Notice, Paragraph, Section, Table
from lifezone.report.material import Material
from lifezone.report.names import file_stem
from lifezone.report.words import Texts

__all__ = ["section"]

_MILLION: Final = 1e6
_MOST_ROWS: Final = 15
_MOST_BARS: Final = 40


def section(material: Material, texts: Texts) -> Section | None:
    """Return cost and phases; None where no alternative changes a facility or carries out a project."""
    found = [one for one in alternatives(material)[1:] if one.spending.steps or one.spending.projects_won is not None]
    if not found:
        return None
    told = [one for one in found if one.spending.once_won is not None]
    lead = texts.say("costs.lead", n=len(told), all=len(found)) if told else texts.say("costs.lead_none", n=len(found))
    blocks: list[Block] = [Paragraph(lead, "lead"), Notice("warning", texts.say("costs.who_pays"))]
    blocks.append(_overview(material, texts, found))
    for one in found:
        blocks += _one(material, texts, one)
    return Section("costs", texts.say("costs.title"), tuple(blocks))


def _overview(material: Material, texts: Texts, found: Sequence[Alternative]) -> Table:
    """Return what every alternative costs, as far as it is told."""
    rows = []
    for one in found:
        spending, newly = one.spending, None if one.change is None else one.change.newly
        rows.append((
            _name(material, texts, one.name), _counts(texts, spending), _million(spending.once_won),
            _million(spending.yearly_won), spending.untold or None,
            figure(one.won_a_person, newly, disclose=material.disclose, digits=0), _budget(material, one),
        ))  # fmt: skip
    won = texts.say("variants.unit_million_won")
    columns = (
        Column("alternative", texts.say("variants.col.variant")),
        Column("changes", texts.say("costs.col.changes")),
        Column("once", texts.say("costs.col.once"), "money", won),
        Column("yearly", texts.say("costs.col.yearly"), "money", won),
        Column("untold", texts.say("costs.col.untold"), "count"),
        Column("won_a_person", texts.say("variants.col.won_a_person"), "number", texts.say("variants.unit_won"), 0),
        Column("budget", texts.say("costs.col.budget"), "money", won),
    )
    base = _name(material, texts, material.baseline)
    return Table("costs-overview", texts.say("costs.overview", base=base), columns, tuple(rows),
                 note=texts.say("costs.overview_note"))  # fmt: skip


def _counts(texts: Texts, spending: Spending) -> str:
    """Say how many facilities open, close, move or change in size."""
    counts = {change: sum(step.change == change for step in spending.steps)
              for change in ("opened", "closed", "moved", "resized")}  # fmt: skip
    told = [texts.say(f"costs.count.{change}", n=count) for change, count in counts.items() if count]
    return ", ".join(told) or texts.say("costs.count.none")


def _budget(material: Material, one: Alternative) -> float | None:
    """Return the limit of what is paid once, where the question named one."""
    asked = question_of(material, one.name)
    return _million(None if asked.get("budget") is None else float(asked["budget"]))


def _one(material: Material, texts: Texts, one: Alternative) -> Iterator[Block]:
    """Yield what one alternative costs, item by item and year by year."""
    base = _name(material, texts, material.baseline)
    yield Heading(texts.say("variants.heading", base=base, variant=_name(material, texts, one.name)))
    plan = material.plan(one.name)
    if plan is not None and "projects" in plan:
        yield from _schedule(material, texts, one.name, plan)
        return
    if one.spending.untold:
        yield Paragraph(texts.say("costs.untold", n=one.spending.untold))
    yield from _items(material, texts, one)
    for key in ("budget", "yearly_budget"):
        limit = question_of(material, one.name).get(key)
        spent = one.spending.once_won if key == "budget" else one.spending.yearly_won
        if limit is not None:
            told = "costs.limit" if spent is not None else "costs.limit_untold"
            yield Paragraph(texts.say(f"{told}_{key}", limit=float(limit), spent=spent))


def _items(material: Material, texts: Texts, one: Alternative) -> Iterator[Table]:
    """Yield every facility that changes with its costs."""
    if not one.spending.steps:
        return
    after, before = Places(material, one.name), Places(material, material.baseline)
    rows = tuple(_item(material, texts, step, before if step.change == "closed" else after)
                 for step in one.spending.steps)  # fmt: skip
    won = texts.say("variants.unit_million_won")
    columns = (
        Column("facility", texts.say("costs.col.facility")), Column("kind", texts.say("costs.col.kind")),
        Column("change", texts.say("costs.col.change")),
        Column("once", texts.say("costs.col.once"), "money", won),
        Column("yearly", texts.say("costs.col.yearly"), "money", won),
    )  # fmt: skip
    caption = texts.say("costs.items", base=_name(material, texts, material.baseline),
                        variant=_name(material, texts, one.name))  # fmt: skip
    yield Table(f"costs-{file_stem(one.name)}", caption, columns, rows, note=texts.say("costs.items_note"),
                most=_MOST_ROWS)  # fmt: skip


def _item(material: Material, texts: Texts, step: Step, places: Places) -> tuple[Cell, ...]:
    return (
        places.name(step.id, texts.language), material.kind_name(step.kind, texts.language),
        texts.say(f"costs.change.{step.change}"), _million(step.once_won), _million(step.yearly_won),
    )  # fmt: skip


def _schedule(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the projects by year with what is spent, the projects, and the years."""
    chosen = [one for one in plan["projects"] if one["chosen"]]
    years = [year for year in plan["years"] if year["budget"] is not None]
    yield Paragraph(texts.say(
        "costs.projects", n=len(chosen), won=float(plan["spent"]), budget=float(plan["budget"]),
        running=float(sum(one["running"] for one in chosen)), last=str(years[-1]["year"] + 1),
    ))  # fmt: skip
    if chosen:
        yield _chart(material, texts, variant, chosen, years)
    yield _projects(material, texts, variant, plan)
    yield _years(material, texts, variant, plan)


def _chart(
    material: Material, texts: Texts, variant: str, chosen: Sequence[Mapping[str, Any]],
    years: Sequence[Mapping[str, Any]],
) -> Chart:  # fmt: skip
    """Return projects as bars over years."""
    order = sorted(chosen, key=lambda one: (one["start"], one["id"]))
    bars = [Bar(" · ".join([one["name"] or one["id"], *one["villages"][:1]]), one["start"], one["opens"],
                bool(one["measured"])) for one in order[:_MOST_BARS]]  # fmt: skip
    money = [Money(year["year"], year["spent"] / _MILLION, year["budget"] / _MILLION) for year in years]
    name, words = f"schedule-{file_stem(variant)}", ("building", "running", "unmeasured")
    alt = texts.say("costs.schedule_alt", n=len(order), first=str(years[0]["year"]), last=str(years[-1]["year"]),
                    name=str(order[0]["name"] or order[0]["id"]), year=str(order[0]["start"]))  # fmt: skip
    svg = schedule_chart(
        bars, money, prefix=name, words=tuple(texts.say(f"costs.{word}") for word in words),  # type: ignore[arg-type]
        spent=texts.say("costs.spent_axis"), alt=alt,
    )  # fmt: skip
    note = texts.say("costs.schedule_note")
    if len(order) > _MOST_BARS:
        note += " " + texts.say("costs.schedule_more", n=len(order) - _MOST_BARS)
    return Chart(name, texts.say("costs.schedule", variant=_name(material, texts, variant)), svg, alt, note=note)


def _projects(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Table:
    """Return all projects: chosen ones by their years, then the others; what is not measured is not told as nothing."""
    goal = next((one["name"] for one in plan["objectives"] if one["name"] in plan["totals"]), None)
    order = sorted(plan["projects"], key=lambda one: (not one["chosen"], one["start"] or 0, one["id"]))
    rows = []
    for one in order:
        worth = [None if goal is None or one[key] is None else one[key].get(goal) for key in ("alone", "marginal")]
        if goal is not None and not one["measured"]:
            worth[0] = texts.say("costs.not_measured")
        rows.append((
            one["name"] or one["id"], ", ".join(one["villages"]), str(one["start"] or ""), str(one["opens"] or ""),
            sum(one["costs"]) / _MILLION, one["running"] / _MILLION, *worth,
        ))  # fmt: skip
    won = texts.say("variants.unit_million_won")
    unit = "" if goal is None else texts.say(f"candidates.goal.{goal}")
    columns = (
        Column("project", texts.say("costs.col.project")), Column("villages", texts.say("costs.col.villages")),
        Column("start", texts.say("costs.col.start")), Column("opens", texts.say("costs.col.opens")),
        Column("cost", texts.say("costs.col.once"), "money", won),
        Column("running", texts.say("costs.col.yearly"), "money", won),
        Column("alone", texts.say("costs.col.alone"), "number", digits=0, note=unit),
        Column("marginal", texts.say("costs.col.marginal"), "number", digits=0, note=unit),
    )  # fmt: skip
    caption = texts.say("costs.project_table", variant=_name(material, texts, variant))
    note = texts.say("costs.project_note", unit=unit) if unit else ""
    return Table(f"projects-{file_stem(variant)}", caption, columns, tuple(rows), note=note, most=_MOST_ROWS)


def _years(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Table:
    """Return every year: money and what it brings."""
    goal = next((one["name"] for one in plan["objectives"] if one["name"] in plan["totals"]), None)
    rows = tuple(
        (str(year["year"]), _million(year["building"]), _million(year["running"]), _million(year["budget"]),
         year["in_operation"], None if goal is None else year["values"].get(goal))
        for year in plan["years"]
    )  # fmt: skip
    won = texts.say("variants.unit_million_won")
    columns = [
        Column("year", texts.say("costs.col.year")), Column("building", texts.say("costs.col.building"), "money", won),
        Column("running", texts.say("costs.col.running"), "money", won),
        Column("budget", texts.say("costs.col.may_spend"), "money", won),
        Column("in_operation", texts.say("costs.col.in_operation"), "count"),
    ]  # fmt: skip
    if goal is not None:
        columns.append(Column("benefit", texts.say(f"candidates.goal.{goal}"), "number", digits=0))
    caption = texts.say("costs.years", variant=_name(material, texts, variant))
    kept = len(columns)
    return Table(f"years-{file_stem(variant)}", caption, tuple(columns), tuple(row[:kept] for row in rows),
                 note=texts.say("costs.years_note"), most=_MOST_ROWS)  # fmt: skip


def _million(won: float | None) -> float | None:
    return None if won is None else won / _MILLION


def _name(material: Material, texts: Texts, variant: str) -> str:
    return material.variant_name(variant, texts.language)
