"""Whether a demand point is urban or rural (D5): by degree of urbanisation, or by the names of districts.

Degree of urbanisation: 1 km cells with at least 300 people/km² that touch (eight neighbours) and hold at least 5,000
people together are urban (European Commission, FAO, UN-Habitat, OECD and World Bank, *Applying the Degree of
Urbanisation*, 2021). Districts: a dong is urban, an eup or myeon rural (Local Autonomy Act of Korea).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Demand, Districts, Floats, Ints
from lifezone.spec import Length, Spec

__all__ = ["SettingSpec", "degree_of_urbanisation", "setting_by_names", "with_setting"]

_M2_IN_KM2: Final = 1e6
_URBAN: Final = re.compile(r"(동|[0-9]가|로|-?dong|-ga)$", re.IGNORECASE)
"""Endings of urban units: administrative dong; legal dong may end in 가 or 로."""
_RURAL: Final = re.compile(r"(읍|면|리|-?eup|-?myeon|-?ri)$", re.IGNORECASE)


class SettingSpec(Spec):
    """How urban and rural points are told apart."""

    by: Literal["density", "names"] = Field(
        "density", description="density: cells with many people side by side are urban; names: a dong is urban, "
        "an eup or myeon rural, by the last syllable of the district's name."
    )  # fmt: skip
    cell: Length = Field(1000.0, description="Side of the cells that density is counted on.")
    least_density: Annotated[float, Field(gt=0)] = Field(300.0, description="Fewest people per km² of an urban cell.")
    least_people: Annotated[float, Field(ge=0)] = Field(
        5000.0, description="Fewest people of urban cells that touch one another."
    )


def with_setting(demand: Demand, spec: SettingSpec, districts: Districts | None) -> Demand:
    """Return the demand with ``urban`` set.

    Raises:
        InputError: Settings go by names and a district's name has none of the endings.
    """
    if spec.by == "names":
        urban = setting_by_names(demand.district, districts)
    else:
        if spec.cell < 1:
            raise InputError(Fault("expected a cell of 1 m or more", ("cell",)))
        if not np.isfinite(demand.x_m).all():
            raise InputError(Fault("how densely people live is not known without coordinates: name the columns x and "
                                   "y of demand, or tell urban from rural by: names", ("by",)))  # fmt: skip
        urban = degree_of_urbanisation(
            demand.x_m, demand.y_m, demand.total, cell_m=spec.cell, least_density=spec.least_density,
            least_people=spec.least_people,
        )  # fmt: skip
    return replace(demand, urban=urban)


def degree_of_urbanisation(
    x_m: Floats,
    y_m: Floats,
    people: Floats,
    *,
    cell_m: float = 1000.0,
    least_density: float = 300.0,
    least_people: float = 5000.0,
) -> Bools:
    """Return bool[P] True where a point lies in an urban cluster.

    1. People are counted on cells of ``cell_m``, aligned to whole multiples of it.
    2. Cells with at least ``least_density`` people per km² are dense.
    3. Dense cells that touch by a side or a corner are a cluster; with ``least_people`` or more it is urban.

    Args:
        x_m: f64[P] easting.
        y_m: f64[P] northing.
        people: f64[P] everybody, ≥ 0.
        cell_m: Side of the cells, metres.
        least_density: People per km², inclusive.
        least_people: People of a cluster, inclusive.
    """
    if len(x_m) == 0:
        return np.zeros(0, np.bool_)
    key = np.column_stack([np.floor(x_m / cell_m), np.floor(y_m / cell_m)]).astype(np.int64)
    cells, cell = np.unique(key, axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    count = np.bincount(cell, weights=people, minlength=len(cells))
    dense = count >= least_density * cell_m**2 / _M2_IN_KM2 * (1 - 1e-12)
    position = {(column, row): at for at, (column, row) in enumerate(cells.tolist()) if dense[at]}
    pairs = [
        (at, position[column + right, row + up])
        for (column, row), at in position.items()
        for right, up in ((1, 0), (0, 1), (1, 1), (1, -1))
        if (column + right, row + up) in position
    ]
    one, two = np.array(pairs, np.int64).reshape(-1, 2).T
    graph = coo_array((np.ones(len(one)), (one, two)), shape=(len(cells), len(cells)))
    _, cluster = connected_components(graph, directed=False)
    in_cluster = np.bincount(cluster, weights=count * dense)
    urban: Bools = (dense & (in_cluster[cluster] >= least_people * (1 - 1e-12)))[cell]
    return urban


def setting_by_names(district: Ints, districts: Districts | None) -> Bools:
    """Return bool[P] True where a point lies in a dong; points outside every district are not urban.

    Args:
        district: i32[P] district of each point, −1 outside.
        districts: D districts with Korean or English names.

    Raises:
        InputError: A name ends in none of 동, 읍, 면 (or -dong, -eup, -myeon).
    """
    if districts is None or not districts.name:
        raise InputError(Fault("settings by names need districts with names (area.districts)", ("by",)))
    english = districts.name_en or districts.name
    kind = [
        next(
            (urban for name in pair for urban, ending in ((True, _URBAN), (False, _RURAL)) if ending.search(name)), None
        )
        for pair in zip(districts.name, english, strict=True)
    ]
    unknown = [name for name, urban in zip(districts.name, kind, strict=True) if urban is None]
    if unknown:
        raise InputError(
            Fault(f"district names must end in 동, 읍 or 면 to tell urban from rural: {some_of(unknown)}; "
                  "use by: density", ("by",))
        )  # fmt: skip
    table = np.array([bool(urban) for urban in kind] + [False], np.bool_)  # the last entry is for −1
    urban: Bools = table[district]
    return urban
