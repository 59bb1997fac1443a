"""Facilities from Overture-style places: Parquet with nested categories, names and a confidence.

Which categories count as which kind stands in ``overture.yaml`` beside this file; a scenario may say it anew. Read in
batches, and of those only the ones whose statistics touch the area, so that a country's file takes little memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyarrow import parquet
from pydantic import Field, model_validator

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Facilities
from lifezone.sources.crs import DEGREES, inside_clip, to_crs
from lifezone.sources.files import did_you_mean, input_record, local_file
from lifezone.sources.reading import Reading
from lifezone.spec import Spec

__all__ = ["OverturePlaces", "overture_categories"]

OVERTURE_CREDIT: Final = "© Overture Maps Foundation and its contributors, overturemaps.org"
_CATEGORIES: Final = ("categories.primary", "taxonomy.primary", "basic_category", "categories.alternate",
                      "taxonomy.alternates")  # fmt: skip
_MAIN: Final = 3
"""How many of these tell what a place is above all; the others only what else it is."""
_BATCH_ROWS: Final = 1 << 16
_CLOSED: Final = ("permanently_closed", "temporarily_closed", "closed")


@cache
def overture_categories() -> Mapping[str, tuple[str, ...]]:
    """Return the categories of every kind, from the packaged table."""
    from ruamel.yaml import YAML  # noqa: PLC0415

    text = files("lifezone.sources").joinpath("overture.yaml").read_text(encoding="utf-8")
    return {kind: tuple(words) for kind, words in YAML(typ="safe", pure=True).load(text).items()}


class OverturePlaces(Spec):
    """Facilities from a Parquet file of Overture places (or one laid out like it), by their categories."""

    type: Literal["overture"] = Field("overture", description="Read from Overture places.")
    path: str = Field(description="The Parquet file.")
    kinds: list[str] = Field(min_length=1, description="Kinds that are wanted, e.g. [pharmacy, hospital].")
    categories: dict[str, list[str]] = Field(
        default_factory=dict, description="Kind and the categories that count as it, in place of the packaged table."
    )
    confidence: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, description="Places whose confidence is lower are left out; one without a number is kept."
    )
    alternates: bool = Field(False, description="Count a place's other categories too, not only its main one.")

    @model_validator(mode="after")
    def _known(self) -> OverturePlaces:
        """Refuse categories of kinds that are not asked for."""
        odd = [kind for kind in self.categories if kind not in self.kinds]
        if odd:
            raise ValueError(f"categories names {', '.join(odd)}, which is not among the kinds")
        return self

    def load(self, reading: Reading) -> Facilities:
        """Read the places of the wanted kinds inside the clip.

        Raises:
            InputError: a kind is unknown or has no categories, or the file is damaged or laid out otherwise.
        """
        wanted = self._wanted(reading)
        file = local_file(reading.folder, self.path)
        counts = dict.fromkeys(("rows", "other", "doubtful", "closed", "outside"), 0)
        rows: list[tuple[str, str, str, float, float]] = []
        with reading.progress.step(f"places: {self.path}"):
            try:
                for batch in self._batches(file, reading):
                    rows += _of_batch(batch, wanted, self, reading, counts)
            except UnicodeDecodeError as error:
                raise InputError(Fault(f"{self.path} is damaged: {error}", ("path",))) from None
        found = self._facilities(rows, reading, counts)
        reading.inputs.append(
            input_record(self.path, file, what="facilities", attribution=OVERTURE_CREDIT, used=found.n_facilities,
                         **counts)
        )  # fmt: skip
        return found

    def _wanted(self, reading: Reading) -> dict[str, list[str]]:
        """Return the kinds of each wanted category."""
        faults, wanted = [], dict[str, list[str]]()
        table = overture_categories()
        for at, kind in enumerate(self.kinds):
            if kind not in reading.kinds:
                faults.append(Fault(f"unknown kind {kind!r}{did_you_mean(kind, tuple(reading.kinds))}", ("kinds", at)))
            elif kind not in self.categories and kind not in table:
                told = f"Overture has no categories for {kind}: name them with categories, or bring a table"
                faults.append(Fault(told, ("kinds", at)))
            for category in self.categories.get(kind, table.get(kind, ())):
                wanted.setdefault(category, []).append(kind)
        if faults:
            raise InputError(faults)
        return wanted

    def _batches(self, file: Path, reading: Reading) -> Iterator[Any]:
        """Yield batches of the columns that are needed, of the row groups that touch the area."""
        try:
            source = parquet.ParquetFile(file)
            names = set(source.schema_arrow.names)
            faults = [Fault(f"{self.path} is not laid out as Overture places: it has no column {column!r}", ("path",))
                      for column in ("id", "geometry") if column not in names]  # fmt: skip
            if not names & {"categories", "taxonomy", "basic_category"}:
                faults.append(Fault(f"{self.path} is not laid out as Overture places: it has no categories", ("path",)))
            if faults:
                raise InputError(faults)
            columns = [name for name in ("id", "geometry", "names", "categories", "taxonomy", "basic_category",
                                         "confidence", "operating_status") if name in names]  # fmt: skip
            groups = [at for at in range(source.num_row_groups) if _touches(source.metadata.row_group(at), reading)]
            yield from source.iter_batches(_BATCH_ROWS, row_groups=groups, columns=columns, use_threads=False)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            told = (str(error).splitlines() or [""])[0]
            raise InputError(Fault(f"{self.path} cannot be read as Parquet: {told}", ("path",))) from None

    def _facilities(
        self, rows: list[tuple[str, str, str, float, float]], reading: Reading, counts: Mapping[str, int]
    ) -> Facilities:
        """Make facilities of the rows; one that counts as two kinds comes twice."""
        order = {kind: at for at, kind in enumerate(self.kinds)}
        rows = sorted(rows, key=lambda row: (order[row[1]], row[0]))
        taken: set[str] = set()
        ids, again = [], 0
        kept = []
        seen: set[tuple[str, str]] = set()
        for row in rows:
            if row[:2] in seen:
                again += 1  # the same place of the same kind twice in the file
                continue
            seen.add((row[0], row[1]))
            name = row[0] if row[0] not in taken else f"{row[0]}:{row[1]}"
            taken.add(name)
            ids.append(name)
            kept.append(row)
        lon, lat = (np.array([row[at] for row in kept], dtype=np.float64) for at in (3, 4))
        x_m, y_m = to_crs(lon, lat, DEGREES, reading.crs)
        n = len(kept)
        by_kind = ", ".join(f"{sum(row[1] == kind for row in kept):,} {kind}" for kind in self.kinds)
        notes = [f"{self.path}: {by_kind}"]
        for count, why in (
            (counts["other"], "are of other kinds"),
            (counts["doubtful"], f"have a confidence below {self.confidence:g}"),
            (counts["closed"], "are closed"), (counts["outside"], "lie outside the area or have no point"),
            (again, "repeat an id"),
        ):  # fmt: skip
            if count:
                notes.append(f"{self.path}: {count:,} places {why}, left out")
        return Facilities(
            ids=np.array(ids, dtype=object), x_m=x_m, y_m=y_m,
            kind=np.array([order[row[1]] for row in kept], dtype=np.int32), kinds=tuple(self.kinds),
            name=np.array([row[2] for row in kept], dtype=object), capacity=np.full(n, np.nan),
            cost=np.full(n, np.nan), open=np.ones(n, np.bool_), hours=np.full(n, "", dtype=object), notes=tuple(notes),
        )  # fmt: skip


def _touches(group: Any, reading: Reading) -> bool:
    """Say whether a row group may hold places of the area, by the statistics of its ``bbox`` columns."""
    if reading.clip is None:
        return True
    ends: dict[str, Any] = {}
    for at in range(group.num_columns):
        column = group.column(at)
        if column.path_in_schema.startswith("bbox.") and column.is_stats_set and column.statistics.has_min_max:
            ends[column.path_in_schema] = column.statistics
    if {"bbox.xmin", "bbox.xmax", "bbox.ymin", "bbox.ymax"} - set(ends):
        return True
    west, south, east, north = reading.clip.bounds
    return bool(
        ends["bbox.xmin"].min <= east and ends["bbox.xmax"].max >= west
        and ends["bbox.ymin"].min <= north and ends["bbox.ymax"].max >= south
    )  # fmt: skip


def _of_batch(
    batch: Any, wanted: Mapping[str, list[str]], spec: OverturePlaces, reading: Reading, counts: dict[str, int]
) -> list[tuple[str, str, str, float, float]]:
    """Return id, kind, name, longitude, latitude of the places that count; counts the others (written to)."""
    counts["rows"] += batch.num_rows
    words = [_nested(batch, path) for path in _CATEGORIES[: None if spec.alternates else _MAIN]]
    kinds: list[list[str]] = []
    for row in range(batch.num_rows):
        found: list[str] = []
        for column in words:
            cell = column[row]
            for word in cell if isinstance(cell, list) else [cell]:
                found += wanted.get(word, ()) if isinstance(word, str) else ()
        kinds.append(list(dict.fromkeys(found)))
    ids, names = _nested(batch, "id"), _nested(batch, "names.primary")
    confidence, status = _nested(batch, "confidence"), _nested(batch, "operating_status")
    lon, lat = _points(batch.column("geometry"), spec.path)
    inside = inside_clip(lon, lat, DEGREES, reading.clip) & np.isfinite(lon) & np.isfinite(lat)
    rows = []
    for at, mine in enumerate(kinds):
        sure = confidence[at]
        if not mine or not ids[at]:
            counts["other"] += 1
        elif isinstance(sure, float | int) and not sure >= spec.confidence:
            counts["doubtful"] += 1
        elif status[at] in _CLOSED:
            counts["closed"] += 1
        elif not inside[at]:
            counts["outside"] += 1
        else:
            rows += [(str(ids[at]), kind, str(names[at] or ""), float(lon[at]), float(lat[at])) for kind in mine]
    return rows


def _nested(batch: Any, path: str) -> list[Any]:
    """Return a column, or a field inside one (``names.primary``), as Python values; None where there is none."""
    name, _, inner = path.partition(".")
    if name not in batch.schema.names:
        return [None] * batch.num_rows
    column = batch.column(name)
    if inner:
        if not pa.types.is_struct(column.type) or column.type.get_field_index(inner) < 0:
            return [None] * batch.num_rows
        column = pc.struct_field(column, inner)
    values: list[Any] = column.to_pylist()
    return values


def _points(column: Any, shown: str) -> tuple[np.ndarray, np.ndarray]:
    """Return longitude and latitude of WKB geometries (the middle of those that are no points), NaN where none."""
    cells = column.to_pylist()
    if any(cell is not None and not isinstance(cell, bytes) for cell in cells):
        raise InputError(Fault(f"{shown}: geometry must be written as WKB", ("path",)))
    shapes = shapely.from_wkb(np.array([cell or None for cell in cells], dtype=object), on_invalid="ignore")
    broken = sum(cell is not None and shape is None for cell, shape in zip(cells, shapes.tolist(), strict=True))
    if broken and broken == sum(cell is not None for cell in cells):
        raise InputError(Fault(f"{shown}: no geometry can be read: {some_of([repr(c)[:30] for c in cells[:2]])}",
                               ("path",)))  # fmt: skip
    middle = shapely.centroid(shapes)
    return shapely.get_x(middle), shapely.get_y(middle)
