"""Studies of ids and ready-made times alone: nobody needs a place where no place is asked for."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

from benchmarks.pmed import MEDIANS, pmed
from lifezone.cli import app
from lifezone.errors import ScenarioError
from lifezone.run import plans
from lifezone.scenario import build, load

SITING = "kind: clinic, method: p_median, choose: 5, candidates: {type: closed}"
PEOPLE = "demand: {type: table, path: people.csv, id: id, groups: {total: total}}"
SITES = "{type: table, path: sites.csv, kind: clinic, id: id, open: open}"
TIMES = "times: {type: table, path: times.csv, from: point, to: place, seconds: seconds}"
LINE = {"a": 10, "b": 20, "c": 30}


def written(folder, siting, *, people=PEOPLE, sites=SITES, times=TIMES, more=""):
    path = folder / "study.yaml"
    text = f"name: ids\n{people}\nfacilities: [{sites}]\n{times}\n{more}variants:\n"
    path.write_text(text + f"  - {{name: plan, siting: {{{siting}}}}}\n", encoding="utf-8")
    return path


@pytest.fixture
def study(tmp_path):
    """Write three points in a row, a clinic at the first, land at the two others; nobody has coordinates."""
    rows = [f"{p},{place},{abs(m - n) * 60}" for n, p in enumerate("abc") for m, place in enumerate(("s1", "L1", "L2"))]
    for name, lines in (
        ("people", ["id,total,old,part,lon,lat", *(f"{p},{LINE[p]},{n},north,{127 + n / 100},36.5"
                                                   for n, p in enumerate("abc"))]),
        ("times", ["point,place,seconds", *rows, "a,b,60", "b,b,0", "c,b,60"]),
        ("sites", ["id,open,lon,lat", "s1,true,127,36.5"]), ("land", ["id,owner", "L1,국유", "L2,사유"]),
    ):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


LAND = "{type: places, path: land.csv, id: id, public: owner}"


def faults_of(path):
    with pytest.raises(ScenarioError) as told:
        plans(path)
    return [str(fault) for fault in told.value.faults]


@pytest.mark.shared
def test_ids_alone__pmed1_from_tables_to_its_published_optimum(shared, tmp_path):
    pairs = pmed(shared / "verification" / "pmed", 1).pairs
    lines = [f"p{i},c{j},{cost:g}" for i, j, cost in zip(pairs.row.tolist(), pairs.site.tolist(), pairs.cost.tolist(),
                                                         strict=True)]  # fmt: skip
    for name, head, rows in (
        ("people", "id,total", [f"p{i},1" for i in range(100)]), ("times", "point,place,seconds", lines),
        ("sites", "id,open", [f"c{j},false" for j in range(100)]),
    ):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["siting", str(written(tmp_path, SITING)), "--out", str(out), "--quiet"])
    assert done.exit_code == 0, done.output
    plan = json.loads((out / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert (plan["objective"], plan["bound"], plan["gap"], plan["status"]) == (MEDIANS[0], MEDIANS[0], 0, "optimal")
    assert len(plan["opened"]) == 5
    assert all(claim["ok"] for claim in plan["audit"])
    assert {(site["lon"], site["lat"]) for site in plan["sites"]} == {(None, None)}
    with (out / "plan" / "plan.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {(row["lon"], row["lat"]) for row in csv.DictReader(stream)} == {("", "")}
    assert not (out / "result.gpkg").exists()
    assert not (out / "plan" / "maps").exists()
    told = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["warnings"]
    assert any("no coordinates are given" in one for one in told)


@pytest.mark.parametrize(
    ("candidates", "opened", "objective"),
    [  # with s1: 20 people a minute away and 30 two; L1 leaves the 30 a minute, L2 (or b itself) the 20 (the 30)
        (LAND, ("L2",), 20 * 60), ("{type: demand}", ("at-b",), 30 * 60),
    ],
)  # fmt: skip
def test_ids_alone__candidates_of_tables_and_points_have_their_times(study, candidates, opened, objective):
    path = written(study, f"kind: clinic, method: p_median, choose: 1, candidates: {candidates}")
    found = plans(path).plans[0][2]
    assert (found.opened, found.plan.objective) == (opened, objective)


def test_ids_alone__everybody_is_in_the_study(study):
    world = build(load(written(study, f"kind: clinic, method: p_median, choose: 1, candidates: {LAND}"),
                       part="siting")).world  # fmt: skip
    assert world.demand.district.tolist() == [0, 0, 0]
    assert world.demand.total.sum() == 60


def test_people_without_places__facilities_may_have_theirs(study):
    sites = SITES.replace("id: id", "id: id, x: lon, y: lat")
    path = written(study, f"kind: clinic, method: p_median, choose: 1, candidates: {LAND}", sites=sites)
    found = plans(path).plans[0][2]
    assert {use.id: round(use.lon, 6) == 127 for use in found.sites} == {"s1": True, "L2": False}
    assert found.opened == ("L2",)


def test_facilities_without_places__people_may_have_theirs(study, tmp_path):
    people = PEOPLE.replace("id: id", "id: id, x: lon, y: lat")
    path = written(study, f"kind: clinic, method: p_median, choose: 1, candidates: {LAND}", people=people)
    done = CliRunner().invoke(app, ["siting", str(path), "--out", str(tmp_path / "out"), "--quiet"])
    assert done.exit_code == 0, done.output
    assert not (tmp_path / "out" / "plan" / "maps").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("candidates: {type: centres}", "people have no coordinates"),
        (f"candidates: {LAND}, exclude: {{distance: [{{kind: clinic, at_least: 1 km}}]}}", "without coordinates"),
        (f"candidates: {LAND}, exclude: {{slope: {{above: 15 %, heights: {{type: raster, path: times.csv}}}}}}",
         "without coordinates"),
        ("candidates: {type: nodes_of, way: [primary]}", "no road is of class"),
    ],
)  # fmt: skip
def test_ids_alone__what_asks_for_places_says_so(study, more, words):
    path = written(study, f"kind: clinic, method: p_median, choose: 1, {more}")
    told = faults_of(path)
    assert any(words in one for one in told), told
    assert all(one.startswith(f"{path}:") for one in told)


@pytest.mark.parametrize(
    ("siting", "words"),
    [
        ("method: backup_cover, choose: 1, bound: 5 min, second_apart: 1 km", "how far sites stand apart is not known"),
        ("method: p_dispersion, choose: 2, between: {type: straight_line}", "straight lines between sites"),
    ],
)
def test_separations__need_places(study, siting, words):
    told = faults_of(written(study, f"kind: clinic, {siting}, candidates: {LAND}"))
    assert any(words in one for one in told), told


def test_tables_without_places__are_a_fault_where_roads_are_asked(study):
    more = "area: {network: {type: links, path: times.csv}}\n"
    told = faults_of(written(study, f"kind: clinic, method: p_median, choose: 1, candidates: {LAND}", more=more))
    assert any("people.csv has no geometry: name its columns x and y" in one for one in told), told


def test_cells__need_their_middle(study):
    people = PEOPLE.replace("id: id", "id: id, cell: 100 m")
    told = faults_of(written(study, f"kind: clinic, method: p_median, choose: 1, candidates: {LAND}", people=people))
    assert any("give x and y too" in one for one in told), told


def test_run__needs_places_still(study, tmp_path):
    more = "standard: {requirements: [{id: c, kind: clinic, mode: car, bound: 10 min}]}\n"
    path = written(study, f"kind: clinic, method: p_median, choose: 1, candidates: {LAND}", more=more)
    done = CliRunner().invoke(app, ["run", str(path), "--out", str(tmp_path / "out"), "--quiet"])
    assert done.exit_code == 2
    assert "has no geometry: name its columns x and y" in " ".join(done.output.split())
