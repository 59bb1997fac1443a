"""A Pareto front for people: its rows (``front.csv``, the console) and its picture (``front.png``).

Colours are those of viridis, light to dark, which the colour-blind and a grey copy keep in order; the plan that was
taken is ringed, points that stand apart have their number in ``front.csv``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lifezone.model import GoalValue, Planned
from lifezone.report.pages import Sheet
from lifezone.report.sheets import write_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["front_data", "front_sheet", "write_front"]

_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "cost": ("비용(억 원)", "cost (100 million won)"),
    "mean_time": ("평균 이동", "mean trip"),
    "worst_time": ("가장 먼 이동", "longest trip"),
    "beyond": ("기준을 넘는 사람(명)", "people beyond the bound"),
    "equity": ("불평등(FGT 2)", "inequality (FGT 2)"),
    "sites": ("시설 수(곳)", "facilities"),
}
_HUNDRED_MILLION: Final = 1e8
_MINUTE_S: Final = 60.0
_ROOM: Final = 0.03
"""Part of the picture between two numbers."""
_NAMED: Final = 6
"""Ids shown of each point on the console; ``front.csv`` has them all."""


def front_data(found: Planned) -> list[dict[str, Any]]:
    """Return every point of the front as plain data, amounts in the units of the plan."""
    return [
        {
            "point": at,
            "opened": list(opened),
            "closed": list(closed),
            "goals": {goal.name: goal.value for goal in point.goals},
            "units": {goal.name: goal.unit for goal in point.goals},
            "objective": point.objective,
            "bound": point.bound if math.isfinite(point.bound) else None,
            "gap": point.gap if math.isfinite(point.gap) else None,
            "status": point.status,
            "taken": opened == found.opened and closed == found.closed,
            "audit": [{"claim": one.what, "claimed": one.claimed, "recomputed": one.found, "ok": one.ok}
                      for one in point.audit],
        }
        for at, (point, (opened, closed)) in enumerate(zip(found.plan.front, found.front_sites, strict=True), 1)
    ]  # fmt: skip


def write_front(found: Planned, folder: Path) -> None:
    """Write ``front.csv`` and ``front.png``; nothing where the plan has no front."""
    if not found.plan.front:
        return
    goals = found.plan.front[0].goals
    head = ["point", "taken", *(_column(goal) for goal in goals), "bound", "gap", "status", "opened", "closed"]
    rows = [
        [one["point"], one["taken"], *(_scaled(goal)[0] for goal in point.goals), one["bound"], one["gap"],
         one["status"], " ".join(one["opened"]), " ".join(one["closed"])]
        for one, point in zip(front_data(found), found.plan.front, strict=True)
    ]  # fmt: skip
    write_table(folder / "front.csv", head, rows)
    _draw(found, folder / "front.png")


def front_sheet(found: Planned, *, korean: bool) -> Sheet:
    """Return the points as a table: goals, plans, proof."""
    goals = found.plan.front[0].goals
    head = ["", *(_name(goal, korean=korean) for goal in goals), "여는 곳" if korean else "opens",
            "닫는 곳" if korean else "closes", "증명" if korean else "proved"]  # fmt: skip
    rows = []
    for one, point in zip(front_data(found), found.plan.front, strict=True):
        mark = f"{one['point']}{' ◀' if one['taken'] else ''}"
        proved = ("예" if korean else "yes") if point.status == "optimal" else f"{point.gap:.1%}"
        rows.append([mark, *(_shown(goal) for goal in point.goals), _some(one["opened"]), _some(one["closed"]), proved])
    title = "고를 수 있는 계획(◀ 이 결과의 계획)" if korean else "Choices (◀ the plan of this result)"
    return Sheet(title, tuple(head), tuple(tuple(row) for row in rows))


def _some(ids: Sequence[str]) -> str:
    """Return the first ids, and how many more there are."""
    if not ids:
        return "–"
    more = len(ids) - _NAMED
    return ", ".join(ids[:_NAMED]) + (f" +{more}" if more > 0 else "")


def _scaled(goal: GoalValue) -> tuple[float, str]:
    """Return a value in the unit that people read, and that unit."""
    if goal.name == "cost":
        return goal.value / _HUNDRED_MILLION, "100m_won"
    if goal.unit == "seconds":
        return goal.value / _MINUTE_S, "minutes"
    return goal.value, goal.unit.replace(" ", "_")


def _column(goal: GoalValue) -> str:
    """Return the heading of a goal in ``front.csv``."""
    unit = _scaled(goal)[1]
    return {"beyond": "people_beyond", "equity": "fgt_2", "sites": "sites", "cost": "cost_100m_won"}.get(
        goal.name, f"{goal.name.removesuffix('_time')}_{unit}"
    )


def _name(goal: GoalValue, *, korean: bool) -> str:
    """Return the name of a goal with its unit."""
    name = _NAMES[goal.name][0 if korean else 1]
    unit = {"seconds": ("분", "min"), "metres": ("m", "m")}.get(goal.unit)
    return f"{name}({unit[0]})" if korean and unit else f"{name} ({unit[1]})" if unit else name


def _shown(goal: GoalValue) -> str:
    """Return a value as people read it."""
    value = _scaled(goal)[0]
    if goal.name == "equity":
        return f"{value:.4f}"
    return f"{value:,.0f}" if goal.name in ("beyond", "sites") or goal.unit == "metres" else f"{value:,.2f}"


def _draw(found: Planned, path: Path) -> None:
    """Draw two goals as a stair, a third one as colour; labels in Korean and English."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    from lifezone.report.maps.fonts import font  # noqa: PLC0415

    front, data = found.plan.front, front_data(found)
    goals = front[0].goals
    values = np.array([[_scaled(goal)[0] for goal in point.goals] for point in front])
    figure = Figure(figsize=(9, 6.2), dpi=120, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    label = [f"{_name(goal, korean=True)} · {_name(goal, korean=False)}" for goal in goals]
    if len(goals) == 2:
        axes.step(values[:, 0], values[:, 1], where="post", color="#9aa0a6", linewidth=1.2, zorder=1)
        axes.scatter(values[:, 0], values[:, 1], s=70, color="#1f5a96", edgecolors="white", zorder=3)
    else:
        dots = axes.scatter(values[:, 0], values[:, 1], c=values[:, 2], cmap="viridis_r", s=90, edgecolors="#202020",
                            linewidths=0.6, zorder=3)  # fmt: skip
        bar = figure.colorbar(dots, ax=axes)
        bar.set_label(label[2], fontproperties=font(15))
    taken = next((at for at, one in enumerate(data) if one["taken"]), None)
    if taken is not None:
        axes.scatter(values[taken, 0], values[taken, 1], s=330, facecolors="none", edgecolors="#b9622a", linewidths=2.4,
                     zorder=4)  # fmt: skip
    _number(axes, values)
    axes.set_xlabel(label[0], fontproperties=font(16))
    axes.set_ylabel(label[1], fontproperties=font(16))
    axes.grid(color="#e3e5e8", linewidth=0.8, zorder=0)
    axes.margins(0.09)
    whole = ("모든 점이 증명됨 · every point proved", "일부만 증명됨 · not all of it proved")[not found.plan.whole]
    axes.set_title(f"파레토 선택지 {len(front)}개 · {len(front)} Pareto choices – {whole}\n"
                   "주황 고리: 이 결과의 계획 · orange ring: the plan of this result",
                   fontproperties=font(16), loc="left")  # fmt: skip
    figure.savefig(path, format="png", metadata={"Software": None})


def _number(axes: Axes, values: np.ndarray) -> None:
    """Write the number of each point beside it, as far as there is room."""
    from lifezone.report.maps.fonts import font  # noqa: PLC0415

    span = np.where(np.ptp(values[:, :2], axis=0) > 0, np.ptp(values[:, :2], axis=0), 1.0)
    written: list[np.ndarray] = []
    for at, place in enumerate(values[:, :2] / span):
        if any(np.hypot(*(place - other)) < _ROOM for other in written):
            continue  # front.csv has it
        written.append(place)
        axes.annotate(str(at + 1), (values[at, 0], values[at, 1]), xytext=(7, 6), textcoords="offset points",
                      fontproperties=font(13), color="#202020", zorder=5)  # fmt: skip
