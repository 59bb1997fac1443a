from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from lifezone.attribution import EditionFile, attribute, load_editions
from lifezone.errors import InputError
from lifezone.model import Districts
from lifezone.run import run
from lifezone.standards.summary import summarise

PARTS = ("people", "facilities", "roads", "standard")
BASE = """
name: 연차 비교
area: {network: {type: synthetic}, districts: {type: synthetic}}
demand: {type: synthetic}
facilities: [{type: synthetic}]
standard:
  requirements:
    - {id: clinic, kind: clinic, mode: car, bound: 15 min}
    - {id: shop, kind: retail, mode: walk, bound: 800 m}
    - {id: hall, kind: senior_hall, mode: walk, bound: 10 min, group: age_65_plus}
variants:
"""
CHANGE = {
    "people": "people: {scale: {factor: 0.7, groups: [age_65_plus]}}",
    "facilities": "open: {kind: clinic, at: [127.47, 36.52], capacity: 1}",
    "roads": "road: {speed: {way: secondary, factor: 0.7}}",
}
STANDARD = """{requirements: [{id: clinic, kind: clinic, mode: car, bound: 20 min},
      {id: shop, kind: retail, mode: walk, bound: 800 m},
      {id: hall, kind: senior_hall, mode: walk, bound: 10 min, group: age_65_plus}]}"""


def variant(name: str, parts: tuple[str, ...]) -> str:
    lines = [f"  - name: {name}"]
    edits = [CHANGE[part] for part in parts if part in CHANGE]
    if edits:
        lines += ["    edits:", *(f"      - {edit}" for edit in edits)]
    if "standard" in parts:
        lines += [f"    standard: {STANDARD}"]
    return "\n".join(lines)


def subset(number: int) -> tuple[str, ...]:
    return tuple(part for at, part in enumerate(PARTS) if number >> at & 1)


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("editions") / "study.yaml"
    variants = "\n".join(variant(f"w{number}", subset(number)) for number in range(1, 16))
    path.write_text(BASE + variants + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def editions(file):
    return {
        number: load_editions(EditionFile("2024", file), EditionFile("2025", file, f"w{number}"))
        for number in (1, 2, 4, 8, 15)
    }


@pytest.mark.parametrize(("number", "part"), [(1, "people"), (2, "facilities"), (4, "roads"), (8, "standard")])
def test_attribution__one_change_gets_everything(editions, number, part):
    found = attribute(*editions[number])
    assert found.changed == (part,)
    assert found.worlds == 2
    assert any(row.change for row in found.rows)
    for row in found.rows:
        assert getattr(row, part) == row.change, row
        assert [getattr(row, other) for other in PARTS if other != part] == [0.0, 0.0, 0.0]


def test_attribution__mixed_is_the_mean_over_all_orders_of_whole_runs(file, editions):
    result = run(file)
    worth: dict[tuple[str, str], list[float]] = {}
    for one in result.variants:  # the baseline, w1, w2 … w15: every set of changes, each run for itself
        for row in summarise(one):
            if row.group == ("age_65_plus" if row.requirement == "hall" else "total"):
                worth.setdefault((row.district, row.requirement), []).append(row.covered)
    found = attribute(*editions[15])
    assert found.changed == PARTS
    assert found.worlds == 16
    rows = {(row.district, row.requirement): row for row in found.rows if row.measure == "covered"}
    assert set(worth) == {key for key in rows if key[1] != "all_requirements"}
    orders = list(permutations(range(4)))
    for key, values in worth.items():
        expected = [0.0] * 4
        for order in orders:
            done = 0
            for part in order:
                expected[part] += (values[done | 1 << part] - values[done]) / len(orders)
                done |= 1 << part
        assert [getattr(rows[key], part) for part in PARTS] == pytest.approx(expected, abs=2e-6)


def test_attribution__parts_add_up_to_the_last_digit_that_is_written(editions):
    for row in attribute(*editions[15]).rows:
        parts = sum(round(getattr(row, part) * 1e6) for part in PARTS)
        assert parts == round(row.after * 1e6) - round(row.before * 1e6)
        assert parts == round(row.change * 1e6)


def test_attribution__districts_add_up_to_the_whole_area(editions):
    rows = [row for row in attribute(*editions[15]).rows if row.measure == "covered" and row.requirement == "clinic"]
    for part in PARTS:
        told = sum(getattr(row, part) for row in rows if row.district != "all")
        assert told == pytest.approx(getattr(rows[0], part), abs=1e-4)


def test_attribution__nothing_changed_is_one_world_and_nothing(editions):
    after = editions[1][1]
    found = attribute(replace(after, name="2024"), after)
    assert (found.changed, found.worlds) == ((), 1)
    assert {getattr(row, part) for row in found.rows for part in PARTS} == {0.0}


def test_attribution__backwards_is_the_same_with_the_other_sign(editions):
    there = attribute(*editions[15])
    back = attribute(*reversed(editions[15]))
    rows = {(row.district, row.requirement, row.measure): row for row in back.rows}
    for row in there.rows:
        other = rows[row.district, row.requirement, row.measure]
        for part in PARTS:
            assert getattr(row, part) == pytest.approx(-getattr(other, part), abs=2.1e-6)


def test_attribution__a_requirement_of_one_edition_alone_is_not_split(editions):
    before, after = editions[2]
    fewer = replace(before, standard=replace(before.standard, requirements=before.standard.requirements[1:]))
    rows = [row for row in attribute(fewer, after).rows if row.requirement == "clinic"]
    assert {row.note for row in rows} == {"assessed in the later edition alone"}
    assert all(row.people is None and row.before is None and row.after is not None for row in rows)


def test_attribution__a_district_that_had_nobody_is_not_split_in_percent(editions):
    before, after = editions[15]
    demand = before.world.demand
    emptied = replace(demand, people=np.where((demand.district == 0)[:, None], 0.0, demand.people))
    found = attribute(replace(before, world=replace(before.world, demand=emptied)), after)
    first = after.world.districts.ids[0]
    rows = {row.measure: row for row in found.rows if (row.district, row.requirement) == (first, "clinic")}
    assert rows["coverage"].people is None
    assert "nobody is judged" in rows["coverage"].note
    assert rows["covered"].people > 0  # in number everything is there


def test_attribution__other_coordinates_are_aligned_and_told(file, editions, tmp_path):
    text = file.read_text(encoding="utf-8").split("variants:")[0]
    path = tmp_path / "old.yaml"
    path.write_text(text.replace("area: {", "area: {crs: 'EPSG:5186', "), encoding="utf-8")
    before, after = load_editions(EditionFile("2024", path), EditionFile("2025", file, "w2"))
    assert before.world.crs == after.world.crs
    assert any("coordinates" in note for note in after.notes)
    assert attribute(before, after).rows == attribute(*editions[2]).rows


def test_attribution__districts_in_another_order_are_the_same(editions):
    before, after = editions[2]
    districts, demand = before.world.districts, before.world.demand
    n = len(districts.ids)
    turned = Districts(districts.ids[::-1], districts.name[::-1], districts.name_en[::-1], districts.polygon[::-1])
    moved = replace(demand, district=(n - 1 - demand.district).astype(np.int32))
    found = attribute(replace(before, world=replace(before.world, districts=turned, demand=moved)), after)
    assert found == attribute(before, after)


def test_attribution__merged_districts_are_told_by_place(editions):
    before, after = editions[2]
    old = before.world.districts
    renamed = replace(old, ids=("gone", *old.ids[1:]))
    found = attribute(replace(before, world=replace(before.world, districts=renamed)), after)
    assert any("districts differ (gone: gone; new:" in note for note in found.notes)
    assert found.rows == attribute(before, after).rows


def test_attribution__refuses_districts_that_cannot_be_told(editions):
    before, after = editions[2]
    bare = replace(after.world.districts, ids=("new", *after.world.districts.ids[1:]), polygon=None)
    with pytest.raises(InputError, match="has no boundaries"):
        attribute(before, replace(after, world=replace(after.world, districts=bare)))


def test_attribution__refuses_other_coordinates(editions):
    before, after = editions[2]
    with pytest.raises(InputError, match="load them together"):
        attribute(replace(before, world=replace(before.world, crs="EPSG:5186")), after)


def test_load_editions__a_wider_standard_loads_both_editions_as_far(file, tmp_path):
    # what is cut off a file must not look like a road that was built
    text = file.read_text(encoding="utf-8").split("variants:")[0]
    path = tmp_path / "wide.yaml"
    path.write_text(text.replace("bound: 15 min", "bound: 25 min"), encoding="utf-8")
    before, after = load_editions(EditionFile("2024", file), EditionFile("2025", path))
    assert before.notes == ("2024 is loaded to 25 km beyond the area, as the other edition is",)
    assert attribute(before, after).changed == ("standard",)


def test_load_editions__walking_speed_belongs_to_the_standard(tmp_path):
    paths = []
    for name, speed in (("slow", "3 km/h"), ("fast", "4.5 km/h")):
        paths.append(tmp_path / f"{name}.yaml")
        text = BASE.replace("variants:\n", "").replace("standard:\n", f"standard:\n  walk_speed: {speed}\n")
        paths[-1].write_text(text, encoding="utf-8")
    found = attribute(*load_editions(*(EditionFile(path.stem, path) for path in paths)))
    assert found.changed == ("standard",)
    hall = next(row for row in found.rows if row.requirement == "hall" and row.district == "all")
    assert hall.standard == hall.change > 0
    shop = next(row for row in found.rows if row.requirement == "shop" and row.district == "all")
    assert shop.change == 0  # metres are metres


def test_load_editions__refuses_unknown_variants_and_open_questions(file):
    with pytest.raises(InputError, match="no variant 'w99'; it has baseline, w1"):
        load_editions(EditionFile("2024", file), EditionFile("2025", file, "w99"))
