"""The nearest facility of every point, kept true under edits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Bools, Floats, Ints, Metric, Network, TravelTimes
from lifezone.model.arrays import check_length
from lifezone.routing.dynamic.edits import (
    ARCS,
    ArcEdit,
    Edit,
    RoadEdit,
    Sense,
    SiteEdit,
    SiteState,
    seconds_after,
    site_after,
)  # fmt: skip
from lifezone.routing.dynamic.laid import Laid, together
from lifezone.routing.dynamic.places import Places
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction, by_metric
from lifezone.routing.times import DECIMALS

__all__ = ["Change", "Field"]

START: Final = -1
"""The home of segments that no edit built."""
UNKNOWN: Final = SiteState(False, None)


@dataclass(frozen=True, eq=False)
class Change:
    """What an edit did.

    Attributes:
        edit: its number, for :meth:`Field.undo`; numbers are never given twice.
        points: i32[n] the demand points whose nearest trip is another now, ascending. A point counts when facility,
            seconds, metres or access walk differ in any digit.
    """

    edit: int
    points: Ints


class Field:
    """A session over one kind, mode, metric and direction; **mutable**: every edit changes it in place.

    What stands is always the list of edits that are left, applied in order to the start, and equals
    :func:`lifezone.routing.nearest` over that world exactly. An edit of facilities or of known roads costs as
    much as labels change, microseconds to milliseconds; a new road lays everything out anew. Points keep their place on
    the road when it is slowed or shut: who lives on a shut stretch is cut off, a point at a junction keeps its other
    roads. A new road hangs every point anew on the roads as they are at that moment. One field is for one thread.
    """

    def __init__(
        self, roads: ModeRoads, demand: Attached, facilities: Attached, positions: Ints,
        *, is_open: Bools | None = None, metric: Metric = "time", direction: Direction = "to_facility",
        places: Places | None = None,
    ) -> None:  # fmt: skip
        """Lay out the roads and open the facilities.

        Args:
            roads: the mode's roads; they are not changed.
            demand: P points attached to them.
            facilities: n facilities attached to them, candidates too.
            positions: i32[n] position of each in the study's Facilities, unique, 0 or more; ties go to the lower one.
            is_open: bool[n] which are open at the start; None = all.
            metric: what is minimised.
            direction: ``from_facility`` for trips that start at the facility.
            places: where demand and facilities lie; needed for :meth:`add_road` alone, which hangs them anew.

        Raises:
            InputError: Positions repeat or are below 0, or lengths differ.
        """
        positions = np.asarray(positions, np.int32)
        opened = np.ones(len(positions), np.bool_) if is_open is None else np.asarray(is_open, np.bool_)
        _check(demand, facilities, positions, opened, places)
        self._metric: Metric = metric
        self._direction: Direction = direction
        self._start = roads, demand
        self._places = places
        # Every place a facility ever had: how it hung on the first roads (None = it came later), where it lies, whose.
        self._place_at: list[Attached | None] = [facilities.take(np.array([i])) for i in range(len(positions))]
        self._place_xy: list[tuple[float, float] | None] = _pairs(places, len(positions))
        self._place_position: list[int] = positions.tolist()
        self._first = {
            position: SiteState(bool(opened[place]), place) for place, position in enumerate(positions.tolist())
        }
        self._edits: dict[int, Edit] = {}
        self._next_edit = 0
        self._sites: dict[int, dict[int, SiteEdit]] = {}
        self._laid = self._lay_out(roads, demand, facilities)
        self._seconds = roads.network.seconds[roads.mode]
        self._last_road = START
        self._built: dict[int, tuple[int, int]] = {START: (0, roads.network.n_segments)}
        self._arcs: dict[int, dict[int, ArcEdit]] = {}

    # What stands now.

    @property
    def roads(self) -> ModeRoads:
        """The roads that points hang on; what was slowed or shut since they were laid out is in :attr:`network`."""
        return self._laid.roads

    @property
    def demand(self) -> Attached:
        """The demand points as they hang now."""
        return self._laid.demand

    @property
    def edits(self) -> tuple[int, ...]:
        """The numbers of the edits that are left, in order."""
        return tuple(self._edits)

    @property
    def network(self) -> Network:
        """The roads with all edits that are left; made anew at every call."""
        network, mode = self._laid.roads.network, self._laid.roads.mode
        seconds = network.seconds[mode].copy()
        for arc, edits in self._arcs.items():
            seconds[arc] = seconds_after(float(seconds[arc]), edits.values())
        return replace(network, seconds={**network.seconds, mode: seconds})

    def open_facilities(self) -> tuple[Ints, Attached]:
        """Return the positions of the open facilities, ascending, and the facilities as they hang now."""
        positions = sorted(self._laid.open)
        return np.array(positions, np.int32), self._laid.places(
            np.array([self._laid.open[position] for position in positions], np.int64)
        )

    def nearest(self, points: Ints | None = None) -> tuple[Ints, Floats, Floats, Floats]:
        """Return facility position (−1 = none), seconds, metres and access metres (``inf``) of points; None = all."""
        laid = self._laid
        rows = np.arange(laid.demand.n_points) if points is None else np.asarray(points)
        best = laid.ground.point[laid.row_of_point[rows]]
        facility = best["owner"].astype(np.int32)
        seconds, metres = by_metric(self._metric, best["cost"], best["other"])
        seconds = np.round(laid.demand.gap_s[rows] + seconds + laid.roads.access.terminal_s, DECIMALS)
        has = facility >= 0
        owners, which = np.unique(facility[has], return_inverse=True)
        gap_m = laid.gap_m[[laid.open[owner] for owner in owners.tolist()]] if len(owners) else np.empty(0)
        access_m = np.full(len(rows), np.inf)
        access_m[has] = laid.demand.gap_m[rows[has]] + gap_m[which]
        return facility, seconds, np.round(metres, DECIMALS), access_m

    def times(self) -> TravelTimes:
        """Return the field as travel times: one pair a row, none where no facility can be reached."""
        facility, seconds, metres, access_m = self.nearest()
        has = facility >= 0
        first = np.concatenate([[0], np.cumsum(has)]).astype(np.int64)
        return TravelTimes(
            first=first, facility=facility[has], seconds=seconds[has], metres=metres[has], access_m=access_m[has],
            metric=self._metric, mode=self._laid.roads.mode,
        )  # fmt: skip

    def labels(self) -> tuple[Ints, Floats, Floats]:
        """Return of every node of ``roads.graph`` the facility position (−1 = none), seconds and metres, unrounded."""
        node = self._laid.ground.node[:-1]
        seconds, metres = by_metric(self._metric, node["cost"].copy(), node["other"].copy())
        return node["owner"].astype(np.int32), seconds, metres

    # Edits.

    def open(self, position: int, at: Attached | None = None, *, xy: tuple[float, float] | None = None) -> Change:
        """Open a facility where it was last known, or ``at`` another place.

        Args:
            position: its position in the study; a new one may have any number from 0 up.
            at: one point attached to :attr:`roads`.
            xy: where that lies, needed if a road is to be built later.
        """
        if position in self._laid.open:
            raise InputError(f"facility {position} is open already; move it, or close it first")
        if at is None and position not in self._first and self._state(position).place is None:
            raise InputError(f"facility {position} is not known here; say where it opens")
        return self._edit_site(position, True, None if at is None else self._add_place(position, at, xy))

    def close(self, position: int) -> Change:
        """Close an open facility."""
        if position not in self._laid.open:
            raise InputError(f"facility {position} is not open, so it cannot be closed")
        return self._edit_site(position, False, None)

    def move(self, position: int, at: Attached, *, xy: tuple[float, float] | None = None) -> Change:
        """Move an open facility to another place; see :meth:`open`."""
        if position not in self._laid.open:
            raise InputError(f"facility {position} is not open, so it cannot be moved")
        return self._edit_site(position, None, self._add_place(position, at, xy))

    def speed(self, segments: Iterable[int], factor: float, *, sense: Sense = "both") -> Change:
        """Change the speed on raw segments: factor 0.5 is half as fast, 2 twice; arcs closed to the mode stay so."""
        if not (np.isfinite(factor) and factor > 0):
            raise InputError(f"speed: the factor must be above 0 and finite, got {factor}; to close a road, shut it")
        return self._edit_arcs(segments, float(factor), sense)

    def shut(self, segments: Iterable[int], *, sense: Sense = "both") -> Change:
        """Close raw segments to traffic in one or both directions."""
        return self._edit_arcs(segments, 0.0, sense)

    def add_road(self, change: Callable[[Network], Network]) -> Change:
        """Give the roads another shape, and lay everything out anew: an honest full recompute.

        Args:
            change: makes the new roads of those that stand, the same from the same; segments keep their numbers, new
                ones are appended. It is called again when an earlier edit is undone.

        Raises:
            InputError: The field does not know where demand or facilities lie (``places``, ``xy``).
        """
        if self._places is None or None in self._place_xy:
            raise InputError("a new road hangs every point anew: give places when the field is made, xy in every edit")
        number = self._next_edit
        points = self._rebuild({**self._edits, number: RoadEdit(change)})
        self._next_edit += 1
        return Change(number, points)

    def undo(self, edit: int) -> Change:
        """Take an edit back, whichever it is; what is left stands as if it had never been.

        An edit of a segment that no road edit builds any more has no effect until that road comes back. Where the
        edit is a new road, or a change of speed before one, everything is laid out anew.
        """
        if edit not in self._edits:
            raise InputError(f"there is no edit {edit} to undo; left are {', '.join(map(str, self._edits)) or 'none'}")
        undone = self._edits[edit]
        if isinstance(undone, SiteEdit):
            del self._edits[edit], self._sites[undone.position][edit]
            return Change(edit, self._set_site(undone.position))
        if edit <= self._last_road:
            return Change(edit, self._rebuild({one: self._edits[one] for one in self._edits if one != edit}))
        del self._edits[edit]
        assert isinstance(undone, ArcEdit)
        arcs = _arcs_of(undone, self._built)
        for arc in arcs:
            del self._arcs[arc][edit]
        return Change(edit, self._set_arcs(arcs))

    # How.

    def _state(self, position: int) -> SiteState:
        """Fold the edits of one facility."""
        if position < 0:
            raise InputError(f"facility positions are 0 or more, got {position}")
        return site_after(self._first.get(position, UNKNOWN), self._sites.get(position, {}).values())

    def _edit_site(self, position: int, is_open: bool | None, place: int | None) -> Change:
        """Write an edit of a facility down and carry it out."""
        edit = SiteEdit(position, is_open, place)
        number, self._next_edit = self._next_edit, self._next_edit + 1
        self._edits[number] = self._sites.setdefault(position, {})[number] = edit
        return Change(number, self._set_site(position))

    def _set_site(self, position: int) -> Ints:
        """Bring a facility to what its edits make of it."""
        state = self._state(position)
        return self._laid.set_site(position, state.place if state.is_open else None)

    def _add_place(self, position: int, at: Attached, xy: tuple[float, float] | None) -> int:
        """Add a place of a facility."""
        if at.n_points != 1:
            raise InputError(f"facility {position}: expected one attached point, got {at.n_points:,}")
        if self._last_road != START and xy is None:
            raise InputError(f"facility {position}: say where it lies (xy), since a new road is among the edits")
        self._place_at.append(at if self._last_road == START else None)
        self._place_xy.append(xy)
        self._place_position.append(position)
        return self._laid.add_places(at, np.array([position], np.int32))

    def _edit_arcs(self, segments: Iterable[int], factor: float, sense: Sense) -> Change:
        """Write an edit of segments down and carry it out."""
        listed = segments.tolist() if isinstance(segments, np.ndarray) else segments
        chosen = sorted({int(segment) for segment in listed})
        n = len(self._seconds) // 2
        if not chosen or chosen[0] < 0 or chosen[-1] >= n:
            raise InputError(f"segments: expected one or more numbers from 0 to {n - 1:,}")
        if sense not in ARCS:
            raise InputError(f"sense: expected one of {', '.join(ARCS)}, got {sense!r}")
        edit = ArcEdit(tuple([self._home_of(segment) for segment in chosen]), sense, factor)
        number, self._next_edit = self._next_edit, self._next_edit + 1
        self._edits[number] = edit
        arcs = _arcs_of(edit, self._built)
        for arc in arcs:
            self._arcs.setdefault(arc, {})[number] = edit
        return Change(number, self._set_arcs(arcs))

    def _home_of(self, segment: int) -> tuple[int, int]:
        """Return the edit that built a segment, and the segment's number from the first that it built."""
        if segment < self._built[START][1]:
            return START, segment
        return next((n, segment - start) for n, (start, stop) in self._built.items() if start <= segment < stop)

    def _set_arcs(self, arcs: list[int]) -> Ints:
        """Bring arcs to what their edits make of them."""
        before, piece_of = self._seconds.item, self._laid.piece_of_arc.item  # a few arcs: faster one by one
        pieces, seconds = [], []
        for arc in arcs:
            piece = piece_of(arc)
            if piece >= 0:
                pieces.append(piece)
                seconds.append(seconds_after(before(arc), self._arcs[arc].values()))
        return self._laid.set_seconds(pieces, seconds)

    def _lay_out(self, roads: ModeRoads, demand: Attached, sites: Attached) -> Laid:
        """Lay roads, points and places out and open what is open."""
        laid = Laid(roads, demand, self._metric, self._direction)
        laid.add_places(sites, np.array(self._place_position, np.int32))
        states = {position: self._state(position) for position in sorted({*self._first, *self._sites})}
        laid.set_sites({one: state.place for one, state in states.items() if state.is_open and state.place is not None})
        return laid

    def _rebuild(self, edits: dict[int, Edit]) -> Ints:
        """Lay everything out anew for a list of edits, or change nothing and fail; return the points that changed."""
        roads, demand = self._start
        last = max((number for number, edit in edits.items() if isinstance(edit, RoadEdit)), default=START)
        network, built = _fold(roads, {number: edit for number, edit in edits.items() if number <= last})
        if last != START:
            assert self._places is not None
            roads = ModeRoads.build(network, roads.mode, roads.access)
            demand = roads.attach(self._places.demand_x_m, self._places.demand_y_m)
        laid = self._lay_out(roads, demand, self._hang_sites(roads, again=last != START))
        arcs: dict[int, dict[int, ArcEdit]] = {}
        for number, edit in edits.items():
            if isinstance(edit, ArcEdit) and number > last:
                for arc in _arcs_of(edit, built):
                    arcs.setdefault(arc, {})[number] = edit
        before = self.nearest()
        self._laid, self._last_road, self._built, self._arcs, self._edits = laid, last, built, arcs, edits
        self._seconds = roads.network.seconds[roads.mode]
        if arcs:
            self._set_arcs(sorted(arcs))
        differs = [old != new for old, new in zip(before, self.nearest(), strict=True)]
        points: Ints = np.flatnonzero(np.logical_or.reduce(differs)).astype(np.int32)
        return points

    def _hang_sites(self, roads: ModeRoads, *, again: bool) -> Attached:
        """Return every place a facility ever had, hung on these roads; as it first hung unless ``again``."""
        late = [place for place, at in enumerate(self._place_at) if again or at is None]
        xy_m = np.array([self._place_xy[place] for place in late], np.float64).reshape(-1, 2)
        kept = [(place, at) for place, at in enumerate(self._place_at) if at is not None and not again]
        hung = together([roads.attach(xy_m[:, 0].copy(), xy_m[:, 1].copy()), *(at for _, at in kept)])
        return hung.take(np.argsort(np.array([*late, *(place for place, _ in kept)], np.int64)))


def _check(
    demand: Attached, facilities: Attached, positions: Ints, opened: Bools, places: Places | None
) -> None:  # fmt: skip
    """Raise :class:`InputError` when what a field is made of does not fit."""
    check_length("facilities of a field", facilities.n_points, positions=positions, is_open=opened)
    if len(positions) and (positions.min() < 0 or len(np.unique(positions)) < len(positions)):
        raise InputError("facilities of a field: positions must be 0 or more, each once")
    if places is not None:
        check_length("demand of a field", demand.n_points, places=places.demand_x_m)
        check_length("facilities of a field", facilities.n_points, places=places.facility_x_m)


def _pairs(places: Places | None, n: int) -> list[tuple[float, float] | None]:
    """Return where each facility lies, None where nobody said."""
    if places is None:
        return [None] * n
    return list(zip(places.facility_x_m.tolist(), places.facility_y_m.tolist(), strict=True))


def _arcs_of(edit: ArcEdit, built: dict[int, tuple[int, int]]) -> list[int]:
    """Return the raw arcs that an edit means on roads where ``built`` tells which segments each edit built."""
    arcs = []
    for home, number in edit.segments:
        start, stop = built.get(home, (0, 0))
        if start + number < stop:
            arcs += [2 * (start + number) + direction for direction in ARCS[edit.sense]]
    return arcs


def _fold(roads: ModeRoads, edits: dict[int, Edit]) -> tuple[Network, dict[int, tuple[int, int]]]:
    """Return the roads after edits, and which segments each road edit built (START: those from the start)."""
    network, mode = roads.network, roads.mode
    built = {START: (0, network.n_segments)}
    for number, edit in edits.items():
        if isinstance(edit, RoadEdit):
            before = network.n_segments
            network = edit.change(network)
            built[number] = before, network.n_segments
        elif isinstance(edit, ArcEdit):
            seconds = network.seconds[mode].copy()
            for arc in _arcs_of(edit, built):
                seconds[arc] = seconds_after(float(seconds[arc]), [edit])
            network = replace(network, seconds={**network.seconds, mode: seconds})
    return network, built
