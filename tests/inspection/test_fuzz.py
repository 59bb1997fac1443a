"""Whatever stands in a table of a known form, ``inspect`` tells it or says why it cannot: it never crashes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifezone.errors import InputError
from lifezone.inspection import look_at_all, scenario_yaml

HEADINGS = [
    "행정구역,2020년06월_계_총인구수,2020년06월_계_연령구간인구수,2020년06월_계_0~9세,2020년06월_계_10세 이상",
    "year,cell,item,value",
    "gid,lbl,val",
    "시도,시군구,읍면동,리,인구총계",
    "code,name,pop_total,a00_04,a65p,lon,lat,area_km2",
    "LINK_ID,F_NODE,T_NODE,MAX_SPD,LENGTH",
    "NODE_ID,ST_LINK,ED_LINK,TURN_TYPE",
    "거주지코드,통근통학지코드,통근통학인구,연도",
    "행정구역별,시점,출생아수(명)",
    "시도,시군구,인구감소지역,지정일",
    "관리번호,사업장명,영업상태명,업태구분명,좌표정보(x),좌표정보(y),인허가일자,폐업일자",
    "요양기관명,종별코드명,총의사수,좌표(X),좌표(Y),주소",
    "name,kind,lon,lat,address",
    "id,lon,lat,people",
    "a,b",
]
CELL = st.one_of(
    st.text(alphabet='가시군구읍면동리0123456789.-~<*(),"\n\t ', max_size=10),
    st.sampled_from(["전라북도 전주시 (4511000000)", "다바000277", "to_in_001", "2024", "1e999", "-5", "nan", "127.1",
                     "35.8", "1~4", "폐업", "의원", "19991332", "4511151000", "0", ""]),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(HEADINGS), st.lists(st.lists(CELL, min_size=1, max_size=9), max_size=6), st.booleans())
def test_inspect__never_crashes_without_a_message(tmp_path, heading, rows, quoted):
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if quoted else text

    width = heading.count(",") + 1
    lines = [",".join(cell(text) for text in (row * width)[:width]) for row in rows]
    path = tmp_path / "f.csv"
    path.write_bytes("\n".join([heading, *lines]).encode("cp949", "ignore"))
    seen, failed = look_at_all([str(path)])
    assert len(seen) + len(failed) == 1
    assert all(str(fault) for error in failed for fault in error.faults)
    for one in seen:
        assert one.report.accounted, one.report
        scenario_yaml([one], tmp_path)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from([".csv", ".dbf", ".shp", ".zip", ".graphml", ".geojson", ".tif"]))
def test_inspect__random_bytes_are_told(tmp_path, data, suffix):
    path = tmp_path / f"f{suffix}"
    path.write_bytes(data)
    try:
        seen, failed = look_at_all([str(path)])
    except InputError:
        pytest.fail("faults are gathered, not raised")
    assert len(seen) + len(failed) == 1
