"""The tables of a report as a workbook."""

from __future__ import annotations

import openpyxl
import pytest

from lifezone.report.document import Column, Document, Section, Table
from lifezone.report.report_workbook import write_report_workbook
from lifezone.report.words import texts_of
from tests.report.paper.documents import HOSTILE, document, table


@pytest.fixture
def book(tmp_path):
    write_report_workbook(
        document(tmp_path, more=(table(len(HOSTILE), id_="hostile"),)), texts_of("ko"), tmp_path / "r.xlsx"
    )
    return openpyxl.load_workbook(tmp_path / "r.xlsx")


def test_report_workbook__has_a_sheet_for_every_table_and_for_the_numbers_of_charts(book):
    assert book.sheetnames == ["안내", "access_districts", "small", "hostile", "cumulative_data"]


def test_report_workbook__holds_values_with_units_and_formats(book):
    sheet = book["access_districts"]
    assert [cell.value for cell in sheet[4]] == [
        "읍면동", "인구 (명)", "도달률 (%)", "변화 (%p)", "평균 (분)", "사업비 (백만 원)",
    ]  # fmt: skip
    row = sheet[5]
    assert [cell.value for cell in row[1:]] == [1234, 0.616, -3.4, 12.34, None]
    assert row[2].number_format == "0.0%"
    assert "여는 데 드는 값만" in sheet["A2"].value
    assert sheet.freeze_panes == "B5"


def test_report_workbook__no_name_becomes_a_formula_or_a_link(book):
    rows = [row[0] for row in book["hostile"].iter_rows(min_row=5)]
    assert [cell.value for cell in rows] == [name.replace("\u202e", "") for name in HOSTILE]
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in rows)


def test_report_workbook__a_count_that_may_not_be_shown_is_text(book):
    cell = book["small"]["B5"]
    assert (cell.value, cell.data_type) == ("10명 미만", "s")


def test_report_workbook__is_the_same_bytes_twice(tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        write_report_workbook(document(tmp_path), texts_of("ko"), tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_report_workbook__long_and_like_ids_get_sheets_of_their_own(tmp_path):
    columns = (Column("a", "가"),)
    tables = tuple(Table(name, "표", columns, (("x",),)) for name in ("A" * 40, "a" * 40, "b/c:d", "안내2"))
    made = Document("ko", "제목", "", (Section("s", "절", tables),))
    write_report_workbook(made, texts_of("ko"), tmp_path / "r.xlsx")
    names = openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames
    assert names == ["안내", "A" * 31, "a" * 29 + "~2", "b_c_d", "안내2"]


def test_report_workbook__an_empty_document_is_still_a_workbook(tmp_path):
    write_report_workbook(Document("en", "Nothing", "", ()), texts_of("en"), tmp_path / "r.xlsx")
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames == ["Read first"]
