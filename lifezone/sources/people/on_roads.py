"""People along roads: the people of each cell spread over the roads in it, or a whole county's over its roads.

Roads are laid end to end and a point is put in the middle of every stretch of equal length, so each point stands for
the same length of road and the same people. That is a model of where people live; results carry the label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Final, Literal

import numpy as np
import shapely
from pydantic import BeforeValidator, Field, field_validator

from lifezone.errors import Fault, InputError
from lifezone.model import TOTAL, Demand, Districts, Floats, Ints, Longs, Network
from lifezone.sources.districts import join_districts
from lifezone.sources.people.build import check_groups, finished
from lifezone.spec import Length, Spec
from lifezone.units import parse_share

__all__ = ["PeopleOnRoads", "points_along_roads", "spread_over_roads"]

_NO_HOMES: Final = ("motorway", "trunk", "primary")
"""Classes of big roads, with their links, along which nobody is put unless they are named."""
_FERRY: Final = "ferry"


def _share(value: object) -> object:
    """Read ``"15 %"`` or a number between 0 and 1."""
    return parse_share(value) if isinstance(value, str) else value


class PeopleOnRoads(Spec):
    """A known number of people put along the roads where people live: a model, labelled as one."""

    type: Literal["roads"] = Field(description="People are put along the roads of the network.")
    people: Annotated[float, Field(gt=0, le=1e9)] = Field(description="How many people live in the area.")
    groups: dict[str, Annotated[float, BeforeValidator(_share), Field(ge=0, le=1)]] = Field(
        default_factory=dict, description="Group and its share of the people, e.g. age_65_plus: 15 %."
    )
    ways: list[str] = Field(
        default_factory=list,
        description="Classes of roads where people live, e.g. residential, living_street; "
        "without them all roads for cars but motorways, trunk and primary roads.",
    )
    spacing: Length = Field(100.0, description="One point for each stretch of road this long.")

    @field_validator("groups")
    @classmethod
    def _groups(cls, groups: Mapping[str, float]) -> Mapping[str, float]:
        """Refuse a share for everybody and names that cannot be part of a column's name."""
        if TOTAL in groups:
            raise ValueError(f"expected no {TOTAL}: it is what people says")
        check_groups({TOTAL: 1.0, **groups})
        return groups

    @field_validator("spacing")
    @classmethod
    def _above_zero(cls, spacing_m: float) -> float:
        """Refuse no spacing."""
        if spacing_m < 1:
            raise ValueError("expected a spacing of 1 m or more")
        return spacing_m

    def place(self, network: Network, *, districts: Districts | None = None) -> Demand:
        """Put the people along the roads inside the districts (all roads where the study has no boundary).

        Args:
            network: Roads of the study.
            districts: Units of the results.

        Raises:
            InputError: The network has no such roads in the area.
        """
        segments, notes = _home_segments(network, self.ways)
        x_m, y_m = _middles(network, segments)
        home = join_districts(x_m, y_m, districts)
        segments, home = segments[home >= 0], home[home >= 0]
        if len(segments) == 0:
            raise InputError(Fault("no road where people could live lies in the area", ("ways",)))
        length_m = _lengths(network, segments)
        first = np.array([0, len(segments)], np.int64)
        none = np.zeros(len(segments))
        x_m, y_m, _, piece = _along(network, segments, none, none + 1.0, length_m, first, self.spacing)
        n = len(x_m)
        groups = (TOTAL, *self.groups)
        people = np.full((n, 1), self.people / n) * np.array([1.0, *self.groups.values()])
        district = join_districts(x_m, y_m, districts)
        district = np.where(district < 0, home[piece], district)  # the end of a road whose middle lies in the area
        ids = np.array([f"road-{at}" for at in range(1, n + 1)], dtype=object)
        demand = Demand(
            ids=ids, x_m=x_m, y_m=y_m, people=people, groups=groups, district=district.astype(np.int32),
            urban=np.zeros(n, np.bool_), cell_m=self.spacing, estimated=tuple(self.groups), notes=notes,
            people_read=self.people, modelled="people spread along roads, not counted where they live",
        )  # fmt: skip
        return finished(demand, np.ones(n, np.bool_), what="people on roads", districts=districts)


def points_along_roads(
    network: Network, ways: Sequence[str], spacing_m: float
) -> tuple[Floats, Floats, tuple[str, ...]]:
    """Return x and y of a point for each stretch of ``spacing_m`` of the roads where people live, and what to tell.

    Raises:
        InputError: No such road exists.
    """
    segments, notes = _home_segments(network, ways)
    first = np.array([0, len(segments)], np.int64)
    none = np.zeros(len(segments))
    x_m, y_m, _, _ = _along(network, segments, none, none + 1.0, _lengths(network, segments), first, spacing_m)
    return x_m, y_m, notes


def spread_over_roads(
    demand: Demand, network: Network, ways: Sequence[str], spacing_m: float, *, districts: Districts | None = None
) -> Demand:
    """Spread the people of each cell evenly along the roads inside it; every cell keeps its people.

    A cell is the square of side ``cell_m`` around its point. Cells without such roads, or without people, keep their
    point.

    Args:
        demand: Points that stand for cells.
        network: Roads in the same CRS.
        ways: Classes of roads where people live; empty = all roads for cars but motorways, trunk and primary roads.
        spacing_m: One point for each stretch of this length.
        districts: To join the new points to; None = they keep the district of their cell.

    Raises:
        InputError: The points are not cells, or no such road exists.
    """
    if demand.cell_m <= 0:
        raise InputError(Fault("people can only be spread when their points are cells: give cell", ("spread",)))
    segments, notes = _home_segments(network, ways)
    cell, segment, start, stop, length_m = _pieces(demand, network, segments)
    first = np.searchsorted(cell, np.arange(demand.n_points + 1)).astype(np.int64)
    x_m, y_m, counts, _ = _along(network, segment, start, stop, length_m, first, spacing_m)
    alone = counts == 0
    shares = np.maximum(counts, 1)
    parent = np.repeat(np.arange(demand.n_points), shares)
    on_road = ~alone[parent]
    east, north = demand.x_m[parent].copy(), demand.y_m[parent].copy()
    east[on_road], north[on_road] = x_m, y_m
    number = np.arange(len(parent)) - np.repeat(np.cumsum(shares) - shares, shares) + 1
    ids = [f"{demand.ids[p]}/{n}" if o else demand.ids[p] for p, n, o in zip(parent, number, on_road, strict=True)]
    district = demand.district[parent] if districts is None else join_districts(east, north, districts)
    kept = int((alone & (demand.total > 0)).sum())
    if kept:
        people_kept = float(demand.total[alone].sum())
        told = f"{kept:,} cells with {people_kept:,.0f} people have no such road"
        notes = (*notes, f"{told}, they stay at their middle, as coarse as they were")
    return replace(
        demand,
        ids=np.array(ids, dtype=object), x_m=east, y_m=north, people=demand.people[parent] / shares[parent, None],
        district=district.astype(np.int32), urban=demand.urban[parent],
        name=None if demand.name is None else demand.name[parent], cells=False, cell_m=spacing_m,
        sides_m=np.where(on_road, spacing_m, demand.cell_m), shapes=None,
        modelled=f"people spread over residential roads within cells of {demand.cell_m:,.0f} m",
        notes=(*demand.notes, *notes),
    )  # fmt: skip


def _home_segments(network: Network, ways: Sequence[str]) -> tuple[Longs, tuple[str, ...]]:
    """Return the segments where people may live, each road once whatever its directions, and what to tell."""
    absent = [way for way in ways if way not in network.ways]
    if ways and len(absent) == len(ways):
        raise InputError(
            Fault(f"the network has no roads of class {', '.join(absent)}; it has {', '.join(network.ways)}", ("ways",))
        )
    notes = (f"the network has no roads of class {', '.join(absent)}",) if absent else ()
    if ways:
        codes = [at for at, way in enumerate(network.ways) if way in ways]
        usable = np.zeros(network.n_segments, np.bool_)
        for seconds in network.seconds.values():
            usable |= np.isfinite(seconds).reshape(-1, 2).any(axis=1)
    else:
        codes = [
            at for at, way in enumerate(network.ways) if way != _FERRY and way.removesuffix("_link") not in _NO_HOMES
        ]
        car = network.seconds.get("car", np.zeros(2 * network.n_segments))
        usable = np.asarray(np.isfinite(car).reshape(-1, 2).any(axis=1))
    chosen = np.flatnonzero(usable & np.isin(network.way, codes)).astype(np.int64)
    pair = np.sort(np.column_stack([network.tail[chosen], network.head[chosen]]), axis=1).astype(np.int64)
    _, once = np.unique(pair[:, 0] * network.n_vertices + pair[:, 1], return_index=True)
    chosen = chosen[np.sort(once)]
    chosen = chosen[_lengths(network, chosen) > 0]
    if len(chosen) == 0:
        raise InputError(Fault("the network has no roads where people could live: name them with ways", ("ways",)))
    return chosen, notes


def _lengths(network: Network, segments: Longs) -> Floats:
    """Return the straight length of segments in metres."""
    tail, head = network.tail[segments], network.head[segments]
    length: Floats = np.hypot(network.x_m[head] - network.x_m[tail], network.y_m[head] - network.y_m[tail])
    return length


def _middles(network: Network, segments: Longs) -> tuple[Floats, Floats]:
    """Return the middle of each segment."""
    tail, head = network.tail[segments], network.head[segments]
    return (network.x_m[tail] + network.x_m[head]) / 2, (network.y_m[tail] + network.y_m[head]) / 2


def _pieces(demand: Demand, network: Network, segments: Longs) -> tuple[Ints, Longs, Floats, Floats, Floats]:
    """Cut segments by the squares of cells with people.

    Returns:
        Per piece, sorted by cell and segment: cell, segment, the parts (0 to 1) of the segment where the piece starts
        and stops, and its length in metres.
    """
    half_m = demand.cell_m / 2
    tail, head = network.tail[segments], network.head[segments]
    x0, y0, x1, y1 = network.x_m[tail], network.y_m[tail], network.x_m[head], network.y_m[head]
    tree = shapely.STRtree(shapely.box(np.minimum(x0, x1), np.minimum(y0, y1), np.maximum(x0, x1), np.maximum(y0, y1)))
    lived = np.flatnonzero(demand.total > 0)
    x, y = demand.x_m[lived], demand.y_m[lived]
    at, road = tree.query(shapely.box(x - half_m, y - half_m, x + half_m, y + half_m))
    start, stop = _cut(x0[road] - x[at], x1[road] - x[at], half_m)
    start_y, stop_y = _cut(y0[road] - y[at], y1[road] - y[at], half_m)
    start, stop = np.maximum(start, start_y), np.minimum(stop, stop_y)
    length_m = (stop - start) * np.hypot(x1 - x0, y1 - y0)[road]
    crossing = np.flatnonzero((stop > start) & (length_m > 0))
    order = crossing[np.lexsort((road[crossing], at[crossing]))]
    cell = lived[at[order]].astype(np.int32)
    return cell, segments[road[order]], start[order], stop[order], length_m[order]


def _cut(a: Floats, b: Floats, half: float) -> tuple[Floats, Floats]:
    """Return the parts of lines from ``a`` to ``b`` at which they enter and leave the band from −half to half."""
    along = b - a
    flat = along == 0
    safe = np.where(flat, 1.0, along)
    low, high = (-half - a) / safe, (half - a) / safe
    outside = flat & (np.abs(a) > half)
    enter = np.where(flat, np.where(outside, 1.0, 0.0), np.minimum(low, high))
    leave = np.where(flat, np.where(outside, 0.0, 1.0), np.maximum(low, high))
    return np.clip(enter, 0.0, 1.0), np.clip(leave, 0.0, 1.0)


def _along(
    network: Network, segment: Longs, start: Floats, stop: Floats, length_m: Floats, first: Longs, spacing_m: float
) -> tuple[Floats, Floats, Longs, Longs]:
    """Lay the pieces of each cell end to end and put points in the middle of stretches of equal length.

    Args:
        network: Roads.
        segment: i64[n] segment of each piece, sorted by cell.
        start: f64[n] part of the segment where the piece starts.
        stop: f64[n] part where it stops.
        length_m: f64[n] its length.
        first: i64[C+1] the pieces of cell ``c`` are ``first[c]:first[c+1]``.
        spacing_m: Length of a stretch, at most.

    Returns:
        East and north of all points, cell after cell; the number of points of each cell; the piece each point lies on.
    """
    end_m = np.concatenate([[0.0], np.cumsum(length_m)])
    total_m = end_m[first[1:]] - end_m[first[:-1]]
    counts = np.where(np.diff(first) > 0, np.maximum(np.ceil(total_m / spacing_m - 1e-9), 1), 0).astype(np.int64)
    owner = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    at_m = end_m[first[owner]] + (number + 0.5) * total_m[owner] / counts[owner]
    piece = np.clip(np.searchsorted(end_m, at_m, side="right") - 1, first[owner], first[owner + 1] - 1)
    within = np.clip((at_m - end_m[piece]) / length_m[piece], 0.0, 1.0)
    part = start[piece] + within * (stop[piece] - start[piece])
    tail, head = network.tail[segment[piece]], network.head[segment[piece]]
    x_m = network.x_m[tail] + part * (network.x_m[head] - network.x_m[tail])
    y_m = network.y_m[tail] + part * (network.y_m[head] - network.y_m[tail])
    return x_m, y_m, counts, piece
