"""Phrases of counts that several sections write: so many of so many, functions, requirements with their bounds.

A part is never written in a way from which a hidden count follows: neither a part of 1 to 9 people, nor one that leaves
1 to 9 of the whole.
"""

from __future__ import annotations

from typing import Any

from lifezone.report.council.facts import Part
from lifezone.report.material import Material
from lifezone.report.words import Texts
from lifezone.standards.disclosure import LEAST_GROUP

__all__ = [
    "all_told", "bound_phrase", "convention_words", "counted", "function_name", "requirement_phrase", "share_told",
    "zoned_name",
]  # fmt: skip


def all_told(texts: Texts, part: Part) -> bool:
    """Tell whether a part and what it leaves may both be shown."""
    rest = part.whole - part.part
    return texts.disclose or not (0 < part.part < LEAST_GROUP or 0 < rest < LEAST_GROUP)


def share_told(texts: Texts, part: Part) -> str:
    """Return a share as it may be shown: ``61.6%``, or empty where the count is hidden or there is nobody."""
    if part.whole <= 0 or not all_told(texts, part):
        return ""
    return texts.write(part.share, "percent")


def counted(texts: Texts, part: Part) -> str:
    """Write people of a whole: ``10,750명(35.8%)``, ``10명 미만``, ``30,000명 모두``, ``10명 미만을 뺀 모두``."""
    rest = part.whole - part.part
    if part.part <= 0 or part.whole <= 0:
        return texts.say("common.people_none")
    if rest <= 0:
        return texts.say("common.people_all", people=part.whole)
    if not all_told(texts, part):
        few = 0 < part.part < LEAST_GROUP
        return texts.say("common.people_few" if few else "common.people_all_but_few", people=float(LEAST_GROUP))
    return texts.say("common.people_share", people=part.part, share=part.share)


def function_name(texts: Texts, function: str) -> str:
    """Return the name of a function of the desert test, its key where the words do not know it."""
    key = f"common.function.{function}"
    return texts.say(key) if texts.has(key) else function.replace("_", " ")


def bound_phrase(material: Material, texts: Texts, requirement: str) -> str:
    """Return mode and bound of a requirement: ``자동차 15분``, ``15 min by car``."""
    from lifezone.report.plan_words import rule_words  # noqa: PLC0415  (needs the model alone, but keeps imports light)

    return rule_words(material.rules[requirement])[int(texts.language == "en")]


def requirement_phrase(material: Material, texts: Texts, requirement: str) -> str:
    """Return a requirement with its bound: ``의원(군 목표)(자동차 15분)`` as the language writes it."""
    return texts.say(
        "common.requirement",
        name=material.short_name(requirement, texts.language),
        bound=bound_phrase(material, texts, requirement),
    )


def convention_words(material: Material, texts: Texts, requirement: str, convention: str) -> str:
    """Return how an official evaluation reads a requirement: ``공식 평가처럼 지역 평균으로``, ``by road at 3 km/h``."""
    rule = material.rules.get(requirement)
    found = next((one for one in rule.official if one.id == convention), None) if rule is not None else None
    if found is None:
        return texts.say("common.convention.other", name=convention)
    if found.area_mean:
        return texts.say("common.convention.area_mean")
    if found.speed_mps is not None:
        return texts.say("common.convention.speed", speed=found.speed_mps * 3.6)
    if found.speed_share is not None:
        return texts.say(f"common.convention.share_of_{found.share_of}", share=found.speed_share)
    bound = found.bound or 0.0
    told = texts.write(bound / 60, "minutes") if found.metric == "time" else texts.write(bound, "metres")
    return texts.say(f"common.convention.bound_{found.metric}", bound=told)


def zoned_name(material: Material, texts: Texts, function: str) -> str:
    """Return the name of a function that life zones are drawn for: its own, else that of its kind of function."""
    told = ((material.scenario.get("zones") or {}).get("functions")) or []
    own: dict[str, Any] = next((one for one in told if one.get("id") == function), {})
    name = own.get("name") or {}
    words = name if isinstance(name, str) else name.get(texts.language) or name.get("ko") or name.get("en")
    return words or function_name(texts, str(own.get("function") or function))
