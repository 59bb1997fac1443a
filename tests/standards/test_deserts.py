"""Which points are desert, how deserts are ranked and what they are called."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from lifezone.errors import InputError
from lifezone.model import Demand, Desert, DesertTest, Districts, Places
from lifezone.standards import find_deserts, is_desert, lost_functions, not_assessed
from tests.standards.making import demand, districts, verdict
from tests.standards.test_judge import CLINIC

ONE = DesertTest({"medical": ("clinic",)}, at_least=1, least_people=50)


def places(*found: tuple[float, float, str, str]) -> Places:
    x_m, y_m, ko, en = zip(*found, strict=True)
    rank = np.zeros(len(found), np.int32)
    return Places(np.array(x_m), np.array(y_m), np.array(ko, dtype=object), np.array(en, dtype=object), rank)


def find(people: Demand, minutes: list[float], units: Districts, around: Places, groups: dict[int, int]) -> tuple:
    verdicts = {"clinic": verdict(CLINIC, people, minutes)}
    lost, _ = lost_functions(ONE, verdicts, people.n_points)
    join = lambda rows, mask: np.array([groups.get(int(row), 1000 + int(row)) for row in rows], np.int32)  # noqa: E731
    return find_deserts(ONE, lost, people, units, around, join, verdicts=verdicts)


def test_deserts__are_ranked_by_people_and_ties_by_position() -> None:
    people = demand({"total": [50, 100, 50, 60, 10], "old": [5, 6, 7, 8, 9]})
    label, deserts = find(people, [20, 20, 20, 20, 5], districts("A"), Places.empty(), {0: 1, 3: 1})
    assert label.tolist() == [0, 1, 2, 0, -1]
    assert [desert.people for desert in deserts] == [(110, 13), (100, 6), (50, 7)]
    assert [desert.points for desert in deserts] == [2, 1, 1]
    tied = find(demand({"total": [70, 70]}), [20, 20], districts("A"), Places.empty(), {0: 9, 1: 3})[0]
    assert tied.tolist() == [0, 1]


def test_deserts__only_points_with_people_inside_the_area() -> None:
    people = demand({"total": [100, 0, 100]}, district=[0, 0, -1])
    label, deserts = find(people, [20, 20, 20], districts("A"), Places.empty(), {})
    assert label.tolist() == [0, -1, -1]
    assert len(deserts) == 1


def test_deserts__masks_tell_the_callback_what_is_lost() -> None:
    people = demand({"total": [100, 100]})
    other = {"clinic": verdict(CLINIC, people, [20, 5]), "shop": verdict(CLINIC, people, [20, 20])}
    test = DesertTest({"a": ("clinic",), "b": ("shop",)}, at_least=1)
    seen = {}

    def join(rows: np.ndarray, mask: np.ndarray) -> np.ndarray:
        seen.update(zip(rows.tolist(), mask.tolist(), strict=True))
        assert mask.dtype == np.uint32
        assert rows.dtype == np.int32
        return rows

    find_deserts(test, lost_functions(test, other, 2)[0], people, districts(), Places.empty(), join, verdicts=other)
    assert seen == {0: 0b11, 1: 0b10}


def test_deserts__none_without_people_and_the_callback_is_not_asked() -> None:
    nobody = demand({"total": []})
    lost = np.zeros((0, 1), np.bool_)
    label, deserts = find_deserts(
        ONE, lost, nobody, districts(), Places.empty(), lambda *_: pytest.fail("asked"), verdicts={}
    )
    assert (len(label), deserts) == (0, ())


def test_lost__a_function_that_is_not_assessed_is_not_lost_and_told() -> None:
    people = demand({"total": [100, 100]})
    verdicts = {"clinic": not_assessed(2), "shop": verdict(CLINIC, people, [20, 5])}
    test = DesertTest({"medical": ("clinic",), "shopping": ("shop",), "leisure": ("none",)}, at_least=1)
    lost, assessed = lost_functions(test, verdicts, 2)
    assert lost.tolist() == [[False, True, False], [False, False, False]]
    assert assessed == ("shopping",)


def test_lost__one_met_anchor_of_two_is_enough() -> None:
    people = demand({"total": [100, 100]})
    verdicts = {"a": verdict(CLINIC, people, [20, 20]), "b": verdict(CLINIC, people, [5, 20])}
    test = DesertTest({"medical": ("a", "b")}, at_least=1)
    assert lost_functions(test, verdicts, 2)[0].tolist() == [[False], [True]]


def test_is_desert__must_have_one_of() -> None:
    people = demand({"total": [1, 1, 1]})
    lost = np.array([[True, True, False], [False, True, True], [True, False, False]])
    test = DesertTest({"medical": (), "shopping": (), "leisure": ()}, at_least=2, must_have=("medical",))
    assert is_desert(test, lost, people).tolist() == [True, False, False]


def test_deserts__more_than_32_functions_are_refused() -> None:
    test = DesertTest({f"f{i}": ("clinic",) for i in range(33)})
    with pytest.raises(InputError, match="32 functions at most"):
        find_deserts(test, np.zeros((1, 33), np.bool_), demand({"total": [1]}), districts(), Places.empty(),
                     lambda *_: pytest.fail("asked"), verdicts={})  # fmt: skip


def one(people: Demand, units: Districts, around: Places, groups: dict[int, int] | None = None) -> list[Desert]:
    return list(find(people, [20.0] * people.n_points, units, around, groups or {})[1])


def test_name__district_and_nearest_settlement() -> None:
    people = demand({"total": [300]}, x_m=[0])
    around = places((100, 0, "화산리", "Hwasan-ri"), (90, 4000, "먼리", "Meon-ri"))
    (desert,) = one(people, districts("화산면"), around)
    assert (desert.name_ko, desert.name_en) == ("화산면 화산리 일대", "around Hwasan-ri, 화산면 (en)")
    assert one(people, districts(), around)[0].name_ko == "화산리 일대"
    assert one(people, districts(), around)[0].name_en == "around Hwasan-ri"


def test_name__a_town_called_as_its_district_is_named_once() -> None:
    people = demand({"total": [300]}, x_m=[0])
    (desert,) = one(people, districts("화산면"), places((100, 0, "화산면", "화산면 (en)")))
    assert (desert.name_ko, desert.name_en) == ("화산면 일대", "around 화산면 (en)")


def test_name__prefers_a_settlement_inside_to_a_nearer_one_outside() -> None:
    # the centre lies at x = 3000 between two hamlets; "mid" is nearer to it but belongs to no point of the desert
    people = demand({"total": [100, 100]}, x_m=[0, 6000])
    around = places((3000, 0, "mid", ""), (6100, 0, "inside", ""))
    assert one(people, districts("A"), around, {0: 1, 1: 1})[0].name_en == "around inside, A (en)"


def test_name__prefers_the_districts_own_settlement_outside_the_footprint() -> None:
    people = demand({"total": [100]}, x_m=[0])
    around = places((-600, 0, "neighbour", ""), (900, 0, "own", ""))
    polygon = np.array([shapely.box(-100, -5000, 5000, 5000)])
    units = Districts(("1",), ("면",), ("Myeon",), polygon)
    assert one(people, units, around)[0].name_ko == "면 own 일대"
    assert one(people, districts("면"), around)[0].name_ko == "면 neighbour 일대"


def test_name__falls_back_to_the_points_name_then_to_the_district() -> None:
    far = places((9000, 0, "far", ""))
    named = demand({"total": [60, 90]}, x_m=[0, 100], name=np.array(["윗말", "아랫말"], dtype=object))
    assert one(named, districts("면"), far, {0: 1, 1: 1})[0].name_ko == "면 아랫말 일대"
    plain = demand({"total": [60]}, x_m=[0])
    assert one(plain, districts("면"), far)[0].name_ko == "면 일대"
    assert one(plain, districts("면"), far)[0].name_en == "면 (en)"
    assert one(plain, districts(), far)[0].name_ko == "생활사막"


def test_name__repeats_get_numbers_and_small_ones_no_name() -> None:
    people = demand({"total": [90, 80, 49]}, x_m=[0, 2000, 4000])
    first, second, small = one(people, districts("면"), places((0, 0, "리", "")))
    assert [first.name_ko, second.name_ko] == ["면 리 일대", "면 리 일대 (2)"]
    assert (small.named, small.name_ko, small.name_en) == (False, "", "")


def test_desert__tells_area_district_and_worst() -> None:
    people = demand({"total": [60, 90, 1]}, district=[0, 1, 1], cell_m=100.0, cells=True)
    _, (desert,) = find(people, [20, np.inf, 30], districts("A", "B"), Places.empty(), dict.fromkeys(range(3), 1))
    assert (desert.district, desert.area_m2, desert.worst_seconds, desert.points) == (1, 30_000, np.inf, 3)
