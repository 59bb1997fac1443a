"""Set a document as PDF."""

from __future__ import annotations

import json
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from lifezone.errors import LifezoneError
from lifezone.report.document import Document
from lifezone.report.pictures import on_paper
from lifezone.report.plain import drawings_of, picture_of, plain
from lifezone.report.words import Texts

__all__ = ["FONTS", "fonts", "write_pdf"]

_PAGES: Final = "report.typ"
FONTS: Final = ("NanumGothic", "DejaVu Sans")
"""Family for everything, and the one for what it lacks (U+2212, arrows)."""


def write_pdf(document: Document, texts: Texts, folder: Path, path: Path) -> None:
    """Write a document as PDF.

    Args:
        document: what is to be read.
        texts: its words, for cells and notes.
        folder: the result folder, which holds the pictures.
        path: the file to write.

    Raises:
        InputError: a picture of the result is missing.
        LifezoneError: the pages could not be set.
    """
    told = plain(document, texts)
    with TemporaryDirectory() as work:
        home = Path(work)
        for name in drawings_of(told):
            (home / name).write_bytes(on_paper(name, picture_of(name, document, folder)))
        data = json.dumps(told | {"words": _words(texts)}, ensure_ascii=False)
        (home / "document.json").write_text(data, encoding="utf-8")
        (home / _PAGES).write_bytes(files("lifezone.report.pdf").joinpath(_PAGES).read_bytes())
        path.write_bytes(_set(home, path.name))


def _set(home: Path, name: str) -> bytes:
    """Return the pages of a folder with template, data and drawings."""
    import typst  # noqa: PLC0415  (34 MB; only where a PDF is asked for)

    try:
        return typst.compile(
            str(home / _PAGES), root=str(home), format="pdf", font_paths=[str(place) for place in fonts()],
            ignore_system_fonts=True, timestamp=0, pdf_standards=["ua-1"],
        )  # fmt: skip
    except (typst.TypstError, RuntimeError) as error:
        raise LifezoneError(f"{name}: the pages could not be set: {error}") from error


def fonts() -> list[Path]:
    """Return the folders of the fonts: Korean ones from their wheel, signs from matplotlib's."""
    import matplotlib as mpl  # noqa: PLC0415  (only its data folder is asked for)

    spec = find_spec("koreanize_matplotlib")
    homes = [Path(home) / "fonts" for home in (spec.submodule_search_locations or ())] if spec else []
    return [*homes, Path(mpl.get_data_path()) / "fonts" / "ttf"]


def _words(texts: Texts) -> dict[str, str]:
    return {key: texts.say(f"paper.{key}") for key in ("contents",)}
