"""The short answer after a run, in Korean or English: coverage, deserts, caveats, where the files are.

Names that people chose stay in the words they were written in; warnings too, where :mod:`lifezone.report.words.told`
has no Korean for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from lifezone.model import TOTAL, Assessment, Desert, Reason, Requirement, Result, Variant
from lifezone.report.disclosure import counted
from lifezone.report.pages import Lines, Page, Sheet
from lifezone.report.plan_page import plan_page
from lifezone.report.tables import ALL, Tables
from lifezone.report.towns import compact_page
from lifezone.report.words.grammar import Language
from lifezone.report.words.told import told_in
from lifezone.report.zones.page import zoning_page
from lifezone.standards.disclosure import shown_desert, shown_group
from lifezone.standards.judge import effective_group
from lifezone.standards.rows import ChangeRow, SummaryRow

__all__ = ["result_page"]

_MOST_VARIANTS: Final = 4
_MOST_DESERTS: Final = 5
_MOST_WARNINGS: Final = 20
_MANY_OFF: Final = 0.05
"""Share of people off the roads from which on the road file itself is in doubt."""
_CAVEAT: Final = re.compile(r"(?<=for people: ).*|[\d,.<]+")
"""What differs between the same caveat of two variants: the counts, and the requirements they are told for."""

Say = Callable[[str, str], str]
"""Chooses between the Korean and the English wording."""


def result_page(result: Result, out: Path, tables: Tables, *, language: str = "en", disclose: bool = False) -> Page:
    """Return the short answer of a run.

    Args:
        result: the run.
        out: where its files are.
        tables: its tables.
        language: ``ko`` or ``en``.
        disclose: show small counts as they are.
    """

    def say(korean: str, english: str) -> str:
        return korean if language == "ko" else english

    page: list[Sheet | Lines] = [_people(result, say), _coverage(result, tables, disclose, say)]
    page += [*_without_car(result, tables, disclose, say), *_deserts(result, tables, disclose, say)]
    if result.baseline.zoning is not None:
        world = result.baseline.world
        page += zoning_page(
            result.baseline.zoning, world, "baseline", result.kinds, language=language, disclose=disclose
        )
    divided = [(one.name, one.zoning.compact) for one in result.variants if one.zoning is not None]
    compact = [(name, one) for name, one in divided if one is not None]
    page += compact_page(compact, language=language, disclose=disclose)
    for variant in result.variants:
        if variant.planned is not None:
            page += plan_page(variant.name, variant.planned, result.kinds, language=language, disclose=disclose)[:2]
    caveats = _caveats(result, disclose, say)
    if caveats:
        page.append(Lines(say("쓰기 전에 알 것", "Know before you use it"), caveats))
    warnings = list(dict.fromkeys(_warnings(result, "ko" if language == "ko" else "en")))
    if warnings:
        hidden = len(warnings) - _MOST_WARNINGS
        more = [say(f"… 외 {hidden}건은 manifest.json", f"… {hidden} more in manifest.json")] if hidden > 0 else []
        title = say(f"알림 {len(warnings)}건", _plural(len(warnings), "warning"))
        page.append(Lines(title, tuple(warnings[:_MOST_WARNINGS] + more)))
    page.append(_files(result, out, say))
    return page


def _people(result: Result, say: Say) -> Lines:
    """Say who was judged by what."""
    demand, world = result.baseline.world.demand, result.baseline.world
    inside = demand.inside
    standard = result.baseline.assessment.standard
    total = float(demand.total[inside].sum())
    points, units = int(inside.sum()), len(world.districts.ids)
    beyond = float(demand.total.sum()) - total
    around = shown_group(beyond)
    who = say(f"{points:,}개 지점에 사는 {total:,.0f}명", f"{total:,.0f} people at {_plural(points, 'point')}")
    many = "" if units == 1 else say(f", {units:,}개 지역", f" in {units:,} districts")
    also = (
        say(f"; 주변에 사는 {around}명도 불러옴", f"; {around} people around it are loaded too") if beyond > 0 else ""
    )
    korean = standard.name_ko or standard.name_en or f"자체 기준 {len(standard.requirements):,}개"
    english = standard.name_en or standard.name_ko or _its_own(len(standard.requirements))
    judged = say(f"판정 기준 {standard.id}: {korean}", f"judged by {standard.id}: {english}")
    return Lines(result.name, (who + many + also, judged))


def _its_own(count: int) -> str:
    """Name a standard without a name."""
    return "a requirement of its own" if count == 1 else f"{count:,} requirements of its own"


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _coverage(result: Result, tables: Tables, disclose: bool, say: Say) -> Sheet:
    """Return coverage per requirement: baseline, then each variant with people who gain and lose.

    Requirements that only a variant judges, by a standard of its own, follow those of the baseline. Where a variant
    judges by another bound under the same id, its cell names that bound.
    """
    shown = result.variants[:_MOST_VARIANTS]
    rules = _rules(result)
    demand = result.baseline.world.demand
    told = {(row.variant, row.requirement): row for row in tables.summary if _is_headline(row, rules, result)}
    moved = {(row.variant, row.requirement): row for row in tables.changes if _is_headline(row, rules, result)}
    rows = []
    for key in dict.fromkeys(key for variant in shown for key in variant.assessment.verdicts):
        rule = rules[key]
        name = say(rule.name_ko or rule.name_en, rule.name_en) or key
        cells = [name, f"{rule.bound_text} {rule.mode}", effective_group(rule, demand)[0]]
        for variant in shown:
            known = key in variant.assessment.verdicts
            pair = told.get((variant.name, key)), moved.get((variant.name, key))
            cells.append(_share(*pair, disclose, say) + _other_bound(variant, rule) if known else "–")
        rows.append(tuple(cells))
    head = (say("기준", "requirement"), say("한도", "bound"), say("대상", "for"), *(variant.name for variant in shown))
    hidden = len(result.variants) - len(shown)
    more = (
        say(f" (변형 {hidden}개는 summary.csv)", f" ({_plural(hidden, 'more variant')} in summary.csv)")
        if hidden > 0
        else ""
    )
    return Sheet(say("기준 안에 사는 사람", "People within the bound") + more, head, tuple(rows), words=3)


def _rules(result: Result) -> dict[str, Requirement]:
    """Return the requirements of all variants by id; the baseline's where an id occurs in several standards."""
    rules: dict[str, Requirement] = {}
    for variant in result.variants:
        for rule in variant.assessment.standard.requirements:
            rules.setdefault(rule.id, rule)
    return rules


def _other_bound(variant: Variant, rule: Requirement) -> str:
    """Name the bound by which a variant judges a requirement, where it is not the one of the row."""
    own = next((one for one in variant.assessment.standard.requirements if one.id == rule.id), rule)
    same = (own.bound_text, own.mode, own.metric) == (rule.bound_text, rule.mode, rule.metric)
    return "" if same else f" ≤ {own.bound_text} {own.mode}"


def _is_headline(row: SummaryRow | ChangeRow, rules: Mapping[str, Requirement], result: Result) -> bool:
    """Tell whether a row is about the whole area and the requirement's own group."""
    rule = rules.get(row.requirement)
    if rule is None or row.district != ALL:
        return False
    return bool(row.group == effective_group(rule, result.baseline.world.demand)[0])


def _share(row: SummaryRow | None, change: ChangeRow | None, disclose: bool, say: Say) -> str:
    """Write a coverage with its interval, and who gains and loses in a variant."""
    if row is None or row.coverage is None:
        unknown = row is None or row.covered is None
        return say("평가 안 함", "not assessed") if unknown else say("판정 대상 없음", "nobody judged")
    text = f"{100 * row.coverage:.1f} %"
    low, high = row.coverage_low, row.coverage_high
    if low is not None and high is not None and round(high - low, 3) > 0:
        text += f" [{100 * low:.1f}, {100 * high:.1f}]"
    if change is not None and (change.gain > 0 or change.lose > 0):
        gain, lose = (shown_group(people, disclose=disclose) for people in (change.gain, change.lose))
        text += f" (+{gain} −{lose})"
    return text


def _without_car(result: Result, tables: Tables, disclose: bool, say: Say) -> list[Sheet]:
    """Return who reaches by car but not on foot in the baseline, where that was asked for."""
    rules = {rule.id: rule for rule in result.baseline.assessment.standard.requirements}
    rows = []
    for row in tables.without_car:
        rule = rules.get(row.requirement)
        if rule is None:
            continue
        own = effective_group(rule, result.baseline.world.demand)[0]
        if row.variant != result.baseline.name or row.district != ALL or row.group != own:
            continue
        if row.by_car is None or row.on_foot is None or row.car_only is None:
            shares = [say("평가 안 함", "not assessed")] * 2
        else:
            nobody = say("판정 대상 없음", "nobody judged")
            shares = [f"{100 * n / row.judged:.1f} %" if row.judged else nobody for n in (row.by_car, row.on_foot)]
        only = "" if row.car_only is None else shown_group(row.car_only, disclose=disclose)
        name = say(rule.name_ko or rule.name_en, rule.name_en) or rule.id
        rows.append((name, rule.bound_text, own, *shares, only))
    head = (say("기준", "requirement"), say("한도", "bound"), say("대상", "for"), say("자동차로", "by car"),
            say("걸어서", "on foot"), say("차로만 되는 사람", "people by car only"))  # fmt: skip
    return [Sheet(say("차 없이", "Without a car"), head, tuple(rows), words=3)] if rows else []


def _deserts(result: Result, tables: Tables, disclose: bool, say: Say) -> list[Sheet | Lines]:
    """Return the deserts of every variant in numbers, and the largest of the baseline by name."""
    if result.baseline.assessment.standard.desert is None:
        return []
    at = result.baseline.world.demand.groups.index(TOTAL)
    moved = {
        row.variant: row
        for row in tables.changes
        if row.requirement == "desert" and row.district == ALL and row.group == TOTAL
    }
    rows = tuple(_desert_row(variant, moved.get(variant.name), disclose) for variant in result.variants)
    head = (
        say("변형", "variant"), say("이름 있는 곳", "named"), say("사람", "people"), say("흩어진 곳", "scattered"),
        say("사람", "people"), say("사라짐", "resolved"), say("새로 생김", "new"), say("벗어난 사람", "people out"),
        say("들어간 사람", "people in"),
    )  # fmt: skip
    parts: list[Sheet | Lines] = [Sheet(say("생활사막", "Life deserts"), head, rows)]
    named = []
    for desert in result.baseline.assessment.deserts:
        if _is_named(desert, desert.people[at], disclose):
            language: tuple[str, str] = (desert.name_ko or desert.name_en, desert.name_en or desert.name_ko)
            people, lost = shown_group(desert.people[at], disclose=disclose), ", ".join(desert.missing)
            named.append(
                say(f"{language[0]}: {people}명, 없는 것 {lost}", f"{language[1]}: {people} people, without {lost}")
            )
    if named:
        hidden = len(named) - _MOST_DESERTS
        more = [say(f"… 외 {hidden}곳은 deserts.csv", f"… {hidden} more in deserts.csv")] if hidden > 0 else []
        title = say("큰 생활사막(현재)", "Largest deserts, baseline")
        parts.append(Lines(title, tuple(named[:_MOST_DESERTS] + more)))
    return parts


def _is_named(desert: Desert, total: float, disclose: bool) -> bool:
    """Tell whether a desert is shown with its name; maps ask the same."""
    return bool(
        shown_desert(desert, total, "ko", disclose=disclose) or shown_desert(desert, total, "en", disclose=disclose)
    )


def _desert_row(variant: Variant, change: ChangeRow | None, disclose: bool) -> tuple[str, ...]:
    demand = variant.world.demand
    at = demand.groups.index(TOTAL)
    everybody = float(demand.total[demand.inside].sum())
    cells = [variant.name]
    for wanted in (True, False):
        found = [one for one in variant.assessment.deserts if _is_named(one, one.people[at], disclose) == wanted]
        people = sum(desert.people[at] for desert in found)
        cells += [f"{len(found):,}", counted(people, everybody, disclose=disclose)]
    if change is None:
        return (*cells, "", "", "", "")
    moved = (shown_group(value, disclose=disclose) for value in (change.gain, change.lose))
    return (*cells, _count(change.deserts_resolved), _count(change.deserts_new), *moved)


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _caveats(result: Result, disclose: bool, say: Say) -> tuple[str, ...]:
    """Say what limits the answer: borders, modelled data, estimates, capacity, what was not judged."""
    baseline = result.baseline
    demand, assessment = baseline.world.demand, baseline.assessment
    lines = []
    if demand.modelled or baseline.world.network.modelled:
        what = "; ".join(part for part in (demand.modelled, baseline.world.network.modelled) if part)
        lines.append(say(f"모형 자료이므로 지정·판정에 쓸 수 없고 등급을 매기지 않음: {what}",
                         f"modelled data, not for designation, no class is given: {what}"))  # fmt: skip
    if demand.estimated:
        groups = ", ".join(demand.estimated)
        lines.append(say(f"더 큰 단위에서 나눈 추정값: {groups}", f"estimated from larger units: {groups}"))
    lines += _off_the_roads(result, disclose, say)
    lines += _border(result, disclose, say)
    lines.append(_capacity_line(assessment, say))
    unjudged = ", ".join(rule.id for rule in assessment.standard.requirements if rule.bound is None)
    if unjudged:
        lines.append(
            say(f"기준에 수치가 없어 판정하지 않음: {unjudged}", f"no figure in the standard, not judged: {unjudged}")
        )
    return tuple(lines)


def _border(result: Result, disclose: bool, say: Say) -> list[str]:
    """Say for how many people a quicker trip beyond the loaded roads cannot be ruled out."""
    demand, assessment = result.baseline.world.demand, result.baseline.assessment
    rules = {rule.id: rule for rule in assessment.standard.requirements}
    loose = {
        key: float(demand.of(effective_group(rules[key], demand)[0])[
            demand.inside & verdicts.judged & ~verdicts.certified
        ].sum())
        for key, verdicts in assessment.verdicts.items()
    }  # fmt: skip
    lines = []
    if any(loose.values()):
        worst = max(loose, key=lambda key: loose[key])
        count, concerned = shown_group(loose[worst], disclose=disclose), sum(people > 0 for people in loose.values())
        lines.append(say(
            f"경계: 불러온 범위 밖 도로로 더 빨리 갈 수도 있음; 많게는 {count}명({worst})의 시간이 '길어야' 값, "
            f"기준 {concerned}개 해당",
            f"border: roads beyond the loaded area may give a quicker trip; times are 'at most' for up to {count} "
            f"people ({worst}), in {_plural(concerned, 'requirement')}",
        ))  # fmt: skip
    if demand.inside.all():
        lines.append(
            say("경계: 대상지역 밖의 사람은 불러오지 않음", "border: no people beyond the study area are loaded")
        )
    return lines


def _capacity_line(assessment: Assessment, say: Say) -> str:
    """Say for which requirements places were counted (D8)."""
    tested = ", ".join(key for key, verdicts in assessment.verdicts.items() if bool((verdicts.served >= 0).any()))
    korean = "충족은 시설에 닿는 사람 수이며 자리가 있는지는 보지 않음"
    english = "coverage counts who reaches a facility, not whether there is a place"
    if tested:
        return say(
            f"{tested}은 자리까지 셈(summary.csv의 served, full, out_of_reach); 그 밖의 {korean}",
            f"places are counted for {tested} (served, full, out_of_reach in summary.csv); elsewhere {english}",
        )
    return say(f"수용 능력 검토 안 함: {korean}", f"capacity not tested: {english}")


def _off_the_roads(result: Result, disclose: bool, say: Say) -> list[str]:
    """Say it first when many people are off the roads: then the road file does not cover the area."""
    baseline = result.baseline
    demand, worst, rule = baseline.world.demand, 0.0, ""
    for key, verdicts in baseline.assessment.verdicts.items():
        off = demand.inside & (verdicts.reason == Reason.OFF_NETWORK)
        people = float(demand.total[off].sum())
        if people > worst:
            worst, rule = people, key
    everybody = float(demand.total[demand.inside].sum())
    if worst <= _MANY_OFF * everybody:
        return []
    who = counted(worst, everybody, disclose=disclose)
    return [say(
        f"도로에서 멂: {who}명은 접근 한도 안에 도로가 없어({rule}) 미충족과 생활사막에 들어감: "
        "도로 파일이 지역 전체를 덮는지 확인하세요",
        f"off the roads: {who} of the people have no road within the access limit ({rule}) and count as unmet and in "
        "deserts: do the loaded roads cover the whole area?",
    )]  # fmt: skip


def _warnings(result: Result, language: Language) -> list[str]:
    """Return all warnings: the run's, the baseline's, and a variant's that the baseline has not in other numbers."""
    baseline = result.baseline.assessment.warnings
    known = {_CAVEAT.sub("", warning) for warning in baseline}
    told = [told_in(language, warning) for warning in (*result.provenance.warnings, *baseline)]
    for variant in result.variants[1:]:
        told += [
            f"{variant.name}: {told_in(language, warning)}"
            for warning in variant.assessment.warnings
            if _CAVEAT.sub("", warning) not in known
        ]
    return told


def _files(result: Result, out: Path, say: Say) -> Lines:
    """Say where the files are."""
    told = [(path.name, "의회에 올릴 보고서", "the report for a council") for path in sorted(out.glob("report.*"))
            if result.report is not None]  # fmt: skip
    told += [("summary.csv", "지역별 충족", "coverage by district"), ("deserts.csv", "생활사막", "life deserts")]
    if len(result.variants) > 1:
        told += [("changes.csv", "변형과 현재의 차이", "variants against the baseline"),
                 ("winners_losers.csv", "누가 얻고 누가 잃나", "who wins and who loses"),
                 ("pushed_beyond.csv", "기준 밖으로 밀려난 사람", "who is pushed beyond a bound")]  # fmt: skip
    planned = [variant.name for variant in result.variants if variant.planned is not None]
    if planned:
        told.append((f"{planned[0]}/plan.json", "계획, 한계값, 감사", "plan, bound, audit"))
        told += [
            (f"{planned[0]}/{name}", korean, english) for name, korean, english in (
                ("plan.csv", "계획의 시설별 이용", "use of every facility of the plan"),
                ("projects.csv", "사업별 시기와 가치", "years and worth of every project"),
                ("schedule.png", "사업 일정", "the years as bars"),
            ) if (out / planned[0] / name).is_file()
        ]  # fmt: skip
    if "xlsx" in result.layers:
        told.append(("result.xlsx", "나눠 줄 표", "the tables for handing on"))
    if "gpkg" in result.layers:
        told.append(("result.gpkg", "모든 GIS 레이어, QGIS에서 색이 입혀져 열림", "every layer, coloured in QGIS"))
    if "geotiff" in result.layers and (out / "rasters").is_dir():
        told.append(("rasters", "GeoTIFF 레이어", "GeoTIFF layers"))
    if result.maps:
        told.append((f"{result.baseline.name}/maps", "지도", "maps"))
    told.append(("manifest.json", "입력, 설정, 집계, 해시", "inputs, settings, counts, hashes"))
    lines = tuple(f"{out / name} – {say(korean, english)}" for name, korean, english in told)
    return Lines(say("결과 파일", "Files"), lines)
