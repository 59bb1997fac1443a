"""Tables with geometry: what GDAL reads of vector files, and (Geo)Parquet, as arrow columns plus shapely geometries.

Decided: pyogrio for all but Parquet, and only after the file's own first bytes show that it is what its name says, so
that no other GDAL driver (and no driver that opens the network) is ever asked. A shapefile often does not state the
encoding of its texts: a ``.cpg`` file decides, else the bytes do, UTF-8 before CP949.
"""

from __future__ import annotations

import codecs
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from pyarrow import parquet
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

from lifezone.errors import Fault, InputError
from lifezone.sources.files import did_you_mean

__all__ = ["FORMATS", "Layer", "read_layer", "read_parquet"]

_MAGIC: Final = {
    ".gpkg": b"SQLite format 3\0", ".shp": b"\x00\x00\x27\x0a", ".dbf": b"\x03", ".fgb": b"fgb",
    ".sqlite": b"SQLite format 3\0",
}  # fmt: skip
_WORDS: Final = {
    ".geojson": b"{", ".json": b"{", ".geojsonl": b"{", ".ndjson": b"{", ".kml": b"<kml", ".gml": b"<", ".gpx": b"<gpx",
    ".mif": b"version", ".dxf": b"section",
}  # fmt: skip
"""What stands at the beginning of a text format; JSON and XML begin with nothing else."""
FORMATS: Final = (*_MAGIC, *_WORDS)
"""Suffixes of the vector formats that are read."""
_OFFLINE: Final = {"GML_DOWNLOAD_SCHEMA": "NO", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none", "GDAL_HTTP_TIMEOUT": "1"}
"""GDAL fetches nothing for a file that names an address, such as a schema."""
_BYTES: Final = "ISO-8859-1"
"""Read so, every byte of a shapefile's texts comes through as one letter; Python then decodes them the same way on
every system, whatever code pages the system's GDAL was built with."""
_BROKEN: Final = (
    DataSourceError, DataLayerError, FeatureError, GeometryError, RuntimeError, ValueError, OSError, NameError,
)  # fmt: skip
"""What pyogrio raises at a damaged file; NameError is its own slip where a coordinate system is not valid UTF-8."""
_KOREAN: Final = ("cp949", "949", "euc-kr", "euckr", "ks_c_5601", "ksc5601", "uhc", "ms949")


@dataclass(frozen=True, eq=False)
class Layer:
    """What such a file holds: arrow columns, geometries (or None), their CRS and the encoding of its texts."""

    data: Any
    geometry: np.ndarray | None
    crs: str | None
    encoding: str
    notes: tuple[str, ...] = ()


def read_layer(file: Path, *, shown: str, layer: str | None = None, encoding: str | None = None) -> Layer:
    """Read one layer of a GeoPackage, GeoJSON or shapefile.

    Args:
        file: The file.
        shown: Its path as the user wrote it, for messages.
        layer: Which layer; None = the only one.
        encoding: Encoding of a shapefile's texts; None = find out.

    Raises:
        InputError: The file is not what its name says, is broken, or has several layers and none was named.
    """
    _check_magic(file, shown)
    is_shapefile = file.suffix.lower() in (".shp", ".dbf")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's remarks on odd dates and field widths
            pyogrio.set_gdal_config_options(_OFFLINE)
            name = _layer_name(file, layer, shown)
            meta, data = pyogrio.read_arrow(file, layer=name, encoding=_BYTES if is_shapefile else None)
    except InputError:
        raise
    except _BROKEN as error:
        why = "its coordinate system is not text" if isinstance(error, NameError) else _first_line(error)
        raise InputError(Fault(f"{shown} cannot be read: {why}", ("path",))) from None
    texts, notes = "utf-8", cast("tuple[str, ...]", ())
    if is_shapefile:
        texts = encoding or _shapefile_encoding(file)
        data, spoiled = _recoded(data, texts)
        notes = (f"{shown}: {spoiled:,} texts are not valid {texts}: give encoding",) if spoiled else ()
    column = meta.get("geometry_name") or "wkb_geometry"
    data, geometry = _split_geometry(data, column if column in data.column_names else "", shown)
    return Layer(_sound(data, shown), geometry, meta.get("crs"), texts, notes)


def read_parquet(file: Path, *, shown: str) -> Layer:
    """Read a Parquet or GeoParquet file (geometry as WKB)."""
    try:
        data = parquet.read_table(file, use_threads=False, partitioning=None)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(Fault(f"{shown} cannot be read as Parquet: {_first_line(error)}", ("path",))) from None
    column, crs = "", None
    try:
        geo = json.loads((data.schema.metadata or {}).get(b"geo", b"null"))
        if geo:
            column = geo["primary_column"]
            about = geo["columns"][column]
            known = about.get("crs", "OGC:CRS84")
            crs = json.dumps(known) if isinstance(known, dict) else known
            if about.get("encoding", "WKB") != "WKB":
                raise InputError(Fault(f"{shown}: geometry must be written as WKB, is {about['encoding']}", ("path",)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(Fault(f"{shown}: its GeoParquet description is broken", ("path",))) from None
    data, geometry = _split_geometry(data, column, shown)
    return Layer(_sound(data, shown), geometry, crs, "utf-8")


def _check_magic(file: Path, shown: str) -> None:
    """Refuse a file whose first bytes are not those of its format."""
    with file.open("rb") as stream:
        head = stream.read(1024)
    suffix = file.suffix.lower()
    wanted = _MAGIC.get(suffix)
    text = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    word = _WORDS.get(suffix, b"{")
    fits = head.startswith(wanted) if wanted else word in text and (word not in (b"{", b"<") or text.startswith(word))
    if not fits:
        raise InputError(Fault(f"{shown} is not a {suffix} file inside, whatever its name says", ("path",)))
    missing = [s for s in (".dbf", ".shx") if suffix == ".shp" and not file.with_suffix(s).is_file()]
    if missing:
        raise InputError(Fault(f"{shown}: a shapefile needs its {' and '.join(missing)} beside it", ("path",)))


def _layer_name(file: Path, layer: str | None, shown: str) -> str | None:
    """Return the layer to read, or fault with the list of layers."""
    names = [str(name) for name, _ in pyogrio.list_layers(file)]
    if layer is not None:
        if layer not in names:
            hint = did_you_mean(layer, names)
            raise InputError(Fault(f"{shown} has no layer {layer!r}{hint} It has {', '.join(names)}", ("layer",)))
        return layer
    spatial = [str(name) for name, kind in pyogrio.list_layers(file) if kind is not None]
    if len(spatial) > 1:
        raise InputError(Fault(f"{shown} has {len(spatial)} layers, name one: {', '.join(spatial)}", ("layer",)))
    if not names:
        raise InputError(Fault(f"{shown} holds no layer", ("path",)))
    return spatial[0] if spatial else names[0]


def _split_geometry(data: Any, column: str, shown: str) -> tuple[Any, np.ndarray | None]:
    """Take the geometry column out of an arrow table and read its WKB."""
    if not column:
        return data, None
    if column not in data.column_names:
        raise InputError(Fault(f"{shown}: its geometry column {column!r} is not there", ("path",)))
    wkb = data.column(column).to_numpy().astype(object)
    geometry = shapely.from_wkb(np.where(wkb == b"", None, wkb), on_invalid="ignore")
    broken = np.array([item is not None and item != b"" for item in wkb], np.bool_) & shapely.is_missing(geometry)
    if broken.any():
        raise InputError(Fault(f"{shown}: {int(broken.sum()):,} geometries cannot be read", ("path",)))
    return data.drop_columns([column]), geometry


def _recoded(data: Any, encoding: str) -> tuple[Any, int]:
    """Decode texts and column names that were read byte by byte; and count the texts that did not fit."""
    spoiled = 0
    columns, names = [], []
    for name, column in zip(data.column_names, data.columns, strict=True):
        names.append(name.encode(_BYTES, "replace").decode(encoding, "replace"))
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            cells = [
                None if cell is None else cell.encode(_BYTES, "replace").decode(encoding, "replace")
                for cell in column.to_pylist()
            ]
            spoiled += sum("\ufffd" in cell for cell in cells if cell)
            columns.append(pa.array(cells, pa.string()))
        else:
            columns.append(column)
    return pa.table(columns, names=names), spoiled


def _sound(data: Any, shown: str) -> Any:
    """Return the columns when their texts are valid, or fault."""
    try:
        data.validate(full=True)
    except pa.ArrowException as error:
        raise InputError(Fault(f"{shown} is damaged: {_first_line(error)}", ("path",))) from None
    return data


def _shapefile_encoding(file: Path) -> str:
    """Return the encoding of a shapefile's texts: by its ``.cpg``, else the one that spoils fewest letters."""
    for name in (file.with_suffix(".cpg"), file.with_suffix(".CPG")):
        if name.is_file():
            stated = name.read_text(encoding="ascii", errors="replace").strip().lower().removeprefix("ansi").strip()
            if stated in _KOREAN:
                return "cp949"  # which holds all of EUC-KR
            stated = f"cp{stated}" if stated.isdigit() else stated
            try:
                return codecs.lookup(stated).name
            except LookupError:
                break
    with file.with_suffix(".dbf").open("rb") as stream:
        head = stream.read(32)
        stream.seek(int.from_bytes(head[8:10], "little"))
        records = stream.read()
    spoiled = {name: records.decode(name, errors="replace").count("\ufffd") for name in ("utf-8", "cp949")}
    return min(spoiled, key=lambda name: spoiled[name])


def _first_line(error: BaseException) -> str:
    """Return the first line of another library's message."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
