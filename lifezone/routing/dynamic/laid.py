"""One layout of roads, points and open facilities that edits are carried out on, until the roads change shape."""

from __future__ import annotations

from typing import Final

import numpy as np

from lifezone.kernels.edit_records import ARC_TASK, LEG
from lifezone.model import Anchors, Floats, Ints, Legs, Longs, Metric
from lifezone.routing.dynamic.layout import empty_ground, piece_of_arc, site_legs, weights_of
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction

__all__ = ["Laid", "together"]

NO_SITES: Final = np.empty(0, np.int32)
NO_ARCS: Final = np.empty(0, ARC_TASK)


class Laid:
    """Roads, points and places of facilities, laid out; **mutable**.

    Attributes:
        roads: as they are laid out; arcs may have other weights by now.
        demand: the demand points.
        open: place of each open facility, by its position.
        ground: the arrays of the kernels.
    """

    def __init__(self, roads: ModeRoads, demand: Attached, metric: Metric, direction: Direction) -> None:
        """Lay out roads and points without any facility."""
        self.roads = roads
        self.demand = demand
        self.open: dict[int, int] = {}
        self._metric: Metric = metric
        self._direction: Direction = direction
        self._at_piece = piece_of_arc(roads)
        self.ground = empty_ground(roads, self._at_piece, demand, metric, direction)
        self._places: list[Attached] = []
        self._gap_m: list[float] = []

    @property
    def gap_m(self) -> Floats:
        """f64[places] length of the access walk of each place."""
        return np.array(self._gap_m)

    def add_places(self, at: Attached, positions: Ints) -> int:
        """Add places of facilities; return the number of the first. None is open yet."""
        first, more = len(self._gap_m), at.n_points
        site = self.ground.site
        if len(site) < 2 * (first + more):
            wider = np.zeros(2 * max(first + more, 2 * first), LEG)
            wider[: len(site)] = site
            self.ground = self.ground._replace(site=wider)
        leg = site_legs(self.roads, self._at_piece, at, positions, self._metric, self._direction)
        self.ground.site[2 * first : 2 * (first + more)] = leg
        self._places.append(at)
        self._gap_m.extend(at.gap_m.tolist())
        return first

    def places(self, rows: Longs) -> Attached:
        """Return the places of these numbers, as they hang."""
        return together(self._places).take(rows)

    def set_sites(self, wanted: dict[int, int | None]) -> Ints:
        """Give facilities their places, None = closed; return the points that changed, ascending."""
        shut, opened, moved = [], [], -1
        for position, place in wanted.items():
            old = self.open.get(position)
            if old == place:
                continue
            if old is not None:
                shut.append(old)
            if place is None:
                del self.open[position]
            else:
                opened.append(place)
                self.open[position] = place
                if old is not None and self._gap_m[old] != self._gap_m[place]:
                    moved = position
        if not (shut or opened):
            return NO_SITES
        return self._change(np.array(shut, np.int32), np.array(opened, np.int32), NO_ARCS, moved)

    def set_seconds(self, arc: Longs, seconds: Floats) -> Ints:
        """Give raw arcs these seconds, ``inf`` = shut; arcs closed from the start stay closed. Return what changed."""
        piece = self._at_piece[arc]
        known = piece >= 0
        task = np.zeros(int(known.sum()), ARC_TASK)
        task["piece"] = piece[known]
        task["cost"], task["other"] = weights_of(self.roads, self._metric, arc[known], seconds[known])
        return self._change(NO_SITES, NO_SITES, task, -1)

    def _change(self, shut: Ints, opened: Ints, arcs: np.ndarray, moved: int) -> Ints:
        """Run the kernel."""
        from lifezone.kernels.dynamic import make_changes  # noqa: PLC0415

        n = make_changes(self.ground, shut, opened, arcs, moved)
        points: Ints = np.sort(self.ground.changed[:n])
        return points


def together(parts: list[Attached]) -> Attached:
    """Return attached points one after another; at least one part."""
    if len(parts) == 1:
        return parts[0]

    def legs(of: str) -> Legs:
        columns = ("node", "seconds", "metres", "chain", "chain_seconds", "chain_metres")
        return Legs(*(np.concatenate([getattr(getattr(part, of), one) for part in parts]) for one in columns))

    anchors = Anchors(
        *(np.concatenate([getattr(part.anchors, one) for part in parts]) for one in ("segment", "part", "gap_m"))
    )
    return Attached(anchors, legs("leaving"), legs("arriving"), np.concatenate([part.gap_s for part in parts]))
