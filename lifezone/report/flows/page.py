"""The short answer about flows and urban areas for the terminal, in Korean or English."""

from __future__ import annotations

import math
from typing import Final

from lifezone.model import Zoning
from lifezone.model.flows import FlowMap
from lifezone.model.urban import AreaFacts, UrbanAreas
from lifezone.report.flows.frames import modelled_notes
from lifezone.report.pages import Lines, Sheet
from lifezone.standards.disclosure import shown_group

__all__ = ["METHODS", "STRUCTURES", "flows_page", "purpose_words"]

_MOST_ROWS: Final = 20
METHODS: Final = {
    "network_constraint": ("중심도시 연결 비율", "ties to a centre"),
    "functional_urban_area": ("기능적 도시권(OECD·EU)", "functional urban areas (OECD, EU)"),
    "labour_market": ("통근 자족권(노동시장권)", "labour market areas"),
    "intramax": ("인트라맥스", "Intramax"),
    "passage_time": ("마르코프 도달시간 군집", "mean first passage"),
    "modularity": ("모듈러리티(비교용)", "modularity (for comparison)"),
}
STRUCTURES: Final = {
    "single": ("단독", "single"),
    "pair": ("두 곳", "pair"),
    "monocentric": ("단핵", "monocentric"),
    "polycentric": ("다핵", "polycentric"),
    "centre_periphery": ("중심–주변형", "centre–periphery"),
    "mixed": ("혼합형", "mixed"),
    "network": ("네트워크형", "network city"),
}
_PURPOSES: Final = {
    "commuting": ("통근", "commuting"),
    "schooling": ("통학", "schooling"),
    "commuting_schooling": ("통근·통학", "commuting and schooling"),
    "shopping": ("장보기", "shopping"),
    "patients": ("진료", "patients"),
    "moves": ("이사", "moves"),
    "leisure": ("여가", "leisure"),
}
_HEADER: Final = {
    "ko": ("중심", "행정구역", "사는 이동인구", "자족률(거주)", "자족률(일자리)", "규모 구조", "흐름 구조"),
    "en": ("centre", "districts", "residents", "supply side", "demand side", "by size", "by flows"),
}


def flows_page(zoning: Zoning, *, language: str = "en", disclose: bool = False) -> list[Sheet | Lines]:
    """Return flows and urban areas as a page."""
    known = zoning.flows
    if known is None:
        return []
    page: list[Sheet | Lines] = [Lines("흐름" if language == "ko" else "Flows", _told(known, language, disclose))]
    for one in zoning.urban:
        page += _areas(one, known, language, disclose=disclose)
    modelled = modelled_notes(zoning)
    if modelled:
        title = (
            "모형으로 만든 흐름 – 등급·지정에 쓸 수 없음" if language == "ko" else "Modelled flows: not for designation"
        )
        page.append(Lines(title, modelled))
    return page


def purpose_words(purposes: tuple[str, ...], language: str) -> str:
    """Return purposes in words."""
    at = 0 if language == "ko" else 1
    return " + ".join(_PURPOSES.get(one, (one, one))[at] for one in purposes)


def _told(known: FlowMap, language: str, disclose: bool) -> tuple[str, ...]:
    """Return one line a purpose and year: people, those who stay, pairs."""
    lines = []
    for one in known.flows:
        total = float(one.people.sum())
        stay = float(one.people[one.origin == one.to].sum())
        what = purpose_words((one.purpose,), language)
        when = one.year or ("연도 미상" if language == "ko" else "no year")
        share = f"{stay / total:.1%}" if total else "–"
        people = shown_group(total, disclose=disclose)
        if language == "ko":
            mark = " · 모형" if one.modelled else ""
            lines.append(f"{what} {when}: {people}명, {len(one.to):,}쌍, 사는 행정구역에 머무는 비율 {share}{mark}")
        else:
            mark = ", modelled" if one.modelled else ""
            lines.append(
                f"{what}, {when}: {people} people on {len(one.to):,} pairs, {share} stay in their district{mark}"
            )
    return tuple(lines)


def _areas(found: UrbanAreas, known: FlowMap, language: str, *, disclose: bool) -> list[Sheet | Lines]:
    """Return the areas of one method, the largest first."""
    at = 0 if language == "ko" else 1
    order = sorted(found.areas, key=lambda one: (-one.residents, one.centre))
    rows = [_row(one, found, known, language, disclose=disclose) for one in order[:_MOST_ROWS]]
    outside = int((found.area < 0).sum())
    what = f"{purpose_words(found.purposes, language)} {found.year}".strip()
    name = METHODS[found.method][at]
    own = "" if found.id == found.method else f" [{found.id}]"
    title = (
        f"도시권 · {name}{own} · {what}: {len(order):,}곳, 속하지 않는 행정구역 {outside:,}곳"
        if language == "ko"
        else f"Urban areas · {name}{own} · {what}: {len(order):,} areas, districts in none: {outside:,}"
    )
    page: list[Sheet | Lines] = [Sheet(title, _HEADER[language], tuple(rows), words=1)]
    notes = [note[at] for note in found.notes]
    if len(order) > _MOST_ROWS:
        rest = len(order) - _MOST_ROWS
        notes.append(
            f"나머지 {rest:,}곳은 urban_area_summary.csv에" if language == "ko"
            else f"{rest:,} more stand in urban_area_summary.csv"
        )  # fmt: skip
    if notes:
        page.append(Lines("알아 둘 것" if language == "ko" else "Told", tuple(notes)))
    return page


def _row(one: AreaFacts, found: UrbanAreas, known: FlowMap, language: str, *, disclose: bool) -> tuple[str, ...]:
    """Return one area's row."""
    at = 0 if language == "ko" else 1
    english = known.districts.name_en or known.districts.name
    name = known.districts.name[one.centre] if language == "ko" else english[one.centre]
    judged = not found.modelled
    flag = "" if one.valid is not False else (" (기준 미달)" if language == "ko" else " (below the minimum)")
    return (
        f"{name}{flag}", f"{one.districts:,}", shown_group(one.residents, disclose=disclose), _share(one.supply_side),
        _share(one.demand_side), STRUCTURES[one.structure.by_size][at] if judged else "–",
        STRUCTURES[one.structure.by_flows][at] if judged else "–",
    )  # fmt: skip


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1%}"
