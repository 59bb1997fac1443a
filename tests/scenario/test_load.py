"""Loading: layers of files and overrides, defaults, the resolved text, and that nothing but ScenarioError comes out."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lifezone.errors import Fault, InputError, ScenarioError
from lifezone.scenario import load, read_draft
from tests.scenario.conftest import SOUND

if TYPE_CHECKING:
    from tests.scenario.conftest import Study

SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_load__gives_a_frozen_spec_with_defaults(study: Study) -> None:
    spec = load(study.write()).spec
    assert spec.seed == 1
    assert spec.area.access.car.limit == 500.0
    assert spec.area.access.car.speed == pytest.approx(3 / 3.6)
    assert (spec.area.access.car.terminal, spec.area.access.walk.terminal) == (180.0, 0.0)
    assert spec.output.layers == ["parquet", "gpkg"]
    assert [variant.name for variant in spec.variants] == ["east", "shut"]
    with pytest.raises(ValueError, match="frozen"):
        spec.seed = 2


def test_load__the_name_of_the_file_stands_in_for_a_title(study: Study) -> None:
    assert load(study.changed(("name: A small study\n", ""))).spec.name == "s"


CONTRACT = """\
name: Where should Hanbit county's second clinic go?
area:
  network: {type: osm_file, path: county.osm.pbf}
  districts: {type: table, path: districts.gpkg, id: code, name: name}
  access: {car: {limit: 500 m, speed: 3 km/h, terminal: 3 min}, walk: {limit: 500 m, speed: 3 km/h}}
demand: {type: raster, path: population_2025.tif, groups: {total: 1, age_65_plus: 2, age_0_6: 3}}
facilities:
  - {type: table, path: clinics.csv, kind: clinic, id: no, x: lon, y: lat, crs: EPSG:4326, capacity: beds}
  - {type: osm, kinds: [elementary_school, public_library, pharmacy]}
standard:
  extends: kr-auri-2019
  requirements:
    - {id: clinic_car, kind: clinic, mode: car, bound: 15 min, group: total, source: county council 2026}
    - {id: pharmacy_road, kind: pharmacy, mode: car, bound: 2 km}
  desert: {functions: {medical: [clinic_car], shopping: [retail]}, at_least: 2, must_have: [medical, shopping],
           link: 1 km, least_people: 50}
variants:
  - {name: clinic-in-the-east, edits: [{open: {kind: clinic, at: [127.41, 36.52]}}]}
  - {name: merge-schools,      edits: [{close: {id: school-17}}, {resize: {id: school-03, capacity: 240}}]}
  - {name: move-library,       edits: [{move: {id: library-1, to: [127.40, 36.50]}}]}
  - {name: new-bridge,         edits: [{road: {add: {from: [127.40, 36.51], to: [127.42, 36.51], way: secondary}}}]}
  - {name: bridge-closed,      edits: [{road: {close: {near: [127.41, 36.51]}}}]}
  - {name: faster,             edits: [{road: {speed: {way: secondary, factor: 1.2}}}]}
output: {layers: [parquet, gpkg], maps: true}
"""


def test_load__takes_every_form_of_the_contract(study: Study) -> None:
    """The example that planners are given; only its files are not here."""
    told = study.faults(study.write(CONTRACT))
    assert [line.split(": ")[0].split(" ")[1] for line in told] == [
        "area.network.path",
        "area.districts.path",
        "demand.path",
    ]
    assert all("there is no file" in line for line in told)


def test_load__terminal_time_stays_when_only_the_limit_is_changed(study: Study) -> None:
    access = load(study.changed(("area:\n", "area:\n  access: {car: {limit: 1 km}}\n"))).spec.area.access
    assert (access.car.limit, access.car.terminal, access.walk.limit) == (1000.0, 180.0, 500.0)


@pytest.mark.parametrize("name", ["동쪽-의원", "a.b_c-1", "École", "2026"])
def test_load__variant_names_may_be_of_any_script(study: Study, name: str) -> None:
    path = study.changed(("name: shut", f"name: '{name}'"))
    assert load(path).spec.variants[1].name == name


def test_extends__mappings_merge_and_lists_replace(study: Study) -> None:
    study.write(name="base.yaml")
    scenario = load(
        study.write(
            "extends: base.yaml\narea: {buffer: 2 km}\ndemand: {groups: {total: old}}\n"
            "variants:\n  - {name: only, edits: [{close: {id: c-2}}]}\n"
        )
    )
    spec: Any = scenario.spec
    assert spec.name == "A small study"
    assert (spec.area.buffer, spec.area.network.path) == (2000.0, "roads.osm")
    assert spec.demand.groups == {"total": "old", "age_65_plus": "old"}
    assert [variant.name for variant in spec.variants] == ["only"]
    assert [file.name for file in scenario.files] == ["base.yaml", "s.yaml"]


def test_extends__nothing_takes_the_default_back(study: Study) -> None:
    study.write("seed: 7\n" + SOUND, name="base.yaml")
    spec = load(study.write("extends: base.yaml\nseed:\nvariants: null\n")).spec
    assert (spec.seed, spec.variants) == (1, [])


def test_extends__another_type_replaces_the_block(study: Study) -> None:
    study.write(name="base.yaml")
    spec: Any = load(study.write("extends: base.yaml\ndemand: {type: roads, people: 500}\n" + STANDARD)).spec
    assert spec.demand.type == "roads"


STANDARD = "standard: {requirements: [{id: a, kind: clinic, mode: car, bound: 5 min}], desert: null}\n"


def test_extends__paths_start_at_the_file_they_are_written_in(study: Study) -> None:
    study.write(name="base.yaml")
    scenario = load(study.write("extends: ../base.yaml\n", name="sub/s.yaml"))
    spec: Any = scenario.spec
    assert spec.area.network.path == "../roads.osm"
    assert (scenario.folder / spec.area.network.path).resolve() == (study.folder / "roads.osm").resolve()


def test_extends__faults_are_told_in_the_file_that_holds_them(study: Study) -> None:
    study.write(SOUND.replace("bound: 5 min", "bound: 5"), name="base.yaml")
    told = study.faults(study.write("extends: base.yaml\nseed: x\n"))
    assert [line.split(" ")[0] for line in told] == ["s.yaml:2:7", "base.yaml:15:56"]


def test_extends__chains_are_followed_and_circles_refused(study: Study) -> None:
    study.write(name="a.yaml")
    study.write("extends: a.yaml\nseed: 2\n", name="b.yaml")
    assert load(study.write("extends: b.yaml\n")).spec.seed == 2
    study.write("extends: s.yaml\n", name="b.yaml")
    assert study.faults(study.write("extends: b.yaml\n" + SOUND)) == [
        "b.yaml:1:10: the scenario extends itself: end this circle"
    ]


def test_set__is_laid_over_last(study: Study) -> None:
    (study.folder / "other.csv").write_text("x", encoding="utf-8")
    sets = [
        "seed=7",
        "facilities.0.path=other.csv",
        "area.buffer=5 km",
        "output.layers=[gpkg]",
        "area.access.car.limit=1 km",
    ]
    spec: Any = load(study.write(), sets).spec
    assert (spec.seed, spec.facilities[0].path, spec.area.buffer) == (7, "other.csv", 5000.0)
    assert (spec.output.layers, spec.area.access.car.limit) == (["gpkg"], 1000.0)


def test_set__nothing_takes_the_default_back(study: Study) -> None:
    spec: Any = load(study.changed(("name: A small study\n", "seed: 5\n")), ["seed=", "demand.id="]).spec
    assert (spec.seed, spec.demand.id) == (1, None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed", "--set: expected key=value such as area.buffer='5 km', got 'seed'"),
        ("=5", "--set: expected key=value"),
        ("a..b=5", "--set: expected key=value"),
        ("facilities.1.path=x", "--set facilities.1.path facilities: '1' is no position in this list; expected 0 to 0"),
        ("facilities.x.path=x", "'x' is no position in this list"),
        ("name.x=1", "--set name.x name: there is a single value here, nothing can be set inside it"),
        ("seed=01", "--set seed: 01 loses its leading zero in YAML: quote it: '01'"),
        ("seed=[1", "--set seed: not valid YAML"),
        ("sed=1", "--set sed sed: unknown key 'sed'; did you mean 'seed'?"),
        ("seed=x", "--set seed seed: expected a whole number, got the text 'x'"),
        ("area.buffer=5", "--set area.buffer area.buffer: expected a length such as '500 m' or '2 km', got 5"),
    ],
)
def test_set__faults_name_the_override(study: Study, text: str, message: str) -> None:
    (told,) = study.faults(study.write(), text)
    assert message in told


def test_resolved__is_told_with_all_defaults_and_loads_again(study: Study) -> None:
    scenario = load(study.write(), ["area.buffer=5 km"])
    text = scenario.resolved_yaml()
    assert "terminal: 180 s" in text
    assert "buffer: 5000 m" in text
    assert "maps: true" in text
    again = load(study.write(text, name="again.yaml"))
    assert again.resolved_yaml() == text
    assert again.spec.area.access.car.speed == pytest.approx(scenario.spec.area.access.car.speed, rel=1e-11)
    assert (again.spec.variants, again.spec.demand) == (scenario.spec.variants, scenario.spec.demand)


def test_resolved__an_override_of_a_preset_stays_one(study: Study) -> None:
    """What is not written comes from the packaged set: written out as null it would wipe the set's figure."""
    path = study.write(SOUND.replace("standard:\n", "standard:\n  extends: kr-auri-2019\n"))
    scenario = load(path)
    again = load(study.write(scenario.resolved_yaml(), name="again.yaml"))
    block, other = scenario.spec.standard, again.spec.standard
    assert block is not None
    assert other is not None
    assert other.model_fields_set == block.model_fields_set
    assert [rule.model_fields_set for rule in other.requirements] == [
        rule.model_fields_set for rule in block.requirements
    ]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12))
@SETTINGS
def test_resolved__any_text_comes_back(study: Study, text: str) -> None:
    again = SOUND.replace("id: c-1}}]}", "id: x}}]}")
    scenario = load(study.write(again), ["name='" + text.replace("'", "''") + "'"])
    assert scenario.spec.name == text
    assert load(study.write(scenario.resolved_yaml(), name="again.yaml")).spec.name == text


def test_options__say_what_was_a_default(study: Study) -> None:
    options = load(study.write(), ["area.buffer=5 km"]).options()
    assert options["area.buffer"] == {"value": "5000 m", "default": False}
    assert options["area.access.car.terminal"] == {"value": "180 s", "default": True}
    assert options["demand.path"] == {"value": "people.csv", "default": False}
    assert not any(key.startswith("variants") for key in options)


def test_locate__falls_back_to_the_nearest_block(study: Study) -> None:
    scenario = load(study.write())
    assert str(scenario.locate(Fault("x", ("demand", "groups", "total")))).startswith(f"{scenario.path}:10:19 ")
    assert scenario.locate(Fault("x", ("demand", "crs"))).line == 4
    assert scenario.locate(Fault("x", ("facilities", 0, "crs"))).line == 12
    assert scenario.locate(Fault("x", ("nowhere",))).line == 1
    assert scenario.locate(Fault("x", ("demand",), file="f.csv", line=9)).line == 9


def test_with_places__turns_a_sources_faults_into_the_scenarios(study: Study) -> None:
    scenario = load(study.write())
    with pytest.raises(ScenarioError) as caught, scenario.with_places(("facilities", 0)):
        raise InputError([Fault("no column", ("x",)), Fault("no kind", ("kind",))])
    assert [(f.line, f.path[-1]) for f in caught.value.faults] == [(12, "kind"), (12, "x")]


def test_draft__leaves_out_what_has_faults_and_remembers_where_the_rest_stood(study: Study) -> None:
    text = SOUND.replace("facilities:\n", "facilities:\n  - {type: table, path: no.csv, kind: clinic}\n")
    scenario, faults = read_draft(study.write(text))
    assert len(faults) == 1
    assert len(scenario.spec.facilities) == 1
    assert scenario.index["facilities"] == (1,)
    located = scenario.locate(Fault("x", ("facilities", 0, "kind")))
    assert (located.path, located.line) == (("facilities", 1, "kind"), 13)


WILD = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.floats()
    | st.text("ab:-한 .'\"{[&*01", max_size=5)
    | st.sampled_from(
        ["01", "5 min", "500 m", [], {}, [1], {"type": "table"}, {"a": {"b": [None]}}, [[1, 2], [3, 4]], "table"]
    )
)


def _blocks(data: Any) -> list[tuple[Any, Any]]:
    """Every (owner, key) of plain data."""
    found: list[tuple[Any, Any]] = []
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        found.append((data, key))
        if isinstance(value, dict | list):
            found += _blocks(value)
    return found


@given(st.integers(0, 10**6), st.lists(WILD, min_size=1, max_size=3))
@SETTINGS
def test_load__wild_values_give_faults_and_nothing_else(study: Study, seed: int, values: list[Any]) -> None:
    data: Any = YAML(typ="safe", pure=True).load(SOUND)
    choose = random.Random(seed)
    for value in values:
        owner, key = choose.choice(_blocks(data))
        action = choose.randrange(3)
        if action == 0:
            owner[key] = value
        elif action == 1 and isinstance(owner, dict):
            owner[choose.choice(["x", "type", "id", "path", "kind", "extends"])] = value
        else:
            del owner[key]
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(data, stream)
    _loads_or_faults(study, stream.getvalue())


@given(st.integers(0, 10**6), st.integers(1, 4))
@SETTINGS
def test_load__mangled_text_gives_faults_and_nothing_else(study: Study, seed: int, times: int) -> None:
    choose, text = random.Random(seed), SOUND
    for _ in range(times):
        at = choose.randrange(len(text))
        end = min(len(text), at + choose.choice([0, 1, 1, 2, 10, 40]))
        text = (
            text[:at]
            + choose.choice(["", ":", "{", "]", "\n", "\t", "-", "'", "&a ", "*a", "!x ", "한", "#", "\x00", "01"])
            + text[end:]
        )
    _loads_or_faults(study, text)


def _loads_or_faults(study: Study, text: str) -> None:
    faults = ()
    with suppress(ScenarioError):
        _, found = read_draft(study.write(text))
        faults = tuple(found)
        load(study.write(text))
    assert all(fault.message and fault.file and "\n" not in str(fault) for fault in faults)
