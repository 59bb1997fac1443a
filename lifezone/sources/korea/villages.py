"""Names of villages (행정리): the nearest village hall (마을회관, 경로당) and the legal ri of its address.

No register of 행정리 with places is published; halls are its best trace. A point is named after the hall that is
nearest, within a limit, and the run says so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import numpy as np
from pydantic import Field
from scipy.spatial import cKDTree

from lifezone.errors import Fault, InputError
from lifezone.model import Demand
from lifezone.sources.crs import DEGREES, to_crs
from lifezone.sources.files import input_record
from lifezone.sources.korea.facility_rows import FacilityRows, read_facility_rows
from lifezone.sources.korea.opened_report import report_of
from lifezone.sources.korea.opening import open_known
from lifezone.sources.korea.report import FileReport
from lifezone.sources.reading import Reading
from lifezone.spec import Length, Spec

__all__ = ["VillageNames", "named_by_halls", "village_name"]

_HALL: Final = re.compile(
    r"\s*(마을\s*(복지|다목적)?\s*회관|다목적\s*회관|복지\s*회관|회관|경로당|노인정|노인회관|할머니|할아버지)+\s*(\(.*\))?$"
)
_RI: Final = re.compile(r"(?<![가-힣])([가-힣]{1,6}[0-9]*리)(?![가-힣])")


class VillageNames(Spec):
    """Village halls that name the points near them."""

    path: str = Field(description="List of 마을회관 or 경로당 with places, as published.")
    within: Length = Field(1000.0, description="Farthest hall that still names a point.")


def village_name(hall: str, address: str) -> str:
    """Return ``신기리 상신마을`` for ``상신마을회관`` in 신기리; the ri alone where the hall tells none."""
    name = _HALL.sub("", hall.strip()).strip()
    name = f"{name}마을" if name and hall.strip().startswith(f"{name}마을") and not name.endswith("마을") else name
    found = _RI.search(address)
    ri = found.group(1) if found else ""
    return " ".join(part for part in dict.fromkeys((ri, name)) if part)


def named_by_halls(spec: VillageNames, demand: Demand, reading: Reading, report: FileReport) -> Demand:
    """Return the demand with names of villages; points without a hall near keep theirs, and both are counted.

    Raises:
        InputError: The file is no known list, or none of its halls has a place.
    """
    opened, match = open_known(reading.folder, spec.path, "facilities")
    told = report_of(spec.path, opened, match)
    rows: FacilityRows = read_facility_rows(opened, match, told, keep_twins=True)
    seen = np.flatnonzero(np.isfinite(rows.lon))
    reading.inputs.append(input_record(spec.path, opened.table.file, what="village halls", rows=opened.rows,
                                       used=len(seen), encoding=opened.table.encoding))  # fmt: skip
    if len(seen) == 0:
        raise InputError(Fault(f"{spec.path}: no hall has a place", ("names", "path")))
    x_m, y_m = to_crs(rows.lon[seen], rows.lat[seen], DEGREES, reading.crs)
    tree = cKDTree(np.column_stack([x_m, y_m]))
    found = tree.query(np.column_stack([demand.x_m, demand.y_m]))
    far, nearest = np.asarray(found[0], np.float64), np.asarray(found[1], np.int64)
    names = [village_name(str(rows.name[at]), str(rows.address[at])) for at in seen.tolist()]
    old = np.full(demand.n_points, "", dtype=object) if demand.name is None else demand.name.copy()
    near = far <= spec.within
    old[near] = [
        names[at] or old[row] for row, at in zip(np.flatnonzero(near).tolist(), nearest[near].tolist(), strict=True)
    ]
    count = int(near.sum())
    report.facts["named_by_halls"] = count
    note = (f"{count:,} of {demand.n_points:,} points are named after the nearest village hall within "
            f"{spec.within:,.0f} m of {spec.path}")  # fmt: skip
    return replace(demand, name=old, notes=(*demand.notes, note))
