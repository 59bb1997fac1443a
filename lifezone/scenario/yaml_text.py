"""Strict YAML 1.2: text → plain Python, with the place of every key and value, and every fault at once.

Built on ruamel's *events* rather than its composed nodes: nothing is recursive, an alias is never followed, and the
depth cap acts while reading. Anchors, aliases, tags, merge keys, directives and further documents are refused; so are
scalars that YAML readers disagree on (``01``, ``1_000``, ``2019-07-01``): a district code that lost its zero is worse
than a pair of quotes.
"""

from __future__ import annotations

import re
from pathlib import Path as FilePath
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from lifezone.errors import Fault
from lifezone.scenario.yaml_events import MOST_DEPTH, TOO_DEEP, Document, DocumentReader

__all__ = ["MOST_BYTES", "read_yaml_file", "read_yaml_text"]

MOST_BYTES: Final = 2_000_000
"""A scenario is written by hand; longer lists belong into tables."""
_BRACKETS: Final = 2 * MOST_DEPTH
"""Brackets open at once that the scan before parsing allows: generous, since it does not know quotes."""
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


def read_yaml_file(path: FilePath, shown: str) -> Document:
    """Read a YAML file; ``shown`` is how faults call it."""
    try:
        if not path.is_file():
            return _failed(
                Fault(
                    "there is no such file" if not path.exists() else "this is a folder: name the scenario file in it",
                    file=shown,
                )
            )
        size = path.stat().st_size
        if size > MOST_BYTES:
            return _failed(Fault(_too_big(size), file=shown))
        raw = path.read_bytes()
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
    reader = DocumentReader(shown)
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
            return Fault(TOO_DEEP, file=shown, line=text.count("\n", 0, at) + 1, column=at - text.rfind("\n", 0, at))
    return None


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
