"""The short answer after a run, what ``check`` found, and the packaged standards: for the terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from rich.console import Console

from lifezone.model import TOTAL, Assessment, Kind, Reason, Requirement, Result, Standard, Variant, World
from lifezone.progress import peak_mib
from lifezone.report.disclosure import counted
from lifezone.report.pages import Lines, Page, Sheet, show
from lifezone.report.tables import ALL, Tables, tables_of
from lifezone.standards.disclosure import shown_desert, shown_group
from lifezone.standards.judge import effective_group
from lifezone.standards.rows import ChangeRow, SummaryRow

__all__ = ["print_check", "print_result", "print_standard", "print_standards", "result_page"]

_MOST_VARIANTS: Final = 4
_MOST_DESERTS: Final = 5
_SHORTEST_TOLD_S: Final = 0.05
_MOST_WARNINGS: Final = 20
_MANY_OFF: Final = 0.05
"""Share of people off the roads from which on the road file itself is in doubt."""
_CAVEAT: Final = re.compile(r"(?<=for people: ).*|[\d,.<]+")
"""What differs between the same caveat of two variants: the counts, and the requirements they are told for."""


class Checked(Protocol):
    """What ``check`` hands over: a scenario read in full."""

    @property
    def world(self) -> World:
        """The world as it is."""
        ...

    @property
    def standard(self) -> Standard:
        """What judges it."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What was assumed."""
        ...

    @property
    def inputs(self) -> Sequence[Mapping[str, Any]]:
        """Files read."""
        ...


def print_result(
    result: Result, out: Path, *, tables: Tables | None = None, disclose: bool = False, console: Console | None = None
) -> None:
    """Print the short answer of a run: coverage before and after, deserts, caveats, where the files are."""
    made = tables_of(result) if tables is None else tables
    show(result_page(result, out, made, disclose=disclose), console)


def result_page(result: Result, out: Path, tables: Tables, *, disclose: bool = False) -> Page:
    """Return what :func:`print_result` prints."""
    coverage = _coverage(result, tables, disclose)
    page: list[Sheet | Lines] = [_people(result), coverage, *_without_car(result, tables, disclose)]
    page += _deserts(result, tables, disclose)
    caveats = _caveats(result, disclose)
    if caveats:
        page.append(Lines("쓰기 전에 알 것 / Know before you use it", caveats))
    warnings = list(dict.fromkeys([*result.provenance.warnings, *_warnings(result)]))
    if warnings:
        more = [f"… {len(warnings) - _MOST_WARNINGS} more in manifest.json"] if len(warnings) > _MOST_WARNINGS else []
        page.append(
            Lines(f"알림 {len(warnings)}건 / {len(warnings)} warnings", tuple(warnings[:_MOST_WARNINGS] + more))
        )
    page.append(_files(result, out))
    return page


def print_steps(result: Result, console: Console | None = None) -> None:
    """Print how long each step of a run took, and the most memory it held."""
    seconds: Mapping[str, float] = result.provenance.run.get("seconds", {})
    told = ", ".join(f"{name} {took:.1f} s" for name, took in seconds.items() if took >= _SHORTEST_TOLD_S)
    peak = peak_mib()
    memory = "" if peak is None else f"; {peak:,} MiB"
    show([Lines("걸린 시간 / Time taken", (f"{sum(seconds.values()):.1f} s: {told}{memory}",))], console)


def print_check(built: Checked, console: Console | None = None) -> None:
    """Print what a scenario holds that has no fault."""
    world = built.world
    demand, supply = world.demand, world.facilities
    judged = sum(rule.bound is not None for rule in built.standard.requirements)
    inside = demand.inside
    lines = [
        f"{float(demand.total[inside].sum()):,.0f} people at {int(inside.sum()):,} points in the study area"
        f" ({float(demand.total.sum()):,.0f} loaded), {len(world.districts.ids):,} "
        f"{'district' if len(world.districts.ids) == 1 else 'districts'}",
        f"{world.network.n_segments:,} road segments",
        f"{supply.n_facilities:,} facilities of {len(supply.kinds):,} kinds",
        f"standard {built.standard.id}: {judged} requirements judged",
        f"{len(built.inputs):,} inputs read",
    ]
    page: list[Sheet | Lines] = [Lines("잘못된 곳 없음 / No fault found", tuple(lines))]
    if built.notes:
        page.append(Lines("참고 / Notes", tuple(built.notes)))
    show(page, console)


def print_standards(console: Console | None = None) -> None:
    """List the packaged standards."""
    from lifezone.standards.resolve import preset, preset_ids  # noqa: PLC0415  (reads YAML files)

    rows = []
    for key in preset_ids():
        standard = preset(key)
        rows.append((key, standard.name_en, standard.name_ko, str(len(standard.requirements))))
    header = ("id", "name", "이름", "requirements")
    show([Sheet("Packaged standards", header, tuple(rows), words=3)], console)


def print_standard(preset_id: str, console: Console | None = None) -> None:
    """Show one packaged standard with every figure, its source and confidence."""
    from lifezone.standards.kinds import load_kinds  # noqa: PLC0415
    from lifezone.standards.resolve import preset  # noqa: PLC0415  (reads YAML files)

    standard, kinds = preset(preset_id), load_kinds()
    rows = tuple(_rule_row(rule, kinds) for rule in standard.requirements)
    header = ("id", "kinds", "mode", "for", "where", "bound", "optimum", "source", "date", "confidence")
    page: list[Sheet | Lines] = [
        Lines(f"{standard.id}: {standard.name_en} / {standard.name_ko}", (standard.note,) if standard.note else ()),
        Sheet("Requirements", header, rows, words=len(header)),
    ]
    if standard.desert is not None:
        test = standard.desert
        functions = "; ".join(f"{name}: {', '.join(keys)}" for name, keys in test.functions.items())
        must = f", {' or '.join(test.must_have)} among them" if test.must_have else ""
        page.append(
            Lines(
                "Life desert",
                (f"at least {test.at_least} functions lost{must}, linked within {test.link_m:g} m", functions),
            )
        )
    if standard.not_computed:
        items = tuple(f"{name}: {reason}" for name, reason in standard.not_computed.items())
        page.append(Lines("Not computed", items))
    show(page, console)


def _rule_row(rule: Requirement, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    joint = " + " if rule.match == "all" else ", "
    names = joint.join(kinds[kind].name_en if kind in kinds else kind for kind in rule.kinds)
    optimum = (
        "" if rule.optimum is None else f"{rule.optimum / 60:g} min" if rule.metric == "time" else f"{rule.optimum:g} m"
    )
    return (rule.id, names, rule.mode, rule.group, rule.setting, rule.bound_text, optimum, rule.source, rule.date,
            rule.confidence)  # fmt: skip


def _people(result: Result) -> Lines:
    """Say who was judged by what."""
    demand, world = result.baseline.world.demand, result.baseline.world
    inside = demand.inside
    standard = result.baseline.assessment.standard
    total = float(demand.total[inside].sum())
    beyond = float(demand.total.sum()) - total
    around = f"; {shown_group(beyond)} people around it are loaded too" if beyond > 0 else ""
    many = "" if len(world.districts.ids) == 1 else f" in {len(world.districts.ids):,} districts"
    name = standard.name_en or standard.name_ko or _its_own(len(standard.requirements))
    return Lines(
        result.name,
        (f"{total:,.0f} people at {int(inside.sum()):,} points{many}{around}", f"judged by {standard.id}: {name}"),
    )


def _its_own(count: int) -> str:
    """Name a standard without a name."""
    return "a requirement of its own" if count == 1 else f"{count:,} requirements of its own"


def _coverage(result: Result, tables: Tables, disclose: bool) -> Sheet:
    """Return coverage per requirement: baseline, then each variant with people who gain and lose."""
    shown = result.variants[:_MOST_VARIANTS]
    rules = {rule.id: rule for rule in result.baseline.assessment.standard.requirements}
    demand = result.baseline.world.demand
    told = {(row.variant, row.requirement): row for row in tables.summary if _is_headline(row, rules, result)}
    moved = {(row.variant, row.requirement): row for row in tables.changes if _is_headline(row, rules, result)}
    rows = []
    for key in result.baseline.assessment.verdicts:
        rule = rules[key]
        cells = [rule.name_en or key, f"{rule.bound_text} {rule.mode}", effective_group(rule, demand)[0]]
        cells += [_share(told.get((v.name, key)), moved.get((v.name, key)), disclose) for v in shown]
        rows.append(tuple(cells))
    header = ("requirement", "bound", "for", *(variant.name for variant in shown))
    hidden = len(result.variants) - len(shown)
    more = f" ({hidden} more variants in summary.csv)" if hidden > 0 else ""
    return Sheet(f"기준 안에 사는 사람 / People within the bound{more}", header, tuple(rows), words=3)


def _is_headline(row: SummaryRow | ChangeRow, rules: Mapping[str, Requirement], result: Result) -> bool:
    """Tell whether a row is about the whole area and the requirement's own group."""
    rule = rules.get(row.requirement)
    if rule is None or row.district != ALL:
        return False
    return bool(row.group == effective_group(rule, result.baseline.world.demand)[0])


def _share(row: SummaryRow | None, change: ChangeRow | None, disclose: bool) -> str:
    """Write a coverage with its interval, and who gains and loses in a variant."""
    if row is None or row.coverage is None:
        return "not assessed" if row is None or row.covered is None else "nobody judged"
    text = f"{100 * row.coverage:.1f} %"
    low, high = row.coverage_low, row.coverage_high
    if low is not None and high is not None and round(high - low, 3) > 0:
        text += f" [{100 * low:.1f}, {100 * high:.1f}]"
    if change is not None and (change.gain > 0 or change.lose > 0):
        gain, lose = (shown_group(people, disclose=disclose) for people in (change.gain, change.lose))
        text += f" (+{gain} −{lose})"
    return text


def _without_car(result: Result, tables: Tables, disclose: bool) -> list[Sheet]:
    """Return who reaches by car but not on foot in the baseline, where that was asked for."""
    rules = {rule.id: rule for rule in result.baseline.assessment.standard.requirements}
    rows = []
    for row in tables.without_car:
        rule = rules[row.requirement]
        own = effective_group(rule, result.baseline.world.demand)[0]
        if row.variant != result.baseline.name or row.district != ALL or row.group != own:
            continue
        if row.by_car is None or row.on_foot is None or row.car_only is None:
            shares = ["not assessed"] * 2
        else:
            shares = [f"{100 * n / row.judged:.1f} %" if row.judged else "nobody judged"
                      for n in (row.by_car, row.on_foot)]  # fmt: skip
        only = "" if row.car_only is None else shown_group(row.car_only, disclose=disclose)
        rows.append((rule.name_en or rule.id, rule.bound_text, own, *shares, only))
    header = ("requirement", "bound", "for", "by car", "on foot", "people by car only")
    return [Sheet("차 없이 / Without a car", header, tuple(rows), words=3)] if rows else []


def _deserts(result: Result, tables: Tables, disclose: bool) -> list[Sheet | Lines]:
    """Return the deserts of every variant in numbers, and the largest of the baseline by name."""
    if result.baseline.assessment.standard.desert is None:
        return []
    at = result.baseline.world.demand.groups.index(TOTAL)
    moved = {
        row.variant: row
        for row in tables.changes
        if row.requirement == "desert" and row.district == ALL and row.group == TOTAL
    }
    rows = tuple(_desert_row(variant, moved.get(variant.name), at, disclose) for variant in result.variants)
    header = ("variant", "named", "people", "scattered", "people", "resolved", "new", "people out", "people in")
    parts: list[Sheet | Lines] = [Sheet("생활사막 / Life deserts", header, rows)]
    named = []
    for desert in result.baseline.assessment.deserts:
        name = shown_desert(desert, desert.people[at], "ko", disclose=disclose)
        english = shown_desert(desert, desert.people[at], "en", disclose=disclose)
        if name or english:
            lost = ", ".join(desert.missing)
            people = shown_group(desert.people[at], disclose=disclose)
            named.append(
                " / ".join(dict.fromkeys(part for part in (name, english) if part))
                + f": {people} people, without {lost}"
            )
    if named:
        more = [f"… {len(named) - _MOST_DESERTS} more in deserts.csv"] if len(named) > _MOST_DESERTS else []
        parts.append(Lines("큰 생활사막(현재) / Largest deserts, baseline", tuple(named[:_MOST_DESERTS] + more)))
    return parts


def _desert_row(variant: Variant, change: ChangeRow | None, at: int, disclose: bool) -> tuple[str, ...]:
    demand = variant.world.demand
    everybody = float(demand.total[demand.inside].sum())
    cells = [variant.name]
    for wanted in (True, False):
        found = [desert for desert in variant.assessment.deserts if desert.named == wanted]
        people = sum(desert.people[at] for desert in found)
        cells += [f"{len(found):,}", counted(people, everybody, disclose=disclose)]
    if change is None:
        return (*cells, "", "", "", "")
    moved = (shown_group(value, disclose=disclose) for value in (change.gain, change.lose))
    return (*cells, _count(change.deserts_resolved), _count(change.deserts_new), *moved)


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _caveats(result: Result, disclose: bool) -> tuple[str, ...]:
    """Say what limits the answer: borders, modelled data, estimates, capacity, what was not judged."""
    baseline = result.baseline
    demand, assessment = baseline.world.demand, baseline.assessment
    lines = []
    if demand.modelled or baseline.world.network.modelled:
        what = "; ".join(part for part in (demand.modelled, baseline.world.network.modelled) if part)
        lines.append(f"modelled data, not for designation, no class is given: {what}")
    if demand.estimated:
        lines.append(f"estimated from larger units: {', '.join(demand.estimated)}")
    lines += _off_the_roads(result, disclose)
    loose = {}
    for key, verdicts in assessment.verdicts.items():
        rule = next(rule for rule in assessment.standard.requirements if rule.id == key)
        open_ended = demand.inside & verdicts.judged & ~verdicts.certified
        loose[key] = float(demand.of(effective_group(rule, demand)[0])[open_ended].sum())
    if any(loose.values()):
        worst = max(loose, key=lambda key: loose[key])
        count = shown_group(loose[worst], disclose=disclose)
        concerned = sum(people > 0 for people in loose.values())
        lines.append(
            f"border: roads beyond the loaded area may give a quicker trip; times are 'at most' for up to {count} "
            f"people ({worst}), in {concerned} requirements"
        )
    beyond = ~demand.inside
    if not beyond.any():
        lines.append("border: no people beyond the study area are loaded")
    lines.append(_capacity_line(assessment))
    unjudged = [rule.id for rule in assessment.standard.requirements if rule.bound is None]
    if unjudged:
        lines.append(f"no figure in the standard, not judged: {', '.join(unjudged)}")
    return tuple(lines)


def _capacity_line(assessment: Assessment) -> str:
    """Say for which requirements places were counted (D8)."""
    tested = [key for key, verdicts in assessment.verdicts.items() if bool((verdicts.served >= 0).any())]
    what = "coverage counts who reaches a facility, not whether there is a place"
    if tested:
        return (
            f"places are counted for {', '.join(tested)} (served, full, out_of_reach in summary.csv); elsewhere {what}"
        )
    return f"capacity not tested: {what}"


def _off_the_roads(result: Result, disclose: bool) -> list[str]:
    """Say it first when many people are off the roads: then the road file does not cover the area."""
    baseline = result.baseline
    demand, worst, rule = baseline.world.demand, 0.0, ""
    for key, verdicts in baseline.assessment.verdicts.items():
        off = demand.inside & (verdicts.reason == Reason.OFF_NETWORK)
        people = float(demand.total[off].sum())
        if people > worst:
            worst, rule = people, key
    everybody = float(demand.total[demand.inside].sum())
    if worst <= _MANY_OFF * everybody:
        return []
    return [
        f"off the roads: {counted(worst, everybody, disclose=disclose)} of the people have no road within the access "
        f"limit ({rule}) and count as unmet and in deserts: do the loaded roads cover the whole area?"
    ]


def _warnings(result: Result) -> list[str]:
    """Return the baseline's warnings, and what a variant warns of that the baseline does not in other numbers."""
    baseline = result.baseline.assessment.warnings
    known = {_CAVEAT.sub("", warning) for warning in baseline}
    told = list(baseline)
    for variant in result.variants[1:]:
        told += [
            f"{variant.name}: {warning}"
            for warning in variant.assessment.warnings
            if _CAVEAT.sub("", warning) not in known
        ]
    return told


def _files(result: Result, out: Path) -> Lines:
    """Say where the files are."""
    lines = [f"{out / 'summary.csv'} – coverage by district", f"{out / 'deserts.csv'} – life deserts"]
    if len(result.variants) > 1:
        lines.append(f"{out / 'changes.csv'} – variants against the baseline")
    if "gpkg" in result.layers:
        lines.append(f"{out / 'result.gpkg'} – every layer, for a GIS")
    if result.maps:
        lines.append(f"{out / result.baseline.name / 'maps'} – maps")
    lines.append(f"{out / 'manifest.json'} – inputs, settings, counts, hashes")
    return Lines("결과 파일 / Files", tuple(lines))
