"""Municipalities from files to tables: the line A–B–C–D of D12 on roads, flows, classes, a compact city."""

from __future__ import annotations

import csv
import json
import re

import numpy as np
import pytest
import shapely
from matplotlib import image

from lifezone.errors import LifezoneError
from lifezone.report.console import print_check
from lifezone.report.flows.shapes import frame_of
from lifezone.report.maps.paper import MAP
from lifezone.report.towns.frames import compact_rows
from lifezone.report.zones import print_divided, write_divided
from lifezone.run import check, zones
from lifezone.scenario import load

WIDTH_M = 20_000.0
ORIGIN = (1_000_000.0, 1_800_000.0)
PEOPLE = {"A": 150_000, "B": 90_000, "C": 60_000, "D": 120_000}
BIRTHS = {"A": 280, "B": 200, "C": 120, "D": 250}


def _csv(path, header, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def read_rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def line(tmp_path):
    """Four municipalities in a row, 20 km wide, a straight road at 60 km/h, people at three places each."""
    shapes, people = [], []
    names = list(PEOPLE)
    for at, name in enumerate(names):
        west = ORIGIN[0] + at * WIDTH_M
        box = shapely.box(west, ORIGIN[1] - 5_000, west + WIDTH_M, ORIGIN[1] + 5_000)
        shapes.append({"type": "Feature", "properties": {"id": name, "name": f"{name}-gun"},
                       "geometry": json.loads(shapely.to_geojson(box))})  # fmt: skip
        for part, share in enumerate((0.25, 0.5, 0.25)):
            count, births = PEOPLE[name] * share, BIRTHS[name] * share
            people.append([f"{name}{part}", west + 4_000 + part * 6_000, ORIGIN[1], count, births])
    roads = [(node, ORIGIN[0] + node * 2_000.0) for node in range(len(names) * 10 + 1)]
    ends = [(at, at + 1, x, x + 2_000) for at, x in roads[:-1]]
    links = [
        {"type": "Feature", "properties": {"u": u, "v": v, "kmh": 60},
         "geometry": {"type": "LineString", "coordinates": [[x, ORIGIN[1]], [z, ORIGIN[1]]]}}
        for u, v, x, z in [*ends, *((v, u, z, x) for u, v, x, z in ends)]
    ]  # fmt: skip
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::5179"}}
    for name, features in (("districts", shapes), ("roads", links)):
        text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": features})
        (tmp_path / f"{name}.geojson").write_text(text, encoding="utf-8")
    _csv(tmp_path / "people.csv", ["id", "x", "y", "all", "births"], people)
    _csv(tmp_path / "clinics.csv", ["id", "x", "y"], [["far", ORIGIN[0] - 400_000, ORIGIN[1]]])
    _csv(tmp_path / "libraries.csv", ["id", "x", "y"], [["lib-b", ORIGIN[0] + 30_000, ORIGIN[1]]])
    return tmp_path


SCENARIO = """
name: line
area:
  network: {type: links, path: roads.geojson, speed: kmh}
  districts: {type: table, path: districts.geojson, id: id, name: name}
demand: {type: table, path: people.csv, id: id, x: x, y: y, crs: EPSG:5179, groups: {total: all, births: births}}
facilities:
  - {type: table, path: clinics.csv, kind: delivery_hospital, id: id, x: x, y: y, crs: EPSG:5179}
  - {type: table, path: libraries.csv, kind: library, id: id, x: x, y: y, crs: EPSG:5179}
"""
JOINT = """
alliances:
  people: [200000, 400000]
  joint: [{kind: delivery_hospital, users: births, minimum: 300, bound: 12 min, yearly_cost: 600000000}]
"""


def zones_of(folder, text, **_):
    (folder / "line.yaml").write_text(SCENARIO + text, encoding="utf-8")
    scenario = load(folder / "line.yaml", part="zones")
    found = zones(scenario)
    return found, found.variants[0].zoning


def test_alliances__of_the_line_are_those_worked_by_hand(line):
    _, zoning = zones_of(line, JOINT)
    best = zoning.alliances.partitions[0]
    # centres: the places with most people, 10 km into each; 12 min, 3 of them to and from the car, are 9 km: a site
    # reaches all of its own municipality and nobody of the next one, whose near quarter lives 14 km away. Joint use
    # reaches 300 in AB (480), ABC (600) and BCD (570): the site in the largest member is worth most
    shared = best.alliances[0].shared[0]
    assert (shared.kind, shared.way, shared.need, shared.hub, shared.hub_in) == (
        "delivery_hospital", "joint", 300.0, "centre-A", 0,
    )  # fmt: skip
    assert best.value == 150_000
    assert best.proved
    assert sum(shared.use) >= 300
    assert shared.cost_together == pytest.approx(600e6 / sum(shared.use))
    assert shared.cost_alone[0] == pytest.approx(600e6 / 280)


def test_alliances__ties_go_to_the_people_wanted(line):
    _, zoning = zones_of(line, JOINT)
    best = zoning.alliances.partitions[0]
    # AB and ABC gain the same 150,000; ABC has 300,000 people as wanted: |300 − 300| + |120 − 300| = 180, against
    # |240 − 300| + |60 − 300| + |120 − 300| = 480 thousand of AB, C, D
    assert [one.members for one in best.alliances] == [(0, 1, 2)]


def test_alliances__say_which_limit_kept_whom_out(line):
    _, zoning = zones_of(line, JOINT.replace("[200000, 400000]", "[100000, 240000]"))
    by_name = dict(zip("ABCD", zoning.alliances.refusals, strict=True))
    assert by_name["D"].by_limit["too many people"] >= 1
    assert by_name["A"].admissible == 1  # AB alone: 240,000


def test_alliances__apart_counts_the_trip_between_centres(line):
    _, near = zones_of(line, JOINT + "  apart: 22 min\n")
    assert near.alliances.partitions[0].alliances == ()  # 20 km at 60 km/h, and 3 min to and from the car
    _, enough = zones_of(line, JOINT + "  apart: 23.5 min\n")
    assert [one.members for one in enough.alliances.partitions[0].alliances] == [(0, 1)]


def test_opened_libraries__reach_the_neighbours(line):
    text = "\nalliances:\n  opened: [{kind: library, bound: 12 min}]\n"
    _, zoning = zones_of(line, text)
    best = zoning.alliances.partitions[0]
    # the library stands in the middle of B; the last quarter of A lives 14 km away: 14 min, and 3 for the car
    assert best.alliances == ()
    _, wider = zones_of(line, text.replace("12 min", "18 min"))
    best = wider.alliances.partitions[0]
    assert best.value == 0.25 * 150_000 + 0.25 * 60_000
    assert [one.members for one in best.alliances] == [(0, 1, 2)]
    assert best.alliances[0].gains == (37_500.0, 0.0, 15_000.0)


def test_given_division__is_judged_by_the_same_measures(line):
    _csv(line / "given.csv", ["gun", "life_zone"], [["A", "west"], ["B", "east"], ["C", "east"], ["D", "east"]])
    _, zoning = zones_of(line, JOINT + "  given: {path: given.csv, district: gun, alliance: life_zone}\n")
    given = zoning.alliances.partitions[-1]
    assert given.id == "given"
    assert [one.members for one in given.alliances] == [(1, 2, 3)]
    assert given.value == 120_000
    assert given.gap == pytest.approx(30 / 120)
    assert given.alliances[0].broken == ()


def test_alliance_files__tell_members_gains_and_alternatives(line, tmp_path):
    found, _ = zones_of(line, JOINT)
    out = tmp_path / "out"
    write_divided(found, out)
    rows = read_rows(out / "alliances.csv")
    assert rows[0]["division"] == "best"
    assert rows[0]["members"] == "A;B;C"
    assert rows[0]["gains"] == "A=150000;B=0;C=0"
    assert float(rows[0]["objective"]) == float(rows[0]["bound"]) == 150_000
    assert {one["division"] for one in rows} == {"best", "next_1", "next_2"}
    members = {one["district"]: one for one in read_rows(out / "alliance_members.csv")}
    assert members["D"]["alliance"] == ""
    assert float(members["A"]["instead_loss"]) == 0.0  # A and B alone gain as much
    shared = read_rows(out / "alliance_shared.csv")
    assert {one["kind"] for one in shared} == {"delivery_hospital"}
    assert len(read_rows(out / "alliance_sensitivity.csv")) == 4
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert "alliances.csv" in manifest["files"]
    print_divided(found, out, language="ko")
    again = tmp_path / "again"
    write_divided(found, again)
    assert (out / "alliances.csv").read_bytes() == (again / "alliances.csv").read_bytes()
    assert manifest["variants"][0]["zoning_ko"][0].endswith("이용자 수는 상한값")


def test_alliance_maps__show_the_best_and_the_given_division(line, tmp_path):
    _csv(line / "given.csv", ["gun", "life_zone"], [["A", "west"], ["B", "east"], ["C", "east"], ["D", "east"]])
    found, zoning = zones_of(line, JOINT + "  given: {path: given.csv, district: gun, alliance: life_zone}\n")
    out = tmp_path / "out"
    write_divided(found, out)
    maps = out / "zones" / "maps"
    assert sorted(one.name for one in maps.iterdir()) == ["alliances_best.png", "alliances_given.png"]
    left, top, *_ = MAP
    for name, together, apart in (("best", ("A", "B"), ("A", "D")), ("given", ("B", "D"), ("A", "B"))):
        picture = image.imread(maps / f"alliances_{name}.png")
        x, y = frame_of(zoning.towns, 0.06).pixels(zoning.towns.x_m, zoning.towns.y_m + 0.25 * WIDTH_M)
        seen = {town: picture[round(top + y[at]), round(left + x[at])].tolist() for at, town in enumerate("ABCD")}
        assert seen[together[0]] == seen[together[1]]
        assert seen[apart[0]] != seen[apart[1]]


def test_flows__make_ties_without_being_asked(tmp_path):
    _csv(tmp_path / "flows.csv", ["from", "to", "people"], [
        [a, b, n] for a, row in zip("ABCDE", (
            (900, 40, 20, 10, 30), (300, 600, 50, 0, 50), (120, 60, 800, 0, 20), (60, 0, 20, 920, 0),
            (20, 10, 10, 0, 960),
        ), strict=True) for b, n in zip("ABCDE", row, strict=True) if n
    ])  # fmt: skip
    text = "name: flows\nflows: {type: table, path: flows.csv, from: from, to: to, people: people}\n"
    (tmp_path / "flows.yaml").write_text(text, encoding="utf-8")
    found = zones(load(tmp_path / "flows.yaml", part="zones"))
    write_divided(found, tmp_path / "out")
    ties = {(one["a"], one["b"]): one for one in read_rows(tmp_path / "out" / "ties.csv")}
    assert ties["A", "B"]["class"] == "dependent"
    assert ties["A", "B"]["depends"] == "B"
    assert float(ties["B", "C"]["reciprocity"]) == pytest.approx(2 * 50 / 110)
    assert ties["C", "E"]["class"] == "weak"


def test_service_ties__come_from_life_zones(line):
    flows = [[a, b, 100] for a in "ABCD" for b in "ABCD"]
    _csv(line / "flows.csv", ["from", "to", "people"], flows)
    text = """
flows: {type: table, path: flows.csv, from: from, to: to, people: people}
zones: {functions: [{id: library, kinds: [library], reach: 60 min}]}
ties: {composite: {balance: 1, service: 1}}
"""
    _, zoning = zones_of(line, text)
    ties = zoning.ties[0]
    assert ties.reciprocity == 1.0
    assert ties.services[0, 1].a_in_b == {"library": 1.0}  # all of A is served in B
    assert ties.services[0, 1].reciprocity == 0.0
    assert ties.composite[0] == 0.5


def test_city_classes__from_a_table_alone(tmp_path):
    _csv(tmp_path / "cities.csv", ["id", "name", "people", "before", "made", "served"], [
        ["1", "큰도시", 650_000, 640_000, 40_000, 210_000], ["2", "공업시", 410_000, 405_000, 110_000, 75_000],
        ["3", "작은군", 30_000, 36_000, 2_000, 8_000], ["4", "모름시", "", 36_000, 2_000, 8_000],
    ])  # fmt: skip
    text = """
name: cities
municipalities:
  {path: cities.csv, id: id, name: name, people: people, figures: {before: before, made: made, served: served}}
city_classes: {people_before: before, years: 10, jobs: [made, served], industry: [made], samples: 20}
"""
    (tmp_path / "cities.yaml").write_text(text, encoding="utf-8")
    found = zones(load(tmp_path / "cities.yaml", part="zones"))
    write_divided(found, tmp_path / "out")
    rows = {one["name"]: one for one in read_rows(tmp_path / "out" / "city_classes.csv")}
    assert [rows[one]["class"] for one in ("큰도시", "공업시", "작은군", "모름시")] == [
        "growth_centre", "industrial", "small", "not_classified",
    ]  # fmt: skip
    assert "industrial_lq" in rows["공업시"]["because"]
    assert rows["모름시"]["group"] == ""


def test_compact_city__over_the_years_of_its_variants(line):
    text = """
compact_city: {kinds: [library], mode: car, bound: 5 min, radius: 2 km, years: {baseline: 2020, before: 2000}}
variants:
  - name: before
    edits: [{people: {scale: {factor: 2}}}]
"""
    found, zoning = zones_of(line, text)
    city = zoning.compact
    assert city.chosen == "densest"
    assert city.centre.x_m == pytest.approx(ORIGIN[0] + 10_000)  # half of A's people
    assert city.year.people == 420_000
    assert city.year.centre_people == 75_000
    assert city.walkable.now == {"library": 45_000.0}
    assert city.walkable.all_gathered == 45_000 + 75_000
    assert city.walkable.missing == ("library",)
    assert city.edits[0]["open"]["kind"] == "library"
    rows = compact_rows([(one.name, one.zoning.compact) for one in found.variants])
    assert rows["variant"].tolist() == ["before", "baseline"]
    assert rows["hollowing"].tolist() == [1.0, 1.0]
    assert np.isnan(rows["footprint_km2"]).all()  # single points have no footprint
    assert found.variants[1].zoning.compact.year.people == 840_000


def test_municipalities__hold_the_districts_whose_codes_begin_with_theirs(line):
    """Districts A … D cut in two: the municipalities of a table get shapes, people and neighbours from their halves."""
    features = json.loads((line / "districts.geojson").read_text(encoding="utf-8"))
    halves = []
    for one in features["features"]:
        shape = shapely.from_geojson(json.dumps(one["geometry"]))
        west, south, east, north = shape.bounds
        for part, box in enumerate(
            (shapely.box(west, south, east, 1_800_000.0), shapely.box(west, 1_800_000.0, east, north))
        ):
            halves.append({"type": "Feature", "properties": {"id": f"{one['properties']['id']}{part}", "name": "half"},
                           "geometry": json.loads(shapely.to_geojson(box))})  # fmt: skip
    features["features"] = halves
    (line / "districts.geojson").write_text(json.dumps(features), encoding="utf-8")
    _csv(line / "guns.csv", ["code", "name"], [[one, f"{one}-gun"] for one in "DBCA"])
    _, zoning = zones_of(line, "municipalities: {path: guns.csv, id: code, name: name}" + JOINT)
    assert zoning.towns.districts.ids == ("A", "B", "C", "D")
    best = zoning.alliances.partitions[0]
    assert [one.members for one in best.alliances] == [(0, 1, 2)]
    assert best.alliances[0].people == 300_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("alliances: {joint: [{kind: delivery_hospital, users: babies, minimum: 300}]}", "neither a group of people"),
        ("alliances: {}", "shares nothing gains nothing"),
        ("alliances: {people: [5, 1], joint: [{kind: delivery_hospital, users: births, minimum: 3}]}", "number first"),
        ("alliances: {joint: [{kind: delivery_hospital, users: births, minimum: 0}]}", "minimum"),
        ("alliances: {joint: [{kind: delivery_hospital, users: births, minimum: 3, mode: boat}]}", "no travel times"),
        ("alliances: {joint: [{kind: hospital, users: births, minimum: 3}]}", "no facilities of kind 'hospital'"),
        ("ties: {}", "ties come from flows"),
        ("city_classes: {jobs: [made], industry: [made]}", "no figure 'made'"),
        ("city_classes: {industry: [made]}", "sectors that jobs does not have"),
        ("compact_city: {years: {later: 2040}}", "no variant is called 'later'"),
        ("compact_city: {facility: nowhere}", "no facility 'nowhere'"),
        ("compact_city: {kinds: [clinic]}", "no facilities of kind 'clinic'"),
        ("alliances: {opened: [{kind: library}], given: {path: no.csv, district: a, alliance: b}}", "no.csv"),
    ],
)  # fmt: skip
def test_faults__are_told_with_their_place(line, text, told):
    with pytest.raises(LifezoneError, match=re.escape(told)):
        zones_of(line, "\n" + text + "\n")


def test_check__asks_for_no_standard_where_a_dividing_block_has_a_fault(line):
    text = SCENARIO + "\nalliances: {joint: [{kind: no_such_kind, users: births, minimum: 3}]}\n"
    (line / "line.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(LifezoneError, match="no_such_kind") as told:
        check(line / "line.yaml")
    assert "this block is missing" not in str(told.value)


def test_check__of_flows_alone_asks_for_nothing_else(tmp_path, capsys):
    _csv(tmp_path / "flows.csv", ["from", "to", "people"], [["A", "B", 3], ["A", "A", 90], ["B", "B", 40]])
    text = "name: flows\nflows: {type: table, path: flows.csv, from: from, to: to, peeple: people}\n"
    (tmp_path / "flows.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(LifezoneError, match="peeple") as told:
        check(tmp_path / "flows.yaml")
    assert "this block is missing" not in str(told.value)
    (tmp_path / "flows.yaml").write_text(text.replace("peeple", "people"), encoding="utf-8")
    print_check(check(tmp_path / "flows.yaml"))
    assert "road" not in capsys.readouterr().out


def test_page__does_not_give_few_people_away(tmp_path, capsys):
    _csv(tmp_path / "flows.csv", ["from", "to", "people"],
         [["A", "B", 3], ["B", "A", 60], ["A", "A", 90], ["B", "B", 40]])  # fmt: skip
    text = "name: flows\nflows: {type: table, path: flows.csv, from: from, to: to, people: people}\n"
    (tmp_path / "flows.yaml").write_text(text, encoding="utf-8")
    found = zones(load(tmp_path / "flows.yaml", part="zones"))
    print_divided(found, tmp_path, language="en")
    shown = capsys.readouterr().out
    assert "<10" in shown
    assert "0.0952" not in shown  # the balance 2·3 ÷ 63 would tell the 3
    assert "complementary" not in shown  # no life zones, so nothing is known of services
    print_divided(found, tmp_path, language="en", disclose=True)
    assert "0.0952" in capsys.readouterr().out


def test_service_ties__are_those_of_the_facility_not_of_the_centres_middle(line):
    # one in A, two in B, so near that they are one centre; its middle lies in B
    border = ORIGIN[0] + WIDTH_M
    _csv(line / "libraries.csv", ["id", "x", "y"],
         [[f"lib-{at}", border + away, ORIGIN[1]] for at, away in enumerate((-100, 400, 600))])  # fmt: skip
    _csv(line / "flows.csv", ["from", "to", "people"], [[a, b, 100] for a in "ABCD" for b in "ABCD"])
    text = """
flows: {type: table, path: flows.csv, from: from, to: to, people: people}
zones: {functions: [{id: library, kinds: [library], reach: 60 min}]}
"""
    _, zoning = zones_of(line, text)
    assert (0, 1) not in zoning.ties[0].services  # A and B each use their own
