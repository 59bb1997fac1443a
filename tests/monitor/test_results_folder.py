"""Results of runs as figures of an edition: the same shares and classes that the run itself wrote."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lifezone.errors import ScenarioError
from lifezone.monitor.series import Why
from lifezone.monitoring import monitor
from lifezone.report import write
from lifezone.run import run

SCENARIO = Path(__file__).parents[2] / "scenarios" / "clinic-in-the-east.yaml"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real run, and beside it a study of its districts."""
    folder = tmp_path_factory.mktemp("results")
    write(run(SCENARIO, sets=("output.maps=false", "output.layers=[parquet]")), folder / "run")
    ids = [row["district"] for row in rows(folder / "run" / "classes.csv") if row["variant"] == "baseline"]
    (folder / "d.csv").write_text("code\n" + "\n".join(one for one in ids if one != "all"), encoding="utf-8")
    return folder


def _of_district(note: str) -> str:
    """What a note says of the district's class (``boundary: B to A by …``), not of its lowest requirement's."""
    return "".join(part for part in note.split("; ") if part.startswith("boundary: ") and len(part.split(" ")[1]) == 1)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def study(folder: Path, *editions: str, extra: str = "") -> Path:
    lines = "\n".join(f"  - {{edition: {2015 + 5 * at}, results: {{{one}}}}}" for at, one in enumerate(editions))
    path = folder / "study.yaml"
    path.write_text(f"districts: {{table: {{path: d.csv, id: code}}}}\neditions:\n{lines}\n{extra}", encoding="utf-8")
    return path


def test_shares_and_classes__are_those_of_the_run(result: Path) -> None:
    series = monitor(study(result, "path: run", "path: run, variant: both")).series
    for edition, variant in enumerate(("baseline", "both")):
        own = {row["district"]: row for row in rows(result / "run" / "classes.csv") if row["variant"] == variant}
        mean, met = series.of("national_minimum_class")[:, edition], series.of("national_minimum_share")[:, edition]
        klass = series.klass[:, edition, series.at("national_minimum_class")]
        for at, district in enumerate(series.ids):
            row = own[district]
            assert mean[at] == pytest.approx(100 * float(row["mean_share"]), abs=1e-6)
            assert met[at] == pytest.approx(100 * float(row["all_met_share"]), abs=1e-6)
            if edition == 0:
                assert "DCBA"[klass[at]] == row["class"]
                boundary = series.is_boundary[at, 0, series.at("national_minimum_class")]
                assert boundary == bool(_of_district(row["note"]))
        assert series.whole[edition, series.at("national_minimum_class")] == pytest.approx(
            100 * float(own["all"]["mean_share"]), abs=1e-6
        )
        assert any(series.is_boundary[:, 0, series.at("national_minimum_class")])
        summary = {
            (row["district"], row["requirement"]): row for row in rows(result / "run" / "summary.csv")
            if row["variant"] == variant and row["group"] == "total"
        }  # fmt: skip
        clinic = series.of("soc_access:clinic_car")[:, edition]
        expected = [float(summary[district, "clinic_car"]["coverage"]) for district in series.ids]
        np.testing.assert_allclose(clinic, 100 * np.array(expected), atol=1e-6)
    assert series.indicators[series.at("soc_access:clinic_car")].group == "policy"


def test_merged_districts__share_is_that_of_their_people(result: Path) -> None:
    ids = [row["code"] for row in rows(result / "d.csv")]
    changes = f"date,old,new\n2018-01-01,{ids[0]},new\n2018-01-01,{ids[1]},new\n"
    (result / "changes.csv").write_text(changes, encoding="utf-8")
    (result / "d2.csv").write_text("code\nnew\n" + "\n".join(ids[2:]), encoding="utf-8")
    path = study(result, "path: run", "path: run, codes: 2015", extra="code_changes: {path: changes.csv}\n")
    path.write_text(path.read_text(encoding="utf-8").replace("d.csv", "d2.csv"), encoding="utf-8")
    series = monitor(path).series
    of_two = [row for row in rows(result / "run" / "summary.csv")
              if (row["variant"], row["requirement"], row["group"]) == ("baseline", "clinic_car", "total")
              and row["district"] in ids[:2]]  # fmt: skip
    covered, judged = (sum(float(row[key]) for row in of_two) for key in ("covered", "judged"))
    np.testing.assert_allclose(series.of("soc_access:clinic_car")[0], [100 * covered / judged] * 2)


def changed(result: Path, name: str, change: Any) -> Path:
    """A copy of the run with another manifest."""
    copy = result / name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(result / "run", copy)
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return copy


def test_modelled_runs_and_other_rules__are_not_classed_and_are_told(result: Path) -> None:
    changed(result, "modelled", lambda manifest: manifest["modelled"].update(network="surrogate roads"))

    def stricter(manifest: Any) -> None:
        next(one for one in manifest["standard"]["requirements"] if one["id"] == "clinic_car")["bound"] = 60.0

    changed(result, "stricter", stricter)
    series = monitor(study(result, "path: modelled", "path: stricter")).series
    at = series.at("national_minimum_class")
    assert (series.klass[:, 0, at] == -1).all()
    assert (series.klass[:, 1, at] >= 0).all()
    assert any("the standard differs from that of 2015 in clinic_car" in note for note in series.notes)


def test_class__sticks_within_two_points_of_where_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("code\n01\n", encoding="utf-8")
    shares = [8900, 9050, 9101, 8999, 8890]  # B; +1.5 stays B; +2.01 is A; −1.02 stays A; −2.11 is B again
    for at, covered in enumerate(shares):
        folder = tmp_path / f"r{at}"
        folder.mkdir()
        (folder / "summary.csv").write_text(
            "variant,district,requirement,group,judged,covered\n"
            f"baseline,all,r,total,10000,{covered}\nbaseline,01,r,total,10000,{covered}\n", encoding="utf-8"
        )  # fmt: skip
        manifest = {
            "program": "lifezone", "modelled": {"demand": "", "network": ""}, "estimated_groups": [],
            "standard": {"requirements": [{"id": "r", "name_ko": "의원", "name_en": "Clinic"}]},
            "variants": [{"name": "baseline", "folder": "baseline", "requirements": {"r": {"group": "total"}}}],
        }  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    series = monitor(study(tmp_path, *(f"path: r{at}" for at in range(5)))).series
    for indicator in ("national_minimum_class", "soc_access:r"):
        assert ["DCBA"[at] for at in series.klass[0, :, series.at(indicator)].tolist()] == ["B", "B", "A", "A", "B"]
    assert not series.has("national_minimum_share")
    assert any("no cells.parquet" in note for note in series.notes)
    assert series.why[0, 0, series.at("soc_access:r")] == Why.COMPUTED


@pytest.mark.parametrize(
    ("results", "says"),
    [
        ("path: runn", "there is no folder runn: did you mean 'run'?"),
        ("path: run, variant: bot", "has no variant 'bot': did you mean 'both'?"),
        ("path: .", "is no result of lifezone run: it has no manifest.json and no summary.csv"),
        ("path: broken", "broken/manifest.json is not that of a lifezone run"),
    ],
)
def test_faults__say_what_is_wrong_with_the_folder(result: Path, results: str, says: str) -> None:
    broken = changed(result, "broken", lambda manifest: None)
    (broken / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        monitor(study(result, results))
    assert says in str(caught.value)
    assert "study.yaml:3:" in str(caught.value)
