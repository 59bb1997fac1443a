"""The short answer about ties, alliances, classes and compact cities for the terminal, in Korean or English."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from lifezone.model import Kind, Zoning
from lifezone.model.alliances import Alliance, Alliances, Partition
from lifezone.model.cities import CityClasses
from lifezone.model.compact import CompactCity
from lifezone.model.flows import FlowMap
from lifezone.model.ties import Tie, Ties
from lifezone.report.flows.page import purpose_words
from lifezone.report.pages import Lines, Sheet
from lifezone.standards.disclosure import LEAST_GROUP, shown_group
from lifezone.zoning.compact import hollowing

__all__ = [
    "CITY_WORDS", "LIMIT_WORDS", "TIE_WORDS", "TREND_WORDS", "compact_page", "division_words", "towns_page",
]  # fmt: skip

_MOST: Final = 15
TIE_WORDS: Final = {
    "reciprocal": ("호혜", "reciprocal"),
    "dependent": ("의존", "dependent"),
    "weak": ("약함", "weak"),
}
CITY_WORDS: Final = {
    "growth_centre": ("지역성장거점도시", "regional growth centre"),
    "industrial": ("산업도시", "industrial city"),
    "small": ("소도시", "small city"),
    "not_classified": ("판정하지 않음", "not classified"),
}
TREND_WORDS: Final = {
    "growing": ("증가", "growing"),
    "stable": ("유지", "stable"),
    "shrinking": ("감소", "shrinking"),
    "unknown": ("모름", "unknown"),
}
_CUTS: Final = {
    "growth_people": ("거점도시 인구", "growth centre from people"),
    "growth_change": ("거점도시 연 증감률", "its yearly change from"),
    "industrial_lq": ("산업도시 특화(LQ)", "industrial from LQ"),
    "industrial_share": ("또는 산업 종사자 비율", "or share of jobs"),
    "industrial_people": ("산업도시 인구", "and people"),
    "medium_people": ("중도시 인구", "medium from people"),
    "large_people": ("대도시 인구", "large from people"),
    "stable": ("인구 유지로 보는 연 증감률 ±", "stable within a yearly ±"),
}
_DIVISIONS: Final = {"best": ("가장 좋은 묶음", "best division"), "given": ("주어진 권역", "given division")}
LIMIT_WORDS: Final = {
    "too many people": "인구가 너무 많음",
    "too few people": "인구가 너무 적음",
    "too far apart": "중심 사이가 너무 멂",
    "not connected": "맞닿아 있지 않음",
    "number of members": "참여 시군 수",
}


def towns_page(
    zoning: Zoning, kinds: Mapping[str, Kind], *, language: str = "en", disclose: bool = False
) -> list[Sheet | Lines]:
    """Return ties, alliances and city classes as a page."""
    known = zoning.towns
    if known is None:
        return []
    page: list[Sheet | Lines] = [_ties(one, known, language, disclose=disclose) for one in zoning.ties if one.ties]
    if zoning.alliances is not None:
        page += _alliances(zoning.alliances, known, kinds, language, disclose=disclose)
    if zoning.city_classes is not None:
        page.append(_cities(zoning.city_classes, language, disclose=disclose))
    return page


def compact_page(
    variants: Sequence[tuple[str, CompactCity]], *, language: str = "en", disclose: bool = False
) -> list[Sheet]:
    """Return how compact the city is in every variant, by year where years are named."""
    if not variants:
        return []
    order = sorted(variants, key=lambda one: one[1].year.year)
    hollow = hollowing([one.year for _, one in order])
    header = {
        "ko": ("대안", "연도", "인구", "중심 인구 비율", "중심 쇠퇴 지수", "시가지 km²", "밀도 경사 /km",
               "모두 한계 안", "모이면"),
        "en": ("variant", "year", "people", "share of centre", "hollowing", "built km²", "gradient /km", "all in reach",
               "if gathered"),
    }[language]  # fmt: skip
    rows = tuple(
        (
            _variant(name, language), str(one.year.year or "–"), shown_group(one.year.people, disclose=disclose),
            _share(one.year.centre_share), _number(index), _number(one.year.footprint_km2),
            _number(one.gradient.per_km),
            "–" if one.walkable is None else shown_group(one.walkable.all_now, disclose=disclose),
            "–" if one.walkable is None else shown_group(one.walkable.all_gathered, disclose=disclose),
        )
        for (name, one), index in zip(order, hollow, strict=True)
    )  # fmt: skip
    title = "압축도시 지표" if language == "ko" else "Compact city"
    return [Sheet(title, header, rows, words=2)]


def _variant(name: str, language: str) -> str:
    return "현재" if name == "baseline" and language == "ko" else name


def _ties(found: Ties, known: FlowMap, language: str, *, disclose: bool) -> Sheet:
    """Return the strongest ties of a purpose and year."""
    at = 0 if language == "ko" else 1
    names = _names(known, language)
    order = sorted(found.ties, key=lambda one: (-one.strength, one.a, one.b))[:_MOST]
    what = f"{purpose_words(tuple(found.purpose.split('+')), language)} {found.year}".strip()
    share = _share(found.reciprocity)
    complementary = sum(one.complementary for one in found.services.values())
    if language == "ko":
        title = f"도시 간 연계 · {what}: 전체 호혜성 {share}"
        title += f", 서비스로 서로 보완하는 쌍 {complementary:,}" if found.services else ""
        header = ("시군", "시군", "가는 사람", "오는 사람", "균형", "강도", "관계")
    else:
        title = f"Ties · {what}: map-wide reciprocity {share}"
        title += f", complementary in services {complementary:,} pairs" if found.services else ""
        header = ("a", "b", "a to b", "b to a", "balance", "strength", "tie")
    rows = []
    for one in order:
        word = "–" if found.modelled else TIE_WORDS[one.name][at]
        if one.depends >= 0 and not found.modelled:
            on = one.b if one.depends == one.a else one.a
            word += f" ({names[one.depends]} → {names[on]})"
        rows.append((
            names[one.a], names[one.b], shown_group(one.flow_ab, disclose=disclose),
            shown_group(one.flow_ba, disclose=disclose), *_measures(one, disclose=disclose), word,
        ))  # fmt: skip
    return Sheet(title, header, tuple(rows), words=2)


def _measures(one: Tie, *, disclose: bool) -> tuple[str, str]:
    """Return balance and strength; not of few people, whose number they would give away."""
    if not disclose and any(0 < flow < LEAST_GROUP for flow in (one.flow_ab, one.flow_ba)):
        return "–", "–"
    return _number(one.balance), _number(one.strength)


def _worth(value: float, *, disclose: bool) -> str:
    """Return a sum of people newly reached, each with a weight, as shown."""
    return shown_group(value) if 0 < value < LEAST_GROUP and not disclose else f"{value:,.6g}"


def _alliances(
    found: Alliances, known: FlowMap, kinds: Mapping[str, Kind], language: str, *, disclose: bool
) -> list[Sheet | Lines]:
    """Return the divisions, what limits did, and what must be told."""
    page: list[Sheet | Lines] = []
    header = {
        "ko": ("연합", "인구", "새로 닿는 가치", "함께 누리는 것", "지키지 못한 조건"),
        "en": ("alliance", "people", "value", "what they share", "limits not kept"),
    }[language]
    for partition in found.partitions:
        rows = tuple(_alliance(one, known, kinds, language, disclose=disclose) for one in partition.alliances)
        page.append(Sheet(division_words(partition, language, disclose=disclose), header, rows, words=1))
    names = _names(known, language)
    left_out = [
        f"{names[at]}: {', '.join(f'{_limit(why, language)} {count:,}' for why, count in one.by_limit.items()) or '–'}"
        for at, one in enumerate(found.refusals)
        if not one.gaining
    ]
    if left_out:
        title = (
            "얻을 것이 있는 묶음이 없는 시군과 그 까닭(묶음 수)"
            if language == "ko"
            else "In no gaining group, and why (groups)"
        )
        page.append(Lines(title, tuple(left_out[:_MOST])))
    notes = tuple(korean if language == "ko" else english for korean, english in found.notes)
    if notes:
        page.append(Lines("알아 둘 것" if language == "ko" else "Told", notes))
    return page


def division_words(partition: Partition, language: str, *, disclose: bool) -> str:
    """Return the title of one division."""
    at, value = 0 if language == "ko" else 1, _worth(partition.value, disclose=disclose)
    number = partition.id.removeprefix("next_")
    name = _DIVISIONS.get(partition.id, (f"다음 {number}", f"next {number}"))[at]
    if partition.id == "given":
        lacks = f"{partition.gap:.1%}" if math.isfinite(partition.gap) else "–"
        return (
            f"연합 · {name}: 값 {value}, 가장 좋은 묶음보다 {lacks} 모자람" if language == "ko"
            else f"Alliances · {name}: value {value}, the best has {lacks} more"
        )  # fmt: skip
    proof = f"{partition.gap:.2%}"
    if language == "ko":
        sure = "최적임이 증명됨" if partition.proved else f"최적과의 차이 많아도 {proof}"
        return f"연합 · {name}: 값 {value} ({sure})"
    sure = "proved best" if partition.proved else f"gap at most {proof}"
    return f"Alliances · {name}: value {value} ({sure})"


def _alliance(
    one: Alliance, known: FlowMap, kinds: Mapping[str, Kind], language: str, *, disclose: bool
) -> tuple[str, ...]:
    """Return one alliance's row."""
    names = _names(known, language)
    shared = []
    for kind in one.shared:
        people = shown_group(sum(kind.newly), disclose=disclose)
        where = f" @{names[kind.hub_in]}" if kind.hub_in >= 0 else ""
        what = kinds[kind.kind].name_ko if language == "ko" else kinds[kind.kind].name_en
        shared.append(f"{what}{where} +{people}")
    broken = ", ".join(_limit(limit, language) for limit in one.broken)
    members = " · ".join(names[at] for at in one.members)
    return (
        members,
        shown_group(one.people, disclose=disclose),
        _worth(one.value, disclose=disclose),
        ", ".join(shared) or "–",
        broken or "–",
    )


def _limit(limit: str, language: str) -> str:
    return LIMIT_WORDS[limit] if language == "ko" else limit


def _cities(found: CityClasses, language: str, *, disclose: bool) -> Sheet:
    """Return the classes of cities, the largest first."""
    at = 0 if language == "ko" else 1
    names = found.name if language == "ko" else found.name_en
    order = sorted(range(len(found.ids)), key=lambda one: (-_known(float(found.people[one])), found.ids[one]))
    rows = []
    for one in order:
        city = found.classes[one]
        near = (" (경계)" if language == "ko" else " (boundary)") if city.close else ""
        group, stable = _group(found, one)
        people = float(found.people[one])
        rows.append((
            names[one], "–" if math.isnan(people) else shown_group(people, disclose=disclose),
            CITY_WORDS[city.name][at] + near, TREND_WORDS[city.trend][at],
            _number(float(found.figures["industry_lq"][one])), group, stable,
        ))  # fmt: skip
    cuts = ", ".join(f"{_CUTS[name][at]} {_cut(name, value)}" for name, value in found.cuts.items())
    no_jobs = all(math.isnan(one) for one in found.figures["industry_share"].tolist())
    if language == "ko":
        lacks = " – 일자리 자료(jobs)가 없어 산업도시는 가리지 못함" if no_jobs else ""
        title = f"도시 유형 (기준은 이 프로그램의 것: {cuts}){lacks}"
        header = ("도시", "인구", "유형", "인구 추세", "제조업 특화(LQ)", "닮은 무리", "무리의 안정성")
    else:
        lacks = "; without jobs no city can be told to be industrial" if no_jobs else ""
        title = f"City classes (cuts are this program's: {cuts}){lacks}"
        header = ("city", "people", "class", "trend", "industry LQ", "group", "stability")
    return Sheet(title, header, tuple(rows), words=1)


def _cut(name: str, value: float) -> str:
    """Return where a class ends: people whole, shares and changes in percent, the quotient as it is."""
    if name.endswith("people"):
        return f"{value:,.0f}"
    return f"{value:g}" if name == "industrial_lq" else f"{100 * value:g} %"


def _group(found: CityClasses, at: int) -> tuple[str, str]:
    """Return the group of a city and its stability."""
    if found.clusters is None or found.clusters.label[at] < 0:
        return "–", "–"
    group = int(found.clusters.label[at])
    return str(group + 1), _number(float(found.clusters.stability[group]))


def _known(value: float) -> float:
    return -1.0 if math.isnan(value) else value


def _names(known: FlowMap, language: str) -> tuple[str, ...]:
    return known.districts.name if language == "ko" else known.districts.name_en or known.districts.name


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1%}"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:,.3g}"
