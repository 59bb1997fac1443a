"""Every packaged indicator against sums worked by hand, formulas of others, and what must hold for any numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy as scipy_entropy
from sklearn.metrics import auc

from lifezone.monitor.counts import ALL_MET, Column, Composition, FlowTable, RunResult, UnitTable
from lifezone.monitor.edition import Edition
from lifezone.monitor.figures import FIGURES, is_group
from lifezone.monitor.indicator import Found, NotGiven
from lifezone.monitor.indicators import INDICATORS
from lifezone.monitor.series import EditionInfo, Why

BY_ID = {one.id: one for one in INDICATORS}
NO_CENTRE = np.array([-1, -1, -1], np.int32)


def column(*values: float | None) -> Column:
    """A figure; None = the cell is empty."""
    value = np.array([np.nan if one is None else one for one in values], np.float64)
    why = np.where(np.isnan(value), Why.EMPTY_CELL, Why.COMPUTED).astype(np.int8)
    return Column(value, why, float(value.sum()))


def edition(date: str = "2020-12-31", *, centre: Any = NO_CENTRE, **parts: Any) -> Edition:
    """An edition of three districts; ``figures`` by name."""
    figures = {name: column(*values) for name, values in parts.pop("figures", {}).items()}
    return Edition(EditionInfo(date[:4], date), np.asarray(centre, np.int32), figures, **parts)


def computed(indicator: str, one: Edition) -> Found:
    """The finding of an indicator that has no parts."""
    got = BY_ID[indicator].compute(one)
    assert isinstance(got, Found)
    return got


def reasons(got: Found) -> list[Why]:
    return [Why(one) for one in got.why.tolist()]


SIMPLE = {
    # two districts with numbers worked by hand, the third has nothing to divide by
    "extinction_risk": ({"female 20-39": (120, 300, 5), "65+": (600, 200, 0)}, (0.2, 1.5)),
    "extinction_risk_45": ({"female 20-45": (150, 330, 5), "65+": (600, 200, 0)}, (0.25, 1.65)),
    "extinction_risk_70": ({"female 20-44": (140, 320, 5), "70+": (400, 160, 0)}, (0.35, 2.0)),
    "next_generation": ({"female 0-19": (90, 330, 1), "female 20-39": (120, 300, 0)}, (0.75, 1.1)),
    "movers_20s_in": ({"movers_in_20_29": (30, 12, 1), "20-29": (200, 150, 0)}, (15.0, 8.0)),
    "movers_20s_net": (
        {"movers_in_20_29": (30, 12, 1), "movers_out_20_29": (20, 24, 2), "20-29": (200, 150, 0)}, (5.0, -8.0),
    ),
    "youth_dependency": ({"0-14": (100, 30, 4), "15-64": (500, 200, 0)}, (20.0, 15.0)),
    "elderly_dependency": ({"65+": (600, 200, 4), "15-64": (1200, 250, 0)}, (50.0, 80.0)),
    "total_dependency": ({"0-14": (100, 30, 4), "65+": (150, 220, 4), "15-64": (500, 200, 0)}, (50.0, 125.0)),
    "ageing_index": ({"65+": (600, 60, 4), "0-14": (150, 80, 0)}, (400.0, 75.0)),
    "elderly_share": ({"65+": (200, 70, 0), "all": (1000, 1000, 0)}, (20.0, 7.0)),
    "single_households": ({"single_households": (45, 0, 0), "households": (150, 80, 0)}, (30.0, 0.0)),
    "grdp_per_head": ({"grdp": (5000, 900, 1), "all": (200, 300, 0)}, (25.0, 3.0)),
    "low_income_share": ({"low_income": (20, 0, 0), "all": (160, 50, 0)}, (12.5, 0.0)),
    "old_buildings_share": ({"old_buildings": (30, 9, 0), "buildings": (40, 90, 0)}, (75.0, 10.0)),
    "daytime_population": (
        # (1000 − 300 + 200) ÷ 1000 and (500 − 50 + 175) ÷ 500
        {"all": (1000, 500, 0), "commuters_out": (300, 50, 1), "commuters_in": (200, 175, 2)}, (90.0, 125.0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("indicator", sorted(SIMPLE))
def test_ratio__is_worked_by_hand_and_nothing_to_divide_by_is_missing(indicator: str) -> None:
    figures, expected = SIMPLE[indicator]
    got = computed(indicator, edition(figures=figures))
    np.testing.assert_allclose(got.value[:2], expected, rtol=1e-12)
    assert reasons(got) == [Why.COMPUTED, Why.COMPUTED, Why.ZERO_DENOMINATOR]
    assert np.isnan(got.value[2])


@pytest.mark.parametrize("indicator", sorted(SIMPLE))
def test_ratio__the_whole_is_made_of_sums_and_an_empty_cell_is_missing(indicator: str) -> None:
    figures, _ = SIMPLE[indicator]
    together = edition(figures=figures).together()
    if indicator == "movers_20s_in":
        with pytest.raises(NotGiven):  # counts of districts hold moves between them too
            computed(indicator, together)
    else:
        whole = computed(indicator, together).value
        summed = edition(figures={name: (sum(values), 0, 0) for name, values in figures.items()})
        np.testing.assert_allclose(whole[0], computed(indicator, summed).value[0], rtol=1e-12)
    name = next(iter(figures))
    emptied = computed(indicator, edition(figures={**figures, name: (None, *figures[name][1:])}))
    assert np.isnan(emptied.value[0])
    assert reasons(emptied)[0] == Why.EMPTY_CELL


def test_share__a_part_above_its_whole_is_no_share() -> None:
    got = computed("single_households", edition(figures={"single_households": (90, 80, 1), "households": (80, 80, 1)}))
    assert reasons(got) == [Why.PART_ABOVE_WHOLE, Why.COMPUTED, Why.COMPUTED]
    assert got.value[1] == 100.0


@pytest.mark.parametrize(
    ("value", "name"),
    [(0.1999, "high risk"), (0.2, "risk"), (0.4999, "risk"), (0.5, "caution"), (1.0, "normal"), (1.5, "very low risk"),
     # published for March 2024, with the class that each has by the published bounds
     (0.615, "caution"), (0.329, "risk"), (0.490, "risk"), (0.553, "caution"), (0.810, "caution"), (1.113, "normal")],
)  # fmt: skip
def test_extinction_risk__has_the_published_classes(value: float, name: str) -> None:
    classes = BY_ID["extinction_risk"].classes
    assert classes is not None
    assert classes.en[int(classes.of(np.array([value]))[0])] == name


def test_elderly_share__classes_begin_at_7_14_and_20() -> None:
    classes = BY_ID["elderly_share"].classes
    assert classes is not None
    found = classes.of(np.array([6.99, 7.0, 14.0, 19.99, 20.0, np.nan]))
    assert found.tolist() == [0, 1, 2, 2, 3, -1]


def test_people__change_and_growth() -> None:
    before = edition("2015-12-31", figures={"all": (1000, 2000, 0)})
    now = edition("2020-12-31", figures={"all": (1100, 1500, 10)}, before=before)
    change = computed("people_change", now)
    assert change.value.tolist() == [100.0, -500.0, 10.0]
    growth = computed("people_growth", now)
    years = 1827 / 365.25  # 2016 and 2020 are leap years
    np.testing.assert_allclose(growth.value[:2], [(1.1 ** (1 / years) - 1) * 100, (0.75 ** (1 / years) - 1) * 100])
    assert reasons(growth)[2] == Why.ZERO_DENOMINATOR
    with pytest.raises(NotGiven, match="an earlier edition"):
        computed("people_growth", before)


CENTRED = np.array([0, 0, 0], np.int32)


def test_centres__growth_share_and_moves_are_told_of_centres_alone() -> None:
    before = edition("2016-12-31", centre=CENTRED, figures={"all": (1000, 600, 400)})
    flows = FlowTable(
        np.array([[0, 30, 20, 5], [80, 0, 7, 0], [40, 9, 0, 0], [1, 0, 0, 0]], np.float64), np.zeros(3, np.int8)
    )
    now = edition(
        "2020-12-31", centre=CENTRED, figures={"all": (1210, 500, 400)}, flows={"moves": flows}, before=before
    )
    years = 1461 / 365.25
    assert years == 4.0
    growth = computed("centre_growth", now)
    np.testing.assert_allclose(growth.value[0], (1.21**0.25 - 1) * 100 - ((900 / 1000) ** 0.25 - 1) * 100)
    assert reasons(growth)[1:] == [Why.NO_CENTRE, Why.NO_CENTRE]
    np.testing.assert_allclose(computed("centre_share", now).value[0], 100 * 1210 / 2110)
    assert computed("moves_with_centre", now).value[0] == 80 + 40 + 30 + 20
    np.testing.assert_allclose(computed("net_moves_to_centre", now).value[0], (120 - 50) / 900 * 1000)
    split = replace(flows, why=np.array([0, Why.NOT_REBASED, 0], np.int8))
    assert reasons(computed("moves_with_centre", replace(now, flows={"moves": split})))[0] == Why.NOT_REBASED


def test_commuting__flows_count_who_crosses_a_border_elsewhere_included() -> None:
    people = np.array([[500, 40, 10, 30], [60, 200, 0, 0], [20, 5, 90, 1], [7, 0, 2, 0]], np.float64)
    one = edition(figures={"all": (1000, 400, 200)}, flows={"commuting": FlowTable(people, np.zeros(3, np.int8))})
    volume = computed("commuting_volume", one)
    assert volume.numerator.tolist() == [87.0, 45.0, 12.0]
    assert volume.denominator.tolist() == [80.0, 60.0, 26.0]
    np.testing.assert_allclose(computed("daytime_population", one).value, [100.7, 96.25, 93.0])
    whole = one.together()
    assert computed("commuting_volume", whole).value[0] == 31 + 9
    np.testing.assert_allclose(computed("daytime_population", whole).value[0], (1600 - 31 + 9) / 1600 * 100)


def places(part: Any, whole: Any, district: Any = (0, 0, 0, 1, 1, 2)) -> UnitTable:
    values = {"low_income": np.array(part, np.float64), "all": np.array(whole, np.float64)}
    return UnitTable(np.array(district, np.int32), values, np.zeros(3, np.int8))


def test_segregation__is_worked_by_hand() -> None:
    # district 0: a 10, 20, 10 of 40; b 90, 30, 40 of 160
    one = edition(units={"cells": places((10, 20, 10, 5, 0, 3), (100, 50, 50, 5, 25, 9))})
    apart = computed("income_dissimilarity", one)
    np.testing.assert_allclose(
        apart.value[0], (abs(10 / 40 - 90 / 160) + abs(20 / 40 - 30 / 160) + abs(10 / 40 - 40 / 160)) / 2
    )
    assert apart.value[1] == 1.0  # all in one place, nobody else there
    assert reasons(apart)[2] == Why.TOO_FEW
    alone = computed("income_isolation", one)
    np.testing.assert_allclose(alone.value[0], 10 / 40 * 0.1 + 20 / 40 * 0.4 + 10 / 40 * 0.2)
    assert alone.value[1] == 1.0


def test_segregation__impossible_places_and_empty_groups_are_reasons() -> None:
    one = edition(units={"cells": places((10, 60, 10, 0, 0, 3), (100, 50, 50, 5, 25, 9), (0, 0, 0, 1, 1, 1))})
    assert reasons(computed("income_dissimilarity", one))[:2] == [Why.PART_ABOVE_WHOLE, Why.COMPUTED]
    nobody = edition(units={"cells": places((0, 0, 0, 0, 0, 3), (100, 50, 50, 5, 25, 9), (0, 0, 0, 1, 1, 2))})
    assert reasons(computed("income_dissimilarity", nobody)) == [Why.ZERO_DENOMINATOR] * 2 + [Why.TOO_FEW]
    blank = edition(units={"cells": places((10, np.nan, 10, 1, 2, 3), (100, 50, 50, 5, 25, 9), (0, 0, 0, 1, 1, 1))})
    assert reasons(computed("income_isolation", blank))[:2] == [Why.EMPTY_CELL, Why.COMPUTED]


def test_low_income__of_cells_is_divided_by_the_people_of_those_cells() -> None:
    one = edition(
        figures={"all": (9999, 9999, 9999)}, units={"cells": places((10, 20, 10, 5, 0, 3), (100, 50, 50, 5, 25, 9))}
    )
    np.testing.assert_allclose(computed("low_income_share", one).value, [20.0, 100 * 5 / 30, 100 * 3 / 9])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=3, max_size=12), st.floats(0.1, 50))
def test_segregation__is_bounded_and_does_not_change_with_scale(counts: list[tuple[int, int]], scale: float) -> None:
    part = np.array([one for one, _ in counts] + [5], np.float64)
    whole = part + np.array([other for _, other in counts] + [5], np.float64)
    district = [0] * len(part)
    one = edition(units={"cells": places(part, whole, district)})
    scaled = edition(units={"cells": places(part * scale, whole * scale, district)})
    for indicator in ("income_dissimilarity", "income_isolation"):
        got = computed(indicator, one).value[0]
        assert -1e-12 <= got <= 1 + 1e-12
        np.testing.assert_allclose(computed(indicator, scaled).value[0], got, rtol=1e-9)
    assert computed("income_isolation", one).value[0] >= part.sum() / whole.sum() - 1e-12


def composition(counts: Any, *, bounds: Any = None, means: Any = None) -> Composition:
    columns = tuple(column(*row) for row in np.asarray(counts, dtype=object).T)
    keys = tuple("ABCDEFGH"[: len(columns)])
    given_means = np.full(len(keys), np.nan) if means is None else np.array(means, np.float64)
    return Composition(keys, keys, columns, None if bounds is None else np.array(bounds, np.float64), given_means)


def test_industry__entropy_is_scipys_and_hachman_is_worked_by_hand() -> None:
    counts = [[50, 30, 20], [100, 0, 0], [10, 10, 10]]
    one = edition(compositions={"industries": composition(counts)})
    expected = [scipy_entropy(row) / np.log(3) for row in counts]
    np.testing.assert_allclose(computed("industry_entropy", one).value, expected, atol=1e-12)
    whole = np.array([160, 40, 30]) / 230
    shares = np.array(counts) / np.sum(counts, axis=1)[:, None]
    np.testing.assert_allclose(computed("industry_hachman", one).value, [1 / np.sum(p**2 / whole) for p in shares])
    assert computed("industry_hachman", one.together()).value[0] == pytest.approx(1.0)
    parts = BY_ID["location_quotient"].compute(one)
    assert not isinstance(parts, Found)
    first = next(found for part, found in parts.items() if part.key == "A")
    np.testing.assert_allclose(first.value, shares[:, 0] / whole[0])


def test_location_quotient__weighted_by_the_district_is_one() -> None:
    counts = np.array([[50, 30, 20], [100, 1, 7], [10, 10, 10]])
    parts = BY_ID["location_quotient"].compute(edition(compositions={"industries": composition(counts)}))
    assert not isinstance(parts, Found)
    weight = counts.sum(axis=1) / counts.sum()
    for found in parts.values():
        np.testing.assert_allclose((found.value * weight).sum(), 1.0)


def test_industry__no_workers_and_a_missing_industry_are_reasons() -> None:
    one = edition(compositions={"industries": composition([[0, 0], [5, None], [1, 1]])})
    for indicator in ("industry_entropy", "industry_hachman"):
        assert reasons(computed(indicator, one))[:2] == [Why.ZERO_DENOMINATOR, Why.EMPTY_CELL]
    assert reasons(computed("industry_entropy", one))[2] == Why.COMPUTED
    assert reasons(computed("industry_hachman", one))[2] == Why.NO_ROW  # the whole study's shares are not known


BOUNDS = [[0, 10], [10, 20], [20, np.inf]]


def test_gini__of_classes_is_the_area_of_the_lorenz_curve() -> None:
    counts, means = [[40, 40, 20], [1, 0, 0], [0, 3, 9]], [4, 15, 50]
    got = computed("income_gini", edition(compositions={"incomes": composition(counts, bounds=BOUNDS, means=means)}))
    for value, row in zip(got.value, counts, strict=True):
        people = np.concatenate([[0], np.cumsum(row) / np.sum(row)])
        income = np.concatenate([[0], np.cumsum(np.multiply(row, means)) / np.dot(row, means)])
        assert value == pytest.approx(1 - 2 * auc(people, income), abs=1e-12)
    # the same people one by one: G = Σ_i Σ_j |x_i − x_j| ÷ (2 n² mean)
    each = np.repeat(means, counts[0]).astype(np.float64)
    pairs = np.abs(each[:, None] - each[None, :]).sum() / (2 * len(each) ** 2 * each.mean())
    assert got.value[0] == pytest.approx(pairs, abs=1e-12)


def test_gini__open_top_follows_a_pareto_tail_or_is_missing() -> None:
    one = edition(compositions={"incomes": composition([[50, 30, 10], [50, 1, 40], [9, 9, 0]], bounds=BOUNDS)})
    got = computed("income_gini", one)
    alpha = np.log(40 / 10) / np.log(2)  # 2
    top = 20 * alpha / (alpha - 1)  # 40
    assert top == pytest.approx(40)
    with_means = composition([[50, 30, 10]] * 3, bounds=BOUNDS, means=[5, 15, top])
    assert got.value[0] == pytest.approx(
        computed("income_gini", edition(compositions={"incomes": with_means})).value[0]
    )
    assert reasons(got)[1:] == [Why.TOO_FEW, Why.COMPUTED]  # α below 1 has no mean; nobody in the open class


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=3, max_size=3).filter(lambda row: sum(row) > 0), st.floats(0.01, 100))
def test_gini__is_bounded_and_does_not_change_with_scale(counts: list[int], scale: float) -> None:
    means = np.array([4.0, 15.0, 50.0])
    one = composition([counts] * 3, bounds=BOUNDS, means=means)
    value = computed("income_gini", edition(compositions={"incomes": one})).value[0]
    assert -1e-12 <= value < 1
    scaled = composition([counts] * 3, bounds=BOUNDS, means=means * scale)
    assert computed("income_gini", edition(compositions={"incomes": scaled})).value[0] == pytest.approx(value, abs=1e-9)


def run(**coverage: Any) -> RunResult:
    return RunResult(
        {key: (column(*judged), column(*covered)) for key, (judged, covered) in coverage.items()},
        {"clinic": ("의원", "Clinic")},
    )


def test_minimum__shares_are_of_judged_people_and_nobody_judged_is_a_reason() -> None:
    one = run(
        clinic=((100, 50, 0), (95, 20, 0)),
        school=((10, 20, 30), (8, 20, 15)),
        **{ALL_MET: ((100, 50, 30), (70, 20, 15))},
    )
    parts = BY_ID["soc_access"].compute(edition(run=one))
    assert not isinstance(parts, Found)
    by_key = {part.key: (part, found) for part, found in parts.items()}
    assert set(by_key) == {"clinic", "school"}
    assert by_key["clinic"][0].ko == "의원"
    np.testing.assert_allclose(by_key["clinic"][1].value, [95.0, 40.0, np.nan])
    assert reasons(by_key["clinic"][1])[2] == Why.NOT_JUDGED
    np.testing.assert_allclose(computed("national_minimum_share", edition(run=one)).value, [70.0, 40.0, 50.0])


@pytest.mark.parametrize(
    ("shares", "grade"),
    # the examples of D4: .95/.88/.45 has mean .76 = B, capped C; .72/.71/.75 is B; .69/.92/.93 is B
    [((95, 88, 45), "C"), ((72, 71, 75), "B"), ((69, 92, 93), "B"), ((95, 90, 91), "A"), ((40, 30, 20), "D")],
)
def test_minimum__class_is_that_of_the_mean_and_capped(shares: tuple[int, ...], grade: str) -> None:
    rules = {f"r{at}": ((100, 100, 100), (share, share, share)) for at, share in enumerate(shares)}
    got = computed("national_minimum_class", edition(run=run(**rules)))
    classes = BY_ID["national_minimum_class"].classes
    assert classes is not None
    assert got.klass is not None
    assert {classes.en[at] for at in got.klass.tolist()} == {grade}
    np.testing.assert_allclose(got.value, np.mean(shares))


def test_minimum__modelled_roads_are_never_classed() -> None:
    modelled = replace(run(clinic=((100, 50, 10), (95, 20, 10))), modelled="roads are modelled: surrogate")
    got = computed("national_minimum_class", edition(run=modelled))
    assert got.klass is not None
    assert set(got.klass.tolist()) == {-1}
    assert not np.isnan(got.value).any()


def test_registry__ids_are_unique_and_every_text_is_there() -> None:
    assert len(BY_ID) == len(INDICATORS) >= 30
    for one in INDICATORS:
        assert one.ko != one.en
        assert all(text.strip() for text in (one.ko, one.en, one.formula, one.source, one.missing))
        if one.classes is not None:
            assert len(one.classes.ko) == len(one.classes.en) == len(one.classes.breaks) + 1
            assert list(one.classes.breaks) == sorted(one.classes.breaks)


@pytest.mark.parametrize("indicator", [one.id for one in INDICATORS])
def test_registry__an_indicator_asks_for_nothing_that_it_does_not_name(indicator: str) -> None:
    class Listening(Edition):
        """Notes what is asked for."""

        def figure(self, name: str) -> Any:
            asked.add(name)
            assert name in FIGURES or is_group(name)
            return np.ones(3), np.zeros(3, np.int8)

    asked: set[str] = set()
    before = Listening(EditionInfo("2015", "2015-12-31"), CENTRED)
    one = Listening(EditionInfo("2020", "2020-12-31"), CENTRED, before=before)
    try:
        BY_ID[indicator].compute(one)
    except NotGiven as told:
        asked.add(told.needs)
    named = {word for need in BY_ID[indicator].needs for word in need.split(" or ")}
    assert asked <= named
