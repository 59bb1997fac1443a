"""Flows, births and designations: recognised with and without headings, every row accounted for."""

from __future__ import annotations

import pytest

from lifezone.sources.korea.lists import read_births, read_designations, read_flows
from lifezone.sources.korea.opened_report import report_of
from lifezone.sources.korea.opening import open_published


def opened(folder, text, sort):
    (folder / "f.csv").write_bytes(text.encode("cp949"))
    found = open_published(folder, "f.csv")
    match = found.matches[0]
    assert match.form.sort == sort
    return found, match, report_of("f.csv", found, match)


@pytest.mark.parametrize("header", ["", "거주지코드,통근통학지코드,통근통학인구\n"])
def test_flows__codes_of_both_sides_of_a_change_meet(tmp_path, header):
    text = header + '45111,45130,"1,000"\n52111,52130,5\n45130,45130,7\n11110,45111,-2\n'
    found, match, report = opened(tmp_path, text, "flows")
    flows = read_flows(found, match, report)
    pairs = {(a, b): p for a, b, p in zip(flows.origin, flows.destination, flows.people, strict=True)}
    assert pairs == {("52111", "52130"): 1005.0, ("52130", "52130"): 7.0}
    assert (report.used, report.left_out, report.accounted) == (3, {"not_a_number": 1}, True)
    assert report.facts["stay_inside"] == 7


def test_flows__each_row_of_a_migration_register_is_one_person(tmp_path):
    text = "전출지코드,전입지코드,전입연도\n4211000000,5111000000,2023\n4211000000,5111000000,2023\n41110,11110,2022\n"
    found, match, report = opened(tmp_path, text, "flows")
    flows = read_flows(found, match, report)
    assert flows.people.tolist() == [2.0]
    assert (flows.year, report.left_out) == ("2023", {"other_year": 1})


def test_births__are_read_by_district(tmp_path):
    text = "행정구역별,시점,출생아수(명)\n전북 무주군,2023,58\n전북 장수군,2023,-\n전북 무주군,2022,61\n"
    found, match, report = opened(tmp_path, text, "births")
    births = read_births(found, match, report)
    assert births.births.tolist() == [58.0]
    assert births.unit[0].sigungu == "무주군"
    assert report.left_out == {"not_a_number": 1, "other_year": 1}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("시도,시군구,인구감소지역\n전북,무주군,Y\n전북,전주시,N\n", 1),
        ("전북특별자치도,무주군\n전북특별자치도,장수군\n", 2),
    ],
)
def test_designations__lists_with_and_without_headings(tmp_path, text, count):
    found, match, report = opened(tmp_path, text, "designations")
    rows = read_designations(found, match, report).rows
    assert len(rows) == count
    assert (rows[0][0].province, rows[0][0].sigungu) == ("52", "무주군")
    assert report.accounted
