"""One run from end to end, in the order it happens.

    scenario = load("scenarios/x.yaml")     strict: every fault at once, with its place
    world    = build(scenario)              sources → one World in the study's metric CRS
    worlds   = apply(world, edits)          one new World a variant; none changes another
    assess(world, standard)                 travel times → verdicts → life deserts, the same function for each
    divide(world, zones, …)                 life zones and other divisions, where they are asked for
    Result → report.write                   outputs only read

The command line, notebooks, tests and benchmarks call these functions.
"""

from __future__ import annotations

import json
import os
import platform
import threading
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lifezone.assess import Memory, assess, road_parts, roads_of
from lifezone.errors import Fault, InputError, ScenarioError, some_of
from lifezone.ferries import dependence_told, ferry_dependence
from lifezone.model import (
    Assessment,
    Divided,
    DividedVariant,
    Planned,
    Plans,
    Provenance,
    ReportWish,
    Result,
    Standard,
    Variant,
    Verdicts,
    World,
    Zoning,
)
from lifezone.progress import SILENT, Progress, Timed
from lifezone.versions import versions_of

if TYPE_CHECKING:
    from lifezone.improve import Draft, PortfolioDraft
    from lifezone.scenario import Built, Scenario

__all__ = ["BASELINE", "assessed_again", "check", "memory_of", "plans", "run", "variants_of", "zones"]

BASELINE: Final = "baseline"
MOST_THREADS: Final = 4
"""Searches beside one another: each holds labels of all nodes, and memory is no faster for more of them."""
_NUMBERS_DEPEND_ON = ("geopandas", "numba", "numpy", "osmium", "osmnx", "pyproj", "rasterio", "scipy", "shapely")


def run(
    scenario: Scenario | str | Path,
    *,
    sets: Sequence[str] = (),
    progress: Progress = SILENT,
    method: str = "auto",
) -> Result:
    """Answer a scenario.

    Args:
        scenario: a loaded scenario, or the path of its YAML file.
        sets: overrides such as ``"demand.path=other.tif"``; only with a path.
        progress: where to show progress.
        method: how travel times are found: ``auto`` for what is estimated to be the quickest, or ``search``,
            ``hierarchy``, ``edited`` wherever that is possible. The result is the same.

    Returns:
        The result: worlds and assessments, baseline first. Nothing is written; see ``lifezone.report.write``.

    Raises:
        ScenarioError: every fault of the scenario and its inputs, with file, line and column.
    """
    from lifezone.scenario import Scenario, build, load  # noqa: PLC0415  (the command line starts without pydantic)

    started = time.time()
    timed = progress if isinstance(progress, Timed) else Timed(progress)
    if not isinstance(scenario, Scenario):
        scenario = load(scenario, sets)
    with timed.step("loading"):
        built = build(scenario, timed)
    with timed.step("edits"):
        worlds = variants_of(built)
    memory = memory_of(tuple(one.world for one in worlds), method)
    asked = threading.Event()
    variants: list[Variant] = []
    parts: list[dict[str, Any]] = []
    drafts = _drafts(built, worlds)
    wish = _report_wish(scenario, built)
    for at, (name, world, told, standard) in enumerate(worlds):
        found: Planned | None = None
        if at - 1 in drafts:
            with scenario.with_places(("variants", at - 1, "siting")):
                world, found = _planned(built, worlds[at], drafts[at - 1], memory, timed, asked)  # noqa: PLW2901
        assessment = assess(world, standard, memory=memory, progress=timed)
        by_mode = _by_mode(world, standard, memory) if scenario.spec.output.without_car else {}
        zoning = _divided(built, name, world, memory, timed) if scenario.spec.divides else None
        title = scenario.spec.variants[at - 1].title if at else None
        titles = (title.ko, title.en) if title is not None else ("", "")
        variants.append(Variant(name, world, assessment, told, by_mode, found, zoning, *titles))
        parts += [
            {"variant": name, "mode": mode, "apart": road_parts(world, mode, memory)} for mode in world.network.modes
        ]
    baseline = variants[0]
    turning = _turning(baseline.world, memory)
    afloat = ferry_dependence(baseline.world, built.standard, baseline.assessment, memory)
    of_roads = [*turning, *dependence_told(afloat)]
    unlike = unlike_baseline(variants, geotiff="geotiff" in scenario.spec.output.layers)
    warnings = tuple(dict.fromkeys([*built.notes, *of_roads, *baseline.assessment.warnings, *unlike]))
    provenance = replace(
        _provenance(built, warnings, _run_of(scenario, started, timed.seconds, sets, memory)),
        parts=tuple(parts), ferries=tuple(one.row() for one in afloat),
    )  # fmt: skip
    output = scenario.spec.output
    return Result(
        scenario.spec.name,
        tuple(variants),
        provenance,
        maps=output.maps,
        layers=tuple(output.layers),
        kinds=built.kinds,
        report=wish,
    )


def check(path: str | Path, *, sets: Sequence[str] = (), progress: Progress = SILENT) -> Built:
    """Read a scenario and everything it names, and apply its edits; compute nothing.

    Raises:
        ScenarioError: every fault of structure, references, files, values and edits, in the order of the file.
    """
    from lifezone.scenario import gather  # noqa: PLC0415

    scenario, built, faults = gather(path, sets, progress)
    if built is not None:
        try:
            _drafts(built, variants_of(built))
            if scenario.spec.divides:
                from lifezone.divide import ask  # noqa: PLC0415

                with scenario.with_places():
                    ask(built.world, scenario.spec, built.reading)
        except ScenarioError as error:
            faults += error.faults
    if built is None or faults:
        raise scenario.error(faults)
    return built


def plans(scenario: Scenario | str | Path, *, sets: Sequence[str] = (), progress: Progress = SILENT) -> Plans:
    """Answer only the siting questions of a scenario; nobody is judged, and no standard is needed.

    Raises:
        ScenarioError: every fault of the scenario and its inputs, with file, line and column.
    """
    from lifezone.scenario import Scenario, build, load  # noqa: PLC0415

    started = time.time()
    if not isinstance(scenario, Scenario):
        scenario = load(scenario, sets, part="siting")
    if all(variant.siting is None for variant in scenario.spec.variants):
        raise scenario.error([Fault("no variant has a siting block: there is nothing to answer", ("variants",))])
    built = build(scenario, progress)
    worlds = variants_of(built)
    memory = memory_of(())
    found, faults = [], list[Fault]()
    asked = threading.Event()
    for v, draft in _drafts(built, worlds).items():
        one = worlds[v + 1]
        try:
            found.append((one.name, one.told, _planned(built, one, draft, memory, progress, asked)[1]))
        except InputError as error:
            faults += [fault.under(("variants", v, "siting")) for fault in error.faults]
    if faults:
        raise scenario.error(faults)
    provenance = _provenance(built, built.notes, _run_of(scenario, started, {}, sets, memory))
    output = scenario.spec.output
    return Plans(scenario.spec.name, tuple(found), provenance, output.maps, tuple(output.layers), built.kinds)


def zones(scenario: Scenario | str | Path, *, sets: Sequence[str] = (), progress: Progress = SILENT) -> Divided:
    """Divide the world of every variant as the scenario asks; nobody is judged, and no standard is needed.

    Raises:
        ScenarioError: every fault of the scenario and its inputs, with file, line and column.
    """
    from lifezone.scenario import Scenario, build, load  # noqa: PLC0415

    started = time.time()
    timed = progress if isinstance(progress, Timed) else Timed(progress)
    if not isinstance(scenario, Scenario):
        scenario = load(scenario, sets, part="zones")
    if not scenario.spec.divides:
        example = "zones: {functions: [{id: medical, kinds: [clinic]}]}"
        raise scenario.error([Fault(f"nothing is to be divided: give zones, e.g. {example}", ("zones",))])
    with timed.step("loading"):
        built = build(scenario, timed)
    worlds = variants_of(built)
    memory = memory_of(tuple(one.world for one in worlds))
    found = tuple(
        DividedVariant(one.name, one.told, one.world, _divided(built, one.name, one.world, memory, timed))
        for one in worlds
    )
    provenance = _provenance(built, built.notes, _run_of(scenario, started, timed.seconds, sets, memory))
    output = scenario.spec.output
    return Divided(scenario.spec.name, found, provenance, tuple(output.layers), output.maps, built.kinds)


def _report_wish(scenario: Scenario, built: Built) -> ReportWish | None:
    """Return the report that is wanted, with the user's own files for it, checked before anything is computed."""
    from lifezone.report.own_inputs import own_inputs  # noqa: PLC0415

    output = scenario.spec.output
    wish = output.report_wish
    if wish is None or isinstance(output.report, bool):
        return wish
    report = output.report
    with scenario.with_places(("output", "report")):
        files = own_inputs(
            scenario.folder, report.official, report.forms,
            requirements=[rule.id for rule in built.standard.requirements], districts=built.world.districts.ids,
        )  # fmt: skip
    return replace(wish, files=files)


def _provenance(built: Built, warnings: tuple[str, ...], run: dict[str, Any]) -> Provenance:
    """Return where an answer comes from."""
    scenario = built.scenario
    return Provenance(
        scenario_yaml=scenario.resolved_yaml(), inputs=tuple(built.inputs), options=scenario.options(),
        versions=versions_of(_NUMBERS_DEPEND_ON), seed=scenario.spec.seed, warnings=warnings, run=run,
    )  # fmt: skip


def _divided(built: Built, name: str, world: World, memory: Memory, progress: Progress) -> Zoning:
    """Divide one variant's world as the scenario asks; flows are the baseline's, no edit changes them."""
    from lifezone.divide import ask, divide  # noqa: PLC0415

    with built.scenario.with_places():
        reading = built.reading if name == BASELINE else replace(built.reading, inputs=[])  # told once in the manifest
        asked = ask(world, built.scenario.spec, reading, variant=name, base=built.world)
    return divide(asked, memory=memory, progress=progress)


def _drafts(built: Built, worlds: Sequence[Alternative]) -> dict[int, Draft | PortfolioDraft]:
    """Check all siting questions as far as that needs no travel time; returns them by the position of their variant.

    Raises:
        ScenarioError: the faults of all questions.
    """
    drafts, faults = dict[int, Any](), list[Fault]()
    for v, variant in enumerate(built.scenario.spec.variants):
        if variant.siting is None:
            continue
        from lifezone.improve import prepare, prepare_portfolio  # noqa: PLC0415

        one, spec = worlds[v + 1], variant.siting
        try:
            if spec.method == "portfolio":
                drafts[v] = prepare_portfolio(one.world, spec, one.standard, reading=built.reading)
            else:
                drafts[v] = prepare(one.world, spec, one.standard, reading=built.reading)
        except InputError as error:
            faults += [fault.under(("variants", v, "siting")) for fault in error.faults]
    if faults:
        raise built.scenario.error(faults)
    return drafts


def _planned(
    built: Built,
    one: Alternative,
    draft: Draft | PortfolioDraft,
    memory: Memory,
    progress: Progress,
    asked_to_stop: threading.Event,
) -> tuple[World, Planned]:
    """Answer one siting question; returns the world with the plan, and the plan.

    The first Ctrl-C while it is solved takes the best plan so far, here and for the questions that follow.
    """
    from lifezone import improve  # noqa: PLC0415
    from lifezone.report.plans import found_so_far  # noqa: PLC0415
    from lifezone.siting.stop import keeps_best  # noqa: PLC0415

    def solving() -> AbstractContextManager[None]:
        return keeps_best(asked_to_stop, lambda: _told(progress))

    is_front = getattr(draft.spec, "method", "") == "pareto"

    def tell(best: float, bound: float) -> None:
        progress.say(found_so_far(best, bound, front=is_front))

    about: dict[str, Any] = {"reading": built.reading, "memory": memory, "progress": progress}
    if isinstance(draft, improve.PortfolioDraft):
        portfolio = improve.ask_portfolio(one.world, draft.spec, one.standard, draft=draft, **about)
        with progress.step(f"siting: portfolio of {len(portfolio.entries)} projects"), solving():
            solved = improve.answer_portfolio(portfolio, tell)
        return improve.planned_portfolio(portfolio, solved, memory=memory, progress=progress)
    spec = draft.spec
    question = improve.ask(one.world, spec, one.standard, draft=draft, **about)
    with progress.step(f"siting: {spec.method} of {' and '.join(spec.asked)}"), solving():
        plan = improve.answer_robustly(question, tell, reading=built.reading)
        later = improve.later_years(question, plan, one.standard, **about)
    return improve.with_plan(question, plan), improve.planned(question, plan, memory, later)


def _told(progress: Progress) -> None:
    """Say that the first Ctrl-C was heard."""
    with progress.step("stopping: the best plan so far is kept and written; Ctrl-C again leaves without writing"):
        pass


def _run_of(
    scenario: Scenario, started: float, seconds: dict[str, float], sets: Sequence[str], memory: Memory
) -> dict[str, Any]:
    """Return what is particular to this one execution, exempt from byte equality.

    Steps that end later, writing among them, are added to ``seconds`` when they end.
    """
    return {
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "seconds": seconds,
        "methods": memory.told,
        "host": platform.node(),
        "platform": platform.platform(),
        "scenario": str(scenario.path.resolve()),
        "sets": list(sets),
    }


def unlike_baseline(variants: Sequence[Variant], *, geotiff: bool = False) -> list[str]:
    """Say which variants change no verdict and no minute, which cannot be compared, and whom no raster can show."""
    from lifezone.report.rasters import why_no_grid  # noqa: PLC0415
    from lifezone.standards.align import align  # noqa: PLC0415
    from lifezone.standards.winners import changes_nothing  # noqa: PLC0415

    told = []
    for variant in variants[1:]:
        try:
            if changes_nothing(align(variants[0], variant)):
                told.append(f"{variant.name}: nothing changes: every verdict and every minute is the baseline's")
        except InputError as error:
            told.append(f"{variant.name}: not compared with the baseline: {error}")
    if geotiff:
        told += [why for why in dict.fromkeys(why_no_grid(one.world.demand) for one in variants) if why]
    return told


class Alternative(NamedTuple):
    """A variant, ready to be judged: its name, world, what was done in words, and what judges it."""

    name: str
    world: World
    told: tuple[str, ...]
    standard: Standard


def variants_of(built: Built) -> list[Alternative]:
    """Apply every variant's edits, each to the world as its earlier edits left it.

    Returns:
        What is to be judged; ``baseline`` first.

    Raises:
        ScenarioError: the faults of all variants.
    """
    from lifezone.edits import apply_all  # noqa: PLC0415

    scenario = built.scenario
    worlds = [Alternative(BASELINE, built.world, (), built.standard)]
    faults: list[Fault] = []
    for v, (variant, start) in enumerate(zip(scenario.spec.variants, built.starts, strict=True)):
        now, told, wrong = apply_all(start.world, variant.edits, built.reading)
        faults += [fault.under(("variants", v, "edits")) for fault in wrong]
        worlds.append(Alternative(variant.name, now, (*start.told, *told), start.standard))
    if faults:
        raise scenario.error(faults)
    return worlds


def assessed_again(
    manifest: dict[str, Any], out: Path, variant: str, progress: Progress = SILENT
) -> tuple[World, Standard, Assessment, Memory]:
    """Judge one variant of an earlier run again, for a closer look at it.

    Raises:
        InputError: the variant is unknown, or the scenario or one of its inputs has changed since.
    """
    from lifezone.scenario import build, load  # noqa: PLC0415

    names = [entry["name"] for entry in manifest["variants"]]
    if variant not in names:
        raise InputError(f"--variant: no variant {variant!r} in this result; there are {', '.join(names)}")
    again = f"run it again with --out {out}"
    path = Path(manifest["run"]["scenario"])
    if not path.is_file():
        raise InputError(f"{path} is gone, from which this result was made; {again} from where it is now")
    scenario = load(path, manifest["run"]["sets"])
    if scenario.resolved_yaml() != (out / "scenario.resolved.yaml").read_text(encoding="utf-8"):
        raise InputError(f"{path} has changed since this result was made; {again}")
    built = build(scenario, progress)
    one = next(one for one in variants_of(built) if one.name == variant)  # which may read files too
    one = one._replace(world=_as_planned(built, one, out))
    before = {entry["path"]: entry["sha256"] for entry in manifest["inputs"]}
    changed = [entry["path"] for entry in built.inputs if before.get(entry["path"]) != entry["sha256"]]
    if changed:
        raise InputError(f"{some_of(changed)} changed since this result was made; {again}")
    memory = memory_of((one.world,))
    return one.world, one.standard, assess(one.world, one.standard, memory=memory, progress=progress), memory


def _as_planned(built: Built, one: Alternative, out: Path) -> World:
    """Return the world of a variant of an earlier run, with the plan that its siting question was answered with."""
    from lifezone.improve import with_saved, with_saved_projects  # noqa: PLC0415

    spec = next((variant.siting for variant in built.scenario.spec.variants if variant.name == one.name), None)
    if spec is None:
        return one.world
    plan = json.loads((out / one.name / "plan.json").read_text(encoding="utf-8"))
    if spec.method == "portfolio":
        chosen = [project["id"] for project in plan.get("projects", ()) if project["chosen"]]
        return with_saved_projects(one.world, spec, chosen, built.reading)
    return with_saved(one.world, spec, plan["opened"], plan["closed"], built.reading)


def _by_mode(world: World, standard: Standard, memory: Memory) -> dict[str, tuple[Verdicts, Verdicts]]:
    """Judge every requirement by car and on foot; trips that are known already are not searched again."""
    from lifezone.standards.without_car import by_mode_standard, paired  # noqa: PLC0415

    return paired(assess(world, by_mode_standard(standard), memory=memory))


def memory_of(worlds: tuple[World, ...], method: str = "auto") -> Memory:
    """Return an empty memory of a run, with what the cache on disk may hold."""
    from lifezone.sources.graphs import kept_graph, kept_hierarchy, knows_hierarchy  # noqa: PLC0415

    return Memory(
        graph_of=lambda world, mode: kept_graph(world.network, mode),
        hierarchy_of=kept_hierarchy,
        is_prepared=knows_hierarchy,
        worlds=worlds,
        method=method,
        threads=min(os.cpu_count() or 1, MOST_THREADS),
    )


def _turning(world: World, memory: Memory) -> list[str]:
    """Say by how much turn rules made the roads larger, for each mode that was searched."""
    told = []
    for mode in world.network.turns:
        graph = roads_of(world, mode, memory).graph
        nodes, edges = max(graph.n_nodes - graph.n_copies, 1), max(graph.n_edges - graph.n_turns, 1)
        told.append(
            f"turns ({mode}): junctions are split where turns are not all free, {graph.n_copies:,} nodes "
            f"(+{graph.n_copies / nodes:.1%}) and {graph.n_turns:,} edges (+{graph.n_turns / edges:.1%}) more to search"
        )
    return told
