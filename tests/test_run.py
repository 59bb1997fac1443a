"""The main job from end to end: the demo by the command line, its contract, the same bytes twice, exit codes."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from typer.testing import CliRunner

from lifezone.cli import app
from lifezone.run import run
from lifezone.standards import preset_ids

RUNNER = CliRunner()
DEMO = Path(__file__).parents[1] / "lifezone" / "demo.yaml"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's result folder."""
    folder = tmp_path_factory.mktemp("demo") / "결과 폴더"
    answer = RUNNER.invoke(app, ["demo", "--out", str(folder), "--quiet"])
    assert answer.exit_code == 0, answer.output
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def content(folder: Path) -> dict[str, str]:
    """The hash of every file; the manifest without its section ``run``."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.name == "manifest.json":
                manifest = json.loads(data)
                manifest.pop("run")
                data = json.dumps(manifest, sort_keys=True).encode()
            found[path.relative_to(folder).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


def test_demo__leaves_every_file_of_the_contract(out: Path) -> None:
    variants = ["baseline", "clinic-in-the-east", "school-closed"]
    expected = ["manifest.json", "scenario.resolved.yaml", "summary.csv", "deserts.csv", "changes.csv", "result.gpkg"]
    expected += [f"{variant}/{name}" for variant in variants for name in ("cells.parquet", "facilities.parquet")]
    expected += ["report.ko.html", "report.en.html"]
    assert [name for name in expected if not (out / name).is_file()] == []
    assert len(list((out / "baseline" / "maps").glob("*.png"))) > 20
    assert (out / "baseline" / "maps" / "deserts.png").is_file()
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [variant["name"] for variant in manifest["variants"]] == variants


def test_demo__cells_agree_with_the_summary(out: Path) -> None:
    cells = gpd.read_parquet(out / "baseline" / "cells.parquet")
    summary = rows_of(out / "summary.csv")
    mine = next(
        row
        for row in summary
        if (row["variant"], row["district"], row["requirement"], row["group"])
        == ("baseline", "all", "clinic_car", "total")
    )
    met = cells["clinic_car_met"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    judged = cells["clinic_car_met"].notna().to_numpy()
    people = cells["people_total"].to_numpy()
    assert float(mine["people"]) == people.sum() == 30_000
    assert float(mine["judged"]) == people[judged].sum()
    assert float(mine["covered"]) == people[met].sum()
    minutes = cells["clinic_car_minutes"].to_numpy(dtype=float)
    assert (minutes[met] <= 15 + 1e-6).all()
    assert (minutes[judged & ~met & np.isfinite(minutes)] > 15).all()
    assert float(mine["mean_minutes"]) == pytest.approx(
        np.average(minutes[np.isfinite(minutes)], weights=people[np.isfinite(minutes)]), rel=1e-6
    )


def test_demo__a_new_clinic_helps_some_and_harms_nobody(out: Path) -> None:
    change = next(
        row
        for row in rows_of(out / "changes.csv")
        if (row["variant"], row["district"], row["requirement"], row["group"])
        == ("clinic-in-the-east", "all", "clinic_car", "total")
    )
    assert float(change["gain"]) > 100
    assert float(change["lose"]) == 0
    assert float(change["minutes"]) < 0


def test_demo__a_closed_school_harms_some_and_helps_nobody(out: Path) -> None:
    changes = [row for row in rows_of(out / "changes.csv") if row["variant"] == "school-closed"]
    assert sum(float(row["gain"]) for row in changes) == 0
    assert any(float(row["lose"]) > 0 for row in changes if row["district"] == "all")


def test_demo__deserts_hold_the_people_that_cells_say(out: Path) -> None:
    cells = gpd.read_parquet(out / "baseline" / "cells.parquet")
    listed = [row for row in rows_of(out / "deserts.csv") if row["variant"] == "baseline"]
    assert len(listed) > 3
    by_label = cells[cells["desert"].notna()].groupby("desert")["people_total"].sum()
    assert sum(float(row["people_total"]) for row in listed) == by_label.sum()
    assert float(listed[0]["people_total"]) == by_label.max()


def test_demo__the_geopackage_opens_with_layers_of_every_variant(out: Path) -> None:
    layers = {str(name) for name, _ in pyogrio.list_layers(out / "result.gpkg")}
    assert {"cells_baseline", "facilities_baseline", "districts_baseline", "deserts_baseline", "roads"} <= layers


def test_demo__again_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    answer = RUNNER.invoke(app, ["demo", "--out", str(tmp_path / "again"), "--quiet"])
    assert answer.exit_code == 0, answer.output
    assert content(out) == content(tmp_path / "again")


def test_run__another_seed_is_another_county() -> None:
    one, two = (run(DEMO, sets=[f"area.network.seed={seed}", "variants=[]"]) for seed in (1, 2))
    assert one.baseline.world.demand.total.sum() > 90_000
    assert not np.array_equal(one.baseline.world.network.x_m, two.baseline.world.network.x_m)


def test_run__writes_over_its_own_result_and_nothing_else(out: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("years of work", encoding="utf-8")
    answer = RUNNER.invoke(app, ["run", str(DEMO), "--out", str(tmp_path / "mine"), "--quiet"])
    assert answer.exit_code == 2
    assert "mine" in answer.output
    assert (tmp_path / "mine" / "thesis.doc").read_text(encoding="utf-8") == "years of work"


def test_check__says_that_a_good_scenario_is_good() -> None:
    answer = RUNNER.invoke(app, ["check", str(DEMO), "--quiet"])
    assert answer.exit_code == 0, answer.output


def test_check__lists_faults_of_every_block_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(
        "name: bad\n"
        "area:\n"
        "  network: {type: synthetic, size: county}\n"
        "  districts: {type: synthetic}\n"
        "  bufer: 3 km\n"
        "demand: {type: synthetic}\n"
        "facilities:\n"
        "  - {type: table, path: nowhere.csv, kind: clinic, x: x, y: y}\n"
        "standard:\n"
        "  extends: kr-county\n"
        "  requirements: [{id: a, kind: clinc, mode: car, bound: 15}]\n"
        "variants:\n"
        "  - {name: v, edits: [{close: {id: nobody}}]}\n",
        encoding="utf-8",
    )
    answer = RUNNER.invoke(app, ["check", str(path), "--quiet"])
    assert answer.exit_code == 2
    lines = [line for line in answer.output.splitlines() if line.startswith(str(path))]
    places = [line.removeprefix(f"{path}:").split(" ")[0] for line in lines]
    assert [place.split(":")[0] for place in places] == ["5", "8", "11", "11"], answer.output
    assert "buffer" in lines[0]
    assert "nowhere.csv" in lines[1]
    assert any("clinic" in line for line in lines[2:])
    assert any("15" in line and "min" in line for line in lines[2:])


def test_run__faults_of_edits_are_told_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "edits.yaml"
    text = DEMO.read_text(encoding="utf-8").replace("close: {id: elementary_school-10}", "close: {id: no-such-school}")
    path.write_text(text, encoding="utf-8")
    answer = RUNNER.invoke(app, ["run", str(path), "--out", str(tmp_path / "out"), "--quiet"])
    assert answer.exit_code == 2
    line = next(at for at, line in enumerate(text.splitlines(), 1) if "no-such-school" in line)
    assert f"{path}:{line}:" in answer.output
    assert not (tmp_path / "out").exists()


def test_explain__sums_to_the_minutes_of_the_cell(out: Path) -> None:
    cells = gpd.read_parquet(out / "baseline" / "cells.parquet")
    row = cells[cells["clinic_car_met"].notna() & cells["clinic_car_minutes"].notna()].iloc[7]
    place = gpd.GeoSeries([row.geometry.centroid], crs=cells.crs).to_crs(4326).iloc[0]
    answer = RUNNER.invoke(app, ["explain", str(out), "--at", f"{place.x},{place.y}"])
    assert answer.exit_code == 0, answer.output
    assert str(row["id"]) in answer.output
    lines = answer.output.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("clinic_car"))
    end = next(at for at in range(start + 1, len(lines)) if not lines[at].startswith(" "))
    assert f"{row['clinic_car_minutes']:.1f} min" in lines[start + 1]
    legs = [float(line.split(" min")[0]) for line in lines[start + 2 : end]]
    assert sum(legs) == pytest.approx(row["clinic_car_minutes"], abs=0.05 * len(legs) + 0.05)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--at", "somewhere"], "expected LON,LAT"),
        (["--at", "36.5,127.4"], "longitude comes first"),
        (["--at", "126.0,35.0"], "lives within 2 km"),
        (["--at", "127.4,36.5", "--variant", "none"], "no variant 'none'"),
    ],
)
def test_explain__refuses_what_it_cannot_explain(out: Path, arguments: list[str], message: str) -> None:
    answer = RUNNER.invoke(app, ["explain", str(out), *arguments])
    assert answer.exit_code == 2
    assert message in answer.output


def test_explain__a_result_of_a_changed_scenario_is_refused(out: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(out, copy)
    resolved = copy / "scenario.resolved.yaml"
    resolved.write_text(resolved.read_text(encoding="utf-8").replace("seed: 1", "seed: 9"), encoding="utf-8")
    answer = RUNNER.invoke(app, ["explain", str(copy), "--at", "127.40,36.52"])
    assert answer.exit_code == 2
    assert "changed" in answer.output


def test_standards__are_listed_and_shown() -> None:
    listed = RUNNER.invoke(app, ["standards"])
    assert listed.exit_code == 0
    for preset in preset_ids():
        assert preset in listed.output
    shown = RUNNER.invoke(app, ["standards", "kr-rural-2020"])
    assert shown.exit_code == 0
    assert "60 min" in shown.output
    assert RUNNER.invoke(app, ["standards", "kr-rural"]).exit_code == 2


def test_schema__is_json() -> None:
    answer = RUNNER.invoke(app, ["schema"])
    assert answer.exit_code == 0
    assert json.loads(answer.output)["title"]


def test_standards__diff_tells_whose_verdict_a_convention_changes(out: Path, tmp_path: Path) -> None:
    told = RUNNER.invoke(
        app,
        ["standards", "diff", "urban_elementary", "urban_elementary: 3 km/h", "--result", str(out), "--out",
         str(tmp_path / "diff.csv"), "--quiet"],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    mine = next(row for row in rows_of(tmp_path / "diff.csv") if (row["district"], row["group"]) == ("all", "total"))
    row = next(
        row for row in rows_of(out / "conventions.csv")
        if (row["variant"], row["district"], row["requirement"]) == ("baseline", "all", "urban_elementary")
    )  # fmt: skip
    for name, other in (("judged", "judged"), ("only_first", "only_modelled"), ("only_second", "only_official")):
        assert float(mine[name]) == float(row[other])
    assert float(row["differs"]) > 0


def test_standards__diff_of_texts_and_what_it_refuses() -> None:
    told = RUNNER.invoke(app, ["standards", "diff", "kr-auri-2019", "kr-molit-2018-notice"])
    assert told.exit_code == 0
    assert "bound 10 min → 15 min; optimum – → 10 min" in told.output
    assert "only in kr-molit-2018-notice" in told.output
    for words in (["diff", "kr-auri-2019"], ["diff", "kr-auri-2019", "nothing"], ["kr-auri-2019", "city-15"]):
        assert RUNNER.invoke(app, ["standards", *words]).exit_code == 2


def test_demo__tells_gaps_conventions_and_items(out: Path) -> None:
    cells = gpd.read_parquet(out / "baseline" / "cells.parquet")
    people = cells["people_total"].to_numpy()
    gaps = {
        row["what"]: float(row["concerned"]) for row in rows_of(out / "gaps.csv")
        if (row["variant"], row["district"], row["group"]) == ("baseline", "all", "total")
    }  # fmt: skip
    assert gaps["gap"] == people[cells["gap"]].sum()
    assert gaps["deep"] == people[cells["deep"]].sum() < gaps["desert"] <= gaps["gap"]
    level = cells["rural_clinic_level"]
    summary = next(
        row for row in rows_of(out / "summary.csv")
        if (row["variant"], row["district"], row["requirement"], row["group"])
        == ("baseline", "all", "rural_clinic", "total")
    )  # fmt: skip
    for name, column in (("below", "below_minimum"), ("between", "between"), ("optimum", "at_optimum")):
        assert float(summary[column]) == people[(level == name).fillna(False).to_numpy(dtype=bool)].sum()
    items = rows_of(out / "items.csv")
    assert len(items) == 12
    assert all(row["note"].startswith("not assessed") for row in items)
