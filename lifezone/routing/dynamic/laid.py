"""One layout of roads, points and open facilities that edits are carried out on, until the roads change shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from lifezone.kernels.edit_records import LEG
from lifezone.model import Anchors, Floats, Ints, Legs, Longs, Metric
from lifezone.routing.dynamic.layout import empty_ground, order_chains, site_legs
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction

__all__ = ["Laid", "together"]

NONE: Final = np.empty(0, np.int32)
NO_SECONDS: Final = np.empty(0, np.float64)


class Laid:
    """Roads, points and places of facilities, laid out; **mutable**.

    Attributes:
        roads: as they are laid out; arcs may have other weights by now.
        demand: the demand points.
        open: place of each open facility, by its position.
        ground: the arrays of the kernels.
        piece_of_arc: i32[2*S] where each raw arc is in ``ground``, −1 when it was closed from the start.
        row_of_point: i32[P] row of each demand point in ``ground``, where neighbours stand side by side.
    """

    def __init__(self, roads: ModeRoads, demand: Attached, metric: Metric, direction: Direction) -> None:
        """Lay out roads and points without any facility."""
        self.roads = roads
        self.demand = demand
        self.open: dict[int, int] = {}
        self._metric: Metric = metric
        self._direction: Direction = direction
        self._chains = order_chains(roads.network, roads.graph, direction)
        self.piece_of_arc = self._chains.piece_of_arc
        self._point = _along_nodes(demand.leaving.node)
        self.row_of_point = np.empty_like(self._point)
        self.row_of_point[self._point] = np.arange(len(self._point), dtype=np.int32)
        self.ground = empty_ground(roads, self._chains, demand.take(self._point), metric, direction)
        self._places: list[Attached] = []
        self._gap_m: list[float] = []
        self._shut, self._opened = np.zeros(1, np.int32), np.zeros(1, np.int32)
        self._run: Callable[..., int] = self._run_first

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
        leg = site_legs(self._chains, at, positions, self._metric, self._direction)
        self.ground.site[2 * first : 2 * (first + more)] = leg
        self._places.append(at)
        self._gap_m.extend(at.gap_m.tolist())
        return first

    def places(self, rows: Longs) -> Attached:
        """Return the places of these numbers, as they hang."""
        return together(self._places).take(rows)

    def set_sites(self, wanted: dict[int, int]) -> None:
        """Open facilities, none of them open yet, at their places."""
        self.open.update(wanted)
        self._change(NONE, np.array(list(wanted.values()), np.int32), NONE, NO_SECONDS, -1)

    def set_site(self, position: int, place: int | None) -> Ints:
        """Give a facility its place, None = closed; return the points that changed, ascending."""
        old = self.open.get(position)
        if old == place:
            return NONE
        shut, opened, moved = NONE, NONE, -1
        if old is not None:
            shut, self._shut[0] = self._shut, old
        if place is None:
            del self.open[position]
        else:
            opened, self._opened[0] = self._opened, place
            self.open[position] = place
            if old is not None and self._gap_m[old] != self._gap_m[place]:
                moved = position
        return self._change(shut, opened, NONE, NO_SECONDS, moved)

    def set_seconds(self, pieces: list[int], seconds: list[float]) -> Ints:
        """Give arcs, by their pieces, these seconds, ``inf`` = shut; return the points that changed, ascending."""
        return self._change(NONE, NONE, np.array(pieces, np.int32), np.array(seconds, np.float64), -1)

    def _change(self, shut: Ints, opened: Ints, pieces: Ints, seconds: Floats, moved: int) -> Ints:
        """Run the kernel."""
        n = self._run(self.ground, shut, opened, pieces, seconds, moved)
        if n == 0:
            return NONE
        points: Ints = self._point[self.ground.changed[:n]]
        points.sort()
        return points

    def _run_first(self, *work: Any) -> int:
        """Run the kernel for the first time, through its dispatcher; later calls go to the compiled form at once.

        Looking up the types of all arrays takes the dispatcher longer than most edits take.
        """
        from lifezone.kernels.dynamic import make_changes  # noqa: PLC0415

        n = make_changes(*work)
        forms = list(getattr(make_changes, "overloads", {}).values())
        self._run = forms[0].entry_point if len(forms) == 1 else make_changes
        return n


def _along_nodes(node: Ints) -> Ints:
    """Return i32[P] the points in the order of the nodes their legs (i32[P, 2], −1 = none) lead to."""
    far = np.iinfo(np.int32).max
    return np.argsort(np.where(node < 0, far, node).min(axis=1), kind="stable").astype(np.int32)


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
