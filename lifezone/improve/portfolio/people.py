"""How many people live where over the horizon: between two known years they change evenly, after the last they stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lifezone.errors import Fault, InputError
from lifezone.model import Floats, World

if TYPE_CHECKING:
    from lifezone.siting.portfolio_spec import Portfolio
    from lifezone.sources.reading import Reading

__all__ = ["KnownYears", "known_years"]


@dataclass(frozen=True, eq=False)
class KnownYears:
    """Years in which people are known.

    Attributes:
        years: A calendar years, ascending; the first is the plan's first.
        worlds: the world with the people of each of them.
        mix: f64[A, H] how much of each known year's people a year of the horizon has.
        discount: f64[H] what a benefit of each year is worth in the first.
    """

    years: tuple[int, ...]
    worlds: tuple[World, ...]
    mix: Floats
    discount: Floats

    def periods(self, plan_years: int) -> Floats:
        """Return f64[A, T] discounted weights of the periods after each year of the plan; the last one is the rest."""
        weight = self.mix * self.discount
        whole = weight[:, 1 : plan_years + 1].copy()
        if whole.shape[1] < plan_years:  # the horizon ends with the plan
            whole = np.pad(whole, ((0, 0), (0, plan_years - whole.shape[1])))
        whole[:, plan_years - 1] = weight[:, plan_years:].sum(axis=1)
        return whole


def known_years(world: World, spec: Portfolio, reading: Reading | None, faults: list[Fault]) -> KnownYears:
    """Read the people of later years; those of the first are the world's own."""
    from lifezone.edits.context import Context  # noqa: PLC0415
    from lifezone.edits.people import project_people  # noqa: PLC0415

    found = {spec.start: world}
    for at, one in enumerate(spec.people):
        if one.year in found:
            faults.append(Fault(f"people of {one.year} are known already", ("people", at, "year")))
            continue
        if one.year < spec.start:
            faults.append(Fault(f"{one.year} is before the plan, which starts in {spec.start}", ("people", at, "year")))
            continue
        try:
            later, _ = project_people(world, one.project, Context(reading))
            found[one.year] = replace(world, demand=later.demand)
        except InputError as error:
            faults += [fault.under(("people", at, "project")) for fault in error.faults]
    years = sorted(found)
    at_year = np.arange(spec.start, spec.start + spec.horizon)
    mix = np.array([np.interp(at_year, years, np.eye(len(years))[k]) for k in range(len(years))])
    discount = (1.0 + spec.discount) ** -np.arange(spec.horizon, dtype=np.float64)
    return KnownYears(tuple(years), tuple(found[year] for year in years), mix, discount)
