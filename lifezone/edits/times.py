"""What an edit means where travel times are ready-made: a table says nothing of trips to a new place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import World

__all__ = ["with_known_times"]


def with_known_times(before: World, after: World) -> World:
    """Return the world after an edit, with facilities at new places unknown to every ready-made table.

    Closing, resizing, and opening a candidate that stands in the table are answered by it. A facility at a new place
    is not: without roads the edit is refused; with roads, the modes that are routed answer, and the table does not.

    Raises:
        InputError: a facility is new or has moved, and there are no roads.
    """
    was, now = before.facilities, after.facilities
    if not after.times or now is was:
        return after
    place_of = {key: (x, y) for key, x, y in zip(was.ids.tolist(), was.x_m.tolist(), was.y_m.tolist(), strict=True)}
    here = zip(now.ids.tolist(), now.x_m.tolist(), now.y_m.tolist(), strict=True)
    elsewhere = np.array([place_of.get(key) != (x, y) for key, x, y in here], np.bool_)
    if not elsewhere.any():
        return after
    if not after.network.n_segments:
        told = some_of(now.ids[elsewhere].tolist())
        raise InputError(Fault(
            f"{told}: the travel times are ready-made and say nothing of trips to a new place: list it among the "
            "facilities as a candidate (open: false) with rows in the table, and open it by id"
        ))  # fmt: skip
    place = now.place_ids.copy()
    place[elsewhere] = ""
    return replace(after, facilities=replace(now, place=place))
