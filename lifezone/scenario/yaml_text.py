"""Strict YAML 1.2: text → plain Python, with the place of every key and value, and every fault at once.

Built on ruamel's *events* rather than its composed nodes: nothing is recursive, an alias is never followed, and the
depth cap acts while reading. Anchors, aliases, tags, merge keys, directives and further documents are refused; so are
scalars that YAML readers disagree on (``01``, ``1_000``, ``2019-07-01``): a district code that lost its zero is worse
than a pair of quotes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from lifezone.errors import Fault, Path

__all__ = ["MOST_BYTES", "MOST_DEPTH", "UNREADABLE", "Document", "Place", "read_yaml_file", "read_yaml_text"]

MOST_BYTES: Final = 2_000_000
"""A scenario is written by hand; longer lists belong into tables."""
MOST_DEPTH: Final = 32
"""Blocks within blocks; the deepest thing that a scenario can say has 9."""
_BRACKETS: Final = 2 * MOST_DEPTH
"""Brackets open at once that the scan before parsing allows: generous, since it does not know quotes."""
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
_COMMENT: Final = re.compile(r"(?:(?<=\s)|^)#[^\n]*", re.MULTILINE)
_HINTS: Final = (
    ("'\\t'", "a tab stands where YAML wants spaces: indent with spaces"),
    ("mapping values are not allowed", "a ': ' too many, or wrong indentation: put the text in quotes or indent anew"),
    ("could not find expected ':'", "a key without ': ' after it"),
    ("expected <block end>", "the indentation does not fit the lines above"),
    ("expected ',' or", "a bracket is not closed or a comma is missing"),
    ("unexpected end of stream", "a quote is not closed"),
    ("cannot start any token", "put the text in quotes"),
)


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


def read_yaml_file(path: FilePath, shown: str) -> Document:
    """Read a YAML file; ``shown`` is how faults call it."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            return _failed(Fault(_too_big(size), file=shown))
        raw = path.read_bytes()
    except FileNotFoundError:
        return _failed(Fault("there is no such file", file=shown))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return _failed(Fault(f"the file cannot be read: {reason}", file=shown))
    text = _decode(raw, shown)
    return _failed(text) if isinstance(text, Fault) else read_yaml_text(text, shown)


def read_yaml_text(text: str, shown: str) -> Document:
    """Read YAML text; faults come back in the document, nothing is raised."""
    if len(text) > MOST_BYTES:
        return _failed(Fault(_too_big(len(text)), file=shown))
    if (fault := _too_deep(text, shown)) is not None:
        return _failed(fault)
    reader = _Reader(shown)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if not reader.take(event):
                break
    except MarkedYAMLError as error:
        reader.stop(_syntax_fault(error, shown))
    except ReaderError as error:
        reader.stop(_character_fault(error, text, shown))
    except (YAMLError, ValueError, OverflowError, IndexError, TypeError, AttributeError) as error:
        # ruamel's scanner lets a few accidents through, e.g. "\UFFFFFFFF" overflows in chr().
        reader.stop(Fault(f"not valid YAML: {error}", file=shown, line=reader.line, column=1))
    if reader.document.whole and reader.document.data is None:
        reader.stop(Fault("the file is empty", file=shown, line=1, column=1))
    return reader.document


def _failed(fault: Fault) -> Document:
    """Return a document that could not be read at all."""
    return Document(faults=[fault], whole=False)


def _too_big(size: int) -> str:
    return f"{size:,} bytes; a scenario may have {MOST_BYTES:,}: put long lists into tables (CSV, GeoPackage)"


def _decode(raw: bytes, shown: str) -> str | Fault:
    """Decode UTF-8 (with or without BOM), or say what the bytes look like instead."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        bad = error.start
    line = raw.count(b"\n", 0, bad) + 1
    column = len(raw[raw.rfind(b"\n", 0, bad) + 1 : bad].decode("utf-8", "replace")) + 1
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault("the file is UTF-16 text; save it as UTF-8", file=shown, line=1, column=1)
    try:
        raw.decode("cp949")
    except UnicodeDecodeError:
        message = "the file is not UTF-8 text; save it as UTF-8"
    else:
        message = "the file looks like CP949 (Korean Windows) text; save it as UTF-8"
    return Fault(message, file=shown, line=line, column=column)


def _too_deep(text: str, shown: str) -> Fault | None:
    """Refuse thousands of open brackets before the parser sees them (it needs quadratic time for those)."""
    depth = 0
    for match in re.finditer(r"[\[{]|[\]}]", _COMMENT.sub(lambda found: " " * len(found.group()), text)):
        depth = depth + 1 if match.group() in "[{" else max(0, depth - 1)
        if depth > _BRACKETS:
            at = match.start()
            return Fault(
                _depth_message(), file=shown, line=text.count("\n", 0, at) + 1, column=at - text.rfind("\n", 0, at)
            )
    return None


def _depth_message() -> str:
    return f"more than {MOST_DEPTH} blocks within one another"


def _syntax_fault(error: MarkedYAMLError, shown: str) -> Fault:
    """Say a syntax error in one line, with a hint on the usual cause."""
    problem = " ".join(str(error.problem or error).split()).replace("'\\x00'", "the end of the file")
    hint = next((hint for sign, hint in _HINTS if sign in problem), "")
    mark = error.problem_mark or error.context_mark
    message = f"not valid YAML: {hint or problem}" + (f" ({problem})" if hint else "")
    if error.context_mark is not None and mark is not None and error.context_mark.line != mark.line:
        message += f"; it began at line {error.context_mark.line + 1}"
    if mark is None:
        return Fault(message, file=shown)
    return Fault(message, file=shown, line=mark.line + 1, column=mark.column + 1)


def _character_fault(error: ReaderError, text: str, shown: str) -> Fault:
    """Say where a control character stands."""
    at = max(0, int(error.position or 0))
    code = error.character if isinstance(error.character, int) else ord(str(error.character)[0])
    return Fault(
        f"the character U+{code:04X} may not stand in YAML: remove it",
        file=shown, line=text.count("\n", 0, at) + 1, column=at - text.rfind("\n", 0, at),
    )  # fmt: skip


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


class _Reader:
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
                self._fault(event, _depth_message(), self._frames[-1].path)
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
