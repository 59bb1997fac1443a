"""Ties, alliances, city classes and compact cities as data frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lifezone.model.alliances import Alliances, Partition
from lifezone.model.cities import CityClasses
from lifezone.model.compact import CompactCity
from lifezone.model.flows import FlowMap
from lifezone.model.ties import Ties
from lifezone.zoning.compact import hollowing, sprawl_of

__all__ = [
    "alliance_rows", "city_rows", "compact_rows", "member_rows", "sensitivity_rows", "shared_rows", "tie_rows",
]  # fmt: skip

_DIGITS = 9


def tie_rows(found: Ties, known: FlowMap) -> pd.DataFrame:
    """Return one row a pair with a flow or a service between them."""
    ids = known.districts.ids
    by_pair = {(one.a, one.b): (one, at) for at, one in enumerate(found.ties)}
    pairs = sorted({*by_pair, *found.services})
    functions = sorted({name for one in found.services.values() for name in one.a_in_b})
    rows: list[dict[str, Any]] = []
    for a, b in pairs:
        tie, at = by_pair.get((a, b), (None, -1))
        service = found.services.get((a, b))
        row: dict[str, Any] = {
            "purpose": found.purpose, "year": found.year, "a": ids[a], "b": ids[b],
            "flow_ab": 0.0 if tie is None else tie.flow_ab, "flow_ba": 0.0 if tie is None else tie.flow_ba,
            "share_ab": np.nan if tie is None else tie.share_ab, "share_ba": np.nan if tie is None else tie.share_ba,
            "reciprocity": np.nan if tie is None else tie.balance, "strength": 0.0 if tie is None else tie.strength,
            "class": "" if tie is None or found.modelled else tie.name,
            "depends": "" if tie is None or tie.depends < 0 or found.modelled else ids[tie.depends],
            "service_reciprocity": np.nan if service is None else service.reciprocity,
            "complementary": None if service is None else service.complementary,
        }  # fmt: skip
        for name in functions:
            row[f"{name}_ab"] = np.nan if service is None else service.a_in_b[name]
            row[f"{name}_ba"] = np.nan if service is None else service.b_in_a[name]
        if found.composite:
            row["composite"] = np.nan if tie is None else found.composite[at]
        row["modelled"] = found.modelled
        rows.append(row)
    frame = _frame(rows, text=("purpose", "year", "a", "b", "class", "depends"))
    if rows:
        frame["complementary"] = pd.array([row["complementary"] for row in rows], dtype="boolean")
    return frame


def alliance_rows(found: Alliances, known: FlowMap) -> pd.DataFrame:
    """Return one row an alliance of every division told; a division without alliances has one empty row."""
    rows = []
    for partition in found.partitions:
        shared_by_all: dict[str, Any] = {
            "division": partition.id, "objective": partition.value, "bound": partition.bound,
            "gap": round(partition.gap, _DIGITS), "proved": partition.proved,
        }  # fmt: skip
        rows += [
            {"alliance": f"A{number}", **_alliance(partition, number - 1, known), **shared_by_all}
            for number in range(1, len(partition.alliances) + 1)
        ] or [{"alliance": "", "members": "", "names": "", "people": 0.0, "value": 0.0, "gains": "", "broken": "",
               **shared_by_all}]  # fmt: skip
    first = ("division", "alliance", "members", "names", "people", "value", "gains", "broken")
    return _frame(
        [{key: row[key] for key in first} | row for row in rows], text=("division", *first[1:4], "gains", "broken")
    )


def _alliance(partition: Partition, at: int, known: FlowMap) -> dict[str, Any]:
    """Return the columns of one alliance."""
    one, ids = partition.alliances[at], known.districts.ids
    gains = zip(one.members, one.gains, strict=True)
    return {
        "members": ";".join(ids[at] for at in one.members),
        "names": " · ".join(known.districts.name[at] for at in one.members),
        "people": one.people,
        "value": one.value,
        "gains": ";".join(f"{ids[at]}={gain:.9g}" for at, gain in gains),
        "broken": "; ".join(one.broken),
    }


def shared_rows(found: Alliances, known: FlowMap) -> pd.DataFrame:
    """Return one row a member and kind of every alliance: people newly reached, users brought, cost per user."""
    ids, rows = known.districts.ids, []
    for partition in found.partitions:
        for number, one in enumerate(partition.alliances, start=1):
            for kind in one.shared:
                for at, member in enumerate(one.members):
                    alone = kind.cost_alone[at] if kind.cost_alone else np.nan
                    rows.append({
                        "division": partition.id, "alliance": f"A{number}", "member": ids[member], "kind": kind.kind,
                        "way": kind.way, "newly": kind.newly[at], "users": kind.use[at] if kind.use else np.nan,
                        "users_together": sum(kind.use) if kind.use else np.nan,
                        "minimum": kind.need if kind.need else np.nan, "hub": kind.hub,
                        "hub_in": ids[kind.hub_in] if kind.hub_in >= 0 else "", "cost_per_user_alone": alone,
                        "cost_per_user_together": np.nan if kind.cost_together is None else kind.cost_together,
                    })  # fmt: skip
    return _frame(rows, text=("division", "alliance", "member", "kind", "way", "hub", "hub_in"))


def member_rows(found: Alliances, known: FlowMap) -> pd.DataFrame:
    """Return one row a municipality: its alliance, its gain, what it would do instead, what limits did to it."""
    ids, best = known.districts.ids, found.partitions[0]
    at = {member: (number, one) for number, one in enumerate(best.alliances) for member in one.members}
    instead = {one.alliance: one for one in found.instead}
    limits = sorted({limit for one in found.refusals for limit in one.by_limit})
    rows = []
    for town, refusal in enumerate(found.refusals):
        number, one = at.get(town, (-1, None))
        other = None if one is None else instead.get(one.members)
        group = () if other is None else next((group for group in other.groups if town in group), ())
        rows.append({
            "district": ids[town], "name": known.districts.name[town],
            "alliance": f"A{number + 1}" if one else "",
            "gain": one.gains[one.members.index(town)] if one else 0.0,
            "instead": ";".join(ids[member] for member in group),
            "instead_loss": np.nan if other is None else other.loss,
            "admissible": refusal.admissible, "gaining": refusal.gaining,
            **{f"refused: {limit}": refusal.by_limit.get(limit, 0) for limit in limits},
        })  # fmt: skip
    return _frame(rows, text=("district", "name", "alliance", "instead"))


def sensitivity_rows(found: Alliances, known: FlowMap) -> pd.DataFrame:
    """Return one row a pair of limits: the best division under them."""
    ids = known.districts.ids
    rows = [
        {
            "people_from": one.low, "people_to": one.high, "objective": one.value, "proved": one.proved,
            "alliances": " | ".join(";".join(ids[at] for at in group) for group in one.alliances),
        }
        for one in found.sensitivity
    ]  # fmt: skip
    return _frame(rows, text=("alliances",))


def city_rows(found: CityClasses) -> pd.DataFrame:
    """Return one row a city: its class, why, what is close, its group by likeness."""
    classes = found.classes
    columns: dict[str, Any] = {
        "district": _text(found.ids),
        "name": _text(found.name),
        "people": found.people,
        "class": _text([one.name for one in classes]),
        "because": _text([_because(one.reasons) for one in classes]),
        "boundary": _text([";".join(one.close) for one in classes]),
        "scale": _text([one.scale for one in classes]),
        "trend": _text([one.trend for one in classes]),
        "top_sector": _text(found.top_sector),
        **{name: np.round(values, _DIGITS) for name, values in found.figures.items()},
    }
    groups = found.clusters
    if groups is not None:
        stability = np.append(groups.stability, np.nan)
        columns |= {
            "group": pd.array([at + 1 if at >= 0 else None for at in groups.label.tolist()], dtype="Int64"),
            "group_stability": np.round(stability[groups.label], _DIGITS),
            "silhouette": np.round(groups.silhouette, _DIGITS),
        }
    return pd.DataFrame(columns)


def _because(reasons: Sequence[tuple[str, float, float]]) -> str:
    return "; ".join(f"{name} {value:.6g} (cut {limit:.6g})" for name, value, limit in reasons)


def compact_rows(variants: Sequence[tuple[str, CompactCity]]) -> pd.DataFrame:
    """Return one row a variant, by year where years are named: people, centre, footprint, gradient, sprawl, walking."""
    order = sorted(variants, key=lambda one: one[1].year.year)
    hollow = hollowing([one.year for _, one in order])
    rows = list(_compact(order, hollow))
    return _frame(rows, text=("variant", "centre", "sprawl", "missing"))


def _compact(order: Sequence[tuple[str, CompactCity]], hollow: Sequence[float]) -> Iterator[dict[str, Any]]:
    """Yield the rows."""
    dated = all(one.year.year for _, one in order)
    for at, (name, one) in enumerate(order):
        year, walk = one.year, one.walkable
        grown = sprawl_of(order[at - 1][1].year, year) if at and dated else None
        yield {
            "variant": name, "year": year.year or None, "centre": one.chosen, "lon": round(one.lon, 6),
            "lat": round(one.lat, 6), "radius_m": one.radius_m, "people": year.people,
            "centre_people": year.centre_people, "centre_share": round(year.centre_share, _DIGITS),
            "hollowing": round(hollow[at], _DIGITS), "footprint_km2": round(year.footprint_km2, _DIGITS),
            "density_at_centre": round(one.gradient.at_centre, _DIGITS),
            "gradient_per_km": round(one.gradient.per_km, _DIGITS), "gradient_fit": round(one.gradient.fit, _DIGITS),
            "half_m": one.gradient.half_m,
            "land_growth": np.nan if grown is None else round(grown.land, _DIGITS),
            "people_growth": np.nan if grown is None else round(grown.people, _DIGITS),
            "land_per_people": np.nan if grown is None else round(grown.ratio, _DIGITS),
            "sprawl": "" if grown is None else grown.name,
            "all_in_reach": np.nan if walk is None else walk.all_now,
            "all_in_reach_if_gathered": np.nan if walk is None else walk.all_gathered,
            "missing": "" if walk is None else ";".join(walk.missing),
            **({} if walk is None else {f"in_reach_{kind}": people for kind, people in walk.now.items()}),
        }  # fmt: skip


def _frame(rows: Sequence[dict[str, Any]], *, text: Sequence[str]) -> pd.DataFrame:
    """Return rows as a frame with text columns as text."""
    frame = pd.DataFrame(list(rows))
    for column in text:
        if column in frame:
            frame[column] = _text(frame[column].tolist())
    return frame


def _text(values: Any) -> Any:
    """Return text as a pandas string array; nothing stays null."""
    return pd.array([str(value) if value else None for value in values], dtype="string")
