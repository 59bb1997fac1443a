"""What stands in the way of a plan, in sentences a planner can act on, in English and Korean."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

from lifezone.model import Ints
from lifezone.siting.problem import Problem
from lifezone.siting.ruled import SERVES_ALL
from lifezone.siting.why import Conflict

__all__ = ["Said", "length_of", "say", "won"]


_MOST_NAMES: Final = 5


class Said(NamedTuple):
    """A sentence in both languages."""

    en: str
    ko: str


def say(problem: Problem, method: str, found: Conflict, *, share: float = 1.0) -> list[Said]:
    """Return the sentences of a conflict: what cannot be kept together, whom it is about, what would do.

    Args:
        problem: the question.
        method: its method.
        found: why it has no plan.
        share: set_cover: of the people.
    """
    told = []
    if found.rules and found.rules != ("everybody",):
        names = [_name(problem, method, rule, share) for rule in found.rules]
        these = ("this cannot be kept", "다음 조건은 지킬 수 없습니다")
        if len(names) > 1:
            these = ("these cannot all be kept", "다음 조건을 모두 지킬 수는 없습니다")
        told.append(Said(
            f"{these[0]}: {', '.join(name.en for name in names)}",
            f"{these[1]}: {', '.join(name.ko for name in names)}",
        ))  # fmt: skip
    if len(found.alone):
        told.append(_alone(problem, found))
    elif len(found.rows):
        told.append(_cells(problem, found.rows))
    if len(found.units):
        n = len(found.units)
        said = "1 district already makes it so" if n == 1 else f"{n} districts already make it so"
        told.append(Said(said, f"{n}개 지역의 최소 기준만으로도 그렇습니다"))
    told += [_REMEDIES[rule](problem, *amount) for rule, amount in found.remedy.items() if rule in _REMEDIES]
    if found.bound is not None:
        bound = length_of(found.bound, problem.unit)
        particle = "으로" if bound.ko.endswith("분") else "로"
        told.append(
            Said(f"with a bound of {bound.en} there would be a plan", f"기준을 {bound.ko}{particle} 하면 안이 있습니다")
        )
    if not found.sure:
        told.append(
            Said(
                "the search for this was cut short: fewer rules or cells may already make it so",
                "시간이 짧아 끝까지 찾지 못했습니다. 더 적은 조건이나 지점만으로도 그럴 수 있습니다",
            )
        )
    return told


def length_of(cost: float, unit: str) -> Said:
    """Return a time or a length, rounded up so that it is enough."""
    if unit != "seconds":
        metres = math.ceil(cost - 1e-6)
        return Said(f"{metres:,} m", f"{metres:,} m")
    minutes, seconds = divmod(math.ceil(cost - 1e-6), 60)
    if not minutes:
        return Said(f"{seconds} s", f"{seconds}초")
    rest = (f" {seconds} s", f" {seconds}초") if seconds else ("", "")
    return Said(f"{minutes:,} min{rest[0]}", f"{minutes:,}분{rest[1]}")


def won(amount: float) -> Said:
    """Return an amount of money, rounded up to whole won: ``120 million won``, ``1억 2,000만 원``."""
    whole = math.ceil(amount - 1e-6)
    if whole < 10_000 or whole % 10_000:
        return Said(f"{whole:,} won", f"{whole:,}원")
    eok, man = divmod(whole // 10_000, 10_000)
    korean = " ".join(text for n, text in ((eok, f"{eok:,}억"), (man, f"{man:,}만")) if n)
    million = whole / 1_000_000
    return Said(f"{million:,.10g} million won" if million >= 1 else f"{whole:,} won", f"{korean} 원")


def _people(n: float) -> Said:
    """Return a number of people; fewer than five are not told."""
    n = math.ceil(n - 1e-6)
    return Said("1–4 people", "1~4명") if 0 < n < 5 else Said(f"{n:,} people", f"{n:,}명")


def _names(problem: Problem, rows: Ints) -> Said:
    """Return the ids of some cells."""
    names = [str(problem.row_names[i]) if len(problem.row_names) else str(i) for i in rows[:_MOST_NAMES].tolist()]
    text = ", ".join(names)
    if len(rows) <= _MOST_NAMES:
        return Said(text, text)
    return Said(f"{text} … ({len(rows):,} in all)", f"{text} … (모두 {len(rows):,}개)")


def _alone(problem: Problem, found: Conflict) -> Said:
    """Say who is reached by no site, and from which bound on they would be."""
    rows = found.alone
    people, names = _people(float(problem.people[rows].sum())), _names(problem, rows)
    bounds = [length_of(one, problem.unit) for one in sorted(set(problem.bounds[rows].tolist())) if math.isfinite(one)]
    limit_en, limit_ko = (" or ".join(one.en for one in bounds), " 또는 ".join(one.ko for one in bounds))
    within = (f" within {limit_en}", f"{limit_ko} 안에 ") if bounds else ("", "")
    points = "1 demand point is" if len(rows) == 1 else f"{len(rows):,} demand points are"
    return Said(
        f"{points} reached by no allowed site{within[0]}, with {people.en}: {names.en}",
        f"{len(rows):,}개 지점의 {people.ko}은 {within[1]}닿는 후보지가 없습니다: {names.ko}",
    )


def _cells(problem: Problem, rows: Ints) -> Said:
    """Say which cells already make it so."""
    people, names = _people(float(problem.people[rows].sum())), _names(problem, rows)
    return Said(f"{len(rows):,} demand points with {people.en} already make it so: {names.en}",
                f"{people.ko}이 사는 {len(rows):,}개 지점만으로도 그렇습니다: {names.ko}")  # fmt: skip


def _name(problem: Problem, method: str, rule: str, share: float) -> Said:
    """Return a rule in words."""
    number = problem.choose if problem.choose is not None else sum(one or 0 for one in problem.choose_each)
    bounds = set(problem.bounds.tolist())
    alike = len(bounds) == 1 and math.isfinite(max(bounds))
    bound = length_of(max(bounds), problem.unit) if alike else Said("the bound", "기준")
    if rule == "everybody":
        if method in SERVES_ALL:
            return Said("everybody whom any site reaches is served", "닿을 수 있는 사람은 모두 이용해야 함")
        part = (
            Said("everybody", "모두가")
            if share >= 1
            else Said(f"{share * 100:.4g} % of the people", f"인구의 {share * 100:.4g}%가")
        )
        return Said(f"{part.en} within {bound.en}", f"{part.ko} {bound.ko} 안")
    if rule == "number":
        verb = ("close", "닫음") if method == "close" else ("open", "엶")
        most = ("at most ", "까지만 ") if problem.at_most or method == "set_cover" else ("", "을 ")
        return Said(f"{most[0]}{number} sites {verb[0]}", f"{number}곳{most[1]}{verb[1]}")
    if rule in ("budget", "yearly"):
        money = won(problem.budget if rule == "budget" else problem.yearly_budget)
        return Said(
            f"a {'yearly ' * (rule == 'yearly')}budget of {money.en}", f"{'연간 ' * (rule == 'yearly')}예산 {money.ko}"
        )
    return _WORDS[rule]


_WORDS: Final = {
    "never": Said("candidates that may not open", "열 수 없는 후보지"),
    "open": Said("candidates that must open", "반드시 열 후보지"),
    "stay": Said("facilities that stay", "그대로 두는 시설"),
    "swaps": Said("as many close as open", "여는 수만큼 닫음"),
    "apart": Said("sites keep their distance", "시설 사이의 거리"),
    "nearest": Said("people go to the nearest site", "가장 가까운 시설 이용"),
    "kept": Said("nobody is pushed beyond the bound", "아무도 기준 밖으로 밀려나지 않음"),
    "districts": Said("the least coverage of districts or groups", "지역·집단별 최소 이용률"),
    "least_use": Said("the least use of each site", "시설별 최소 이용 인원"),
    "capacity": Said("the capacity of each site", "시설별 정원"),
}


def _number(problem: Problem, breach: float, value: float) -> Said:
    asked = problem.choose
    if asked is None:
        n = round(breach)
        return Said(f"{n} sites more or fewer would do", f"{n}곳을 늘리거나 줄이면 됩니다")
    return Said(f"with {value:.0f} sites instead of {asked} there would be a plan",
                f"{asked}곳이 아니라 {value:.0f}곳이면 안이 있습니다")  # fmt: skip


def _money(limit: Callable[[Problem], float], word: Said) -> Callable[[Problem, float, float], Said]:
    def told(problem: Problem, breach: float, value: float) -> Said:  # noqa: ARG001
        short, enough = won(breach), won(limit(problem) + breach)
        return Said(f"the {word.en} is short by {short.en}: {enough.en} would do",
                    f"{word.ko}이 {short.ko} 모자랍니다. {enough.ko}이면 됩니다")  # fmt: skip

    return told


def _of_people(english: str, korean: str) -> Callable[[Problem, float, float], Said]:
    def told(problem: Problem, breach: float, value: float) -> Said:  # noqa: ARG001
        people = _people(breach)
        return Said(english.format(people=people.en), korean.format(people=people.ko))

    return told


def _of_sites(english: str, korean: str) -> Callable[[Problem, float, float], Said]:
    def told(problem: Problem, breach: float, value: float) -> Said:  # noqa: ARG001
        return Said(english.format(n=round(breach)), korean.format(n=round(breach)))

    return told


_REMEDIES: Final[dict[str, Callable[[Problem, float, float], Said]]] = {
    "number": _number,
    "budget": _money(lambda problem: problem.budget, Said("budget", "예산")),
    "yearly": _money(lambda problem: problem.yearly_budget, Said("yearly budget", "연간 예산")),
    "capacity": _of_people("places for {people} more would do", "{people}분의 자리가 더 있으면 됩니다"),
    "least_use": _of_people(
        "the sites together are {people} short of their least use",
        "시설을 다 합해 최소 이용 인원에 {people} 모자랍니다",
    ),
    "districts": _of_people(
        "at best, {people} are missing to the least coverage", "가장 나은 안에서도 최소 이용률에 {people} 모자랍니다"
    ),
    "kept": _of_people(
        "at best, {people} are pushed beyond the bound", "가장 나은 안에서도 {people}이 기준 밖으로 밀려납니다"
    ),
    "everybody": _of_people("at best, {people} are left out", "가장 나은 안에서도 {people}이 빠집니다"),
    "open": _of_sites("without {n} of the sites that must open there would be a plan",
                      "반드시 열 곳 가운데 {n}곳을 빼면 안이 있습니다"),
    "never": _of_sites("if {n} of the sites that may not open could, there would be a plan",
                       "열 수 없는 곳 가운데 {n}곳을 열 수 있으면 안이 있습니다"),
    "stay": _of_sites("if {n} of the facilities that stay could close, there would be a plan",
                      "그대로 두는 시설 가운데 {n}곳을 닫을 수 있으면 안이 있습니다"),
    "nearest": _of_sites("with people sent to other sites than the nearest (assignment: system) there would be a plan",
                         "가장 가까운 곳이 아닌 시설로도 보낼 수 있으면(assignment: system) 안이 있습니다"),
    "swaps": _of_sites("if closings need not match openings there would be a plan",
                       "여는 수와 닫는 수가 달라도 되면 안이 있습니다"),
    "apart": _of_sites("with a smaller distance between sites there would be a plan",
                       "시설 사이의 거리를 줄이면 안이 있습니다"),
}  # fmt: skip
"""For each rule, what would do: (question, least breach, what the plan with it has)."""
