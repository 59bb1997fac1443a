"""A variant may bring its own people, facilities or standard: another year, another rule book; the rest stays."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.errors import ScenarioError
from lifezone.report import tables_of
from lifezone.report.manifest import manifest_of
from lifezone.run import check, run, variants_of
from lifezone.scenario import build, load
from tests.scenario.conftest import SOUND

EAST = "  - {name: east, edits: [{open: {kind: clinic, at: [127.42, 36.52]}}]}\n"
PEOPLE = "{type: table, path: later.csv, id: id, x: lon, y: lat, groups: {total: people, age_65_plus: old}}"
STRICT = "{requirements: [{id: clinic_car, kind: clinic, mode: car, bound: 4 min}], walk_speed: 4 km/h}"


def written(study, variant):
    (study.folder / "later.csv").write_text(
        "id,lon,lat,people,old\nb,127.42,36.50,25,20\na,127.40,36.50,60,30\ne,127.41,36.52,8,1\n", encoding="utf-8"
    )
    (study.folder / "soon.csv").write_text("no,lon,lat\nk-1,127.42,36.52\n", encoding="utf-8")
    return study.write(SOUND.replace(EAST, f"  - {variant}\n"))


def alternative(path):
    built = build(load(path))
    return built, variants_of(built)[1]


def test_variant__people_of_another_year(study) -> None:
    built, other = alternative(written(study, f"{{name: later, demand: {PEOPLE}}}"))
    assert other.world.demand.ids.tolist() == ["b", "a", "e"]
    assert other.world.network is built.world.network
    assert other.world.facilities is built.world.facilities
    assert other.told == ("other people: 93 in the area, 160 in the baseline",)
    assert [entry["path"] for entry in built.inputs].count("later.csv") == 1
    result = run(written(study, f"{{name: later, demand: {PEOPLE}, edits: [{{close: {{id: c-1}}}}]}}"))
    assert result.variants[1].edits[1] == "close c-1"
    rows = {
        (r.requirement, r.group): r for r in tables_of(result).changes if (r.variant, r.district) == ("later", "all")
    }
    row = rows["clinic_car", "total"]
    assert (row.people, row.people_after) == (150, 85)


def test_variant__facilities_of_another_year_and_edits_meet_them(study) -> None:
    soon = "{type: table, path: soon.csv, kind: clinic, id: no, x: lon, y: lat}"
    built, other = alternative(written(study, f"{{name: soon, facilities: [{soon}]}}"))
    assert other.world.facilities.ids.tolist() == ["k-1"]
    assert other.world.demand is built.world.demand
    path = written(study, f"{{name: soon, facilities: [{soon}], edits: [{{close: {{id: c-1}}}}]}}")
    with pytest.raises(
        ScenarioError, match=r"s\.yaml:19:\d+ variants\[0\]\.edits\[0\]\.close\.id: no facility has the id"
    ):
        check(path)


def test_variant__another_standard_judges_it_at_its_own_walking_speed(study) -> None:
    built, other = alternative(written(study, f"{{name: strict, standard: {STRICT}}}"))
    assert [rule.bound for rule in other.standard.requirements] == [240]
    assert other.told[0].startswith("judged by scenario")
    assert other.world.network is built.world.network  # the scenario's own standard assumes no speed of its own
    path = written(study, f"{{name: strict, standard: {STRICT}}}")
    text = path.read_text(encoding="utf-8").replace("  desert:", "  walk_speed: 3 km/h\n  desert:")
    built, other = alternative(study.write(text))
    walk = other.world.network.seconds["walk"] / built.world.network.seconds["walk"]
    assert walk == pytest.approx(np.full(24, 3 / 4))
    assert other.world.network.seconds["car"] is built.world.network.seconds["car"]
    assert "walking at 4 km/h, as the standard assumes" in other.told


def test_variant__another_standard_is_compared_where_ids_are_shared_and_told_in_the_manifest(study) -> None:
    result = run(written(study, f"{{name: strict, standard: {STRICT}}}"))
    rows = [row for row in tables_of(result).changes if row.variant == "strict"]
    assert {row.requirement for row in rows} == {"clinic_car"}
    manifest = manifest_of(result, {})
    assert "standard" not in manifest["variants"][0]
    assert manifest["variants"][1]["standard"]["requirements"][0]["bound"] == 240
    assert "standard" not in manifest["variants"][2]


def test_variant__what_is_loaded_does_for_the_widest_standard(study) -> None:
    wide = "{requirements: [{id: far, kind: clinic, mode: car, bound: 25 min}]}"
    built = build(load(written(study, f"{{name: wide, standard: {wide}}}")))
    assert any("loaded to 25 km beyond" in note for note in built.notes)


def test_variant__its_blocks_come_back_from_the_resolved_file(study) -> None:
    scenario = load(written(study, f"{{name: both, standard: {STRICT}, demand: {PEOPLE}}}"))
    again = load(study.write(scenario.resolved_yaml(), "again.yaml"))
    assert again.spec.variants == scenario.spec.variants
    assert again.resolved_yaml() == scenario.resolved_yaml()


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        ("{name: none}", "variants[0]: a variant needs edits, e.g. edits: [{close: {id: school-17}}], or"),
        ("{name: x, standard: {extends: kr-cunty}}", "variants[0].standard.extends: unknown standard 'kr-cunty'"),
        ("{name: x, demand: {type: table, path: no.csv, id: id, x: lon, y: lat, groups: {total: people}}}",
         "variants[0].demand.path: there is no file no.csv"),
        ("{name: x, demand: {type: table, path: later.csv, id: idd, x: lon, y: lat, groups: {total: people}}}",
         "variants[0].demand.id: later.csv has no column 'idd'"),
        ("{name: x, facilities: [{type: table, path: soon.csv, kind: clinc}]}",
         "variants[0].facilities[0].kind: unknown kind 'clinc': did you mean clinic?"),
        ("{name: x, edits: [{open: {from: {type: table, path: no.csv, kind: clinic}}}]}",
         "variants[0].edits[0].open.from.path: there is no file no.csv"),
        ("{name: x, edits: [{mobile: {kind: clinc, id: b, stops: [{at: [127.4, 36.5], days: [Mo]}]}}]}",
         "variants[0].edits[0].mobile.kind: unknown kind 'clinc'"),
        ("{name: x, edits: [{road: {area: {path: flood.gpkg, close: true}}}]}",
         "variants[0].edits[0].road.area.path: there is no file flood.gpkg"),
    ],
)  # fmt: skip
def test_variant__faults_are_told_at_their_place(study, variant, message) -> None:
    with pytest.raises(ScenarioError) as caught:
        check(written(study, variant))
    assert any(message in str(fault) and fault.line == 19 for fault in caught.value.faults), str(caught.value)
