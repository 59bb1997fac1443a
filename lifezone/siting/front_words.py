"""Sentences on a Pareto front, in English and Korean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

__all__ = ["told_of_front", "told_of_steps", "told_of_taken"]

_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "cost": ("cost", "비용"),
    "mean_time": ("mean trip", "평균 이동"),
    "worst_time": ("longest trip", "가장 먼 이동"),
    "beyond": ("people beyond the bound", "기준을 넘는 사람"),
    "equity": ("inequality (FGT 2)", "불평등(FGT 2)"),
    "sites": ("facilities", "시설 수"),
}
_UNITS: Final[Mapping[str, tuple[float, str, str]]] = {
    "seconds": (60.0, " min", "분"),
    "won": (1e8, " × 100 million won", "억 원"),
    "people": (1.0, "", "명"),
    "metres": (1.0, " m", "m"),
    "sites": (1.0, "", "곳"),
}
"""What one of the words stands for, and the words."""
_TOLD: Final = 3
"""Parts of a front named where points may be missing."""

Pair = tuple[str, str]


def told_of_front(n: int, left: Sequence[Mapping[str, float]], unit_of: Callable[[str], str]) -> Pair:
    """Say whether the front is whole, and if not, where points may be missing.

    Args:
        n: points found.
        left: limits by goal of every part that was not searched to the end.
        unit_of: unit of a goal.
    """
    if not left:
        return (
            f"the front is whole: {n} points, and every other plan is beaten by one of them",
            f"선택지 {n}개가 전부입니다. 다른 모든 안은 이 가운데 하나보다 못합니다",
        )
    parts = [_part(limits, unit_of) for limits in left[:_TOLD]]
    more = len(left) - _TOLD
    return (
        f"the search ended with {n} points: better ones may be missing with {'; with '.join(one[0] for one in parts)}"
        + (f" and {more} parts more" if more > 0 else ""),
        f"선택지 {n}개를 찾고 멈췄습니다. 더 나은 안이 빠졌을 수 있는 곳: {'; '.join(one[1] for one in parts)}"
        + (f" 등 {more}곳 더" if more > 0 else ""),
    )  # fmt: skip


def _part(limits: Mapping[str, float], unit_of: Callable[[str], str]) -> Pair:
    """Name a part of a front by its limits."""
    english, korean = [], []
    for goal, limit in limits.items():
        if np.isfinite(limit):
            size, one, other = _UNITS.get(unit_of(goal), (1.0, "", ""))
            english.append(f"{_NAMES[goal][0]} up to {limit / size:,.6g}{one}")
            korean.append(f"{_NAMES[goal][1]} {limit / size:,.6g}{other} 이하")
    return " and ".join(english) or "any values", "이면서 ".join(korean) or "전체"


def told_of_steps(steps: Sequence[tuple[str, float | None]]) -> Pair:
    """Say which values count as one; a step of None is a millionth of the largest value."""
    english = ", ".join(f"{_NAMES[goal][0]} {'a millionth of the largest value' if step is None else f'{step:g}'}"
                        for goal, step in steps)  # fmt: skip
    korean = ", ".join(f"{_NAMES[goal][1]} {'가장 큰 값의 100만분의 1' if step is None else f'{step:g}'}"
                       for goal, step in steps)  # fmt: skip
    return (
        f"values nearer to each other than a step count as one: {english}",
        f"차이가 이보다 작은 값은 같게 봅니다: {korean}",
    )


def told_of_taken(at: int, n: int, *, asked: bool) -> Pair:
    """Say which point is the plan, and why."""
    if asked:
        return (
            f"point {at} of {n} is the plan: as asked",
            f"선택지 {n}개 가운데 {at}번이 이 결과의 계획입니다(요청대로)",
        )
    return (
        f"point {at} of {n} is the plan: the knee, nearest to the best of every goal",
        f"선택지 {n}개 가운데 {at}번이 이 결과의 계획입니다(모든 목표에서 가장 좋은 값에 가장 가까운 균형점)",
    )
