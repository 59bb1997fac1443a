"""Which facilities and candidates a question is about, in which order, what is settled, and who shares a building."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from lifezone.errors import Fault
from lifezone.improve.candidates import Candidates
from lifezone.model import Bools, Facilities, Ints
from lifezone.siting.problem import FREE, SHUT, STANDS

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase

__all__ = ["Sites", "beside", "enough_sites", "sites_of"]

PUBLIC, KNOWN, BARE = 0, 1, 2
"""Ranks: public land and buildings, other land and buildings, places on the map."""
_SAME_PLACE_M: Final = 1.0
"""Facilities of several kinds nearer to each other than this share a building."""


class Sites(NamedTuple):
    """The S sites of a question; open ones come first, then candidates by rank.

    Attributes:
        at: i32[S] position in the facilities.
        kind: i32[S] kind, in the order asked.
        open_now: bool[S] open today.
        rank: i32[S] ``PUBLIC``, ``KNOWN`` or ``BARE``; what is open today has the first.
        fixed: i8[S] what is settled.
        building: i32[S] building, −1 = one of its own.
    """

    at: Ints
    kind: Ints
    open_now: Bools
    rank: Ints
    fixed: np.ndarray
    building: Ints


def sites_of(found: Candidates, spec: SitesBase, out: Bools, faults: list[Fault]) -> Sites:
    """Return the sites: open facilities of the kinds and the candidates that are not left out.

    Args:
        found: facilities and candidates.
        spec: the question.
        out: bool[F] candidates that are left out.
        faults: ids that are none of them are added.
    """
    facilities = found.facilities
    kind = np.full(facilities.n_facilities, -1, np.int32)
    for k, name in enumerate(spec.asked):
        if name in facilities.kinds:
            kind[facilities.kind == facilities.kinds.index(name)] = k
    asked = facilities.open | found.added | found.closed_too
    asked &= (kind >= 0) & ~out
    public = facilities.told("public")
    rank = np.where(facilities.open | (public == 1), PUBLIC, np.where(found.bare, BARE, KNOWN)).astype(np.int32)
    at = np.flatnonzero(asked).astype(np.int32)
    at = np.asarray(at[np.lexsort((at, rank[at], ~facilities.open[at]))], np.int32)
    fixed = _settled(facilities, at, spec, faults)
    return Sites(at, kind[at], facilities.open[at], rank[at], fixed, _buildings(facilities, at, kind[at]))


def _settled(facilities: Facilities, at: Ints, spec: SitesBase, faults: list[Fault]) -> np.ndarray:
    """Return i8[S] what is settled."""
    open_now = facilities.open[at]
    may_close = spec.closes or spec.existing != "keep"
    fixed = np.where(open_now, FREE if may_close else STANDS, SHUT if spec.closes else FREE).astype(np.int8)
    position = {one: n for n, one in enumerate(facilities.ids[at].tolist())}
    told: dict[str, str] = {}
    for key, setting, wants_open in (("open", STANDS, False), ("never", SHUT, False), ("stay", STANDS, True)):
        for one in getattr(spec, key):
            n = position.get(one, -1)
            if n < 0 or bool(open_now[n]) != wants_open:
                what = "facility of this question that is open" if wants_open else "candidate"
                faults.append(Fault(f"{one!r} is no {what}", (key,)))
            elif told.setdefault(one, key) != key:
                faults.append(Fault(f"{one!r} stands under {told[one]} too: it cannot be both", (key,)))
            else:
                fixed[n] = setting
    return fixed


def _buildings(facilities: Facilities, at: Ints, kind: Ints) -> Ints:
    """Return i32[S] building: sites at one place, of more than one kind; −1 elsewhere."""
    x_m, y_m, place = facilities.x_m[at], facilities.y_m[at], facilities.place_ids[at].tolist()
    number: dict[object, int] = {}
    known = np.isfinite(x_m) & np.isfinite(y_m)
    keys: list[object] = [
        (round(x / _SAME_PLACE_M), round(y / _SAME_PLACE_M)) if known[n] else place[n]
        for n, (x, y) in enumerate(zip(np.where(known, x_m, 0).tolist(), np.where(known, y_m, 0).tolist(), strict=True))
    ]
    building = np.array([number.setdefault(key, len(number)) for key in keys], np.int32)
    lowest, highest = np.full(len(number), np.iinfo(np.int32).max), np.full(len(number), -1)
    np.minimum.at(lowest, building, kind)
    np.maximum.at(highest, building, kind)
    return np.where(lowest[building] < highest[building], building, -1).astype(np.int32)


def beside(facilities: Facilities, sites: Sites, apart_m: float, faults: list[Fault]) -> tuple[Ints, Ints]:
    """Return pairs of sites of one kind that stand nearer to each other than ``apart_m`` in a straight line."""
    from scipy.spatial import cKDTree  # noqa: PLC0415

    places = np.column_stack([facilities.x_m[sites.at], facilities.y_m[sites.at]])
    if not np.isfinite(places).all():
        faults.append(Fault("how far sites stand apart is not known: some have no coordinates", ("second_apart",)))
        return np.empty(0, np.int32), np.empty(0, np.int32)
    pairs = cKDTree(places).query_pairs(apart_m, output_type="ndarray")
    metres = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T)
    pairs = pairs[(metres < apart_m) & (sites.kind[pairs[:, 0]] == sites.kind[pairs[:, 1]])]
    return pairs[:, 0].astype(np.int32), pairs[:, 1].astype(np.int32)


def enough_sites(spec: SitesBase, sites: Sites, faults: list[Fault]) -> None:
    """Check numbers that can be checked before any travel time is known."""
    for k, name in enumerate(spec.asked):
        if not (sites.kind == k).any():
            faults.append(Fault(f"there is no site of kind {name!r}: neither an open facility nor a candidate",
                                ("candidates",) if spec.candidates is not None else ("kind",) if spec.kind
                                else ("kinds",)))  # fmt: skip
            return
    choose = spec.choose
    if choose is None and spec.closes:
        faults.append(Fault("close needs choose: how many are to close?", ("choose",)))
    if choose is None and spec.needs_choose and spec.budget is None and spec.yearly_budget is None:
        faults.append(Fault(f"{spec.method} needs choose: how many are to open?", ("choose",)))
    if isinstance(choose, int):
        _enough_of(spec, sites, np.ones(len(sites.at), np.bool_), choose, ("choose",), faults)
    elif choose is not None:
        for k, name in enumerate(spec.asked):
            if name in choose:
                _enough_of(spec, sites, sites.kind == k, choose[name], ("choose", name), faults)


def _enough_of(
    spec: SitesBase, sites: Sites, of_kind: Bools, number: int, path: tuple[str, ...], faults: list[Fault]
) -> None:
    """Check how many sites are to open (close) against those that may."""
    may_open = int((of_kind & (sites.fixed != SHUT) & ~sites.open_now).sum())
    must_open = int((of_kind & (sites.fixed == STANDS) & ~sites.open_now).sum())
    may_close = int((of_kind & (sites.fixed == FREE) & sites.open_now).sum())
    if spec.closes:
        if number > may_close:
            faults.append(Fault(f"{number:,} are to close, but only {may_close:,} may", path))
        return
    if number > may_open:
        faults.append(Fault(f"{number:,} are to open, but there are only {may_open:,} candidates", path))
    if number < must_open:
        faults.append(Fault(f"{must_open:,} must open (open), but only {number:,} are to", path))
    if spec.existing == "movable" and number > may_close:
        faults.append(Fault(f"{number:,} are to move, but only {may_close:,} facilities may close for them", path))
