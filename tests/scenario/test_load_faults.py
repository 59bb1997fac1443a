"""Every fault of structure and reference: its message, its place, and that it hides no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lifezone.errors import ScenarioError
from lifezone.scenario import load

if TYPE_CHECKING:
    from tests.scenario.conftest import Study

SEED = "name: A small study\n"

CASES = {
    "unknown key": ((SEED, f"{SEED}demnd: 1\n"), "s.yaml:2:1 demnd: unknown key 'demnd'; did you mean 'demand'?"),
    "unknown key within": (
        ("  id: id\n", "  ident: id\n"),
        "s.yaml:7:3 demand.ident: unknown key 'ident'; known are blank, cell, crs, district, encoding",
    ),
    "unknown key in a list": (
        ("kind: clinic, id: no", "kind: clinic, idd: no"),
        "s.yaml:12:52 facilities[0].idd: unknown key 'idd'; did you mean 'id'?",
    ),
    "not in this version": (
        (SEED, f"{SEED}dynamics: {{}}\n"),
        "s.yaml:2:1 dynamics: 'dynamics' is not in this version",
    ),
    "an edit of later": (
        ("{close: {id: c-1}}", "{zones: {id: c-1}}"),
        "s.yaml:20:27 variants[1].edits[0].zones: 'zones' is not in this version",
    ),
    "zones in a variant": (
        ("name: shut, edits: [{close: {id: c-1}}]", "name: shut, zones: {}, edits: [{close: {id: c-1}}]"),
        "s.yaml:20:18 variants[1].zones: 'zones' is not in this version",
    ),
    "a report without a layer": (
        (SEED, f"{SEED}output: {{layers: [parquet], report: true}}\n"),
        "s.yaml:2:37 output.report: a report is made from these layers too: add gpkg to output.layers",
    ),
    "a report's format": (
        (SEED, f"{SEED}output: {{report: {{formats: [html, docx]}}}}\n"),
        "s.yaml:2:35 output.report.formats[1]: expected one of html, pdf, xlsx, hwpx, maps, got 'docx'",
    ),
    "a report's language": (
        (SEED, f"{SEED}output: {{report: {{languages: [fr]}}}}\n"),
        "s.yaml:2:31 output.report.languages[0]: expected one of ko, en, got 'fr'",
    ),
    "a report of maps without maps": (
        (SEED, f"{SEED}output: {{maps: false, report: {{formats: [maps]}}}}\n"),
        "s.yaml:2:42 output.report.formats[0]: there are no maps to pack: set output.maps: true",
    ),
    "a report that is text": (
        (SEED, f"{SEED}output: {{report: html}}\n"),
        "s.yaml:2:18 output.report: expected true or false, got the text 'html' or expected a block of keys",
    ),
    "unknown type": (
        ("type: osm_file", "type: osm_fiel"),
        "s.yaml:3:19 area.network.type: unknown type 'osm_fiel': expected one of osm_file, osm_place",
    ),
    "no type": (
        ("{type: osm_file, ", "{"),
        "s.yaml:3:3 area.network: the key 'type' is missing: expected one of osm_file",
    ),
    "missing key": (
        ("kind: clinic, id: no, ", "id: no, "),
        "s.yaml:12:5 facilities[0].kind: this key is missing",
    ),
    "a number for text": (
        ("  id: id\n", "  id: 7\n"),
        "s.yaml:7:7 demand.id: expected text, got 7, which YAML reads as a number: quote it: '7'",
    ),
    "a code with a zero": (
        ("{close: {id: c-1}}", "{close: {id: 01}}"),
        "s.yaml:20:39 variants[1].edits[0].close.id: 01 loses its leading zero in YAML: quote it: '01'",
    ),
    "true for text": (
        ("  x: lon\n", "  x: true\n"),
        "s.yaml:8:6 demand.x: expected text, got true, which YAML reads as true or false: quote it: 'true'",
    ),
    "nothing for text": (("  path: people.csv\n", "  path:\n"), "demand.path: expected text, got nothing"),
    "a list for text": (("  path: people.csv\n", "  path: [a]\n"), "s.yaml:6:3 demand.path: expected text, got a list"),
    "a block for text": (("A small study", "{a: b}"), "s.yaml:1:1 name: expected text, got a block of keys"),
    "text for a number": ((SEED, f"{SEED}seed: one\n"), "s.yaml:2:7 seed: expected a whole number, got the text 'one'"),
    "a quoted number": (
        (SEED, f"{SEED}seed: '7'\n"),
        "s.yaml:2:7 seed: expected a whole number, got the text '7': write 7",
    ),
    "half a number": ((SEED, f"{SEED}seed: 1.5\n"), "s.yaml:2:7 seed: expected a whole number, got a number (1.5)"),
    "a negative seed": ((SEED, f"{SEED}seed: -1\n"), "s.yaml:2:7 seed: expected a number at least 0, got -1"),
    "yes for true": (
        (SEED, f"{SEED}output: {{maps: yes}}\n"),
        "s.yaml:2:16 output.maps: expected true or false, got the text 'yes': write true",
    ),
    "unknown layer": (
        (SEED, f"{SEED}output: {{layers: [parquet, gpk]}}\n"),
        "s.yaml:2:28 output.layers[1]: expected one of parquet, gpkg, geotiff, geojson, xlsx, got 'gpk'; did",
    ),
    "a list due": (
        (SEED, f"{SEED}output: {{layers: gpkg}}\n"),
        "s.yaml:2:18 output.layers: expected a list, got the text 'gpkg'",
    ),
    "a block due": (
        (SEED, f"{SEED}output: all\n"),
        "s.yaml:2:9 output: expected a block of keys, got the text 'all'",
    ),
    "no unit": (
        ("bound: 5 min", "bound: 5"),
        "s.yaml:15:56 standard.requirements[0].bound: expected a time such as '15 min' or a length such as '500 m' or "
        "'2 km', got 5 without a unit",
    ),
    "no unit, and an optimum": (
        ("bound: 5 min", "bound: 5, optimum: 2 min"),
        "s.yaml:15:56 standard.requirements[0].bound: expected a time such as '15 min' or a length such as '500 m' or "
        "'2 km', got 5 without a unit",
    ),
    "wrong unit": (("bound: 5 min", "bound: 5 kg"), "standard.requirements[0].bound: expected a time such as"),
    "negative quantity": (("bound: 5 min", "bound: -5 min"), "it must be finite and not negative"),
    "access without unit": (
        ("area:\n", "area:\n  access: {car: {limit: 500}}\n"),
        "s.yaml:3:25 area.access.car.limit: expected a length such as '500 m' or '2 km', got 500 without a unit",
    ),
    "buffer without unit": (
        ("area:\n", "area:\n  buffer: 5000\n"),
        "s.yaml:3:11 area.buffer: expected a length such as '500 m' or '2 km', got 5000 without a unit",
    ),
    "degrees as study CRS": (
        ("area:\n", "area:\n  crs: EPSG:4326\n"),
        "s.yaml:3:8 area.crs: EPSG:4326 is not projected in metres: write for example EPSG:5179",
    ),
    "feet as study CRS": (("area:\n", "area:\n  crs: EPSG:2263\n"), "area.crs: EPSG:2263 is not projected in metres"),
    "a box inside out": (
        ("area:\n", "area:\n  bbox: [127.5, 36, 127.3, 37]\n"),
        "s.yaml:3:3 area.bbox: expected [west, south, east, north] with west < east and south < north, got [127.5, 36",
    ),
    "half a box": (("area:\n", "area:\n  bbox: [127.5]\n"), "s.yaml:3:3 area.bbox: expected at least 4 entries, got 1"),
    "two areas": (
        ("area:\n", "area:\n  bbox: [127, 36, 128, 37]\n  districts: {type: table, path: people.csv, id: id}\n"),
        "s.yaml:2:1 area: give either districts or bbox: the area is what the districts cover",
    ),
    "no such CRS": (("area:\n", "area:\n  crs: EPSG:99999\n"), "area.crs: unknown coordinate system 'EPSG:99999'"),
    "no such mode": (
        ("area:\n", "area:\n  access: {bike: {limit: 500 m}}\n"),
        "s.yaml:3:12 area.access.bike: unknown key 'bike'; known are bicycle, car, walk",
    ),
    "missing file": (
        ("path: people.csv", "path: peeple.csv"),
        "s.yaml:6:9 demand.path: there is no file peeple.csv in .",
    ),
    "missing roads": (
        ("path: roads.osm", "path: road.osm"),
        "s.yaml:3:35 area.network.path: there is no file road.osm",
    ),
    "a file on the net": (
        ("path: people.csv", "path: https://x.y/p.csv"),
        "s.yaml:6:9 demand.path: 'https://x.y/p.csv' is not a local file: download it first",
    ),
    "unknown kind of a source": (
        ("kind: clinic, id", "kind: clinnic, id"),
        "s.yaml:12:44 facilities[0].kind: unknown kind 'clinnic': did you mean clinic?",
    ),
    "unknown kind of a rule": (
        ("{id: clinic_car, kind: clinic,", "{id: clinic_car, kind: klinik,"),
        "s.yaml:15:30 standard.requirements[0].kind: unknown kind 'klinik'",
    ),
    "unknown kind of an edit": (
        ("{open: {kind: clinic,", "{open: {kind: clinc,"),
        "s.yaml:19:40 variants[0].edits[0].open.kind: unknown kind 'clinc': did you mean clinic?",
    ),
    "unknown group": (
        ("group: age_65_plus", "group: age_65plus"),
        "s.yaml:16:71 standard.requirements[1].group: demand.groups does not count 'age_65plus'; did you mean",
    ),
    "unknown anchor": (
        ("any_of: [clinic_car,", "any_of: [clinic_cra,"),
        "s.yaml:17:21 standard.desert.any_of[0]: unknown requirement 'clinic_cra': did you mean clinic_car?",
    ),
    "unknown preset": (
        ("standard:\n", "standard:\n  extends: kr-auri-2091\n"),
        "s.yaml:14:12 standard.extends: unknown standard 'kr-auri-2091': did you mean kr-auri-2019?",
    ),
    "a rule written twice": (
        ("{id: clinic_walk,", "{id: clinic_car,"),
        "s.yaml:16:12 standard.requirements[1].id: requirement 'clinic_car' is written twice: keep one",
    ),
    "two variants of one name": (
        ("name: shut", "name: East"),
        "s.yaml:20:12 variants[1].name: variants[0] is called 'East' too: give each its own name",
    ),
    "the name baseline": (
        ("name: shut", "name: Baseline"),
        "s.yaml:20:12 variants[1].name: 'Baseline' is the name of the world as it is: choose another",
    ),
    "a name of Windows": (
        ("name: shut", "name: con.x"),
        "s.yaml:20:12 variants[1].name: 'con.x' is reserved by Windows: choose another name",
    ),
    "a name of a file of results": (
        ("name: shut", "name: Summary.csv"),
        "s.yaml:20:12 variants[1].name: 'Summary.csv' is what a folder of results holds anyway: choose another name",
    ),
    "a name with a slash": (
        ("name: shut", "name: a/b c"),
        "variants[1].name: a variant's name is letters, digits, - _ and . ; 'a/b c' has ' ' '/'",
    ),
    "a name that ends in a dot": (("name: shut", "name: a."), "does not end with a dot, got 'a.'"),
    "a name too long": (("name: shut", "name: " + "a" * 61), "has 60 characters at most, this one 61"),
    "no edits": (
        ("edits: [{close: {id: c-1}}]", "edits: []"),
        "s.yaml:20:18 variants[1].edits: expected something here",
    ),
    "two keys in an edit": (
        ("{close: {id: c-1}}", "{close: {id: c-1}, move: {id: c-1, to: [127, 36]}}"),
        "variants[1].edits[0]: an edit is a map of one key, got close and move: write 2 entries",
    ),
    "no such edit": (
        ("{close: {id: c-1}}", "{clos: {id: c-1}}"),
        "s.yaml:20:27 variants[1].edits[0].clos: unknown key 'clos'; did you mean 'close'?",
    ),
    "text for an edit": (
        ("{close: {id: c-1}}", "close"),
        "variants[1].edits[0]: expected an edit: a map of one key (open, close, merge, move, resize, hours, mobile, "
        "people, road), got 'close'",
    ),
    "swapped coordinates": (
        ("at: [127.42, 36.52]", "at: [36.52, 127.42]"),
        "s.yaml:19:48 variants[0].edits[0].open.at: [36.52, 127.42] is not [longitude, latitude] in degrees; longitude "
        "comes first: swap the two",
    ),
    "half a place": (("at: [127.42, 36.52]", "at: [127.42]"), "expected a place [longitude, latitude] in degrees"),
    "no demand at all": (("demand:\n", "output:\n"), "demand: this block is missing: where do people live?"),
    "an anchor": (("  id: id\n", "  id: &x id\n"), "s.yaml:7:7 demand.id: the anchor &x is not allowed"),
    "an extended file that is not there": (
        (SEED, f"{SEED}extends: other.yaml\n"),
        "s.yaml:2:10: other.yaml: there is no such file",
    ),
    "a list of extended files": (
        (SEED, f"{SEED}extends: [a.yaml]\n"),
        "extends: expected the path of one scenario file, got ['a.yaml']",
    ),
    "an extended circle": (
        (SEED, f"{SEED}extends: s.yaml\n"),
        "s.yaml:2:10: the scenario extends itself: end this circle",
    ),
    "a kind with a bad key, asked for": (
        (SEED, f"{SEED}kinds: {{Kiosk: {{ko: 발급기}}}}\n"),
        "kinds.Kiosk: 'Kiosk': a kind's key is lower-case letters",
    ),
    "a new kind without a name": ((SEED, f"{SEED}kinds: {{spa: {{}}}}\n"), "kinds.spa: a new kind needs a name"),
}


@pytest.mark.parametrize(("change", "message"), CASES.values(), ids=CASES.keys())
def test_load__tells_this_fault_at_its_place(study: Study, change: tuple[str, str], message: str) -> None:
    told = [line for line in study.faults(study.changed(change)) if message in line]
    assert len(told) == 1, study.faults(study.changed(change))
    assert told[0].startswith("s.yaml:")


ONE_EACH = [name for name in CASES if name not in {"no demand at all", "a rule written twice"}]
"""Two of the changes make a second mistake."""


@pytest.mark.parametrize("name", ONE_EACH)
def test_load__one_mistake_is_one_fault(study: Study, name: str) -> None:
    assert len(study.faults(study.changed(CASES[name][0]))) == 1


TEN = """\
name: Ten faults
seed: one
area:
  network: {type: osm_fiel, path: roads.osm}
  buffer: 5000
demand: {type: table, path: peeple.csv, x: lon, y: lat, groups: {total: people}}
facilities:
  - {type: table, path: clinics.csv, kind: klinic, id: no, x: lon, y: lat}
standard:
  requirements:
    - {id: a, kind: clinic, mode: cra, bound: 5 min}
    - {id: b, kind: clinic, mode: car, bound: 5 min, group: elderly}
  desert: {any_of: [a, c], at_least: 1}
variants:
  - {name: con, edits: [{open: {kind: clinic, at: [36.5, 127.4]}}]}
"""


TEN_PLACES = [
    "s.yaml:2:7 seed",
    "s.yaml:4:19 area.network.type",
    "s.yaml:5:11 area.buffer",
    "s.yaml:6:29 demand.path",
    "s.yaml:8:44 facilities[0].kind",
    "s.yaml:11:35 standard.requirements[0].mode",
    "s.yaml:12:61 standard.requirements[1].group",
    "s.yaml:13:24 standard.desert.any_of[1]",
    "s.yaml:15:12 variants[0].name",
    "s.yaml:15:47 variants[0].edits[0].open.at",
]


def test_load__ten_faults_are_ten_lines_with_their_places(study: Study) -> None:
    assert [line.split(": ")[0] for line in study.faults(study.write(TEN))] == TEN_PLACES


def test_load__a_wrong_type_checks_nothing_inside_but_the_siblings(study: Study) -> None:
    told = study.faults(
        study.changed(
            ("type: osm_file, path: roads.osm", "type: osm, pth: x"),
            ("x: lon\n", "x: 5\n"),
            ("bound: 5 min", "bound: 5"),
        )
    )
    assert [line.split(": ")[0].split(" ")[1] for line in told] == [
        "area.network.type",
        "demand.x",
        "standard.requirements[0].bound",
    ]


def test_load__every_block_that_a_run_needs_is_asked_for(study: Study) -> None:
    told = study.faults(study.write("name: nothing\n"))
    assert [line.split(": ")[0] for line in told] == [
        "s.yaml:1:1 area.network",
        "s.yaml:1:1 demand",
        "s.yaml:1:1 facilities",
        "s.yaml:1:1 standard",
    ]


@pytest.mark.parametrize("text", ["- 1\n", "just text\n", "5\n"])
def test_load__what_is_no_block_of_keys_is_told(study: Study, text: str) -> None:
    assert study.faults(study.write(text)) == [
        "s.yaml:1:1: a scenario is a block of keys such as 'name:' and 'demand:'"
    ]


def test_load__syntax_errors_stand_alone(study: Study) -> None:
    """Half a file would only give false alarms about what is missing."""
    told = study.faults(study.write("name: x\narea: {network: [\n"))
    assert len(told) == 1
    assert "s.yaml:3:1: not valid YAML" in told[0]


def test_load__a_missing_scenario_is_told(study: Study) -> None:
    with pytest.raises(ScenarioError, match=r"no\.yaml: there is no such file"):
        load(study.folder / "no.yaml")
