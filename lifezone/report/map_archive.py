"""All maps of a result in one ZIP: PNG as the run drew them, SVG for whoever lays them out anew.

SVG maps are drawn from the files of the result. Maps of plans, zones, flows and towns are there as PNG alone, since the
files do not hold all that they show; the list inside says so.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lifezone.model import Provenance, Result
from lifezone.progress import SILENT, Progress
from lifezone.report.material import Material
from lifezone.report.names import variant_folder
from lifezone.report.words import texts_of

__all__ = ["write_map_archive"]

_DATE: Final = (1980, 1, 1, 0, 0, 0)
_LIST: Final = "READ_ME.txt"


def write_map_archive(material: Material, path: Path, *, progress: Progress = SILENT) -> None:
    """Write the ZIP: every PNG map, the SVG of those that can be drawn again, and a list in both languages.

    Args:
        material: the result.
        path: the file to write.
        progress: told one step a map.

    Raises:
        InputError: a variant cannot be read.
    """
    pictures = _pictures(material.folder)
    with zipfile.ZipFile(path, "w") as archive:
        for name in pictures:
            _add(archive, name, (material.folder / name).read_bytes(), compress=False)
        drawn = []
        for name, svg in _vector_maps(material, frozenset(pictures), progress):
            _add(archive, name, svg.encode(), compress=True)
            drawn.append(name)
        _add(archive, _LIST, _told(material, pictures, drawn).encode("utf-8-sig"), compress=True)


def _pictures(folder: Path) -> list[str]:
    """Return the paths of all maps below the folder, with ``/``, sorted."""
    found = [one for one in folder.rglob("*.png") if one.parent.name == "maps"]
    return sorted(one.relative_to(folder).as_posix() for one in found)


def _vector_maps(material: Material, pictures: frozenset[str], progress: Progress) -> Iterator[tuple[str, str]]:
    """Yield name and drawing of every map of verdicts, changes and deserts that the run drew."""
    from lifezone.report.maps.atlas import Atlas  # noqa: PLC0415  (matplotlib is slow to load)
    from lifezone.report.maps.draw import draw_sheet, wanted_maps  # noqa: PLC0415
    from lifezone.report.maps.vector import svg_sheet  # noqa: PLC0415

    if not pictures:
        return
    manifest = material.manifest
    result = Result(
        str(manifest["scenario"]["name"]), tuple(material.variant(name) for name in material.variants),
        Provenance(inputs=tuple(manifest["inputs"])), kinds=material.kinds,
    )  # fmt: skip
    atlas = Atlas(result, material.kinds, material.disclose, vector=True)
    jobs = [
        (f"{variant_folder(variant.name)}/maps/{stem}", variant, kind, key)
        for variant in result.variants
        for stem, kind, key in wanted_maps(result)[variant.name]
        if f"{variant_folder(variant.name)}/maps/{stem}.png" in pictures
    ]
    with progress.step("drawing maps", len(jobs)) as advance:
        for name, variant, kind, key in jobs:
            yield f"{name}.svg", svg_sheet(draw_sheet(atlas, variant, kind, key))
            advance(1)


def _told(material: Material, pictures: list[str], drawn: list[str]) -> str:
    """Return the list that stands beside the maps, Korean first."""
    lines = []
    for language in ("ko", "en"):
        texts = texts_of(language, material.disclose)
        lines += [material.title(texts.language), texts.say("paper.maps", png=len(pictures), svg=len(drawn)), ""]
    return "\r\n".join([*lines, *pictures, *drawn, ""])


def _add(archive: zipfile.ZipFile, name: str, data: bytes, *, compress: bool) -> None:
    """Add a file with a fixed date: the same maps are the same archive."""
    info = zipfile.ZipInfo(name, _DATE)
    info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)
