"""Rows of summary.csv, changes.csv and classes.csv; what people may be shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifezone.errors import InputError
from lifezone.model import Desert, DesertTest, Requirement, Variant
from lifezone.standards import (
    class_of,
    classify,
    compare,
    not_assessed,
    settled_class,
    shown_desert,
    shown_group,
    shown_people,
    summarise,
)
from tests.standards.making import demand, districts, variant, verdict

CLINIC = Requirement("clinic", ("clinic",), "car", 900.0)
HALL = Requirement("hall", ("senior_hall",), "car", 900.0, group="old")
PEOPLE = demand({"total": [100, 60, 40, 7], "old": [10, 0, 40, 7]}, district=[0, 0, 1, -1])
MINUTES = [10, 20, np.inf, 1]


def judged(minutes: list[float] = MINUTES, **more: object) -> Variant:
    verdicts = {r.id: verdict(r, PEOPLE, minutes) for r in (CLINIC, HALL)}
    return variant(PEOPLE, verdicts, (CLINIC, HALL), units=districts("A", "B"), **more)  # type: ignore[arg-type]


def test_summary__rows_come_by_district_requirement_group() -> None:
    rows = summarise(judged())
    keys = [(row.district, row.requirement, row.group) for row in rows]
    told = [("clinic", "total"), ("clinic", "old"), ("hall", "old")]
    assert keys == [(district, *pair) for district in ("all", "A", "B") for pair in told]


def test_summary__numbers_of_the_whole_area() -> None:
    row = summarise(judged())[0]
    assert (row.people, row.judged, row.covered, row.coverage) == (200, 200, 100, 0.5)  # the 7 outside are in no row
    assert (row.coverage_low, row.coverage_high) == (0.5, 0.5)
    assert row.mean_minutes == pytest.approx((100 * 10 + 60 * 20) / 160)
    assert (row.median_minutes, row.p90_minutes) == (10, None)
    assert row.shortfall == pytest.approx((60 * 0.25 + 40) / 200)
    assert (row.unreachable, row.uncertain) == (40, 0)


def test_summary__other_groups_count_where_the_requirement_judges() -> None:
    old = summarise(judged())[1]
    assert (old.people, old.judged, old.covered) == (50, 50, 10)
    hall = summarise(judged())[2]
    assert (hall.people, hall.judged) == (50, 50)


def test_summary__one_district_named_all_is_told_once() -> None:
    people = demand({"total": [5.0]})
    rows = summarise(variant(people, {"clinic": verdict(CLINIC, people, [1])}, [CLINIC]))
    assert [row.district for row in rows] == ["all"]


def test_summary__not_assessed_has_nothing_but_people() -> None:
    rows = summarise(variant(PEOPLE, {"clinic": not_assessed(4)}, [CLINIC], units=districts("A", "B")))
    assert (rows[0].people, rows[0].judged) == (200, 0)
    assert (rows[0].covered, rows[0].coverage, rows[0].mean_minutes, rows[0].uncertain) == (None, None, None, None)


def test_summary__hostile_demands() -> None:
    for people in (demand({"total": []}), demand({"total": [0.0, 0.0]})):
        found = variant(people, {"clinic": verdict(CLINIC, people, [1.0] * people.n_points)}, [CLINIC])
        (row,) = summarise(found)
        assert (row.people, row.judged, row.covered, row.coverage, row.median_minutes) == (0, 0, 0, None, None)
        (classed,) = classify(found)
        assert (classed.class_, classed.note) == (None, "nothing judged")
        assert compare(found, found)[0].gain == 0


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 100), st.one_of(st.floats(0, 60), st.just(np.inf))),
        min_size=1,
        max_size=40,
    )
)
def test_summary__people_are_conserved_over_districts(points: list[tuple[int, int, float]]) -> None:
    district, people, minutes = (list(column) for column in zip(*points, strict=True))
    where = demand({"total": people}, district=district, cell_m=250.0)
    units = districts("A", "B", "C", "D")
    whole, *parts = summarise(variant(where, {"clinic": verdict(CLINIC, where, minutes)}, [CLINIC], units=units))
    for column in ("people", "judged", "covered", "unreachable", "uncertain"):
        assert getattr(whole, column) == sum(getattr(part, column) for part in parts)
    if whole.judged:
        assert whole.coverage_low <= whole.coverage <= whole.coverage_high
        assert whole.coverage + sum(people[i] for i, m in enumerate(minutes) if m > 15) / whole.judged == pytest.approx(
            1
        )


def test_compare__tells_who_gains_and_loses() -> None:
    before, after = judged(), judged([20, 10, 30, 1], name="new")
    row = compare(before, after)[0]
    assert (row.variant, row.district, row.requirement, row.group) == ("new", "all", "clinic", "total")
    assert (row.gain, row.lose) == (60, 100)
    assert row.minutes == pytest.approx((100 * 10 - 60 * 10) / 160)  # the 40 who now reach did not before
    assert (row.coverage_before, row.coverage_after) == (0.5, 0.3)
    assert row.deserts_resolved is None


def test_compare__of_a_requirement_assessed_in_one_alone_shows_no_gain() -> None:
    before = variant(PEOPLE, {"clinic": not_assessed(4)}, [CLINIC], units=districts("A", "B"))
    after = variant(PEOPLE, {"clinic": verdict(CLINIC, PEOPLE, [1, 1, 1, 1])}, [CLINIC], units=districts("A", "B"))
    row = compare(before, after)[0]
    assert (row.gain, row.lose, row.coverage_before, row.coverage_after) == (0, 0, None, 1)


def desert(label: int, district: int) -> Desert:
    return Desert(label, True, "", "", district, (1.0, 1.0), ("medical",), 60.0, 0.0, 1)


def test_compare__tells_of_deserts() -> None:
    test = DesertTest({"medical": ("clinic",)}, at_least=1)
    none = judged(test=test)
    some = judged(
        test=test, name="worse", desert=np.array([0, -1, 1, -1], np.int32), deserts=(desert(0, 0), desert(1, 1))
    )
    worse = [row for row in compare(none, some) if row.requirement == "desert"]
    assert [(row.district, row.group, row.gain, row.lose, row.deserts_resolved, row.deserts_new) for row in worse] == [
        ("all", "total", 0, 140, 0, 2), ("all", "old", 0, 50, None, None),
        ("A", "total", 0, 100, 0, 1), ("A", "old", 0, 10, None, None),
        ("B", "total", 0, 40, 0, 1), ("B", "old", 0, 40, None, None),
    ]  # fmt: skip
    better = [row for row in compare(some, none) if row.requirement == "desert"]
    assert (better[0].gain, better[0].deserts_resolved, better[0].deserts_new) == (140, 2, 0)
    grown = judged(test=test, desert=np.array([0, 0, -1, -1], np.int32), deserts=(desert(0, 0),))
    row = next(row for row in compare(some, grown) if row.requirement == "desert")
    assert (row.deserts_resolved, row.deserts_new, row.gain, row.lose) == (1, 0, 40, 60)


def test_compare__refuses_other_people() -> None:
    people = demand({"total": [1.0]})
    people = replace(people, ids=np.array(["elsewhere"], object), x_m=people.x_m + 5e4)
    other = variant(people, {"clinic": verdict(CLINIC, people, [1])}, [CLINIC])
    with pytest.raises(InputError, match="no demand point in common"):
        compare(judged(), other)


@pytest.mark.parametrize(
    ("share", "name"), [(1, "A"), (0.9, "A"), (0.8999, "B"), (0.7, "B"), (0.5, "C"), (0.4999, "D")]
)
def test_class__breaks(share: float, name: str) -> None:
    assert class_of(share) == name


def test_class__between_editions_it_moves_by_more_than_two_points() -> None:
    assert settled_class("B", 0.71, 0.69) == "B"
    assert settled_class("B", 0.71, 0.689) == "C"
    assert settled_class("C", 0.69, 0.71) == "C"


def test_class__none_where_people_or_roads_are_modelled() -> None:
    spread = replace(PEOPLE, modelled="spread over residential roads")
    verdicts = {"clinic": verdict(CLINIC, spread, MINUTES)}
    for found in (
        variant(spread, verdicts, [CLINIC], units=districts("A", "B")),
        variant(PEOPLE, verdicts, [CLINIC], units=districts("A", "B"), modelled_roads="surrogate network"),
    ):
        row = classify(found)[0]
        assert row.class_ is None
        assert "modelled" in row.note
        assert row.mean_share == 0.5


def test_class__estimated_groups_stay_out() -> None:
    people = replace(PEOPLE, estimated=("old",))
    verdicts = {r.id: verdict(r, people, MINUTES) for r in (CLINIC, HALL)}
    whole, a, b = classify(variant(people, verdicts, [CLINIC, HALL], units=districts("A", "B")))
    assert (whole.mean_share, whole.class_) == (0.5, "C")
    assert "hall" in whole.note
    assert (a.district, a.class_, b.district, b.class_) == ("A", "C", "B", "D")
    assert (b.mean_share, b.all_met_share) == (0, 0)


def test_shown__small_numbers_are_hidden() -> None:
    assert [shown_people(n) for n in (0, 0.4, 4.9, 5, 1234)] == ["0", "1–4", "1–4", "5", "1,234"]
    assert [shown_group(n) for n in (0, 3, 9.9, 10, 25000)] == ["0", "<10", "<10", "10", "25,000"]
    assert (shown_people(3, disclose=True), shown_group(3, disclose=True)) == ("3", "3")
    named = replace(desert(0, 0), name_ko="면 일대", name_en="around")
    assert (shown_desert(named, 50, "ko"), shown_desert(named, 49, "en")) == ("면 일대", "")
    assert shown_desert(named, 49, "en", disclose=True) == "around"
    assert shown_desert(replace(named, named=False), 49, "en", disclose=True) == ""
