"""The maps over years and the annual report of a monitoring study, from its folder alone."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import shapely

from lifezone.errors import InputError
from lifezone.monitor.breaks import year_classes
from lifezone.monitor.change import FULL_COUNT
from lifezone.monitor.series import Classes, EditionInfo, IndicatorInfo, Series, Why
from lifezone.monitoring import monitor, year_maps
from lifezone.report.making import make_report
from lifezone.report.monitored import write_monitored
from lifezone.report.monitoring import annual_report, monitor_material
from lifezone.report.words import texts_of
from lifezone.report.years import wanted_maps, write_year_maps
from lifezone.report.years.looks import NO_DATA, class_inks, class_texts
from lifezone.report.years.saved_shapes import saved_paths

STUDY = Path(__file__).parents[3] / "scenarios" / "monitoring.yaml"
EVIL = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The packaged study, with the maps of one indicator."""
    out = tmp_path_factory.mktemp("monitor") / "out"
    result = monitor(STUDY, sets=("maps=[extinction_risk]",))
    write_monitored(result, out, more=(year_maps(result),))
    return out


def small_series(n=3, value=None):
    boxes = np.asarray(shapely.box(np.arange(n) * 1e4, 0, np.arange(1, n + 1) * 1e4, 1e4))
    people = np.column_stack([np.arange(1.0, n + 1), np.arange(2.0, n + 2)]) * 1000
    value = np.array([[0.1, 0.6]] * n) if value is None else value
    cube = np.stack([people, value], axis=2)
    nothing = np.full(cube.shape, np.nan)
    infos = (
        IndicatorInfo("people", "인구", "People", "people", "status", "neither", "", "", "", decimals=0, additive=True),
        IndicatorInfo("risk", "위험 <b>", EVIL, "", "status", "more", "", "", "",
                      classes=Classes((0.5,), ("위험", "보통"), ("risk", "normal"))),
    )  # fmt: skip
    names = tuple(f"{EVIL} {at}" for at in range(n))
    why = np.where(np.isnan(cube), Why.EMPTY_CELL, Why.COMPUTED).astype(np.int8)
    klass = np.full(cube.shape, -1, np.int32)
    klass[:, :, 1] = infos[1].classes.of(value)
    return Series(
        tuple(str(at) for at in range(n)), names, names,
        (EditionInfo("2015", "2015-12-31"), EditionInfo("2020", "2020-12-31")), infos, cube, nothing, nothing, why,
        klass, nothing, np.array([[6e3, 0.1], [9e3, 0.6]]), np.full(n, -1, np.int32), boxes, "EPSG:5179",
    )  # fmt: skip


def hashes(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_sheets__are_the_same_bytes_and_hold_hostile_names_as_text(tmp_path):
    for out in ("one", "two"):
        (tmp_path / out).mkdir()
        files = write_year_maps(small_series(), tmp_path / out, title=EVIL)
    assert [path.name for path in files] == ["shapes.gpkg", "years_risk.png", "years_risk.svg"]
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")
    svg = (tmp_path / "one/maps/years_risk.svg").read_text(encoding="utf-8")
    assert "<img" not in svg
    assert "<script" not in svg
    assert "&lt;img" in svg


@pytest.mark.parametrize("value", [np.full((3, 2), np.nan), np.array([[np.nan, 0.0]] * 3)])
def test_sheets__of_missing_equal_and_nought_figures_are_drawn(tmp_path, value):
    assert len(write_year_maps(small_series(value=value), tmp_path, title="t")) == 3


def test_one_district__is_drawn(tmp_path):
    assert len(write_year_maps(small_series(1), tmp_path, title="t")) == 3
    paths = saved_paths(tmp_path, ("2015", "2020"))
    assert paths is not None
    assert len(paths.ground) == 1
    assert re.fullmatch(r"M\d+ \d+l[-\d ]+z", paths.ground[0])


def test_an_unknown_indicator__is_a_fault():
    with pytest.raises(InputError, match="nonsense"):
        wanted_maps(small_series(), ["nonsense"])
    assert [one.id for one in wanted_maps(small_series(), None)] == ["risk"]
    assert wanted_maps(small_series(), []) == []


@pytest.mark.parametrize("direction", ["more", "less", "neither"])
@pytest.mark.parametrize("alarming", [1, 2, 4])
def test_inks__fall_in_lightness_towards_the_worse_end(direction, alarming):
    info = IndicatorInfo("x", "가", "X", "", "status", direction, "", "", "",
                         Classes((1, 2, 3, 4), tuple("가나다라마"), tuple("abcde"), alarming))  # fmt: skip
    classes = year_classes(info, np.zeros((1, 1)))
    light = [np.dot([int(ink.fill[at : at + 2], 16) for at in (1, 3, 5)], [0.2126, 0.7152, 0.0722])
             for ink in class_inks(classes)]  # fmt: skip
    steps = np.diff(light if direction != "more" else light[::-1])
    assert (steps < -8).all()
    assert NO_DATA.pattern != "plain"


def test_class_texts__name_bounds_by_signs():
    info = IndicatorInfo(
        "x", "가", "X", "", "status", "more", "", "", "", Classes((-0.5, 2), ("가", "나", "다"), ("a", "b", "c"))
    )
    assert class_texts(year_classes(info, np.zeros((1, 1))), "en", 1) == ["< −0.5  a", "−0.5 – 2  b", "≥ 2  c"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_annual_report__says_what_the_tables_hold(folder, language):
    material = monitor_material(folder)
    document = annual_report(material, texts_of(language))
    sections = {one.id: one for one in document.sections}
    assert list(sections)[:5] == ["page_one", "status", "policy", "perception", "years"]
    figures = next(block for block in sections["page_one"].blocks if type(block).__name__ == "KeyFigures").figures
    assert len(figures) == 5
    people = [row for row in material.changes if row.indicator == "people" and row.district != "all"]
    lost = sum(row.now < row.before for row in people)
    assert figures[1].value.startswith(str(lost))
    leads = [block.text for block in sections["page_one"].blocks if getattr(block, "tone", "") == "lead"]
    assert len(leads) == 3
    assert all("{" not in text and "nan" not in text for text in leads)
    asked = {info.id for info in material.series.indicators if info.group == "perception"}
    assert {row.indicator for row in material.changes if row.test != FULL_COUNT} <= asked
    assert any(row.test == FULL_COUNT for row in material.changes)
    ids = [getattr(block, "id", None) for one in document.sections for block in one.blocks]
    ids = [one for one in ids if one] + list(sections)
    assert len(ids) == len(set(ids))


def test_report_command__writes_both_languages_and_the_same_bytes_again(folder, tmp_path):
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    files = make_report(copy)
    assert [path.name for path in files] == ["report.ko.html", "report.en.html"]
    before = [path.read_bytes() for path in files]
    make_report(copy)
    assert [path.read_bytes() for path in files] == before
    text = before[1].decode("utf-8")
    assert "data-years=" in text
    payload = json.loads(re.search(r'id="years-player-data">(.*?)</script>', text, re.DOTALL)[1])
    assert payload["years"] == ["2005", "2010", "2015", "2020"]
    assert len(payload["shapes"]["cartogram"]) == 4
    assert "EPSG" in text


def test_a_changed_table__is_refused(folder, tmp_path):
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    (copy / "indicators.csv").write_text((copy / "indicators.csv").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"indicators.csv"):
        make_report(copy)
