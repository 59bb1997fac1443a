"""Flows that a scenario asks to be modelled, none being observed; they carry that word wherever they are shown."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import ConfigDict, Field, model_validator

from lifezone.errors import Fault, InputError, SolveError, some_of
from lifezone.model import Floats
from lifezone.model.flows import FlowMap, Flows
from lifezone.sources.flows.table import Year
from lifezone.spec import Length, Spec
from lifezone.zoning.gravity import fit_decay, mean_trip
from lifezone.zoning.radiation import radiation

__all__ = ["GravityFlows", "RadiationFlows"]

_KM_M = 1000.0


class _Modelled(Spec):
    """What both models need to be told."""

    model_config = ConfigDict(populate_by_name=True)

    for_: str = Field("commuting", alias="for", description="What people go for: commuting, schooling, shopping …")
    in_: Year = Field("", alias="in", description="Year that the figures are of.")


class GravityFlows(_Modelled):
    """Flows modelled by a doubly constrained gravity model from figures of districts; always labelled as modelled."""

    type: Literal["gravity"] = Field(description="Modelled by gravity: totals of both ends are met, decay is fitted.")
    out: str = Field(description="Figure of municipalities: people who live there and go, e.g. workers.")
    come: str = Field(description="Figure of municipalities: people who come, e.g. jobs.")
    decay: Literal["exponential", "power"] = Field("exponential", description="How flows fall with distance.")
    mean_trip: Length | None = Field(
        None, description="Mean straight distance of a trip that the decay is fitted to (power: its geometric mean)."
    )
    like: str | None = Field(
        None, description="In place of it: a purpose with observed flows, whose mean trip is taken."
    )

    @model_validator(mode="after")
    def _one_aim(self) -> GravityFlows:
        """Ask for exactly one thing to fit to."""
        if (self.mean_trip is None) == (self.like is None):
            raise ValueError("give mean_trip or like (a purpose with observed flows): the decay is fitted to it")
        return self

    def load(self, known: FlowMap) -> Flows:
        """Model the flows.

        Raises:
            InputError: a figure or a place is missing, or no decay gives the mean trip.
        """
        out, come = (_figure(known, name, key) for key, name in (("out", self.out), ("come", self.come)))
        km = _distances_km(known)
        aim = self._aim(known, km)
        try:
            fitted = fit_decay(out, come, km, aim, self.decay)
        except SolveError as error:
            unit = " (ln km)" if self.decay == "power" else " (km)"
            raise InputError(Fault(f"{error}{unit}", ("mean_trip" if self.like is None else "like",))) from None
        what = "exp(−{:.4g} · km)" if self.decay == "exponential" else "km^−{:.4g}"
        mean = float(np.exp(fitted.mean)) if self.decay == "power" else fitted.mean
        told = f"doubly constrained gravity, {what.format(fitted.beta)}, mean trip {mean:.3g} km"
        return Flows.of(fitted.flows, purpose=self.for_, year=self.in_, source="gravity", modelled=told)

    def _aim(self, known: FlowMap, km: Floats) -> float:
        """Return the mean trip that is aimed at: km, or ln km for a power."""
        if self.mean_trip is not None:
            mean_km = self.mean_trip / _KM_M
            if mean_km <= 0:
                raise InputError(Fault("expected a mean trip above 0", ("mean_trip",)))
            return float(np.log(mean_km)) if self.decay == "power" else mean_km
        observed = [one for one in known.flows if one.purpose == self.like and not one.modelled]
        if not observed:
            there = some_of([one.purpose for one in known.flows if not one.modelled]) or "none"
            raise InputError(Fault(f"no observed flows for {self.like!r}; there are {there}", ("like",)))
        return mean_trip(max(observed, key=lambda one: one.year).matrix(), km, self.decay)


class RadiationFlows(_Modelled):
    """Flows modelled by radiation from figures of districts, without any parameter; always labelled as modelled."""

    type: Literal["radiation"] = Field(description="Modelled by radiation: the nearest place that is good enough.")
    leaving: str = Field(description="Figure of municipalities: people who leave for another district.")
    stay: str | None = Field(None, description="Figure of municipalities: people who stay; without it nobody does.")
    offer: str = Field("people", description="What districts offer: people, or a figure of municipalities, e.g. jobs.")

    def load(self, known: FlowMap) -> Flows:
        """Model the flows.

        Raises:
            InputError: a figure or a place is missing.
        """
        leaving = _figure(known, self.leaving, "leaving")
        stay = None if self.stay is None else _figure(known, self.stay, "stay")
        offer = _figure(known, self.offer, "offer")
        matrix = radiation(leaving, offer, _distances_km(known), stay)
        return Flows.of(matrix, purpose=self.for_, year=self.in_, source="radiation", modelled="radiation")


def _figure(known: FlowMap, name: str, key: str) -> Floats:
    """Return f64[D] a figure, every one known and not below 0."""
    if name == "people" and name not in known.figures:
        values = known.people
    elif name in known.figures:
        values = known.figures[name]
    else:
        there = ", ".join(known.figures) or "none"
        raise InputError(Fault(f"municipalities have no figure {name!r}; there are {there}", (key,)))
    wrong = ~(values >= 0) | ~np.isfinite(values)
    if wrong.any():
        ids = [known.districts.ids[at] for at in np.flatnonzero(wrong).tolist()]
        raise InputError(Fault(f"figure {name!r} is empty or below 0 in {some_of(ids)}", (key,)))
    if values.sum() <= 0:
        raise InputError(Fault(f"figure {name!r} is 0 everywhere", (key,)))
    return values


def _distances_km(known: FlowMap) -> Floats:
    """Return f64[D, D] straight km between centres; inside a district half the way to the nearest other."""
    nowhere = ~(np.isfinite(known.x_m) & np.isfinite(known.y_m))
    if nowhere.any():
        ids = [known.districts.ids[at] for at in np.flatnonzero(nowhere).tolist()]
        raise InputError(Fault(f"modelled flows need centres: give municipalities x and y, or area.districts; "
                               f"{some_of(ids)} have none"))  # fmt: skip
    km: Floats = np.hypot(known.x_m[:, None] - known.x_m[None, :], known.y_m[:, None] - known.y_m[None, :]) / _KM_M
    np.fill_diagonal(km, np.inf)
    if len(km) < 2 or not (km > 0).all():
        raise InputError(Fault("modelled flows need two or more districts, no two at one place"))
    np.fill_diagonal(km, km.min(axis=1) / 2)
    return km
