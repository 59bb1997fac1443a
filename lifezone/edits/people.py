"""What-ifs about people: fewer or more, other numbers for a district, a projection, a move. Points and grid stay.

Rules, told to the planner: where in a district people live stays in proportion. Without ``groups`` all groups change in
step. When one group alone changes, the total follows by as many people; of several, the total must be among them, since
groups may overlap. People of a district in which nobody lives so far cannot be placed: a fault, not a guess. Numbers
that are not counted at the points are marked estimated. Urban and rural points stay as they are in the baseline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

import numpy as np

from lifezone.edits.context import Context
from lifezone.edits.facilities import project_point
from lifezone.edits.people_specs import MovePeople, PeopleFrom, PeopleTo, ProjectPeople, ReplacePeople, ScalePeople
from lifezone.edits.places import area_shape
from lifezone.errors import Fault, InputError, Path, some_of
from lifezone.model import TOTAL, Bools, Demand, Floats, World

__all__ = ["change_people", "move_people", "project_people", "replace_people", "scale_people"]


def change_people(
    world: World, change: ScalePeople | ReplacePeople | ProjectPeople | MovePeople, context: Context
) -> tuple[World, str]:
    """Apply one edit of people; returns the new world and what was done."""
    match change:
        case ScalePeople():
            return scale_people(world, change, context)
        case ReplacePeople():
            return replace_people(world, change)
        case ProjectPeople():
            return project_people(world, change, context)
        case MovePeople():
            return move_people(world, change, context)


def scale_people(world: World, change: ScalePeople, context: Context) -> tuple[World, str]:
    """Multiply people of some groups in some place."""
    demand = world.demand
    chosen, where = _chosen(world, change, (), context)
    groups = _groups(demand, change.groups, ("groups",))
    people = demand.people.copy()
    columns = [demand.groups.index(group) for group in groups]
    people[np.ix_(np.flatnonzero(chosen), np.array(columns))] *= change.factor
    people = _with_total(demand, people, groups)
    which = "everybody" if change.groups is None else ", ".join(groups)
    told = f"people: {which} × {change.factor:g} {where}: {_counts(demand, people, groups, chosen)}"
    return _with(world, people), told


def replace_people(world: World, change: ReplacePeople) -> tuple[World, str]:
    """Bring one district to given numbers."""
    demand = world.demand
    at = _district(world, change.district, ("district",))
    groups = _groups(demand, list(change.groups), ("groups",), by_key=True)
    chosen = demand.district == at
    people, faults = demand.people.copy(), list[Fault]()
    for group in groups:
        column = demand.groups.index(group)
        _bring_to(demand, people, chosen, column, change.groups[group], change.district, ("groups", group), faults)
    if faults:
        raise InputError(faults)
    people = _with_total(demand, people, groups)
    told = f"people of {change.district}: {_counts(demand, people, groups, chosen)}"
    return _with(world, people, estimated=groups), told


def project_people(world: World, change: ProjectPeople, context: Context) -> tuple[World, str]:
    """Bring every district to the numbers of a table; districts that it does not have stay, told."""
    demand, faults = world.demand, list[Fault]()
    groups = _groups(demand, list(change.groups), ("groups",), by_key=True)
    numbers = _projection(world, change, context)
    people = demand.people.copy()
    for position, row in numbers.items():
        chosen = demand.district == position
        name = world.districts.ids[position]
        for group in groups:
            column = demand.groups.index(group)
            _bring_to(demand, people, chosen, column, row[group], name, ("groups", group), faults)
    if faults:
        raise InputError(faults)
    people = _with_total(demand, people, groups)
    left = [unit for position, unit in enumerate(world.districts.ids) if position not in numbers]
    told = f"people by {change.path}: {_counts(demand, people, groups, demand.inside)}"
    told += f"; no row for {some_of(left)}, which stay" if left else ""
    return _with(world, people, estimated=groups), told


def move_people(world: World, change: MovePeople, context: Context) -> tuple[World, str]:
    """Move people; of one group alone the total moves with them, of the total every group moves alike."""
    demand = world.demand
    (group,) = _groups(demand, [change.group], ("group",))
    chosen, where = _chosen(world, change.start, ("from",), context)
    count = float(demand.of(group)[chosen].sum())
    if count <= 0:
        raise InputError(Fault(f"nobody of {group} lives there", ("from",)))
    share = change.share if change.share is not None else (change.people or 0.0) / count
    if share > 1 + 1e-12:
        raise InputError(Fault(f"only {count:,.0f} of {group} live there", ("people",)))
    weight, to = _target(world, change.end, context)
    columns = (
        list(range(len(demand.groups))) if group == TOTAL else sorted({demand.groups.index(g) for g in (group, TOTAL)})
    )
    people = demand.people.copy()
    for column in columns:
        source = demand.people[:, column if group == TOTAL else demand.groups.index(group)]
        leaving = np.where(chosen, source * min(share, 1.0), 0.0)
        people[:, column] += weight * leaving.sum() - leaving
    people = np.maximum(people, 0.0)
    return _with(world, people, estimated=()), f"people: {count * share:,.0f} of {group} move {where} to {to}"


def _target(world: World, end: PeopleTo, context: Context) -> tuple[Floats, str]:
    """Return f64[P] the share of the movers that each point gets, and where that is in words."""
    demand = world.demand
    if end.at is not None:
        x_m, y_m = project_point(world, end.at, ("to", "at"))
        gap_m = np.where(demand.inside, np.hypot(demand.x_m - x_m, demand.y_m - y_m), np.inf)
        nearest = int(np.argmin(gap_m))
        weight = np.zeros(demand.n_points)
        weight[nearest] = 1.0
        return weight, f"{demand.ids[nearest]}, {gap_m[nearest]:,.0f} m from {end.at[0]:.5f}, {end.at[1]:.5f}"
    chosen, where = _chosen(world, end, ("to",), context)
    weight = np.where(chosen, demand.total, 0.0)
    if weight.sum() <= 0:
        raise InputError(Fault("nobody lives there so far, so it is not known where people would: use at", ("to",)))
    return weight / weight.sum(), f"where people live {where}"


def _chosen(world: World, place: PeopleFrom, prefix: Path, context: Context) -> tuple[Bools, str]:
    """Return bool[P] which points are meant, and where that is in words."""
    demand = world.demand
    if place.districts is not None:
        faults, positions = list[Fault](), []
        for index, one in enumerate(place.districts):
            try:
                positions.append(_district(world, one, (*prefix, "districts", index)))
            except InputError as error:
                faults += error.faults
        if faults:
            raise InputError(faults)
        return np.isin(demand.district, positions), f"in {', '.join(place.districts)}"
    if place.area is None:
        return np.ones(demand.n_points, np.bool_), "everywhere"
    import shapely  # noqa: PLC0415

    try:
        shape = area_shape(place.area, world, context)
    except InputError as error:
        raise InputError([fault.under((*prefix, "area")) for fault in error.faults]) from None
    chosen: Bools = shapely.intersects_xy(shape, demand.x_m, demand.y_m)
    if not chosen.any():
        raise InputError(Fault("no demand point lies in this area", (*prefix, "area")))
    return chosen, place.area.told


def _district(world: World, text: str, path: Path) -> int:
    """Return the position of a district given by id, else by its name."""
    units = world.districts
    for names in (units.ids, units.name, units.name_en):
        found = [position for position, name in enumerate(names) if name == text]
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            raise InputError(Fault(f"{len(found)} districts are called {text!r}: write the id", path))
    near = get_close_matches(text, [*units.ids, *units.name], n=3, cutoff=0.5)
    hint = f"; did you mean {', '.join(near)}?" if near else f"; there are {some_of(units.ids)}"
    raise InputError(Fault(f"no district has the id or name {text!r}{hint}", path))


def _groups(demand: Demand, written: Sequence[str] | None, path: Path, *, by_key: bool = False) -> tuple[str, ...]:
    """Return the groups that change; refuses unknown ones, and several without the total."""
    if written is None:
        return demand.groups
    faults = [
        Fault(f"demand has no group {group!r}; it has {', '.join(demand.groups)}",
              (*path, group if by_key else index) if path != ("group",) else path)
        for index, group in enumerate(written) if group not in demand.groups
    ]  # fmt: skip
    if not faults and TOTAL not in written and len(written) > 1:
        faults = [Fault(f"groups may overlap: change one at a time, or write {TOTAL} too", path)]
    if faults:
        raise InputError(faults)
    return tuple(written)


def _with_total(demand: Demand, people: Floats, groups: Sequence[str]) -> Floats:
    """Let the total follow when one group alone changed, never below nobody."""
    if TOTAL in groups:
        return people
    (group,) = groups
    at, total = demand.groups.index(group), demand.groups.index(TOTAL)
    people[:, total] = np.maximum(people[:, total] + people[:, at] - demand.people[:, at], 0.0)
    return people


def _bring_to(
    demand: Demand,
    people: Floats,
    chosen: Bools,
    column: int,
    target: float,
    name: str,
    path: Path,
    faults: list[Fault],
) -> None:
    """Scale one group of one district to a number, in place; where none of it lives, in proportion to everybody."""
    here = demand.people[chosen, column]
    if here.sum() <= 0:
        here = demand.total[chosen]
    if here.sum() > 0:
        people[chosen, column] = here * (target / here.sum())
    elif target > 0:
        message = f"nobody lives in {name} so far, so it is not known where {target:,.0f} people would: use people.move"
        faults.append(Fault(message, path))


def _projection(world: World, change: ProjectPeople, context: Context) -> Mapping[int, Mapping[str, float]]:
    """Read the table of a projection: position of the district → group → people."""
    from lifezone.sources.files import input_record  # noqa: PLC0415
    from lifezone.sources.tables import read_table  # noqa: PLC0415
    from lifezone.sources.where import keep_rows  # noqa: PLC0415

    table = read_table(context.folder, change.path, layer=change.layer, encoding=change.encoding)
    faults = table.missing(change.district, ("district",))
    for group, column in change.groups.items():
        faults += table.missing(column, ("groups", group))
    if faults:
        raise InputError(faults)
    kept, _ = keep_rows(table, change.where)
    columns = {}
    for group, column in change.groups.items():
        columns[group], wrong = kept.numbers(column, ("groups", group))
        faults += wrong
        bad = ~(columns[group] >= 0) | np.isinf(columns[group])
        if not wrong and bad.any():
            faults.append(Fault(f"{change.path}: people must be 0 or more in {kept.lines_of(bad)}", ("groups", group)))
    rows: dict[int, dict[str, float]] = {}
    strangers = []
    for index, text in enumerate(kept.text(change.district).tolist()):
        try:
            position = _district(world, text, ("district",))
        except InputError:
            strangers.append(text)
            continue
        if position in rows:
            faults.append(Fault(f"{change.path}: {text!r} has two rows: say which with where", ("where",)))
        rows[position] = {group: float(values[index]) for group, values in columns.items()}
    if not rows and not faults:
        known = some_of(world.districts.ids)
        faults.append(
            Fault(
                f"{change.path}: no row is of a district of this study ({known}); it has {some_of(strangers)}",
                ("district",),
            )
        )
    if faults:
        raise InputError(faults)
    used = len(rows)
    context.note(input_record(change.path, table.file, rows=table.n_rows, selected=kept.n_rows, used=used))
    return rows


def _counts(demand: Demand, people: Floats, groups: Sequence[str], chosen: Bools) -> str:
    """Say how many people there were and are, by group."""
    parts = []
    for group in dict.fromkeys((TOTAL, *groups)):
        column = demand.groups.index(group)
        before, after = demand.people[chosen, column].sum(), people[chosen, column].sum()
        parts.append(f"{group} {before:,.0f} → {after:,.0f}")
    return ", ".join(parts[:4]) + (" …" if len(parts) > 4 else "")


def _with(world: World, people: Floats, *, estimated: Sequence[str] = ()) -> World:
    """Return the world with other people; groups not counted at the points are estimated."""
    demand = world.demand
    marked = tuple(group for group in demand.groups if group in estimated or group in demand.estimated)
    return replace(world, demand=replace(demand, people=people, estimated=marked))
