"""Questions that cannot be answered, asked through the command line: exit code 2, a fault at its line, nothing written.

And exclusions and centres that come from files of their own, on small inputs.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from pyproj import Transformer
from shapely.geometry import box
from typer.testing import CliRunner

from lifezone.cli import app
from lifezone.improve import ask
from lifezone.run import plans, variants_of
from lifezone.scenario import build, load

LAND = "{type: table, path: land.csv, kind: school, id: id, x: x, y: y, open: false, capacity: seats, cost: won}"
PEOPLE = {"a": 40, "b": 30, "c": 20, "d": 10}
AT = {"a": 0, "b": 1, "c": 2, "d": 3}


@pytest.fixture
def study(tmp_path):
    """Write four villages 0.9 km apart in a row with a school of 50 seats at each end and land at all."""
    place = {one: f"{127 + n * 0.01:.2f},36.5" for one, n in AT.items()}
    rows = [f"{one},{place[one]},{n}" for one, n in PEOPLE.items()]
    sites = [f"S{one},{place[one]},true,50" for one in "ad"]
    land = [f"L{one},{place[one]},30,{won}" for one, won in zip("abcd", (5, 4, 3, 2), strict=True)]
    times = [f"{one},{head}{to},{10 * abs(AT[one] - AT[to])}" for one in AT for to in AT for head in "SL"]
    for name, head, lines in (("people", "id,x,y,total", rows), ("sites", "id,x,y,open,seats", sites),
                              ("land", "id,x,y,seats,won", land), ("times", "point,place,minutes", times)):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")

    def write(siting):
        (tmp_path / "q.yaml").write_text(
            "name: q\ndemand: {type: table, path: people.csv, id: id, x: x, y: y, groups: {total: total}}\n"
            "facilities:\n"
            "  - {type: table, path: sites.csv, kind: school, id: id, x: x, y: y, open: open, capacity: seats}\n"
            "times: {type: table, path: times.csv, from: point, to: place, minutes: minutes}\n"
            f"variants:\n  - {{name: plan, siting: {{kind: school, {siting}}}}}\n",
            encoding="utf-8",
        )
        return tmp_path / "q.yaml"

    return write


def candidates_of(path):
    """Return the ids of the candidates that are left, and the question's notes."""
    built = build(load(path, part="siting"))
    question = ask(variants_of(built)[1].world, built.scenario.spec.variants[0].siting, None, reading=built.reading)
    left = [one for one in question.problem.site_names if not one.startswith("S")]
    return left, " ".join(question.notes)


@pytest.mark.parametrize(
    ("siting", "words"),
    [
        ("method: p_median, choose: 0, capacity: true, people_per_unit: 0.9, candidates: LAND", "at most 90 places"),
        ("method: p_median, choose: 1, capacity: true, people_per_unit: 0.5, candidates: LAND", "at most 65 places"),
        ("method: close, choose: 1, capacity: true", "at most 50 places"),
        ("method: close, choose: 3", "3 are to close, but only 2 may"),
        ("method: close, choose: 2, stay: [Sa]", "2 are to close, but only 1 may"),
        ("method: p_median, choose: 5, candidates: LAND", "5 are to open, but there are only 4"),
        ("method: max_cover, bound: 5 min, budget: 1, candidates: LAND", "below the cost of every candidate"),
        ("method: max_cover, bound: 5 min, budget: -1, candidates: LAND", "at least 0"),
        ("method: p_median, choose: -1, candidates: LAND", "at least 0"),
        ("method: p_median, choose: 1, candidates: LAND, exclude: {inside: [{path: sites.csv}]}", "has no shapes"),
        ("method: p_median, choose: 1, candidates: LAND, exclude: {slope: {above: 15 %}}", "which heights?"),
        ("method: p_median, choose: 1, candidates: LAND, exclude: {distance: [{kind: clinic, at_least: 1 km}]}",
         "no facility of kind 'clinic'"),
        ("method: p_median, choose: 1, candidates: LAND, exclude: {distance: [{kind: school, at_least: 9 km}]}",
         "only 0 candidates"),
    ],
)  # fmt: skip
def test_bad_question__exit_2_at_its_line_and_nothing_written(study, tmp_path, siting, words):
    path = study(siting.replace("LAND", LAND))
    done = CliRunner().invoke(app, ["siting", str(path), "--out", str(tmp_path / "out"), "--quiet"])
    told = " ".join(done.output.split())
    assert done.exit_code == 2, told
    assert words in told
    assert "q.yaml:7:" in told
    assert not (tmp_path / "out").exists()


def test_close__receiving_schools_hold_their_pupils(study):
    path = study("method: close, choose: 1, capacity: true, people_per_unit: 2")
    found = plans(path).plans[0][2]  # 100 seats at either end: whoever closes Sd sends c and d 20 and 30 minutes
    assert found.closed == ("Sd",)
    assert found.plan.objective == (30 * 10 + 20 * 20 + 10 * 30) * 60


def test_capacity__sends_people_on_where_the_nearest_is_full(study):
    system = "capacity: true, assignment: system, candidates: LAND".replace("LAND", LAND)
    found = plans(study(f"method: p_median, choose: 1, {system}")).plans[0][2]
    # open today: 50 at a, 50 at d. With 30 seats at b: a fills 40 of Sa, b its own 30, c 10 minutes, d 0
    assert (found.opened, found.plan.objective) == (("Lb",), 20 * 10 * 60)


def test_exclude__slope_of_a_raster_of_its_own(study, tmp_path):
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:5179", always_xy=True).transform(127.0, 36.5)
    width, height, cell = 60, 20, 100.0
    west, north = x - 10 * cell, y + 10 * cell
    middle = west + (np.arange(width) + 0.5) * cell
    heights = np.broadcast_to(np.where(middle > x + 1350, (middle - x - 1350) * 0.3, 0.0), (height, width))
    with rasterio.open(tmp_path / "dem.tif", "w", driver="GTiff", width=width, height=height, count=1, dtype="float32",
                       crs="EPSG:5179", transform=Affine(cell, 0, west, 0, -cell, north)) as file:  # fmt: skip
        file.write(heights.astype(np.float32), 1)  # level to half way between b and c, then three in ten
    slope = "{slope: {above: 20 %, heights: {type: raster, path: dem.tif}}}"
    left, notes = candidates_of(study(f"method: p_median, choose: 1, candidates: {LAND}, exclude: {slope}"))
    assert sorted(left) == ["La", "Lb"]
    assert "2 of 4 candidates lie on ground steeper than 20%" in notes


def test_exclude__polygons_of_a_file(study, tmp_path):
    around = [box(126.995, 36.49, 127.005, 36.51), box(127.025, 36.49, 127.035, 36.51)]
    flood = gpd.GeoDataFrame({"depth": [2.0, 0.1]}, geometry=around, crs="EPSG:4326")
    flood.to_file(tmp_path / "flood.gpkg")
    for where, gone in (("", {"La", "Ld"}), (", where: {depth: {at_least: 1}}", {"La"})):
        inside = f"{{inside: [{{path: flood.gpkg{where}}}]}}"
        left, notes = candidates_of(study(f"method: p_median, choose: 1, candidates: {LAND}, exclude: {inside}"))
        assert set(left) == {"La", "Lb", "Lc", "Ld"} - gone
        assert f"{len(gone)} of 4 candidates lie inside flood.gpkg" in notes


def test_centres__of_a_file_of_their_own(study, tmp_path):
    parts = gpd.GeoDataFrame({"code": ["W", "E"], "name": ["서면", "동면"]}, crs="EPSG:4326",
                             geometry=[box(126.9, 36.4, 127.015, 36.6), box(127.015, 36.4, 127.1, 36.6)])  # fmt: skip
    parts.to_file(tmp_path / "parts.gpkg")
    rows = [f"{one},{to},{10 * abs(AT[one] - AT[to])}" for one in AT for to in AT]
    with (tmp_path / "times.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n".join(rows) + "\n")  # the times of places where people live
    of = "{type: centres, of: {path: parts.gpkg, id: code, name: name}}"
    path = study(f"method: p_median, choose: 1, candidates: {of}")
    left, _ = candidates_of(path)
    assert sorted(left) == ["centre-E", "centre-W"]  # at a (40 of 70 people) and c (20 of 30)
    found = plans(path).plans[0][2]
    assert (found.opened, found.plan.objective) == (("centre-E",), 30 * 10 * 60)
