"""What a report is made from: tables with their own types, names in one language, faults of a damaged folder."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest

from lifezone.errors import InputError
from lifezone.report import frames, tables_of, write
from lifezone.report.contract import ALWAYS, columns_of, read_table
from lifezone.report.labels import group_label, study_label
from lifezone.report.material import Material, material_of
from lifezone.report.sheets import write_table
from lifezone.report.told_always import caveats, notices
from lifezone.report.words import texts_of
from lifezone.run import run
from lifezone.standards.rows import SummaryRow
from tests.report import worlds


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("결과 folder") / "out"
    write(worlds.result(cells=400, maps=False), folder)
    return folder


@pytest.fixture(scope="module")
def material(out: Path) -> Material:
    return material_of(out)


def test_table__is_what_the_run_had(material: Material) -> None:
    result = worlds.result(cells=400, maps=False)
    wanted = pd.DataFrame(tables_of(result).summary)
    got = material.table("summary")
    assert list(got.columns) == [field.name for field in fields(SummaryRow)]
    for column in wanted.columns:
        mine, theirs = wanted[column].tolist(), got[column].tolist()
        if column in ("variant", "district", "requirement", "group"):
            assert mine == theirs
        else:
            pairs = zip(mine, theirs, strict=True)
            assert all(
                (one is None or one != one) == (two is None or two != two)
                and (one is None or one != one or math.isclose(one, two, abs_tol=1e-9))
                for one, two in pairs
            )


def test_table__ids_that_look_like_formulas_come_back(material: Material) -> None:
    assert "=d4" in set(material.table("summary")["district"])
    assert "=d4" in material.districts


@pytest.mark.parametrize("name", ALWAYS)
def test_table__files_have_the_columns_that_are_promised(out: Path, name: str) -> None:
    head = (out / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    assert set(columns_of(name)) <= set(head)


def test_table__that_was_not_written_is_empty_with_its_columns(material: Material) -> None:
    for name in ("zones", "ties", "without_car", "designations"):
        frame = material.table(name)
        assert not len(frame)
        assert tuple(frame.columns) == columns_of(name)
        assert columns_of(name)


def test_table__is_a_copy(material: Material) -> None:
    first = material.table("summary")
    first["people"] = 0.0
    assert (material.table("summary")["people"] > 0).any()


def test_read_table__types_hold_whatever_stands_in_a_column(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    write_table(path, ["id", "name", "state", "people", "cost", "lon", "lat", "open"],
                [["017", "=1+1", "kept", 3, None, 127.5, 36.5, True],
                 ["2", None, "new", 0, 1e9, 1, 2, False]])  # fmt: skip
    frame = read_table(path, "plan")
    assert frame["id"].tolist() == ["017", "2"]
    assert frame["name"].tolist() == ["=1+1", None]
    assert frame["people"].tolist() == [3.0, 0.0]
    assert math.isnan(frame["cost"][0])
    assert frame["cost"][1] == 1e9
    assert frame["open"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"variant,desert\r\na,1\r\n", "has no column name"),
        (b"id,name,state,people,cost,lon,lat\r\n1,2\r\n", "line 2 has another number of cells"),
        (b"\xff\xfe", "cannot be read as a table"),
        (b"", "has no column"),
    ],
)
def test_read_table__says_what_is_wrong_with_a_damaged_one(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "deserts.csv"
    path.write_bytes(content)
    name = "plan" if b"state" in content else "deserts"
    with pytest.raises(InputError, match=why):
        read_table(path, name)


def test_headline__has_one_row_a_variant_and_requirement_for_its_own_group(material: Material) -> None:
    rows = material.headline()
    assert not rows.duplicated(["variant", "requirement"]).any()
    assert (rows["district"] == "all").all()
    own = rows[rows["requirement"] == "school_road"]
    assert set(own["group"]) == {"age_6_11"}


def test_variant__deserts_have_names_in_both_languages(material: Material) -> None:
    name = material.baseline
    told = frames.deserts(worlds.result(cells=400, maps=False).baseline)
    named = told[told["named"]]
    assert len(named)
    read = {one.label: one for one in material.variant(name).assessment.deserts}
    for row in named.to_dict("records"):
        assert read[row["desert"]].name_ko == row["name"]
        assert read[row["desert"]].name_en == row["name_en"]


def test_variant__is_read_once(material: Material) -> None:
    assert material.variant(material.baseline) is material.variant(material.baseline)


def test_names__are_in_the_language(material: Material) -> None:
    assert material.requirement_name("clinic_car", "ko") == "기초 의료"
    assert material.requirement_name("clinic_car", "en") == "Primary care"
    assert material.requirement_name("gone", "en") == "gone"
    assert material.bound_name("clinic_car", "ko") == "15분"
    assert material.bound_name("school_road", "en") == "2 km"
    assert material.district_name("d1", "en") == "Hanbit-eup"
    assert material.district_name("all", "ko") == "전체"
    assert material.variant_name(material.baseline, "ko") == "현재"
    assert material.variant_name("clinic-in-the-east", "ko") == "clinic-in-the-east"


@pytest.mark.parametrize(
    ("group", "korean", "english"),
    [
        ("total", "전체 인구", "everybody"),
        ("age_65_plus", "65세 이상", "aged 65 and over"),
        ("age_0_6", "0–6세", "aged 0–6"),
        ("women_20_39", "20–39세 여성", "women aged 20–39"),
        ("female_65_plus", "65세 이상 여성", "women aged 65 and over"),
        ("no_car", "no car", "no car"),
    ],
)
def test_group_label__says_ages(group: str, korean: str, english: str) -> None:
    assert (group_label(group, "ko"), group_label(group, "en")) == (korean, english)


def test_study_label__takes_the_half_of_the_language() -> None:
    name = "한빛군 의원은 어디에? · Where should the clinic go?"
    assert study_label(name, "ko") == "한빛군 의원은 어디에?"
    assert study_label(name, "en") == "Where should the clinic go?"
    for whole in ("한빛군 · KTX", "A · B", "한빛군 · 동부권", "한빛군"):
        assert study_label(whole, "en") == whole


def test_absent__names_what_was_not_asked(material: Material) -> None:
    assert material.absent["zones"] == "not_asked"
    assert "deserts" not in material.absent
    assert "variants" not in material.absent
    assert material.absent["maps"] == "not_asked"


def test_caveats__tell_ages_capacity_and_schools(material: Material) -> None:
    keys = [one.key for one in caveats(material)]
    assert "modelled_ages" in keys
    assert "capacity" in keys
    assert "schools_nearest" in keys
    assert "legal" in keys
    assert keys[-1] == "disclosure"
    open_ = Material(material.folder, material.saved, disclose=True)
    assert caveats(open_)[-1].key == "disclosed"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_notices__are_sentences_of_the_wanted_kinds(material: Material, language: str) -> None:
    texts = texts_of("ko" if language == "ko" else "en")
    assert [one.kind for one in notices(material, texts)] == [
        "modelled",
        "border",
        "capacity",
        "schools",
        "legal",
        "disclosure",
    ]
    assert [one.kind for one in notices(material, texts, "capacity")] == ["capacity"]
    assert all(one.text.endswith(".") and "{" not in one.text for one in notices(material, texts))


def test_material_of__refuses_what_is_none_of_ours(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no result of lifezone"):
        material_of(tmp_path)


def test_material_of__names_every_missing_file_at_once(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    shutil.copytree(out, folder)
    for name in ("summary.csv", "baseline/cells.parquet", "result.gpkg"):
        (folder / name).unlink()
    with pytest.raises(InputError) as caught:
        material_of(folder)
    told = str(caught.value)
    assert len(caught.value.faults) == 3
    assert all(name in told for name in ("summary.csv", "cells.parquet", "result.gpkg"))
    assert "output.layers: [parquet, gpkg]" in told


def test_material_of__refuses_a_table_that_somebody_changed(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    shutil.copytree(out, folder)
    path = folder / "summary.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("baseline", "basement", 1), encoding="utf-8", newline="")
    with pytest.raises(InputError, match=r"summary\.csv is not as the run wrote it"):
        material_of(folder)


def test_material_of__refuses_another_version(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    shutil.copytree(out, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    del manifest["people"]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InputError, match="another version"):
        material_of(folder)


def test_variant__says_that_a_file_is_damaged(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    shutil.copytree(out, folder)
    material = material_of(folder)
    (folder / "baseline" / "cells.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match=r"baseline: cannot be read"):
        material.variant("baseline")


def test_material__requirements_of_one_name_are_told_apart_by_their_bounds(tmp_path: Path) -> None:
    text = """
name: Two clinics
area: {network: {type: synthetic, size: county}, districts: {type: synthetic}}
demand: {type: synthetic}
facilities: [{type: synthetic, kinds: [clinic, retail]}]
standard:
  requirements:
    - {id: by_car, kind: clinic, mode: car, bound: 15 min}
    - {id: on_foot, kind: clinic, mode: walk, bound: 2 km}
    - {id: shop, kind: retail, mode: car, bound: 10 min}
output: {maps: false}
"""
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    write(run(tmp_path / "s.yaml"), tmp_path / "out")
    material = material_of(tmp_path / "out")
    names = [material.requirement_name(key, "ko") for key in ("by_car", "on_foot", "shop")]
    assert len(set(names)) == 3
    assert all(name.startswith("의원 (") for name in names[:2])
    assert "15" in names[0]
    assert "2" in names[1]
    assert "(" not in names[2]
    assert material.short_name("by_car", "ko") == "의원"
