"""What ``lifezone report`` says when it is done: the files with their sizes, and what to do with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from lifezone.report.pages import Lines, Page

__all__ = ["written_page"]

_MEGABYTE: Final = 1e6


def written_page(files: Sequence[Path], *, language: Literal["ko", "en"]) -> Page:
    """Return the lines for the console.

    Args:
        files: what was written.
        language: ``ko`` or ``en``.
    """
    korean = language == "ko"
    lines = tuple(f"{path} ({_size(path)})" for path in files)
    hint = (
        "HTML 파일은 인터넷 없이 브라우저로 열린다." if korean else "HTML files open in any browser, without a network."
    )
    has_pages = any(path.suffix == ".html" for path in files)
    return [Lines("보고서" if korean else "Report", lines + ((hint,) if has_pages else ()))]


def _size(path: Path) -> str:
    size = path.stat().st_size
    if size >= _MEGABYTE:
        return f"{size / _MEGABYTE:.1f} MB"
    return f"{max(size // 1000, 1):,} kB"
