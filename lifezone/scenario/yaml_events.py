"""YAML parser events → plain Python, with the place of every key and value.

Nothing is recursive, an alias is never followed, and the depth cap acts while reading.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from lifezone.errors import Fault, Path

__all__ = ["MOST_DEPTH", "TOO_DEEP", "UNREADABLE", "Document", "DocumentReader", "Place", "Unreadable", "walk"]

MOST_DEPTH: Final = 32
"""Blocks within blocks; the deepest thing that a scenario can say has 9."""
TOO_DEEP: Final = f"more than {MOST_DEPTH} blocks within one another"
_MOST_DIGITS: Final = 400

_INT: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_UNDERSCORES: Final = re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9:.+\-Zz ]*)?")
_WORDS: Final[Mapping[str, Any]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where something stands: file as shown to people, 1-based line and column (0 = has none, from ``--set``)."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True)
class Unreadable:
    """Stands in the data for a value that has a fault already; no further fault is told of it or below it."""


UNREADABLE: Final = Unreadable()


@dataclass
class Document:
    """What one YAML text says.

    Attributes:
        data: plain Python (dict, list, str, int, float, bool, None); :data:`UNREADABLE` where a fault was told.
        key_at: place of the key (for list items: of the item) by path.
        value_at: place of the value by path.
        plain: what stands in the file, by path, for unquoted values that YAML does not read as text.
        faults: everything that is wrong, in reading order.
        whole: False when reading had to stop before the end.
    """

    data: Any = None
    key_at: dict[Path, Place] = field(default_factory=dict)
    value_at: dict[Path, Place] = field(default_factory=dict)
    plain: dict[Path, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    whole: bool = True


@dataclass
class _Frame:
    """A mapping or list that is being read."""

    path: Path
    into: dict[str, Any] | list[Any]
    kept: bool
    """False inside a second block of a duplicate key: read for faults, then dropped."""
    key: str | None = None
    """The key whose value comes next."""
    awaits_value: bool = False


class DocumentReader:
    """Builds a :class:`Document` from parser events."""

    def __init__(self, shown: str) -> None:
        self.document = Document()
        self.line = 1
        self._shown = shown
        self._frames: list[_Frame] = []
        self._documents = 0

    def take(self, event: Any) -> bool:
        """Take one event; returns False when reading must stop."""
        self.line = event.start_mark.line + 1
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._frames.pop()
        elif isinstance(event, DocumentStartEvent):
            return self._start_document(event)
        elif isinstance(event, AliasEvent):
            self._put(event, UNREADABLE)
            self._fault(event, f"the alias *{event.anchor} is not allowed: write the value out", self._last)
        elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent):
            return self._start_value(event)
        return True

    def stop(self, fault: Fault) -> None:
        """Note a fault after which nothing more can be read."""
        self.document.faults.append(fault)
        self.document.whole = False

    def _start_document(self, event: Any) -> bool:
        self._documents += 1
        if self._documents > 1:
            self._fault(event, "a second document begins here (---): a scenario is one document", ())
            self.document.whole = False
            return False
        if event.version or event.tags:
            self._fault(event, "directives (%) are not allowed: remove this line", ())
        return True

    def _start_value(self, event: Any) -> bool:
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        else:
            if len(self._frames) >= MOST_DEPTH:
                self._fault(event, TOO_DEEP, self._frames[-1].path)
                self.document.whole = False
                return False
            into: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
            kept = self._put(event, into)
            self._frames.append(_Frame(self._last, into, kept))
        if event.anchor is not None:
            self._fault(
                event, f"the anchor &{event.anchor} is not allowed: write the value where it is needed", self._last
            )
        if event.tag is not None:
            self._fault(event, f"the tag {_short_tag(str(event.tag))} is not allowed: remove it", self._last)
        return True

    def _scalar(self, event: Any) -> None:
        frame = self._frames[-1] if self._frames else None
        is_key = frame is not None and isinstance(frame.into, dict) and not frame.awaits_value
        is_plain = event.style in (None, "") and event.implicit[0]
        value, message = _resolve(event.value) if is_plain else _text(event.value)
        if is_key and not message and not isinstance(value, str):
            message = f"a key must be text, YAML reads {event.value} as {_called(value)}: quote it: '{event.value}'"
            if value is None:
                message = "a key is missing before ':'"
        if is_key and event.value == "<<" and is_plain:
            message = "merge keys (<<) are not allowed: use 'extends' or write the keys out"
        kept = self._put(event, UNREADABLE if message else value)
        if message:
            self._fault(event, message, self._last)
        elif is_plain and kept and not is_key and not isinstance(value, str):
            self.document.plain[self._last] = event.value

    def _put(self, event: Any, value: Any) -> bool:
        """Put a value where it belongs; sets ``_last`` to its path and tells whether it was kept."""
        place = Place(self._shown, event.start_mark.line + 1, event.start_mark.column + 1)
        if not self._frames:
            self._last: Path = ()
            self.document.data = value
            self.document.key_at[()] = self.document.value_at[()] = place
            return True
        frame = self._frames[-1]
        if isinstance(frame.into, list):
            self._last = (*frame.path, len(frame.into))
            frame.into.append(value)
            if frame.kept:
                self.document.key_at[self._last] = self.document.value_at[self._last] = place
            return frame.kept
        if not frame.awaits_value:
            self._key(event, frame, value, place)
            return False
        frame.awaits_value = False
        if frame.key is None:
            self._last = frame.path
            return False
        self._last = (*frame.path, frame.key)
        frame.into[frame.key] = value
        if frame.kept:
            self.document.value_at[self._last] = place
        return frame.kept

    def _key(self, event: Any, frame: _Frame, key: Any, place: Place) -> None:
        """Note the key whose value comes next; a repeated one is told, its value is read and dropped."""
        frame.awaits_value, frame.key, self._last = True, None, frame.path
        if isinstance(key, dict | list):
            self._fault(event, "a key must be text, not a block or list", frame.path)
        elif isinstance(key, str):
            path = (*frame.path, key)
            if key in frame.into:
                first = self.document.key_at.get(path)
                where = f", first at line {first.line}, column {first.column}" if first else ""
                self._fault(event, f"the key {key!r} stands here a second time{where}: keep one", path)
                return
            frame.key, self._last = key, path
            if frame.kept:
                self.document.key_at[path] = place

    def _fault(self, event: Any, message: str, path: Path) -> None:
        mark = event.start_mark
        self.document.faults.append(
            Fault(message, path, file=self._shown, line=mark.line + 1, column=mark.column + 1)
        )  # fmt: skip


def _resolve(text: str) -> tuple[Any, str]:
    """Return what an unquoted scalar means (YAML 1.2 core schema), or why it is refused."""
    if text in _WORDS:
        return _WORDS[text], ""
    if _LEADING_ZERO.fullmatch(text):
        return None, f"{text} loses its leading zero in YAML: quote it: '{text}'"
    if _UNDERSCORES.fullmatch(text):
        number = text.replace("_", "")
        return (
            None,
            f"{text} is a number to some YAML readers and text to others: quote it: '{text}', or write {number}",
        )
    if _DATE.fullmatch(text):
        return None, f"{text} is a date to some YAML readers and text to others: quote it: '{text}'"
    if _NOT_FINITE.fullmatch(text):
        return None, f"{text} is not a finite number"
    if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
        return _number(text)
    return _text(text)


def _number(text: str) -> tuple[Any, str]:
    """Return an int or a finite float."""
    if len(text) > _MOST_DIGITS:
        return None, f"a number of {len(text):,} digits: quote it if it is text"
    if text.startswith(("0o", "0x")):
        return int(text, 0), ""
    if _INT.fullmatch(text):
        return int(text), ""
    number = float(text)
    return (number, "") if math.isfinite(number) else (None, f"{text} is too large a number")


def _text(text: str) -> tuple[Any, str]:
    """Return text, refusing half characters and NUL, which no file can hold."""
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        return None, "the text holds a character that cannot be written to a file"
    return text, ""


def _called(value: object) -> str:
    """Name what YAML made of a scalar."""
    if value is None:
        return "nothing"
    return "true or false" if isinstance(value, bool) else "a number"


def _short_tag(tag: str) -> str:
    """Write a tag as the user did."""
    return tag.replace("tag:yaml.org,2002:", "!!")


def walk(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every value of plain data with its path, parents first."""
    stack: list[tuple[Path, Any]] = [(path, data)]
    while stack:
        at, value = stack.pop()
        yield at, value
        if isinstance(value, dict):
            stack.extend((((*at, key), item) for key, item in reversed(value.items())))
        elif isinstance(value, list):
            stack.extend(((*at, index), item) for index, item in reversed(list(enumerate(value))))
