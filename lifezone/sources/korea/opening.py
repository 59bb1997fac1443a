"""Open a file as published: whatever its encoding, with or without a header line, however many rows are broken."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.sources.delimited import decode, read_delimited
from lifezone.sources.files import local_file
from lifezone.sources.korea.catalogue import Match, headerless, match_of, recognise
from lifezone.sources.tables import Table, read_table

__all__ = ["Opened", "open_known", "open_published"]

_TEXT: Final = (".csv", ".tsv", ".txt", ".tab", ".dat")
_LONGEST_LINE: Final = 10_000
_MOST_SPOILED: Final = 0.001
"""Share of letters that may be unreadable before the file is taken as another encoding altogether."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A file as it was found.

    Attributes:
        table: its readable rows.
        matches: the forms that it fits, best first; none = not a known form.
        rows: rows of data in the file, those that cannot be read included.
        odd_rows: (line, number of fields) of each row that has another number of fields than the header.
        spoiled: letters that could not be decoded, shown as �.
        has_header: whether the first line names the columns.
    """

    table: Table
    matches: tuple[Match, ...]
    rows: int
    odd_rows: tuple[tuple[int, int], ...] = ()
    spoiled: int = 0
    has_header: bool = True


def open_published(
    folder: Path, path: str, *, layer: str | None = None, encoding: str | None = None, sort: str = ""
) -> Opened:
    """Open a table and say which known forms it fits.

    Args:
        folder: Where relative paths start.
        path: As written in the scenario or on the command line.
        layer: Layer of a GeoPackage.
        encoding: Encoding, where it is not found out.
        sort: Only forms for this (``facilities``, ``people`` …); empty = any.

    Raises:
        InputError: The file is missing, not local, or no table at all.
    """
    file = local_file(folder, path)
    if file.suffix.lower() in _TEXT:
        return _open_text(file, path, encoding, sort)
    table = read_table(folder, path, layer=layer, encoding=encoding)
    matches = recognise(table.columns, polygons=_has_polygons(table), sort=sort)
    return Opened(table, tuple(matches), table.n_rows)


def open_known(
    folder: Path, path: str, sort: str, *, layer: str | None = None, encoding: str | None = None
) -> tuple[Opened, Match]:
    """Open a file that must be of a known form for a purpose.

    Raises:
        InputError: It is none; says what was found and what to do.
    """
    opened = open_published(folder, path, layer=layer, encoding=encoding, sort=sort)
    if opened.matches:
        return opened, opened.matches[0]
    names = ", ".join(opened.table.columns[:12])
    told = f"{path} is no known Korean file of {sort} (its columns: {names}): use type: table and name its columns"
    raise InputError(Fault(f"{told}, or see lifezone inspect {path}", ("path",)))


def _open_text(file: Path, path: str, encoding: str | None, sort: str) -> Opened:
    """Open a delimited text file."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(Fault(f"{path} cannot be opened: {error.strerror or error}", ("path",))) from None
    text, found, spoiled = _decoded(data, path, encoding)
    del data
    mark, known = _without_header(text)
    if known is not None:
        text = f"{mark.join(known[1])}\n{text}"
    odd: list[tuple[int, int]] = []
    columns, cells, lines, _ = read_delimited(text, shown=path, refused=odd)
    if known is not None:
        lines, odd = lines - 1, [(line - 1, fields) for line, fields in odd]
    table = Table(path, file, tuple(columns), cells, lines, "line", encoding=found)
    table = _without_empty_last(table)
    matches = recognise(table.columns, sort=sort)
    if known is not None:
        own = match_of(known[0], table.columns)
        matches = [own] if sort in ("", own.form.sort) else []
    return Opened(table, tuple(matches), table.n_rows + len(odd), tuple(odd), spoiled, known is None)


def _without_header(text: str) -> tuple[str, tuple[str, tuple[str, ...]] | None]:
    """Return the delimiter and what :func:`headerless` says of the first line, where it is data of a known form."""
    first = text[: text.find("\n") if "\n" in text else len(text)]
    for mark in (",", "\t", "^", "|", ";"):
        cells = next(csv.reader([first], delimiter=mark), []) if len(first) < _LONGEST_LINE else []
        known = headerless(cells)
        if known is not None:
            return mark, known
    return "", None


def _decoded(data: bytes, path: str, encoding: str | None) -> tuple[str, str, int]:
    """Return the text, its encoding, and how many letters could not be read (few; else it is a fault)."""
    try:
        text, found = decode(data, shown=path, encoding=encoding)
    except InputError:
        if encoding is not None or b"\0" in data[:4096]:
            raise
        tried = {name: data.decode(name, errors="replace") for name in ("utf-8", "cp949")}
        best = min(tried, key=lambda name: tried[name].count("\ufffd"))
        text = tried[best].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        spoiled = text.count("\ufffd")
        if spoiled > max(5, _MOST_SPOILED * len(text)):
            raise
        return text, best, spoiled
    return text, found, 0


def _without_empty_last(table: Table) -> Table:
    """Drop a last column without name and content: a comma at the end of every line makes one."""
    if table.columns and table.columns[-1] == "" and len(table.columns) > 1:
        last = table.data.column(len(table.columns) - 1)
        if not np.any(last.to_numpy(zero_copy_only=False) != ""):
            names = table.columns[:-1]
            return replace(table, columns=names, data=table.data.select(list(range(len(names)))))
    return table


def _has_polygons(table: Table) -> bool:
    """Tell whether rows are drawn as polygons."""
    if table.geometry is None:
        return False
    import shapely  # noqa: PLC0415

    kinds = shapely.get_type_id(table.geometry)
    return bool(np.isin(kinds, (3, 6)).any())
