"""What stands beyond the study area stays: it is not the study's to close, and its own people are not counted.

So it may not be closed, and no least use is asked of it: with its own people left out, that would send the study's
people there only to fill it up.
"""

from __future__ import annotations

import numpy as np

from lifezone.model import Bools, Facilities, Ints, World
from lifezone.siting.problem import FREE, STANDS

__all__ = ["beyond_area", "neighbours_stay"]


def beyond_area(world: World, facilities: Facilities, site: Ints) -> Bools:
    """Return bool[S] sites that are open today and lie beyond the study area; none where the study has no area."""
    beyond = np.zeros(len(site), np.bool_)
    if world.area is None:
        return beyond
    import shapely  # noqa: PLC0415

    stands = np.flatnonzero(facilities.open[site] & np.isfinite(facilities.x_m[site]))
    at = site[stands]
    beyond[stands] = ~shapely.intersects_xy(world.area, facilities.x_m[at], facilities.y_m[at])
    return beyond


def neighbours_stay(fixed: np.ndarray, beyond: Bools, notes: list[str]) -> np.ndarray:
    """Return i8[S] what is settled, with every open facility beyond the study area standing.

    Args:
        fixed: i8[S] what is settled so far.
        beyond: bool[S] open facilities beyond the study area.
        notes: a sentence is added where something stays for this reason.
    """
    kept = beyond & (fixed == FREE)
    if not kept.any():
        return fixed
    notes.append(f"{int(kept.sum()):,} facilities beyond the study area stay open: they are not the study's to close")
    return np.where(kept, STANDS, fixed).astype(np.int8)
