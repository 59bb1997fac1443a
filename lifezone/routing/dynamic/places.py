"""Where points lie, for a field that must hang them anew when a road is built."""

from __future__ import annotations

from dataclasses import dataclass

from lifezone.model import Floats
from lifezone.model.arrays import check_length

__all__ = ["Places"]


@dataclass(frozen=True, eq=False)
class Places:
    """Coordinates in the network's CRS, metres.

    Attributes:
        demand_x_m: f64[P].
        demand_y_m: f64[P].
        facility_x_m: f64[n].
        facility_y_m: f64[n].
    """

    demand_x_m: Floats
    demand_y_m: Floats
    facility_x_m: Floats
    facility_y_m: Floats

    def __post_init__(self) -> None:
        """Check lengths."""
        check_length("demand places", len(self.demand_x_m), demand_y_m=self.demand_y_m)
        check_length("facility places", len(self.facility_x_m), facility_y_m=self.facility_y_m)
