"""The payload of the live map against the files that it is made from."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from lifezone.model import Requirement
from lifezone.report import write
from lifezone.report.map import live_map, markup
from lifezone.report.map.counts import told_cells, told_counts
from lifezone.report.map.packing import pack_bytes, pack_ints, unpack_bytes, unpack_ints
from lifezone.report.map.quantise import BEYOND, NOBODY, NOT_JUDGED, OFF_NETWORK, TOP, UNREACHABLE, classes_of, scale_of
from lifezone.report.material import material_of
from lifezone.report.words import texts_of
from tests.report import worlds
from tests.report.map import large

BYTES = {"unreachable": UNREACHABLE, "off_network": OFF_NETWORK, "no_facility": 251, "not_assessed": 250}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("map") / "out"
    write(worlds.result(maps=False, cells=900), folder)
    return folder


@pytest.fixture(scope="module")
def payload(out):
    return live_map(material_of(out), texts_of("ko")).payload


@pytest.fixture(scope="module")
def disclosed(out):
    return live_map(material_of(out, disclose=True), texts_of("ko", True)).payload


def rows_in_order(payload, out, variant="baseline"):
    """The rows of cells.parquet in the order of the payload: by where each place lies."""
    cells = gpd.read_parquet(out / variant / "cells.parquet")
    spots = payload["spots"]
    at = unpack_ints(spots["at"])
    x = payload["origin"][0] + spots["west"] + (at % spots["columns"] + 0.5) * spots["side"]
    y = payload["origin"][1] + spots["north"] - (at // spots["columns"] + 0.5) * spots["side"]
    middle = cells.geometry.centroid
    found = {(round(px, 1), round(py, 1)): row for row, (px, py) in enumerate(zip(middle.x, middle.y, strict=True))}
    return cells.iloc[[found[round(px, 1), round(py, 1)] for px, py in zip(x, y, strict=True)]].reset_index(drop=True)


def levels(payload, rule, variant=0):
    first = unpack_bytes(rule["values"][0])
    text = rule["values"][variant]
    return first if variant == 0 or text is None else unpack_bytes(text, first)


def test_packing__comes_back_and_is_deflate_that_others_read() -> None:
    rng = np.random.default_rng(1)
    for values in (rng.integers(0, 256, 5000), np.zeros(300), np.arange(256), np.empty(0), [255]):
        array = np.array(values, np.uint8)
        assert unpack_bytes(pack_bytes(array)).tolist() == array.tolist()
        base = rng.integers(0, 256, len(array)).astype(np.uint8)
        assert unpack_bytes(pack_bytes(array, base), base).tolist() == array.tolist()
    for numbers in ([], [0], [-1, 1, -64, 63, 64, -65, 2**31 - 1, -(2**31)], rng.integers(-(2**30), 2**30, 3000)):
        assert unpack_ints(pack_ints(np.array(numbers, np.int64))).tolist() == list(numbers)
    # 5, 3, 3 → differences 5, −2, 0 → zigzag 10, 3, 0
    assert zlib.decompress(b64decode(pack_ints(np.array([5, 3, 3]))), -15) == bytes([10, 3, 0])


@pytest.mark.parametrize(
    ("bound", "optimum", "metric", "step", "level"),
    [
        (900.0, None, "time", 12.0, 75), (3600.0, 1800.0, "time", 60.0, 60), (300.0, None, "time", 6.0, 50),
        (2000.0, None, "length", 50.0, 40), (900.0, 600.0, "time", 12.0, 75), (420.0, None, "time", 6.0, 70),
        (337.0, None, "length", 337 / 60, 60),
    ],
)  # fmt: skip
def test_scale__bound_and_optimum_are_whole_steps(bound, optimum, metric, step, level) -> None:
    rule = Requirement("r", ("clinic",), "car", bound, optimum=optimum, metric=metric)
    scale = scale_of(rule)
    assert scale.step * scale.bound == pytest.approx(bound)
    assert scale.bound in classes_of(scale)
    assert list(classes_of(scale)) == sorted(set(classes_of(scale)))
    assert 3 * scale.bound <= TOP
    if optimum is not None:
        assert scale.step * scale.optimum == pytest.approx(optimum)
        assert scale.optimum in classes_of(scale)
    assert (scale.step, scale.bound) == (pytest.approx(step), level)


def test_payload__every_place_has_the_level_of_its_file(payload, out) -> None:
    for position, variant in enumerate(("baseline", "clinic-in-the-east", "학교 통합")):
        folder = next(one["folder"] for one in material_of(out).manifest["variants"] if one["name"] == variant)
        cells = rows_in_order(payload, out, folder)
        assert len(cells) == payload["spots"]["n"]
        for rule in payload["requirements"]:
            level = levels(payload, rule, position)
            column = "minutes" if rule["metric"] == "time" else "metres"
            value = cells[f"{rule['id']}_{column}"].to_numpy(float) / (1000 if rule["unit"] == "km" else 1)
            reason = cells[f"{rule['id']}_reason"].fillna("not_judged").tolist()
            for at in range(len(cells)):
                if cells["people_total"].iloc[at] <= 0:
                    assert level[at] == NOBODY
                elif reason[at] == "not_judged":
                    assert level[at] == NOT_JUDGED
                elif reason[at] in BYTES:
                    assert level[at] == BYTES[reason[at]]
                else:
                    assert (level[at] <= rule["bound"]) == (reason[at] == "met")
                    steps = value[at] / rule["step"]
                    assert level[at] == BEYOND if steps > TOP + 1e-6 else abs(level[at] - np.ceil(steps - 1e-7)) <= 1e-9
            assert rule["met"][position] is None


def test_payload__counts_are_the_files_sums_rounded(payload, disclosed, out) -> None:
    cells = rows_in_order(payload, out)
    for rule, exact in zip(payload["requirements"], disclosed["requirements"], strict=True):
        people = cells[f"people_{rule['group']}"].to_numpy()
        met = (cells[f"{rule['id']}_reason"].fillna("") == "met").to_numpy(bool)
        judged = cells[f"{rule['id']}_reason"].notna().to_numpy() & (cells["people_total"] > 0).to_numpy()
        assert unpack_ints(exact["counts"][0]["upTo"])[rule["bound"]] == pytest.approx(people[met].sum(), abs=1)
        told = unpack_ints(rule["counts"][0]["upTo"])
        assert told[rule["bound"]] == pytest.approx(people[met].sum(), abs=5) or people[met].sum() < 10
        assert exact["counts"][0]["judged"] == pytest.approx(people[judged].sum(), abs=1)
        column = "minutes" if rule["metric"] == "time" else "metres"
        value = cells[f"{rule['id']}_{column}"].to_numpy(float) / (1000 if rule["unit"] == "km" else 1)
        for level in (1, rule["bound"] // 2, rule["bound"] * 2):
            within = judged & (value <= level * rule["step"] + 1e-9)
            assert unpack_ints(exact["counts"][0]["upTo"])[level] == pytest.approx(people[within].sum(), abs=1)


def test_payload__gain_and_loss_are_those_of_the_verdicts(disclosed, out) -> None:
    before, after = rows_in_order(disclosed, out), rows_in_order(disclosed, out, "clinic-in-the-east")
    rule = next(one for one in disclosed["requirements"] if one["id"] == "clinic_car")
    was, now = ((cells["clinic_car_reason"].fillna("") == "met").to_numpy(bool) for cells in (before, after))
    gain = before["people_total"].to_numpy()[now & ~was].sum()
    assert gain > 10
    told = rule["changes"]["0-1"]
    assert unpack_ints(told["gain"])[rule["bound"]] == pytest.approx(gain, abs=1)
    assert unpack_ints(told["lose"])[rule["bound"]] == 0
    # whoever is reached in both is in one class of change, whoever is not in none
    both = before["clinic_car_minutes"].notna() & after["clinic_car_minutes"].notna() & (before["people_total"] > 0)
    assert sum(told["steps"]) == pytest.approx(before["people_total"][both].sum(), abs=6)


def test_counts__small_ones_are_told_as_few_and_others_rounded() -> None:
    assert told_counts(np.array([0, 0.3, 9.99, 10, 14.9, 15, 1234]), disclose=False).tolist() == [
        0,
        1,
        1,
        10,
        10,
        20,
        1230,
    ]
    assert told_cells(np.array([0, 0.3, 4.9, 5, 7.4, 7.5, 12]), disclose=False).tolist() == [0, 1, 1, 5, 5, 10, 10]
    assert told_counts(np.array([0, 0.3, 9.6, 1234.4]), disclose=True).tolist() == [0, 1, 10, 1234]


def test_payload__holds_no_number_of_people_that_may_not_be_told(payload) -> None:
    people = unpack_ints(payload["people"][0])
    assert set(people[people > 1] % 5) == {0}
    assert (people == 1).any()
    for rule in payload["requirements"]:
        for counts in filter(None, rule["counts"]):
            numbers = [*unpack_ints(counts["upTo"]), *counts["classes"], *counts["reasons"].values(), counts["judged"]]
            assert all(number in (0, 1) or number % 10 == 0 for number in numbers)
        for change in rule["changes"].values():
            numbers = [*unpack_ints(change["gain"]), *unpack_ints(change["lose"]), *change["steps"]]
            assert all(number in (0, 1) or number % 10 == 0 for number in numbers)
    for desert in payload["deserts"][0]["told"]:
        assert all(count in (0, 1) or count % 10 == 0 for count in desert["people"].values())
        assert not desert["name"] or desert["people"]["total"] >= 50


def test_payload__facilities_of_all_variants_with_their_state(payload) -> None:
    told = payload["facilities"]
    names = told["name"]
    assert worlds.EVIL in names
    east, school = names.index("동부"), names.index("$x^2$ </script>")
    assert [int(unpack_ints(one)[east]) for one in told["status"]] == [1, 2, 1]
    assert [int(unpack_ints(one)[school]) for one in told["status"]] == [2, 2, 2]
    assert [int(unpack_ints(one)[names.index("한빛초")]) for one in told["status"]] == [2, 2, 0 + 1]


def test_payload__is_the_same_twice_and_plain_json(out, payload) -> None:
    again = live_map(material_of(out), texts_of("ko")).payload
    assert json.dumps(again, allow_nan=False) == json.dumps(payload, allow_nan=False)


def test_markup__names_cannot_end_the_element(out) -> None:
    told = markup(live_map(material_of(out), texts_of("en")))
    assert worlds.EVIL not in told
    assert told.count("</script>") == 1
    data = told.split('-data">', 1)[1].split("</script>", 1)[0]
    assert worlds.EVIL in json.loads(data)["facilities"]["name"]


def test_payload__points_without_a_grid_and_nobody_at_all(tmp_path) -> None:
    write(replace(worlds.result(maps=False, grid=False, cells=200), maps=False), tmp_path / "points")
    points = live_map(material_of(tmp_path / "points"), texts_of("en")).payload
    cells = gpd.read_parquet(tmp_path / "points" / "baseline" / "cells.parquet")
    assert points["spots"]["sort"] == "points"
    told = {(x, y) for x, y in zip(unpack_ints(points["spots"]["x"]), unpack_ints(points["spots"]["y"]), strict=True)}
    west, south = points["origin"]
    assert told == {
        (round(x - west), round(y - south)) for x, y in zip(cells.geometry.x, cells.geometry.y, strict=True)
    }


def test_payload__a_quarter_of_a_million_cells_stay_under_five_megabytes() -> None:
    """Sizes of six requirements on rough times (each cell up to 20 % off its neighbour), told for twenty."""
    told = large.payload(6)
    rules = json.dumps(told.pop("requirements"))
    assert told["spots"]["n"] == 250_000
    assert len(json.dumps(told)) + len(rules) / 6 * 20 < 5e6


def test_payload__areas_of_any_shape_are_written_by_the_run_and_drawn(tmp_path) -> None:
    result = worlds.result(maps=False, grid=False, cells=60)
    demand = result.baseline.world.demand
    shapes = shapely.buffer(shapely.points(demand.x_m, demand.y_m), 150.0, quad_segs=1)
    variants = tuple(
        replace(one, world=replace(one.world, demand=replace(demand, shapes=shapes))) for one in result.variants
    )
    write(replace(result, variants=variants), tmp_path / "areas")
    told = live_map(material_of(tmp_path / "areas"), texts_of("en")).payload["spots"]
    assert told["sort"] == "areas"
    inside = int(demand.inside.sum())
    assert told["n"] == inside
    assert unpack_ints(told["rings"]).tolist() == [1] * inside
    assert unpack_ints(told["sizes"]).tolist() == [5] * inside
    assert unpack_ints(told["px"]).max() - unpack_ints(told["px"]).min() > 300
