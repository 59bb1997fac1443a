"""Two standards side by side: their texts, and whose verdict changes."""

from __future__ import annotations

import numpy as np

from lifezone.standards import preset
from lifezone.standards.diff import Side, changes_of_verdict, paired_rules, said_differently
from tests.standards.making import demand, districts, world


def test_pairs__by_id_then_by_kind() -> None:
    pairs = [(a and a.id, b and b.id) for a, b in paired_rules(preset("kr-ngii-distance"), preset("kr-auri-2019"))]
    assert ("daycare", "daycare") in pairs
    assert ("park", "neighbourhood_park") in pairs  # by kind
    assert ("library", "small_library") in pairs  # both count public libraries
    assert ("emergency", None) in pairs
    assert (None, "clinic") in pairs
    ids = [b for _, b in pairs if b is not None]
    assert len(ids) == len(set(ids)) == 12


def test_text__says_what_differs() -> None:
    rules = {key: {r.id: r for r in preset(key).requirements} for key in ("kr-auri-2019", "kr-molit-2018-notice")}
    elementary = [rules[key]["elementary"] for key in rules]
    assert said_differently(*elementary) == ("bound 10 min → 15 min", "optimum – → 10 min")
    assert said_differently(elementary[0], elementary[0]) == ()


def test_changes__add_up_by_district_and_group() -> None:
    people = demand({"total": [10.0, 20, 40, 80], "children": [1.0, 2, 4, 8]}, district=[0, 0, 1, 1])
    all_judged = np.ones(4, bool)
    first = Side("a", all_judged, np.array([True, True, False, False]))
    second = Side("b", np.array([True, True, True, False]), np.array([True, False, True, False]))
    rows = {(r.district, r.group): r for r in changes_of_verdict(world(people, districts("x", "y")), [(first, second)])}
    whole = rows["all", "total"]
    assert (whole.people, whole.judged, whole.first_alone, whole.second_alone) == (150, 70, 80, 0)
    assert (whole.both, whole.only_first, whole.only_second, whole.neither) == (10, 20, 40, 0)
    assert (rows["y", "children"].only_second, rows["x", "children"].only_first) == (4, 2)
    for row in rows.values():
        assert row.both + row.only_first + row.only_second + row.neither == row.judged


def test_changes__of_a_group_are_told_for_that_group_alone() -> None:
    people = demand({"total": [10.0], "children": [3.0]})
    yes = np.ones(1, bool)
    rows = changes_of_verdict(world(people), [(Side("a", yes, yes, "children"), Side("b", yes, ~yes))])
    assert [(row.group, row.only_first) for row in rows] == [("children", 3)]
