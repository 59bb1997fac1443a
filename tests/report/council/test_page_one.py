"""Page one: sentences by rules, from counts that can be followed by hand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lifezone.model import Requirement
from lifezone.report.council.answers import answer, finding, situation, sureness, verdict_on
from lifezone.report.council.facts import ANY, DESERT, Alternative, Covered, Effect, Facts, Part
from lifezone.report.council.page_one import figures
from lifezone.report.council.phrases import counted
from lifezone.report.material import Material
from lifezone.report.words import texts_of

KO, EN = texts_of("ko"), texts_of("en")
_NAMES = {"clinic": ("의원", "clinic"), "school": ("학교", "school")}


def _name(key: str, language: str) -> str:
    return _NAMES.get(key, (key, key))[int(language == "en")]


def material() -> Material:
    """Return what names need of a material, nothing else."""
    rules = {key: Requirement(id=key, kinds=(key,), mode="car", bound=900.0) for key in _NAMES}
    made: Any = SimpleNamespace(
        rules=rules, requirement_name=_name, short_name=_name, scenario={},
        group_name=lambda group, language: "전체 인구" if language == "ko" else "everybody",
        district_name=lambda district, language: {"d1": "새터면", "d2": "한빛읍"}.get(district, district),
    )  # fmt: skip
    return cast(Material, made)


def clinic(part: float, whole: float = 1000.0, **more: Any) -> Covered:
    return Covered("clinic", "total", Part(part, whole), **more)


def facts(**more: Any) -> Facts:
    base = Facts("now", 1000.0, 2, covered=(clinic(600.0),))
    return replace(base, **more)


def variant(
    name: str, gain: float, lose: float, *, sure: float | None = None, what: str = "clinic", **more: Any
) -> Alternative:
    effect = Effect(what, "total", gain, lose, gain + lose if sure is None else sure)
    return Alternative(name, (effect,) if gain + lose else (), **more)


@pytest.mark.parametrize(
    ("part", "ko", "en"),
    [
        (0.0, "0명", "nobody"), (4.0, "10명 미만", "fewer than 10"), (250.0, "250명(25.0%)", "250 (25.0%)"),
        (995.0, "10명 미만을 뺀 모두", "all but fewer than 10"), (1000.0, "1,000명 모두", "all 1,000"),
        (989.5, "990명(99.0%)", "990 (99.0%)"),
    ],
)  # fmt: skip
def test_counted__hides_a_small_part_and_a_small_rest(part: float, ko: str, en: str) -> None:
    assert (counted(KO, Part(part, 1000.0)), counted(EN, Part(part, 1000.0))) == (ko, en)
    assert counted(texts_of("ko", True), Part(4.0, 1000.0)) == "4명(0.4%)"


def test_answer__has_one_sentence_when_nobody_lives_there() -> None:
    told = answer(material(), KO, facts(people=0.0, covered=()))
    assert told == ("대상지역에 사는 사람이 없어 판정할 것이 없다.",)
    assert figures(material(), KO, facts(people=0.0)) == ()


def test_answer__says_that_nothing_was_assessed() -> None:
    told = answer(material(), EN, facts(covered=(), not_assessed=("clinic",)))
    assert told == ("The study area has 1,000 people, but no data on facilities, so no requirement was judged.",)


def test_situation__counts_deserts_and_the_old() -> None:
    told = facts(has_desert_test=True, desert=Part(250.0, 1000.0), old_in_desert=Part(90.0, 200.0))
    assert situation(material(), KO, told) == (
        "대상지역 1,000명 가운데 생활사막에 사는 사람은 250명(25.0%)이고, 65세 이상에서는 200명 가운데 90명(45.0%)이다."
    )
    few_old = replace(told, old_in_desert=Part(4.0, 200.0))
    assert "65" not in situation(material(), KO, few_old)
    nobody = replace(told, desert=Part(0.0, 1000.0))
    assert situation(material(), EN, nobody) == "None of the 1,000 people in the study area live in a life desert."
    everybody = replace(told, desert=Part(1000.0, 1000.0), old_in_desert=None)
    assert situation(material(), KO, everybody) == "대상지역 1,000명 가운데 생활사막에 사는 사람은 1,000명 모두이다."


def test_situation__without_desert_test_tells_the_requirement_or_all_of_them() -> None:
    assert situation(material(), KO, facts()) == (
        "‘의원’ 기준(자동차 15분)을 충족하는 사람은 전체 인구 1,000명 가운데 600명(60.0%)이다."
    )
    school = Covered("school", "total", Part(200.0, 800.0))
    two = facts(covered=(clinic(600.0), school), all_met=Part(150.0, 1000.0))
    assert situation(material(), EN, two) == (
        "Of 1,000 people, 150 (15.0%) live where every requirement is met; the requirement met for the smallest share "
        "is “school” (15 min by car): 200 (25.0%) of 800 people."
    )


def test_situation__when_all_are_unreachable_tells_zero() -> None:
    told = situation(material(), KO, facts(covered=(clinic(0.0, unreachable=1000.0),)))
    assert told == "‘의원’ 기준(자동차 15분)을 충족하는 사람은 전체 인구 1,000명 가운데 0명이다."


def test_finding__names_the_lost_function_and_the_worst_place_of_several() -> None:
    lost = (("medical", Part(400.0, 1000.0)), ("shopping", Part(100.0, 1000.0)))
    told = facts(has_desert_test=True, desert=Part(250.0, 1000.0), lost=lost, worst=("d1", 0.5))
    assert finding(material(), KO, told) == (
        "가장 많은 사람이 잃은 기능은 의료로 1,000명 가운데 400명(40.0%)이며, 생활사막에 사는 사람의 비율이 가장 높은 "
        "곳은 새터면(50.0%)이다."
    )
    one_district = replace(told, districts=1, worst=None)
    assert finding(material(), EN, one_district) == (
        "The function that most people have lost is medical care: 400 (40.0%) of 1,000 people."
    )
    none_lost = replace(told, lost=(("medical", Part(0.0, 1000.0)),))
    assert finding(material(), KO, none_lost) == "살펴본 기능 1가지 가운데 하나라도 잃은 사람은 없다."


def test_finding__tells_gains_losses_and_deserts_of_each_variant() -> None:
    both = variant("가", 120.0, 30.0, desert=Effect(DESERT, "total", 0.0, 40.0))
    nothing = variant("나", 0.0, 0.0)
    told = finding(material(), KO, facts(question="variants", alternatives=(both, nothing)))
    assert told == (
        "‘가’안에서는 ‘의원’ 기준(자동차 15분)을 새로 충족하는 사람이 120명, 벗어나는 사람이 30명이며, 생활사막에 "
        "40명이 새로 들어간다. ‘나’안에서는 판정이 바뀌는 사람이 없다."
    )


def test_finding__tells_longer_trips_beside_verdicts() -> None:
    only_losses = variant("merge", 0.0, 19.0, longer=(41.0, 4.79), closed=("a school",))
    told = finding(material(), EN, facts(question="closure", alternatives=(only_losses,)))
    assert told == (
        "“merge” closes 1 site (a school): 19 people fall outside “clinic” (15 min by car) and nobody newly comes "
        "within it. 41 people have a longer trip to a facility of this requirement, by 4.8 min a person on average."
    )


def test_finding__says_when_a_plan_was_not_found_or_a_variant_cannot_be_compared() -> None:
    told = facts(alternatives=(Alternative("a", status="infeasible"), Alternative("b", compared=False)))
    assert finding(material(), EN, told) == (
        "For “a” no plan keeps every rule. “b” has other people or places than today and cannot be compared."
    )
    assert verdict_on(replace(told, alternatives=told.alternatives[1:])) == "none"


@pytest.mark.parametrize(
    ("alternatives", "verdict"),
    [
        ((), "none"),
        ((variant("a", 0, 0),), "one_nothing"),
        ((variant("a", 50, 0),), "one_gains"),
        ((variant("a", 0, 50),), "one_loses"),
        ((variant("a", 50, 1),), "one_both"),
        ((variant("a", 50, 0, sure=0.0),), "unsure"),
        ((variant("a", 50, 0), variant("b", 50, 0)), "same"),
        ((variant("a", 50, 0), variant("b", 40, 0)), "best"),
        ((variant("a", 50, 0), variant("b", 40, 10)), "best"),
        ((variant("a", 50, 20), variant("b", 40, 10)), "trade"),
        ((variant("a", 0, 20), variant("b", 0, 35)), "least_harm"),
        ((variant("a", 0, 20, trips=Effect(ANY, "total", 9.0, 20.0)),
          variant("b", 0, 35, trips=Effect(ANY, "total", 0.0, 35.0))), "best"),
        ((variant("a", 50, 0, sure=40), variant("b", 45, 0, sure=40)), "best_unsure"),
        ((variant("a", 50, 0), variant("b", 50, 0, what="school")), "different"),
        ((variant("a", 50, 0), variant("b", 40, 0, own_standard=True)), "apart"),
        ((variant("a", 50, 0), variant("b", 40, 0, own_people=True)), "apart"),
        # the same verdicts, but one makes trips longer for some
        ((variant("a", 50, 0, trips=Effect(ANY, "total", 90.0, 5.0)),
          variant("b", 50, 0, trips=Effect(ANY, "total", 90.0, 0.0))), "best"),
        ((variant("a", 50, 0, trips=Effect(ANY, "total", 90.0, 5.0)),
          variant("b", 40, 0, trips=Effect(ANY, "total", 90.0, 0.0))), "trade"),
    ],
)  # fmt: skip
def test_verdict__follows_who_gains_and_who_loses(alternatives: tuple[Alternative, ...], verdict: str) -> None:
    assert verdict_on(facts(question="variants", alternatives=alternatives)) == verdict


def test_verdict__of_modelled_data_decides_nothing() -> None:
    told = facts(alternatives=(variant("a", 50, 0),), modelled=("people",))
    assert verdict_on(told) == "modelled"
    assert "등급을 매기거나" in sureness(material(), KO, told)
    assert verdict_on(replace(told, modelled=("ages",))) == "one_gains"


def test_sureness__names_the_best_or_leaves_it_to_the_council() -> None:
    best = facts(alternatives=(variant("a", 50, 0), variant("b", 40, 0)))
    assert sureness(material(), KO, best) == (
        "‘a’안은 어느 항목에서도 다른 안보다 못하지 않고 적어도 한 항목에서 낫다."
    )
    trade = facts(alternatives=(variant("a", 50, 20), variant("b", 40, 10)))
    assert sureness(material(), EN, trade) == (
        "Most people gain with “a” and fewest lose with “b”, so whose gain comes first is for the council to decide."
    )


def test_sureness__tells_what_of_a_change_is_certain() -> None:
    part = facts(alternatives=(variant("a", 50, 0, sure=30.0),))
    assert sureness(material(), KO, part) == (
        "‘a’안으로 못해지는 사람은 없다. 판정이 바뀌는 50명 가운데 적어도 30명은 격자 크기를 감안해도 바뀐다."
    )
    whole = facts(alternatives=(variant("a", 50, 0),))
    assert sureness(material(), EN, whole).endswith("The size of cells does not alter this change.")


def test_sureness__of_the_baseline_is_the_range_of_the_lowest_requirement() -> None:
    ranged = clinic(600.0, low=0.55, high=0.66)
    assert sureness(material(), KO, facts(covered=(ranged,))) == "격자 크기를 감안하면 이 비율의 범위는 55.0–66.0%이다."
    told = facts(covered=(ranged,), has_desert_test=True, desert=Part(250.0, 1000.0))
    assert sureness(material(), KO, told).endswith("600명(60.0%)이며, 격자 크기를 감안한 범위는 55.0–66.0%이다.")


def test_figures__are_five_at_most_and_hide_small_counts() -> None:
    told = facts(
        has_desert_test=True, desert=Part(4.0, 1000.0), old_in_desert=Part(4.0, 200.0), all_met=Part(100.0, 1000.0),
        worst=("d1", 0.004), alternatives=tuple(variant(f"v{i}", 50.0 + i, 0) for i in range(7)),
    )  # fmt: skip
    made = figures(material(), KO, told)
    assert len(made) == 5
    assert made[0].value == "10명 미만"
    assert made[0].share == ""


def test_figure__of_an_alternative_tells_people_direction_and_what_is_certain():
    told = facts(question="variants", alternatives=(variant("a", 120.0, 30.0, sure=140.0), variant("b", 0.0, 4.0)))
    both, few = figures(material(), EN, told)[-2:]
    assert (both.value, both.share) == (
        "120 people / 30 people",
        "newly within / no longer within, at least 140 for certain",
    )
    assert (few.value, few.share) == ("fewer than 10 people", "no longer within")


def test_finding__of_other_people_tells_their_number_and_of_another_standard_where_the_difference_comes_from():
    later = Alternative("2035", own_people=True, people=(1000.0, 830.0))
    stricter = variant("own", 120.0, 0.0, own_standard=True)
    told = facts(question="variants", alternatives=(later, stricter))
    assert finding(material(), KO, told) == (
        "‘2035’안에서는 사는 사람이 1,000명에서 830명으로 줄어든다. ‘own’안에서는 ‘의원’ 기준(자동차 15분)을 "
        "새로 충족하는 사람이 120명이고 벗어나는 사람은 없다. 이 차이는 시설이 아니라 기준이 달라서 생긴 것이다."
    )
    assert verdict_on(told) == "apart"


def test_sureness__of_alternatives_that_only_harm_names_the_least_harm():
    told = facts(alternatives=(variant("a", 0, 20), variant("b", 0, 35)))
    assert sureness(material(), KO, told) == (
        "어느 안에서도 나아지는 사람이 없으며, 못해지는 사람은 ‘a’안에서 가장 적다."
    )


def test_sentence__of_a_hidden_count_does_not_tell_that_it_is_one():
    said = [finding(material(), EN, facts(alternatives=(variant("a", 0.0, lose),))) for lose in (1.0, 7.0)]
    assert said[0] == said[1]
    assert "fewer than 10 people fall outside" in said[0]
    disclosed = finding(material(), texts_of("en", True), facts(alternatives=(variant("a", 0.0, 1.0),)))
    assert "1 person falls outside" in disclosed
