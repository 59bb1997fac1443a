"""One scenario out of several texts: the files it extends, itself, and ``--set``; every value keeps its place.

Mappings merge, lists replace; nothing (``key:`` or ``null``) over a value takes the default back. A block whose
``type`` changes replaces the old one whole, since the keys of a raster mean nothing to a table. Relative paths start at
the file that they are written in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final

from lifezone.errors import Fault, Path
from lifezone.scenario.yaml_events import UNREADABLE, Document, Place, walk
from lifezone.scenario.yaml_text import read_yaml_file, read_yaml_text

__all__ = ["Layered", "file_paths", "read_layers"]

_COLUMNS_BY_NAME: Final = {"where", "groups"}
"""Blocks whose keys are columns or groups: a column may be called ``path``."""
_NOTHING: Final = ("", "~", "null", "Null", "NULL")
"""What YAML 1.2 reads as null: the key goes back to its default."""
_MOST_FILES: Final = 20


@dataclass
class Layered:
    """A scenario as plain data with the place of everything in it.

    Attributes:
        data: plain Python; :data:`UNREADABLE` where a fault was told.
        key_at: place of each key or list item.
        value_at: place of each value.
        plain: what stands in the file for unquoted values that are not text.
        faults: what the readers found, without any order.
        whole: False when the main file could not be read to its end.
        files: every file read, the main one last.
    """

    data: dict[str, Any] = field(default_factory=dict)
    key_at: dict[Path, Place] = field(default_factory=dict)
    value_at: dict[Path, Place] = field(default_factory=dict)
    plain: dict[Path, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    whole: bool = True
    files: list[FilePath] = field(default_factory=list)

    def drop(self, path: Path) -> None:
        """Forget the places of a value and of everything in it."""
        tables: tuple[dict[Path, Any], ...] = (self.key_at, self.value_at, self.plain)
        for table in tables:
            for known in [known for known in table if known[: len(path)] == path]:
                del table[known]

    def put(self, path: Path, document: Document) -> None:
        """Take over the places of a document's value at ``path`` and of everything in it."""
        tables: tuple[tuple[dict[Path, Any], dict[Path, Any]], ...] = (
            (self.key_at, document.key_at), (self.value_at, document.value_at), (self.plain, document.plain),
        )  # fmt: skip
        for mine, theirs in tables:
            mine.update({known: value for known, value in theirs.items() if known[: len(path)] == path})


def read_layers(path: FilePath, sets: Sequence[str] = ()) -> Layered:
    """Read a scenario file with all that it extends, then apply ``--set`` overrides; nothing is raised."""
    layered = Layered()
    documents = _chain(path, layered)
    for folder, document in documents:
        if folder != path.parent:
            _move_paths(document.data, folder, path.parent)
        if layered.key_at:
            _merge(layered, layered.data, document.data, (), document)
        else:
            layered.data = document.data
            layered.key_at, layered.value_at, layered.plain = document.key_at, document.value_at, document.plain
    if documents:
        layered.key_at[()] = layered.value_at[()] = documents[-1][1].key_at.get((), Place(str(path), 1, 1))
    for text in sets:
        _set(layered, text)
    return layered


def _chain(path: FilePath, layered: Layered) -> list[tuple[FilePath, Document]]:
    """Read a file and what it extends; returns folders and documents, the farthest base first."""
    documents: list[tuple[FilePath, Document]] = []
    seen: list[FilePath] = []
    at: FilePath | None = path
    asked = Place(str(path))
    while at is not None:
        if at.resolve() in seen or len(seen) >= _MOST_FILES:
            layered.faults.append(_told_at(asked, "the scenario extends itself: end this circle"))
            break
        seen.append(at.resolve())
        layered.files.insert(0, at)
        document = read_yaml_file(at, str(at))
        # A base file that is not there is told where it was asked for.
        missing = [fault for fault in document.faults if documents and not fault.line]
        layered.faults += [_told_at(asked, f"{fault.file}: {fault.message}") for fault in missing]
        layered.faults += [fault for fault in document.faults if fault not in missing]
        layered.whole = layered.whole and document.whole
        if not isinstance(document.data, dict):
            if document.whole:
                place = document.value_at.get((), Place(str(at), 1, 1))
                layered.faults.append(_told_at(place, "a scenario is a block of keys such as 'name:' and 'demand:'"))
            layered.whole = False
            break
        documents.insert(0, (at.parent, document))
        base = document.data.pop("extends", None)
        asked = document.value_at.get(("extends",), Place(str(at)))
        at = _base(at, base, asked, layered)
    return documents


def _told_at(place: Place, message: str) -> Fault:
    """Return a fault about ``extends`` or a whole file, at its place."""
    return Fault(message, (), place.file, place.line, place.column)


def _base(at: FilePath, base: Any, asked: Place, layered: Layered) -> FilePath | None:
    """Return the file that ``extends`` names, or None."""
    if base is None or base is UNREADABLE:
        return None
    if isinstance(base, str) and base and "\0" not in base:
        return at.parent / base
    layered.faults.append(_told_at(asked, f"extends: expected the path of one scenario file, got {base!r}"))
    return None


def file_paths(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every path of a file that sources name, with where it stands."""
    for at, value in walk(data, path):
        if at and at[-1] == "path" and isinstance(value, str) and not set(at[-2:-1]) & _COLUMNS_BY_NAME:
            yield at, value


def _move_paths(data: Any, old: FilePath, new: FilePath) -> None:
    """Write relative paths of a base file so that they start at the folder of the main file."""
    for at, text in list(file_paths(data)):
        if not text or FilePath(text).is_absolute() or ":" in text:
            continue
        try:
            moved = os.path.relpath(old / text, new)
        except ValueError:  # another drive on Windows
            moved = str((old / text).resolve())
        owner = data
        for part in at[:-1]:
            owner = owner[part]
        owner[at[-1]] = FilePath(moved).as_posix()


def _merge(layered: Layered, below: dict[str, Any], above: dict[str, Any], path: Path, document: Document) -> None:
    """Lay one mapping over another, in place; ``below`` belongs to ``layered``."""
    for key, value in above.items():
        here = (*path, key)
        old = below.get(key)
        if value is None and key in below:
            layered.drop(here)
            del below[key]
        elif isinstance(value, dict) and isinstance(old, dict) and _same_type(old, value):
            for mine, theirs in ((layered.key_at, document.key_at), (layered.value_at, document.value_at)):
                mine[here] = theirs[here]
            _merge(layered, old, value, here, document)
        else:
            layered.drop(here)
            below[key] = value
            layered.put(here, document)


def _same_type(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """True unless the new block names another ``type``."""
    return "type" not in new or "type" not in old or new["type"] == old["type"]


def _set(layered: Layered, text: str) -> None:
    """Apply one override ``a.b=value``; lists by position: ``facilities.0.path=x.csv``."""
    dotted, sign, value = text.partition("=")
    shown = f"--set {dotted}"
    if not sign or not dotted or not all(dotted.split(".")):
        layered.faults.append(Fault(f"expected key=value such as area.buffer='5 km', got {text!r}", file="--set"))
        return
    document = Document(data=None) if value.strip() in _NOTHING else read_yaml_text(value, shown)
    if document.faults:
        layered.faults += [Fault(fault.message, (), file=shown) for fault in document.faults]
    path = _find(layered, dotted.split("."), shown)
    if path is None:
        return
    owner: Any = layered.data
    for part in path[:-1]:
        owner = owner[part]
    layered.drop(path)
    if document.data is None and not document.faults and isinstance(owner, dict):
        owner.pop(path[-1], None)
        return
    owner[path[-1]] = UNREADABLE if document.faults else document.data
    for at, _ in walk(document.data, path):
        layered.key_at[at] = layered.value_at[at] = Place(shown)
    layered.plain.update({(*path, *at): raw for at, raw in document.plain.items()})


def _find(layered: Layered, parts: Sequence[str], shown: str) -> Path | None:
    """Return the path that dotted keys mean, making mappings on the way; None with a fault where there is none."""
    owner: Any = layered.data
    path: list[str | int] = []
    for position, part in enumerate(parts):
        last = position == len(parts) - 1
        if isinstance(owner, list):
            if not part.isdecimal() or int(part) >= len(owner):
                known = f"0 to {len(owner) - 1}" if owner else "none: the list is empty"
                layered.faults.append(
                    Fault(f"{part!r} is no position in this list; expected {known}", tuple(path), file=shown)
                )
                return None
            path.append(int(part))
        elif isinstance(owner, dict):
            path.append(part)
            if not last and owner.get(part) is None:
                owner[part] = {}
                layered.key_at[tuple(path)] = layered.value_at[tuple(path)] = Place(shown)
        else:
            message = "there is a single value here, nothing can be set inside it"
            layered.faults.append(Fault(message, tuple(path), file=shown))
            return None
        if not last:
            owner = owner[path[-1]]
    return tuple(path)
