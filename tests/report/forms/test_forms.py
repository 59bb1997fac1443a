"""Forms: packaged maps are whole, a user's map is read strictly, values come from the tables by the disclosure rule."""

from __future__ import annotations

import csv

import pytest

from lifezone.errors import InputError
from lifezone.report import write
from lifezone.report.forms import fill, packaged_forms, read_form
from lifezone.report.forms.filling import write_form
from lifezone.report.material import material_of
from lifezone.report.own_inputs import own_inputs
from lifezone.report.words import texts_of
from tests.report import worlds

OWN = """\
form: own
name: {ko: 우리 서식, en: Our form}
sections:
  - title: 하나
    fields:
      - {label: 인구, table: study, column: people, unit: people}
      - {label: 충족률, table: summary, filter: {variant: $baseline, district: all, requirement: clinic_car},
         column: coverage, unit: percent}
      - {label: 없는 값, table: summary, filter: {requirement: nowhere}, column: coverage, unit: percent}
      - {label: 목표, by_hand: 기획 부서}
"""


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forms") / "out"
    write(worlds.result(cells=300), folder)
    return material_of(folder)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("form", packaged_forms(), ids=lambda one: one.id)
def test_packaged_form__is_filled_in_both_languages(material, form, language):
    filled = fill(form, material, texts_of(language))
    assert form.confidence == "R"
    assert all(line.value or line.by_hand for line in filled.lines)
    assert sum(bool(line.value) for line in filled.lines) > 5
    assert sum(bool(line.by_hand) for line in filled.lines) > 1


def test_own_form__takes_the_value_of_the_table(material, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    lines = {line.label: line for line in fill(read_form(path), material, texts_of("ko")).lines}
    row = material.headline("summary", material.baseline).set_index("requirement").loc["clinic_car"]
    people = material.manifest["people"]["in_area"]
    assert lines["인구"].value == f"{people:,.0f}명"
    assert lines["충족률"].value == f"{100 * row['covered'] / row['judged']:.1f}%"
    assert (lines["없는 값"].value, lines["목표"].by_hand) == ("", "기획 부서")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("table: study", "table: studies", 6, "no table 'studies'"),
        ("column: people", "column: persons", 6, "no column 'persons'"),
        ("requirement: clinic_car", "requirment: clinic_car", 7, "no column 'requirment'"),
        ("unit: people", "unit: persons", 6, "no unit 'persons'"),
        ("by_hand: 기획 부서", "note: x", 10, "needs a table, or by_hand"),
        ("form: own", "form: 우리", 1, "lower-case"),
        ("label: 인구", "lable: 인구", 6, "unknown key 'lable'"),
        ("{ko: 우리 서식, en: Our form}", "{kr: 우리 서식}", 2, "a text, or"),
    ],
)
def test_read_form__tells_every_fault_with_its_line(tmp_path, old, new, line, words):
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_form(path)
    assert any(f":{line}:" in str(one) and words in str(one) for one in caught.value.faults), caught.value.faults


@pytest.mark.parametrize("text", ["", "[1, 2]", "a: [", "form: &x own\nname: *x\n"])
def test_read_form__refuses_what_is_no_map(tmp_path, text):
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_form(path)


def test_write_form__keeps_formulas_out_and_opens_in_offices(material, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace("label: 인구", "label: '=1+1'"), encoding="utf-8")
    filled = fill(read_form(path), material, texts_of("ko"))
    write_form(filled, texts_of("ko"), tmp_path / "own.csv")
    data = (tmp_path / "own.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
    assert rows[1][1] == "'=1+1"


def test_own_inputs__gathers_the_faults_of_all_files(tmp_path):
    (tmp_path / "a.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "official.csv").write_text(
        "district,requirement,measure,figure\nall,x,coverage,50 %\n", encoding="utf-8"
    )
    kept = own_inputs(tmp_path, None, ["a.yaml"], requirements=["clinic_car"], districts=[])
    assert list(kept) == ["forms/own.yaml"]
    with pytest.raises(InputError) as caught:
        own_inputs(tmp_path, "official.csv", ["a.yaml", "b.yaml", "c.yaml"], requirements=["clinic_car"], districts=[])
    told = [str(one) for one in caught.value.faults]
    assert len(told) == 3
    assert any("no requirement 'x'" in one for one in told)
    assert any("both called 'own'" in one for one in told)
