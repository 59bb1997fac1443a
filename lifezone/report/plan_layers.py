"""The layers of a plan in the GeoPackage: its sites and candidates, people before and after, who goes where.

``plan_sites_<variant>`` has every site of the question with its state (``opened``, ``closed``, ``kept``,
``candidate``) and use; ``plan_people_<variant>`` every demand point counted, with its trip before and after;
``plan_lines_<variant>`` a line from each of them to the facility that it uses afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from lifezone.model import Effect, Floats, Planned
from lifezone.model.effect import CHANGES
from lifezone.report.frames import cell_shapes
from lifezone.report.plans import amounts_in

__all__ = ["plan_frames", "write_plan_layers"]

_MOST_LINES: Final = 500_000
"""More lines than this cover one another on any map; they are left out."""


def plan_frames(name: str, found: Planned) -> list[tuple[str, gpd.GeoDataFrame, str]]:
    """Return the layers of one plan: name, rows, and type of geometry."""
    people = pd.concat([_people(effect, found) for effect in found.effects], ignore_index=True)
    grid = all(_is_grid(effect) for effect in found.effects)
    frames = [
        (f"plan_sites_{name}", _sites(found), "Point"),
        (f"plan_people_{name}", people, "Polygon" if grid else "Point"),
    ]
    if len(people) <= _MOST_LINES:
        lines = pd.concat([_lines(effect, found) for effect in found.effects], ignore_index=True)
        frames.append((f"plan_lines_{name}", lines, "LineString"))
    return frames


def write_plan_layers(plans: Sequence[tuple[str, Planned]], path: Path) -> None:
    """Write a GeoPackage with the layers of plans, and the styles by which QGIS draws them."""
    from lifezone.report.layers import add_layer, fixed_date  # noqa: PLC0415
    from lifezone.report.qgis import plan_styles, write_rows  # noqa: PLC0415

    with fixed_date():
        for name, found in plans:
            for layer, frame, geometry in plan_frames(name, found):
                add_layer(path, layer, frame, geometry)
        write_rows([row for name, found in plans for row in plan_styles(name, fill=_is_grid(found.effects[0]))], path)


def _is_grid(effect: Effect) -> bool:
    """Tell whether demand points are drawn as squares."""
    demand = effect.world.demand
    return bool(demand.cells and demand.cell_m > 0)


def _sites(found: Planned) -> gpd.GeoDataFrame:
    """Return every site of the question, with its use where it stands before or with the plan."""
    scale, unit = amounts_in(found)
    uses = {use.id: (at, use) for at, use in enumerate(found.sites)}
    rows, x_m, y_m = list[dict[str, Any]](), list[float](), list[float]()
    for effect in found.effects:
        for f in effect.sites.tolist():
            supply, key = effect.facilities, str(effect.facilities.ids[f])
            at, use = uses.get(key, (-1, None))
            rows.append({
                "id": key, "name": str(supply.name[f]), "kind": effect.kind,
                "state": "candidate" if use is None else use.state,
                "people_before": None if use is None else use.people_before,
                "people": None if use is None else use.people,
                "within": None if use is None else use.within,
                f"mean_{unit}": None if use is None or use.mean is None else use.mean / scale,
                f"worst_{unit}": None if use is None or use.worst is None else use.worst / scale,
                "cost": _money(use.cost if use is not None else float(supply.cost[f])),
                **{f"people_{one.year}": one.use[at] if use and one.use else None for one in found.later},
            })  # fmt: skip
            x_m.append(float(supply.x_m[f]))
            y_m.append(float(supply.y_m[f]))
    table = pd.DataFrame(rows)
    columns = {
        name: pd.array(table[name].tolist(), dtype="string") if name in ("id", "name", "kind", "state")
        else _rounded(np.array(table[name].tolist(), np.float64))
        for name in table.columns
    }  # fmt: skip
    return gpd.GeoDataFrame(columns, geometry=shapely.points(x_m, y_m), crs=found.effects[0].world.crs)


def _money(cost: float | None) -> float | None:
    return None if cost is None or np.isnan(cost) else cost


def _people(effect: Effect, found: Planned) -> gpd.GeoDataFrame:
    """Return every demand point counted, with its trip before and after."""
    scale, unit = amounts_in(found)
    at = np.flatnonzero(effect.people > 0)
    demand = effect.world.demand.take(at)
    units = np.array(effect.world.districts.ids, dtype=object)
    columns: dict[str, Any] = {
        "id": _text(demand.ids),
        "kind": _text([effect.kind] * len(at)),
        "district": _text(units[demand.district]),
        "people": _rounded(effect.people[at]),
        "facility_before": _facility(effect, effect.from_site[at]),
        "facility_after": _facility(effect, effect.to_site[at]),
        f"{unit}_before": _rounded(effect.before[at] / scale),
        f"{unit}_after": _rounded(effect.after[at] / scale),
        "change": _text(np.array(CHANGES, dtype=object)[effect.change[at]]),
    }
    if effect.rule.bound is not None:
        columns["within_before"], columns["within_after"] = effect.within_before[at], effect.within_after[at]
    shapes = cell_shapes(demand) if _is_grid(effect) else shapely.points(demand.x_m, demand.y_m)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=effect.world.crs)


def _lines(effect: Effect, found: Planned) -> gpd.GeoDataFrame:
    """Return a line from every demand point counted to the facility that it uses with the plan."""
    scale, unit = amounts_in(found)
    at = np.flatnonzero((effect.people > 0) & (effect.to_site >= 0))
    demand, to = effect.world.demand, effect.to_site[at]
    starts = np.column_stack([demand.x_m[at], demand.y_m[at]])
    ends = np.column_stack([effect.facilities.x_m[to], effect.facilities.y_m[to]])
    columns = {
        "id": _text(demand.ids[at]),
        "kind": _text([effect.kind] * len(at)),
        "facility": _facility(effect, to),
        "people": _rounded(effect.people[at]),
        f"{unit}": _rounded(effect.after[at] / scale),
        "moved": effect.from_site[at] != to,
    }
    lines = shapely.linestrings(np.stack([starts, ends], axis=1)) if len(at) else np.empty(0, dtype=object)
    return gpd.GeoDataFrame(columns, geometry=lines, crs=effect.world.crs)


def _facility(effect: Effect, positions: np.ndarray) -> Any:
    """Return ids of facilities; null where there is none."""
    ids = effect.facilities.ids
    return _text([str(ids[at]) if at >= 0 else None for at in positions.tolist()])


def _text(values: Any) -> Any:
    """Return text as a pandas string array; None stays null."""
    return pd.array([None if value is None else str(value) for value in values], dtype="string")


def _rounded(values: Floats) -> Floats:
    """Return values to a millionth, without negative zero; NaN for whatever is not finite."""
    finite = np.isfinite(values)
    return np.where(finite, np.round(np.where(finite, values, 0.0), 6) + 0.0, np.nan)
