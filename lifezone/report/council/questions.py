"""What a siting question asked, in words: what is sought, under which conditions, and how good the answer is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from lifezone.report.council.changes_told import named
from lifezone.report.council.places import Places
from lifezone.report.council.plan_values import measure_of
from lifezone.report.material import Material
from lifezone.report.plan_words import NO_PLAN
from lifezone.report.words import Texts

__all__ = ["answered", "conditions", "proof", "question"]

_SWITCHES: Final = ("capacity", "keep_covered", "around")
_MONEY: Final = ("budget", "yearly_budget")
_LENGTHS: Final = ("most_extra", "apart", "reach")
_IDS: Final = ("open", "never", "stay")


def answered(plan: Mapping[str, Any]) -> bool:
    """Tell whether a question has a plan for an answer."""
    return plan["status"] not in NO_PLAN


def question(material: Material, texts: Texts, plan: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """Return what was asked as a sentence: the kinds, how many, what is best, within which bound."""
    kinds = asked.get("kinds") or ([asked["kind"]] if asked.get("kind") else str(plan["kind"]).split(", "))
    names = texts.write([material.kind_name(str(kind), texts.language) for kind in kinds], "list")
    aim = f"candidates.aim.{plan['method']}"
    goal = texts.say(aim) if texts.has(aim) else str(plan["method"])
    choose = asked.get("choose")
    told = [texts.say("candidates.question", kinds=names, aim=goal)]
    if isinstance(choose, int | float):
        told.append(
            texts.say("candidates.choose_close" if plan["method"] == "close" else "candidates.choose", n=choose)
        )
    elif isinstance(choose, Mapping):
        each = [texts.say("candidates.choose_each", kind=material.kind_name(kind, texts.language), n=int(count))
                for kind, count in choose.items()]  # fmt: skip
        told.append(texts.say("candidates.choose_kinds", each=texts.write(each, "list")))
    bounds = {str(rule["kind"]): _bound(texts, rule) for rule in plan["rules"] if rule["bound"] is not None}
    if bounds:
        said = [texts.say("candidates.bound_each", kind=material.kind_name(kind, texts.language), bound=bound)
                for kind, bound in bounds.items()]  # fmt: skip
        told.append(texts.say("candidates.bounds", each=texts.write(said, "list")))
    return " ".join(told)


def _bound(texts: Texts, rule: Mapping[str, Any]) -> str:
    """Return a bound with how people travel."""
    form, scale = ("minutes", 60.0) if rule["metric"] == "time" else ("metres", 1.0)
    mode = f"charts.{rule['mode']}"
    way = texts.say(mode) if texts.has(mode) else str(rule["mode"])
    return texts.say("candidates.bound_by", way=way, bound=texts.write(float(rule["bound"]) / scale, form))


def conditions(material: Material, texts: Texts, variant: str, asked: Mapping[str, Any]) -> Iterator[str]:
    """Yield the conditions of a question, a sentence each."""
    if asked.get("method") == "portfolio":
        yield from _of_portfolio(texts, asked)
        return
    for key in _MONEY:
        if asked.get(key) is not None:
            yield texts.say(f"candidates.rule.{key}", won=float(asked[key]))
    if asked.get("existing") in ("closable", "movable"):
        yield texts.say(f"candidates.rule.{asked['existing']}")
    yield from (texts.say(f"candidates.rule.{key}") for key in _SWITCHES if asked.get(key))
    for key in _LENGTHS:
        if asked.get(key):
            yield texts.say(f"candidates.rule.{key}", bound=str(asked[key]))
    if asked.get("least_use"):
        yield texts.say("candidates.rule.least_use")
    for group, share in (asked.get("cover") or {}).items():
        yield texts.say("candidates.rule.cover", group=material.group_name(str(group), texts.language),
                        share=str(share))  # fmt: skip
    if asked.get("district_cover"):
        kept = str(asked["district_cover"])
        key = f"candidates.rule.district_{kept}"
        yield texts.say(key) if texts.has(key) else texts.say("candidates.rule.district_share", share=kept)
    places = Places(material, variant)
    for key in _IDS:
        if asked.get(key):
            names = places.names([str(one) for one in asked[key]], texts.language)
            yield texts.say(f"candidates.rule.{key}", names=named(texts, names))
    if asked.get("exclude"):
        kinds = [str(key) for key, value in asked["exclude"].items() if value]
        known = [texts.say(f"candidates.exclude.{key}") if texts.has(f"candidates.exclude.{key}") else key
                 for key in kinds]  # fmt: skip
        yield texts.say("candidates.rule.exclude", what=texts.write(known, "list"))


def _of_portfolio(texts: Texts, asked: Mapping[str, Any]) -> Iterator[str]:
    """Yield the conditions of a portfolio of projects."""
    yield texts.say("candidates.rule.projects_budget", won=float(asked["budget"]))
    yearly = asked.get("yearly")
    if yearly is not None:
        each = list(yearly) if isinstance(yearly, list | tuple) else [yearly]
        key = "projects_yearly" if len(set(each)) == 1 else "projects_years"
        yield texts.say(f"candidates.rule.{key}", won=float(each[0]),
                        years=texts.write([texts.write(float(one), "money") for one in each], "list"))  # fmt: skip
    start, years = int(asked["start"]), int(asked.get("years") or 1)
    yield texts.say("candidates.rule.projects_time", first=str(start), last=str(start + years - 1),
                    horizon=int(asked.get("horizon") or years))  # fmt: skip
    if asked.get("per_village"):
        yield texts.say("candidates.rule.per_village", n=int(asked["per_village"]))
    if asked.get("running_costs"):
        yield texts.say(f"candidates.rule.running_{asked['running_costs']}")


def proof(texts: Texts, plan: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    """Say in lay words how good a plan is at best: no other choice does better, or by how much at most."""
    measure = measure_of(plan)
    if plan["status"] == "optimal":
        if plan.get("front"):
            return texts.say("candidates.proof_front" if plan.get("front_is_whole") else "candidates.proof_point")
        choose = asked.get("choose")
        if isinstance(choose, int | float) and plan["method"] != "close":
            return texts.say("candidates.proof_choice", n=choose, bound=measure.say(texts, plan["bound"]))
        return texts.say("candidates.proof_any", bound=measure.say(texts, plan["bound"]))
    if plan["gap"] is None:
        return texts.say("candidates.proof_none")
    return texts.say("candidates.proof_gap", bound=measure.say(texts, plan["bound"]), gap=float(plan["gap"]))
