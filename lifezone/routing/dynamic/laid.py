"""One layout of roads, points and open facilities that edits are carried out on, until the roads change shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from lifezone.kernels.edit_records import LEG
from lifezone.model import Anchors, Floats, Ints, Metric
from lifezone.routing.dynamic.layout import empty_ground, hanging_on, order_chains
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction

__all__ = ["NOWHERE", "Laid", "Spot", "spot_of", "spots_of"]

NONE: Final = np.empty(0, np.int32)
NO_SECONDS: Final = np.empty(0, np.float64)


class Spot(NamedTuple):
    """Where a facility hangs, as in ``Anchors``: raw segment (−1 = off the network), part along it, gap in metres."""

    segment: int
    part: float
    gap_m: float


NOWHERE: Final = Spot(-1, 0.0, np.inf)


def spot_of(at: Anchors) -> Spot:
    """Return the one anchor."""
    return Spot(at.segment.item(), at.part.item(), at.gap_m.item())


def spots_of(at: Anchors) -> list[Spot]:
    """Return anchors one by one."""
    return [Spot(*one) for one in zip(at.segment.tolist(), at.part.tolist(), at.gap_m.tolist(), strict=True)]


class Laid:
    """Roads, points and places of facilities, laid out; **mutable**.

    Attributes:
        roads: as they are laid out; arcs may have other weights by now.
        demand: the demand points.
        open: place of each open facility, by its position.
        spots: where each place hangs.
        ground: the arrays of the kernels.
        piece_of_arc: i32[2*S] where each raw arc is in ``ground``, −1 when it was closed from the start.
        row_of_point: i32[P] row of each demand point in ``ground``, where neighbours stand side by side.
    """

    def __init__(self, roads: ModeRoads, demand: Attached, metric: Metric, direction: Direction) -> None:
        """Lay out roads and points without any facility."""
        self.roads = roads
        self.demand = demand
        self.open: dict[int, int] = {}
        self.spots: list[Spot] = []
        chains = order_chains(roads.graph, direction)
        self.piece_of_arc = chains.piece_of_arc
        self._point = _along_nodes(demand.leaving.node)
        self.row_of_point = np.empty_like(self._point)
        self.row_of_point[self._point] = np.arange(len(self._point), dtype=np.int32)
        self.ground = empty_ground(roads, chains, demand.take(self._point), metric, direction)
        self._hanging = hanging_on(roads, chains, metric, arriving=direction == "to_facility")
        self._hang: Callable[..., None] = self._hang_first
        self._run: Callable[..., int] = self._run_first

    def gap_m_of(self, positions: Ints) -> Floats:
        """Return f64[n] the access walk of open facilities, ``inf`` for −1."""
        opened = np.array(sorted(self.open), np.int64)
        gap_m = np.array([self.spots[self.open[position]].gap_m for position in opened.tolist()] or [np.inf])
        walks: Floats = gap_m[np.minimum(np.searchsorted(opened, positions), len(gap_m) - 1)]
        walks[positions < 0] = np.inf
        return walks

    def put_places(self, positions: list[int], spots: list[Spot]) -> None:
        """Put down places 0 and on; none is open yet."""
        self._make_room(len(spots))
        for place, (position, spot) in enumerate(zip(positions, spots, strict=True)):
            self.put_place(place, position, spot)

    def put_place(self, place: int, position: int, spot: Spot) -> None:
        """Put a place down under its number, the next one or one that is not in use any more."""
        if place == len(self.spots):
            self.spots.append(spot)
            self._make_room(place + 1)
        self.spots[place] = spot
        self._hang(self.ground.site, place, *spot, position, self._hanging)

    def _make_room(self, n_places: int) -> None:
        """Let the array of sites have room for so many places."""
        site = self.ground.site
        if len(site) < 2 * n_places:
            wider = np.zeros(max(2 * n_places, 2 * len(site)), LEG)
            wider[: len(site)] = site
            self.ground = self.ground._replace(site=wider)

    def hung(self, places: list[int]) -> Attached:
        """Return places as they hang."""
        return self.roads.hang(_anchors([self.spots[place] for place in places]))

    def set_sites(self, wanted: list[tuple[int, int | None]]) -> Ints:
        """Give facilities their places, None = closed; return the points that changed, ascending."""
        now, spots = self.open, self.spots
        shut, opened, moved = [], [], []
        for position, place in wanted:
            old = now.get(position)
            if old == place:
                continue
            if old is not None:
                shut.append(old)
            if place is None:
                del now[position]
            else:
                opened.append(place)
                now[position] = place
                if old is not None and spots[old].gap_m != spots[place].gap_m:
                    moved.append(position)
        if not shut and not opened:
            return NONE
        return self._change(_numbers(shut), _numbers(opened), NONE, NO_SECONDS, _numbers(sorted(moved)))

    def set_seconds(self, pieces: list[int], seconds: list[float]) -> Ints:
        """Give arcs, by their pieces, these seconds, ``inf`` = shut; return the points that changed, ascending."""
        return self._change(NONE, NONE, _numbers(pieces), np.array(seconds, np.float64), NONE)

    def _change(self, shut: Ints, opened: Ints, pieces: Ints, seconds: Floats, moved: Ints) -> Ints:
        """Run the kernel."""
        n = self._run(self.ground, shut, opened, pieces, seconds, moved)
        if n == 0:
            return NONE
        points: Ints = self._point[self.ground.changed[:n]]
        points.sort()
        return points

    def _hang_first(self, *work: Any) -> None:
        """Hang the first place; later ones go to the compiled form at once, see :func:`_first_call`."""
        from lifezone.kernels.edit_legs import hang_site  # noqa: PLC0415

        _, self._hang = _first_call(hang_site, work)

    def _run_first(self, *work: Any) -> int:
        """Run the kernel for the first time; later calls go to the compiled form at once, see :func:`_first_call`."""
        from lifezone.kernels.dynamic import make_changes  # noqa: PLC0415

        n, self._run = _first_call(make_changes, work)
        return int(n)


def _first_call(kernel: Callable[..., Any], work: tuple[Any, ...]) -> tuple[Any, Callable[..., Any]]:
    """Call a kernel; return its answer and what to call from now on with work of the very same types.

    Looking up the types of all arrays takes the dispatcher longer than most edits take.
    """
    answer = kernel(*work)
    forms = list(getattr(kernel, "overloads", {}).values())
    return answer, forms[0].entry_point if len(forms) == 1 else kernel


def _anchors(spots: list[Spot]) -> Anchors:
    """Return spots as anchors."""
    columns = np.array(spots, np.float64).reshape(-1, 3).T.copy()
    return Anchors(columns[0].astype(np.int32), columns[1], columns[2])


def _numbers(values: list[int]) -> Ints:
    """Return i32[n]."""
    return np.array(values, np.int32) if values else NONE


def _along_nodes(node: Ints) -> Ints:
    """Return i32[P] the points in the order of the nodes their legs (i32[P, 2], −1 = none) lead to."""
    far = np.iinfo(np.int32).max
    return np.argsort(np.where(node < 0, far, node).min(axis=1), kind="stable").astype(np.int32)
