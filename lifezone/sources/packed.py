"""Layers inside a zip archive, as offices publish shapefiles: unpacked for a moment, read like any other file."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from lifezone.errors import Fault, InputError
from lifezone.sources.files import did_you_mean
from lifezone.sources.layers import FORMATS, Layer, read_layer

__all__ = ["read_zip"]

_MOST_BYTES: Final = 4 << 30
_BESIDE: Final = (".dbf", ".shx", ".prj", ".cpg", ".mid")
"""Files that belong to another one."""


def read_zip(file: Path, *, shown: str, layer: str | None = None, encoding: str | None = None) -> Layer:
    """Read the one layer file that an archive holds, or the one that ``layer`` names.

    Raises:
        InputError: it is damaged, holds none or several, or unpacks to more than a layer can have.
    """
    try:
        with zipfile.ZipFile(file) as archive, tempfile.TemporaryDirectory() as folder:
            names = [name for name in archive.namelist() if not name.startswith(("/", "__MACOSX")) and ".." not in name]
            found = {name: PurePosixPath(name) for name in names if PurePosixPath(name).suffix.lower() in FORMATS}
            shapes = {inside.with_suffix("") for inside in found.values() if inside.suffix.lower() == ".shp"}
            found = {name: inside for name, inside in found.items()
                     if inside.suffix.lower() != ".dbf" or inside.with_suffix("") not in shapes}  # fmt: skip
            member = _chosen(found, layer, shown)
            inside = found[member]
            parts = [name for name in names if PurePosixPath(name).with_suffix("") == inside.with_suffix("")
                     and PurePosixPath(name).suffix.lower() in (inside.suffix.lower(), *_BESIDE)]  # fmt: skip
            if sum(archive.getinfo(name).file_size for name in parts) > _MOST_BYTES:
                raise InputError(Fault(f"{shown} unpacks to more than {_MOST_BYTES >> 30} GiB", ("path",)))
            for name in parts:
                suffix = PurePosixPath(name).suffix.lower()
                Path(folder, f"layer{suffix}").write_bytes(archive.read(name))
            inner = Path(folder, f"layer{inside.suffix.lower()}")
            within = layer if layer not in (None, member, inside.stem, inside.name) else None
            return read_layer(inner, shown=f"{shown}/{inside.name}", layer=within, encoding=encoding)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise InputError(Fault(f"{shown} is damaged or no zip archive: {error}", ("path",))) from None


def _chosen(found: dict[str, PurePosixPath], layer: str | None, shown: str) -> str:
    """Return the member to read."""
    names = sorted(found)
    if not names:
        raise InputError(Fault(f"{shown} holds no file that is read: expected {', '.join(FORMATS)} in it", ("path",)))
    if len(names) == 1:
        return names[0]
    stems = [found[name].stem for name in names]
    if layer is None:
        raise InputError(Fault(f"{shown} holds {len(names)} layers, name one: {', '.join(stems)}", ("layer",)))
    matching = [name for name in names if layer in (name, found[name].stem, found[name].name)]
    if not matching:
        hint = did_you_mean(layer, stems)
        raise InputError(Fault(f"{shown} has no layer {layer!r}{hint} It has {', '.join(stems)}", ("layer",)))
    return matching[0]
