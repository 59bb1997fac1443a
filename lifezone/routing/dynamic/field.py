"""The nearest facility of every point, kept true under edits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Bools, Floats, Ints, Metric, Network, TravelTimes
from lifezone.model.arrays import check_length
from lifezone.routing.dynamic.edits import ARCS, ArcEdit, Edit, Pace, RoadEdit, Sense, SiteEdit, SitesEdit, SiteState
from lifezone.routing.dynamic.laid import NOWHERE, Laid, Spot, spot_of, spots_of
from lifezone.routing.dynamic.ledger import START, Ledger, fold_roads
from lifezone.routing.dynamic.places import Places
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction, by_metric
from lifezone.routing.times import DECIMALS

__all__ = ["Change", "Field"]

SHUT: Final = Pace(0.0)


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

    Memory: about 0.35 kB a node, 0.5 kB a point, and 1 kB for each edit that is left; undone ones leave nothing behind.
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
        self._spots: list[Spot | None] = [*spots_of(facilities.anchors)]
        self._place_xy: list[tuple[float, float] | None] = _pairs(places, len(positions))
        self._place_position: list[int] = positions.tolist()
        self._free: list[int] = []
        first = {position: SiteState(bool(opened[place]), place) for place, position in enumerate(positions.tolist())}
        self._ledger = Ledger(first, 2 * roads.network.n_segments)
        self._laid = self._lay_out(roads, demand, spots_of(facilities.anchors))
        self._seconds = roads.network.seconds[roads.mode]

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
        return tuple(self._ledger.edits)

    @property
    def network(self) -> Network:
        """The roads with all edits that are left; made anew at every call."""
        network, mode = self._laid.roads.network, self._laid.roads.mode
        seconds = network.seconds[mode].copy()
        for arc in self._ledger.arcs:
            seconds[arc] = self._ledger.seconds(arc, float(seconds[arc]))
        return replace(network, seconds={**network.seconds, mode: seconds})

    def open_facilities(self) -> tuple[Ints, Attached]:
        """Return the positions of the open facilities, ascending, and the facilities as they hang now."""
        positions = sorted(self._laid.open)
        return np.array(positions, np.int32), self._laid.hung([self._laid.open[position] for position in positions])

    def nearest(self, points: Ints | None = None) -> tuple[Ints, Floats, Floats, Floats]:
        """Return facility position (−1 = none), seconds, metres and access metres (``inf``) of points; None = all."""
        laid = self._laid
        rows = slice(None) if points is None else np.asarray(points)
        best = laid.ground.point[laid.row_of_point[rows]]
        facility = np.ascontiguousarray(best["owner"])
        seconds, metres = by_metric(self._metric, best["cost"], best["other"])
        seconds = np.round(laid.demand.gap_s[rows] + seconds + laid.roads.access.terminal_s, DECIMALS)
        access_m = laid.demand.gap_m[rows] + laid.gap_m_of(facility)
        access_m[facility < 0] = np.inf
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
        if at is None and self._ledger.site(position).place is None:
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

    def open_only(self, positions: Ints, at: Attached, *, xy_m: tuple[Floats, Floats] | None = None) -> Change:
        """Open exactly these facilities at these places and close all others, as one edit at the cost of what differs.

        Args:
            positions: i32[n], each once.
            at: n points attached to :attr:`roads`.
            xy_m: where they lie (f64[n] each), needed if a road is to be built later.
        """
        chosen = np.asarray(positions, np.int64).tolist()
        if len(set(chosen)) < len(chosen) or len(chosen) != at.n_points or min(chosen, default=0) < 0:
            raise InputError("facilities to open: expected positions of 0 or more, each once, and one place for each")
        now, spots = self._laid.open, spots_of(at.anchors)
        there = [None] * len(chosen) if xy_m is None else list(zip(xy_m[0].tolist(), xy_m[1].tolist(), strict=True))
        edits = [SiteEdit(position, False, None) for position in sorted(now.keys() - set(chosen))]
        for position, spot, xy in zip(chosen, spots, there, strict=True):
            known = self._ledger.site(position).place
            if known is None or self._laid.spots[known] != spot:
                edits.append(SiteEdit(position, True, self._take_place(position, spot, xy)))
            elif position not in now:
                edits.append(SiteEdit(position, True, None))
        return self._edit_sites(SitesEdit(tuple(edits)))

    def speed(self, segments: Iterable[int], factor: float, *, sense: Sense = "both") -> Change:
        """Change the speed on raw segments: factor 0.5 is half as fast, 2 twice; arcs closed to the mode stay so."""
        if not (np.isfinite(factor) and factor > 0):
            raise InputError(f"speed: the factor must be above 0 and finite, got {factor}; to close a road, shut it")
        return self._edit_arcs(self._arcs_along(segments, sense), Pace(float(factor)))

    def shut(self, segments: Iterable[int], *, sense: Sense = "both") -> Change:
        """Close raw segments to traffic in one or both directions."""
        return self._edit_arcs(self._arcs_along(segments, sense), SHUT)

    def reweigh(self, seconds: Mapping[int, float]) -> Change:
        """Give raw arcs (``2*segment``, plus 1 for the way back) these seconds, ``inf`` = shut; what is shut stays so.

        Args:
            seconds: 0 or more, by arc.
        """
        n = len(self._seconds)
        wrong = [arc for arc, value in seconds.items() if not (0 <= arc < n and value >= 0)]
        if wrong or not seconds:
            raise InputError(
                f"arcs: expected one or more from 0 to {n - 1:,} with seconds of 0 or more, got {wrong[:3]}"
            )
        home_of = self._ledger.home_of
        paces = [(*home_of(arc), Pace(1.0, float(value))) for arc, value in sorted(seconds.items())]
        return self._write_arcs(ArcEdit(tuple(paces)))

    def add_road(self, change: Callable[[Network], Network]) -> Change:
        """Give the roads another shape, and lay everything out anew: an honest full recompute.

        Args:
            change: makes the new roads of those that stand, the same from the same; segments keep their numbers, new
                ones are appended. It is called again when an earlier edit is undone.

        Raises:
            InputError: The field does not know where demand or facilities lie (``places``, ``xy``).
        """
        unplaced = [place for place, xy in enumerate(self._place_xy) if xy is None and place not in self._free]
        if self._places is None or unplaced:
            raise InputError("a new road hangs every point anew: give places when the field is made, xy in every edit")
        number = self._ledger.next
        points = self._rebuild({**self._ledger.edits, number: RoadEdit(change)})
        return Change(number, points)

    def undo(self, edit: int) -> Change:
        """Take an edit back, whichever it is; what is left stands as if it had never been.

        An edit of a segment that no road edit builds any more has no effect until that road comes back. Where the
        edit is a new road, or a change of speed before one, everything is laid out anew.
        """
        ledger = self._ledger
        if edit not in ledger.edits:
            raise InputError(f"there is no edit {edit} to undo; left are {', '.join(map(str, ledger.edits)) or 'none'}")
        undone = ledger.edits[edit]
        if isinstance(undone, SitesEdit):
            ledger.drop_sites(edit, undone)
            points = self._set_sites(undone)
            self._free.extend(site.place for site in undone.sites if site.place is not None)
            return Change(edit, points)
        if edit <= ledger.last_road:
            return Change(edit, self._rebuild({one: ledger.edits[one] for one in ledger.edits if one != edit}))
        assert isinstance(undone, ArcEdit)
        return Change(edit, self._set_arcs(ledger.drop_arcs(edit, undone)))

    # How.

    def _edit_site(self, position: int, is_open: bool | None, place: int | None) -> Change:
        """Write an edit of one facility down and carry it out."""
        return self._edit_sites(SitesEdit((SiteEdit(position, is_open, place),)))

    def _edit_sites(self, edit: SitesEdit) -> Change:
        """Write an edit of facilities down and carry it out."""
        number = self._ledger.add_sites(edit)
        return Change(number, self._set_sites(edit))

    def _set_sites(self, edit: SitesEdit) -> Ints:
        """Bring the facilities that an edit means to what all edits make of them."""
        state_of = self._ledger.site
        states = [(site.position, state_of(site.position)) for site in edit.sites]
        return self._laid.set_sites([(one, state.place if state.is_open else None) for one, state in states])

    def _add_place(self, position: int, at: Attached, xy: tuple[float, float] | None) -> int:
        """Return the number of a place that is one attached point."""
        if at.n_points != 1:
            raise InputError(f"facility {position}: expected one attached point, got {at.n_points:,}")
        return self._take_place(position, spot_of(at.anchors), xy)

    def _take_place(self, position: int, spot: Spot, xy: tuple[float, float] | None) -> int:
        """Return the number of a new place, one that an undone edit has left or the next one."""
        if position < 0:
            raise InputError(f"facility positions are 0 or more, got {position}")
        on_first = self._ledger.last_road == START
        if not on_first and xy is None:
            raise InputError(f"facility {position}: say where it lies (xy), since a new road is among the edits")
        if self._free:
            place = self._free.pop()
        else:
            place = len(self._spots)
            self._spots.append(None)
            self._place_xy.append(None)
            self._place_position.append(position)
        self._spots[place], self._place_xy[place] = spot if on_first else None, xy
        self._place_position[place] = position
        self._laid.put_place(place, position, spot)
        return place

    def _arcs_along(self, segments: Iterable[int], sense: Sense) -> list[int]:
        """Return the raw arcs of segments in one or both directions, ascending."""
        listed = segments.tolist() if isinstance(segments, np.ndarray) else segments
        chosen = sorted({int(segment) for segment in listed})
        n = len(self._seconds) // 2
        if not chosen or chosen[0] < 0 or chosen[-1] >= n:
            raise InputError(f"segments: expected one or more numbers from 0 to {n - 1:,}")
        if sense not in ARCS:
            raise InputError(f"sense: expected one of {', '.join(ARCS)}, got {sense!r}")
        ways = ARCS[sense]
        return [2 * segment + way for segment in chosen for way in ways]

    def _edit_arcs(self, arcs: list[int], pace: Pace) -> Change:
        """Let the same become of some arcs."""
        home_of = self._ledger.home_of
        return self._write_arcs(ArcEdit(tuple([(*home_of(arc), pace) for arc in arcs])))

    def _write_arcs(self, edit: ArcEdit) -> Change:
        """Write an edit of arcs down and carry it out."""
        number, arcs = self._ledger.add_arcs(edit)
        return Change(number, self._set_arcs(arcs))

    def _set_arcs(self, arcs: list[int]) -> Ints:
        """Bring arcs to what their edits make of them."""
        before, piece_of, after = self._seconds.item, self._laid.piece_of_arc.item, self._ledger.seconds
        pieces, seconds = [], []
        for arc in arcs:
            piece = piece_of(arc)
            if piece >= 0:
                pieces.append(piece)
                seconds.append(after(arc, before(arc)))
        return self._laid.set_seconds(pieces, seconds)

    def _lay_out(self, roads: ModeRoads, demand: Attached, spots: list[Spot]) -> Laid:
        """Lay roads, points and places out and open what is open."""
        laid = Laid(roads, demand, self._metric, self._direction)
        laid.put_places(self._place_position, spots)
        states = [(position, self._ledger.site(position)) for position in self._ledger.positions]
        laid.set_sites([(position, state.place) for position, state in states if state.is_open])
        return laid

    def _rebuild(self, edits: dict[int, Edit]) -> Ints:
        """Lay everything out anew for a list of edits, or change nothing and fail; return the points that changed."""
        roads, demand = self._start
        last = max((number for number, edit in edits.items() if isinstance(edit, RoadEdit)), default=START)
        early = {number: edit for number, edit in edits.items() if number <= last}
        network, built = fold_roads(roads.network, roads.mode, early)
        if last != START:
            assert self._places is not None
            roads = ModeRoads.build(network, roads.mode, roads.access)
            demand = roads.attach(self._places.demand_x_m, self._places.demand_y_m)
        laid = self._lay_out(roads, demand, self._spots_on(roads, again=last != START))
        before = self.nearest()
        self._laid, self._seconds = laid, roads.network.seconds[roads.mode]
        self._ledger.rebase(edits, last, built)
        if self._ledger.arcs:
            self._set_arcs(sorted(self._ledger.arcs))
        differs = [old != new for old, new in zip(before, self.nearest(), strict=True)]
        points: Ints = np.flatnonzero(np.logical_or.reduce(differs)).astype(np.int32)
        return points

    def _spots_on(self, roads: ModeRoads, *, again: bool) -> list[Spot]:
        """Return every place a facility ever had, hung on these roads; as it first hung unless ``again``."""
        unused = set(self._free)
        late = [
            place for place, spot in enumerate(self._spots) if place not in unused and (again or spot is None)
        ]  # fmt: skip
        spots = [NOWHERE if spot is None else spot for spot in self._spots]
        xy_m = np.array([self._place_xy[place] for place in late], np.float64).reshape(-1, 2)
        for place, spot in zip(late, spots_of(roads.attach(*xy_m.T.copy()).anchors), strict=True):
            spots[place] = spot
        return spots


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
