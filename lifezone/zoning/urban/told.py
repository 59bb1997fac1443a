"""What people must be told of urban areas, in Korean and in English."""

from __future__ import annotations

from typing import Final, TypeAlias

__all__ = [
    "NOBODY_STAYS", "NOT_A_GRID", "NO_CENTRE", "NO_SHAPES", "RESTARTED", "Told", "compare_only", "modelled", "no_flows",
    "urban_grid", "waited", "without_city",
]  # fmt: skip

Told: TypeAlias = tuple[str, str]
"""A sentence in Korean and in English."""

NO_SHAPES: Final[Told] = (
    "행정구역 경계가 없어 떨어진 곳(월경지·포위지)을 가려내지 못했습니다",
    "shapes are not known: enclaves and exclaves are not told apart",
)
NO_CENTRE: Final[Told] = (
    "이 기준으로는 중심이 되는 행정구역이 없습니다",
    "no district is a centre by these numbers",
)
RESTARTED: Final[Told] = (
    "흐름만 따라서는 모든 행정구역에 닿을 수 없어 천 걸음에 한 번은 새로 출발하게 했습니다",
    "the walk along flows cannot come from everywhere to everywhere: one step in a thousand starts anew",
)
NOBODY_STAYS: Final[Told] = (
    "표에 자기 행정구역에 머무는 사람이 없어, 비율은 전체 주민이 아니라 나가는 사람 가운데의 몫입니다",
    "nobody stays in their district by this table: shares are of those who leave, not of all residents",
)
NOT_A_GRID: Final[Told] = (
    "인구가 격자가 아니라 점으로 주어져, 점이 성긴 곳에서는 도시중심이 여러 조각으로 나뉠 수 있습니다",
    "people stand at points, not on a grid: where points are sparse an urban centre may fall apart",
)


def modelled(how: str) -> Told:
    """Return that flows were not observed."""
    return (
        f"흐름은 조사값이 아니라 모형값입니다({how}). 등급이나 지정에 쓸 수 없습니다",
        f"flows are modelled ({how}), not observed: no class rests on them",
    )


def compare_only(value: float) -> Told:
    """Return what a partition by modularity is good for."""
    return (
        f"모듈러리티 {value:.4f}: 최소 규모 조건이 없어 비교용입니다",
        f"modularity {value:.4f}: for comparison, it has no least size",
    )


def urban_grid(centres: int, districts: int) -> Told:
    """Return what the population grid holds."""
    return (
        f"인구격자에서 도시중심 {centres:,}곳, 그에 속하는 행정구역 {districts:,}곳을 찾았습니다",
        f"{centres:,} urban centres in the population grid, {districts:,} districts are part of one",
    )


def without_city(centres: int) -> Told:
    """Return that some urban centres make no city."""
    return (
        f"도시중심 {centres:,}곳은 어느 행정구역에서도 인구의 절반에 못 미쳐 도시가 되지 않았습니다",
        f"{centres:,} urban centres hold half of no district and make no city",
    )


def waited(districts: int) -> Told:
    """Return that some districts joined at the end."""
    return (
        f"행정구역 {districts:,}곳은 어느 권역에 넣어도 자족률을 떨어뜨려, 마지막에 가장 가까운 권역에 붙였습니다",
        f"{districts:,} districts made every area less valid; they joined the one they are tied to most at the end",
    )


def no_flows(names: str) -> Told:
    """Return that some districts have no flows at all."""
    return f"드나드는 흐름이 없는 곳: {names}", f"no flows from or to {names}"
