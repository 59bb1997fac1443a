"""The short answer after a run, what ``check`` found, and the packaged standards: for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from rich.console import Console

from lifezone.model import Kind, Requirement, Result, Standard, World
from lifezone.progress import peak_mib
from lifezone.report.pages import Lines, Sheet, show
from lifezone.report.result_page import result_page
from lifezone.report.tables import Tables, tables_of

__all__ = ["print_check", "print_result", "print_standard", "print_standards", "print_steps", "result_page"]


_SHORTEST_TOLD_S: Final = 0.05


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
    result: Result,
    out: Path,
    *,
    tables: Tables | None = None,
    language: str = "en",
    disclose: bool = False,
    console: Console | None = None,
) -> None:
    """Print the short answer of a run: coverage before and after, deserts, caveats, where the files are."""
    made = tables_of(result) if tables is None else tables
    show(result_page(result, out, made, language=language, disclose=disclose), console)


def print_steps(result: Result, console: Console | None = None, *, language: str = "en") -> None:
    """Print how long each step of a run took, and the most memory it held."""
    seconds: Mapping[str, float] = result.provenance.run.get("seconds", {})
    told = ", ".join(f"{name} {took:.1f} s" for name, took in seconds.items() if took >= _SHORTEST_TOLD_S)
    peak = peak_mib()
    memory = "" if peak is None else f"; {peak:,} MiB"
    title = "걸린 시간" if language == "ko" else "Time taken"
    show([Lines(title, (f"{sum(seconds.values()):.1f} s: {told}{memory}",))], console)


def print_check(built: Checked, console: Console | None = None, *, language: str = "en") -> None:
    """Print what a scenario holds that has no fault."""
    world = built.world
    demand, supply = world.demand, world.facilities
    judged = sum(rule.bound is not None for rule in built.standard.requirements)
    inside = demand.inside
    here, loaded = float(demand.total[inside].sum()), float(demand.total.sum())
    points, units, segments = int(inside.sum()), len(world.districts.ids), world.network.n_segments
    if language == "ko":
        lines = (
            f"대상지역 {points:,}개 지점에 {here:,.0f}명 (불러온 사람 {loaded:,.0f}명), {units:,}개 지역",
            f"도로 구간 {segments:,}개",
            f"시설 {supply.n_facilities:,}곳, {len(supply.kinds):,}종",
            f"기준 {built.standard.id}: {judged}개 판정",
            f"입력 {len(built.inputs):,}개를 읽음",
        )
        title = "잘못된 곳 없음"
    else:
        lines = (
            f"{here:,.0f} people at {points:,} points in the study area ({loaded:,.0f} loaded), {units:,} "
            f"{'district' if units == 1 else 'districts'}",
            f"{segments:,} road segments",
            f"{supply.n_facilities:,} facilities of {len(supply.kinds):,} kinds",
            f"standard {built.standard.id}: {judged} requirements judged",
            f"{len(built.inputs):,} inputs read",
        )
        title = "No fault found"
    has_places = bool(demand.n_points or segments or supply.n_facilities)  # flows alone divide municipalities too
    page: list[Sheet | Lines] = [Lines(title, lines if has_places or judged else lines[-1:])]
    if built.notes:
        page.append(Lines("참고" if language == "ko" else "Notes", tuple(built.notes)))
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
