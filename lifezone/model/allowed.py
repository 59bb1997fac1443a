"""Who may use which facilities of a kind: school attendance areas and the like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lifezone.errors import InputError
from lifezone.model.arrays import Ints, check_length
from lifezone.model.demand import Demand

__all__ = ["Allowed"]


@dataclass(frozen=True, eq=False)
class Allowed:
    """Attendance areas of one kind.

    Ids and not positions, since an edit may reorder or add people and facilities.

    Attributes:
        kind: kind of facility that the areas are for.
        point_ids: n ids of demand points, each once.
        area: i32[n] position in ``facility_ids`` of each of them, −1 = in no area.
        facility_ids: for each area, the ids of the facilities that its people may use; at least one.
        source: where the areas come from, for warnings.
    """

    kind: str
    point_ids: np.ndarray
    area: Ints
    facility_ids: tuple[tuple[str, ...], ...]
    source: str = ""

    def __post_init__(self) -> None:
        """Check lengths and references."""
        check_length("attendance areas", len(self.point_ids), area=self.area)
        if len(self.area) and int(self.area.max()) >= len(self.facility_ids):
            raise InputError("attendance areas: a point names an area that does not exist")

    def areas_of(self, demand: Demand) -> Ints:
        """Return i32[P] the area of every demand point, −1 = none."""
        known = dict(zip(self.point_ids.tolist(), self.area.tolist(), strict=True))
        return np.array([known.get(one, -1) for one in demand.ids.tolist()], np.int32)

    def named(self, ids: Sequence[str]) -> set[str]:
        """Return those of some facility ids that stand in any area."""
        everyone = {one for area in self.facility_ids for one in area}
        return everyone & set(ids)
