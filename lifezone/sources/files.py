"""Local files: found, refused when they are not local, hashed for the manifest."""

from __future__ import annotations

import difflib
import hashlib
import re
from pathlib import Path
from typing import Any, Final

from lifezone.errors import Fault, InputError

__all__ = ["OSM_CREDIT", "did_you_mean", "input_record", "local_file"]

_REMOTE: Final = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]+:|/vsi|\\\\|//)")
_SIBLINGS: Final = {".shp": (".dbf", ".shx", ".prj", ".cpg")}
_BLOCK: Final = 1 << 20


def local_file(folder: Path, path: str) -> Path:
    """Return the file that a scenario names.

    Args:
        folder: Where relative paths start.
        path: As written in the scenario.

    Raises:
        InputError: It is an address on the net or a virtual path, does not exist, or is a folder.
    """
    if _REMOTE.match(path) or "\0" in path:
        raise InputError(Fault(f"{path!r} is not a local file: download it first and give its path", ("path",)))
    file = Path(folder, path)
    try:
        if file.is_file():
            return file
        if file.is_dir():
            raise InputError(Fault(f"{path} is a folder, a file is needed", ("path",)))
        near = sorted(item.name for item in file.parent.iterdir()) if file.parent.is_dir() else []
    except OSError as error:
        raise InputError(Fault(f"{path} cannot be opened: {error.strerror or error}", ("path",))) from None
    raise InputError(Fault(f"there is no file {path} in {folder}{did_you_mean(file.name, near)}", ("path",)))


def did_you_mean(word: str, known: list[str] | tuple[str, ...]) -> str:
    """Return ``: did you mean 'x'?`` for the nearest known word, or nothing."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if not close:
        folded = {item.casefold(): item for item in reversed(known)}
        close = [folded[word.casefold()]] if word.casefold() in folded else []
    return f": did you mean {close[0]!r}?" if close else ""


OSM_CREDIT = "© OpenStreetMap contributors, ODbL"
"""What its licence asks to be shown wherever the data is."""


def input_record(path: str, file: Path, **told: Any) -> dict[str, Any]:
    """Return what the manifest says of an input: path as written, sha256, bytes, and what else is told.

    The files that belong to a shapefile are hashed apart, under ``parts``.
    """
    record: dict[str, Any] = {"path": path, "sha256": _sha256(file), "bytes": file.stat().st_size, **told}
    parts = [file.with_suffix(suffix) for suffix in _SIBLINGS.get(file.suffix.lower(), ())]
    if parts:
        record["parts"] = {part.suffix: _sha256(part) for part in parts if part.is_file()}
    return record


def _sha256(file: Path) -> str:
    """Hash a file block by block."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
