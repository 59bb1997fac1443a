"""The report as HWPX, the format of Korean offices: headings, sentences, tables and pictures that people edit on.

Written through python-hwpx, an optional extra. Charts are set as pictures (Typst draws them), since Hangul programs
differ in what SVG they take. The archive is packed again in a fixed order with a fixed date: the library stamps both.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from lifezone.errors import InputError, LifezoneError
from lifezone.report.document import Document
from lifezone.report.pdf.writing import fonts
from lifezone.report.pictures import on_paper
from lifezone.report.plain import picture_of, plain
from lifezone.report.words import Texts

__all__ = ["write_hwpx"]

_WIDTH_MM: Final = 170.0
"""Between the margins of an A4 page."""
_HWP_MM: Final = 283.465
"""HWP units in a millimetre: 7200 in an inch."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PPI: Final = 200
_STAMP: Final = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
_NUMBERED: Final = re.compile(rb"<hp:(?:p|tbl|pic|header|footer|headerApply|footerApply)\b[^>]*>")
_NUMBER: Final = re.compile(rb'(?<=\s)(id|instid|idRef)="(\d+)"')
_FIXED: Final = b"2000-01-01T00:00:00Z"


def write_hwpx(document: Document, texts: Texts, folder: Path, path: Path) -> None:
    """Write a document as HWPX.

    Args:
        document: what is to be read.
        texts: its words, for cells and notes.
        folder: the result folder, which holds the pictures.
        path: the file to write.

    Raises:
        InputError: python-hwpx is not installed, or a picture of the result is missing.
        LifezoneError: the library made a file that does not hold what it should.
    """
    try:
        from hwpx import HwpxDocument  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise InputError("hwpx needs one more package: python -m pip install 'lifezone[hwpx]'") from error
    told = plain(document, texts)
    book = HwpxDocument.new()
    book.page.setup(paper_size="A4", margin_left_mm=20, margin_right_mm=20, margin_top_mm=20, margin_bottom_mm=18)
    styles = {
        "title": book.styles.ensure_run(bold=True, size=18),
        "lead": book.styles.ensure_run(bold=True, size=12),
        "small": book.styles.ensure_run(size=8.5, color="#4D5560"),
        "bold": book.styles.ensure_run(bold=True, size=10),
        "plain": book.styles.ensure_run(size=10),
        "cell": book.styles.ensure_run(size=8),
        "head": book.styles.ensure_run(size=8, bold=True),
    }
    book.paragraphs[0].text = ""
    write = partial(_line, book, styles)
    write(told["title"], "title")
    write(told["subtitle"], "small")
    if told["modelled"]:
        write(told["modelled"], "lead")
    for section in told["sections"]:
        book.add_heading(_clean(section["title"]), level=1)
        for block in section["blocks"]:
            _block(book, styles, block, partial(picture_of, document=document, folder=folder))
    for line in told["sources"]:
        write(line, "small")
    book.page.set_page_number()
    path.write_bytes(_repacked(book.to_bytes()))


def _block(book: Any, styles: Mapping[str, str], block: Mapping[str, Any], drawing: Any) -> None:
    """Write one block."""
    write = partial(_line, book, styles)
    match block["is"]:
        case "heading":
            book.add_heading(_clean(block["text"]), level=2)
        case "paragraph":
            write(block["text"], {"lead": "lead", "note": "small"}.get(block["tone"], "plain"))
        case "bullets":
            for at, item in enumerate(block["items"], 1):
                write(f"{at}. {item}" if block["ordered"] else f"• {item}", "plain")
        case "terms":
            for word, meaning in block["pairs"]:
                write(f"{word}: {meaning}", "plain")
        case "notice":
            write(f"※ {block['label']}: {block['text']}", "plain")
        case "figures":
            _figures(book, styles, block["figures"])
        case "table":
            _table(book, styles, block)
        case _:
            write(block["caption"], "bold")
            _picture(book, block["file"], drawing(block["file"]))
            if block["note"]:
                write(block["note"], "small")


def _line(book: Any, styles: Mapping[str, str], text: str, style: str) -> None:
    """Write one paragraph of one style; empty texts leave no line."""
    if text:
        book.add_paragraph(_clean(text), char_pr_id_ref=styles[style], inherit_style=False)


def _figures(book: Any, styles: Mapping[str, str], figures: list[Mapping[str, str]]) -> None:
    """Write the key figures as a table of two rows: what, and how much."""
    if not figures:
        return
    rows = [[one["label"] for one in figures],
            ["\n".join(filter(None, (one["value"], one["share"], one["detail"]))) for one in figures]]  # fmt: skip
    _grid(book, styles, rows, [1.0] * len(figures))


def _table(book: Any, styles: Mapping[str, str], block: Mapping[str, Any]) -> None:
    """Write a table with its caption and notes."""
    _line(book, styles, block["caption"], "bold")
    if block["head"]:
        longest = [max([len(name), *(len(row[at]) for row in block["rows"])]) for at, name in enumerate(block["head"])]
        _grid(book, styles, [block["head"], *block["rows"]], [min(max(width, 4), 24) for width in longest])
    for line in (block["left"], block["note"]):
        _line(book, styles, line, "small")


def _grid(book: Any, styles: Mapping[str, str], rows: list[list[str]], widths: list[float]) -> None:
    """Write cells whose first row is the head."""
    width = int(_WIDTH_MM * _HWP_MM)
    table = book.add_table(len(rows), len(rows[0]), width=width, char_pr_id_ref=styles["cell"])
    table.set_column_widths(widths)
    for at, (own, texts) in enumerate(zip(table.rows, rows, strict=True)):  # asking for one cell walks the whole table
        style = styles["head" if at == 0 else "cell"]
        for cell, text in zip(own.cells, texts, strict=True):
            cell.set_text(_clean(text))
            for paragraph in cell.paragraphs:
                paragraph.char_pr_id_ref = style


def _picture(book: Any, name: str, data: bytes) -> None:
    """Place a picture across the page."""
    from PIL import Image  # noqa: PLC0415  (only to learn how high it is)

    png = _as_png(data) if name.endswith(".svg") else on_paper(name, data)
    wide, high = Image.open(BytesIO(png)).size
    book.add_picture(png, "png", width_mm=_WIDTH_MM, height_mm=round(_WIDTH_MM * high / wide, 2))


def _as_png(svg: bytes) -> bytes:
    """Return a chart as a picture."""
    import typst  # noqa: PLC0415

    page = b'#set page(width: 170mm, height: auto, margin: 0mm)\n#image("chart.svg", width: 100%, alt: "")'
    compiled: Any = typst.compile  # its stub does not know files given as a mapping
    try:
        png: bytes = compiled(
            {"main": page, "chart.svg": svg}, format="png", ppi=_PPI, font_paths=[str(one) for one in fonts()],
            ignore_system_fonts=True,
        )  # fmt: skip
    except (typst.TypstError, RuntimeError) as error:
        raise LifezoneError(f"a chart could not be drawn as a picture: {error}") from error
    return on_paper("chart.png", png)


def _repacked(data: bytes) -> bytes:
    """Return an archive with the same parts and no trace of when it was packed; ``mimetype`` stays first and plain."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as fixed:
        names = packed.namelist()
        for name in sorted(names, key=lambda one: (one != "mimetype", names.index(one))):
            part = packed.read(name)
            if name.endswith((".xml", ".hpf", ".rdf")):
                part = _renumbered(_STAMP.sub(_FIXED, part))
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            fixed.writestr(info, part)
    return out.getvalue()


def _renumbered(part: bytes) -> bytes:
    """Return XML whose paragraphs and objects count from 1: the library gives them numbers by chance."""
    numbers: dict[bytes, int] = {}

    def counted(tag: re.Match[bytes]) -> bytes:
        return _NUMBER.sub(lambda one: b'%s="%d"' % (one[1], numbers.setdefault(one[2], len(numbers) + 1)), tag[0])

    return _NUMBERED.sub(counted, part)


def _clean(text: str) -> str:
    """Return text without characters that XML cannot hold."""
    return "".join(one for one in text if one.isprintable() or one in "\n\t")
