"""What people read after a run: numbers as in the tables, small ones hidden, plain where there is no terminal."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from lifezone.model import Result
from lifezone.report import RichProgress, tables_of
from lifezone.report.console import print_check, print_result, print_standard, print_standards, result_page
from lifezone.report.pages import Lines, Sheet, show, text
from tests.report import worlds


@pytest.fixture(scope="module")
def result() -> Result:
    return worlds.result(cells=600)


def printed(call, *arguments, terminal: bool = False, **options) -> str:
    out = io.StringIO()
    call(*arguments, console=Console(file=out, force_terminal=terminal, width=200, color_system=None), **options)
    return out.getvalue()


def test_result__tells_coverage_before_and_after_and_where_the_files_are(result: Result) -> None:
    words = printed(print_result, result, Path("results") / "x")
    tables = tables_of(result)
    rows = {
        row.variant: row
        for row in tables.summary
        if row.district == "all" and row.requirement == "clinic_car" and row.group == "total"
    }
    line = next(line for line in words.splitlines() if "Primary care" in line)
    for row in rows.values():
        assert f"{100 * row.coverage:.1f} % [{100 * row.coverage_low:.1f}, {100 * row.coverage_high:.1f}]" in line
    change = next(row for row in tables.changes if row.district == "all" and row.requirement == "clinic_car")
    assert f"(+{change.gain:,.0f} −{change.lose:,.0f})" in line
    assert "not assessed" in next(line for line in words.splitlines() if "er_car" in line)
    for part in ("summary.csv", "result.gpkg", "manifest.json", "312 of 9,804", "capacity not tested", "at most"):
        assert part in words


def test_result__small_numbers_are_hidden_unless_disclosed(result: Result) -> None:
    tables = tables_of(result)
    few = tuple(replace(row, gain=4.0, lose=3.0) for row in tables.changes)
    page = result_page(result, Path("x"), replace(tables, changes=few))
    assert "(+<10 −<10)" in text(page)
    shown = result_page(result, Path("x"), replace(tables, changes=few), disclose=True)
    assert "(+4 −3)" in text(shown)


def test_result__small_deserts_are_not_named(result: Result) -> None:
    assessment = result.baseline.assessment
    small = tuple(replace(desert, people=(30.0, 1.0), named=True) for desert in assessment.deserts)
    baseline = replace(result.baseline, assessment=replace(assessment, deserts=small))
    made = replace(result, variants=(baseline,))
    assert "새터" not in printed(print_result, made, Path("x"), language="ko")
    assert "새터" in printed(print_result, made, Path("x"), language="ko", disclose=True)


def test_result__modelled_data_is_told(result: Result) -> None:
    study = replace(result.baseline.world, network=worlds.network(modelled="surrogate network"))
    made = replace(result, variants=(replace(result.baseline, world=study),))
    assert "modelled data, not for designation, no class is given: surrogate network" in printed(
        print_result, made, Path("x")
    )


def test_result__hostile_names_are_text_on_terminal_and_in_files(result: Result) -> None:
    made = replace(result, name="[red]x[/red] \x1b[2J \x07bell", variants=result.variants[:1])
    for terminal in (True, False):
        words = printed(print_result, made, Path("x"), terminal=terminal)
        assert "[red]x[/red]" in words
        assert "\x1b[2J" not in words
        assert "\x07" not in words


def test_result__nobody_at_all_has_an_answer_too() -> None:
    words = printed(print_result, worlds.empty_result(), Path("x"))
    assert "0 people at 0 points" in words


def test_result__speaks_korean_and_english_and_never_both(result: Result) -> None:
    english, korean = (printed(print_result, result, Path("x"), language=language) for language in ("en", "ko"))
    for part in ("People within the bound", "Primary care", "Life deserts", "Know before you use it", "Files"):
        assert part in english
        assert part not in korean
    for part in ("기준 안에 사는 사람", "기초 의료", "생활사막", "쓰기 전에 알 것", "결과 파일"):
        assert part in korean
        assert part not in english


def test_result__counts_the_deserts_that_are_shown_by_name_as_the_map_does(result: Result) -> None:
    assessment = result.baseline.assessment
    people = [(30.0, 1.0), *((60.0, 1.0) for _ in assessment.deserts[1:])]
    deserts = tuple(replace(one, people=n, named=True) for one, n in zip(assessment.deserts, people, strict=True))
    made = replace(result, variants=(replace(result.baseline, assessment=replace(assessment, deserts=deserts)),))
    rows = next(part for part in result_page(made, Path("x"), tables_of(made)) if part.title == "Life deserts").rows
    assert rows[0][1:4:2] == (str(len(deserts) - 1), "1")


def test_pages__columns_stay_aligned_with_korean_and_nothing_is_cut() -> None:
    long = "가나다" * 60
    page = [Sheet("t", ("name", "n"), ((long, "1"), ("b", "1,000"))), Lines("l", ("x",))]
    lines = text(page).splitlines()
    assert long in lines[2]
    assert lines[2].endswith("    1")
    out = io.StringIO()
    show(page, Console(file=out, width=20))
    assert long in out.getvalue()


def test_check__says_what_was_found(result: Result) -> None:
    world = result.baseline.world
    built = SimpleNamespace(world=world, standard=worlds.STANDARD, notes=("buffer 5 km",), inputs=[{}, {}])
    words = printed(print_check, built)
    for part in ("No fault found", "7 facilities of 4 kinds", "5 requirements judged", "2 inputs read", "buffer 5 km"):
        assert part in words


def test_standards__are_listed_and_shown_with_sources() -> None:
    assert "kr-county" in printed(print_standards)
    words = printed(print_standard, "kr-rural-2020")
    for part in ("60 min", "30 min", "item 1", "Life desert"):
        assert part in words


def test_progress__without_a_terminal_only_names_are_told() -> None:
    out = io.StringIO()
    with RichProgress(Console(file=out)) as progress, progress.step("drawing [maps]", 3) as advance:
        advance(1)
    assert out.getvalue() == "drawing [maps] …\n"


def test_progress__bars_nest_and_leave_the_terminal_clean() -> None:
    out = io.StringIO()
    progress = RichProgress(Console(file=out, force_terminal=True, width=100))
    with pytest.raises(ValueError, match="x"):
        fail_inside(progress)
    assert "inner" in out.getvalue()
    assert out.getvalue().count("\x1b[?25h") == out.getvalue().count("\x1b[?25l") == 1


def fail_inside(shown: RichProgress) -> None:
    with shown as progress, progress.step("outer"), progress.step("inner", 2) as advance:
        advance(1)
        raise ValueError("x")
