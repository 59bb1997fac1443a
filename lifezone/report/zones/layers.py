"""How life zones lie over one another and over borders, as tables."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from lifezone.model import World, Zones, Zoning
from lifezone.report.frames import minutes
from lifezone.report.tables import ALL
from lifezone.zoning.agreement import agreement
from lifezone.zoning.borders import ABROAD, AT_HOME, BEYOND, across_borders, homes
from lifezone.zoning.hierarchy import nestings

__all__ = ["BORDERS", "agreements", "blind_spots", "hierarchy", "municipalities", "profiles"]

BORDERS = "municipalities"
"""Name of the administrative borders among the divisions compared."""


def agreements(zoning: Zoning, world: World) -> pd.DataFrame:
    """Return how far every two functions agree, and each with the municipalities, over the people of the area."""
    inside = world.demand.inside
    people = world.demand.total[inside]
    divisions = [(zones.id, zones.label[inside]) for zones in zoning.functions]
    if len(zoning.municipalities) > 1:
        divisions.append((BORDERS, homes(zoning, world)[inside]))
    rows = []
    for (one, label), (other, against) in combinations(divisions, 2):
        found = agreement(label, against, people)
        rows.append((
            one, other, round(found.adjusted_rand, 9), round(found.jaccard, 9),
            round(found.variation_of_information, 9), found.people, found.left_out,
        ))  # fmt: skip
    names = ["one", "other", "adjusted_rand", "jaccard", "variation_of_information", "people", "left_out"]
    return pd.DataFrame(rows, columns=names)


def municipalities(zoning: Zoning, world: World) -> pd.DataFrame:
    """Return for every municipality (``all`` = the area) and function who uses what: at home, abroad, nothing.

    People are those of the function's groups; ``minutes`` is the mean trip of those within reach.
    """
    home = homes(zoning, world)
    rows: list[tuple[Any, ...]] = []
    for zones in zoning.functions:
        where = across_borders(zones, zoning, world)
        units = (-1, *range(len(zoning.municipalities))) if len(zoning.municipalities) > 1 else (-1,)
        rows += [_municipality(zones, zoning, home, where, unit) for unit in units]
    names = ["function", "municipality", "people", "at_home", "abroad", "beyond", "share_abroad", "zones",
             "main_centre", "main_share", "minutes"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _municipality(zones: Zones, zoning: Zoning, home: np.ndarray, where: np.ndarray, unit: int) -> tuple[Any, ...]:
    """Return one row of :func:`municipalities`; ``unit`` −1 is the whole area."""
    rows = (home >= 0) if unit < 0 else (home == unit)
    weight, label = zones.weight[rows], zones.label[rows]
    here, abroad, beyond = (float(weight[where[rows] == code].sum()) for code in (AT_HOME, ABROAD, BEYOND))
    served = label >= 0
    by_zone = np.bincount(label[served], weights=weight[served], minlength=len(zones.zones))
    total, within = float(weight.sum()), float(weight[served].sum())
    main = int(by_zone.argmax()) if within > 0 else -1
    trip = zones.cost[rows][served & np.isfinite(zones.cost[rows])]
    trip_weight = weight[served & np.isfinite(zones.cost[rows])]
    mean = float(np.average(trip, weights=trip_weight)) if trip_weight.sum() > 0 else float("nan")
    return (
        zones.id, ALL if unit < 0 else zoning.municipalities[unit], total, here, abroad, beyond,
        round(abroad / total, 9) if total > 0 else None, int((by_zone > 0).sum()),
        zones.zones[main].centre if main >= 0 else None, round(float(by_zone[main]) / total, 9) if main >= 0 else None,
        float(minutes(np.array([mean]))[0]) if zones.metric == "time" else None,
    )  # fmt: skip


def blind_spots(zoning: Zoning, world: World) -> pd.DataFrame:
    """Return whom no zone of a function reaches, by mode, district and group; ``all`` = the area."""
    demand, ids = world.demand, world.districts.ids
    inside = demand.inside
    district = demand.district[inside]
    rows = []
    for zones in zoning.functions:
        reach = zones.reach / 60.0 if zones.metric == "time" else None
        for mode, reached in zones.reached.items():
            beyond = ~reached[inside]
            for group in demand.groups:
                people = demand.of(group)[inside]
                whole = np.append(np.bincount(district, weights=people, minlength=len(ids)), people.sum())
                lost = np.append(np.bincount(district, weights=people * beyond, minlength=len(ids)), people @ beyond)
                for at in (-1, *np.flatnonzero(whole[:-1] > 0).tolist()) if len(ids) > 1 else (-1,):
                    share = round(float(lost[at] / whole[at]), 9) if whole[at] > 0 else None
                    unit = ALL if at < 0 else ids[at]
                    rows.append((zones.id, mode, reach, unit, group, float(whole[at]), float(lost[at]), share))
    names = ["function", "mode", "within_minutes", "district", "group", "people", "beyond", "share"]
    return pd.DataFrame(rows, columns=names)


def hierarchy(zoning: Zoning, world: World) -> pd.DataFrame:
    """Return where zones of lower levels lie in those of higher ones."""
    inside = world.demand.inside
    people = np.where(inside, world.demand.total, 0.0)
    rows = [
        (one.lower, one.centre, one.upper, one.parent or None, one.people, round(one.share, 9), one.others)
        for one in nestings(zoning.functions, people)
    ]
    return pd.DataFrame(rows, columns=["lower", "centre", "upper", "parent", "people", "share", "others"])


def profiles(zoning: Zoning, world: World) -> pd.DataFrame:
    """Return every combination of centres that people belong to, their daily-life profile, the most common first."""
    inside = world.demand.inside
    labels = np.column_stack([zones.label[inside] for zones in zoning.functions])
    found, of = np.unique(labels, axis=0, return_inverse=True)
    of = of.ravel()
    people = np.bincount(of, weights=world.demand.total[inside], minlength=len(found))
    points = np.bincount(of, minlength=len(found))
    order = np.argsort(-people, kind="stable")
    columns: dict[str, Any] = {}
    for position, zones in enumerate(zoning.functions):
        centres = [*(one.centre for one in zones.zones), None]
        columns[zones.id] = [centres[at] for at in found[order, position].tolist()]
    return pd.DataFrame({**columns, "people": people[order], "points": points[order]})
