"""Text tables: which encoding, which delimiter, and every cell as text with the line it stands on.

Decided: pyarrow's reader, since it is strict about the number of fields in a row (pandas fills short rows with blanks,
which reads a shifted row as data) and reads 10⁶ rows in well under a second; Python's ``csv`` only names line numbers
where a quoted text runs over several lines. Nothing is guessed about types here: ids must keep their zeros.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Longs

__all__ = ["decode", "read_delimited"]

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS: Final = (",", "\t", ";", "|", "^")
_SAMPLE_CHARACTERS: Final = 200_000
_SAMPLE_ROWS: Final = 50
_LONGEST_CELL: Final = 1 << 24


def decode(data: bytes, *, shown: str, encoding: str | None = None) -> tuple[str, str]:
    """Turn bytes into text: a byte order mark decides, then UTF-8, UTF-16 by its zero bytes, CP949.

    Args:
        data: The file's bytes.
        shown: Its path as the user wrote it, for messages.
        encoding: What the user says it is; None = find out.

    Returns:
        The text with ``\\n`` line ends and without a mark, and the name of the encoding.

    Raises:
        InputError: It is none of these, or not text at all.
    """
    marked = [name for mark, name in _MARKS if data.startswith(mark)]
    tried = [encoding] if encoding else marked or [*_utf16_guess(data), "utf-8", "cp949"]
    line = 0
    for name in tried:
        try:
            text = data.decode(name)
        except UnicodeError as error:
            line = max(line, data.count(b"\n", 0, getattr(error, "start", 0)) + 1)
            continue
        if "\0" in text:
            raise InputError(Fault(f"{shown} is not a text table: it holds zero bytes", ("path",)))
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), name
    raise InputError(
        Fault(f"{shown} cannot be read as {' or '.join(map(str, tried))}, from line {line}: save it as UTF-8, or "
              "name its encoding",
              ("encoding",) if encoding else ("path",))
    )  # fmt: skip


def read_delimited(
    text: str, *, shown: str, refused: list[tuple[int, int]] | None = None
) -> tuple[list[str], Any, Longs, str]:
    """Read a text table; rows without any content are left out.

    Args:
        text: The whole file, ``\\n`` line ends.
        shown: Its path as the user wrote it, for messages.
        refused: Gets (line, fields) of each row of another width than the header, which is then left out; None = such
            rows are a fault.

    Returns:
        Column names, a pyarrow table of text columns named ``f0``, ``f1`` …, the line of each row i64[n] (1-based),
        and the delimiter.

    Raises:
        InputError: The file is empty, a row has too few or too many fields, or a quote is never closed.
    """
    delimiter, header = _sniff(text, shown)
    table, bad = _parse(text, delimiter, len(header), shown)
    if bad and all(actual == len(header) + 1 and row.endswith(delimiter) for _, actual, row in bad):
        head, _, rest = text.partition("\n")  # every row ends with a delimiter, only the header does not
        header.append("")
        table, bad = _parse(f"{head}{delimiter}\n{rest}", delimiter, len(header), shown)
    lines = _lines(text, delimiter, table.num_rows + len(bad), shown)
    if bad and refused is not None:
        blank = {number for number, _, row in bad if not row.strip(f'{delimiter} "\t')}
        refused += [(int(lines[number - 1]), actual) for number, actual, _ in bad if number not in blank]
        lines = np.delete(lines, [number - 1 for number, _, _ in bad])
    elif bad:
        raise InputError(
            Fault(
                f"{shown}: the header has {len(header)} fields, but "
                f"{some_of([f'line {lines[number - 1]} has {actual}' for number, actual, _ in bad])}",
                ("path",),
            )
        )
    return header, *_without_blank_rows(table, lines), delimiter


def _utf16_guess(data: bytes) -> list[str]:
    """Name the UTF-16 order in which text without a mark would show zero bytes at every other place."""
    sample = data[: _SAMPLE_ROWS * 20]
    if len(sample) < 4 or len(data) % 2:
        return []
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 8 and odd > 4 * even:
        return ["utf-16-le"]
    return ["utf-16-be"] if even > len(sample) // 8 and even > 4 * odd else []


def _sniff(text: str, shown: str) -> tuple[str, list[str]]:
    """Return the delimiter that cuts most of the first rows like the header, and the header's fields."""
    if not text.strip():
        raise InputError(Fault(f"{shown} is empty", ("path",)))
    best: tuple[float, int, str, list[str]] | None = None
    for delimiter in _DELIMITERS:
        rows = _first_rows(text[:_SAMPLE_CHARACTERS], delimiter)
        header = rows[0] if rows else []
        body = [len(row) for row in rows[1:] if row]
        alike = Counter(body)[len(header)] / len(body) if body else 1.0
        score = (alike if len(header) > 1 else 0.0, len(header), delimiter, header)
        if best is None or score[:2] > best[:2]:
            best = score
    if best is None or not best[3]:
        raise InputError(Fault(f"{shown}: the first line must name the columns, but it is blank", ("path",)))
    names = [name.strip() for name in best[3]]
    return best[2], names


def _first_rows(sample: str, delimiter: str) -> list[list[str]]:
    """Cut the first rows with one delimiter; a broken quote ends the sample."""
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return rows


def _parse(text: str, delimiter: str, width: int, shown: str) -> tuple[Any, list[tuple[int, int, str]]]:
    """Parse into text columns; rows of another width come back apart as (record number, fields, text)."""
    bad: list[tuple[int, int, str]] = []

    def note(row: Any) -> str:
        bad.append((row.number, row.actual_columns, row.text))
        return "skip"

    data = (text if text.endswith("\n") else f"{text}\n").encode("utf-8", errors="replace")
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, autogenerate_column_names=True, block_size=min(len(data) + 2, (1 << 31) - 1)
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types={f"f{position}": pa.string() for position in range(width)},
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowException as error:
        raise InputError(Fault(f"{shown} is not a table: {error}", ("path",))) from None
    return table, bad


def _lines(text: str, delimiter: str, n_records: int, shown: str) -> Longs:
    """Return the line at which each record starts, 1-based."""
    n_lines = text.count("\n") + (not text.endswith("\n"))
    if n_lines == n_records:
        return np.arange(1, n_records + 1, dtype=np.int64)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    starts, start = [], 1
    try:
        for _ in reader:
            starts.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputError(Fault(f"{shown} line {start}: {error}", ("path",))) from None
    if starts and _ends_in_quote(text, delimiter, starts[-1]):
        raise InputError(Fault(f"{shown}: a quote opened in line {starts[-1]} is never closed", ("path",)))
    if len(starts) != n_records:  # two readers that disagree: better no line numbers than wrong rows
        raise InputError(Fault(f"{shown}: quotes are used in a way that can be read in two ways", ("path",)))
    return np.array(starts, dtype=np.int64)


def _ends_in_quote(text: str, delimiter: str, last_line: int) -> bool:
    """Tell whether the last record, which starts at ``last_line``, ends inside a quoted text."""
    last = io.StringIO("\n".join(text.split("\n")[last_line - 1 :]), newline="")
    try:
        list(csv.reader(last, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _without_blank_rows(table: Any, lines: Longs) -> tuple[Any, Longs]:
    """Drop the header record and rows in which every cell is blank."""
    filled = np.zeros(table.num_rows, dtype=np.bool_)
    for column in table.columns:
        filled |= pc.not_equal(pc.utf8_trim_whitespace(column), "").to_numpy(zero_copy_only=False)
        if filled.all():
            break
    filled[:1] = False
    return table.filter(filled), lines[filled]
