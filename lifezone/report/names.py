"""Names of folders and files made from names that people chose: valid on every system, never outside the folder."""

from __future__ import annotations

import re
from typing import Final

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Result

__all__ = ["check_names", "file_stem", "variant_folder"]

_RESERVED: Final = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_MOST_BYTES: Final = 120
_MOST_FOLDER_BYTES: Final = 240
"""Of a folder's name: systems take 255 bytes; 60 Korean letters need 180."""


def variant_folder(name: str) -> str:
    """Return the folder of a variant: its own name, which :func:`check_names` has accepted."""
    return name


def file_stem(key: str) -> str:
    """Return a requirement's id as a file name: letters, digits, ``-``, ``_`` and ``.`` stay."""
    return re.sub(r"[^\w.-]", "_", key)[:_MOST_BYTES]


def check_names(result: Result) -> None:
    """Refuse variant names that cannot be folders, all at once.

    Raises:
        InputError: A name is empty, too long, holds a separator or another character that some system refuses, ends in
            a dot or space, is reserved, is a file of the results, or differs from another one by case alone.
    """
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for position, variant in enumerate(result.variants):
        name, path = variant.name, ("variants", position, "name")
        if not _is_folder_name(name):
            faults.append(Fault(f"{name!r} cannot be a folder name: use letters, digits, '-' and '_'", path))
        elif name.casefold() in seen:
            faults.append(Fault(f"{name!r} and {seen[name.casefold()]!r} would be one folder: rename one", path))
        seen.setdefault(name.casefold(), name)
    if faults:
        raise InputError(faults)
    stems = [file_stem(key).casefold() for key in result.baseline.assessment.verdicts]
    twins = sorted({stem for stem in stems if stems.count(stem) > 1})
    if twins:
        raise InputError(f"requirement ids would share the file of a map: {some_of(twins)}; rename them")


def _is_folder_name(name: str) -> bool:
    if not name or name != name.strip(" .") or len(name.encode()) > _MOST_FOLDER_BYTES:
        return False
    if re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name):
        return False
    stem = name.split(".", maxsplit=1)[0].casefold()
    taken = {"manifest.json", "scenario.resolved.yaml", "result.gpkg", "zones", "rasters"}
    ours = name.casefold() in taken or name.casefold().endswith(".csv") or name.casefold().startswith("report.")
    return stem not in _RESERVED and not ours
