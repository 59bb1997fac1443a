"""``changed by``: two editions of a study, their parts swapped one by one, and every world judged by the same function.

People, facilities, roads and standard of the later edition take the place of the earlier one's, in all sets of those
that differ: sixteen worlds at most, each judged by :func:`lifezone.assess.assess`. Both editions are brought into one
coordinate system and loaded equally far beyond the area, since otherwise where the file was cut would look like a road
that was built. What belongs to what:

* people: demand points, ages, districts they live in
* facilities: all kinds with places and capacity, attendance areas
* roads: network with speeds and turns, the way from a point to its road, ready-made travel times
* standard: requirements, their bounds and groups, the walking speed that they assume, how urban is told from rural

Decided: swapped worlds are built from what was read, not from mixed scenario files, so that one trip is searched once
for every world that shares it. Refused, with a reason told: editions whose districts differ and cannot be told by
place, and ready-made times or attendance areas that know nothing of the other edition's people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np

from lifezone.attribution.editions import Edition, EditionFile, bounded, load_editions
from lifezone.attribution.worlds import Judge, shared, unswappable
from lifezone.errors import InputError, some_of
from lifezone.model import TOTAL, Demand
from lifezone.monitor.attribution import ALL_MET, AttributionRow, Part, Worth, attribution_rows
from lifezone.progress import SILENT, Progress
from lifezone.standards.summary import ALL

__all__ = ["Attributed", "Edition", "EditionFile", "attribute", "attribute_all", "load_editions"]


_ALL_MET_NAMES: Final = ("모든 기준 충족", "every requirement met")


@dataclass(frozen=True)
class Attributed:
    """What changed coverage between two editions.

    Attributes:
        rows: of ``attribution.csv``.
        changed: parts that differ at all.
        worlds: how many worlds were judged.
        notes: what was aligned, and how far swapped worlds are comparable.
        inputs: every file read, for the manifest.
    """

    rows: tuple[AttributionRow, ...]
    changed: tuple[Part, ...]
    worlds: int
    notes: tuple[str, ...] = ()
    inputs: tuple[dict[str, Any], ...] = ()


def attribute(before: Edition, after: Edition, *, progress: Progress = SILENT) -> Attributed:
    """Split the change of coverage between two editions into people, facilities, roads and standard.

    Args:
        before: the earlier edition, in the same coordinates as ``after``.
        after: the later one.
        progress: where to show progress.

    Raises:
        InputError: their coordinates differ, their districts cannot be brought together, or ready-made times or
            attendance areas do not know the people and facilities of the other edition.
    """
    if before.world.crs != after.world.crs:
        raise InputError(
            f"{before.name} is in {before.world.crs}, {after.name} in {after.world.crs}: load them together"
        )
    demand, notes = _in_districts_of(before, after)
    before = replace(before, world=replace(before.world, demand=demand, districts=after.world.districts))
    before, changed = shared(before, after)
    faults = list(unswappable(before, after, changed))
    if faults:
        raise InputError(faults)
    judge = Judge(before, after, changed)
    worths: dict[str, dict[int, Worth]] = {key: {} for key in (*judge.requirements, ALL_MET)}
    with progress.step(f"what changed: {before.name} → {after.name}", 1 << len(changed)) as advance:
        for number, found in judge.worlds():
            for key, worth in found.items():
                worths[key][number] = worth
            advance(1)
    areas = [ALL, *(one for one in after.world.districts.ids if one != ALL)]
    named = {rule.id: rule for one in (before, after) for rule in one.standard.requirements}
    about = {key: (named[key].name_ko or key, named[key].name_en or key, rule.group)
             for key, rule in judge.requirements.items()}  # fmt: skip
    about[ALL_MET] = (*_ALL_MET_NAMES, TOTAL)
    rows = attribution_rows((before.name, after.name), areas, worths, changed, about)
    return Attributed(tuple(rows), changed, 1 << len(changed), (*after.notes, *notes, *_spoken(before, after)),
                      (*before.inputs, *after.inputs))  # fmt: skip


def attribute_all(files: Sequence[EditionFile], *, progress: Progress = SILENT) -> list[Attributed]:
    """Split the change between every two editions that follow one another.

    Args:
        files: editions, oldest first.
        progress: where to show progress.

    Raises:
        ScenarioError: a scenario is at fault.
        InputError: two editions cannot be swapped; says which.
    """
    found = []
    for before, after in pairwise(files):
        try:
            found.append(attribute(*load_editions(before, after, progress=progress), progress=progress))
        except InputError as error:
            told = [replace(fault, message=f"{before.name} → {after.name}: {fault.message}") for fault in error.faults]
            raise InputError(told) from error
    return found


def _spoken(before: Edition, after: Edition) -> Iterator[str]:
    """Yield what must be told of groups that one edition does not count: everybody stands for them there."""
    for edition in (before, after):
        groups = [rule.group for one in (before, after) for rule in bounded(one.standard)]
        lacking = [group for group in dict.fromkeys(groups) if group not in edition.world.demand.groups]
        if lacking:
            yield f"{edition.name} does not count {', '.join(lacking)}: everybody is judged in their place there"
        for what, why in (("people", edition.world.demand.modelled), ("roads", edition.world.network.modelled)):
            if why:
                yield f"{edition.name}: {what} are modelled, and so is what is said of their part in the change: {why}"


def _in_districts_of(before: Edition, after: Edition) -> tuple[Demand, tuple[str, ...]]:
    """Return the earlier people in the later districts: by id, else by where they live."""
    demand, old, new = before.world.demand, before.world.districts, after.world.districts
    if old.ids == new.ids:
        return demand, ()
    if set(old.ids) == set(new.ids):
        position = {one: at for at, one in enumerate(new.ids)}
        table = np.array([position[one] for one in old.ids] + [-1], np.int32)
        return replace(demand, district=table[demand.district]), ()
    gone, come = ([one for one in a.ids if one not in b.ids] for a, b in ((old, new), (new, old)))
    what = "; ".join(f"{word} {some_of(ids)}" for word, ids in (("gone:", gone), ("new:", come)) if ids)
    if new.polygon is None:
        raise InputError(f"districts of {before.name} and {after.name} differ ({what}), and {after.name} has no "
                         "boundaries by which people could be told: give area.districts with polygons")  # fmt: skip
    from lifezone.sources.districts import join_districts  # noqa: PLC0415  (shapely is slow to import)

    found = np.where(demand.inside, join_districts(demand.x_m, demand.y_m, new), -1).astype(np.int32)
    lost = float(demand.total[demand.inside & (found < 0)].sum())
    told = (
        f"districts differ ({what}): people of {before.name} are told by the districts of {after.name}, where they live"
    )
    return replace(demand, district=found), (told + (f"; {lost:,.0f} live in none of them" if lost else ""),)
