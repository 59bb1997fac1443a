"""The words in which plans are told, in Korean and English: methods, objectives in units that people read, proof."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final

from lifezone.model import Kind, Plan, Planned, Requirement, SiteUse
from lifezone.standards.disclosure import shown_group

__all__ = [
    "NO_PLAN", "STATES", "aim", "amount", "kind_name", "money", "noted", "objective", "proof", "rule_words",
    "site_name",
]  # fmt: skip

Pair = tuple[str, str]

_AIMS: Final[Mapping[str, Pair]] = {
    "set_cover": ("모두(또는 정한 비율)가 한도 안에 들게 가장 적은 시설로",
                  "the fewest that bring everybody (or the share asked for) within the bound"),
    "max_cover": ("한도 안에 드는 사람이 가장 많게", "most people within the bound"),
    "backup_cover": ("한도 안에 둘째 시설까지 있는 사람이 가장 많게", "most people with a second one within the bound"),
    "p_median": ("모두의 이동을 더해 가장 적게", "least travel of all people together"),
    "p_center": ("가장 먼 사람의 이동이 가장 짧게", "shortest trip of whoever has it worst"),
    "close": ("문을 닫아도 이동이 가장 적게 늘게", "closing with the least travel afterwards"),
    "p_dispersion": ("서로 가장 멀리 떨어지게", "as far from one another as possible"),
    "equity": ("불리한 사람에게 가장 유리하게", "best for those who are worst off"),
    "desert_first": ("생활사막에서 벗어나는 사람이 가장 많게", "most people lifted out of life deserts"),
    "portfolio": ("예산 안의 사업 묶음", "a portfolio of projects within the budget"),
    "pareto": ("목표 사이의 선택지", "choices between goals"),
}  # fmt: skip
STATES: Final[Mapping[str, Pair]] = {
    "opened": ("여는 곳", "opened"), "closed": ("닫는 곳", "closed"), "kept": ("그대로", "kept"),
}  # fmt: skip
NO_PLAN: Final[Mapping[str, Pair]] = {
    "infeasible": ("모든 규칙을 지키는 계획이 없음", "no plan keeps every rule"),
    "unknown": ("시간 안에 계획을 찾지 못함", "no plan was found in time"),
}
"""What is told where a question has no answer, by the plan's status."""
_MODES: Final[Mapping[str, Pair]] = {
    "car": ("자동차", "by car"), "walk": ("걸어서", "on foot"), "bicycle": ("자전거", "by bicycle"),
    "transit": ("대중교통", "by public transport"),
}  # fmt: skip
_NOTES: Final[Mapping[str, str]] = {
    "candidates are places on the map: legal feasibility not checked":
        "후보지는 지도 위의 지점일 뿐: 법적으로 가능한지는 확인하지 않음",
    "before the plan everybody is taken to go to the nearest, seats not counted":
        "계획 전은 자리를 세지 않고 모두 가장 가까운 곳을 쓴다고 봄",
    "separations of sites are straight lines, not ways": "시설 사이 거리는 길이 아니라 직선으로 잼",
    "the plan's sites cannot take everybody within the rules then": "이때는 이 계획의 시설만으로 규칙을 지키며 모두를 "
        "받을 수 없음",
    "some people cannot be reached from the plan's sites then": "이때는 이 계획의 시설에 갈 수 없는 사람이 있음",
}  # fmt: skip
"""Notes that every study may get; others stay in the words they were written in."""


_BEYOND: Final = re.compile(r"([\d,]+) facilities beyond the study area stay open: .*")
_WHOLE: Final = re.compile(r"the front is whole: ([\d,]+) points?,.*")
_POINT: Final = re.compile(r"point (\d+) of (\d+) is the plan(: the knee.*|: as asked)?")
_NOBODY: Final = re.compile(r"([\d,]+) of ([\d,]+) candidates are in reach of nobody")
_REACH: Final = re.compile(r"trips of more than (\S+) (\w+) are not looked at \(reach\).*")
_CLOSING: Final = re.compile(r"closing costs of ([\d,]+) facilities are not told, taken as 0")
_WEIGHTS: Final = "people are counted by weights: "


def aim(method: str) -> Pair:
    """Return what a method looks for."""
    return _AIMS.get(method, (method, method.replace("_", " ")))


def kind_name(kind: str, kinds: Mapping[str, Kind]) -> Pair:
    """Return the name of a kind, its key where the table does not know it."""
    known = kinds.get(kind)
    return (kind, kind.replace("_", " ")) if known is None else (known.name_ko or kind, known.name_en or kind)


def rule_words(rule: Requirement) -> Pair:
    """Return mode and bound: ``자동차 15분`` and ``15 min by car``."""
    korean, english = _MODES.get(rule.mode, (rule.mode, f"by {rule.mode}" if rule.mode else ""))
    if rule.bound is None:
        return korean, english
    bound = amount(rule.bound, "seconds" if rule.metric == "time" else "metres")
    return f"{korean} {bound[0]}".strip(), f"{bound[1]} {english}".strip()


def amount(value: float | None, unit: str) -> Pair:
    """Return seconds in minutes, metres in m or km."""
    if value is None or not math.isfinite(value):
        return "", ""
    if unit == "seconds":
        minutes = value / 60
        text = f"{minutes:,.0f}" if minutes == round(minutes) else f"{minutes:,.1f}"
        return f"{text}분", f"{text} min"
    text = f"{value / 1000:,.1f} km" if value >= 1000 else f"{value:,.0f} m"
    return text, text


def money(won: float | None) -> Pair:
    """Return an amount of money with thousands."""
    return ("", "") if won is None else (f"{won:,.0f}원", f"{won:,.0f} won")


def site_name(use: SiteUse) -> str:
    """Return a site's name with its id, or the id alone."""
    return f"{use.name} ({use.id})" if use.name and use.name != use.id else use.id


def objective(found: Planned, value: float, *, disclose: bool = False) -> Pair:
    """Return a value of the plan's objective in units that people read."""
    plan, reached = found.plan, found.people - found.unreached
    if not math.isfinite(value):
        return "–", "–"
    if plan.unit == "people":
        count = shown_group(value, disclose=disclose)
        share = f" ({100 * value / found.people:.1f} %)" if found.people > 0 and not count.startswith("<") else ""
        return f"{count}명{share}", f"{count} people{share}"
    if plan.unit in ("people·seconds", "people·metres"):
        scale, korean, english = (60.0, "인·분", "person-minutes") if plan.unit.endswith("seconds") else (
            1000.0, "인·km", "person-km")  # fmt: skip
        each = amount(value / reached, plan.unit.split("·")[1]) if reached > 0 else ("", "")
        total = f"{value / scale:,.0f}"
        return f"{total} {korean}(1인 평균 {each[0]})", f"{total} {english} ({each[1]} a person on average)"
    if plan.unit == "sites":
        return f"{value:,.0f}곳", f"{value:,.0f} {'site' if round(value) == 1 else 'sites'}"
    if plan.unit in ("seconds", "metres"):
        return amount(value, plan.unit)
    if plan.unit == "won":
        return money(value)
    return f"{value:,.6g} {plan.unit}", f"{value:,.6g} {plan.unit}"


def proof(found: Planned, *, disclose: bool = False) -> Pair:
    """Say how good a plan is at best: proved best, or how far at most from what no plan can beat."""
    plan: Plan = found.plan
    bound = objective(found, plan.bound, disclose=disclose)
    if plan.status == "optimal" and plan.front and plan.whole:
        return ("증명됨: 모든 목표에서 이만큼 좋으면서 하나라도 더 나은 계획은 없음",
                "proved: no plan is as good in every goal and better in one")  # fmt: skip
    if plan.status == "optimal":
        return (f"이보다 나은 계획이 없음이 증명됨 (한계값 {bound[0]}, 차이 0 %)",
                f"proved best: no plan does better (bound {bound[1]}, gap 0 %)")  # fmt: skip
    gap = f"{100 * plan.gap:.2f} %" if math.isfinite(plan.gap) else "?"
    return (f"가장 좋은 계획인지는 증명되지 않음: 어떤 계획도 {bound[0]}보다 나을 수 없고, 차이는 많아야 {gap}",
            f"not proved best: no plan can beat {bound[1]}, so this one is at most {gap} away")  # fmt: skip


def noted(text: str) -> Pair:
    """Return a note in Korean, where it is one that every study may get, and as written."""
    beyond = _BEYOND.fullmatch(text)
    if beyond is not None:
        return f"대상지역 밖의 시설 {beyond[1]}곳은 이 지역이 닫을 수 없으므로 그대로 둠", text
    whole, point = _WHOLE.fullmatch(text), _POINT.fullmatch(text)
    if whole is not None:
        return f"빠진 선택지가 없음이 증명됨: {whole[1]}개 점, 다른 모든 계획은 이 가운데 하나보다 못함", text
    if point is not None:
        knee = ": 모든 목표의 최선에 가장 가까운 점" if (point[3] or "").startswith(": the knee") else ""
        return f"{point[2]}개 가운데 {point[1]}번째 점을 계획으로 삼음{knee}", text
    nobody, reach, closing = _NOBODY.fullmatch(text), _REACH.fullmatch(text), _CLOSING.fullmatch(text)
    if nobody is not None:
        return f"후보지 {nobody[2]}곳 가운데 {nobody[1]}곳에는 갈 수 있는 사람이 없음", text
    if reach is not None:
        unit = {"seconds": "초", "metres": "m"}.get(reach[2], reach[2])
        return f"후보지가 많아 {reach[1]}{unit}보다 먼 이동은 보지 않음(reach)", text
    if closing is not None:
        return f"시설 {closing[1]}곳은 닫는 비용을 알 수 없어 0으로 봄", text
    if text.startswith(_WEIGHTS):
        return f"가중치를 두어 센 사람: {text.removeprefix(_WEIGHTS)}", text
    return _NOTES.get(text, text), text
