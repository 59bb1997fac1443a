"""The edits that are left, in order, and what they come to for each facility and each arc."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lifezone.errors import InputError
from lifezone.model import Network
from lifezone.routing.dynamic.edits import (
    ArcEdit,
    Edit,
    Pace,
    RoadEdit,
    SiteEdit,
    SitesEdit,
    SiteState,
    seconds_after,
    site_after,
)  # fmt: skip

__all__ = ["START", "Built", "Ledger", "fold_roads"]

START: Final = -1
"""The home of segments that no edit built."""
UNKNOWN: Final = SiteState(False, None)

Built = dict[int, tuple[int, int]]
"""Which raw arcs each road edit built: the first and one past the last; ``START``: those from the start."""


class Ledger:
    """The edits that are left; **mutable**.

    Attributes:
        edits: by number, in order.
        first: what each facility was at the start.
        built: which arcs stand, by the edit that built them.
        last_road: the last edit that changed the roads' shape, ``START`` = none.
    """

    def __init__(self, first: dict[int, SiteState], n_arcs: int) -> None:
        """Begin without any edit."""
        self.edits: dict[int, Edit] = {}
        self.first = first
        self.built: Built = {START: (0, n_arcs)}
        self.last_road = START
        self._next = 0
        self._sites: dict[int, dict[int, SiteEdit]] = {}
        self._arcs: dict[int, dict[int, Pace]] = {}

    @property
    def next(self) -> int:
        """The number that the next edit gets; none is given twice."""
        return self._next

    def add(self, edit: Edit) -> int:
        """Write an edit down as the last one; return its number. The shape of roads is for :meth:`rebase`."""
        number, self._next = self._next, self._next + 1
        self.edits[number] = edit
        if isinstance(edit, SitesEdit):
            for site in edit.sites:
                self._sites.setdefault(site.position, {})[number] = site
        elif isinstance(edit, ArcEdit):
            for arc, pace in self.arcs_of(edit):
                self._arcs.setdefault(arc, {})[number] = pace
        return number

    def drop(self, number: int) -> None:
        """Strike an edit of facilities or arcs out, whichever it is."""
        edit = self.edits.pop(number)
        if isinstance(edit, SitesEdit):
            for site in edit.sites:
                _forget(self._sites, site.position, number)
        elif isinstance(edit, ArcEdit):
            for arc, _ in self.arcs_of(edit):
                _forget(self._arcs, arc, number)

    def rebase(self, edits: dict[int, Edit], last_road: int, built: Built) -> None:
        """Take over a list of edits of which ``last_road`` and all before it are in the roads already."""
        self.edits, self.last_road, self.built, self._arcs = edits, last_road, built, {}
        self._next = max([self._next, *(number + 1 for number in edits)])
        for number, edit in edits.items():
            if isinstance(edit, ArcEdit) and number > last_road:
                for arc, pace in self.arcs_of(edit):
                    self._arcs.setdefault(arc, {})[number] = pace

    @property
    def positions(self) -> list[int]:
        """All facilities that were ever heard of, ascending."""
        return sorted({*self.first, *self._sites})

    @property
    def arcs(self) -> list[int]:
        """The raw arcs that have other seconds than the roads were laid out with, in the order they were edited."""
        return list(self._arcs)

    def site(self, position: int) -> SiteState:
        """Return what the edits come to for a facility."""
        if position < 0:
            raise InputError(f"facility positions are 0 or more, got {position}")
        first, edits = self.first.get(position, UNKNOWN), self._sites.get(position)
        return first if edits is None else site_after(first, edits.values())

    def seconds(self, arc: int, laid_out: float) -> float:
        """Return what the edits come to for a raw arc that was laid out with so many seconds."""
        edits = self._arcs.get(arc)
        return laid_out if edits is None else seconds_after(laid_out, edits.values())

    def home_of(self, arc: int) -> tuple[int, int]:
        """Return the edit that built a raw arc, and the arc's number from the first that it built."""
        if arc < self.built[START][1]:
            return START, arc
        return next((n, arc - start) for n, (start, stop) in self.built.items() if start <= arc < stop)

    def arcs_of(self, edit: ArcEdit) -> list[tuple[int, Pace]]:
        """Return the raw arcs that an edit means on the roads that stand, and what it makes of each."""
        return _arcs_of(edit, self.built)


def _forget(by_key: dict[int, dict[int, SiteEdit]] | dict[int, dict[int, Pace]], key: int, number: int) -> None:
    """Strike one edit out for a key, and the key when nothing is left."""
    edits = by_key[key]
    del edits[number]
    if not edits:
        del by_key[key]


def _arcs_of(edit: ArcEdit, built: Built) -> list[tuple[int, Pace]]:
    """Return the raw arcs that an edit means, on roads of which ``built`` tells who built what."""
    arcs = []
    for home, number, pace in edit.arcs:
        start, stop = built.get(home, (0, 0))
        if start + number < stop:
            arcs.append((start + number, pace))
    return arcs


def fold_roads(network: Network, mode: str, edits: dict[int, Edit]) -> tuple[Network, Built]:
    """Return the roads after edits, and which arcs each road edit built."""
    built: Built = {START: (0, 2 * network.n_segments)}
    for number, edit in edits.items():
        if isinstance(edit, RoadEdit):
            before = 2 * network.n_segments
            network = edit.change(network)
            built[number] = before, 2 * network.n_segments
        elif isinstance(edit, ArcEdit):
            seconds = network.seconds[mode].copy()
            for arc, pace in _arcs_of(edit, built):
                seconds[arc] = seconds_after(float(seconds[arc]), [pace])
            network = replace(network, seconds={**network.seconds, mode: seconds})
    return network, built
