"""Tables over ri, eup and myeon, or districts: numbers, yes and no, weights, other districts, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.errors import InputError
from lifezone.model import Districts
from lifezone.sources.reading import Reading
from lifezone.sources.statistics_table import StatisticsTable

UNITS = Districts(("52790", "52800"), ("고창군", "부안군"))
TEXT = (
    'code,ri,runs,cctv,hh\n52790,구암리,3,있음,120\n52790,월산리,"1,200",없음,80\n'
    "52800,가오리,,있음,\n11110,종로,9,없음,5\n"
)


def read(tmp_path, text: str = TEXT, units: Districts | None = UNITS, encoding: str = "utf-8", **keys: object):
    (tmp_path / "ri.csv").write_text(text, encoding=encoding)
    source = StatisticsTable.model_validate({"path": "ri.csv", "district": "code", "unit": "ri", **keys})
    reading = Reading(tmp_path, "EPSG:5179")
    return *source.load(reading, units), reading


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_statistics__read_numbers_words_and_empty_cells(tmp_path, encoding) -> None:
    found, notes, reading = read(
        tmp_path, encoding=encoding, id="ri", weight="hh", values={"bus_runs": "runs", "cctv": "cctv"}
    )
    runs, cctv = found
    assert (runs.name, runs.unit, runs.ids.tolist()) == ("bus_runs", "ri", ["구암리", "월산리", "가오리"])
    np.testing.assert_array_equal(runs.value, [3, 1200, np.nan])
    assert cctv.value.tolist() == [1, 0, 1]
    assert (runs.district.tolist(), runs.weight.tolist()) == ([0, 0, 1], [120, 80, 0])
    assert any("1 of 4 rows lie in other districts" in words for words in notes)
    assert (reading.inputs[0]["used"], reading.inputs[0]["refused"]) == (3, 1)


def test_statistics__of_a_study_without_districts_need_no_column(tmp_path) -> None:
    found, _, _ = read(tmp_path, units=None, district=None, values={"runs": "runs"})
    assert found[0].district.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("text", "keys", "words"),
    [
        (TEXT, {"values": {"runs": "run"}}, "no column 'run'"),
        (TEXT, {"values": {"ri": "ri"}}, "neither numbers nor yes and no"),
        (TEXT, {"values": {"runs": "runs"}, "district": None}, "several districts"),
        ("code,runs\n99999,3\n", {"values": {"runs": "runs"}}, "no row lies in a district"),
        ("code,runs,hh\n52790,3,-1\n", {"values": {"runs": "runs"}, "weight": "hh"}, "0 or more"),
    ],
)
def test_statistics__that_cannot_be_used_are_an_input_error(tmp_path, text, keys, words) -> None:
    with pytest.raises(InputError, match=words):
        read(tmp_path, text, **keys)
