"""From a world and a ``siting:`` block to a plan, and to the world with that plan.

question = ask(world, siting, …)    candidates, travel times, people → Problem
plan     = answer(question)         solver → Plan, audited
world'   = with_plan(question)      the plan's sites open (closed); candidates not chosen are left out again
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lifezone.assess import Memory, attach_demand, attach_facilities, roads_of
from lifezone.errors import Fault, InputError, some_of
from lifezone.model import (
    Facilities,
    Floats,
    Ints,
    Metric,
    Plan,
    Planned,
    Requirement,
    SiteUse,
    Standard,
    TravelTimes,
    World,
)
from lifezone.progress import SILENT, Progress
from lifezone.siting.problem import FREE, SHUT, STANDS, Pairs, Problem

if TYPE_CHECKING:
    from lifezone.siting.spec import SitingSpec
    from lifezone.sources.reading import Reading

__all__ = ["Question", "answer", "ask", "planned", "with_plan"]

_NEED_BOUND: Final = frozenset({"set_cover", "max_cover", "backup_cover"})
_MOST_PAIRS: Final = 30_000_000
"""Pairs of points and sites up to which trips of any length are looked at."""
_FAR_S: Final = 3600.0
"""Reach beyond that many pairs, where the question names none; told."""


@dataclass(frozen=True, eq=False)
class Question:
    """A siting question with its numbers.

    Attributes:
        spec: as the planner wrote it.
        problem: what the solvers read; a row per demand point with people counted, a site per facility of the kind.
        world: the world asked about.
        facilities: the world's facilities and the candidates.
        site: i32[S] position of each site in ``facilities``.
        row: i32[R] demand point of each row.
        notes: what was assumed, sentences.
    """

    spec: SitingSpec
    problem: Problem
    world: World
    facilities: Facilities
    site: Ints
    row: Ints
    notes: tuple[str, ...] = ()


def ask(
    world: World, spec: SitingSpec, standard: Standard | None, *, reading: Reading | None = None,
    memory: Memory | None = None, progress: Progress = SILENT,
) -> Question:  # fmt: skip
    """Put the numbers of a siting question together.

    Args:
        world: roads (or ready-made times), people, facilities.
        spec: the question.
        standard: gives mode and bound where the question does not.
        reading: the study, for candidates that are read from a table.
        memory: what a run computed already.
        progress: where to show progress.

    Raises:
        InputError: every fault of the question, its path starting inside the ``siting`` block.
    """
    faults: list[Fault] = []
    rule = _rule(world, spec, standard, faults)
    facilities = _with_candidates(world, spec, reading, faults)
    if faults or rule is None:
        raise InputError(faults)
    site = _sites(facilities, spec)
    fixed, open_now = _fixed(facilities, site, spec, faults)
    people, row = _people(world, spec, faults)
    costs = _costs(facilities, site, open_now, spec, faults)
    capacity = _capacity(facilities, site, spec, faults)
    _enough(spec, fixed, open_now, faults)
    if faults:
        raise InputError(faults)
    notes: list[str] = []
    with progress.step("travel times of candidates"):
        times = _times(world, facilities, site, rule, spec, memory or Memory(), notes)
    pairs = _pairs(times, site, row, rule.metric)
    if not len(pairs.cost):
        raise InputError(Fault("no site can be reached by anybody the question counts: look at the roads, the reach "
                               "and where the candidates lie", ("candidates",)))  # fmt: skip
    demand = world.demand
    problem = Problem(
        pairs=pairs, people=people, open_now=open_now, fixed=fixed,
        bound=rule.bound if rule.bound is not None else float("inf"), choose=spec.choose,
        at_most=spec.budget is not None or spec.least_use is not None,
        capacity=capacity,
        least_use=None if spec.least_use is None else np.full(len(site), spec.least_use),
        open_cost=costs, budget=float("inf") if spec.budget is None else spec.budget,
        district=demand.district[row], nearest_only=spec.assignment == "nearest",
        unit="seconds" if rule.metric == "time" else "metres",
        groups=demand.people[row], group_names=demand.groups,
        site_names=facilities.ids[site].tolist(), row_names=demand.ids[row].tolist(),
        swaps=spec.existing == "movable",
    )  # fmt: skip
    if spec.candidates is not None and spec.candidates.type in ("demand", "nodes_of"):
        notes.append("candidates are places on the map: legal feasibility not checked")
    return Question(spec, problem, world, facilities, site, row, tuple(notes))


def answer(question: Question, tell: Callable[[float, float], None] | None = None) -> Plan:
    """Solve and audit."""
    from lifezone.siting import solve  # noqa: PLC0415

    spec = question.spec
    options = {"share": spec.share} if spec.method == "set_cover" else {}
    return solve(
        question.problem, spec.method, time_limit=spec.time_limit, tell=tell, seed=spec.seed % 2**31, **options
    )


def planned(question: Question, plan: Plan) -> Planned:
    """Return the plan in ids, with the use of every site."""
    problem, facilities, site = question.problem, question.facilities, question.site
    sent = plan.serving >= 0
    at, cost = plan.serving[sent], _trip_costs(problem, plan)[sent]
    people = problem.people[sent]
    served = np.bincount(at, weights=people, minlength=problem.n_sites)
    total = np.bincount(at, weights=people * cost, minlength=problem.n_sites)
    worst = np.zeros(problem.n_sites)
    np.maximum.at(worst, at, cost)
    lon, lat = _degrees(question)
    opened, closed = set(plan.opened.tolist()), set(plan.closed.tolist())
    uses = []
    for j in range(problem.n_sites):
        if not (j in opened or problem.open_now[j]):
            continue
        state = "opened" if j in opened else "closed" if j in closed else "kept"
        f = int(site[j])
        price = float(facilities.cost[f])
        uses.append(SiteUse(
            str(facilities.ids[f]), str(facilities.name[f]), state, float(served[j]),
            float(total[j] / served[j]) if served[j] > 0 else None, float(worst[j]) if served[j] > 0 else None,
            None if np.isnan(price) else price, float(lon[j]), float(lat[j]),
        ))  # fmt: skip
    ids = facilities.ids[site]
    return Planned(
        plan, question.spec.kind, tuple(map(str, ids[plan.opened])), tuple(map(str, ids[plan.closed])), tuple(uses),
        float(problem.people.sum()), float(problem.people[~problem.reachable].sum()), question.notes,
    )  # fmt: skip


def _trip_costs(problem: Problem, plan: Plan) -> Floats:
    """Return f64[R] the cost of each row's trip to the site that serves it (the largest share of a split row)."""
    pairs = problem.pairs
    at = np.flatnonzero(pairs.site == plan.serving[pairs.row])
    cost = np.full(problem.n_rows, np.inf)
    cost[pairs.row[at]] = pairs.cost[at]
    return cost


def _degrees(question: Question) -> tuple[Floats, Floats]:
    """Return the sites' places in degrees."""
    from pyproj import Transformer  # noqa: PLC0415

    facilities, site = question.facilities, question.site
    turn = Transformer.from_crs(question.world.crs, "EPSG:4326", always_xy=True)
    lon, lat = turn.transform(facilities.x_m[site], facilities.y_m[site])
    return np.asarray(lon), np.asarray(lat)


def with_plan(question: Question, plan: Plan) -> World:
    """Return the world with the plan's sites open (closed); candidates that were not chosen are left out again."""
    facilities, site = question.facilities, question.site
    is_open = facilities.open.copy()
    is_open[site[plan.opened]] = True
    is_open[site[plan.closed]] = False
    keep = np.zeros(facilities.n_facilities, np.bool_)
    keep[: question.world.facilities.n_facilities] = True
    keep[site[plan.opened]] = True
    kept = replace(
        facilities,
        open=is_open[keep],
        place=None if facilities.place is None else facilities.place[keep],
        **{
            name: getattr(facilities, name)[keep]
            for name in ("ids", "x_m", "y_m", "kind", "name", "capacity", "cost", "hours")
        },
    )
    return replace(question.world, facilities=kept)


def _rule(world: World, spec: SitingSpec, standard: Standard | None, faults: list[Fault]) -> Requirement | None:
    """Return the requirement that says mode, bound and direction: the standard's, as the question changes it."""
    rules = () if standard is None else standard.requirements
    own = next((rule for rule in rules if spec.kind in rule.kinds and rule.bound is not None), None)
    mode = spec.mode or (own.mode if own else None)
    if mode is None:
        modes = list(world.network.seconds) or [times.mode for times in world.times if times.mode]
        mode = modes[0] if modes else ""
    bound, metric = (own.bound, own.metric) if own else (None, "time")
    if spec.bound is not None:
        bound, metric = spec.bound.value, spec.bound.metric
    direction = own.direction if own else "to_facility"
    if bound is None and spec.method in _NEED_BOUND:
        faults.append(Fault(f"{spec.method} needs a bound such as '15 min': no standard here has one for {spec.kind}",
                            ("bound",)))  # fmt: skip
    if mode not in world.network.seconds and world.given_times(mode, direction) is None:
        known = ", ".join(world.network.seconds) or "none"
        faults.append(Fault(f"there are no travel times for mode {mode!r}; the roads have {known}", ("mode",)))
    if faults:
        return None
    return Requirement(id="siting", kinds=(spec.kind,), mode=mode, bound=bound, metric=metric, direction=direction)


def _with_candidates(world: World, spec: SitingSpec, reading: Reading | None, faults: list[Fault]) -> Facilities:
    """Return the facilities with candidates added, closed."""
    source, facilities = spec.candidates, world.facilities
    if source is None or source.type == "closed":
        return facilities
    if source.type == "table":
        if reading is None:
            raise InputError("candidates from a table need the scenario's files")
        try:
            found = source.load(reading)
        except InputError as error:
            faults += [fault.under(("candidates",)) for fault in error.faults]
            return facilities
        if found.kinds != (spec.kind,):
            faults.append(Fault(f"candidates are of kind {found.kinds[0]!r}, the question is about {spec.kind!r}",
                                ("candidates", "kind")))  # fmt: skip
        found = replace(found, open=np.zeros(found.n_facilities, np.bool_))
    elif source.type == "demand":
        demand = world.demand
        at = np.flatnonzero(demand.inside)
        found = _places(spec.kind, [f"at-{one}" for one in demand.ids[at].tolist()], demand.x_m[at], demand.y_m[at],
                        demand.ids[at])  # fmt: skip
    else:
        node = _junctions(world, source.way, faults)
        x_m, y_m = world.network.x_m[node], world.network.y_m[node]
        found = _places(spec.kind, [f"node-{one}" for one in node.tolist()], x_m, y_m)
    taken = set(facilities.ids.tolist()) & set(found.ids.tolist())
    if taken:
        faults.append(Fault(f"candidates have ids of facilities: {some_of(sorted(taken))}", ("candidates",)))
        return facilities
    return facilities.append(found)


def _places(kind: str, ids: list[str], x_m: Floats, y_m: Floats, place: np.ndarray | None = None) -> Facilities:
    """Return closed facilities at places."""
    n, text = len(ids), np.array([""] * len(ids), dtype=object)
    return Facilities(
        ids=np.array(ids, dtype=object), x_m=x_m, y_m=y_m, kind=np.zeros(n, np.int32), kinds=(kind,), name=text,
        capacity=np.full(n, np.nan), cost=np.full(n, np.nan), open=np.zeros(n, np.bool_), hours=text, place=place,
    )  # fmt: skip


def _junctions(world: World, ways: tuple[str, ...], faults: list[Fault]) -> Ints:
    """Return the vertices where at least three arms meet, one of them of the given classes, inside the area."""
    network = world.network
    unknown = [way for way in ways if way not in network.ways]
    if unknown:
        faults.append(Fault(f"no road is of class {', '.join(unknown)}; there are {', '.join(network.ways)}",
                            ("candidates", "way")))  # fmt: skip
        return np.empty(0, np.int32)
    arms = np.bincount(network.tail, minlength=network.n_vertices) + np.bincount(
        network.head, minlength=network.n_vertices
    )
    of_class = np.isin(network.way, [network.ways.index(way) for way in ways])
    on = np.zeros(network.n_vertices, np.bool_)
    on[network.tail[of_class]] = on[network.head[of_class]] = True
    on &= (arms >= 3) & ~network.ways_out
    if world.area is not None:
        import shapely  # noqa: PLC0415

        at = np.flatnonzero(on)
        on[at] = shapely.intersects_xy(world.area, network.x_m[at], network.y_m[at])
    return np.flatnonzero(on).astype(np.int32)


def _sites(facilities: Facilities, spec: SitingSpec) -> Ints:
    """Return the positions of the kind's facilities: open ones and, where candidates are asked for, closed ones."""
    if spec.kind not in facilities.kinds:
        return np.empty(0, np.int32)
    of_kind = facilities.kind == facilities.kinds.index(spec.kind)
    if spec.candidates is None:
        of_kind &= facilities.open
    return np.flatnonzero(of_kind).astype(np.int32)


def _fixed(facilities: Facilities, site: Ints, spec: SitingSpec, faults: list[Fault]) -> tuple[np.ndarray, np.ndarray]:
    """Return i8[S] what is settled, and bool[S] what is open today."""
    open_now = facilities.open[site]
    may_close = spec.method == "close" or spec.existing != "keep"
    fixed = np.where(open_now, FREE if may_close else STANDS, FREE).astype(np.int8)
    position = {one: at for at, one in enumerate(facilities.ids[site].tolist())}
    for key, setting, wants_open in (("open", STANDS, False), ("never", SHUT, False), ("stay", STANDS, True)):
        for one in getattr(spec, key):
            at = position.get(one, -1)
            if at < 0 or bool(open_now[at]) != wants_open:
                what = "facility of this kind that is open" if wants_open else "candidate"
                faults.append(Fault(f"{one!r} is no {what}", (key,)))
            else:
                fixed[at] = setting
    return fixed, open_now


def _people(world: World, spec: SitingSpec, faults: list[Fault]) -> tuple[Floats, Ints]:
    """Return the people counted and the demand points that have some, inside the study area."""
    demand = world.demand
    people = np.zeros(demand.n_points)
    for group, weight in spec.groups.items():
        if group != "total" and group not in demand.groups:
            faults.append(Fault(f"people are not given by the group {group!r}; there are {', '.join(demand.groups)}",
                                ("groups", group)))  # fmt: skip
        elif not (np.isfinite(weight) and weight >= 0):
            faults.append(Fault(f"a weight is a number of 0 or more, got {weight}", ("groups", group)))
        else:
            people += weight * (demand.total if group == "total" else demand.of(group))
    counted = np.flatnonzero(demand.inside & (people > 0)).astype(np.int32)
    if not len(counted) and not faults:
        faults.append(Fault("nobody of these groups lives in the study area", ("groups",)))
    return people[counted], counted


def _costs(
    facilities: Facilities, site: Ints, open_now: np.ndarray, spec: SitingSpec, faults: list[Fault]
) -> Floats | None:
    """Return f64[S] the cost of opening, or None when money plays no part."""
    if spec.budget is None:
        return None
    cost = np.where(np.isnan(facilities.cost[site]), np.nan if spec.cost is None else spec.cost, facilities.cost[site])
    cost[open_now] = 0.0
    unknown = np.isnan(cost)
    if unknown.any():
        faults.append(Fault(f"a budget needs the cost of every candidate: {int(unknown.sum()):,} have none, e.g. "
                            f"{some_of(facilities.ids[site[unknown]].tolist())}; give a column cost, or cost: here",
                            ("budget",)))  # fmt: skip
        return None
    return cost


def _capacity(facilities: Facilities, site: Ints, spec: SitingSpec, faults: list[Fault]) -> Floats | None:
    """Return f64[S] capacities where they count."""
    if not spec.capacity:
        return None
    capacity = facilities.capacity[site].astype(float)
    if np.isnan(capacity).any():
        unknown = facilities.ids[site[np.isnan(capacity)]].tolist()
        faults.append(Fault(f"{len(unknown):,} facilities have no capacity: {some_of(unknown)}; give their column "
                            "capacity, or leave capacity: false", ("capacity",)))  # fmt: skip
    return capacity


def _enough(spec: SitingSpec, fixed: np.ndarray, open_now: np.ndarray, faults: list[Fault]) -> None:
    """Check numbers that can be checked before any travel time is known."""
    if not len(fixed):
        faults.append(Fault(f"there is no site of kind {spec.kind!r}: neither an open facility nor a candidate",
                            ("candidates",)))  # fmt: skip
        return
    may_open = int(((fixed != SHUT) & ~open_now).sum())
    may_close = int(((fixed == FREE) & open_now).sum())
    if spec.method == "close":
        if spec.choose is None:
            faults.append(Fault("close needs choose: how many are to close?", ("choose",)))
        elif spec.choose > may_close:
            faults.append(Fault(f"{spec.choose} are to close, but only {may_close} may", ("choose",)))
        return
    if spec.choose is None and spec.method in ("max_cover", "p_median", "p_center") and spec.budget is None:
        faults.append(Fault(f"{spec.method} needs choose: how many are to open?", ("choose",)))
    if spec.choose is not None and spec.choose > may_open:
        faults.append(Fault(f"{spec.choose} are to open, but there are only {may_open} candidates", ("choose",)))


def _times(
    world: World, facilities: Facilities, site: Ints, rule: Requirement, spec: SitingSpec, memory: Memory,
    notes: list[str],
) -> TravelTimes:  # fmt: skip
    """Return the trips from every demand point to every site that the question needs."""
    given = world.given_times(rule.mode, rule.direction)
    metric: Metric = rule.metric
    if given is not None:
        return given.between(world.demand, facilities, site, metric)
    from lifezone.routing import within  # noqa: PLC0415

    reach = spec.reach
    if reach is None and spec.method in _NEED_BOUND and rule.bound is not None:
        reach = rule.bound
    if reach is None:
        reach = float("inf")
        if world.demand.n_points * len(site) > _MOST_PAIRS:
            reach = _FAR_S if metric == "time" else 60_000.0
            notes.append(f"trips of more than {reach:g} {'seconds' if metric == 'time' else 'metres'} are not "
                         "looked at (reach), as there are many candidates")  # fmt: skip
    seen = replace(world, facilities=facilities)
    return within(
        roads_of(seen, rule.mode, memory), attach_demand(seen, rule.mode, memory),
        attach_facilities(seen, site, rule.mode, memory), site, reach,
        metric=metric, direction=rule.direction, threads=2,
    )  # fmt: skip


def _pairs(times: TravelTimes, site: Ints, row: Ints, metric: Metric) -> Pairs:
    """Return the trips of the rows counted, with sites in place of facilities."""
    number = np.full(int(site.max()) + 1, -1, np.int32)
    number[site] = np.arange(len(site), dtype=np.int32)
    cost = times.seconds if metric == "time" else times.metres
    pairs = Pairs(times.first, number[times.facility], np.asarray(cost, np.float64), len(site))
    wanted = np.zeros(times.n_points, np.bool_)
    wanted[row] = True
    return pairs.rows(wanted)
