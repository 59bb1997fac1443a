"""Alliances of municipalities: what is asked, checked; what each group would share; the best division (D12)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Bools, Floats, Ints, World
from lifezone.model.alliances import Alliance, Alliances, Instead, Partition, Refusal, Sensitivity, Shared
from lifezone.model.flows import FlowMap
from lifezone.standards.spec import Bound
from lifezone.zoning.alliance_spec import AlliancesSpec, JointSpec, OpenedSpec
from lifezone.zoning.groups import Groups, Limits, broken_limits, list_groups
from lifezone.zoning.joint import JointKind, OpenedKind, Valued, opened_kind, value_groups
from lifezone.zoning.partition import Columns, Division, best_division, columns_of, without_each
from lifezone.zoning.people import group_faults, weights_of
from lifezone.zoning.towns import Towns, Trips, as_demand, as_sites

__all__ = ["AskedAlliances", "ask_alliances", "find_alliances"]


@dataclass(frozen=True, eq=False)
class AskedAlliances:
    """What is asked of alliances, without faults.

    Attributes:
        spec: as the planner wrote it.
        world: people, facilities, roads.
        towns: the municipalities.
        users: f64[M] users a year of each municipality, an entry a joint kind, before capture.
        given: groups of a given division, or None.
    """

    spec: AlliancesSpec
    world: World
    towns: Towns
    users: tuple[Floats, ...]
    given: tuple[tuple[int, ...], ...] | None = None


@dataclass(frozen=True, eq=False)
class _Found:
    """Kinds that can be shared, with ids of the sites of joint ones."""

    joint: tuple[JointKind, ...]
    opened: tuple[OpenedKind, ...]
    sites: tuple[tuple[str, ...], ...]


def ask_alliances(
    spec: AlliancesSpec, world: World, known: FlowMap, towns: Towns, given: dict[str, str] | None
) -> AskedAlliances:
    """Check what is asked of alliances.

    Args:
        spec: the block.
        world: people, facilities, roads.
        known: the municipalities with their figures.
        towns: the same with people and centres.
        given: alliance by municipality of a given division.

    Raises:
        InputError: every fault, its path inside the block.
    """
    faults = [*_town_faults(spec, world, towns)]
    users = []
    for at, joint in enumerate(spec.joint):
        faults += [fault.under(("joint", at)) for fault in _kind_faults(joint, world)]
        found = _users(joint, world, known, towns)
        if isinstance(found, Fault):
            faults.append(found.under(("joint", at)))
        else:
            users.append(found)
    for at, opened in enumerate(spec.opened):
        faults += [fault.under(("opened", at)) for fault in _kind_faults(opened, world)]
    groups = None
    if given is not None:
        strange = sorted(set(given) - set(towns.ids))
        if strange:
            faults.append(Fault(f"{some_of(strange)}: no such municipality in this study", ("given", "district")))
        names: dict[str, list[int]] = {}
        for at, one in enumerate(towns.ids):
            if given.get(one):
                names.setdefault(given[one], []).append(at)
        groups = tuple(sorted(tuple(members) for members in names.values()))
    if faults:
        raise InputError(faults)
    return AskedAlliances(spec, world, towns, tuple(users), groups)


def _town_faults(spec: AlliancesSpec, world: World, towns: Towns) -> Iterator[Fault]:
    """Yield what is not known of the municipalities."""
    if towns.n < spec.members[0]:
        yield Fault(f"an alliance needs {spec.members[0]} municipalities, the study has {towns.n}", ("members",))
    if towns.neighbours is None:
        yield Fault("which municipalities touch is not known: give their shapes (area.districts)", ())
    unknown = [towns.ids[at] for at in np.flatnonzero(np.isnan(towns.people)).tolist()]
    if unknown:
        yield Fault(f"the people of {some_of(unknown)} are not known: give municipalities with a column people", ())
    nowhere = [towns.ids[at] for at in np.flatnonzero(np.isnan(towns.x_m)).tolist()]
    if nowhere:
        yield Fault(f"where the centre of {some_of(nowhere)} is, is not known: give municipalities with x and y", ())
    if spec.mode not in world.network.seconds:
        known = ", ".join(world.network.seconds) or "none"
        yield Fault(f"trips between centres need roads for mode {spec.mode!r}; the roads have {known}", ("mode",))


def _kind_faults(spec: JointSpec | OpenedSpec, world: World) -> Iterator[Fault]:
    """Yield what of a kind does not fit the world."""
    if spec.kind not in world.facilities.kinds:
        have = ", ".join(world.facilities.kinds) or "none"
        yield Fault(f"no facilities of kind {spec.kind!r} are given; there are {have}", ("kind",))
    if spec.mode not in world.network.seconds:
        known = ", ".join(world.network.seconds) or "none"
        yield Fault(f"there are no travel times for mode {spec.mode!r}; the roads have {known}", ("mode",))
    yield from group_faults(world, spec.groups)


def _users(spec: JointSpec, world: World, known: FlowMap, towns: Towns) -> Floats | Fault:
    """Return f64[M] the users of a joint kind, or what is wrong."""
    if spec.users in known.figures:
        found = known.figures[spec.users]
        missing = [towns.ids[at] for at in np.flatnonzero(np.isnan(found)).tolist()]
        if missing:
            return Fault(f"{spec.users!r} is not known of {some_of(missing)}", ("users",))
        return np.asarray(found, np.float64)
    if spec.users in world.demand.groups:
        inside = towns.point >= 0
        people = world.demand.of(spec.users)[inside]
        return np.asarray(np.bincount(towns.point[inside], weights=people, minlength=towns.n), np.float64)
    have = ", ".join((*world.demand.groups, *known.figures))
    return Fault(f"{spec.users!r} is neither a group of people nor a figure of municipalities; there are {have}",
                 ("users",))  # fmt: skip


def find_alliances(asked: AskedAlliances, trips: Trips) -> Alliances:
    """Find the best division into alliances and what came next.

    Args:
        asked: what is asked.
        trips: searches on the world's roads.
    """
    spec, towns = asked.spec, asked.towns
    assert towns.neighbours is not None  # checked when asked
    found, apart = _shared_kinds(asked, trips), _apart(asked, trips)
    groups, valued, columns = _weighed(asked, found, apart, spec.limits)
    division = best_division(columns, time_limit=spec.time_limit)
    assert division is not None  # nobody with anybody is always one
    told, partitions = [division], [_partition("best", division, asked, found)]
    for number in range(1, spec.alternatives + 1):
        other = best_division(columns, told=told, time_limit=spec.time_limit)
        if other is None:
            break
        told.append(other)
        partitions.append(_partition(f"next_{number}", other, asked, found))
    if asked.given is not None:
        partitions.append(_given(asked, found, apart, division))
    without = without_each(columns, division, time_limit=spec.time_limit)
    instead = tuple(
        Instead(one, tuple(group for group in other.alliances if set(group) & set(one)), division.value - other.value)
        for one, other in without.items()
    )
    return Alliances(
        tuple(partitions), instead, _refusals(groups, valued), _sensitivity(asked, found, apart), _notes(asked)
    )


def _apart(asked: AskedAlliances, trips: Trips) -> Floats:
    """Return f64[M, M] seconds between centres; ``inf`` beyond the limit."""
    towns, spec = asked.towns, asked.spec
    found = trips(as_demand(towns), as_sites(towns, "centre"), np.arange(towns.n, dtype=np.int32), spec.mode,
                  Bound(spec.apart, "time"))  # fmt: skip
    apart = np.full((towns.n, towns.n), np.inf)
    apart[found.point, found.facility] = found.seconds
    np.fill_diagonal(apart, 0.0)
    return apart


def _shared_kinds(asked: AskedAlliances, trips: Trips) -> _Found:
    """Return what could be shared, with whom it would reach."""
    joint, places = [], []
    for spec, users in zip(asked.spec.joint, asked.users, strict=True):
        kind, sites = _joint(spec, users, asked, trips)
        joint.append(kind)
        places.append(sites)
    opened = tuple(_opened(door, asked, trips) for door in asked.spec.opened)
    return _Found(tuple(joint), opened, tuple(places))


def _open_of(world: World, kind: str) -> Ints:
    """Return the positions of open facilities of a kind."""
    return np.flatnonzero(_of_kind(world, kind) & world.facilities.open).astype(np.int32)


def _of_kind(world: World, kind: str) -> Bools:
    return np.asarray(world.facilities.kind == world.facilities.kinds.index(kind))


def _joint(spec: JointSpec, users: Floats, asked: AskedAlliances, trips: Trips) -> tuple[JointKind, tuple[str, ...]]:
    """Return whom a joint facility at each site would reach anew, and the sites."""
    world, towns = asked.world, asked.towns
    today = trips(world.demand, world.facilities, _open_of(world, spec.kind), spec.mode, spec.bound)
    if spec.sites == "centres":
        sites, home, at = as_sites(towns, spec.kind), np.arange(towns.n, dtype=np.int32), np.arange(towns.n)
    else:
        sites, at = world.facilities, np.flatnonzero(_of_kind(world, spec.kind))
        at = at[np.argsort(sites.ids[at].astype(str), kind="stable")]  # ties go to the lowest id
        home = towns.at(world, sites.x_m[at], sites.y_m[at])
        at, home = at[home >= 0], home[home >= 0]
    place = np.full(sites.n_facilities, -1, np.int32)
    place[at] = np.arange(len(at))
    found = trips(world.demand, sites, np.sort(at).astype(np.int32), spec.mode, spec.bound)
    row, weight = found.point, weights_of(world, spec.groups)
    new = (np.diff(today.first) == 0)[row] & (towns.point[row] >= 0)
    newly = np.zeros((towns.n, len(home)))
    np.add.at(newly, (towns.point[row[new]], place[found.facility[new]]), weight[row[new]])
    kind = JointKind(spec.kind, spec.weight, spec.minimum, users * spec.capture, newly, home)
    return kind, tuple(sites.ids[at].tolist())


def _opened(spec: OpenedSpec, asked: AskedAlliances, trips: Trips) -> OpenedKind:
    """Return who would be reached once doors are open."""
    world, towns = asked.world, asked.towns
    facility = _open_of(world, spec.kind)
    home = np.full(world.facilities.n_facilities, -1, np.int32)
    home[facility] = towns.at(world, world.facilities.x_m[facility], world.facilities.y_m[facility])
    found = trips(world.demand, world.facilities, facility, spec.mode, spec.bound)
    row, of = found.point, home[found.facility]
    reached = np.zeros((world.demand.n_points, towns.n), np.bool_)
    reached[row[of >= 0], of[of >= 0]] = True
    return opened_kind(spec.kind, spec.weight, towns.point, weights_of(world, spec.groups), reached, towns.n)


def _weighed(
    asked: AskedAlliances, found: _Found, apart: Floats, limits: Limits
) -> tuple[Groups, list[Valued], Columns]:
    """Return the groups that keep the limits, what they gain, and those worth choosing."""
    towns = asked.towns
    assert towns.neighbours is not None
    groups = list_groups(towns.neighbours, towns.people, apart, limits)
    valued = [value_groups(table, found.joint, found.opened) for table in groups.members]
    return groups, valued, columns_of(groups.members, [one.value for one in valued], towns.people, limits.target)


def _partition(name: str, division: Division, asked: AskedAlliances, found: _Found) -> Partition:
    """Return a division with what its alliances share."""
    alliances = tuple(_alliance(members, asked, found) for members in division.alliances)
    return Partition(name, alliances, division.value, division.bound, division.proved)


def _given(asked: AskedAlliances, found: _Found, apart: Floats, best: Division) -> Partition:
    """Judge a given division by the same measures."""
    towns, limits = asked.towns, asked.spec.limits
    assert asked.given is not None
    assert towns.neighbours is not None
    alliances = tuple(
        replace(
            _alliance(members, asked, found),
            broken=broken_limits(members, towns.neighbours, towns.people, apart, limits),
        )
        for members in asked.given
        if len(members) > 1
    )
    value = sum(one.value for one in alliances)
    return Partition("given", alliances, value, max(best.bound, value), proved=False)


def _alliance(members: tuple[int, ...], asked: AskedAlliances, found: _Found) -> Alliance:
    """Return what one group shares."""
    table = np.array([members], np.int32)
    shared, gains = [], np.zeros(len(members))
    for spec, kind, sites in zip(asked.spec.joint, found.joint, found.sites, strict=True):
        one = value_groups(table, [kind], [])
        gains += one.gain[0]
        site = int(one.site[0, 0])
        if site < 0:
            continue
        newly = kind.newly[list(members), site]
        use = kind.use[list(members)]
        alone, together = _costs(spec, use)
        shared.append(
            Shared(kind.kind, "joint", tuple(newly.tolist()), tuple(use.tolist()), kind.need, sites[site],
                   int(kind.home[site]), alone, together)
        )  # fmt: skip
    for door in found.opened:
        one = value_groups(table, [], [replace(door, weight=1.0)])
        gains += door.weight * one.gain[0]
        if one.people[0, 0] > 0:
            shared.append(Shared(door.kind, "opened", tuple(one.gain[0].tolist())))
    people = float(asked.towns.people[list(members)].sum())
    return Alliance(members, people, float(gains.sum()), tuple(gains.tolist()), tuple(shared))


def _costs(spec: JointSpec, use: Floats) -> tuple[tuple[float, ...], float | None]:
    """Return the cost per user of each member with a facility of its own, and of the joint one: economies of scale."""
    if spec.yearly_cost is None:
        return (), None
    alone = [spec.yearly_cost / one + spec.cost_per_user if one else float("nan") for one in use.tolist()]
    return tuple(alone), spec.yearly_cost / float(use.sum()) + spec.cost_per_user


def _refusals(groups: Groups, valued: Sequence[Valued]) -> tuple[Refusal, ...]:
    """Return what limits did to each municipality."""
    admissible, gaining = Counter[int](), Counter[int]()
    for one in valued:
        admissible.update(one.members.ravel().tolist())
        gaining.update(one.members[one.value > 0].ravel().tolist())
    return tuple(
        Refusal(admissible[at], gaining[at], dict(sorted(counts.items()))) for at, counts in enumerate(groups.refused)
    )


def _sensitivity(asked: AskedAlliances, found: _Found, apart: Floats) -> tuple[Sensitivity, ...]:
    """Solve again with limits of people narrowed and widened."""
    limits, rows = asked.spec.limits, []
    steps = sorted({-one for one in asked.spec.sensitivity} | set(asked.spec.sensitivity))
    for step in steps:
        other = replace(limits, low=limits.low * (1 - step), high=limits.high * (1 + step))
        if other.low > other.high:
            continue
        columns = _weighed(asked, found, apart, other)[2]
        division = best_division(columns, time_limit=asked.spec.time_limit)
        if division is not None:
            rows.append(Sensitivity(other.low, other.high, division.value, division.proved, division.alliances))
    return tuple(rows)


def _notes(asked: AskedAlliances) -> tuple[tuple[str, str], ...]:
    """Return what must be told."""
    notes = [
        (f"{one.kind}: 이용률 100 %로 계산한 이용자 수는 상한값",
         f"{one.kind}: users are an upper bound: everybody is taken to use what is near (capture 100 %)")
        for one in asked.spec.joint if one.capture >= 1.0
    ]  # fmt: skip
    if any(one.sites == "centres" for one in asked.spec.joint):
        notes.append((
            "공동 시설의 자리는 시군 중심점이며 법적 가능 여부는 검토하지 않음",
            "joint facilities are tried at the centres of municipalities: legal feasibility not checked",
        ))  # fmt: skip
    return tuple(notes)
