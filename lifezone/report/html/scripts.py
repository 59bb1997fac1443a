"""Scripts of a page: plain ES modules of the package, joined into one, since a page without a server cannot import."""

from __future__ import annotations

import re
from importlib.resources.abc import Traversable
from typing import Final

__all__ = ["joined", "safe_json"]

_IMPORT: Final = re.compile(r"^import\s+(?:\{[^}]*\}\s+from\s+)?[\"'](\./[\w./-]+\.js)[\"'];\n", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export\s+(?=(?:async\s+)?(?:function|const|let|class)\b)", re.MULTILINE)
_NAME: Final = re.compile(r"^(?:async\s+)?(?:function\*?|const|let|class)\s+(\w+)", re.MULTILINE)


def joined(folder: Traversable, *entries: str) -> str:
    """Return modules and what they import as one module, each once, before whoever imports it.

    Args:
        folder: where they lie; imports name siblings (``import {a} from "./b.js";``), without renaming.
        *entries: files of that folder.

    Raises:
        ValueError: two modules declare one name, or one imports or exports in another way: a fault of the program.
    """
    parts: dict[str, str] = {}
    for entry in entries:
        _gather(folder, entry, parts)
    owner: dict[str, str] = {}
    for file, text in parts.items():
        if re.search(r"^(?:import|export)\b", text, re.MULTILINE):
            raise ValueError(f"{file}: an import or export that cannot be joined")
        for name in _NAME.findall(text):
            if owner.setdefault(name, file) != file:
                raise ValueError(f"{name} is declared in {owner[name]} and in {file}")
    return "\n".join(parts.values())


def _gather(folder: Traversable, file: str, parts: dict[str, str]) -> None:
    """Add a module after those that it imports."""
    if file in parts:
        return
    text = folder.joinpath(file).read_text(encoding="utf-8")
    for needed in _IMPORT.findall(text):
        _gather(folder, needed.removeprefix("./"), parts)
    parts[file] = _EXPORT.sub("", _IMPORT.sub("", text))


def safe_json(text: str) -> str:
    """Return JSON that may stand in a ``<script>``: nothing in it ends the element or opens a comment."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
