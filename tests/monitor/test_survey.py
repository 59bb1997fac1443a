from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import binomtest, norm, t
from scipy.stats import sem as scipy_sem

from lifezone.errors import InputError
from lifezone.monitor.survey import (
    Strata,
    SurveySpec,
    answer_rows,
    crosstab_rows,
    design_effect,
    estimated,
    gap_rows,
    hidden_in_grid,
    hidden_in_line,
    raked,
    read_respondents,
    survey_changes,
)


def ones(n: int) -> np.ndarray:
    return np.ones(n)


def shares(yes: int, no: int) -> np.ndarray:
    return np.array([1.0] * yes + [0.0] * no)


# --- estimates ---------------------------------------------------------------------------------------------------


def test_design_effect__by_hand():
    # weights 1, 1, 2: 3·6/16 = 1.125
    assert design_effect(np.array([1.0, 1.0, 2.0])) == pytest.approx(1.125)
    assert design_effect(ones(7) * 3) == pytest.approx(1.0)
    assert math.isnan(design_effect(np.zeros(3)))


@pytest.mark.parametrize(("yes", "no"), [(0, 40), (3, 37), (20, 20), (40, 0)])
def test_estimated__share_has_wilsons_interval(yes, no):
    found = estimated(shares(yes, no), ones(yes + no), "share")
    theirs = binomtest(yes, yes + no).proportion_ci(0.95, method="wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))
    assert found.value == yes / (yes + no)


def test_estimated__normal_interval_by_hand():
    found = estimated(shares(30, 70), ones(100), "share", interval="normal", confidence=0.9)
    half = norm.ppf(0.95) * math.sqrt(0.3 * 0.7 / 100)
    assert (found.low, found.high, found.margin) == pytest.approx((0.3 - half, 0.3 + half, half))


def test_estimated__mean_as_scipy():
    x = np.random.default_rng(1).integers(1, 6, 50).astype(float)
    found = estimated(x, ones(50) * 2.5, "mean")
    assert found.error == pytest.approx(scipy_sem(x))
    assert (found.low, found.high) == pytest.approx(t.interval(0.95, 49, x.mean(), scipy_sem(x)))
    assert found.deviation == pytest.approx(x.std(ddof=1))


def test_estimated__weights_by_hand():
    # answers 1 0 1 with weights 1 1 2: share 3/4; m = 16/6; error √(.75·.25/(16/6)) = .265165
    found = estimated(np.array([1.0, 0.0, 1.0]), np.array([1.0, 1.0, 2.0]), "share", interval="normal")
    assert found.value == pytest.approx(0.75)
    assert found.n_effective == pytest.approx(16 / 6)
    assert found.error == pytest.approx(0.265165, abs=1e-6)


def test_estimated__finite_population_shrinks_the_error():
    # 100 of 400 asked: error × √(1 − ¼)
    strata = Strata(np.zeros(100, np.int32), np.array([0.25]))
    plain, found = (estimated(shares(30, 70), ones(100), "share", strata=one) for one in (None, strata))
    assert found.error == pytest.approx(plain.error * math.sqrt(0.75))
    assert found.design_effect == pytest.approx(0.75)


def test_estimated__everybody_asked_has_no_error():
    strata = Strata(np.zeros(10, np.int32), np.array([1.0]))
    for answers in (shares(3, 7), shares(10, 0)):
        found = estimated(answers, ones(10), "share", strata=strata)
        assert found.low == found.value == found.high


def test_estimated__strata_by_hand():
    # stratum a: 4 asked, 3 yes, weight ¾; stratum b: 4 asked, 1 yes, weight ¼ (weights 3 and 1)
    # share ¾·¾ + ¼·¼ = .625; variance (9/16)·(.1875/3) + (1/16)·(.1875/3) = .0390625
    answers = np.array([1, 1, 1, 0, 1, 0, 0, 0], float)
    strata = Strata(np.repeat([0, 1], 4).astype(np.int32), np.zeros(2))
    found = estimated(answers, np.repeat([3.0, 1.0], 4), "share", strata=strata, interval="normal")
    assert found.value == pytest.approx(0.625)
    assert found.error**2 == pytest.approx(0.0390625)
    assert found.n_effective == pytest.approx(0.625 * 0.375 / 0.0390625)


def test_estimated__a_lone_respondent_makes_the_margin_larger():
    answers = np.array([1, 1, 0, 0, 1], float)
    lone = Strata(np.array([0, 0, 0, 0, 1], np.int32), np.zeros(2))
    found = estimated(answers, ones(5), "share", strata=lone)
    # .64 · (.25/3) + .04 · (1 − .6)² = .05973
    assert found.error**2 == pytest.approx(0.64 * 0.25 / 3 + 0.04 * 0.16)


@pytest.mark.parametrize("weight", [np.zeros(3), np.array([1.0, 0.0, 0.0])])
def test_estimated__almost_nobody(weight):
    found = estimated(np.array([1.0, 0.0, np.nan]), weight, "mean")
    assert found.n == int(weight.sum())
    assert math.isnan(found.margin)


def test_estimated__interval_holds_the_truth_as_often_as_it_says():
    random = np.random.default_rng(2)
    weight = np.where(np.arange(300) % 2, 3.0, 1.0)
    held = 0
    for _ in range(400):
        found = estimated((random.random(300) < 0.3).astype(float), weight, "share")
        held += found.low <= 0.3 <= found.high
    assert 0.92 <= held / 400 <= 0.98


# --- hiding ------------------------------------------------------------------------------------------------------


def test_hidden_in_line__small_classes_and_what_gives_them_away():
    assert hidden_in_line(np.array([50, 40, 12]), 30).tolist() == [False, True, True]
    assert hidden_in_line(np.array([50, 20, 12]), 30).tolist() == [False, True, True]  # 32 together
    assert hidden_in_line(np.array([50, 40, 35]), 30).tolist() == [False, False, False]
    assert hidden_in_line(np.array([50, 0, 40]), 30).tolist() == [False, False, False]
    assert hidden_in_line(np.array([5]), 30).tolist() == [True]
    assert hidden_in_line(np.array([], np.int64), 30).tolist() == []


def test_hidden__no_line_gives_away_fewer_than_least():
    random = np.random.default_rng(3)
    for _ in range(100):
        count = random.integers(0, 90, (4, 5))
        rows, columns = hidden_in_line(count.sum(axis=1), 30), hidden_in_line(count.sum(axis=0), 30)
        hidden = hidden_in_grid(count, 30, rows, columns)
        assert not (~hidden & (count > 0) & (count < 30)).any()
        for line, mask in [*zip(count, hidden, strict=True), *zip(count.T, hidden.T, strict=True)]:
            together = line[mask].sum()
            assert together == 0 or together >= 30 or not (line[~mask] > 0).any()


def test_hidden_in_grid__a_cell_that_follows_from_another_line_hides_nobody():
    # 3 hides behind 20 and 15; those 15 alone in their row would follow from its total, and 3 from the column then
    count = np.array([[3, 20, 50], [15, 40, 60], [70, 90, 80]])
    nothing = np.zeros(3, np.bool_)
    hidden = hidden_in_grid(count, 10, nothing, nothing)
    assert hidden.tolist() == [[True, True, False], [True, True, False], [False, False, False]]


def test_hidden_in_grid__no_small_cell_has_one_value_alone():
    # linprog: the least and the most that a hidden cell may be, given all that is shown
    random = np.random.default_rng(11)
    for _ in range(12):
        count, none = random.integers(1, 60, (3, 4)), (np.zeros(3, np.bool_), np.zeros(4, np.bool_))
        hidden = hidden_in_grid(count, 10, *none)
        at = np.argwhere(hidden)
        lines = np.array(
            [[i == r for i, _ in at] for r in range(3)] + [[j == c for _, j in at] for c in range(4)], float
        )
        sums = np.concatenate([np.where(hidden, count, 0).sum(axis=axis) for axis in (1, 0)])
        for k, (i, j) in enumerate(at):
            if count[i, j] < 10 and not hidden.all():
                ends = [linprog(sign * np.eye(len(at))[k], A_eq=lines, b_eq=sums).fun * sign for sign in (1, -1)]
                assert ends[1] - ends[0] > 0.5


# --- raking ------------------------------------------------------------------------------------------------------


def test_raked__one_margin_by_hand():
    found = raked(ones(4), {"gender": np.array(["f", "m", "m", "m"], object)}, {"gender": {"f": 50, "m": 50}})
    assert found.converged
    assert found.weight == pytest.approx([2, 2 / 3, 2 / 3, 2 / 3])
    assert found.design_effect == pytest.approx(4 * (4 + 3 * 4 / 9) / 16)


def test_raked__two_margins_as_iterative_fitting_of_the_table():
    # the weighted 2 × 2 table must be the one that iterative proportional fitting of counts 10, 20, 30, 40 gives
    a = np.array(["x"] * 30 + ["y"] * 70, object)
    b = np.array(["p"] * 10 + ["q"] * 20 + ["p"] * 30 + ["q"] * 40, object)
    found = raked(ones(100), {"a": a, "b": b}, {"a": {"x": 0.5, "y": 0.5}, "b": {"p": 0.3, "q": 0.7}})
    table = np.array([[10.0, 20], [30, 40]])
    for _ in range(500):
        table *= (np.array([50, 50]) / table.sum(axis=1))[:, None]
        table *= np.array([30, 70]) / table.sum(axis=0)
    mine = [[found.weight[(a == i) & (b == j)].sum() for j in "pq"] for i in "xy"]
    assert np.array(mine) == pytest.approx(table, rel=1e-5)
    assert found.converged


def test_raked__what_cannot_be_reached_is_told():
    # x always says p, y always q: shares .5/.5 of one and .9/.1 of the other cannot both hold
    a, b = (np.array(list(letters * 10), object) for letters in ("xy", "pq"))
    found = raked(ones(20), {"a": a, "b": b}, {"a": {"x": 1, "y": 1}, "b": {"p": 9, "q": 1}})
    assert not found.converged
    assert found.worst > 0.1
    assert "NOT CONVERGED" in found.told()


def test_raked__weights_stay_within_bounds():
    a = np.array(["x"] + ["y"] * 99, object)
    found = raked(ones(100), {"a": a}, {"a": {"x": 0.5, "y": 0.5}}, most=3.0)
    assert found.largest == pytest.approx(3.0)
    assert found.weight.mean() == pytest.approx(1.0)
    assert not found.converged


def test_raked__those_who_do_not_tell_keep_their_share():
    a = np.array(["x", "y", "", ""], object)
    found = raked(ones(4), {"a": a}, {"a": {"x": 3, "y": 1}})
    assert found.weight == pytest.approx([1.5, 0.5, 1, 1])


@pytest.mark.parametrize(
    ("margin", "words"),
    [
        ({"x": 1.0, "y": 1.0, "z": 1.0}, "no respondent stands for z"),
        ({"x": 1.0}, "whose people are not given"),
        ({"x": -1.0, "y": 1.0}, "0 or more"),
        ({"x": 0.0, "y": 0.0}, "some"),
    ],
)
def test_raked__refuses_what_cannot_be(margin, words):
    with pytest.raises(InputError, match=words):
        raked(ones(2), {"a": np.array(["x", "y"], object)}, {"a": margin})


def test_raked__refuses_nobody():
    with pytest.raises(InputError, match="nobody counts"):
        raked(np.zeros(2), {"a": np.array(["x", "y"], object)}, {"a": {"x": 1, "y": 1}})


# --- files -------------------------------------------------------------------------------------------------------

HEAD = "no,weight,sex,age,home,q_want,q_done,q_move"


def study(tmp_path, rows, **more):
    (tmp_path / "answers.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    block = {
        "path": "answers.csv",
        "id": "no",
        "by": {"gender": {"column": "sex", "names": {1: "male", 2: "female"}}, "age": {"column": "age", "bands": [40]}},
        "questions": [
            {
                "id": "want",
                "column": "q_want",
                "asks": "importance",
                "about": "clinic",
                "scale": [1, 5],
                "missing": [9],
            },
            {"id": "done", "column": "q_done", "asks": "performance", "about": "clinic", "scale": [1, 5]},
            {"id": "move", "column": "q_move", "asks": "intention", "choices": {1: "stay", 2: "move"}, "agree": [1]},
        ],
        "least": 2,
        **more,
    }
    return SurveySpec.model_validate(block)


FOUR = ["1,1,1,20,a,5,2,1", "2,1,2,30,a,4,3,2", "3,2,2,50,b,5,,1", "4,0,1,60,b,1,1,2", "5,1,1,70,b,9,4,"]


def test_survey__by_hand(tmp_path):
    spec = study(tmp_path, FOUR, weight="weight")
    people = read_respondents(tmp_path, spec)
    rows = {(row.question, row.measure, row.answer): row for row in answer_rows(people, spec, "2025")}
    # want: 5, 4, 5 with weights 1, 1, 2 = 19/4; the fourth has weight 0, the fifth did not answer
    want = rows["want", "mean", ""]
    assert (want.value, want.n, want.no_answer) == (pytest.approx(4.75), 3, 1)
    assert want.design_effect == pytest.approx(1.125)
    assert rows["want", "agree", "4;5"].value == 1.0
    assert rows["want", "share", "5"].value == pytest.approx(0.75)
    assert rows["want", "share", "1"].value == 0.0
    assert rows["move", "share", "1"].value == pytest.approx(0.75)
    assert rows["move", "share", "1"].label == "stay"


def test_survey__shares_of_answers_add_up_to_all(tmp_path):
    spec = study(tmp_path, FOUR, weight="weight")
    people = read_respondents(tmp_path, spec)
    for question in ("want", "done", "move"):
        told = [r.value for r in answer_rows(people, spec, "") if r.question == question and r.measure == "share"]
        assert sum(told) == pytest.approx(1.0)


def test_survey__crosstabs(tmp_path):
    spec = study(tmp_path, FOUR, crosstabs=[["gender", "age"]], least=1)
    rows = crosstab_rows(read_respondents(tmp_path, spec), spec, "2025")
    told = {(r.by, r.class_): (r.value, r.n) for r in rows if r.question == "want" and r.measure == "mean"}
    assert told["gender", "male"] == (3.0, 2)
    assert told["gender", "female"] == (4.5, 2)
    assert told["age", "<40"] == (4.5, 2)
    assert told["age", "40+"] == (3.0, 2)
    assert told["gender × age", "female × 40+"] == (5.0, 1)


def test_survey__few_respondents_are_hidden_everywhere(tmp_path):
    spec = study(tmp_path, FOUR, least=3, crosstabs=[["gender", "age"]])
    people = read_respondents(tmp_path, spec)
    assert all(row.value is None and row.n is None and row.hidden for row in crosstab_rows(people, spec, ""))
    assert all(row.value is not None for row in answer_rows(people, spec, "") if row.question == "want")
    many = study(tmp_path, FOUR, least=30)
    assert all(row.value is None and "fewer than 30" in row.hidden for row in answer_rows(people, many, ""))


def test_survey__gap_of_those_who_answered_both(tmp_path):
    spec = study(tmp_path, FOUR)
    (row,) = gap_rows(read_respondents(tmp_path, spec), spec, "2025")
    # 5/2, 4/3, 1/1: means 10/3 and 2, gap 4/3
    assert (row.n, row.scale, row.quadrant) == (3, "1–5", "")
    assert (row.importance, row.performance, row.gap) == pytest.approx((10 / 3, 2, 4 / 3))


def test_survey__quadrants(tmp_path):
    rows = ["no,a,b,c,d"] + [f"{i},5,1,2,4" for i in range(5)]
    (tmp_path / "answers.csv").write_text("\n".join(rows), encoding="utf-8")
    ask = [("a", "importance", "clinic", [1, 5]), ("b", "performance", "clinic", [1, 5]),
           ("c", "importance", "park", [1, 5]), ("d", "performance", "park", [0, 10])]  # fmt: skip
    questions = [{"id": i, "asks": asks, "about": about, "scale": scale} for i, asks, about, scale in ask]
    spec = SurveySpec.model_validate({"path": "answers.csv", "questions": questions, "least": 1})
    clinic, park = gap_rows(read_respondents(tmp_path, spec), spec, "")
    assert (clinic.scale, clinic.importance, clinic.performance) == ("0–100", 100.0, 0.0)
    assert (park.importance, park.performance) == (25.0, 40.0)
    assert (clinic.quadrant, park.quadrant) == ("concentrate", "overdone")


def test_survey__raked_weights_count(tmp_path):
    spec = study(tmp_path, FOUR, margins={"gender": {"male": 1, "female": 3}})
    people = read_respondents(tmp_path, spec)
    assert people.weight[[1, 2]].sum() / people.weight.sum() == pytest.approx(0.75)
    assert any("all margins hold" in note for note in people.notes)


def test_survey__strata_bring_weights_to_their_people(tmp_path):
    spec = study(tmp_path, FOUR, strata={"column": "home", "population": {"a": 300, "b": 100}})
    people = read_respondents(tmp_path, spec)
    assert people.weight == pytest.approx([150, 150, 100 / 3, 100 / 3, 100 / 3])
    assert people.strata.fraction == pytest.approx([2 / 300, 3 / 100])


def test_survey__one_respondent(tmp_path):
    spec = study(tmp_path, FOUR[:1], least=1)
    people = read_respondents(tmp_path, spec)
    mean = next(row for row in answer_rows(people, spec, "") if row.measure == "mean")
    assert (mean.value, mean.n, mean.margin) == (5.0, 1, None)


@pytest.mark.parametrize(
    ("rows", "more", "words"),
    [
        ([], {}, "no respondents"),
        ([FOUR[0], FOUR[0]], {}, "come twice: 1"),
        (["1,-1,1,20,a,5,2,1"], {"weight": "weight"}, "0 or more: line 2"),
        (["1,0,1,20,a,5,2,1"], {"weight": "weight"}, "nobody counts"),
        (["1,x,1,20,a,5,2,1"], {"weight": "weight"}, "must hold numbers"),
        (["1,1,1,20,a,6,2,1"], {}, "other than 1 to 5: line 2"),
        (["1,1,1,20,a,yes,2,1"], {}, "other than 1 to 5"),
        (["1,1,1,20,a,5,2,3"], {}, "other than 1, 2"),
        (["1,1,1,old,a,5,2,1"], {}, "must hold numbers, to be cut"),
        (["1,1,1,20,,5,2,1"], {"strata": {"column": "home"}}, "without a stratum"),
        (FOUR, {"strata": {"column": "home", "population": {"a": 9}}}, "not given: b"),
        (FOUR, {"strata": {"column": "home", "population": {"a": 1, "b": 9}}}, r"a \(2 of 1\)"),
        (FOUR, {"weight": "wt"}, "no column 'wt'"),
    ],
)
def test_survey__refuses_files_with_faults(tmp_path, rows, more, words):
    spec = study(tmp_path, rows, **more)
    with pytest.raises(InputError, match=words):
        read_respondents(tmp_path, spec)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"crosstabs": [["gender", "income"]]}, "income: name the column"),
        ({"margins": {"income": {"low": 1}}}, "income: name the column"),
        ({"questions": [{"id": "a", "scale": [5, 1]}]}, "lowest and the highest"),
        ({"questions": [{"id": "a"}]}, "give scale"),
        ({"questions": [{"id": "a", "scale": [1, 5]}, {"id": "a", "scale": [1, 5]}]}, "written twice"),
        ({"questions": []}, "at least 1"),
        ({"by": {"age": {"column": "age", "bands": [40, 20]}}}, "ascend"),
        ({"confidence": "100 %"}, "between"),
        ({"population": 100, "strata": {"column": "home"}}, "not both"),
    ],
)
def test_survey_spec__refuses_what_does_not_fit(tmp_path, more, words):
    with pytest.raises(ValueError, match=words):
        study(tmp_path, FOUR, **more)


def test_survey_changes__tests_figures_of_both_editions(tmp_path):
    def edition(name, stay, move):
        rows = [f"{i},1,1,20,a,5,2,{1 if i < stay else 2}" for i in range(stay + move)]
        spec = study(tmp_path, rows, least=5)
        return answer_rows(read_respondents(tmp_path, spec), spec, name)

    found = survey_changes(edition("2024", 60, 40), edition("2025", 45, 55))
    stay = next(row for row in found if (row.question, row.measure, row.answer) == ("move", "share", "1"))
    assert (stay.edition_before, stay.edition) == ("2024", "2025")
    assert stay.statistic == pytest.approx(-2.123977, abs=1e-6)
    assert stay.points == pytest.approx(-15)
    assert stay.p_adjusted >= stay.p_value
    # the scale never varies: told, not tested away
    mean = next(row for row in found if (row.question, row.measure) == ("want", "mean"))
    assert mean.absolute == 0


def test_survey_changes__one_edition_alone_changes_nothing(tmp_path):
    spec = study(tmp_path, FOUR)
    rows = answer_rows(read_respondents(tmp_path, spec), spec, "2025")
    assert survey_changes([], rows) == []
