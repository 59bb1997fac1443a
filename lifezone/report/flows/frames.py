"""Urban areas, containment and changes of flows as data frames."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lifezone.model import Zoning
from lifezone.model.flows import FlowMap
from lifezone.model.urban import AreaFacts, Containment, FlowChange, UrbanAreas
from lifezone.zoning.urban.containment import containment

__all__ = ["area_rows", "changed_flows", "changed_places", "containment_rows", "district_rows", "strongest"]

_DIGITS = 9


def district_rows(found: UrbanAreas, known: FlowMap) -> pd.DataFrame:
    """Return one row a district: its area, role, measures and strongest tie.

    ``tie`` is the share of its residents who go to ``towards``; ``overlap`` names other centres with enough of a tie.
    """
    ids, names = known.districts.ids, known.districts.name
    columns: dict[str, Any] = {
        "method": _text([found.id] * known.n_districts),
        "district": _text(ids),
        "name": _text(names),
        "area": _at(ids, found.area),
        "area_name": _at(names, found.area),
        "role": _text(found.role),
        **_measures(found.own),
        "towards": _at(ids, found.towards),
        "tie": np.round(found.tie, _DIGITS),
        "tie_level": found.level,
        "overlap": _text([";".join(ids[at] for at in others) for others in found.overlap]),
        "constraint_external": np.round(found.constraint[:, 0], _DIGITS),
        "constraint_total": np.round(found.constraint[:, 1], _DIGITS),
        "people": known.people,
        "purposes": _text(["+".join(found.purposes)] * known.n_districts),
        "year": _text([found.year] * known.n_districts),
        "modelled": np.full(known.n_districts, bool(found.modelled)),
    }
    return pd.DataFrame(columns)


def area_rows(found: UrbanAreas, known: FlowMap) -> pd.DataFrame:
    """Return one row an area, the largest first: its size, containment and structure (no class where modelled)."""
    ids, names = known.districts.ids, known.districts.name
    areas = sorted(found.areas, key=lambda one: (-one.residents, one.centre))
    judged = not found.modelled
    columns: dict[str, Any] = {
        "method": _text([found.id] * len(areas)),
        "area": _text([ids[one.centre] for one in areas]),
        "name": _text([names[one.centre] for one in areas]),
        "districts": np.array([one.districts for one in areas], np.int64),
        **{key: _numbers(areas, key) for key in ("people", "residents", "workers", "inside")},
        **{key: np.round(_numbers(areas, key), _DIGITS) for key in ("supply_side", "demand_side")},
        "self_containment": np.round([_least(one) for one in areas], _DIGITS),
        "valid": pd.array([one.valid for one in areas], dtype="boolean"),
        **{
            key: np.round([getattr(one.structure, key) for one in areas], _DIGITS)
            for key in ("slope", "evenness", "reciprocity", "to_centre")
        },
        "by_size": _text([one.structure.by_size if judged else "" for one in areas]),
        "by_flows": _text([one.structure.by_flows if judged else "" for one in areas]),
        "year": _text([found.year] * len(areas)),
        "modelled": np.full(len(areas), bool(found.modelled)),
    }
    return pd.DataFrame(columns)


def containment_rows(known: FlowMap) -> pd.DataFrame:
    """Return one row a purpose, year and district: how much stays inside."""
    parts = []
    for one in known.flows:
        count = known.n_districts
        columns: dict[str, Any] = {
            "purpose": _text([one.purpose] * count),
            "year": _text([one.year] * count),
            "district": _text(known.districts.ids),
            "name": _text(known.districts.name),
            **_measures(containment(one.matrix())),
            "modelled": np.full(count, bool(one.modelled)),
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def changed_flows(change: FlowChange, known: FlowMap) -> pd.DataFrame:
    """Return one row a pair of districts that has people in either year."""
    one, two = np.nonzero((change.flows_before > 0) | (change.flows_after > 0))
    ids = known.districts.ids
    columns: dict[str, Any] = {
        "purpose": _text([change.purpose] * len(one)),
        "before": _text([change.before] * len(one)),
        "after": _text([change.after] * len(one)),
        "from": _at(ids, one),
        "to": _at(ids, two),
        "people_before": change.flows_before[one, two],
        "people_after": change.flows_after[one, two],
        "change": change.difference[one, two],
        "modelled": np.full(len(one), change.modelled),
    }
    return pd.DataFrame(columns)


def changed_places(change: FlowChange, known: FlowMap) -> pd.DataFrame:
    """Return one row a district: residents, workers and containment of both years."""
    count = known.n_districts
    columns: dict[str, Any] = {
        "purpose": _text([change.purpose] * count),
        "before": _text([change.before] * count),
        "after": _text([change.after] * count),
        "district": _text(known.districts.ids),
        "name": _text(known.districts.name),
    }
    for key in ("residents", "workers", "inside", "self_containment", "in_out"):
        before, after = getattr(change.own_before, key), getattr(change.own_after, key)
        columns |= {
            f"{key}_before": np.round(before, _DIGITS), f"{key}_after": np.round(after, _DIGITS),
            f"{key}_change": np.round(after - before, _DIGITS),
        }  # fmt: skip
    columns["modelled"] = np.full(count, change.modelled)
    return pd.DataFrame(columns)


def strongest(flows: np.ndarray, *, per_district: int = 3, least_share: float = 0.02) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the ties worth drawing: of every district the strongest ones out, when share enough.

    Args:
        flows: f64[D, D] people.
        per_district: how many of each.
        least_share: of the residents.
    """
    between = flows.copy()
    np.fill_diagonal(between, 0.0)
    residents = flows.sum(axis=1, keepdims=True)
    order = np.argsort(-between, axis=1, kind="stable")[:, :per_district]
    rows = np.repeat(np.arange(len(flows)), order.shape[1])
    columns = order.ravel()
    enough = (between[rows, columns] > 0) & (between[rows, columns] >= least_share * residents[rows, 0])
    return rows[enough], columns[enough]


def modelled_notes(zoning: Zoning) -> tuple[str, ...]:
    """Return how flows were modelled, each sentence once."""
    flows = () if zoning.flows is None else zoning.flows.flows
    return tuple(dict.fromkeys(one.modelled for one in flows if one.modelled))


def _measures(own: Containment) -> dict[str, Any]:
    """Return the columns of containment."""
    counts = {key: getattr(own, key) for key in ("residents", "workers", "inside")}
    shares = ("self_containment", "supply_side", "demand_side", "catchment_share", "in_out")
    return {**counts, **{key: np.round(getattr(own, key), _DIGITS) for key in shares}}


def _numbers(areas: list[AreaFacts], key: str) -> np.ndarray:
    return np.array([getattr(one, key) for one in areas], np.float64)


def _least(one: AreaFacts) -> float:
    return float(np.fmin(one.supply_side, one.demand_side)) if one.residents and one.workers else float("nan")


def _at(texts: tuple[str, ...], where: np.ndarray) -> Any:
    """Return the text at each position, nothing where it is negative."""
    return _text([texts[at] if at >= 0 else "" for at in where.tolist()])


def _text(values: Any) -> Any:
    """Return text as a pandas string array; nothing stays null."""
    return pd.array([str(value) or None for value in values], dtype="string")
