"""Siting in words: figures against plan.json and the tables, proof, questions without an answer, cost and phases."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from lifezone.report.council import candidates, costs
from lifezone.report.council.alternatives import alternatives
from lifezone.report.council.plan_values import goal_measure, measure_of
from lifezone.report.council.questions import conditions, proof, question
from lifezone.report.document import Bullets, Chart, KeyFigures, Notice, Paragraph, Section, Table
from lifezone.report.material import Material
from lifezone.report.words import texts_of

KO, EN = texts_of("ko"), texts_of("en")


@pytest.fixture(scope="session", params=["ko", "en"])
def section(plans: Material, request: pytest.FixtureRequest) -> Section:
    made = candidates.section(plans, texts_of(request.param))
    assert made is not None
    return made


@pytest.fixture(scope="session", params=["ko", "en"])
def money(plans: Material, request: pytest.FixtureRequest) -> Section:
    made = costs.section(plans, texts_of(request.param))
    assert made is not None
    return made


def table(section: Section, id_: str) -> Table:
    found = [block for block in section.blocks if isinstance(block, Table) and block.id == id_]
    found += [block.data for block in section.blocks if isinstance(block, Chart) if block.data and block.data.id == id_]
    return found[0]


def columns(told: Table) -> dict[str, list[Any]]:
    return {column.key: [row[at] for row in told.rows] for at, column in enumerate(told.columns)}


def test_plan__tells_value_bound_and_gap_of_the_file(plans: Material, section: Section) -> None:
    plan = plans.plans["two-clinics"]
    figures = next(block for block in section.blocks if isinstance(block, KeyFigures)).figures
    count = texts_of("ko" if "명" in figures[0].value else "en").write(plan["objective"], "people")
    assert [figure.value for figure in figures] == [count, count, "0%"]
    told = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    assert sum(count in text for text in told) == 1  # the proof
    assert any(f"{len(plan['audit'])}" in text for text in told)


def test_scorecard__is_candidates_csv(plans: Material, section: Section) -> None:
    frame = plans.table("candidates", "two-clinics")
    told = columns(table(section, "scorecard-two-clinics"))
    assert told["rank"] == frame["rank"].tolist()
    assert told["newly_covered"] == frame["newly_covered"].tolist()
    assert told["cost"] == [cost / 1e6 for cost in frame["cost"]]
    assert told["won_a_person"][0] == pytest.approx(430e6 / frame["newly_covered"][0], abs=0.51)
    assert told["saved"][0] == pytest.approx(frame["person_minutes_saved"][0] / 60, abs=0.51)
    shares = plans.plans["two-clinics"]["chosen_share"]
    assert dict(zip(frame["id"], told["chosen_share"], strict=True))["land-02"] == shares["land-02"]
    assert "land-" not in " ".join(told["candidate"])  # names and districts, not ids


def test_sites__are_told_before_after_and_later(plans: Material, section: Section) -> None:
    plan, told = plans.plans["two-clinics"], columns(table(section, "sites-two-clinics"))
    sites = {site["id"]: site for site in plan["sites"]}
    assert told["people_after"][:2] == [sites["land-02"]["people"], sites["land-07"]["people"]]
    assert told["people_2035"][0] == pytest.approx(sites["land-02"]["later"]["2035"])
    assert told["mean_trip"][0] == pytest.approx(sites["land-02"]["mean"] / 60, abs=0.051)


def test_front__has_every_point_and_single_candidates_behind_it(plans: Material, section: Section) -> None:
    plan, told = plans.plans["choices"], columns(table(section, "front-choices"))
    assert told["beyond"] == [point["goals"]["beyond"] for point in plan["front"]]
    assert told["cost"] == [point["goals"]["cost"] / 1e8 for point in plan["front"]]
    assert [bool(mark) for mark in told["taken"]] == [point["taken"] for point in plan["front"]]
    frame = plans.table("candidates", "choices").set_index("id")
    alone = next(point for point in plan["front"] if point["opened"] == ["land-07"])
    nothing = plan["front"][0]["goals"]["beyond"]
    assert alone["goals"]["beyond"] == nothing - frame.loc["land-07", "newly_covered"]  # what the crosses rest on
    assert alone["goals"]["cost"] == frame.loc["land-07", "cost"]


def test_states__draw_other_worlds_and_what_is_missing_to_the_best(plans: Material, section: Section) -> None:
    told = columns(table(section, "states-two-clinics-data"))
    by_name = {one["name"]: one for one in plans.plans["two-clinics"]["scenarios"]}
    at = told["state"].index("느린 길")
    assert told["value"][at] == by_name["느린 길"]["value"]
    assert told["regret"][at] == pytest.approx(by_name["느린 길"]["regret"])


def test_question_without_an_answer__says_why(plans: Material, section: Section) -> None:
    assert plans.plans["impossible"]["status"] == "infeasible"
    warned = [block for block in section.blocks if isinstance(block, Notice) and block.kind == "warning"]
    assert len(warned) == 1
    reasons = {tuple(plans.plans["impossible"][key]) for key in ("reasons", "reasons_ko")}
    assert any(block.items in reasons for block in section.blocks if isinstance(block, Bullets))
    assert not any(block.id.endswith("impossible") for block in section.blocks if isinstance(block, (Table, Chart)))
    assert next(block.kind for block in section.blocks if isinstance(block, Notice)) == "legal"


def test_unknown__is_not_called_impossible(plans: Material) -> None:
    told = {**plans.plans["impossible"], "status": "unknown"}
    blocks = list(candidates._no_plan(KO, told))
    assert "없다는 뜻은 아니다" in blocks[0].text


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, "어떤 2곳을 골라도 24,064명"),
        ({"status": "feasible", "bound": 24_500.0, "gap": 0.0181}, "많아야 1.81%"),
        ({"status": "feasible", "bound": None, "gap": None}, "계산하지 못했다"),
    ],
)
def test_proof__in_lay_words(plans: Material, change: dict[str, Any], word: str) -> None:
    plan = {**plans.plans["two-clinics"], **change}
    assert word in proof(KO, plan, {"choose": 2})


def test_question__is_told_with_its_conditions(plans: Material) -> None:
    asked = {
        "kind": "clinic", "method": "max_cover", "choose": {"clinic": 2}, "budget": 1e9, "existing": "movable",
        "keep_covered": True, "most_extra": "10 min", "cover": {"age_65_plus": "95 %"}, "district_cover": "80 %",
        "never": ["land-01"], "exclude": {"steeper": {"above": "15 %"}, "near": None},
    }  # fmt: skip
    told = list(conditions(plans, KO, "two-clinics", asked))
    assert len(told) == 8
    assert any("10억 원" in text for text in told)
    assert any("동나루 옛 농협창고 터(동나루면)" in text for text in told)
    assert "의원 2곳" in question(plans, KO, plans.plans["two-clinics"], asked)
    english = list(conditions(plans, EN, "two-clinics", asked))
    assert any("1 billion won" in text for text in english)


def test_measures__read_every_unit() -> None:
    assert measure_of({"unit": "people·seconds", "method": "p_median"}).say(EN, 7200.0) == "2 person-hours"
    assert measure_of({"unit": "people", "method": "max_cover"}).less_is_better is False
    assert measure_of({"unit": "sites", "method": "set_cover"}).say(EN, 1.0) == "1 facility"
    assert measure_of({"unit": "seconds", "method": "p_center"}).say(KO, 900.0) == "15분"
    assert goal_measure("won").say(KO, 4.1e8) == "4.1억 원"
    assert goal_measure("FGT 2").say(EN, 0.01234) == "0.0123"
    assert goal_measure("something new").say(EN, None) == "–"


def test_money__is_that_of_the_plans(plans: Material, money: Section) -> None:
    told = columns(table(money, "costs-overview"))
    assert told["once"] == [780.0, 410.0, 130.0, None, None]
    assert told["yearly"] == [None, None, 9.0, None, None]
    assert told["untold"] == [None, None, None, 2, None]
    assert told["won_a_person"][3:] == [None, None]
    assert any(isinstance(block, Notice) for block in money.blocks)


def test_phases__are_the_projects_and_years_of_the_portfolio(plans: Material, money: Section) -> None:
    plan = plans.plans["villages"]
    projects = columns(table(money, "projects-villages"))
    chosen = [one for one in plan["projects"] if one["chosen"]]
    assert [start for start in projects["start"] if start] == sorted(str(one["start"]) for one in chosen)
    assert projects["project"][-1] == "비싼 진료실"
    assert sum(projects["cost"][: len(chosen)]) == plan["spent"] / 1e6 - 4  # running costs of 2028 beside 130 million
    years = columns(table(money, "years-villages"))
    assert years["benefit"] == [year["values"]["person_minutes"] for year in plan["years"]]
    flowers = projects["project"].index("꽃길")
    assert isinstance(projects["alone"][flowers], str)  # not measured, which is not nothing
    chart = next(block for block in money.blocks if isinstance(block, Chart))
    assert "비싼 진료실" not in chart.svg


def test_sections__are_none_where_nothing_was_asked(plans: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    without: Any = SimpleNamespace(plans={})
    assert candidates.section(without, KO) is None
    found = [one for one in alternatives(plans) if one.name in ("baseline", "people-2035", "looser-rule")]
    monkeypatch.setattr(costs, "alternatives", lambda _: found)
    assert costs.section(plans, KO) is None


def test_section__blocks_hold_no_small_count(plans: Material, section: Section, money: Section) -> None:
    shown = json.dumps(
        [[column.key, row[at]] for block in (*section.blocks, *money.blocks) if isinstance(block, Table)
         for row in block.rows for at, column in enumerate(block.columns)
         if column.format == "people" and isinstance(row[at], int | float) and 0 < row[at] < 10]
    )  # fmt: skip
    assert shown == "[]"
