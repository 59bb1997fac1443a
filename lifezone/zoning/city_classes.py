"""City classes of a table of municipalities: what is asked, checked, and the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import numpy as np

from lifezone.errors import Fault, some_of
from lifezone.model import Floats
from lifezone.model.cities import CityClasses
from lifezone.model.flows import FlowMap
from lifezone.zoning.cities import Cities, classify, yearly_change
from lifezone.zoning.city_spec import CityClassesSpec
from lifezone.zoning.clusters import cluster

__all__ = ["city_classes", "city_faults"]


def city_faults(spec: CityClassesSpec, known: FlowMap) -> Iterator[Fault]:
    """Yield what is asked of figures that the municipalities do not have."""
    have = ", ".join(known.figures) or "none"
    named: list[tuple[tuple[str | int, ...], str]] = []
    for key in ("jobs", "compare"):
        named += [((key, at), one) for at, one in enumerate(getattr(spec, key))]
    if spec.people_before is not None:
        named.append((("people_before",), spec.people_before))
    for path, one in named:
        if one not in known.figures:
            yield Fault(f"municipalities have no figure {one!r}; they have {have}", path)
        elif path[0] != "compare" and (known.figures[one] < 0).any():
            wrong = [known.districts.ids[at] for at in np.flatnonzero(known.figures[one] < 0).tolist()]
            yield Fault(f"{one!r} is below 0 in {some_of(wrong)}", path)
    if np.isnan(known.people).all():
        yield Fault("the people of cities are not known: give municipalities with a column people", ())


def city_classes(spec: CityClassesSpec, known: FlowMap, *, seed: int) -> CityClasses:
    """Classify every municipality by the cuts, and group them by likeness."""
    n = known.n_districts
    nothing = np.full(n, np.nan)
    change = nothing
    if spec.people_before is not None and spec.years is not None:
        change = yearly_change(known.people, known.figures[spec.people_before], spec.years)
    jobs = np.column_stack([known.figures[one] for one in spec.jobs]) if spec.jobs else np.empty((n, 0))
    cities = Cities(
        known.people, change, jobs, spec.jobs, np.array([one in spec.industry for one in spec.jobs], np.bool_)
    )
    figures = {"change": change, "industry_share": nothing, "industry_lq": nothing, "diversity": nothing}
    top = ("",) * n
    if spec.jobs:
        figures |= {"industry_share": cities.share, "industry_lq": cities.quotient, "diversity": cities.diversity}
        top = _top_sectors(cities)
    figures |= {one: known.figures[one] for one in spec.compare}
    compared = _compared(figures, known.people)
    groups = cluster(
        np.column_stack(list(compared.values())), groups=spec.groups, samples=spec.samples, seed=seed
    )  # fmt: skip
    cuts = spec.cuts.cuts
    return CityClasses(
        known.districts.ids, known.districts.name, known.districts.name_en or known.districts.name, known.people,
        classify(cities, cuts), figures, top, groups, tuple(compared), asdict(cuts),
    )  # fmt: skip


def _top_sectors(cities: Cities) -> tuple[str, ...]:
    """Return the sector with the largest location quotient of each city."""
    quotients = cities.quotients
    best = np.nan_to_num(quotients, nan=-1.0).argmax(axis=1).tolist()
    unknown = np.asarray(np.isnan(quotients).all(axis=1))
    return tuple("" if unknown[city] else cities.sectors[at] for city, at in enumerate(best))


def _compared(figures: dict[str, Floats], people: Floats) -> dict[str, Floats]:
    """Return what cities are compared by: size in powers of ten, and every figure that is known of some."""
    with np.errstate(divide="ignore"):
        size = np.where(people > 0, np.log10(people), np.nan)
    told = {name: values for name, values in figures.items() if name != "industry_lq"}  # the share once more
    return {"log_people": size} | {name: values for name, values in told.items() if not np.isnan(values).all()}
