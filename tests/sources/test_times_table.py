"""Ready-made travel times: what counts, what is left out and told, what is refused; and a run without any roads."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from pydantic import ValidationError

from lifezone.access import opportunities
from lifezone.errors import InputError, ScenarioError
from lifezone.model import Demand, Facilities, GivenTimes
from lifezone.run import run
from lifezone.sources.reading import Reading
from lifezone.sources.times_table import TimesTable

FAR = 36.5


def people(*ids: str) -> Demand:
    n = len(ids)
    return Demand(
        ids=np.array(ids, dtype=object), x_m=np.arange(n) * 100.0, y_m=np.zeros(n), people=np.ones((n, 1)),
        groups=("total",), district=np.zeros(n, np.int32), urban=np.zeros(n, bool),
    )  # fmt: skip


def supply(*ids: str, place: list[str] | None = None) -> Facilities:
    n = len(ids)
    text = np.array([""] * n, dtype=object)
    return Facilities(
        ids=np.array(ids, dtype=object), x_m=np.zeros(n), y_m=np.zeros(n), kind=np.zeros(n, np.int32),
        kinds=("clinic",), name=text, capacity=np.full(n, np.nan), cost=np.full(n, np.nan), open=np.ones(n, bool),
        hours=text, place=None if place is None else np.array(place, dtype=object),
    )  # fmt: skip


def read(folder: Path, text: str, demand: Demand, facilities: Facilities, **keys: Any) -> tuple[GivenTimes, list[str]]:
    (folder / "t.csv").write_text(text, encoding="utf-8")
    spec = TimesTable(**{"path": "t.csv", "from": "a", "to": "b", "seconds": "s", **keys})
    found, told = spec.load(Reading(folder=folder, crs="EPSG:5179"), demand, facilities)
    return found, list(told)


def faults(folder: Path, text: str, **keys: Any) -> str:
    with pytest.raises(InputError) as caught:
        read(folder, text, people("p", "q"), supply("f", "g"), **keys)
    return str(caught.value)


def test_times__seconds_are_used_as_given_and_rows_ascend(tmp_path: Path) -> None:
    demand, facilities = people("p", "q"), supply("f", "g")
    found, _ = read(tmp_path, "a,b,s\np,f,100.123456789\np,g,3\nq,g,7.25\n", demand, facilities)
    times = found.between(demand, facilities, np.array([0, 1], np.int32))
    assert times.first.tolist() == [0, 2, 3]
    assert times.facility.tolist() == [1, 0, 1]
    assert times.seconds.tolist() == [3.0, 100.123456789, 7.25]
    assert found.between(demand, facilities, np.array([0], np.int32)).first.tolist() == [0, 1, 1]  # q and f: not asked


def test_times__minutes_are_turned_into_seconds_and_metres_order_by_length(tmp_path: Path) -> None:
    demand, facilities = people("p"), supply("f", "g")
    found, _ = read(
        tmp_path, "a,b,m,d\np,f,2,900\np,g,3,800\n", demand, facilities, seconds=None, minutes="m", metres="d"
    )
    both = np.array([0, 1], np.int32)
    assert found.between(demand, facilities, both, "time").facility.tolist() == [0, 1]
    by_length = found.between(demand, facilities, both, "length")
    assert (by_length.facility.tolist(), by_length.seconds.tolist()) == ([1, 0], [180.0, 120.0])


def test_times__several_facilities_may_stand_at_one_place(tmp_path: Path) -> None:
    demand, facilities = people("p", "q"), supply("school-1", "clinic-1", "clinic-2", place=["h1", "h1", "h2"])
    found, told = read(tmp_path, "a,b,s\np,h1,5\nq,h2,6\n", demand, facilities)
    times = found.between(demand, facilities, np.array([0, 1, 2], np.int32))
    assert (times.first.tolist(), times.facility.tolist()) == ([0, 2, 3], [0, 1, 2])
    assert not any("no row" in line for line in told)


def test_times__what_is_left_out_is_counted_and_named(tmp_path: Path) -> None:
    text = "a,b,s\np,f,5\np,f,5\nx,f,1\np,y,1\nx,f,2\nq,f,\n"
    _, told = read(tmp_path, text, people("p", "q", "r"), supply("f", "g"))
    assert "t.csv: 1 pairs of 6 rows used" in told
    assert "t.csv: 2 rows name 1 demand points in column 'a' that are not in this study, left out: 'x'" in told
    assert "t.csv: 1 rows name 1 facilities in column 'b' that are not in this study, left out: 'y'" in told
    assert "t.csv: 1 pairs have no number, taken as not reachable" in told
    assert "t.csv: 1 rows repeat an earlier one, counted once" in told
    assert "t.csv: 2 of 3 demand points stand in no row, taken as reaching nothing: q, r" in told
    assert "t.csv: 1 of 2 places of facilities stand in no row, taken as reached by nobody: g" in told


def test_times__faults_name_lines(tmp_path: Path) -> None:
    assert "pairs come twice with different numbers: line 3" in faults(tmp_path, "a,b,s\np,f,5\np,f,6\n")
    assert "must be 0 or more: line 2" in faults(tmp_path, "a,b,s\np,f,-5\n")
    assert "must hold numbers: line 2 'soon'" in faults(tmp_path, "a,b,s\np,f,soon\n")
    assert "no row names a demand point and a facility of this study" in faults(tmp_path, "a,b,s\nx,y,5\n")
    assert "has no column 's'" in faults(tmp_path, "a,b,c\np,f,5\n")
    assert "has no rows" in faults(tmp_path, "a,b,s,m\np,f,5,car\n", where={"m": "walk"})


def test_times__a_table_without_a_value_is_no_table() -> None:
    with pytest.raises(ValidationError, match="name the column with the times"):
        TimesTable(path="t.csv", from_="a", to="b")
    with pytest.raises(ValidationError, match="seconds or minutes, not both"):
        TimesTable(path="t.csv", from_="a", to="b", seconds="s", minutes="m")


def test_times__parquet_with_infinite_seconds_is_not_reachable(tmp_path: Path) -> None:
    table = pa.table({"a": ["p", "q"], "b": ["f", "f"], "s": [1.5, float("inf")]})
    parquet.write_table(table, tmp_path / "t.parquet")
    demand, facilities = people("p", "q"), supply("f")
    spec = TimesTable(**{"path": "t.parquet", "from": "a", "to": "b", "seconds": "s"})
    found, told = spec.load(Reading(folder=tmp_path, crs="EPSG:5179"), demand, facilities)
    assert np.diff(found.between(demand, facilities, np.zeros(1, np.int32)).first).tolist() == [1, 0]
    assert any("1 pairs have no number" in line for line in told)


def test_times__packed_text_is_read_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    demand, facilities = people("p"), supply("f")
    spec = TimesTable(**{"path": "t.csv.gz", "from": "a", "to": "b", "seconds": "s"})
    packed = gzip.compress(b"a,b,s\np,f,5\n")
    for content in (packed[:-6], packed[:12], b"a,b,s\n", b""):
        (tmp_path / "t.csv.gz").write_bytes(content)
        with pytest.raises(InputError):
            spec.load(Reading(folder=tmp_path, crs="EPSG:5179"), demand, facilities)
    (tmp_path / "t.csv.gz").write_bytes(packed)
    found, _ = spec.load(Reading(folder=tmp_path, crs="EPSG:5179"), demand, facilities)
    assert found.seconds.tolist() == [5.0]


CELL = st.sampled_from(["p", "q", "f", "g", "", "1", "-1", "x", "1e400", "nan", " 7 ", '"', "0.5"])


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=8))
def test_times__any_table_gives_times_or_a_message(rows: list[tuple[str, str, str]], tmp_path: Path) -> None:
    demand, facilities = people("p", "q"), supply("f", "g")
    text = "\n".join(["a,b,s", *(",".join(row) for row in rows)])
    try:
        found, _ = read(tmp_path, text, demand, facilities)
    except InputError:
        return
    # a slow twin: the least number of each pair that the plain text gives
    plain = {
        (a.strip(), b.strip()): float(c) for a, b, c in rows if a.strip() in "pq" and b.strip() in "fg" and _number(c)
    }
    times = found.between(demand, facilities, np.array([0, 1], np.int32))
    got = {
        (demand.ids[p], facilities.ids[times.facility[k]]): times.seconds[k]
        for p in range(2)
        for k in range(times.first[p], times.first[p + 1])
    }
    assert got == {pair: value for pair, value in plain.items() if pair[0] and pair[1]}


def _number(text: str) -> bool:
    return text.strip() in ("1", "7", "0.5")


SCENARIO = """name: given
demand: {type: table, path: people.csv, id: id, x: lon, y: lat, groups: {total: n}}
facilities:
  - {type: table, path: clinics.csv, kind: clinic, id: id, x: lon, y: lat}
  - {type: table, path: planned.csv, kind: clinic, id: id, x: lon, y: lat, open: false}
times: {type: table, path: pairs.csv, from: demand, to: facility, seconds: seconds}
standard:
  requirements: [{id: clinic_car, kind: clinic, mode: car, bound: 10 min}]
  desert: {any_of: [clinic_car], at_least: 1, link: 2 km, least_people: 1}
variants: [{name: opened, edits: [{open: {id: k2}}]}]
output: {maps: false}
"""


def study(folder: Path) -> Path:
    (folder / "people.csv").write_text(
        f"id,lon,lat,n\np1,127.00,{FAR},10\np2,127.01,{FAR},20\np3,127.30,{FAR},40\n", encoding="utf-8"
    )
    (folder / "clinics.csv").write_text(f"id,lon,lat\nk1,127.00,{FAR}\n", encoding="utf-8")
    (folder / "planned.csv").write_text(f"id,lon,lat\nk2,127.30,{FAR}\n", encoding="utf-8")
    (folder / "pairs.csv").write_text(
        "demand,facility,seconds\np1,k1,600\np2,k1,600.5\np2,k2,900\np3,k2,30\n", encoding="utf-8"
    )
    (folder / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    return folder / "s.yaml"


def test_run__by_given_times_alone_needs_no_roads(tmp_path: Path) -> None:
    result = run(study(tmp_path))
    before, after = (variant.assessment.verdicts["clinic_car"] for variant in result.variants)
    assert before.seconds.tolist() == [600.0, 600.5, np.inf]
    assert before.met.tolist() == [True, False, False]  # 600 s is the bound, inclusive; 600.5 s is beyond it
    assert after.met.tolist() == [True, False, True]
    assert result.baseline.assessment.desert.tolist() == [-1, 1, 0]  # 26 km apart: two deserts, by falling people
    assert any("straight line" in line for line in result.provenance.warnings)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ("{open: {kind: clinic, at: [127.2, 36.5]}}", "say nothing of trips to a new place"),
        ("{move: {id: k1, to: [127.2, 36.5]}}", "say nothing of trips to a new place"),
        ("{road: {close: {near: [127.2, 36.5]}}}", "the travel times are ready-made and there are no roads"),
    ],
)
def test_run__edits_that_a_table_cannot_answer_are_refused(tmp_path: Path, edit: str, told: str) -> None:
    path = study(tmp_path)
    path.write_text(SCENARIO.replace("{open: {id: k2}}", edit), encoding="utf-8")
    with pytest.raises(ScenarioError, match=told):
        run(path)


def test_run__a_bound_in_metres_is_not_assessed_without_metres(tmp_path: Path) -> None:
    path = study(tmp_path)
    path.write_text(SCENARIO.replace("10 min", "2 km"), encoding="utf-8")
    result = run(path)
    assert not result.baseline.assessment.verdicts["clinic_car"].judged.any()
    assert any("pairs.csv gives no metres" in line for line in result.provenance.warnings)


def test_opportunities__sum_what_is_within_reach_inclusive(tmp_path: Path) -> None:
    demand, facilities = people("p", "q", "r"), supply("f", "g")
    found, _ = read(tmp_path, "a,b,s\np,f,5\np,g,6\nq,g,7\n", demand, facilities)
    times = found.between(demand, facilities, np.array([0, 1], np.int32))
    assert opportunities(times, np.array([10.0, 3.0]), 6.0).tolist() == [13.0, 0.0, 0.0]
    assert opportunities(times, np.array([10.0, np.nan]), 7.0).tolist() == [10.0, 0.0, 0.0]
