"""The words on maps: names of requirements, kinds, variants, groups and sources in Korean and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import lifezone
from lifezone.model import TOTAL, Demand, Kind, Provenance, Requirement, Result, Variant
from lifezone.standards.judge import effective_group

__all__ = [
    "bound_words",
    "footer",
    "group_words",
    "kind_words",
    "made_from",
    "metric_words",
    "requirement_names",
    "variant_name",
]

_MODES: Final = {
    "car": ("자동차로", "by car"),
    "walk": ("걸어서", "on foot"),
    "bicycle": ("자전거로", "by bicycle"),
    "transit": ("대중교통으로", "by public transport"),
}
_SETTINGS: Final = {"urban": "도시 지점만 판정 / urban points only", "rural": "농촌 지점만 판정 / rural points only"}


def requirement_names(rule: Requirement, kinds: Mapping[str, Kind]) -> tuple[str, str]:
    """Return the Korean and English name of a requirement: its own, else its kinds', else its id."""
    korean = rule.name_ko or "·".join(kind_words(kind, kinds)[0] for kind in rule.kinds) or rule.id
    english = rule.name_en or ", ".join(kind_words(kind, kinds)[1] for kind in rule.kinds) or rule.id
    return korean, english


def kind_words(kind: str, kinds: Mapping[str, Kind]) -> tuple[str, str]:
    """Return the Korean and English name of a kind, its key where the table does not know it."""
    known = kinds.get(kind)
    if known is None:
        return kind, kind.replace("_", " ")
    return known.name_ko or kind, known.name_en or kind


def metric_words(rule: Requirement) -> tuple[str, str]:
    """Return what is measured: ``자동차로 가는 시간`` and ``travel time by car``."""
    korean, english = _MODES.get(rule.mode, (rule.mode, f"by {rule.mode}"))
    if rule.metric == "length":
        return f"{korean} 가는 도로 거리", f"road distance {english}"
    if rule.direction == "from_facility":
        return "시설에서 오는 시간", f"time from the facility {english}"
    return f"{korean} 가는 시간", f"travel time {english}"


def bound_words(rule: Requirement, amount: float | None = None) -> tuple[str, str]:
    """Return a bound (or another amount in its unit) in Korean and English."""
    value = rule.bound if amount is None else amount
    if value is None:
        return "–", "–"
    if rule.metric == "time":
        return f"{value / 60:g}분", f"{value / 60:g} min"
    text = f"{value / 1000:g} km" if value >= 1000 else f"{value:g} m"
    return text, text


def group_words(rule: Requirement, demand: Demand) -> str:
    """Return for whom a requirement judges, with ``estimated`` where the group's numbers are."""
    group = effective_group(rule, demand)[0]
    name = "전체 인구 / everybody" if group == TOTAL else group
    estimated = " (추정 / estimated)" if group in demand.estimated else ""
    setting = f" · {_SETTINGS[rule.setting]}" if rule.setting in _SETTINGS else ""
    return f"{name}{estimated}{setting}"


def variant_name(variant: Variant) -> tuple[str, str]:
    """Return what a variant is called in Korean and English: its titles, else its name."""
    if variant.name == "baseline":
        return "현재", "baseline"
    return variant.title_ko or variant.name, variant.title_en or variant.name


def footer(result: Result) -> tuple[str, ...]:
    """Return the lines of sources and dates that stand under every map."""
    standard = result.baseline.assessment.standard
    rule, english = standard.name_ko or standard.name_en, f" / {standard.name_en}" if standard.name_en else ""
    if not rule:
        rule, english = "시나리오에 적힌 기준", " / requirements of the scenario itself"
    judged = f"기준 / standard: {rule}{english} [{standard.id}]"
    return made_from(result.name, result.provenance, result.baseline.world.crs, judged)


def made_from(name: str, provenance: Provenance, crs: str, *more: str) -> tuple[str, ...]:
    """Return the lines that tell what a map was made from."""
    sources = [_source(entry) for entry in provenance.inputs]
    return (
        f"자료 / data: {' · '.join(dict.fromkeys(sources)) or '시나리오에서 만듦 / made by the scenario'}",
        *more,
        f"{name} · {crs} · lifezone {lifezone.__version__} · 목록과 해시 / list and hashes: manifest.json",
    )


def _source(entry: Mapping[str, Any]) -> str:
    """Name one input: what it calls itself or its file, with its date and whose it is where that is known."""
    name = str(entry.get("source") or re.split(r"[\\/]", str(entry.get("path", "")))[-1])
    more = [str(entry[key]) for key in ("date", "attribution") if entry.get(key)]
    return f"{name} ({', '.join(more)})" if more else name
