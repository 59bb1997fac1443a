"""What must be told of the life zones of a function, in Korean and in English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lifezone.model import LifeZone, Threshold
from lifezone.zoning.spec import FunctionSpec

__all__ = ["Note", "notes_of"]

Note = tuple[str, str]
"""One sentence in Korean and in English."""


def notes_of(
    spec: FunctionSpec, threshold: Threshold | None, zones: Sequence[LifeZone], *, acts: bool, alone: bool
) -> Iterator[Note]:
    """Yield what must be told: an upper bound, an association, the border, protected centres, the last centre.

    Args:
        spec: the function.
        threshold: least number of users.
        zones: at the end.
        acts: whether centres below it were dropped.
        alone: nobody beyond the study area was loaded.
    """
    if not zones:
        yield f"{spec.id}: 시설이 하나도 없음", f"{spec.id}: there is no facility"
    if threshold is None:
        if spec.minimum is not None:
            yield (
                f"{spec.id}: 사람이 많을수록 시설이 있다고 할 수 없어 기준 인구를 추정하지 못함",
                f"{spec.id}: no threshold could be fitted: districts with more people do not have one more often",
            )
        return
    if spec.capture >= 1.0:
        yield (
            f"{spec.id}: 이용률 100 %로 계산한 이용자 수는 상한값",
            f"{spec.id}: users are an upper bound: everybody is taken to use what is near (capture 100 %)",
        )
    if alone:
        yield (
            f"{spec.id}: 대상지역 밖 주민을 불러오지 않아 경계 근처 중심의 이용자가 실제보다 적게 셈됨",
            f"{spec.id}: nobody beyond the study area is loaded: users of centres near its border are counted too low",
        )
    if threshold.is_association and (acts or threshold.kind == "survival"):
        yield (
            f"{spec.id}: 기준 {threshold.people:,.0f}은 시설이 있는 곳에서 관찰된 값(연관)이며 비용이 아님",
            f"{spec.id}: the minimum of {threshold.people:,.0f} was observed where such facilities exist: association, "
            "not cost",
        )
    weak = [zone for zone in zones if zone.viable is False]
    kept = [zone.centre for zone in weak if zone.subsidised]
    if kept:
        names = ", ".join(kept)
        yield (
            f"{spec.id}: 최소 인구에 못 미치지만 보호되어 유지: {names}",
            f"{spec.id}: below the minimum but protected, so subsidised: {names}",
        )
    rest = [zone for zone in weak if not zone.subsidised]
    if acts and rest:
        yield (
            f"{spec.id}: 마지막 중심 {rest[0].centre}은 최소 인구에 못 미쳐도 없애지 않음",
            f"{spec.id}: {rest[0].centre} is the last centre and is never dropped, though below the minimum",
        )
    elif rest:
        yield (
            f"{spec.id}: 중심 {len(rest):,}곳이 기준 {threshold.people:,.0f}에 못 미침 (합치지 않고 알리기만 함)",
            f"{spec.id}: {len(rest):,} centres are below the minimum of {threshold.people:,.0f} ({threshold.kind}: "
            "told, not merged)",
        )
