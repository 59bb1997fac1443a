"""Charts of a plan: the front of choices, cost against coverage of every candidate, other states of the world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from lifezone.report.charts.pareto import Choice, pareto_chart
from lifezone.report.charts.tornado import State, tornado
from lifezone.report.council.candidate_tables import goal_title
from lifezone.report.council.places import Places
from lifezone.report.council.plan_values import goal_measure, measure_of
from lifezone.report.council.shown import is_small, people
from lifezone.report.document import Chart, Column, Table
from lifezone.report.material import Material
from lifezone.report.names import file_stem
from lifezone.report.words import Texts

__all__ = ["choices_chart", "front_chart", "states_chart"]

_MOST_CHOICES: Final = 200
"""More candidates than this are a cloud that nobody reads."""
_HUNDRED_MILLION: Final = 1e8
_TODAY: Final = "today"


def front_chart(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Chart | None:
    """Return the first two goals of a Pareto front against each other; None where the plan has no front."""
    points: Sequence[Mapping[str, Any]] = plan.get("front") or ()
    if not points:
        return None
    goals = list(points[0]["goals"])[:2]
    units = [points[0]["units"][goal] for goal in goals]
    one, two = (goal_measure(unit) for unit in units)
    choices = [
        Choice(one.of(point["goals"][goals[0]]) or 0.0, two.of(point["goals"][goals[1]]) or 0.0, str(point["point"]),
               taken=bool(point["taken"]), bound=None if point["status"] == "optimal" else two.of(point["bound"]))
        for point in points
    ]  # fmt: skip
    choices += _single(material, variant, plan, goals)
    titles = [goal_title(texts, goal, unit) for goal, unit in zip(goals, units, strict=True)]
    name = f"front-chart-{file_stem(variant)}"
    taken = next((choice for choice in choices if choice.taken), choices[0])
    alt = texts.say("candidates.front_alt", n=len(points), x=titles[0], y=titles[1],
                    first=one.say(texts, taken.x * one.scale), second=two.say(texts, taken.y * two.scale))  # fmt: skip
    svg = pareto_chart(choices, prefix=name, titles=(titles[0], titles[1]), words=_words(texts), alt=alt)
    caption = texts.say("candidates.front_chart", variant=material.variant_name(variant, texts.language))
    return Chart(name, caption, svg, alt, note=texts.say("candidates.front_chart_note"))


def _single(material: Material, variant: str, plan: Mapping[str, Any], goals: Sequence[str]) -> list[Choice]:
    """Return each candidate alone where its cost and people beyond the bound are known and the front beats it."""
    points = plan["front"]
    nothing = next((point for point in points if not point["opened"] and not point["closed"]), None)
    if list(goals) != ["cost", "beyond"] or nothing is None:
        return []
    frame, places = material.table("candidates", variant), Places(material, variant)
    known = [(one.x, one.y) for one in (
        Choice(point["goals"]["cost"] / _HUNDRED_MILLION, point["goals"]["beyond"]) for point in points)]  # fmt: skip
    found = []
    for row in frame.to_dict("records")[:_MOST_CHOICES]:
        cost, newly = places.of(str(row["id"])).cost, row["newly_covered"]
        if cost is None or pd.isna(newly) or (is_small(newly) and not material.disclose):
            continue
        x, y = cost / _HUNDRED_MILLION, nothing["goals"]["beyond"] - float(newly)
        if (x, y) not in known:
            found.append(Choice(x, y, on_front=False))
    return found


def choices_chart(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Chart | None:
    """Return cost against people newly within the bound: each candidate alone, and the plan.

    None where costs or the people are not known of two candidates at least.
    """
    frame, places = material.table("candidates", variant), Places(material, variant)
    told: list[tuple[str, float, float]] = []
    ranks: dict[str, str] = {}
    for row in frame.to_dict("records")[:_MOST_CHOICES]:
        cost, newly = places.of(str(row["id"])).cost, row["newly_covered"]
        if cost is not None and not pd.isna(newly) and (material.disclose or not is_small(newly)):
            told.append((str(row["id"]), cost / _HUNDRED_MILLION, float(newly)))
            ranks[str(row["id"])] = str(int(row["rank"]))
    if len(told) < 2:
        return None
    choices = [
        Choice(x, y, ranks[key], on_front=not any(_beats(other, (x, y)) for _, *other in told)) for key, x, y in told
    ]
    own = _own_choice(material, texts, variant, plan)
    choices += [] if own is None else [own]
    name = f"choices-{file_stem(variant)}"
    best = max(told, key=lambda one: one[2])
    alt = texts.say("candidates.choices_alt", n=len(told), name=places.name(best[0], texts.language), people=best[2])
    titles = (texts.say("candidates.goal.cost", unit=texts.say("candidates.unit.hundred_million_won")),
              texts.say("candidates.newly_axis"))  # fmt: skip
    svg = pareto_chart(choices, prefix=name, titles=titles, words=_words(texts), falling=False, alt=alt)
    return Chart(
        name, texts.say("candidates.choices", variant=material.variant_name(variant, texts.language)), svg, alt,
        note=texts.say("candidates.choices_note"),
    )  # fmt: skip


def _beats(one: Sequence[float], other: tuple[float, float]) -> bool:
    """Tell whether a choice is as cheap and brings as many, and is better in one."""
    return one[0] <= other[0] and one[1] >= other[1] and tuple(one) != other


def _own_choice(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Choice | None:
    """Return the plan itself, where all that it opens has a cost and its people are known."""
    costs = [site["cost"] for site in plan["sites"] if site["state"] == "opened"]
    who = material.table("who", variant)
    who = who[(who["district"] == "all") & (who["group"] == "total")]
    if not costs or None in costs or len(who) != 1 or pd.isna(who["newly_covered"].iloc[0]):
        return None
    newly = float(who["newly_covered"].iloc[0])
    if is_small(newly) and not material.disclose:
        return None
    return Choice(sum(costs) / _HUNDRED_MILLION, newly, texts.say("candidates.this_plan"), on_front=False, taken=True)


def states_chart(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Chart | None:
    """Return the tornado of other states and later years; None where there is none, or nothing to compare with."""
    measure, today = measure_of(plan), plan["objective"]
    states = [(str(one["name"]), one["value"], one["best"]) for one in plan.get("scenarios") or ()
              if one["name"] != _TODAY]  # fmt: skip
    states += [(texts.say("candidates.year", year=str(one["year"])), one["objective"], one["best"])
               for one in plan["later"]]  # fmt: skip
    known = [(name, value, best) for name, value, best in states if value is not None]
    hidden = measure.format == "people" and not material.disclose and any(
        is_small(value) for _, value, _ in known)  # fmt: skip
    if today is None or not known or hidden:
        return None
    own = measure.of(today) or 0.0
    drawn = [State(name, measure.of(value) or 0.0, measure.of(best)) for name, value, best in known]
    name = f"states-{file_stem(variant)}"
    widest = max(drawn, key=lambda one: abs(one.value - own))
    alt = texts.say("candidates.states_alt", state=widest.name, value=measure.say(texts, widest.value * measure.scale),
                    today=measure.say(texts, today))  # fmt: skip
    unit = texts.say(f"candidates.unit.{measure.key}")
    words = tuple(texts.say(f"candidates.states.{key}") for key in ("worse", "better", "today", "best"))
    svg = tornado(drawn, own, prefix=name, unit=unit, words=words, less_is_better=measure.less_is_better,  # type: ignore[arg-type]
                  write=lambda value: texts.write(value, "number"), alt=alt)  # fmt: skip
    caption = texts.say("candidates.states_chart", variant=material.variant_name(variant, texts.language))
    return Chart(
        name, caption, svg, alt, _states_table(material, texts, variant, plan, known), caption_note(texts, plan)
    )


def caption_note(texts: Texts, plan: Mapping[str, Any]) -> str:
    """Say for which states the plan was made the best."""
    robust = plan.get("robust")
    return texts.say(f"candidates.robust.{robust}") if robust else texts.say("candidates.robust.none")


def _states_table(
    material: Material, texts: Texts, variant: str, plan: Mapping[str, Any],
    known: Sequence[tuple[str, float, float | None]],
) -> Table:  # fmt: skip
    """Return every state with the plan's value, the best there and what is missing to it."""
    measure = measure_of(plan)
    rows = [(texts.say("candidates.states.today"), _cell(material, measure, plan["objective"]), None, None)]
    rows += [
        (name, _cell(material, measure, value), _cell(material, measure, best),
         _cell(material, measure, None if best is None else abs(value - best)))
        for name, value, best in known
    ]  # fmt: skip
    unit = texts.say(f"candidates.unit.{measure.key}")
    own = tuple(Column(key, texts.say(f"candidates.col.{key}"), measure.format, unit, measure.digits)
                for key in ("value", "best", "regret"))  # fmt: skip
    columns = (Column("state", texts.say("candidates.col.world")), *own)
    return Table(f"states-{file_stem(variant)}-data", texts.say("candidates.states_table"), columns, tuple(rows))


def _cell(material: Material, measure: Any, value: float | None) -> Any:
    if measure.format == "people":
        return people(value, disclose=material.disclose)
    return measure.cell(value)


def _words(texts: Texts) -> tuple[str, str, str]:
    one, two, three = (texts.say(f"candidates.choice.{key}") for key in ("front", "behind", "taken"))
    return one, two, three
