"""What the terminal tells of a plan: what opens and closes, how good it is at best, its sites, who wins and loses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lifezone.model import TOTAL, ExtraTravel, Kind, LaterYear, Planned, Plans, SiteUse, WhoRow
from lifezone.report.fronts import front_sheet
from lifezone.report.pages import Lines, Page, Sheet
from lifezone.report.plan_words import (
    NO_PLAN,
    STATES,
    aim,
    amount,
    kind_name,
    money,
    noted,
    objective,
    proof,
    rule_words,
    site_name,
)
from lifezone.report.portfolio import portfolio_page
from lifezone.standards.disclosure import LEAST_GROUP, shown_group

__all__ = ["plan_page", "plans_page"]

_MOST_SITES: Final = 20
_MOST_NAMED: Final = 12
_MOST_DISTRICTS: Final = 8
_MOST_WARNINGS: Final = 12
_ALL: Final = "all"
_RANK: Final = {"opened": 0, "closed": 1, "kept": 2}


def plan_page(
    name: str, found: Planned, kinds: Mapping[str, Kind], *, language: str = "en", disclose: bool = False
) -> list[Sheet | Lines]:
    """Return what is told of one plan.

    Args:
        name: the variant.
        found: its plan.
        kinds: names of kinds.
        language: ``ko`` or ``en``.
        disclose: show counts of fewer than 10 people as they are.
    """
    if found.portfolio is not None:
        return portfolio_page(name, found, found.portfolio, language=language)
    return _Page(name, found, kinds, korean=language == "ko", disclose=disclose).parts()


def plans_page(result: Plans, out: Path, *, language: str = "en", disclose: bool = False) -> Page:
    """Return what ``lifezone siting`` prints: every plan, and where the files are."""
    parts: list[Sheet | Lines] = []
    for name, told, found in result.plans:
        own = plan_page(name, found, result.kinds, language=language, disclose=disclose)
        parts += [*own[:1], *([Lines("변형" if language == "ko" else "edits first", told)] if told else []), *own[1:]]
    if result.provenance.warnings:
        hidden = len(result.provenance.warnings) - _MOST_WARNINGS
        more = (f"… {hidden} more: manifest.json",) if hidden > 0 else ()
        parts.append(
            Lines("알림" if language == "ko" else "Notes", (*result.provenance.warnings[:_MOST_WARNINGS], *more))
        )
    return [*parts, _files(result, out, korean=language == "ko")]


def _files(result: Plans, out: Path, *, korean: bool) -> Lines:
    """Say where the files are."""
    first = result.plans[0][0]
    told = [
        (f"{first}/plan.json", "계획, 한계값, 감사", "plan, bound, audit"),
        (f"{first}/plan.csv", "시설별 이용", "use of every facility"),
        (f"{first}/front.png", "파레토 선택지 그림", "picture of the choices"),
        (f"{first}/front.csv", "파레토 선택지 표", "table of the choices"),
        (f"{first}/projects.csv", "사업별 시기와 가치", "years and worth of every project"),
        (f"{first}/years.csv", "연도별 지출과 효과", "money and benefit of every year"),
        (f"{first}/schedule.png", "사업 일정", "the years as bars"),
        (f"{first}/who.csv", "누가 얻고 누가 잃나", "who gains and who loses"),
        (
            f"{first}/extra_travel.csv",
            "닫는 시설을 쓰던 사람의 추가 이동",
            "extra travel of those whose facility closes",
        ),
        (f"{first}/maps", "지도", "maps"),
        ("result.gpkg", "GIS 레이어", "GIS layers"),
        ("result.xlsx", "나눠 줄 표", "the tables for handing on"),
        ("manifest.json", "입력, 설정, 해시", "inputs, settings, hashes"),
    ]
    lines = tuple(
        f"{out / name} – {here if korean else english}" for name, here, english in told if (out / name).exists()
    )
    return Lines("결과 파일" if korean else "Files", lines)


class _Page:
    """One plan in one language."""

    def __init__(self, name: str, found: Planned, kinds: Mapping[str, Kind], *, korean: bool, disclose: bool) -> None:
        self.name, self.found, self.kinds = name, found, kinds
        self.korean, self.disclose = korean, disclose

    def parts(self) -> list[Sheet | Lines]:
        """Return the sections."""
        found = self.found
        if found.plan.status in NO_PLAN:
            none = self.pick(NO_PLAN[found.plan.status])
            return [Lines(self._title(), (none, *self._reasons(), *self._notes()))]
        parts: list[Sheet | Lines] = [Lines(self._title(), tuple(self._headlines()))]
        if found.plan.front:
            parts.append(front_sheet(found, korean=self.korean))
        if found.sites:
            parts.append(self._sites())
        if found.who:
            for kind in dict.fromkeys(row.kind for row in found.who):
                rows = [row for row in found.who if row.kind == kind]
                parts += [self._groups(rows), *self._districts(rows)]
        return parts

    def say(self, korean: str, english: str) -> str:
        """Choose the wording."""
        return korean if self.korean else english

    def pick(self, pair: tuple[str, str]) -> str:
        """Choose from a pair."""
        return pair[0] if self.korean else pair[1]

    def count(self, people: float) -> str:
        """Write a number of people by the disclosure rule."""
        return shown_group(people, disclose=self.disclose)

    def _title(self) -> str:
        """Say what was asked."""
        found = self.found
        what = [
            f"{self.pick(kind_name(rule.kinds[0], self.kinds))} {self.pick(rule_words(rule))}" for rule in found.rules
        ]
        asked = ", ".join(one.strip() for one in what) or self.pick(kind_name(found.kind, self.kinds))
        return f"{self.name} – {asked}: {self.pick(aim(found.plan.method))}"

    def _headlines(self) -> list[str]:
        """Say what opens and closes, how good that is, and what must be known."""
        found, plan = self.found, self.found.plan
        lines = []
        for state, ids in (("opened", found.opened), ("closed", found.closed)):
            if ids:
                lines.append(self._named(state, ids))
        if not found.opened and not found.closed:
            lines.append(self.say("아무것도 열거나 닫지 않음", "nothing opens or closes"))
        price = self._price()
        lines += [price] if price else []
        value = self.pick(objective(found, plan.objective, disclose=self.disclose))
        lines.append(f"{self.say('목표값', 'objective')}: {value} [{plan.method}]")
        lines.append(self.pick(proof(found, disclose=self.disclose)))
        lines += self._out_of_reach()
        lines += [line for extra in found.extra for line in self._extra(extra)]
        lines += [self._later(year) for year in found.later]
        lines.append(self.say(
            f"감사: {len(plan.audit)}개 항목을 이동 시간에서 따로 다시 계산해 모두 맞음",
            f"audit: {len(plan.audit)} claims computed again from the travel times by other code, all hold",
        ))  # fmt: skip
        return [*lines, *self._reasons(), *self._notes()]

    def _named(self, state: str, ids: tuple[str, ...]) -> str:
        """Name the sites that open or close."""
        names = {use.id: site_name(use) for use in self.found.sites}
        told = ", ".join(names.get(one, one) for one in ids[:_MOST_NAMED])
        hidden = len(ids) - _MOST_NAMED
        more = self.say(f" 외 {hidden:,}곳", f" and {hidden:,} more") if hidden > 0 else ""
        verb = self.say("여는 곳", "opens") if state == "opened" else self.say("닫는 곳", "closes")
        return f"{verb} {self.say(f'{len(ids):,}곳', f'{len(ids):,}')}: {told}{more}"

    def _price(self) -> str:
        """Say what opening costs, where every cost is known."""
        costs = [use.cost for use in self.found.sites if use.state == "opened"]
        known = [cost for cost in costs if cost is not None]
        if not known:
            return ""
        part = "" if len(known) == len(costs) else self.say(
            f" ({len(costs) - len(known)}곳은 비용 없음)", f" ({len(costs) - len(known)} without a cost)")  # fmt: skip
        return f"{self.say('여는 비용', 'cost of opening')}: {self.pick(money(sum(known)))}{part}"

    def _out_of_reach(self) -> list[str]:
        """Say how many people the objective leaves out."""
        found = self.found
        if found.unreached <= 0:
            return []
        whom, total = self.count(found.unreached), f"{found.people:,.0f}"
        if found.plan.unit == "people" or found.plan.method == "set_cover":
            return [self.say(f"{total}명 가운데 {whom}명은 어느 후보지에서도 한도 밖",
                             f"{whom} of {total} people are beyond the bound of every site")]  # fmt: skip
        return [self.say(f"{total}명 가운데 {whom}명은 어느 곳에도 갈 수 없어 목표값에서 뺌",
                         f"{whom} of {total} people can reach no site and are left out of the objective")]  # fmt: skip

    def _extra(self, extra: ExtraTravel) -> list[str]:
        """Say how much farther people go whose facility closes."""
        mean, p90, worst, trip = (
            self.pick(amount(value, extra.unit)) for value in (extra.mean, extra.p90, extra.worst, extra.worst_trip)
        )
        whom = self.count(extra.people)
        few = 0 < extra.people < LEAST_GROUP and not self.disclose  # a few people's trips tell where they live
        if extra.mean is None or few:
            lines = [self.say(f"닫는 시설을 쓰던 {whom}명", f"{whom} people used what closes")]
        else:
            lines = [self.say(
                f"닫는 시설을 쓰던 {whom}명은 평균 {mean}, 열에 아홉은 {p90} 이하, 많게는 {worst} 더 감 "
                f"(가장 먼 사람 {trip})",
                f"{whom} people used what closes: {mean} farther on average, at most {p90} for nine in ten, "
                f"{worst} at worst (longest trip {trip})",
            )]  # fmt: skip
        if extra.beyond is not None:
            lines.append(self.say(f"한도 밖으로 밀려나는 사람 {self.count(extra.beyond)}명",
                                  f"{self.count(extra.beyond)} people are pushed beyond the bound"))  # fmt: skip
        if extra.cut_off > 0:
            lines.append(self.say(f"갈 곳이 없어지는 사람 {self.count(extra.cut_off)}명",
                                  f"{self.count(extra.cut_off)} people no longer reach any"))  # fmt: skip
        return lines

    def _later(self, later: LaterYear) -> str:
        """Say how the plan fares in a later year."""
        head = self.say(f"{later.year}년 {later.people:,.0f}명", f"{later.year}, {later.people:,.0f} people")
        notes = "; ".join(self.pick(noted(note)) for note in later.notes)
        if later.is_best:
            return f"{head}: {self.say('이 계획이 여전히 최선', 'the plan is still the best')}"
        if later.worse is None:
            broken = self.say("이 계획은 규칙을 지키지 못함", "the plan no longer keeps every rule")
            return f"{head}: {broken}{f': {notes}' if notes else ''}"
        behind = "<0.1 %" if later.worse < 0.001 else f"{100 * later.worse:.1f} %"
        sites = [*(f"+{one}" for one in later.opened), *(f"−{one}" for one in later.closed)][:_MOST_NAMED]
        return self.say(
            f"{head}: 그때의 최선({', '.join(sites) or '그대로'})보다 {behind} 못함",
            f"{head}: {behind} behind the best of then ({', '.join(sites) or 'nothing changes'})",
        )  # fmt: skip

    def _reasons(self) -> tuple[str, ...]:
        """Return why there is no plan, or what else must be known."""
        plan = self.found.plan
        if self.korean and plan.reasons_ko:
            return plan.reasons_ko
        return tuple(self.pick(noted(reason)) for reason in plan.reasons)

    def _notes(self) -> list[str]:
        return [self.pick(noted(note)) for note in self.found.notes]

    def _sites(self) -> Sheet:
        """Return the table of sites: those that open or close first, then those that people use most."""
        found, sites = self.found, self.found.sites
        order = sorted(range(len(sites)), key=lambda at: (_RANK[sites[at].state], -sites[at].people))
        used = [at for at in order if sites[at].state != "kept" or sites[at].people + sites[at].people_before]
        hidden = len(sites) - len(used[:_MOST_SITES])
        bounded = found.has_bound
        head = [self.say("시설", "facility"), self.say("상태", "state"), self.say("이용(전)", "people before"),
                self.say("이용(후)", "people after")]  # fmt: skip
        head += [self.say("한도 안", "within")] if bounded else []
        head += [self.say("평균", "mean"), self.say("가장 먼 사람", "worst")]
        priced = any(use.cost is not None for use in found.sites)
        head += [self.say("비용(원)", "cost (won)")] if priced else []
        head += [self.say(f"{one.year}년 이용", f"people {one.year}") for one in found.later]
        rows = tuple(self._site(at, found.sites[at], bounded=bounded, priced=priced) for at in used[:_MOST_SITES])
        title = self.say("시설별 이용", "Facilities of the plan")
        if hidden > 0:
            title += self.say(f" (그 밖의 {hidden:,}곳은 plan.csv)", f" ({hidden:,} more in plan.csv)")
        return Sheet(title, tuple(head), rows, words=2)

    def _site(self, at: int, use: SiteUse, *, bounded: bool, priced: bool) -> tuple[str, ...]:
        unit = "seconds" if self.found.is_timed else "metres"
        small = 0 < use.people < LEAST_GROUP and not self.disclose  # a few people's trips tell where they live
        cells = [site_name(use), self.pick(STATES[use.state]), self.count(use.people_before), self.count(use.people)]
        cells += [self.count(use.within or 0.0)] if bounded else []
        cells += ["" if small else self.pick(amount(value, unit)) for value in (use.mean, use.worst)]
        cells += ["" if use.cost is None else f"{use.cost:,.0f}"] if priced else []
        cells += ["" if one.use is None else self.count(one.use[at]) for one in self.found.later]
        return tuple(cells)

    def _of(self, row: WhoRow) -> str:
        """Name the kind where a plan is of several."""
        several = len({one.kind for one in self.found.who}) > 1
        return f", {self.pick(kind_name(row.kind, self.kinds))}" if several else ""

    def _groups(self, told: list[WhoRow]) -> Sheet:
        """Return who wins and loses in the whole area, by group."""
        rows = [row for row in told if row.district == _ALL]
        title = self.say("누가 얻고 누가 잃나: 집단별", "Who gains and who loses, by group") + self._of(told[0])
        return self._who(title, rows, self.say("집단", "group"), [row.group for row in rows])

    def _districts(self, told: list[WhoRow]) -> list[Sheet]:
        """Return the districts where most people gain or lose, for everybody or the first group counted."""
        groups = [row.group for row in told if row.district == _ALL]
        group = TOTAL if TOTAL in groups else groups[0]
        rows = [row for row in told if row.district != _ALL and row.group == group]
        moved = [row for row in rows if row.winners + row.losers > 0]
        moved.sort(key=lambda row: (-(row.winners + row.losers), row.district))
        if not moved:
            return []
        title = self.say(f"누가 얻고 누가 잃나: 지역별({group})", f"Who gains and who loses, by district ({group})")
        title += self._of(told[0])
        if len(moved) > _MOST_DISTRICTS:
            title += self.say(f", 외 {len(moved) - _MOST_DISTRICTS}곳은 who.csv",
                              f", {len(moved) - _MOST_DISTRICTS} more in who.csv")  # fmt: skip
        moved = moved[:_MOST_DISTRICTS]
        return [self._who(title, moved, self.say("지역", "district"), [row.name or row.district for row in moved])]

    def _who(self, title: str, rows: list[WhoRow], first: str, names: list[str]) -> Sheet:
        bounded = any(row.covered_after is not None for row in rows)
        head = [first, self.say("사람", "people"), self.say("나아짐", "gain"), self.say("평균", "mean"),
                self.say("나빠짐", "lose"), self.say("평균", "mean")]  # fmt: skip
        head += [self.say("한도 안(전)", "within before"), self.say("한도 안(후)", "within after"),
                 self.say("새로 듦", "newly within"), self.say("밀려남", "pushed out")] if bounded else []  # fmt: skip
        made = []
        for name, row in zip(names, rows, strict=True):
            cells = [name, self.count(row.people), self.count(row.winners), self._mean(row.mean_won, row.winners, row),
                     self.count(row.losers), self._mean(row.mean_lost, row.losers, row)]  # fmt: skip
            if bounded:
                cells += [self.count(value or 0.0) for value in (row.covered_before, row.covered_after,
                                                                 row.newly_covered, row.no_longer_covered)]  # fmt: skip
            made.append(tuple(cells))
        return Sheet(title, tuple(head), tuple(made), words=1)

    def _mean(self, value: float | None, people: float, row: WhoRow) -> str:
        """Write a mean gain or loss; not of a few people."""
        if value is None or (people < LEAST_GROUP and not self.disclose):
            return ""
        return self.pick(amount(value * (60.0 if row.unit == "min" else 1.0), "seconds" if row.unit == "min" else "m"))
