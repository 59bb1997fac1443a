"""Stops with runs a day: from GTFS feeds and from sheets, counted as a passenger would, and hostile feeds."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lifezone.errors import InputError
from lifezone.model import Facilities
from lifezone.sources.reading import Reading
from lifezone.sources.stops import GtfsStops, StopPlaces, TimetableStops
from lifezone.sources.stops.feed import seconds_of_day
from lifezone.standards import load_kinds

FEED = {
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    "A,첫째,36.0,127.0,0,\nB,둘째,36.01,127.0,0,S\nC,셋째,36.02,127.0,,S\nS,역,36.015,127.0,1,\nE,입구,36.015,127.0,2,S\n"
    "N,어디,,,0,\n",
    "routes.txt": "route_id,route_type\nr1,3\nr2,2\n",
    # s1 runs Monday to Friday, s2 on Sunday alone
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "s1,1,1,1,1,1,0,0,20190401,20190414\ns2,0,0,0,0,0,0,1,20190401,20190414\n",
    # on Wednesday 3 April s1 does not run; s2 runs once more on Thursday 4 April
    "calendar_dates.txt": "service_id,date,exception_type\ns1,20190403,2\ns2,20190404,1\n",
    "trips.txt": "route_id,service_id,trip_id\nr1,s1,t1\nr1,s1,t2\nr2,s1,t3\nr1,s2,t4\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\n"
    "t1,06:00:00,06:00:00,A,1,\nt1,06:10:00,06:10:00,B,2,\nt1,06:20:00,06:20:00,C,3,\n"
    "t2,24:30:00,24:31:00,A,1,0\nt2,25:00:00,25:00:00,B,2,1\nt2,25:10:00,25:10:00,C,3,\n"
    "t3,08:00:00,08:00:00,A,5,\nt3,08:10:00,08:10:00,B,7,\nt3,08:20:00,08:20:00,A,8,\nt3,08:30:00,08:30:00,C,9,\n"
    "t4,09:00:00,09:00:00,A,1,\nt4,09:10:00,09:10:00,B,2,\nzz,09:10:00,09:10:00,B,2,\n",
}


def feed(folder: Path, **changed: str | None) -> str:
    files = {**FEED, **{f"{name}.txt": text for name, text in changed.items()}}
    with zipfile.ZipFile(folder / "f.zip", "w") as archive:
        for name, text in files.items():
            if text is not None:
                archive.writestr(name, text)
    return "f.zip"


def load(folder: Path, spec: Any) -> Facilities:
    return spec.load(Reading(folder=folder, crs="EPSG:5179", kinds=load_kinds()))


def runs(found: Facilities) -> dict[str, float]:
    return dict(zip(found.ids.tolist(), found.capacity.tolist(), strict=True))


def test_gtfs__runs_are_those_of_the_usual_weekday(tmp_path: Path) -> None:
    found = load(tmp_path, GtfsStops(path=feed(tmp_path)))
    # t1 and t3 can be boarded at A and B, t2 at A alone (pickup_type 1 at B); C ends every trip, N has no place;
    # t3 calls twice at A and counts once; B of t1 and t3
    assert runs(found) == {"A": 3, "B": 2}
    assert dict(zip(found.ids, found.hours, strict=True)) == {"A": "06:00-24:31", "B": "06:10-08:10"}
    notes = " | ".join(found.notes)
    # weekdays: 3 runs on 8 of 10, none on Wednesday 3 April, 4 on Thursday 4 April
    assert "3 runs on 2019-04-01, a Monday (8 of 9 weekdays have its 3 runs)" in notes
    assert "1 rows name an unknown trip or stop" in notes
    assert "fewer than 1 runs on that day, left out: C, N" in notes


def test_gtfs__a_day_may_be_named_and_exceptions_count(tmp_path: Path) -> None:
    path = feed(tmp_path)
    assert runs(load(tmp_path, GtfsStops(path=path, date="2019-04-04"))) == {"A": 4, "B": 2}
    assert runs(load(tmp_path, GtfsStops(path=path, date="2019-04-07"))) == {"A": 1}
    with pytest.raises(InputError, match="nothing runs on 2019-04-03"):
        load(tmp_path, GtfsStops(path=path, date="2019-04-03"))
    with pytest.raises(ValidationError):
        GtfsStops(path=path, date="2019-02-30")


def test_gtfs__stations_count_together_and_routes_may_be_chosen(tmp_path: Path) -> None:
    path = feed(tmp_path)
    station = load(tmp_path, GtfsStops(path=path, by="station", prefix="x-"))
    assert runs(station) == {"x-A": 3, "x-S": 2}
    assert runs(load(tmp_path, GtfsStops(path=path, route_types=[2]))) == {"A": 1, "B": 1}


def test_gtfs__frequencies_repeat_a_trip(tmp_path: Path) -> None:
    # every 15 minutes from 6 to 7: 6:00, 6:15, 6:30, 6:45; every 20 from 7 to 7:50: 7:00, 7:20, 7:40
    text = "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,07:00:00,900\nt1,07:00:00,07:50:00,1200\nqq,1,2,3\n"
    found = load(tmp_path, GtfsStops(path=feed(tmp_path, frequencies=text)))
    assert runs(found) == {"A": 9, "B": 8}
    assert any("frequencies.txt: 1 rows" in note for note in found.notes)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"stops": None}, "it has no stops.txt"),
        ({"calendar": None, "calendar_dates": None}, "calendar.txt or calendar_dates.txt"),
        ({"stops": "stop_name\nx\n"}, "has no column 'stop_id'"),
        ({"stops": "stop_id\nA\n"}, "has no column 'stop_lon'"),
        ({"trips": ""}, "trips.txt has no rows"),
        ({"calendar_dates": "service_id,date,exception_type\ns1,2019-04-03,2\n"}, "must hold days such as 20190415"),
        ({"stop_times": "trip_id,stop_id,stop_sequence\nt1,A,first\n"}, "must hold numbers"),
        ({"stop_times": "trip_id,stop_id\nt1,A,9\n"}, "the header has 2 fields"),
        ({"frequencies": "trip_id\nt1\n"}, "has no column 'start_time'"),
    ],
)
def test_gtfs__a_feed_that_is_none_is_refused(tmp_path: Path, changed: dict[str, str | None], told: str) -> None:
    with pytest.raises(InputError, match=told):
        load(tmp_path, GtfsStops(path=feed(tmp_path, **changed)))


def test_gtfs__a_damaged_archive_is_told(tmp_path: Path) -> None:
    feed(tmp_path)
    whole = (tmp_path / "f.zip").read_bytes()
    for content in (b"", whole[: len(whole) // 2], whole[:200] + b"\0" * 300 + whole[500:]):
        (tmp_path / "f.zip").write_bytes(content)
        with pytest.raises(InputError):
            load(tmp_path, GtfsStops(path="f.zip"))


def test_gtfs__porto_alegre_is_what_plain_pandas_counts(shared: Path) -> None:
    path = shared / "porto_alegre" / "poa_eptc.zip"
    found = GtfsStops(path=str(path), date="2019-05-15", least_runs=0).load(
        Reading(folder=shared, crs="EPSG:32722", kinds=load_kinds())
    )
    with zipfile.ZipFile(path) as archive:
        read = {name: pd.read_csv(io.BytesIO(archive.read(f"{name}.txt")), dtype=str)
                for name in ("stops", "trips", "stop_times", "calendar", "calendar_dates")}  # fmt: skip
    calendar = read["calendar"]
    on = set(calendar[(calendar.wednesday == "1") & (calendar.start_date <= "20190515")
                      & (calendar.end_date >= "20190515")].service_id)  # fmt: skip
    today = read["calendar_dates"][read["calendar_dates"].date == "20190515"]
    on = (on | set(today[today.exception_type == "1"].service_id)) - set(today[today.exception_type == "2"].service_id)
    trips = set(read["trips"][read["trips"].service_id.isin(on)].trip_id)
    calls = read["stop_times"][read["stop_times"].trip_id.isin(trips)].copy()
    calls["order"] = calls.stop_sequence.astype(int)
    calls = calls[calls.order < calls.groupby("trip_id").order.transform("max")]
    expected = calls.groupby("stop_id").trip_id.nunique().reindex(read["stops"].stop_id).fillna(0)
    assert len(read["stop_times"]) == 130_019
    assert runs(found) == expected.to_dict()


SHEET = """노선,정류장,시각,경도,위도,구분
101,한빛리,6:30,127.0,36.0,평일
101,한빛리,12:10,127.0,36.0,평일
102,한빛리,12:10,127.0,36.0,평일
102,한빛리,12:10,127.0,36.0,평일
101,한빛리,9:00,127.0,36.0,휴일
101,새터,6:40,127.01,36.0,평일
101,새터,운행 안 함,127.01,36.0,평일
101,,6:50,127.01,36.0,평일
"""


def sheet(folder: Path, **keys: Any) -> TimetableStops:
    (folder / "s.csv").write_text(SHEET, encoding="utf-8")
    columns = {"stop": "정류장", "route": "노선", "time": "시각", "x": "경도", "y": "위도"}
    return TimetableStops(**{"path": "s.csv", **columns, "where": {"구분": "평일"}, **keys})


def test_timetable__counts_each_run_once(tmp_path: Path) -> None:
    found = load(tmp_path, sheet(tmp_path))
    assert runs(found) == {"한빛리": 3, "새터": 1}
    assert found.hours.tolist() == ["06:30-12:10", "06:40-06:40"]
    notes = " | ".join(found.notes)
    assert "1 rows repeat a stop, route and time, counted once: line 5" in notes
    assert "1 rows give no time such as 8:05, left out: line 8" in notes
    assert "1 rows name no stop" in notes
    assert runs(load(tmp_path, sheet(tmp_path, least_runs=3))) == {"한빛리": 3}


def test_timetable__runs_may_be_given_and_places_stand_apart(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("r,s,n\n1,a,2\n2,a,3\n1,b,x\n1,c,4\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text("id,lon,lat,nm\nb,127,36,B\na,127.01,36,에이\n", encoding="utf-8")
    places = StopPlaces(path="p.csv", id="id", x="lon", y="lat", name="nm")
    spec = TimetableStops(path="s.csv", stop="s", route="r", runs="n", places=places)
    with pytest.raises(InputError, match="must hold numbers: line 4 'x'"):
        load(tmp_path, spec)
    (tmp_path / "s.csv").write_text("r,s,n\n1,a,2\n2,a,3\n1,b,\n1,c,4\n", encoding="utf-8")
    found = load(tmp_path, spec)
    assert runs(found) == {"a": 5}
    assert found.name.tolist() == ["에이"]
    notes = " | ".join(found.notes)
    assert "1 stops of s.csv are not in it" in notes
    assert "have no coordinates, left out: c" in notes
    assert "1 rows give no number of runs, left out: line 4" in notes


def test_timetable__asks_for_one_way_to_count(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"give time .* or runs"):
        sheet(tmp_path, time=None)
    with pytest.raises(ValidationError, match=r"give time .* or runs"):
        sheet(tmp_path, runs="n")


def test_stops__an_unknown_kind_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown kind 'busstop': did you mean 'bus_stop'"):
        load(tmp_path, sheet(tmp_path, kind="busstop"))


def test_seconds_of_day__reads_times_as_timetables_write_them() -> None:
    texts = np.array(["8:05", "08:05:30", "25:10", "8:60", "", "8.05", "-1:00", "100:00"], dtype=object)
    assert seconds_of_day(texts).tolist()[:3] == [29_100.0, 29_130.0, 90_600.0]
    assert np.isnan(seconds_of_day(texts)[3:7]).all()
    assert seconds_of_day(texts)[7] == 360_000.0


CELL = st.sampled_from(["A", "t1", "s1", "20190401", "1", "2", "6:00:00", "-5", "", "x", "36.0", '"', "1e999", "한"])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(FEED)), rows=st.lists(st.lists(CELL, min_size=3, max_size=9), max_size=4))
def test_gtfs__any_file_gives_stops_or_a_message(name: str, rows: list[list[str]], tmp_path: Path) -> None:
    header = FEED[name].split("\n", 1)[0]
    width = header.count(",") + 1
    text = "\n".join([header, *(",".join((row * 10)[:width]) for row in rows)])
    try:
        found = load(tmp_path, GtfsStops(path=feed(tmp_path, **{name.removesuffix(".txt"): text})))
    except InputError:
        return
    assert (found.capacity >= 1).all()
