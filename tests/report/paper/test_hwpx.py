"""The report as HWPX; opened again with the library that is said to write what Hancom reads."""

from __future__ import annotations

import builtins
import zipfile

import pytest
from hwpx import HwpxDocument

from lifezone.errors import InputError
from lifezone.report.hwpx import write_hwpx
from lifezone.report.words import texts_of
from tests.report.paper.documents import HOSTILE, document, table


def test_hwpx__holds_headings_sentences_tables_and_pictures(tmp_path):
    write_hwpx(document(tmp_path), texts_of("ko"), tmp_path, tmp_path / "r.hwpx")
    book = HwpxDocument.open(tmp_path / "r.hwpx")
    text = "\n".join(paragraph.text for paragraph in book.paragraphs)
    assert "서비스별 접근성" in text
    assert "※ 경계: 경계 밖 시설까지 불러왔다." in text
    cells = [cell.text for table_ in book.tables for row in table_.rows for cell in row.cells]
    assert {"인구 (명)", "1,234", "10명 미만"} <= set(cells)
    assert not book.validate().issues
    with zipfile.ZipFile(tmp_path / "r.hwpx") as packed:
        pictures = [name for name in packed.namelist() if name.startswith("BinData/")]
        assert len(pictures) == 2  # the map and the chart
        assert packed.namelist()[0] == "mimetype"
        assert packed.getinfo("mimetype").compress_type == zipfile.ZIP_STORED


def test_hwpx__names_of_the_data_are_text(tmp_path):
    made = document(tmp_path, more=(table(len(HOSTILE), id_="hostile"),))
    write_hwpx(made, texts_of("ko"), tmp_path, tmp_path / "r.hwpx")
    cells = [
        cell.text for one in HwpxDocument.open(tmp_path / "r.hwpx").tables for row in one.rows for cell in row.cells
    ]
    assert {HOSTILE[0], HOSTILE[2], HOSTILE[5]} <= set(cells)


def test_hwpx__the_same_document_is_the_same_bytes(tmp_path):
    for name in ("one.hwpx", "two.hwpx"):
        write_hwpx(document(tmp_path), texts_of("ko"), tmp_path, tmp_path / name)
    assert (tmp_path / "one.hwpx").read_bytes() == (tmp_path / "two.hwpx").read_bytes()


def test_hwpx__without_the_extra_it_says_what_to_install(tmp_path, monkeypatch):
    really = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "hwpx":
            raise ImportError(name)
        return really(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"pip install 'lifezone\[hwpx\]'"):
        write_hwpx(document(tmp_path), texts_of("ko"), tmp_path, tmp_path / "r.hwpx")
