"""Official figures beside ours: reading a user's table, and what a convention explains of a difference."""

from __future__ import annotations

import math

import pytest

from lifezone.errors import InputError
from lifezone.report.council.official_figures import beside
from lifezone.report.official import OfficialFigure, read_official

HEAD = "district,requirement,measure,figure,year,source\n"


def test_read_official__takes_percent_shares_minutes_and_korean_spreadsheets(tmp_path):
    path = tmp_path / "official.csv"
    path.write_bytes(
        (HEAD + "all,clinic,coverage,84.6 %,2023,국토조사\nd1,clinic,mean_minutes,12.3분,2024-12,\n").encode("cp949")
    )
    first, second = read_official(path, requirements={"clinic"}, districts={"d1"})
    assert (first.figure, first.year, first.source) == (pytest.approx(0.846), "2023", "국토조사")
    assert (second.district, second.figure, second.line) == ("d1", 12.3, 3)


def test_read_official__lists_every_fault_with_its_line(tmp_path):
    path = tmp_path / "official.csv"
    path.write_text(
        HEAD + "all,clinik,coverage,84.6,20x3,\nd9,clinic,speed,1,,\nall,clinic,covered,-3,,\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        read_official(path, requirements={"clinic"}, districts={"d1"})
    told = [str(fault) for fault in caught.value.faults]
    assert len(told) == 6
    assert all(any(f":{line}: " in one for one in told) for line in (2, 3, 4))
    assert any("write 84.6 % or 0.846" in one for one in told)


@pytest.mark.parametrize("text", ["", "a,b\n", "district,requirement,measure\n"])
def test_read_official__refuses_a_table_without_its_columns(tmp_path, text):
    path = tmp_path / "official.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="no column"):
        read_official(path)


def test_beside__tells_how_much_a_convention_explains():
    # ours 600/1000 = 60 %, official 80 %; counted officially 760/1000 = 76 %: 16 of the 20 points, 80 %, are explained
    summary = [{"district": "all", "requirement": "clinic", "judged": 1000.0, "covered": 600.0, "mean_minutes": 14.0}]
    conventions = [
        {"district": "all", "requirement": "clinic", "convention": "3 km/h", "judged": 1000.0, "met_officially": 760.0,
         "official_minutes": 11.0},
        {"district": "all", "requirement": "clinic", "convention": "worse", "judged": 1000.0, "met_officially": 400.0,
         "official_minutes": 20.0},
    ]  # fmt: skip
    one = beside(OfficialFigure("all", "clinic", "coverage", 0.8), summary, conventions)
    assert (one.ours, one.convention, one.by_convention) == (0.6, "3 km/h", 0.76)
    assert one.explained == pytest.approx(0.8)
    unmet = beside(OfficialFigure("all", "clinic", "uncovered", 0.2), summary, conventions)
    assert (unmet.ours, unmet.explained) == (0.4, pytest.approx(0.8))
    minutes = beside(OfficialFigure("all", "clinic", "mean_minutes", 11.0), summary, conventions)
    assert minutes.explained == 1.0


def test_beside__explains_nothing_where_no_convention_comes_nearer():
    summary = [{"district": "all", "requirement": "clinic", "judged": 1000.0, "covered": 600.0, "mean_minutes": 14.0}]
    one = beside(OfficialFigure("all", "clinic", "coverage", 0.5), summary, [])
    assert (one.convention, math.isnan(one.explained)) == ("", True)
    nowhere = beside(OfficialFigure("d1", "clinic", "coverage", 0.5), summary, [])
    assert math.isnan(nowhere.ours)
