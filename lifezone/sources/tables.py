"""One reader for every table: CSV and TSV in any usual encoding, Parquet, GeoPackage, GeoJSON, shapefile.

Decided: cells stay as they are in the file until a column is asked for, as text (ids keep their zeros) or as numbers
(faults name the lines). Refused: letting a reader guess types, since a district code ``01`` is not 1; addresses on the
net, since a study must give the same answer tomorrow. Look again when Excel files are wanted: ``save as CSV`` is told.
"""

from __future__ import annotations

import gzip
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lifezone.errors import Fault, InputError
from lifezone.errors import Path as FaultPath
from lifezone.model import Bools, Floats, Longs
from lifezone.sources.delimited import decode, read_delimited
from lifezone.sources.files import did_you_mean, local_file
from lifezone.sources.layers import FORMATS, Layer, read_layer, read_parquet

__all__ = ["Table", "read_table"]

_TEXT: Final = (".csv", ".tsv", ".txt", ".tab")
_PARQUET: Final = (".parquet", ".geoparquet", ".pq")
_MOST_BYTES: Final = 4 << 30
"""A packed table that unpacks to more is taken for a mistake or an attack."""
_NUMBER: Final = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_THOUSANDS: Final = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"
_NOTHING: Final = ("", "-", ".", "na", "n/a", "#n/a", "nan", "null", "none", "없음", "미상")
"""Cells that say that there is no value, in lower case."""


@dataclass(frozen=True, eq=False)
class Table:
    """A table as read: n rows.

    Attributes:
        path: As the user wrote it.
        file: Where it lies.
        columns: Column names in the file's order.
        data: Arrow table, columns by position.
        line: i64[n] where each row stands: the line of a text file, else the number of the row, 1-based.
        line_word: ``line`` or ``row``.
        geometry: n shapely geometries, or None.
        crs: CRS of the geometries, or None when the file does not say.
        encoding: Of its texts.
        notes: What had to be assumed.
    """

    path: str
    file: Path
    columns: tuple[str, ...]
    data: Any
    line: Longs
    line_word: str
    geometry: np.ndarray | None = None
    crs: str | None = None
    encoding: str = "utf-8"
    notes: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """Number of rows n."""
        return len(self.line)

    @cached_property
    def _position(self) -> dict[str, int]:
        """Position of each column name that is used once."""
        return {name: at for at, name in enumerate(self.columns) if self.columns.count(name) == 1}

    def missing(self, column: str, at: FaultPath) -> list[Fault]:
        """Return a fault when the table has no such column, or has it twice; else nothing."""
        if column in self._position:
            return []
        if column in self.columns:
            return [Fault(f"{self.path} has more than one column {column!r}: rename one", at)]
        names = ", ".join(name for name in self.columns if name)
        hint = did_you_mean(column, self.columns)
        return [
            Fault(
                f"{self.path} has no column {column!r}{f'{hint} It' if hint else '; it'} has {names or 'no columns'}",
                at,
            )
        ]

    def text(self, column: str) -> np.ndarray:
        """Return object[n] of stripped texts, ``""`` where the cell is empty; whole numbers without ``.0``."""
        values = self.data.column(self._position[column])
        if pa.types.is_dictionary(values.type):
            values = values.cast(values.type.value_type)
        if pa.types.is_floating(values.type):
            values = _whole_or_not(values)
        elif pa.types.is_temporal(values.type):
            values = pc.cast(values, pa.string())
        elif not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
            try:
                values = pc.cast(values, pa.string())
            except pa.ArrowException:
                raise InputError(Fault(f"{self.path}: column {column!r} does not hold text or numbers")) from None
        trimmed = pc.fill_null(pc.utf8_trim_whitespace(values), "")
        return np.asarray(trimmed.to_numpy(zero_copy_only=False) if isinstance(trimmed, pa.Array)
                          else trimmed.to_numpy(), dtype=object)  # fmt: skip

    def numbers(self, column: str, at: FaultPath, *, thousands: bool = True) -> tuple[Floats, list[Fault]]:
        """Return f64[n] of a column, NaN where the cell is empty, and faults for cells that are not numbers.

        Args:
            column: Its name; it must be there.
            at: Path that the faults carry.
            thousands: Whether ``1,234`` is a number (1234).
        """
        values = self.data.column(self._position[column])
        if pa.types.is_integer(values.type) or pa.types.is_floating(values.type) or pa.types.is_decimal(values.type):
            numbers = pc.cast(values, pa.float64(), safe=False).to_numpy()
            return np.array(numbers, dtype=np.float64), []
        texts = pa.array(self.text(column), type=pa.string())
        nothing = pc.is_in(pc.utf8_lower(texts), pa.array(_NOTHING)).to_numpy(zero_copy_only=False)
        if thousands:
            grouped = pc.match_substring_regex(texts, _THOUSANDS)
            texts = pc.if_else(grouped, pc.replace_substring(texts, ",", ""), texts)
        good = pc.match_substring_regex(texts, _NUMBER).to_numpy(zero_copy_only=False)
        result = np.full(self.n_rows, np.nan)
        plain = pc.utf8_ltrim(texts.filter(pa.array(good)), "+")
        result[good] = pc.cast(plain, pa.float64()).to_numpy(zero_copy_only=False)
        bad = ~(good | nothing)
        if not bad.any():
            return result, []
        told = [
            f"{where} {str(cell)[:40]!r}"
            for where, cell in zip(
                self.where(bad, most=5), texts.filter(pa.array(bad)).slice(0, 5).to_pylist(), strict=True
            )
        ]
        return result, [Fault(f"{self.path}: column {column!r} must hold numbers: {_listed(told, int(bad.sum()))}", at)]

    def where(self, rows: Bools, *, most: int = 5) -> list[str]:
        """Name the first few of the rows that ``rows`` marks: ``line 7``."""
        return [f"{self.line_word} {number}" for number in self.line[rows][:most].tolist()]

    def lines_of(self, rows: Bools, *, most: int = 5) -> str:
        """Name the rows that ``rows`` marks in one phrase: ``line 7, line 9 … (12 in all)``."""
        return _listed(self.where(rows, most=most), int(np.count_nonzero(rows)))

    def take(self, rows: np.ndarray) -> Table:
        """Return the table at ``rows``, a mask or positions."""
        keep = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        geometry = None if self.geometry is None else self.geometry[keep]
        return replace(self, data=self.data.take(keep), line=self.line[keep], geometry=geometry)


def read_table(folder: Path, path: str, *, layer: str | None = None, encoding: str | None = None) -> Table:
    """Read a table from a local file; its format follows from its name.

    Args:
        folder: Where relative paths start.
        path: As written in the scenario.
        layer: Layer of a GeoPackage; None = the only one.
        encoding: Encoding of a text table or shapefile; None = find out.

    Raises:
        InputError: The file is missing, not local, of a format that is not read, or broken.
    """
    file = local_file(folder, path)
    suffix = file.suffix.lower()
    packed = suffix == ".gz"
    if packed:
        suffix = Path(file.stem).suffix.lower()
    if encoding is not None:
        _check_encoding(encoding)
    if layer is not None and suffix not in (*FORMATS, ".zip"):
        raise InputError(Fault(f"{path} has no layers: leave out layer", ("layer",)))
    try:
        if suffix in _TEXT:
            return _read_text(file, path, encoding, packed=packed)
        if packed:
            raise InputError(Fault(f"{path}: only text tables are read packed, such as .csv.gz: unpack it", ("path",)))
        if suffix in FORMATS:
            return _of_layer(read_layer(file, shown=path, layer=layer, encoding=encoding), file, path)
        if suffix == ".zip":
            from lifezone.sources.packed import read_zip  # noqa: PLC0415

            return _of_layer(read_zip(file, shown=path, layer=layer, encoding=encoding), file, path)
        if suffix in _PARQUET:
            return _of_layer(read_parquet(file, shown=path), file, path)
    except OSError as error:
        raise InputError(Fault(f"{path} cannot be opened: {error.strerror or error}", ("path",))) from None
    hint = "save it as CSV UTF-8" if suffix in {".xlsx", ".xls", ".ods"} else f"expected one of {_formats()}"
    raise InputError(Fault(f"{path}: tables of type {suffix or 'no suffix'} are not read: {hint}", ("path",)))


def _read_text(file: Path, path: str, encoding: str | None, *, packed: bool = False) -> Table:
    """Read a delimited text file."""
    data = _unpacked(file, path) if packed else file.read_bytes()
    text, found = decode(data, shown=path, encoding=encoding)
    del data
    columns, data, lines, _ = read_delimited(text, shown=path)
    return Table(path, file, tuple(columns), data, lines, "line", encoding=found)


def _unpacked(file: Path, path: str) -> bytes:
    """Unpack a gzip file, up to a size that a table can have."""
    try:
        with gzip.open(file) as stream:
            data = stream.read(_MOST_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(Fault(f"{path} is damaged or no gzip file: {error}", ("path",))) from None
    if len(data) > _MOST_BYTES:
        raise InputError(Fault(f"{path} unpacks to more than {_MOST_BYTES >> 30} GiB: split it", ("path",)))
    return data


def _of_layer(layer: Layer, file: Path, path: str) -> Table:
    """Make a table of what a layer holds."""
    columns = tuple(str(name) for name in layer.data.column_names)
    rows = np.arange(1, layer.data.num_rows + 1, dtype=np.int64)
    return Table(path, file, columns, layer.data, rows, "row", layer.geometry, layer.crs, layer.encoding, layer.notes)


def _check_encoding(encoding: str) -> None:
    """Fault an encoding that Python does not know."""
    try:
        "".encode(encoding)
    except LookupError:
        raise InputError(Fault(f"unknown encoding {encoding!r}: utf-8, cp949 or utf-16", ("encoding",))) from None


def _whole_or_not(values: Any) -> Any:
    """Write floats as text: whole ones without a point, since such columns are ids that met a blank."""
    texts = [
        "" if v is None or math.isnan(v) else str(int(v)) if float(v).is_integer() and abs(v) < 2**53 else repr(v)
        for v in values.to_pylist()
    ]
    return pa.array(texts, type=pa.string())


def _listed(names: Sequence[str], count: int) -> str:
    """Join the first names; tell how many there are when not all are named."""
    return ", ".join(names) if count <= len(names) else f"{', '.join(names)} … ({count:,} in all)"


def _formats() -> str:
    """Name the formats that are read."""
    return ", ".join((*_TEXT, *FORMATS, ".zip", *_PARQUET))
