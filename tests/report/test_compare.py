"""Two results made apart: what differs is named first, then compared as the variants of one run are."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from typer.testing import CliRunner

from lifezone.cli import app
from lifezone.errors import InputError
from lifezone.model import Result, Variant
from lifezone.report.comparison import compare_results, write_comparison
from lifezone.report.comparison_page import comparison_page
from lifezone.report.pages import text
from lifezone.report.saved import open_saved
from lifezone.report.tables import tables_of
from lifezone.report.writing import write
from tests.report import worlds

RUNNER = CliRunner()


def alone(variant, **provenance):
    """A run of one variant alone, as its baseline."""
    return Result(
        "Hanbit", (Variant("baseline", variant.world, variant.assessment),),
        replace(worlds.provenance(), **provenance), maps=False, kinds=worlds.KINDS,
    )  # fmt: skip


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """A run with its variants, and each variant again as a run of its own."""
    folder = tmp_path_factory.mktemp("runs")
    result = worlds.result(maps=False)
    write(result, folder / "all")
    inputs = ({"path": "people.csv", "sha256": "cd", "date": "2026-01"}, {"path": "clinics.csv", "sha256": "ef"})
    write(alone(result.variants[0]), folder / "now")
    write(alone(result.variants[1], inputs=inputs, versions={"numpy": "3", "lifezone": "0.1.0"}), folder / "then")
    return folder, result


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_compare__gives_what_the_run_itself_says_of_its_variant(both) -> None:
    folder, result = both
    made = compare_results(folder / "now", folder / "then").tables
    own = tables_of(result)
    name = result.variants[1].name
    for mine, of_all in ((made.changes, own.changes), (made.winners, own.winners), (made.pushed, own.pushed)):
        theirs = [row for row in of_all if row.variant == name]
        assert len(mine) == len(theirs)
        for one, other in zip(mine, theirs, strict=True):
            for key in one.__dataclass_fields__:
                if key not in ("variant", "served_before", "served_after"):
                    a, b = getattr(one, key), getattr(other, key)
                    assert a == (pytest.approx(b, abs=1e-4) if isinstance(b, float) else b), (key, one)


def test_compare__two_variants_of_one_result(both) -> None:
    folder, result = both
    names = [variant.name for variant in result.variants]
    found = compare_results(folder / "all", folder / "all", before=names[1], after=names[2])
    assert found.names == ("all: clinic-in-the-east", "all: 학교 통합")
    assert [one.what for one in found.differences] == ["edits"]
    with pytest.raises(InputError, match="are one result: say which variants"):
        compare_results(folder / "all", folder / "all")


def test_compare__names_what_differs_in_the_inputs(both) -> None:
    folder, _ = both
    found = {
        (one.part, one.what): (one.before, one.after)
        for one in compare_results(folder / "now", folder / "then").differences
    }
    assert found["file", "people.csv"] == ("ab", "cd")
    assert found["file", "date of people.csv"] == ("2025-12", "2026-01")
    assert found["file", "clinics.csv"] == ("", "ef")
    assert found["version", "numpy"] == ("2", "3")
    assert not any(part in ("standard", "people", "place") for part, _ in found)


def test_compare__other_standards_and_groups_are_named_and_left_out(both, tmp_path) -> None:
    folder, result = both
    before = result.variants[0]
    rules = tuple(
        replace(rule, bound=600.0, optimum=None) if rule.id == "clinic_car" else replace(rule, id=f"{rule.id}_new")
        for rule in worlds.REQUIREMENTS
    )
    test = replace(worlds.DESERT, functions={"medical": ("clinic_car",), "shopping": ("shop_walk_new",)})
    other = worlds.judge(before.world, replace(worlds.STANDARD, requirements=rules, desert=test))
    write(alone(Variant("baseline", before.world, other)), tmp_path / "other")
    found = compare_results(folder / "now", tmp_path / "other")
    told = {one.what: (one.before, one.after) for one in found.differences}
    assert told["clinic_car bound"] == ("15 min", "10 min")
    assert "shop_walk" in told["requirements only in one"][0]
    assert "desert test functions" in told
    assert {row.requirement for row in found.tables.changes} == {"clinic_car", "desert"}
    assert any(note.startswith("only the first judges shop_walk") for note in found.notes)


def test_compare__results_without_a_requirement_in_common_are_refused(both, tmp_path) -> None:
    folder, result = both
    before = result.variants[0]
    rules = tuple(replace(rule, id=f"{rule.id}_new") for rule in worlds.REQUIREMENTS)
    test = replace(worlds.DESERT, functions={"medical": ("clinic_car_new",), "shopping": ("shop_walk_new",)})
    other = worlds.judge(before.world, replace(worlds.STANDARD, requirements=rules, desert=test))
    write(alone(Variant("baseline", before.world, other)), tmp_path / "other")
    with pytest.raises(InputError, match="no requirement of the same id"):
        compare_results(folder / "now", tmp_path / "other")


def test_compare__what_cannot_be_compared_says_why(both, tmp_path) -> None:
    folder, result = both
    with pytest.raises(InputError, match="holds no result of lifezone"):
        compare_results(folder / "now", tmp_path)
    with pytest.raises(InputError, match="no variant 'x' in this result; there are baseline, clinic-in-the-east"):
        compare_results(folder / "now", folder / "all", after="x")
    write(replace(alone(result.variants[0]), layers=("gpkg",)), tmp_path / "bare")
    with pytest.raises(InputError, match=r"cells\.parquet is missing: run it again"):
        compare_results(folder / "now", tmp_path / "bare")
    people = result.variants[0].world.demand
    moved = replace(people, ids=np.array([f"x{i}" for i in range(people.n_points)], object), x_m=people.x_m + 333.0)
    world = replace(result.variants[0].world, demand=moved)
    write(alone(Variant("baseline", world, worlds.judge(world))), tmp_path / "moved")
    with pytest.raises(InputError, match="now and moved cannot be compared: they have no demand point in common"):
        compare_results(folder / "now", tmp_path / "moved")


def test_compare__writes_files_maps_and_a_manifest_the_same_twice(both, tmp_path) -> None:
    folder, _ = both
    made = compare_results(folder / "now", folder / "then")
    hashes = []
    for name in ("one", "two"):
        write_comparison(made, tmp_path / name)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        hashes.append(
            {p.relative_to(tmp_path / name).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
        )
    assert hashes[0] == hashes[1]
    tables = {"differences.csv", "changes.csv", "winners_losers.csv", "pushed_beyond.csv", "cells.parquet"}
    assert {*tables, "manifest.json", "maps/change_clinic_car.png"} == set(hashes[0])
    assert rows_of(tmp_path / "one" / "differences.csv")[0].keys() == {"part", "what", "before: now", "after: then"}
    cells = gpd.read_parquet(tmp_path / "one" / "cells.parquet")
    newly = ~cells["clinic_car_met_before"].fillna(False) & cells["clinic_car_met_after"].fillna(False)
    change = next(
        row for row in rows_of(tmp_path / "one" / "changes.csv")
        if (row["district"], row["requirement"], row["group"]) == ("all", "clinic_car", "total")
    )  # fmt: skip
    assert cells.loc[newly, "people_total_after"].sum() == pytest.approx(float(change["gain"]), abs=1e-6)
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in manifest["comparison"]] == ["now", "then"]
    with pytest.raises(InputError, match="is one of the results compared"):
        write_comparison(made, folder / "now")


def test_compare__prints_the_differences_first_in_both_languages(both, tmp_path) -> None:
    folder, _ = both
    made = compare_results(folder / "now", folder / "then")
    english = text(comparison_page(made, None))
    assert english.startswith("Inputs that differ")
    for part in (
        "people.csv",
        "People within the bound",
        "Primary care",
        "lifted out",
        "Winners and losers",
        "whole area",
    ):
        assert part in english
    korean = text(comparison_page(made, None, language="ko"))
    for part in (
        "두 결과의 입력이 다른 곳",
        "기초 의료",
        "기준 안에 사는 사람",
        "생활사막",
        "누가 얻고 누가 잃나",
        "전체",
    ):
        assert part in korean


def test_compare__by_the_command_line(both, tmp_path) -> None:
    folder, _ = both
    answer = RUNNER.invoke(
        app,
        [
            "compare",
            str(folder / "now"),
            str(folder / "then"),
            "--out",
            str(tmp_path / "c"),
            "--no-maps",
            "-q",
            "--lang",
            "en",
        ],
    )
    assert answer.exit_code == 0, answer.output
    assert "Inputs that differ" in answer.output
    assert (tmp_path / "c" / "changes.csv").is_file()
    assert RUNNER.invoke(app, ["compare", str(folder / "now"), str(tmp_path / "c")]).exit_code == 2
    wrong = RUNNER.invoke(app, ["compare", str(folder / "now"), str(folder / "then"), "--lang", "fr"])
    assert wrong.exit_code == 2
    assert "expected ko or en" in wrong.stderr


def test_saved__comes_back_as_it_was_written(both) -> None:
    folder, result = both
    one, back = result.baseline, open_saved(folder / "all").variant("baseline")
    demand = one.world.demand.take(one.world.demand.inside)
    assert back.world.demand.ids.tolist() == demand.ids.tolist()
    assert back.world.demand.x_m == pytest.approx(demand.x_m)
    assert (back.world.demand.cell_m, back.world.demand.cells) == (100.0, True)
    assert np.array_equal(back.world.demand.people, demand.people)
    assert np.array_equal(back.world.demand.district, demand.district)
    assert back.world.facilities.ids.tolist() == one.world.facilities.ids.tolist()
    assert [rule.id for rule in back.assessment.standard.requirements] == [rule.id for rule in worlds.REQUIREMENTS]
    assert back.assessment.standard.requirements == one.assessment.standard.requirements
    assert back.assessment.standard.desert == one.assessment.standard.desert
    for key, verdicts in one.assessment.verdicts.items():
        assert np.array_equal(back.assessment.verdicts[key].reason, verdicts.reason[one.world.demand.inside])
    assert [desert.people for desert in back.assessment.deserts] == [
        pytest.approx(desert.people) for desert in one.assessment.deserts
    ]
    assert back.world.network.n_segments > 0
