"""⑪ Where facilities should stand: the question, the answer and its proof, every candidate beside it, and what if not.

An answer that a solver found is told with what no answer can beat, and with what a second computation found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lifezone.report.council.candidate_tables import extra_travel, front, goal_title, scorecard, sites
from lifezone.report.council.changes_told import named
from lifezone.report.council.places import Places
from lifezone.report.council.plan_charts import choices_chart, front_chart, states_chart
from lifezone.report.council.plan_values import goal_measure, measure_of
from lifezone.report.council.questions import answered, conditions, proof, question
from lifezone.report.council.spending import question_of
from lifezone.report.document import (
    Block,
    Bullets,
    Column,
    Heading,
    KeyFigure,
    KeyFigures,
    Notice,
    Paragraph,
    Picture,
    Section,
    Table,
)
from lifezone.report.material import Material
from lifezone.report.names import file_stem
from lifezone.report.plan_words import noted
from lifezone.report.words import Texts
from lifezone.report.words.told import told_in

__all__ = ["section"]

_SCHOOLS: Final = ("school", "kindergarten")
_MAPS: Final = ("plan_after.png", "plan_change.png")


def section(material: Material, texts: Texts) -> Section | None:
    """Return the answers to siting questions; None where a run asked none."""
    if not material.plans:
        return None
    blocks: list[Block] = [Paragraph(texts.say("candidates.lead", n=len(material.plans)), "lead")]
    if any(plan["opened"] or plan["rules"] for plan in material.plans.values()):
        blocks.append(Notice("legal", texts.say("candidates.legal")))
    if any(mark in str(plan["kind"]) for plan in material.plans.values() for mark in _SCHOOLS):
        blocks.append(Notice("schools", texts.say("candidates.schools")))
    for variant, plan in material.plans.items():
        blocks += _plan(material, texts, variant, plan)
    return Section("candidates", texts.say("candidates.title"), tuple(blocks))


def _plan(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Iterator[Block]:
    """Yield one question with its answer."""
    asked = question_of(material, variant)
    yield Heading(material.variant_name(variant, texts.language))
    yield Paragraph(question(material, texts, plan, asked))
    told = tuple(conditions(material, texts, variant, asked))
    if told:
        yield Bullets(told)
    if not answered(plan):
        yield from _no_plan(texts, plan)
        return
    if "projects" in plan:
        yield from _portfolio(material, texts, variant, plan)
    else:
        yield Paragraph(_answer(material, texts, variant, plan), "lead")
        yield _goals(texts, plan) if plan.get("front") else _figures(texts, plan)
        yield Paragraph(proof(texts, plan, asked))
    yield Paragraph(_audit(texts, plan))
    yield from _maps(material, texts, variant)
    yield from front(material, texts, variant, plan)
    chart = front_chart(material, texts, variant, plan) or choices_chart(material, texts, variant, plan)
    if chart is not None:
        yield chart
    yield from scorecard(material, texts, variant, plan)
    yield from sites(material, texts, variant, plan)
    yield from extra_travel(texts, variant, plan, disclose=material.disclose)
    yield from _over_time(material, texts, variant, plan)
    states = states_chart(material, texts, variant, plan)
    if states is not None:
        yield states
    yield from _notes(texts, plan)


def _no_plan(texts: Texts, plan: Mapping[str, Any]) -> Iterator[Block]:
    """Yield why a question has no answer."""
    yield Notice("warning", texts.say(f"candidates.no_plan.{plan['status']}"))
    reasons = (plan.get("reasons_ko") if texts.language == "ko" else None) or plan["reasons"]
    if reasons:
        yield Bullets(tuple(reasons))


def _answer(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> str:
    """Say what opens and what closes, by name and district."""
    told = []
    for state, where in (("opened", variant), ("closed", material.baseline)):
        ids = [str(one) for one in plan[state]]
        if ids:
            names = named(texts, Places(material, where).names(ids, texts.language))
            told.append(texts.say(f"candidates.{state}", n=len(ids), names=names))
    return " ".join(told) or texts.say("candidates.unchanged")


def _figures(texts: Texts, plan: Mapping[str, Any]) -> KeyFigures:
    """Return the objective, what no plan can beat, and how far these are apart."""
    measure = measure_of(plan)
    share = ""
    if measure.key == "people" and plan["people"] > 0 and plan["objective"] is not None:
        share = texts.write(plan["objective"] / plan["people"], "percent")
    elif plan["unit"] == "people·seconds" and plan["people"] > plan["unreached"] and plan["objective"] is not None:
        each = plan["objective"] / (plan["people"] - plan["unreached"]) / 60.0
        share = texts.say("candidates.each", minutes=each)
    gap, left = plan["gap"], plan["unreached"]
    beyond = "beyond" if measure.key == "people" or plan["method"] == "set_cover" else "left"
    detail = texts.say(f"candidates.figure.people_{beyond}" if left > 0 else "candidates.figure.people",
                       people=plan["people"], left=left)  # fmt: skip
    return KeyFigures((
        KeyFigure(texts.say("candidates.figure.objective"), measure.say(texts, plan["objective"]), share,
                  detail),
        KeyFigure(texts.say("candidates.figure.bound"), measure.say(texts, plan["bound"]),
                  detail=texts.say("candidates.figure.bound_detail")),
        KeyFigure(texts.say("candidates.figure.gap"), "–" if gap is None else texts.write(gap, "percent:2"),
                  detail=texts.say(f"candidates.figure.{plan['status']}")),
    ))  # fmt: skip


def _goals(texts: Texts, plan: Mapping[str, Any]) -> KeyFigures:
    """Return what the choice taken comes to in every goal."""
    taken = next(point for point in plan["front"] if point["taken"])
    told = [(goal_title(texts, goal, taken["units"][goal]), goal_measure(taken["units"][goal]).say(texts, value))
            for goal, value in taken["goals"].items()]  # fmt: skip
    detail = texts.say("candidates.figure.choice", at=int(taken["point"]), n=len(plan["front"]))
    return KeyFigures(tuple(KeyFigure(label, value, detail=detail) for label, value in told))


def _audit(texts: Texts, plan: Mapping[str, Any]) -> str:
    """Say what the second computation found."""
    wrong = [str(claim["claim"]) for claim in plan["audit"] if not claim["ok"]]
    if wrong:
        return texts.say("candidates.audit_wrong", n=len(plan["audit"]), wrong="; ".join(wrong))
    return texts.say("candidates.audit", n=len(plan["audit"]))


def _portfolio(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what a portfolio reaches, objective by objective."""
    rows = tuple(
        (texts.say(f"candidates.goal.{one['name']}"), one["value"], one["bound"], one["gap"],
         texts.say("candidates.proved" if one["proved"] else "candidates.not_proved"))
        for one in plan["objectives"]
    )  # fmt: skip
    columns = (
        Column("objective", texts.say("candidates.col.objective")),
        Column("value", texts.say("candidates.col.value"), "number", digits=0),
        Column("bound", texts.say("candidates.col.best_possible"), "number", digits=0),
        Column("gap", texts.say("candidates.col.gap"), "percent", "%"),
        Column("proof", texts.say("candidates.col.proof")),
    )
    chosen = [one for one in plan["projects"] if one["chosen"]]
    names = named(texts, [str(one["name"] or one["id"]) for one in chosen])
    yield Paragraph(texts.say("candidates.projects", n=len(chosen), names=names) if chosen else
                    texts.say("candidates.no_project"), "lead")  # fmt: skip
    yield Paragraph(texts.say(
        "candidates.portfolio", n=len(chosen), all=len(plan["projects"]), villages=len(plan["communities"]),
        spent=float(plan["spent"]), budget=float(plan["budget"]), rate=float(plan["discount"]),
    ))  # fmt: skip
    name = material.variant_name(variant, texts.language)
    yield Table(f"portfolio-{file_stem(variant)}", texts.say("candidates.portfolio_table", variant=name), columns, rows,
                note=texts.say("candidates.portfolio_note"))  # fmt: skip


def _maps(material: Material, texts: Texts, variant: str) -> Iterator[Picture]:
    """Yield the pictures of a plan that the run drew."""
    entry = material.entry(variant)
    drawn = set((entry["maps"] or {}).get("drawn") or ())
    name = material.variant_name(variant, texts.language)
    for file in _MAPS:
        if file in drawn:
            stem = file.removesuffix(".png")
            caption = texts.say(f"candidates.{stem}", variant=name)
            yield Picture(f"{stem}-{file_stem(variant)}", caption, f"{entry['folder']}/maps/{file}",
                          texts.say(f"candidates.{stem}_alt", variant=name))  # fmt: skip


def _over_time(material: Material, texts: Texts, variant: str, plan: Mapping[str, Any]) -> Iterator[Block]:
    """Yield how the plan fares with the people of later years."""
    measure, told = measure_of(plan), []
    places = Places(material, variant)
    for later in plan["later"]:
        year, worse = str(later["year"]), later["worse"]
        if worse is None:
            told.append(texts.say("candidates.later_broken", year=year, people=later["people"]))
            continue
        if later["still_best"]:
            told.append(texts.say("candidates.later_best", year=year, people=later["people"],
                                  value=measure.say(texts, later["objective"])))  # fmt: skip
            continue
        ids = [str(one) for one in (*later["opened"], *later["closed"])]
        told.append(texts.say(
            "candidates.later_worse", year=year, people=later["people"], gap=float(worse),
            names=named(texts, places.names(ids, texts.language)) if ids else texts.say("candidates.unchanged"),
        ))  # fmt: skip
    if told:
        yield Bullets(tuple(told))


def _notes(texts: Texts, plan: Mapping[str, Any]) -> Iterator[Block]:
    """Yield what was assumed."""
    told = []
    for note in map(str, plan["notes"]):
        own = noted(note)[int(texts.language == "en")]
        told.append(told_in(texts.language, note) if own == note else own)
    if told:
        yield Paragraph(" ".join(f"{one.rstrip('.')}." for one in told), "note")
