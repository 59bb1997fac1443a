"""Where facilities lie, and for whom each is the nearest, as the verdicts of a variant tell.

A point that names the same facility for several requirements counts once, with the most people of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely

from lifezone.model import Bools, Ints, Variant
from lifezone.report.council.points import judged, told_requirements
from lifezone.report.material import Material

__all__ = ["Use", "asked_there", "home_district", "kinds_asked", "use_of"]

_NEIGHBOURS: Final = 8
"""Inhabited points round a facility that tell whether its kind is asked for there."""


@dataclass(frozen=True, eq=False)
class Use:
    """People by the facility that is the nearest for them.

    Attributes:
        people: f64[F] persons for whom a facility is the nearest in any requirement.
        within: f64[F] those of them who are within the bound of such a requirement.
        beyond: people per requirement whose nearest facility lies across the border, and all judged.
    """

    people: np.ndarray
    within: np.ndarray
    beyond: dict[str, tuple[float, float]]


def home_district(study: Variant) -> Ints | None:
    """Return i32[F] the position of the district that each facility stands in, −1 = across the border.

    None where no boundaries are known.
    """
    supply, shapes = study.world.facilities, study.world.districts.polygon
    if shapes is None:
        return None
    found = np.full(supply.n_facilities, -1, np.int32)
    for at, shape in enumerate(shapes):
        if shape is not None:
            shapely.prepare(shape)
            inside = shapely.intersects_xy(shape, supply.x_m, supply.y_m)
            found[(found < 0) & inside] = at
    return found


def kinds_asked(material: Material) -> dict[str, list[str]]:
    """Return the requirements that ask for each kind, by kind in the standard's order."""
    asked: dict[str, list[str]] = {}
    for rule in material.standard.requirements:
        for kind in rule.kinds:
            asked.setdefault(kind, []).append(rule.id)
    return asked


def use_of(material: Material, variant: str, home: Ints | None) -> Use:
    """Return for whom each facility is the nearest."""
    study = material.variant(variant)
    n = study.world.facilities.n_facilities
    frames, beyond = [], {}
    for key in told_requirements(material):
        own = judged(material, variant, key)
        if own is None:
            continue
        verdicts = study.assessment.verdicts[key]
        facility = verdicts.facility[own.rows]
        met: Bools = verdicts.met[own.rows]
        if home is not None:
            away = np.append(home, 0)[facility] < 0  # −1, no facility, reads the last one: not away
            beyond[key] = float(own.people[away].sum()), float(own.people.sum())
        frames.append(pd.DataFrame({"point": own.rows, "facility": facility, "people": own.people,
                                    "within": np.where(met, own.people, 0.0)}))  # fmt: skip
    people, within = np.zeros(n), np.zeros(n)
    if frames and n:
        pairs = pd.concat(frames, ignore_index=True)
        pairs = pairs[pairs["facility"] >= 0].groupby(["point", "facility"], as_index=False).max()
        people, within = (np.bincount(pairs["facility"], weights=pairs[key], minlength=n).astype(np.float64)
                          for key in ("people", "within"))  # fmt: skip
    return Use(people, within, beyond)


def asked_there(material: Material, variant: str) -> Bools:
    """Return bool[F] whether a requirement asks for the kind of a facility where it stands.

    A hall in the country is no idle one where only urban points are judged by halls: one of the nearest inhabited
    points must be judged by a requirement for the kind.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415

    study = material.variant(variant)
    supply, demand = study.world.facilities, study.world.demand
    there = np.zeros(supply.n_facilities, np.bool_)
    lived = np.flatnonzero(demand.inside & (demand.total > 0))
    if not len(lived) or not supply.n_facilities:
        return there
    tree = cKDTree(np.column_stack([demand.x_m[lived], demand.y_m[lived]]))
    _, near = tree.query(np.column_stack([supply.x_m, supply.y_m]), k=min(_NEIGHBOURS, len(lived)))
    near = lived[near.reshape(supply.n_facilities, -1)]
    for kind, requirements in kinds_asked(material).items():
        own = np.flatnonzero(supply.kind == supply.kinds.index(kind)) if kind in supply.kinds else lived[:0]
        for key in requirements:
            if key in study.assessment.verdicts and len(own):
                there[own] |= study.assessment.verdicts[key].judged[near[own]].any(axis=1)
    return there
