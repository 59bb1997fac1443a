"""What would end a desert: one function restored, or a variant of the run.

A restored function is taken as within the bound for everybody of that desert; the desert test is then asked again, by
the function that judges (:func:`lifezone.standards.deserts.is_desert`). Whether one facility at the middle can do that
depends on how far the farthest resident lives, which is told beside it: a report computes no new trips.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from lifezone.model import TOTAL, Bools, Variant
from lifezone.report.labels import Language
from lifezone.report.material import Material
from lifezone.standards.deserts import is_desert, lost_functions
from lifezone.standards.disclosure import shown_desert

__all__ = ["Cure", "cures", "desert_names", "far_m", "lifted_by", "lost_now"]


@dataclass(frozen=True)
class Cure:
    """One function restored in one desert.

    Attributes:
        function: which.
        lifted: people who would be out of the desert.
        everybody: people of the desert.
    """

    function: str
    lifted: float
    everybody: float

    @property
    def ends_it(self) -> bool:
        """Nobody would be left."""
        return self.lifted >= self.everybody - 1e-6


@lru_cache(maxsize=2)
def lost_now(study: Variant) -> Bools:
    """Return bool[P, functions] what is lost where, as the run judged; a saved folder does not hold it as such."""
    test = study.assessment.standard.desert
    if test is None:
        return np.zeros((study.world.demand.n_points, 0), np.bool_)
    return lost_functions(test, study.assessment.verdicts, study.world.demand.n_points)[0]


def desert_names(material: Material, variant: str, language: Language) -> dict[int, str]:
    """Return the name of every desert by label as it may be shown: empty where it is scattered or small."""
    study = material.variant(variant)
    at = study.world.demand.groups.index(TOTAL)
    return {one.label: shown_desert(one, one.people[at], language, disclose=material.disclose)
            for one in study.assessment.deserts}  # fmt: skip


def cures(study: Variant, desert: int) -> list[Cure]:
    """Return every lost function of a desert restored by itself, those that lift most people first.

    Args:
        study: a variant with a desert test.
        desert: label of the desert.
    """
    test, demand = study.assessment.standard.desert, study.world.demand
    own = np.flatnonzero(study.assessment.desert == desert)
    if test is None or not len(own):
        return []
    here, lost = demand.take(own), lost_now(study)[own]
    people = here.of(TOTAL)
    found = []
    for at, function in enumerate(test.functions):
        if not lost[:, at].any():
            continue
        restored = lost.copy()
        restored[:, at] = False
        still = is_desert(test, restored, here)
        found.append(Cure(function, float(people[~still].sum()), float(people.sum())))
    return sorted(found, key=lambda cure: -cure.lifted)


def far_m(study: Variant, desert: int) -> float:
    """Return the straight metres from the middle of a desert's people to the farthest of them."""
    demand = study.world.demand
    own = np.flatnonzero(study.assessment.desert == desert)
    if not len(own):
        return 0.0
    weight = demand.of(TOTAL)[own]
    x, y = (float(np.average(values[own], weights=weight)) for values in (demand.x_m, demand.y_m))
    return float(np.hypot(demand.x_m[own] - x, demand.y_m[own] - y).max())


def lifted_by(before: Variant, after: Variant, desert: int) -> tuple[float, float]:
    """Return people of a desert who are in none in another variant, and all of them as that variant counts them.

    Points are matched by their ids; a point that the variant does not have counts with neither.
    """
    at = _positions(before, after)[before.assessment.desert == desert]
    at = at[at >= 0]
    people = after.world.demand.of(TOTAL)[at]
    return float(people[after.assessment.desert[at] < 0].sum()), float(people.sum())


@lru_cache(maxsize=4)
def _positions(before: Variant, after: Variant) -> np.ndarray:
    """Return i64[P] where each point of one variant stands in another, −1 = it is not there."""
    return np.asarray(pd.Index(after.world.demand.ids).get_indexer(pd.Index(before.world.demand.ids)))
