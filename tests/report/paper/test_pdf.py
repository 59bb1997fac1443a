"""The report as PDF."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pypdf import PdfReader

from lifezone.errors import InputError
from lifezone.report.document import Paragraph
from lifezone.report.pdf import write_pdf
from lifezone.report.words import texts_of
from tests.report.paper.documents import HOSTILE, document, table


def _text(path):
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_pdf__says_every_sentence_number_and_note_of_the_document(tmp_path):
    write_pdf(document(tmp_path), texts_of("ko"), tmp_path, tmp_path / "r.pdf")
    text = "".join(_text(tmp_path / "r.pdf").split())
    for said in ("10,750명", "1,234", "61.6", "12.3", "10명미만", "경계밖시설까지불러왔다.", "작은글씨", "읽는법",
                 "여는데드는값만"):  # fmt: skip
        assert said in text, said


def test_pdf__names_of_the_data_are_text_and_never_markup(tmp_path):
    write_pdf(
        document(tmp_path, more=(table(len(HOSTILE), id_="hostile"),)), texts_of("ko"), tmp_path, tmp_path / "r.pdf"
    )
    text = "".join(_text(tmp_path / "r.pdf").split())
    for name in (HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[5]):
        assert "".join(name.split()) in text, name


def test_pdf__is_tagged_in_its_language_with_a_title_and_embeds_korean_fonts(tmp_path):
    write_pdf(document(tmp_path), texts_of("ko"), tmp_path, tmp_path / "r.pdf")
    reader = PdfReader(tmp_path / "r.pdf")
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "ko"
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert reader.metadata.title.startswith("가상의 한빛군")
    fonts = {
        str(font.get_object()["/BaseFont"]) for page in reader.pages for font in page["/Resources"]["/Font"].values()
    }
    assert any("NanumGothic" in font for font in fonts)


def test_pdf__the_same_document_is_the_same_bytes_and_carries_no_date(tmp_path):
    for name in ("one.pdf", "two.pdf"):
        write_pdf(document(tmp_path), texts_of("ko"), tmp_path, tmp_path / name)
    data = (tmp_path / "one.pdf").read_bytes()
    assert data == (tmp_path / "two.pdf").read_bytes()
    assert b"/CreationDate" not in data or b"D:1970" in data


def test_pdf__a_long_table_is_cut_and_says_how_much_is_left(tmp_path):
    write_pdf(document(tmp_path, more=(table(75, id_="long"),)), texts_of("ko"), tmp_path, tmp_path / "r.pdf")
    assert "나머지15행" in "".join(_text(tmp_path / "r.pdf").split())


def test_pdf__modelled_data_is_written_across_every_page(tmp_path):
    write_pdf(document(tmp_path, modelled="모형 자료"), texts_of("ko"), tmp_path, tmp_path / "r.pdf")
    pages = PdfReader(tmp_path / "r.pdf").pages
    assert all("모형 자료" in page.extract_text() for page in pages)


def test_pdf__a_missing_picture_is_the_users_fault_and_leaves_no_file(tmp_path):
    made = document(tmp_path)
    (tmp_path / "baseline" / "maps" / "deserts.png").unlink()
    with pytest.raises(InputError, match=r"deserts\.png is missing"):
        write_pdf(made, texts_of("ko"), tmp_path, tmp_path / "r.pdf")
    assert not (tmp_path / "r.pdf").exists()


def test_pdf__english_reports_are_english(tmp_path):
    write_pdf(document(tmp_path, language="en"), texts_of("en"), tmp_path, tmp_path / "r.pdf")
    assert "Contents" in _text(tmp_path / "r.pdf")


def test_pdf__page_one_is_one_page_and_its_picture_takes_what_is_left(tmp_path):
    made = document(tmp_path)
    long = Paragraph("주민 30,000명 가운데 10,750명이 생활사막에 산다. " * 12, "lead")
    for more in ((), (long,) * 3):
        first = replace(made.sections[0], blocks=(*made.sections[0].blocks, *more))
        write_pdf(replace(made, sections=(first, *made.sections[1:])), texts_of("ko"), tmp_path, tmp_path / "r.pdf")
        pages = [page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages]
        assert "한 쪽 요약" in pages[0]
        assert "차례" in pages[1]
