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
        n_first: how many arcs there were at the start.
        built: which arcs stand, by the edit that built them.
        last_road: the last edit that changed the roads' shape, ``START`` = none.
        next: the number that the next edit gets; none is given twice.
    """

    def __init__(self, first: dict[int, SiteState], n_arcs: int) -> None:
        """Begin without any edit."""
        self.edits: dict[int, Edit] = {}
        self.first = first
        self.n_first = n_arcs
        self.built: Built = {START: (0, n_arcs)}
        self.last_road = START
        self.next = 0
        self._sites: dict[int, dict[int, SiteEdit]] = {}
        self._arcs: dict[int, dict[int, Pace]] = {}

    def add_sites(self, edit: SitesEdit) -> int:
        """Write an edit of facilities down as the last one; return its number."""
        number = self._number(edit)
        for site in edit.sites:
            self._sites.setdefault(site.position, {})[number] = site
        return number

    def add_arcs(self, edit: ArcEdit) -> tuple[int, list[int]]:
        """Write an edit of arcs down as the last one; return its number and the raw arcs it means."""
        number = self._number(edit)
        return number, self._spread(number, edit)

    def drop_sites(self, number: int, edit: SitesEdit) -> None:
        """Strike an edit of facilities out, whichever it is."""
        del self.edits[number]
        for site in edit.sites:
            _forget(self._sites, site.position, number)

    def drop_arcs(self, number: int, edit: ArcEdit) -> list[int]:
        """Strike an edit of arcs out, whichever it is; return the raw arcs it meant."""
        del self.edits[number]
        arcs = [arc for arc, _ in _arcs_of(edit, self.built)]
        for arc in arcs:
            _forget(self._arcs, arc, number)
        return arcs

    def _number(self, edit: Edit) -> int:
        """Put an edit at the end of the list."""
        number = self.next
        self.next += 1
        self.edits[number] = edit
        return number

    def _spread(self, number: int, edit: ArcEdit) -> list[int]:
        """Note an edit under each of its raw arcs and return them."""
        arcs, by_arc = [], self._arcs
        for arc, pace in _arcs_of(edit, self.built):
            arcs.append(arc)
            if arc in by_arc:
                by_arc[arc][number] = pace
            else:
                by_arc[arc] = {number: pace}
        return arcs

    def rebase(self, edits: dict[int, Edit], last_road: int, built: Built) -> None:
        """Take over a list of edits of which ``last_road`` and all before it are in the roads already."""
        self.edits, self.last_road, self.built, self._arcs = edits, last_road, built, {}
        self.next = max([self.next, *(number + 1 for number in edits)])
        for number, edit in edits.items():
            if isinstance(edit, ArcEdit) and number > last_road:
                self._spread(number, edit)

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
        if arc < self.n_first:
            return START, arc
        return next((n, arc - start) for n, (start, stop) in self.built.items() if start <= arc < stop)


def _forget(by_key: dict[int, dict[int, SiteEdit]] | dict[int, dict[int, Pace]], key: int, number: int) -> None:
    """Strike one edit out for a key, and the key when nothing is left."""
    edits = by_key[key]
    del edits[number]
    if not edits:
        del by_key[key]


def _arcs_of(edit: ArcEdit, built: Built) -> list[tuple[int, Pace]]:
    """Return the raw arcs that an edit means, on roads of which ``built`` tells who built what."""
    if {home for home, _, _ in edit.arcs} <= {START}:
        return [(number, pace) for _, number, pace in edit.arcs]  # quick, since nearly all are
    spans = [(*built.get(home, (0, 0)), number, pace) for home, number, pace in edit.arcs]
    return [(start + number, pace) for start, stop, number, pace in spans if start + number < stop]


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
