"""What limits the choice of sites: costs and budgets, capacities, least use."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lifezone.errors import Fault, some_of
from lifezone.improve.sites import Sites
from lifezone.model import Bools, Facilities, Floats, Requirement
from lifezone.siting.problem import FREE, SHUT, STANDS

if TYPE_CHECKING:
    from lifezone.siting.spec_base import SitesBase

__all__ = ["Money", "capacities", "check_places", "least_uses", "money_of"]


class Money(NamedTuple):
    """Costs of the sites; None where they play no part.

    Attributes:
        open_cost: f64[S] of opening; 0 for what stands.
        close_cost: f64[S] of closing.
        running_cost: f64[S] a year.
        yearly_budget: limit of the yearly costs of all that stands, ``inf`` = none.
        saving: f64[S] saved in a building with another kind.
    """

    open_cost: Floats | None = None
    close_cost: Floats | None = None
    running_cost: Floats | None = None
    yearly_budget: float = float("inf")
    saving: Floats | None = None


def money_of(facilities: Facilities, sites: Sites, spec: SitesBase, notes: list[str], faults: list[Fault]) -> Money:
    """Return what opening, closing and running cost, from the tables and the keys of the question.

    A candidate without an opening cost is a fault where there is a budget; closing costs nothing where nothing is told.
    """
    if not spec.counts_money:
        if spec.together is not None:
            faults.append(Fault("what is saved in one building plays no part without a budget", ("together",)))
        return Money()
    opening = _told(facilities.cost, facilities, sites, spec, "cost")
    opening[sites.open_now] = 0.0
    closing = _told(facilities.told("close_cost"), facilities, sites, spec, "close_cost")
    running = _told(facilities.told("yearly_cost"), facilities, sites, spec, "yearly_cost")
    may = sites.fixed != SHUT
    if spec.budget is not None or spec.yearly_budget is None:
        what = "a budget" if spec.budget is not None else "the goal cost"
        _all_known(facilities, sites, np.isnan(opening) & may, what, "cost", faults)
        free = sites.open_now & (sites.fixed == FREE) & np.isnan(closing)
        if free.any():
            notes.append(f"closing costs of {int(free.sum()):,} facilities are not told, taken as 0")
    if spec.yearly_budget is not None:
        changes = may & (~sites.open_now | (sites.fixed == FREE))
        _all_known(facilities, sites, np.isnan(running) & changes, "a yearly budget", "yearly_cost", faults)
    opening, closing, running = (np.nan_to_num(one, nan=0.0) for one in (opening, closing, running))
    saving = _saving(spec, sites, opening, faults)
    _within(spec, sites, opening if saving is None else np.maximum(opening - saving, 0.0), running, faults)
    if spec.yearly_budget is None:
        return Money(opening, closing, None, float("inf"), saving)
    limit = spec.yearly_budget + float(running[sites.open_now].sum())
    return Money(opening, closing, running, limit, saving)


def _told(column: np.ndarray, facilities: Facilities, sites: Sites, spec: SitesBase, key: str) -> Floats:
    """Return f64[S] a cost: the facility's own, else the question's for its kind; NaN = none told."""
    assert len(column) == facilities.n_facilities
    own = np.asarray(column[sites.at], np.float64)
    given = np.array([np.nan if spec.each(key, kind) is None else spec.each(key, kind) for kind in spec.asked])
    return np.where(np.isnan(own), given[sites.kind], own)


def _all_known(facilities: Facilities, sites: Sites, unknown: Bools, what: str, key: str, faults: list[Fault]) -> None:
    """Ask for costs that nobody told."""
    if unknown.any():
        faults.append(Fault(
            f"{what} needs the {key} of every site it can change: {int(unknown.sum()):,} have none, e.g. "
            f"{some_of(facilities.ids[sites.at[unknown]].tolist())}; give a column {key} where they are read, or "
            f"{key}: here", {"a budget": ("budget",), "the goal cost": ("goals",)}.get(what, ("yearly_budget",)),
        ))  # fmt: skip


def _saving(spec: SitesBase, sites: Sites, opening: Floats, faults: list[Fault]) -> Floats | None:
    """Return f64[S] what is saved by opening beside another kind."""
    if spec.together is None:
        return None
    if len(spec.asked) == 1:
        faults.append(Fault("only several kinds can share a building: write kinds: [clinic, pharmacy]", ("together",)))
        return None
    if spec.together.share is not None:
        return np.asarray(opening * spec.together.share)
    return np.asarray(np.minimum(spec.together.won or 0.0, opening) * (sites.building >= 0))


def _within(spec: SitesBase, sites: Sites, least: Floats, running: Floats, faults: list[Fault]) -> None:
    """Check that the budgets allow anything at all, and what must open."""
    new = (sites.fixed != SHUT) & ~sites.open_now
    must = sites.fixed == STANDS
    for key, limit, cost in (("budget", spec.budget, least), ("yearly_budget", spec.yearly_budget, running)):
        if limit is None or not new.any() or faults:
            continue
        if float(cost[new & must].sum()) > limit:
            faults.append(Fault(f"what must open costs {float(cost[new & must].sum()):,.0f} won at least, more than "
                                f"{limit:,.0f}", (key,)))  # fmt: skip
        elif float(cost[new].min()) > limit and not (key == "yearly_budget" and (sites.open_now & ~must).any()):
            faults.append(Fault(f"{limit:,.0f} won is below the cost of every candidate; the cheapest costs "
                                f"{float(cost[new].min()):,.0f}", (key,)))  # fmt: skip


def capacities(
    facilities: Facilities, sites: Sites, spec: SitesBase, rules: tuple[Requirement, ...], faults: list[Fault]
) -> Floats | None:
    """Return f64[S] how many people each site can take, where that counts."""
    if not spec.capacity:
        return None
    own = facilities.capacity[sites.at].astype(float)
    unknown = np.isnan(own) & (sites.fixed != SHUT)
    if unknown.any():
        told = some_of(facilities.ids[sites.at[unknown]].tolist())
        faults.append(Fault(f"{int(unknown.sum()):,} sites have no capacity: {told}; give their column capacity, or "
                            "leave capacity: false", ("capacity",)))  # fmt: skip
    return np.asarray(np.nan_to_num(own, nan=0.0) * np.array([_per_unit(spec, rule) for rule in rules])[sites.kind])


def _per_unit(spec: SitesBase, rule: Requirement) -> float:
    """Return the people counted whom one unit of capacity serves."""
    given: float | None = spec.each("people_per_unit", rule.kinds[0])
    if given is not None:
        return given
    return 1.0 if rule.capacity is None else rule.capacity.people_per_unit / rule.capacity.use


def least_uses(sites: Sites, spec: SitesBase) -> Floats | None:
    """Return f64[S] people below whom a site may not stand."""
    if spec.least_use is None:
        return None
    return np.array([spec.each("least_use", kind) or 0.0 for kind in spec.asked], np.float64)[sites.kind]


def check_places(spec: SitesBase, sites: Sites, capacity: Floats | None, asked: Floats, faults: list[Fault]) -> None:
    """Check that there are places for everybody where everybody must find one.

    Args:
        spec: the question.
        sites: its sites.
        capacity: f64[S] places.
        asked: f64[K] people of each kind who can reach a site.
        faults: is added to.
    """
    if capacity is None or not spec.serves_all:
        return
    for k, kind in enumerate(spec.asked):
        of_kind = (sites.kind == k) & (sites.fixed != SHUT)
        places = _most_places(spec, kind, capacity[of_kind], sites.open_now[of_kind], sites.fixed[of_kind])
        if places < asked[k] * (1 - 1e-12):
            faults.append(Fault(
                f"{asked[k]:,.0f} people need a {kind}, but whatever is chosen there are at most {places:,.0f} places",
                ("capacity",),
            ))  # fmt: skip


def _most_places(spec: SitesBase, kind: str, capacity: Floats, open_now: Bools, fixed: np.ndarray) -> float:
    """Return the most places that any choice has."""
    choose = spec.each("choose", kind)
    if spec.closes:
        may_close = np.sort(capacity[open_now & (fixed == FREE)])
        each_closes = choose if isinstance(spec.choose, dict) or len(spec.asked) == 1 else 0
        return float(capacity[open_now].sum() - may_close[: each_closes or 0].sum())
    new = np.sort(capacity[~open_now])[::-1]
    return float(capacity[open_now].sum() + (new if choose is None else new[:choose]).sum())
