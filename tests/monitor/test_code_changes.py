"""Figures of any year told by the districts of another: nobody is lost or made, what is not known is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifezone.errors import InputError
from lifezone.monitor.code_changes import Change, CodeChanges
from lifezone.monitor.counts import Column
from lifezone.monitor.district_codes import Codes
from lifezone.monitor.rebase import rebased
from lifezone.monitor.series import Why


def changes(folder: Path, rows: str, **keys: Any) -> Any:
    """Dated changes of a table; ``rows`` below its headings."""
    (folder / "changes.csv").write_text(f"date,old,new,weight,back\n{rows}", encoding="utf-8")
    return CodeChanges(path="changes.csv", **{"weight": "weight", "back": "back", **keys}).load(folder, [])


def told(codes: Codes, date: str, figures: dict[str, float]) -> Column:
    """A figure of a day by the districts."""
    cells = np.array(list(figures), dtype=object)
    return rebased(np.array(list(figures.values()), np.float64), codes.match(cells, date))


def reasons(column: Column) -> list[Why]:
    return [Why(one) for one in column.why.tolist()]


MERGED = "2014-07-01,A,N,1,.6\n2014-07-01,B,N,1,.4\n2016-01-01,C,K,1,1\n"


def test_merger_and_rename__are_added_up_in_the_order_of_their_days(tmp_path: Path) -> None:
    codes = Codes(("N", "K"), ("엔", "케이"), "2020-12-31", changes(tmp_path, MERGED))
    column = told(codes, "2010-12-31", {"A": 60, "B": 40, "C": 7})
    assert column.value.tolist() == [100.0, 7.0]
    assert column.total == 107.0
    assert told(codes, "2015-12-31", {"N": 90, "C": 7}).value.tolist() == [90.0, 7.0]
    assert told(codes, "2016-01-01", {"N": 90, "K": 7}).value.tolist() == [90.0, 7.0]  # figures of the day are after it


def test_older_districts__a_merger_is_undone_by_its_weights_only(tmp_path: Path) -> None:
    old = ("A", "B", "C")
    codes = Codes(old, old, "2010-12-31", changes(tmp_path, MERGED))
    column = told(codes, "2020-12-31", {"N": 100, "K": 7})
    assert column.value.tolist() == [60.0, 40.0, 7.0]
    unknown = Codes(old, old, "2010-12-31", changes(tmp_path, MERGED, back=None))
    column = told(unknown, "2020-12-31", {"N": 100, "K": 7})
    assert reasons(column) == [Why.NOT_REBASED, Why.NOT_REBASED, Why.COMPUTED]
    assert column.total == 107.0  # the whole is known although its parts are not


def test_split_and_border__go_by_weight_and_without_one_they_are_missing(tmp_path: Path) -> None:
    rows = "2018-01-01,A,A,.9,\n2018-01-01,A,B,.1,\n2018-01-01,B,B,1,\n"
    codes = Codes(("A", "B"), ("가", "나"), "2020-12-31", changes(tmp_path, rows, back=None))
    assert told(codes, "2015-12-31", {"A": 100, "B": 50}).value.tolist() == [90.0, 60.0]
    no_weight = "2018-01-01,A,A,,\n2018-01-01,A,B,,\n2018-01-01,B,B,,\n"
    codes = Codes(("A", "B"), ("가", "나"), "2020-12-31", changes(tmp_path, no_weight, weight=None, back=None))
    column = told(codes, "2015-12-31", {"A": 100, "B": 50})
    assert reasons(column) == [Why.NOT_REBASED, Why.NOT_REBASED]
    assert column.total == 150.0


def test_border__undone_needs_to_know_how_much_of_the_other_it_was(tmp_path: Path) -> None:
    rows = "2018-01-01,A,A,.9,\n2018-01-01,A,B,.1,\n"  # B may have been there before: it is not listed
    codes = Codes(("A", "B"), ("가", "나"), "2010-12-31", changes(tmp_path, rows, back=None))
    column = told(codes, "2020-12-31", {"A": 90, "B": 60})
    assert reasons(column)[0] == Why.NOT_REBASED  # never all of B
    rows = "2018-01-01,A,A,.9,1\n2018-01-01,A,B,.1,.25\n2018-01-01,B,B,1,.75\n"
    codes = Codes(("A", "B"), ("가", "나"), "2010-12-31", changes(tmp_path, rows))
    assert told(codes, "2020-12-31", {"A": 90, "B": 60}).value.tolist() == [105.0, 45.0]


def test_korean_codes__changes_of_old_codes_meet_tables_with_todays(tmp_path: Path) -> None:
    rows = "2018-01-01,45111,45111,.9,\n2018-01-01,45111,45113,.1,\n2018-01-01,45113,45113,1,\n"
    parsed = changes(tmp_path, rows, back=None, korea=True)
    codes = Codes(("52111", "52113"), ("완산구", "덕진구"), "2024-12-31", parsed, korea=True)
    for old in ({"45111": 100, "45113": 50}, {"5211100000": 100, "5211300000": 50}, {"완산구": 100, "덕진구": 50}):
        assert told(codes, "2015-12-31", old).value.tolist() == [90.0, 60.0]


def test_merger__without_one_of_its_parts_is_missing_not_too_small(tmp_path: Path) -> None:
    codes = Codes(("N", "K"), ("엔", "케이"), "2020-12-31", changes(tmp_path, MERGED))
    column = told(codes, "2010-12-31", {"A": 60, "C": 7})
    assert reasons(column) == [Why.NO_ROW, Why.COMPUTED]
    assert np.isnan(column.total)
    assert reasons(told(codes, "2010-12-31", {"A": 60, "B": np.nan, "C": 7}))[0] == Why.EMPTY_CELL


def test_unknown_code__is_told_and_belongs_to_nobody(tmp_path: Path) -> None:
    codes = Codes(("N", "K"), ("엔", "케이"), "2020-12-31", changes(tmp_path, MERGED))
    matched = codes.match(np.array(["A", "B", "X", "케이"], dtype=object), "2010-12-31")
    assert matched.unknown.tolist() == [False, False, True, False]
    assert matched.district.tolist() == [0, 0, 1]


def test_korean_codes__old_provinces_and_zeros_that_fill_up_are_read_as_todays() -> None:
    codes = Codes(("45111", "51110"), ("전주시완산구", "춘천시"), "2024-12-31", (), korea=True)
    cells = np.array(["5211100000", "45111", "4211000000", "4511151000"], dtype=object)
    matched = codes.match(cells, "2020-06-30")
    assert matched.unknown.tolist() == [False, False, False, True]
    assert matched.district.tolist() == [0, 0, 1]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_conservation__chains_of_splits_and_mergers_keep_everybody(data: st.DataObject) -> None:
    alive, made, rows = ["d0", "d1", "d2", "d3"], 4, []
    start = list(alive)
    for year in range(2001, 2001 + data.draw(st.integers(1, 4))):
        kind = data.draw(st.sampled_from(["split", "merge", "border", "rename"]))
        date = f"{year}-03-01"
        one, two = data.draw(st.permutations(alive))[:2]
        if kind == "split":
            part = data.draw(st.sampled_from([0.25, 0.5, 0.9]))
            fresh = [f"d{made}", f"d{made + 1}"]
            rows += [(date, one, fresh[0], part), (date, one, fresh[1], 1 - part)]
            alive, made = [code for code in alive if code != one] + fresh, made + 2
        elif kind == "border":
            rows += [(date, one, one, 0.75), (date, one, two, 0.25), (date, two, two, 1.0)]
        elif len(alive) > 2 or kind == "rename":
            old = [one, two] if kind == "merge" else [one]
            rows += [(date, code, f"d{made}", 1.0) for code in old]
            alive, made = [code for code in alive if code not in old] + [f"d{made}"], made + 1
    parsed = _parsed(rows)
    codes = Codes(tuple(alive), tuple(alive), "2020-12-31", parsed)
    people = {code: float(data.draw(st.integers(0, 10_000))) for code in start}
    column = told(codes, "2000-12-31", people)
    assert set(reasons(column)) == {Why.COMPUTED}
    assert column.value.sum() == pytest.approx(sum(people.values()))
    assert column.total == pytest.approx(sum(people.values()))
    assert (column.value >= 0).all()


def _parsed(rows: list[tuple[str, str, str, float]]) -> Any:
    return tuple(Change(date, old, new, weight, np.nan) for date, old, new, weight in rows)


@pytest.mark.parametrize(
    ("rows", "keys", "says"),
    [
        ("2014,A,N,1,1\n", {}, "no day such as 2014-07-01"),
        ("2014-07-01,A,,1,1\n", {}, "a code is empty in line 2"),
        ("2014-07-01,A,N,1.5,1\n", {}, "weight must lie between 0 and 1"),
        ("2014-07-01,A,N,.5,1\n2014-07-01,A,M,.4,1\n", {}, "does not add up to 1"),
        ("2014-07-01,A,N,1,1\n2014-07-01,A,N,1,1\n", {}, "a change stands twice: line 3"),
        ("2014-07-01,A,N,1,1\n", {"weight": "wieght"}, "did you mean 'weight'?"),
    ],
)
def test_table__faults_name_the_line(tmp_path: Path, rows: str, keys: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=says.replace("?", r"\?")):
        changes(tmp_path, rows, **keys)
