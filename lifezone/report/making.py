"""Make the files of a report from a folder of results: ``lifezone run`` and ``lifezone report OUT`` do the same.

    folder → Material → sections → Document → report.ko.html, report.en.html, report.ko.pdf, …

The files stand in the result folder; its manifest tells them under ``report``, with a hash each. They are put there by
replacing the folder as a whole (:mod:`lifezone.report.swap`), with links to what stays, so that a crash leaves the
older report. The same folder gives the same bytes, whatever its manifest says under ``run`` and ``report``.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from lifezone.errors import Fault, InputError
from lifezone.model import REPORT_FORMATS, ReportWish
from lifezone.progress import SILENT, Progress
from lifezone.report.document import Document
from lifezone.report.material import Material, material_of
from lifezone.report.monitoring import MonitorMaterial, annual_report, is_monitored, monitor_material
from lifezone.report.swap import MANIFEST, file_hash, folder_files, repair, replace_folder
from lifezone.report.words import Texts, texts_of

__all__ = ["make_report"]

_STEM: Final = "report"
_LANGUAGES: Final = ("ko", "en")


@dataclass
class _Making:
    """A report on its way: what it is made of, where to, and what was written.

    Attributes:
        material: the folder that is read.
        out: the folder that is written to, which will take its place.
        maps: pictures stand in the page.
    """

    material: Material | MonitorMaterial
    out: Path
    maps: bool = True
    documents: dict[str, Document] = field(default_factory=dict)
    pictures: Any = None
    written: dict[str, dict[str, Any]] = field(default_factory=dict)

    def document(self, language: str) -> Document:
        """Return the document in a language, made once."""
        if language not in self.documents:
            self.documents[language] = _document(self.material, self.texts(language))
        return self.documents[language]

    def texts(self, language: str) -> Texts:
        """Return the words of a language."""
        return texts_of("ko" if language == "ko" else "en", self.material.disclose)

    def note(self, name: str, format_: str, language: str | None) -> None:
        """Remember a file that was written."""
        told = {"sha256": file_hash(self.out / name), "format": format_}
        self.written[name] = told | ({} if language is None else {"language": language}) | {
            "disclose": self.material.disclose
        }  # fmt: skip


def make_report(
    folder: str | Path,
    *,
    languages: Sequence[str] = _LANGUAGES,
    formats: Sequence[str] = ("html",),
    disclose: bool = False,
    maps: bool = True,
    progress: Progress = SILENT,
) -> list[Path]:
    """Write a report into a folder of results; nothing is computed again.

    Args:
        folder: what ``lifezone run`` or ``lifezone monitor`` wrote.
        languages: ``ko``, ``en``.
        formats: of :data:`lifezone.model.REPORT_FORMATS`.
        disclose: lift the disclosure rule.
        maps: PNG maps stand in the page.
        progress: where to show progress.

    Returns:
        The files written, in order.

    Raises:
        InputError: the folder is none of ours, damaged or of another version, or a format needs what is not installed.
        LifezoneError: writing failed; the report that was there before is untouched.
    """
    folder = Path(folder)
    repair(folder)
    wish = ReportWish(tuple(languages), tuple(formats))
    _check(wish)
    material = monitor_material(folder, disclose=disclose) if is_monitored(folder) else material_of(folder, disclose)
    if "maps" in wish.formats and isinstance(material, MonitorMaterial):
        raise InputError(f"{folder}: the maps of a monitoring study lie in maps/ already, as PNG and SVG")
    made: list[str] = []

    def fill(new: Path) -> None:
        making = _Making(material, new, maps)
        _write(making, wish, progress)
        _keep(folder.resolve(), new, leave={*making.written, MANIFEST})
        _tell(new, material.manifest, making.written)
        made.extend(making.written)

    replace_folder(folder, fill)
    return [folder / name for name in made]


def _document(material: Material | MonitorMaterial, texts: Texts) -> Document:
    """Return the report that a folder is for: the council's of a run, the annual one of a monitoring study."""
    if isinstance(material, MonitorMaterial):
        return annual_report(material, texts)
    from lifezone.report.council import council_report  # noqa: PLC0415

    return council_report(material, texts)


def _check(wish: ReportWish) -> None:
    """Refuse languages and formats that do not exist, and formats whose library is not installed."""
    faults = [Fault(f"no report in {one!r}: expected ko or en") for one in wish.languages if one not in _LANGUAGES]
    unknown = [one for one in wish.formats if one not in REPORT_FORMATS]
    faults += [Fault(f"no report format {one!r}: expected one of {', '.join(REPORT_FORMATS)}") for one in unknown]
    if not wish.languages or not wish.formats:
        faults.append(Fault("a report needs a language and a format: --lang both --format html"))
    if "hwpx" in wish.formats and find_spec("hwpx") is None:
        faults.append(Fault("hwpx needs one more package: python -m pip install 'lifezone[hwpx]'"))
    if faults:
        raise InputError(faults)


def _write(making: _Making, wish: ReportWish, progress: Progress) -> None:
    """Write every format that is wished, in every language."""
    for format_ in dict.fromkeys(wish.formats):
        write = _WRITERS[format_]
        with progress.step(f"writing report ({format_})"):
            write(making, wish.languages)
    _forms(making, wish.languages)


def _html(making: _Making, languages: Sequence[str]) -> None:
    """Write one page per language."""
    from lifezone.report.html import Embedder, html_page  # noqa: PLC0415

    embedder = Embedder(making.material.folder)
    for language in languages:
        document = making.document(language)
        pictures = embedder.embed(document) if making.maps else {}
        page = html_page(document, pictures, making.texts(language))
        name = f"{_STEM}.{language}.html"
        (making.out / name).write_text(page, encoding="utf-8", newline="\n")
        making.note(name, "html", language)


def _forms(making: _Making, languages: Sequence[str]) -> None:
    """Write the values for each of the county's forms, as tables that office programs open."""
    from lifezone.report.council.form_values import filled_forms  # noqa: PLC0415
    from lifezone.report.forms.filling import write_form  # noqa: PLC0415

    if not isinstance(making.material, Material):
        return  # the county's forms are filled from runs
    for language in languages:
        texts = making.texts(language)
        for filled in filled_forms(making.material, texts):
            name = f"forms/{filled.form.id}.{language}.csv"
            (making.out / "forms").mkdir(exist_ok=True)
            write_form(filled, texts, making.out / name)
            making.note(name, "form", language)


def _pdf(making: _Making, languages: Sequence[str]) -> None:
    """Write one PDF per language."""
    from lifezone.report.pdf import write_pdf  # noqa: PLC0415

    _papers(making, languages, "pdf", write_pdf)


def _hwpx(making: _Making, languages: Sequence[str]) -> None:
    """Write one HWPX file per language."""
    from lifezone.report.hwpx import write_hwpx  # noqa: PLC0415

    _papers(making, languages, "hwpx", write_hwpx)


def _papers(
    making: _Making, languages: Sequence[str], format_: str, write: Callable[[Document, Texts, Path, Path], None]
) -> None:
    """Write one file per language with a writer of documents that are printed."""
    for language in languages:
        name = f"{_STEM}.{language}.{format_}"
        write(making.document(language), making.texts(language), making.material.folder, making.out / name)
        making.note(name, format_, language)


def _xlsx(making: _Making, languages: Sequence[str]) -> None:
    """Write one workbook per language."""
    from lifezone.report.report_workbook import write_report_workbook  # noqa: PLC0415

    for language in languages:
        name = f"{_STEM}.{language}.xlsx"
        write_report_workbook(making.document(language), making.texts(language), making.out / name)
        making.note(name, "xlsx", language)


def _maps(making: _Making, languages: Sequence[str]) -> None:  # noqa: ARG001 (maps are in both languages)
    """Write the maps and their sources as an archive."""
    from lifezone.report.map_archive import write_map_archive  # noqa: PLC0415

    name = f"{_STEM}.maps.zip"
    if isinstance(making.material, Material):  # make_report refuses it for others
        write_map_archive(making.material, making.out / name)
    making.note(name, "maps", None)


_WRITERS: Final[dict[str, Callable[[_Making, Sequence[str]], None]]] = {
    "html": _html, "pdf": _pdf, "xlsx": _xlsx, "hwpx": _hwpx, "maps": _maps,
}  # fmt: skip


def _keep(old: Path, new: Path, leave: set[str]) -> None:
    """Link everything of the old folder into the new one, or copy where files cannot be linked."""
    for name in folder_files(old):
        if name in leave:
            continue
        target = new / name
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(old / name, target)
        except OSError:
            shutil.copy2(old / name, target)


def _tell(folder: Path, manifest: dict[str, Any], written: dict[str, dict[str, Any]]) -> None:
    """Write the manifest with the files of the report; ``run`` stays last."""
    told = {name: entry for name, entry in manifest.items() if name not in ("report", "run")}
    before = {name: entry for name, entry in manifest.get("report", {}).items() if (folder / name).is_file()}
    told["report"] = dict(sorted({**before, **written}.items()))
    if "run" in manifest:
        told["run"] = manifest["run"]
    text = json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8", newline="\n")
