"""Urban areas from a scenario: what is written, told and refused."""

from __future__ import annotations

import csv

import geopandas as gpd
import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from lifezone.cli import app
from lifezone.errors import ScenarioError
from lifezone.report.zones import print_divided, write_divided
from lifezone.run import zones
from lifezone.scenario import load
from tests.zoning.countries import random_flows

METHODS = """
  - {method: labour_market, min_size: 2000, target_size: 20000}
  - {method: network_constraint, centre_people: 20000}
  - {id: burt, method: network_constraint, centre_people: 20000, measure: constraint_total, thresholds: [1 %, 4 %]}
  - {method: intramax, areas: 8}
  - {method: passage_time, areas: 8}
  - {method: modularity}
  - {method: functional_urban_area, cities: {one: ["000", "001"], two: ["010"]}}
"""


def study(folder, *, flows=None, order=None, methods=METHODS, more=""):
    """A scenario of 40 districts on a map of points, and its file."""
    matrix = random_flows(40, seed=6) if flows is None else flows
    order = np.arange(40) if order is None else order
    place = np.random.default_rng(6).random((40, 2)) * 80_000
    towns = [f"{at:03d},{at}시,{matrix[at].sum() * 2:.0f},{950000 + place[at][0]:.0f},{1800000 + place[at][1]:.0f}"
             for at in order]  # fmt: skip
    rows = [f"{a:03d},{b:03d},{matrix[a, b]:.0f}" for a in order for b in order if matrix[a, b]]
    (folder / "towns.csv").write_text("id,name,people,x,y\n" + "\n".join(towns), encoding="utf-8")
    (folder / "flows.csv").write_text("from,to,people\n" + "\n".join(rows), encoding="utf-8")
    path = folder / "study.yaml"
    path.write_text(
        "name: 흐름\n"
        "municipalities: {path: towns.csv, id: id, name: name, people: people, x: x, y: y, crs: EPSG:5179}\n"
        "flows: {type: table, path: flows.csv, from: from, to: to, people: people, in: 2020}\n"
        f"urban_areas:{methods}{more}", encoding="utf-8",
    )  # fmt: skip
    return path


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_urban_areas__are_written_for_every_method_and_partition_the_districts(tmp_path):
    result = zones(study(tmp_path))
    write_divided(result, tmp_path / "out")
    rows = rows_of(tmp_path / "out" / "urban_areas.csv")
    for method in ("labour_market", "network_constraint", "burt", "intramax", "passage_time", "modularity",
                   "functional_urban_area"):  # fmt: skip
        mine = [row for row in rows if row["method"] == method]
        assert [row["district"] for row in mine] == [f"{at:03d}" for at in range(40)]
        for row in mine:
            assert (row["area"] == "") == (row["role"] in ("outside", "exclave"))
            assert (row["area"] == row["district"]) == (row["role"] == "centre")
    areas = rows_of(tmp_path / "out" / "urban_area_summary.csv")
    for area in areas:
        members = [row for row in rows if (row["method"], row["area"]) == (area["method"], area["area"])]
        assert int(area["districts"]) == len(members)
        assert float(area["residents"]) == pytest.approx(sum(float(row["residents"]) for row in members))
    assert sum(row["method"] == "intramax" for row in areas) == 8
    assert {row["modelled"] for row in rows} == {"false"}


def test_urban_areas__the_order_of_input_changes_no_byte(tmp_path):
    for name, order in (("a", None), ("b", np.random.default_rng(2).permutation(40))):
        (tmp_path / name).mkdir()
        result = zones(study(tmp_path / name, order=order))
        write_divided(result, tmp_path / name / "out")
    for file in ("urban_areas.csv", "urban_area_summary.csv", "containment.csv"):
        assert (tmp_path / "a/out" / file).read_bytes() == (tmp_path / "b/out" / file).read_bytes()


def test_urban_areas__layers_stand_in_the_geopackage(tmp_path):
    import pyogrio  # noqa: PLC0415

    write_divided(zones(study(tmp_path)), tmp_path / "out")
    layers = {name for name, _ in pyogrio.list_layers(tmp_path / "out" / "result.gpkg").tolist()}
    assert {"urban_districts_burt", "urban_districts_labour_market", "ties_commuting_2020"} <= layers


@pytest.mark.parametrize(("language", "word"), [("en", "Urban areas"), ("ko", "도시권")])
def test_urban_areas__are_told_in_both_languages(tmp_path, capsys, language, word):
    print_divided(zones(study(tmp_path)), tmp_path, language=language)
    told = capsys.readouterr().out
    assert told.count(word) >= 7
    assert "0시" in told


def test_command__zones_needs_neither_roads_nor_people(tmp_path):
    answer = CliRunner().invoke(app, ["zones", str(study(tmp_path)), "-o", str(tmp_path / "out"), "-q"])
    assert answer.exit_code == 0, answer.output
    assert (tmp_path / "out" / "urban_areas.csv").is_file()


def test_modelled__flows_are_labelled_and_no_class_rests_on_them(tmp_path):
    path = study(tmp_path, methods=" {method: labour_market, min_size: 100, target_size: 1000}\n")
    text = path.read_text(encoding="utf-8")
    text = text.replace("crs: EPSG:5179}", "crs: EPSG:5179, figures: {workers: people, jobs: people}}")
    text = text.replace("flows: {type: table, path: flows.csv, from: from, to: to, people: people, in: 2020}",
                        "flows: {type: gravity, out: workers, come: jobs, mean_trip: 9 km}")  # fmt: skip
    path.write_text(text, encoding="utf-8")
    result = zones(path)
    write_divided(result, tmp_path / "out")
    assert {row["modelled"] for row in rows_of(tmp_path / "out" / "urban_areas.csv")} == {"true"}
    areas = rows_of(tmp_path / "out" / "urban_area_summary.csv")
    assert {(row["by_size"], row["by_flows"]) for row in areas} == {("", "")}
    assert "modelled" in result.variants[0].zoning.urban[0].notes[0][1]


def test_changes__between_years_are_told_by_pair_and_district(tmp_path):
    (tmp_path / "f.csv").write_text(
        "a,b,n,y\nA,A,50,2010\nA,B,50,2010\nB,B,80,2010\nA,A,90,2020\nA,B,10,2020\nB,B,70,2020\nB,A,10,2020\n",
        encoding="utf-8",
    )
    path = tmp_path / "s.yaml"
    path.write_text("flows: {type: table, path: f.csv, from: a, to: b, people: n, year: y}\n", encoding="utf-8")
    write_divided(zones(path), tmp_path / "out")
    pairs = {(row["from"], row["to"]): float(row["change"]) for row in rows_of(tmp_path / "out/flow_changes.csv")}
    assert pairs == {("A", "A"): 40, ("A", "B"): -40, ("B", "A"): 10, ("B", "B"): -10}
    places = {row["district"]: row for row in rows_of(tmp_path / "out/district_changes.csv")}
    assert float(places["A"]["self_containment_before"]) == 0.5
    assert float(places["A"]["self_containment_after"]) == 0.9
    assert float(places["B"]["workers_change"]) == -50


@pytest.mark.parametrize(("methods", "place", "told"), [
    ("\n  - {method: network_constraint, purposes: [shopping]}\n", "urban_areas[0].purposes", "there are commuting"),
    ("\n  - {method: intramax, areas: 3, year: 1999}\n", "urban_areas[0].year", "there are 2020"),
    ("\n  - {method: intramax, areas: 3, touching: true}\n", "urban_areas[0].touching", "shapes"),
    ("\n  - {method: functional_urban_area}\n", "urban_areas[0].cities", "population grid"),
    ("\n  - {method: functional_urban_area, cities: {x: ['999']}}\n", "urban_areas[0].cities", "999"),
    ("\n  - {method: modularity}\n  - {method: modularity}\n", "urban_areas[1]", "stands twice"),
    (" {method: labour_market, min_size: 10, target_size: 5}\n", "urban_areas", "above min_size"),
    (" {method: intramax}\n", "urban_areas", "give areas"),
    (" {method: nothing}\n", "urban_areas", "network_constraint"),
])  # fmt: skip
def test_faults__stand_at_their_place(tmp_path, methods, place, told):
    with pytest.raises(ScenarioError) as caught:
        zones(study(tmp_path, methods=methods))
    text = "\n".join(str(fault) for fault in caught.value.faults)
    assert place in text
    assert told in text
    assert any(f"study.yaml:{line}" in text for line in (4, 5, 6))


def test_faults__people_must_be_known_for_centres(tmp_path):
    path = study(tmp_path, methods=" {method: network_constraint}\n")
    text = path.read_text(encoding="utf-8").replace("people: people, x", "x")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match="centre_people: 0"):
        zones(path)
    path.write_text(text.replace("constraint}", "constraint, centre_people: 0}"), encoding="utf-8")
    assert zones(path).variants[0].zoning.urban[0].areas


def test_faults__urban_areas_without_flows(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("urban_areas: {method: modularity}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="urban areas come from flows"):
        zones(path)


def test_scenario__keys_are_in_the_schema_and_the_resolved_file_loads_again(tmp_path):
    scenario = load(study(tmp_path), part="zones")
    again = tmp_path / "again.yaml"
    again.write_text(scenario.resolved_yaml(), encoding="utf-8")
    assert load(again, part="zones").resolved_yaml() == scenario.resolved_yaml()


def test_maps__are_drawn_with_places_and_without(tmp_path):
    for name, more in (("places", True), ("ring", False)):
        (tmp_path / name).mkdir()
        path = study(tmp_path / name, methods=" {method: intramax, areas: 5}\n")
        if not more:
            text = path.read_text(encoding="utf-8").replace(", x: x, y: y, crs: EPSG:5179", "")
            path.write_text(text, encoding="utf-8")
        write_divided(zones(path), tmp_path / name / "out")
    assert drawn(tmp_path / "places") == ["flows_commuting.png", "urban_areas_intramax.png"]
    assert drawn(tmp_path / "ring") == ["flows_commuting.png"]


def drawn(folder):
    """The maps of a result, none of them empty."""
    files = sorted((folder / "out" / "zones" / "maps").glob("*.png"))
    assert all(file.stat().st_size > 5_000 for file in files)
    return [file.name for file in files]


def test_functional_urban_area__comes_from_the_people_of_the_scenario(tmp_path):
    # four districts of 10 × 10 km in a row; a dense town of 60,000 in the second, villages elsewhere
    boxes = [shapely.box(950_000 + 10_000 * at, 1_800_000, 960_000 + 10_000 * at, 1_810_000) for at in range(4)]
    gpd.GeoDataFrame({"id": list("ABCD"), "name": list("ABCD")}, geometry=boxes, crs="EPSG:5179").to_file(
        tmp_path / "d.gpkg"
    )
    cells = [(965_500 + 1000 * x, 1_804_500 + 1000 * y, 15_000) for x in (0, 1) for y in (0, 1)]
    cells += [(950_500 + 10_000 * at, 1_800_500, 900) for at in range(4)]
    rows = [f"{at},{x},{y},{people}" for at, (x, y, people) in enumerate(cells)]
    (tmp_path / "p.csv").write_text("id,x,y,n\n" + "\n".join(rows), encoding="utf-8")
    (tmp_path / "f.csv").write_text("a,b,n\nA,B,20\nA,A,80\nB,B,90\nB,C,10\nC,C,86\nC,B,14\nD,B,15\nD,D,85\n")
    path = tmp_path / "s.yaml"
    path.write_text(
        "area: {districts: {type: table, path: d.gpkg, id: id, name: name}}\n"
        "demand: {type: table, path: p.csv, id: id, x: x, y: y, crs: EPSG:5179, groups: {total: n}}\n"
        "flows: {type: table, path: f.csv, from: a, to: b, people: n}\n"
        "urban_areas: {method: functional_urban_area}\n", encoding="utf-8",
    )  # fmt: skip
    zoning = zones(path).variants[0].zoning
    found = zoning.urban[0]
    # A sends 20 % and touches B; C 14 %; D 15 %, but C lies between
    assert found.role == ("surrounding", "centre", "outside", "exclave")
    assert zoning.flows.people.tolist() == [900, 60_900, 900, 900]
    assert any("1 urban centres" in english for _, english in found.notes)
