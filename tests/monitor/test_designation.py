from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import zscore

from lifezone.errors import InputError
from lifezone.monitor.designation import designated_ids, designation_rows
from lifezone.monitor.designation_rule import RuleEntry, rule_ids, rule_of
from tests.monitor.series_of import indicator, series_of

NAN = math.nan
NAMES = ("가군", "나군", "다시", "라구")


def studied(people, income, names=NAMES, years=(2020, 2025)):
    ids = tuple(f"4{at}" for at in range(len(people)))
    one = series_of(people, info=indicator("population"), years=years, ids=ids, names=names)
    two = series_of(income, info=indicator("income_per_head"), years=years, ids=ids, names=names)
    return one.joined(two)


def whole(**entry):
    return rule_of(RuleEntry.model_validate(entry))


def rule(**more):
    parts = {"people": {"indicator": "population", "better": "more"},
             "income": {"indicator": "income_per_head", "better": "more", "weight": 3}}  # fmt: skip
    return whole(
        **{
            "id": "mine",
            "index": {"parts": parts, "worst": 1},
            "grades": [{"grade": "area", "all_of": ["index"]}],
            **more,
        }
    )


def result(rows):
    return {row.name: (row.grade, row.reason) for row in rows if row.step == "grade"}


STUDY = studied([[1, 30], [1, 10], [1, 20], [1, 40]], [[1, 2], [1, 1], [1, 3], [1, 4]])


def test_designation__index_by_hand():
    # z of 30 10 20 40 and of 2 1 3 4, weights 1 and 3, turned so that less is more need
    need = -(zscore([30, 10, 20, 40]) + 3 * zscore([2, 1, 3, 4])) / 4
    rows = designation_rows(STUDY, rule())
    told = {row.name: row for row in rows if row.step == "index"}
    for at, name in enumerate(NAMES):
        assert told[name].reason.startswith(f"index {need[at]:.3f}, place {1 + (need > need[at]).sum()} of 4")
    assert {name: grade for name, (grade, _) in result(rows).items()} == {
        "가군": "",
        "나군": "area",
        "다시": "",
        "라구": "",
    }


def test_designation__a_yearly_change_never_takes_the_edition_itself_for_an_earlier_one():
    tests = {"loss": {"indicator": "population", "measure": "yearly_change", "years": 1, "above": -1}}
    lossy = whole(id="mine", tests=tests, grades=[{"grade": "area", "all_of": ["loss"]}])
    rows = designation_rows(STUDY, lossy)  # editions of 2020 and 2025 alone: nothing is known of one year
    assert {(row.value, row.holds) for row in rows if row.step == "loss"} == {(None, None)}
    assert {grade for grade, _ in result(rows).values()} == {None}


def test_designation__every_step_is_there():
    rows = [row for row in designation_rows(STUDY, rule(), designated=frozenset({"41"})) if row.name == "나군"]
    assert [row.step for row in rows] == ["eligible", "index.people", "index.income", "index", "grade", "still"]
    people = rows[1]
    assert (people.measure, people.value) == ("population", 10)
    assert "need +1.342, weight 1" in people.reason  # (25 − 10) / 11.18
    index = rows[3]
    assert (index.value, index.comparison, index.threshold, index.holds) == (1, "at_most", 1, True)


def test_designation__is_a_designated_district_still_one():
    rows = designation_rows(STUDY, rule(), designated=frozenset({"40", "41"}))
    still = {row.name: (row.holds, row.reason) for row in rows if row.step == "still"}
    assert still["가군"] == (False, "designated today; no longer meets the rule")
    assert still["나군"] == (True, "designated today; still meets the rule")
    assert still["다시"] == (None, "not designated today; does not meet the rule")
    fresh = designation_rows(STUDY, rule(), designated=frozenset({"40"}))
    assert [r.reason for r in fresh if r.step == "still" and r.name == "나군"] == [
        "not designated today; would newly meet the rule"
    ]


def test_designation__missing_figures_leave_undecided_and_never_fail():
    study = studied([[1, 30], [1, 10], [1, NAN], [1, 40]], [[1, 2], [1, 1], [1, 3], [1, 4]])
    told = result(designation_rows(study, rule()))
    assert told["다시"][0] is None
    assert "undecided" in told["다시"][1]
    assert told["나군"][0] is None  # place 1 of 3, but the one without figures could stand before it
    assert told["라구"][0] == ""  # place 3 of 3 is beyond the cut whatever comes


def test_designation__a_place_that_holds_whatever_comes():
    study = studied([[1, 30], [1, 10], [1, NAN], [1, 40]], [[1, 2], [1, 1], [1, 3], [1, 4]])
    parts = {"people": {"indicator": "population", "better": "more"}}
    told = result(designation_rows(study, rule(index={"parts": parts, "worst": 2})))
    assert (told["나군"][0], told["가군"][0], told["라구"][0]) == ("area", None, "")


def test_designation__no_indicator_no_verdict():
    missing = {"fiscal": {"indicator": "fiscal_strength", "better": "more"}}
    rows = designation_rows(STUDY, rule(index={"parts": missing, "worst": 1}))
    assert {grade for grade, _ in result(rows).values()} == {None}
    assert "no indicator 'fiscal_strength'" in next(row.reason for row in rows if row.step == "index.fiscal")


def test_designation__few_districts_say_nothing_of_a_nations_places():
    parts = {"people": {"indicator": "population", "better": "more"}}
    rows = designation_rows(STUDY, rule(index={"parts": parts, "worst": 70, "of_at_least": 150}))
    assert {grade for grade, _ in result(rows).values()} == {None}
    assert "the rule compares 150 districts or more" in next(row.reason for row in rows if row.step == "index")


def test_designation__who_may_not_is_not_compared():
    rows = designation_rows(STUDY, rule(eligible={"types": ["gun"]}))
    told = result(rows)
    assert told["다시"] == ("", "may not be designated: type si, the rule is for gun")
    assert told["나군"][0] == "area"
    assert "place 1 of 2" in next(row.reason for row in rows if row.step == "index" and row.name == "나군")
    unknown = studied([[1, 3]], [[1, 2]], names=("Hanbit",))
    (one,) = result(designation_rows(unknown, rule(eligible={"types": ["si"]}))).values()
    assert one[0] is None
    assert "cannot be told by its name" in one[1]


def test_designation__exceptions_come_first_and_are_told():
    rows = designation_rows(STUDY, rule(exceptions={"43": "외딴섬"}))
    assert result(rows)["라구"] == ("area", "by exception: 외딴섬")
    assert any(row.step == "exception" and row.name == "라구" for row in rows)


def test_designation__tests_against_cuts_and_yearly_change():
    # 100 → 90 in five years: (.9^(1/5) − 1) = −2.085 % a year
    study = studied([[100, 90], [100, 101], [0, 5], [100, NAN]], [[1, 1]] * 4)
    test = {"indicator": "population", "measure": "yearly_change", "years": 5, "below": 0}
    made = whole(id="mine", tests={"decline": test}, grades=[{"grade": "area", "all_of": ["decline"]}])
    rows = designation_rows(study, made)
    assert next(row.value for row in rows if row.step == "decline") == pytest.approx(-2.085, abs=1e-3)
    assert [grade for grade, _ in result(rows).values()] == ["area", "", None, None]


def test_designation__a_change_needs_its_edition():
    test = {"indicator": "population", "measure": "yearly_change", "years": 20, "below": 0}
    made = whole(id="mine", tests={"decline": test}, grades=[{"grade": "area", "all_of": ["decline"]}])
    rows = designation_rows(STUDY, made)
    assert "no edition 20 years before 2025" in rows[1].reason
    assert {grade for grade, _ in result(rows).values()} == {None}


def test_designation__places_beyond_another_rule():
    parts = {"people": {"indicator": "population", "better": "more"}}
    rows = designation_rows(STUDY, rule(index={"parts": parts, "worst": 2, "beyond": 1}))
    assert [grade for grade, _ in result(rows).values()] == ["", "", "area", ""]


def test_designation__percentiles_as_scores():
    parts = {"people": {"indicator": "population", "better": "more"}}
    rows = designation_rows(STUDY, rule(index={"parts": parts, "worst": 1, "score": "percentile"}))
    # 10 is the least of four: (3 + ½)/4 are better off or equal
    assert "need +87.500" in next(row.reason for row in rows if row.step == "index.people" and row.name == "나군")


def test_designation__nothing_is_designated_by_modelled_figures():
    rows = designation_rows(STUDY, rule(), modelled="roads are modelled: surrogate")
    assert {grade for grade, _ in result(rows).values()} == {None}


def test_designation__all_alike_and_nobody():
    alike = studied([[1, 5]] * 3, [[1, 2]] * 3, names=NAMES[:3])
    assert [grade for grade, _ in result(designation_rows(alike, rule())).values()] == ["area"] * 3  # all place 1
    empty = studied(np.empty((0, 2)), np.empty((0, 2)), names=())
    assert designation_rows(empty, rule()) == []


@pytest.mark.parametrize("rule_id", rule_ids())
def test_rules__packaged_ones_work_and_say_how_sure_they_are(rule_id):
    found = rule_of(RuleEntry(extends=rule_id))
    assert found.id == rule_id
    assert found.name.ko
    assert found.name.en
    assert all((found.date, found.source, found.confidence, found.note))
    assert all(part.source and part.confidence for part in found.index.parts.values())
    assert found.not_computed


def test_rules__a_study_changes_a_packaged_rule():
    found = rule_of(RuleEntry.model_validate({
        "extends": "kr-growth-promotion-2026", "id": "county",
        "index": {"worst": 3, "of_at_least": 5, "parts": {"income": {"weight": 2}}},
    }))  # fmt: skip
    assert (found.id, found.index.worst, found.index.of_at_least) == ("county", 3, 5)
    assert (found.index.parts["income"].weight, found.index.parts["income"].indicator) == (2, "income_per_head")
    assert list(found.index.parts) == ["people", "income", "fiscal", "access"]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"extends": "kr-growth"}, "no packaged rule 'kr-growth'"),
        ({"id": "a"}, "needs tests or an index"),
        ({"tests": {"t": {"indicator": "x", "below": 1}}, "grades": [{"grade": "g", "all_of": ["t"]}]}, "needs an id"),
        ({"id": "a", "tests": {"t": {"indicator": "x", "below": 1}}, "grades": [{"grade": "g", "all_of": ["u"]}]},
         "unknown test u"),
        ({"id": "a", "tests": {"t": {"indicator": "x"}}, "grades": [{"grade": "g", "all_of": ["t"]}]}, "exactly one"),
        ({"id": "a", "tests": {"t": {"below": 1}}, "grades": [{"grade": "g", "all_of": ["t"]}]}, "which indicator"),
        ({"id": "a", "tests": {"t": {"indicator": "x", "below": 1, "years": 3}},
          "grades": [{"grade": "g", "all_of": ["t"]}]}, "needs years"),
        ({"id": "a", "index": {"parts": {"p": {"indicator": "x"}}}, "grades": [{"grade": "g", "all_of": ["index"]}]},
         "worst: how many"),
        ({"id": "a", "tests": {"t": {"indicator": "x", "below": 1}}}, "needs grades"),
        ({"id": "a", "tests": {"index": {"indicator": "x", "below": 1}},
          "grades": [{"grade": "g", "any_of": ["index"]}]}, "call the test otherwise"),
    ],
)  # fmt: skip
def test_rules__refuse_what_cannot_work(entry, words):
    with pytest.raises(InputError, match=words):
        rule_of(RuleEntry.model_validate(entry))


def test_designated__by_table_or_list(tmp_path):
    (tmp_path / "now.csv").write_text("code,name\n40,가군\n99,없는군\n", encoding="utf-8")
    made = rule(designated={"path": "now.csv", "id": "code", "since": "2021-10-19"})
    inputs = []
    ids, notes = designated_ids(made, tmp_path, STUDY.ids, inputs)
    assert ids == {"40", "99"}
    assert "99" in notes[0]
    assert inputs[0]["what"] == "designated areas"
    rows = designation_rows(STUDY, made, designated=ids)
    assert any("designated today (2021-10-19)" in row.reason for row in rows)
    assert designated_ids(rule(designated=["40"]), tmp_path, STUDY.ids, [])[0] == {"40"}
    assert designated_ids(rule(), tmp_path, STUDY.ids, []) == (None, ())
    with pytest.raises(InputError, match="none of the designated"):
        designated_ids(rule(designated=["x"]), tmp_path, STUDY.ids, [])
    with pytest.raises(InputError, match="no column"):
        designated_ids(rule(designated={"path": "now.csv", "id": "no"}), tmp_path, STUDY.ids, [])
