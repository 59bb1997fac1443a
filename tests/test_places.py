"""Places and attendance areas in a small world by hand, from tables to the summary; resize acts."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from lifezone.assess import Memory, assess
from lifezone.edits.facilities import resize_facility
from lifezone.errors import InputError
from lifezone.model import Allowed, CapacityTest, Standard, Variant, World
from lifezone.sources.allowed_table import AllowedTable
from lifezone.sources.reading import Reading
from lifezone.standards import compare, summarise
from tests.test_assess import line_world, rule


def with_places(*capacity: float) -> World:
    world = line_world()
    return replace(world, facilities=replace(world.facilities, capacity=np.array(capacity)))


def judged(world: World, **more: object):
    test = rule("clinic", bound=485.0, **{"capacity": CapacityTest(), **more})
    return Variant("v", world, assess(world, Standard("t", (test,)), memory=Memory()))


def headcount(variant: Variant) -> tuple[float | None, ...]:
    row = summarise(variant)[0]
    return row.judged, row.served, row.full, row.out_of_reach


def test_places__served_full_and_out_of_reach_are_everybody() -> None:
    # a (100 people): clinic 1 in 385 s, clinic 2 in 485 s; b (60): clinic 2 in 230 s, clinic 1 in 330 s.
    # 70 places each: b takes 60 of clinic 2, a 70 of clinic 1 and 10 of clinic 2: 20 of a find it full; 16 reach none.
    variant = judged(with_places(70, 70))
    assert headcount(variant) == (176, 140, 20, 16)
    assert variant.assessment.verdicts["clinic"].served[:2].tolist() == [80, 60]
    assert variant.assessment.verdicts["clinic"].met.tolist() == [True, True, False, False]


def test_places__resize_acts_on_those_who_found_it_full() -> None:
    before = judged(with_places(70, 70))
    larger, _ = resize_facility(before.world, "clinic-1", 200.0)
    after = judged(larger)
    assert headcount(after) == (176, 160, 0, 16)
    row = compare(before, replace(after, name="larger"))[0]
    assert (row.served_before, row.served_after, row.gain, row.lose) == (140, 160, 0, 0)


def test_places__people_per_unit_and_use() -> None:
    # 2 doctors for 35 people each = 70 places; half of the people ask: 50 of a and 30 of b, all find one
    assert headcount(judged(with_places(2, 2), capacity=CapacityTest(35.0))) == (176, 140, 20, 16)
    assert headcount(judged(with_places(2, 2), capacity=CapacityTest(35.0, use=0.5))) == (176, 160, 0, 16)


def test_places__unknown_capacities_are_told() -> None:
    none = judged(with_places(np.nan, np.nan))
    assert headcount(none)[1:] == (None, None, None)
    assert any("capacity not tested" in words for words in none.assessment.warnings)
    some = judged(with_places(np.nan, 10))
    assert headcount(some) == (176, 160, 0, 16)
    assert any("1 of 2 open facilities do not tell" in words for words in some.assessment.warnings)


def areas(*ids: tuple[str, ...], area: tuple[int, ...] = (0, -1, -1, -1)) -> Allowed:
    return Allowed("clinic", line_world().demand.ids, np.array(area, np.int32), ids, "areas.csv")


def test_areas__come_before_the_nearest() -> None:
    world = replace(with_places(70, 70), allowed=(areas(("clinic-2",)),))
    variant = judged(world)
    verdict = variant.assessment.verdicts["clinic"]
    assert verdict.facility[:2].tolist() == [1, 1]  # a may use the farther clinic alone; b is in no area
    assert verdict.seconds[:2].tolist() == pytest.approx([485, 230])
    # b: 60 of clinic 2; a: the 10 places that are left there
    assert headcount(variant) == (176, 70, 90, 16)
    told = " ".join(variant.assessment.warnings)
    assert "76 people are in no attendance area" in told
    assert "clinic-1: in no attendance area" in told


def test_areas__whose_school_is_closed_fall_back_to_the_nearest() -> None:
    world = replace(with_places(70, 70), allowed=(areas(("clinic-2",)),))
    closed = replace(world, facilities=replace(world.facilities, open=np.array([True, False])))
    variant = judged(closed)
    assert variant.assessment.verdicts["clinic"].facility[:2].tolist() == [0, 0]
    assert any("100 people names no open clinic" in words for words in variant.assessment.warnings)


def test_areas__of_a_choice_take_the_nearest_of_it() -> None:
    world = replace(with_places(70, 70), allowed=(areas(("clinic-2", "clinic-1"), area=(0, 0, 0, 0)),))
    assert judged(world).assessment.verdicts["clinic"].facility[:2].tolist() == [0, 1]


def read(tmp_path, text: str, **keys: str):
    (tmp_path / "areas.csv").write_text(text, encoding="utf-8")
    world = line_world()
    source = AllowedTable(path="areas.csv", kind="clinic", facility="clinic", **keys)
    reading = Reading(tmp_path, world.crs)
    return source.load(reading, world.demand, world.facilities, world.districts), reading


def test_table__by_point_and_by_district(tmp_path) -> None:
    (allowed, notes), reading = read(tmp_path, "p,clinic\na,clinic-2\na,clinic-1\nb,clinic-9\n", point="p")
    assert allowed.area.tolist() == [0, -1, -1, -1]
    assert allowed.facility_ids == (("clinic-2", "clinic-1"),)
    assert any("1 rows name facilities that are not loaded: clinic-9" in words for words in notes)
    assert (reading.inputs[0]["used"], reading.inputs[0]["refused"]) == (2, 1)
    (allowed, _), _ = read(tmp_path, "d,clinic\nall,clinic-2\n", district="d")
    assert allowed.area.tolist() == [0, 0, 0, 0]


def test_table__by_polygons_that_may_overlap(tmp_path) -> None:
    world = line_world()
    shapes = [box(0, -100, 3000, 100), box(2000, -100, 3000, 100)]
    gpd.GeoDataFrame({"clinic": ["clinic-1", "clinic-2"]}, geometry=shapes, crs=world.crs).to_file(tmp_path / "z.gpkg")
    source = AllowedTable(path="z.gpkg", kind="clinic", facility="clinic")
    allowed, _ = source.load(Reading(tmp_path, world.crs), world.demand, world.facilities, None)
    of = [allowed.facility_ids[at] if at >= 0 else () for at in allowed.area.tolist()]
    assert of == [("clinic-1",), ("clinic-1", "clinic-2"), (), ()]


@pytest.mark.parametrize(
    ("text", "keys", "words"),
    [
        ("p,clinic\nz,clinic-1\n", {"point": "p"}, "no row names a facility and a place"),
        ("p,clinic\na,clinic-1\n", {}, "has no polygons"),
        ("p,clinic\na,clinic-1\n", {"point": "q"}, "no column 'q'"),
    ],
)
def test_table__that_cannot_be_used_is_an_input_error(tmp_path, text, keys, words) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, text, **keys)
