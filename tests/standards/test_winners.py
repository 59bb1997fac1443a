"""Winners and losers, people pushed beyond a bound, and points matched between two runs: sums by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lifezone.errors import InputError
from lifezone.model import Requirement
from lifezone.standards.align import align
from lifezone.standards.summary import compare
from lifezone.standards.winners import pushed_beyond, winners_and_losers
from tests.standards.making import demand, districts, variant, verdict

CLINIC = Requirement("clinic", ("clinic",), "car", 900.0)
SCHOOL = Requirement("school", ("school",), "car", 600.0, group="young")
UNITS = districts("A", "B")
NONE = float("inf")


def people(**more):
    groups = {"total": [100.0, 60, 40, 20, 9], "young": [10.0, 0, 5, 1, 0]}
    return demand(groups, district=[0, 0, 1, 1, -1], **more)


def study(clinic, school, who=None, *, name="baseline"):
    who = people() if who is None else who
    verdicts = {"clinic": verdict(CLINIC, who, clinic), "school": verdict(SCHOOL, who, school)}
    return variant(who, verdicts, [CLINIC, SCHOOL], units=UNITS, name=name)


BEFORE = study([10, 10, 10, 20, 1], [5, 5, 5, 5, 1])
AFTER = study([16, 10.05, 8, NONE, 50], [5, 5, 4, 12, 1], name="closed")


def rows_of(rows, **wanted):
    return [row for row in rows if all(getattr(row, key) == value for key, value in wanted.items())]


def test_winners__one_requirement_by_district_and_group() -> None:
    rows = winners_and_losers(align(BEFORE, AFTER))
    (whole,) = rows_of(rows, district="all", requirement="clinic", group="total")
    # 40 people win 2 minutes; 100 lose 6; 20 are cut off; 60 lose 3 seconds, which nobody notices
    assert (whole.people, whole.winners, whole.losers, whole.unchanged, whole.mixed) == (220, 40, 120, 60, 0)
    assert (whole.newly_reached, whole.cut_off, whole.mean_won, whole.mean_lost, whole.unit) == (0, 20, 2, 6, "min")
    (b,) = rows_of(rows, district="B", requirement="clinic", group="young")
    assert (b.people, b.winners, b.losers, b.cut_off, b.mean_lost) == (6, 5, 1, 1, None)
    assert not rows_of(rows, requirement="school", group="total")
    assert rows_of(rows, district="B", requirement="school")[0].mean_lost == 7


def test_winners__over_all_requirements_a_group_counts_by_its_own_and_everybodys() -> None:
    rows = winners_and_losers(align(BEFORE, AFTER))
    (total,) = rows_of(rows, district="all", requirement="any", group="total")
    assert (total.winners, total.losers, total.mixed, total.unchanged) == (40, 120, 0, 60)
    (young,) = rows_of(rows, district="all", requirement="any", group="young")
    assert (young.winners, young.losers, young.mixed, young.unchanged) == (5, 11, 0, 0)
    swapped = study([8, 10, 10, 20, 1], [6, 5, 5, 5, 1], name="swapped")
    (young,) = rows_of(winners_and_losers(align(BEFORE, swapped)), district="A", requirement="any", group="young")
    assert (young.winners, young.losers, young.mixed) == (0, 0, 10)


def test_winners__every_row_adds_up_to_its_people() -> None:
    for row in winners_and_losers(align(BEFORE, AFTER)):
        assert row.people == pytest.approx(row.winners + row.losers + row.mixed + row.unchanged)


def test_winners__the_other_way_round_swaps_winners_and_losers() -> None:
    there = {(row.district, row.requirement, row.group): row for row in winners_and_losers(align(BEFORE, AFTER))}
    for back in winners_and_losers(align(AFTER, BEFORE)):
        row = there[back.district, back.requirement, back.group]
        assert (back.winners, back.losers, back.newly_reached) == (row.losers, row.winners, row.cut_off)
        assert (back.mean_won, back.mean_lost) == (row.mean_lost, row.mean_won)


def test_pushed__people_within_before_and_not_after_with_the_extra_minutes() -> None:
    closed = study([16, 10, 22, NONE, 50], [5, 5, 4, 12, 1], name="closed")
    rows = pushed_beyond(align(BEFORE, closed))
    whole, a, b, used = rows_of(rows, requirement="clinic", group="total")
    # 100 people from 10 to 16 minutes, 40 from 10 to 22; the 20 cut off were beyond 15 minutes before
    assert (whole.district, whole.facility, whole.people, whole.cut_off) == ("all", "all", 140, 0)
    assert whole.minutes_before == 10
    assert whole.minutes_after == pytest.approx((1600 + 880) / 140)
    assert whole.extra_minutes == pytest.approx((600 + 480) / 140)
    assert whole.most_extra_minutes == 12
    assert [(row.district, row.people) for row in (a, b)] == [("A", 100), ("B", 40)]
    assert (used.district, used.people) == ("all", 140)
    (school,) = rows_of(rows, requirement="school", district="all", facility="all")
    assert (school.group, school.people, school.extra_minutes) == ("young", 1, 7)


def test_pushed__cut_off_people_have_no_minutes() -> None:
    gone = study([NONE, 10, 10, 20, 1], [5, 5, 5, 5, 1], name="gone")
    row = rows_of(pushed_beyond(align(BEFORE, gone)), requirement="clinic", group="total")[0]
    assert (row.people, row.cut_off, row.minutes_after, row.extra_minutes) == (100, 100, None, None)
    assert not pushed_beyond(align(BEFORE, BEFORE))


def test_align__the_same_points_are_taken_as_they_are() -> None:
    pair = align(BEFORE, AFTER)
    assert pair.before is BEFORE
    assert pair.after is AFTER
    assert pair.notes == ()


def shuffled(one, order, ids=None):
    who = one.world.demand.take(np.array(order))
    who = replace(who, ids=who.ids if ids is None else np.array(ids, object))
    minutes = [one.assessment.verdicts["clinic"].seconds[at] / 60 for at in order]
    return study(minutes, minutes, who, name=one.name)


def test_align__by_id_in_another_order_tells_whom_it_leaves_out() -> None:
    other = shuffled(AFTER, [3, 2, 0, 4])
    pair = align(BEFORE, other)
    assert pair.before.world.demand.ids.tolist() == ["p0", "p2", "p3"]
    assert pair.after.world.demand.ids.tolist() == ["p0", "p2", "p3"]
    assert pair.notes[1:] == ("1 points with 60 people are only in the before run and left out",)
    row = rows_of(compare(BEFORE, other), district="all", requirement="clinic", group="total")[0]
    assert (row.people, row.people_after, row.lose) == (160, 160, 100)


def test_align__by_place_where_ids_differ() -> None:
    pair = align(BEFORE, shuffled(AFTER, [1, 0, 2, 3], ids=["w", "x", "y", "z"]))
    assert pair.before.world.demand.ids.tolist() == ["p0", "p1", "p2", "p3"]
    assert pair.after.world.demand.ids.tolist() == ["x", "w", "y", "z"]
    assert "matched by place" in pair.notes[0]


def test_align__numbers_that_mean_other_points_are_no_match() -> None:
    # the same ids on points that lie the other way round: places tell
    pair = align(BEFORE, shuffled(AFTER, [3, 2, 1, 0], ids=["p0", "p1", "p2", "p3"]))
    assert "matched by place" in pair.notes[0]
    assert pair.after.world.demand.ids.tolist() == ["p3", "p2", "p1", "p0"]


def test_align__other_cells_and_other_places_are_refused() -> None:
    one, two = (study([1] * 5, [1] * 5, people(cell_m=side, cells=True)) for side in (100.0, 1000.0))
    with pytest.raises(InputError, match="cells of 100 m and of 1000 m cannot be compared"):
        align(
            one, replace(two, world=replace(two.world, demand=replace(two.world.demand, x_m=two.world.demand.x_m + 1)))
        )
    far = people(x_m=[1e5, 2e5, 3e5, 4e5, 5e5])
    with pytest.raises(InputError, match="no demand point in common"):
        align(BEFORE, study([1] * 5, [1] * 5, far))


def test_compare__people_who_change_are_counted_as_they_are_in_the_variant() -> None:
    fewer = replace(people(), people=people().people * np.array([[0.5], [1], [1], [1], [1]]))
    row = rows_of(
        compare(BEFORE, study([16, 10, 10, 20, 1], [5] * 5, fewer, name="fewer")),
        district="all", requirement="clinic", group="total",
    )[0]  # fmt: skip
    assert (row.people, row.people_after, row.lose) == (220, 170, 50)
    assert row.coverage_before == pytest.approx(200 / 220)
    assert row.coverage_after == pytest.approx(100 / 170)
