"""From scenario to world: where it lies, how far it is loaded, in which order, and every source's faults at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from lifezone.errors import ScenarioError
from lifezone.model import Requirement, Standard
from lifezone.scenario import build, gather, load
from lifezone.scenario.frame import buffer_of, clip_of, frame_of, walk_speed_of
from tests.scenario.conftest import LAT, LON, SOUND
from tests.scenario.test_load_faults import TEN, TEN_PLACES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scenario.conftest import Study

WEST = [[LON - 0.002, LAT - 0.002], [LON + 0.011, LAT - 0.002], [LON + 0.011, LAT + 0.022], [LON - 0.002, LAT + 0.022]]


def with_districts(study: Study, *pairs: tuple[str, str]) -> Path:
    """The sound scenario with one district that holds the west half: places a and c."""
    feature = {
        "type": "Feature",
        "properties": {"code": "01", "name": "서읍"},
        "geometry": {"type": "Polygon", "coordinates": [[*WEST, WEST[0]]]},
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    (study.folder / "districts.geojson").write_text(text, encoding="utf-8")
    block = "area:\n  districts: {type: table, path: districts.geojson, id: code, name: name}\n"
    return study.changed(("area:\n", block), *pairs)


def faults_of(path: Path) -> list[str]:
    scenario, _, faults = gather(path)
    return [str(fault).replace(f"{scenario.folder}/", "") for fault in scenario.error(faults).faults]


def test_build__makes_the_world_that_is_written(study: Study) -> None:
    built = build(load(study.write()))
    world = built.world
    assert world.crs == "EPSG:5179"
    assert (world.network.n_vertices, world.network.n_segments) == (9, 12)
    assert world.demand.ids.tolist() == ["a", "b", "c", "d"]
    assert world.demand.people.sum(axis=0).tolist() == [160.0, 60.0]
    assert world.facilities.ids.tolist() == ["c-1", "c-2"]
    assert (world.districts.ids, world.districts.polygon, world.area) == (("all",), None, None)
    assert world.demand.district.tolist() == [0, 0, 0, 0]
    assert (world.access["car"].limit_m, world.access["car"].terminal_s, world.access["walk"].terminal_s) == (
        500,
        180,
        0,
    )
    assert [rule.id for rule in built.standard.requirements] == ["clinic_car", "clinic_walk"]
    assert [record["path"] for record in built.inputs] == ["roads.osm", "people.csv", "clinics.csv"]
    assert "walking at 3 km/h, the default" in built.notes
    # 5 min at 60 km/h are 5 km; the walk of 1 km is nearer.
    told = "loaded to 5 km beyond the area, as far as the standard reaches (clinic_car, 5 min by car)"
    assert told in built.notes
    assert world.notes == built.notes


def test_build__twice_gives_the_same(study: Study) -> None:
    scenario = load(study.write())
    one, two = build(scenario), build(scenario)
    assert one.notes == two.notes
    assert one.inputs == two.inputs
    assert one.world.network.seconds["car"].tobytes() == two.world.network.seconds["car"].tobytes()


def test_build__districts_bound_the_area_and_neighbours_stay(study: Study) -> None:
    world = build(load(with_districts(study))).world
    assert (world.districts.ids, world.districts.name) == (("01",), ("서읍",))
    assert world.demand.district.tolist() == [0, -1, 0, -1]
    assert world.area is not None
    # 0.013 degrees of longitude at 36.51 N are 1,164 m, 0.024 of latitude 2,663 m (pyproj.Geod): 3.10 km².
    assert world.area.area == pytest.approx(1_164 * 2_663, rel=0.01)


def test_build__what_lies_beyond_the_buffer_is_left_out_and_told(study: Study) -> None:
    built = build(load(with_districts(study, ("area:\n", "area:\n  buffer: 100 m\n"))))
    assert built.world.demand.ids.tolist() == ["a", "c"]
    assert "loaded to 0.1 km beyond the area, as the scenario says" in built.notes
    assert any("50 people" in note and "left out" in note for note in built.notes)
    # Roads are loaded twice as far as a point may be off its road (500 m) beyond that, so that whatever hangs on a road
    # within the buffer is known; of the nine junctions only the three in the west have no street that leads out.
    network = built.world.network
    assert network.n_segments == 12
    assert network.beyond is not None
    assert sorted(np.flatnonzero(~network.beyond).tolist()) == [0, 3, 6]


def test_build__a_box_bounds_the_area_where_there_are_no_districts(study: Study) -> None:
    box = f"area:\n  bbox: [{LON - 0.002}, {LAT - 0.002}, {LON + 0.011}, {LAT + 0.022}]\n"
    world = build(load(study.changed(("area:\n", box)))).world
    assert world.demand.district.tolist() == [0, -1, 0, -1]
    assert world.districts.ids == ("all",)
    assert world.area is not None
    assert world.area.area == pytest.approx(1_164 * 2_663, rel=0.01)


def test_build__the_study_crs_may_be_given(study: Study) -> None:
    built = build(load(study.changed(("area:\n", "area:\n  crs: EPSG:5186\n"))))
    assert built.world.crs == "EPSG:5186"
    assert "coordinates: EPSG:5186" in built.notes
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:5186", always_xy=True).transform(LON, LAT)
    assert (built.world.demand.x_m[0], built.world.demand.y_m[0]) == pytest.approx((x, y), abs=1e-3)


def test_build__facilities_follow_one_another_in_the_order_written(study: Study) -> None:
    (study.folder / "more.csv").write_text("id,lon,lat\nz,127.41,36.51\n", encoding="utf-8")
    more = "facilities:\n  - {type: table, path: more.csv, kind: library, id: id, x: lon, y: lat, open: false}\n"
    facilities = build(load(study.changed(("facilities:\n", more)))).world.facilities
    assert facilities.ids.tolist() == ["z", "c-1", "c-2"]
    assert facilities.kinds == ("library", "clinic")
    assert facilities.open.tolist() == [False, True, True]


def test_build__an_id_in_two_sources_is_a_fault(study: Study) -> None:
    (study.folder / "more.csv").write_text("no,lon,lat\nc-2,127.41,36.51\n", encoding="utf-8")
    again = "standard:\n"
    more = "  - {type: table, path: more.csv, kind: library, id: no, x: lon, y: lat}\nstandard:\n"
    (told,) = faults_of(study.changed((again, more)))
    assert told.startswith("s.yaml:13:54 facilities[1].id: c-2: these ids stand in facilities[0] too; ids must differ")


def test_build__no_road_in_the_area_is_a_fault(study: Study) -> None:
    """A box 22 km north-east of the nine junctions holds people, but no road."""
    (study.folder / "people.csv").write_text("id,lon,lat,people,old\na,127.7,36.7,5,1\n", encoding="utf-8")
    (told,) = faults_of(study.changed(("area:\n", "area:\n  bbox: [127.6, 36.6, 127.8, 36.8]\n")))
    assert told.startswith("s.yaml:")
    assert "area.network: roads.osm: no road lies in the area or around it" in told


def test_build__people_may_live_along_the_roads(study: Study) -> None:
    start, end = SOUND.index("demand:"), SOUND.index("facilities:")
    text = SOUND[:start] + "demand: {type: roads, people: 900, groups: {age_65_plus: 50 %}}\n" + SOUND[end:]
    built = build(load(study.write(text)))
    assert built.world.demand.total.sum() == pytest.approx(900)
    assert built.world.demand.modelled
    assert not any("beyond the area" in note for note in built.notes)  # no area: the network is kept whole


def test_build__people_of_cells_may_be_spread(study: Study) -> None:
    path = study.changed(("  y: lat\n", "  y: lat\n  cell: 2 km\n  spread: {spacing: 100 m}\n"))
    demand = build(load(path)).world.demand
    assert demand.n_points > 50
    assert demand.people.sum(axis=0) == pytest.approx([160.0, 60.0])


RURAL = ("kind: clinic, mode: car, bound: 5 min", "kind: clinic, mode: car, bound: 5 min, setting: rural")


def test_build__settings_go_by_density_when_the_standard_needs_them(study: Study) -> None:
    built = build(load(study.changed(RURAL)))
    assert not built.world.demand.urban.any()
    assert any(note.startswith("urban and rural points are told apart by density") for note in built.notes)


def test_build__settings_may_go_by_the_names_of_districts(study: Study) -> None:
    by = ("standard:\n", "standard:\n  setting: {by: names}\n")
    assert not build(load(with_districts(study, by))).world.demand.urban.any()
    (told,) = faults_of(study.changed(by))
    assert told.startswith("s.yaml:14:17 standard.setting.by: settings by names need districts with names")


def test_gather__tells_the_faults_of_all_sources_in_one_pass(study: Study) -> None:
    (study.folder / "roads.osm").write_text("<osm", encoding="utf-8")
    (study.folder / "clinics.csv").write_text("no,lon,lat,beds\nc-1,127.4,36.5,-3\n", encoding="utf-8")
    told = faults_of(
        study.changed(
            ("age_65_plus: old", "age_65_plus: elderly"),
            ("id: no,", "id: no, capacity: beds,"),
            ("name: shut", "name: con"),
        )
    )
    assert [line.split(" ")[0] for line in told] == ["s.yaml:3:35", "s.yaml:10:40", "s.yaml:12:70", "s.yaml:20:12"]
    assert [line.split(" ")[1] for line in told] == [
        "area.network.path:",
        "demand.groups.age_65_plus:",
        "facilities[0].capacity:",
        "variants[1].name:",
    ]


def test_gather__ten_faults_of_structure_stay_ten(study: Study) -> None:
    """Nothing is left to tell where the study lies; that only follows and is not told."""
    assert [line.split(": ")[0] for line in faults_of(study.write(TEN))] == TEN_PLACES


def test_gather__a_bad_entry_does_not_shift_the_places_of_the_next(study: Study) -> None:
    (study.folder / "clinics.csv").write_text("no,lon,lat\nc-1,127.4,36.5\nc-1,127.4,36.5\n", encoding="utf-8")
    bad = "facilities:\n  - {type: table, path: none.csv, kind: clinic}\n"
    told = faults_of(study.changed(("facilities:\n", bad)))
    assert [line.split(" ")[:2] for line in told] == [
        ["s.yaml:12:25", "facilities[0].path:"],
        ["s.yaml:13:56", "facilities[1].id:"],
    ]


def test_gather__what_only_follows_from_another_fault_is_not_told(study: Study) -> None:
    (study.folder / "people.csv").write_text("id,lon,lat,people,old,code\na,127.4,36.5,100,20,01\n", encoding="utf-8")
    told = faults_of(with_districts(study, ("  x: lon\n", "  district: code\n  x: lon\n"), ("id: code", "id: kode")))
    assert len(told) == 1
    assert "area.districts.id: " in told[0]


def test_gather__facilities_that_ask_the_roads_wait_for_sound_roads(study: Study) -> None:
    osm = ("facilities:\n", "facilities:\n  - {type: osm, kinds: [pharmacy]}\n")
    told = faults_of(study.changed(osm, ("path: roads.osm", "path: no.osm")))
    assert len(told) == 1


def test_gather__a_sound_scenario_has_no_faults(study: Study) -> None:
    scenario, built, faults = gather(study.write(), ["seed=3"])
    assert faults == []
    assert built is not None
    assert built.scenario is scenario
    assert built.options["seed"] == {"value": 3, "default": False}


def test_build__asks_for_blocks_that_are_missing(study: Study) -> None:
    scenario, _ = __import__("lifezone.scenario", fromlist=["read_draft"]).read_draft(study.write("name: x\n"))
    with pytest.raises(ScenarioError, match="this block is missing: where do people live"):
        build(scenario)


def rule(mode: str, bound: float | None, metric: Any = "time") -> Requirement:
    return Requirement(f"{mode}_{metric}", ("clinic",), mode, bound, metric)


@pytest.mark.parametrize(
    ("rules", "metres"),
    [
        ([], 0),
        ([rule("car", None)], 0),
        ([rule("car", 900)], 15_000),  # 15 min at 60 km/h
        ([rule("walk", 900)], 900 * 3 / 3.6),  # 15 min at 3 km/h = 750 m
        ([rule("walk", 800, "length"), rule("walk", 900)], 800),
        ([rule("car", 2000, "length"), rule("walk", 3600)], 3000),  # an hour's walk
        ([rule("car", 1800)], 30_000),
        ([rule("car", 3600)], 30_000),  # 60 km, capped
    ],
)
def test_buffer__follows_from_the_farthest_requirement(rules: list[Requirement], metres: float) -> None:
    buffer = buffer_of(Standard("x", tuple(rules)), None, 3 / 3.6)
    assert buffer.metres == pytest.approx(metres)


def test_buffer__the_cap_is_told() -> None:
    buffer = buffer_of(Standard("x", (rule("car", 3600),)), None, 1.0)
    assert buffer.told.startswith(
        "loaded to 30 km beyond the area; the standard reaches to 60 km (car_time, 60 min by car)"
    )
    assert buffer_of(Standard("x", (rule("car", 3600),)), 45_000.0, 1.0).metres == 45_000
    whole = buffer_of(Standard("x", (rule("car", 1800),)), None, 1.0)
    assert "set area.buffer" not in whole.told  # 30 min at 60 km/h are 30 km: nothing is cut off


def test_walk_speed__the_scenario_comes_before_the_standard() -> None:
    standard = Standard("x", (), walk_mps=1.5)
    assert walk_speed_of(1.2, standard)[0] == 1.2
    assert walk_speed_of(None, standard)[0] == 1.5
    assert walk_speed_of(None, Standard("x", ()))[0] == pytest.approx(3 / 3.6)


@pytest.mark.parametrize("buffer_m", [0.0, 50.0, 15_000.0])
def test_clip__holds_everything_within_the_buffer(buffer_m: float) -> None:
    area = shapely.union(
        shapely.box(950_000, 1_800_000, 960_000, 1_830_000), shapely.box(955_000, 1_810_000, 980_000, 1_812_000)
    )
    clip = clip_of(area, buffer_m, "EPSG:5179")
    assert clip is not None
    assert clip.is_valid
    ring = shapely.get_coordinates(shapely.segmentize(shapely.buffer(area, max(buffer_m - 1, -1)), 300).exterior)
    lon, lat = Transformer.from_crs("EPSG:5179", "EPSG:4326", always_xy=True).transform(ring[:, 0], ring[:, 1])
    assert shapely.contains_xy(clip, lon, lat).all()
    far = shapely.get_coordinates(shapely.buffer(area, buffer_m * 1.03 + 5).exterior)
    lon, lat = Transformer.from_crs("EPSG:5179", "EPSG:4326", always_xy=True).transform(far[:, 0], far[:, 1])
    assert not shapely.contains_xy(clip, lon, lat).any()


def test_clip__no_area_keeps_everything() -> None:
    assert clip_of(None, 1000.0, "EPSG:5179") is None


def test_frame__finds_the_metric_crs_and_the_area() -> None:
    frame = frame_of((1.4, 42.4, 1.8, 42.7), None, is_area=True)
    assert frame.crs == "EPSG:32631"  # Andorra: UTM zone 31 north
    assert frame.area is not None
    # On the WGS 84 ellipsoid this box measures 1,095 km² (pyproj.Geod); UTM is off by under 0.1 % here.
    lon, lat = np.array([1.4, 1.8, 1.8, 1.4]), np.array([42.4, 42.4, 42.7, 42.7])
    geodesic = shapely.segmentize(shapely.polygons(np.column_stack([lon, lat])), 0.01)
    assert frame.area.area == pytest.approx(abs(Geod(ellps="WGS84").geometry_area_perimeter(geodesic)[0]), rel=2e-3)
    assert frame_of((1.4, 42.4, 1.8, 42.7), None, is_area=False).area is None
