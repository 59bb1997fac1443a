"""One place in detail: every requirement with minutes, facility and the legs of the trip, and its life desert.

The world is built again from the scenario (roads come from the cache) and must be the one the result was made from: a
scenario or an input that has changed since is refused, since the explanation would not fit the files beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import Transformer

from lifezone.assess import Memory, attach_demand, attach_facilities, roads_of
from lifezone.errors import Fault, InputError
from lifezone.model import Assessment, Requirement, Standard, Verdicts, World
from lifezone.progress import SILENT, Progress
from lifezone.searches import slower

__all__ = ["explain", "parse_place"]

FARTHEST_M = 2_000.0
"""A place farther than this from where anybody lives is not explained by another place."""


def explain(
    out: Path, at: str, *, variant: str = "baseline", disclose: bool = False, progress: Progress = SILENT
) -> Iterator[str]:
    """Explain one place of a result, line by line.

    Args:
        out: the result folder.
        at: ``LON,LAT`` in degrees; the nearest demand point of the study area is explained.
        variant: which variant.
        disclose: show counts of fewer than 5 people as they are.
        progress: where to show progress.

    Raises:
        InputError: no result there, an unknown variant, a place far from the study, or changed inputs.
    """
    from lifezone.run import assessed_again  # noqa: PLC0415

    lon, lat = parse_place(at)
    manifest = _manifest(out)
    world, standard, assessment, memory = assessed_again(manifest, out, variant, progress)
    point, gap_m = _nearest_point(world, lon, lat)
    yield from _heading(world, assessment, point, gap_m, variant, disclose)
    yield from _plan(manifest, variant)
    for requirement in sorted(standard.requirements, key=lambda rule: not _is_judged(assessment, rule, point)):
        yield ""
        yield from _requirement(world, requirement, assessment.verdicts.get(requirement.id), point, memory)
    yield ""
    yield from _desert(world, standard, assessment, point, disclose)


def parse_place(text: str) -> tuple[float, float]:
    """Read ``LON,LAT``; raises :class:`InputError` when it is not two numbers in this order."""
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--at: expected LON,LAT such as 127.41,36.52, got {text!r}") from None
    if not (np.isfinite([lon, lat]).all() and abs(lon) <= 180 and abs(lat) <= 90):
        raise InputError(f"--at: {text!r} is not LON,LAT in degrees; longitude comes first")
    return lon, lat


def _manifest(out: Path) -> dict[str, Any]:
    """Read the manifest of a result folder."""
    path = out / "manifest.json"
    if not path.is_file():
        raise InputError(Fault(f"no result here: {out} has no manifest.json; run a scenario with --out {out} first"))
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def _nearest_point(world: World, lon: float, lat: float) -> tuple[int, float]:
    """Return the nearest demand point of the study area and how far it is."""
    x_m, y_m = Transformer.from_crs("EPSG:4326", world.crs, always_xy=True).transform(lon, lat)
    inside = np.flatnonzero(world.demand.inside)
    if not len(inside):
        raise InputError("nobody lives in this study area")
    gaps_m = np.hypot(world.demand.x_m[inside] - x_m, world.demand.y_m[inside] - y_m)
    best = int(np.argmin(gaps_m))
    if not gaps_m[best] <= FARTHEST_M:
        raise InputError(
            f"--at: nobody of the study area lives within {FARTHEST_M / 1000:g} km of {lon:g}, {lat:g}; the nearest "
            f"place is {gaps_m[best] / 1000:,.1f} km away"
        )
    return int(inside[best]), float(gaps_m[best])


def _heading(
    world: World, assessment: Assessment, point: int, gap_m: float, variant: str, disclose: bool
) -> Iterator[str]:
    """Say which place is explained, and who lives there."""
    from lifezone.standards import shown_group, shown_people  # noqa: PLC0415

    demand, districts = world.demand, world.districts
    lon, lat = Transformer.from_crs(world.crs, "EPSG:4326", always_xy=True).transform(
        demand.x_m[point], demand.y_m[point]
    )
    yield f"{variant}: {demand.ids[point]} in {districts.name[demand.district[point]]} at {lon:.5f}, {lat:.5f}"
    yield f"  {gap_m:,.0f} m from the place asked for; {'urban' if demand.urban[point] else 'rural'} setting"
    people = [f"{shown_people(float(demand.total[point]), disclose=disclose)} people"]
    people += [
        f"{group} {shown_group(float(demand.of(group)[point]), disclose=disclose)}"
        for group in demand.groups
        if group != "total"
    ]
    yield f"  {', '.join(people)}{' (modelled: ' + demand.modelled + ')' if demand.modelled else ''}"
    unmet = int(assessment.deficits[point])
    yield f"  {unmet} of the requirements that are judged here {'is' if unmet == 1 else 'are'} not met"


def _plan(manifest: dict[str, Any], variant: str) -> Iterator[str]:
    """Say what the plan of the variant opens and closes, where it has one."""
    plan = next(entry for entry in manifest["variants"] if entry["name"] == variant).get("plan")
    if plan is not None:
        told = [
            f"{verb} {', '.join(plan[key])}" for verb, key in (("opens", "opened"), ("closes", "closed")) if plan[key]
        ]
        yield f"  with the plan ({plan['method']} of {plan['kind']}): {'; '.join(told) or 'nothing opens or closes'}"


def _is_judged(assessment: Assessment, requirement: Requirement, point: int) -> bool:
    """True when the requirement gave a verdict at this point; those are told first."""
    verdict = assessment.verdicts.get(requirement.id)
    return verdict is not None and bool(verdict.judged[point])


def _requirement(
    world: World, requirement: Requirement, verdict: Verdicts | None, point: int, memory: Memory
) -> Iterator[str]:
    """Explain one requirement: verdict, facility, trip."""
    name = " / ".join(dict.fromkeys(text for text in (requirement.name_ko, requirement.name_en) if text))
    comes = requirement.direction == "from_facility"
    asked = f"{requirement.mode}, at most {requirement.bound_text}{', from the facility to here' if comes else ''}"
    yield f"{requirement.id}{' · ' + name if name else ''}: {asked}"
    if verdict is None:
        yield "  the standard names no figure, so it is not judged"
        return
    reason = _REASONS[int(verdict.reason[point])]
    if requirement.setting != "any" and requirement.setting != ("urban" if world.demand.urban[point] else "rural"):
        reason = f"not judged here: it is for {requirement.setting} places"
    if verdict.facility[point] < 0:
        yield f"  {reason}"
        return
    facility = int(verdict.facility[point])
    facilities = world.facilities
    called = " ".join(text for text in (str(facilities.name[facility]), f"({facilities.ids[facility]})") if text)
    sure = "" if verdict.certified[point] else ", at most: beyond the loaded roads there may be a nearer one"
    unsure = ", uncertain: as near to the bound as the cell is wide" if verdict.uncertain[point] else ""
    seconds, metres = float(verdict.seconds[point]), float(verdict.metres[point])
    took = [f"{seconds / 60:.1f} min"] if np.isfinite(seconds) else []
    took += [f"{metres:,.0f} m along the road"] if np.isfinite(metres) else []  # a ready-made table may lack either
    yield (f"  {reason}: {', '.join(took)}, {'from' if comes else 'to'} {called}{sure}{unsure}")
    if (requirement.by_density or requirement.growth) and np.isfinite(verdict.bound[point]):
        bound = float(verdict.bound[point])
        words = f"{bound / 60:.1f} min" if requirement.metric == "time" else requirement.in_words(bound)
        yield f"  the bound that holds here: {words}"
    if np.isfinite(verdict.served[point]):
        is_full = verdict.full[point] > 0
        found = "some people here find every place in reach taken" if is_full else "everybody in reach finds one"
        yield f"  places: {found}"
    if requirement.speed_share is not None:
        world = slower(world, requirement, memory)
    yield from _trip(world, requirement, point, facility, memory)


_REASONS = {
    0: "not judged here: nobody of its group lives here",
    1: "met",
    2: "NOT met, too far",
    3: "NOT met, unreachable: no path",
    4: "NOT met, off the network: no road of this mode within the access limit",
    5: "NOT met, there is no facility",
    6: "not assessed",
}


def _trip(world: World, requirement: Requirement, point: int, facility: int, memory: Memory) -> Iterator[str]:
    """Write the legs of a trip; a ready-made one has none."""
    given = world.given_times(requirement.mode, requirement.direction)
    if given is not None:
        yield f"    as {given.source} says, nothing is routed"
        return
    from lifezone.routing import trip  # noqa: PLC0415

    found = trip(
        roads_of(world, requirement.mode, memory),
        attach_demand(world, requirement.mode, memory),
        point,
        attach_facilities(world, np.array([facility], dtype=np.int32), requirement.mode, memory),
        0,
        metric=requirement.metric,
        direction=requirement.direction,
    )
    if found is None:
        return
    words = {
        "access": "to the road on foot",
        "egress": "from the road on foot",
        "waits": "turns and signals on the way",
        "terminal": "setting off, stopping"
        if requirement.direction == "from_facility"
        else "parking and walking to it",
    }
    for leg in found.legs:
        where = words.get(leg.kind) or " ".join(text for text in (leg.name, f"[{leg.way}]") if text)
        if leg.seconds > 0 or leg.metres > 0:
            yield f"    {leg.seconds / 60:6.1f} min {leg.metres:8,.0f} m  {where}"


def _desert(world: World, standard: Standard, assessment: Assessment, point: int, disclose: bool) -> Iterator[str]:
    """Say whether the place is in a life desert, and why or why not."""
    from lifezone.standards import shown_desert, shown_people  # noqa: PLC0415

    test = standard.desert
    if test is None:
        yield "life desert: this standard has no desert test"
        return
    lost = [function for function, gone in zip(test.functions, assessment.lost[point], strict=True) if gone]
    told = ", ".join(lost) or "none"
    rule = f"a desert has lost at least {test.at_least} of {', '.join(test.functions)}"
    rule += f", {' or '.join(test.must_have)} among them" if test.must_have else ""
    label = int(assessment.desert[point])
    if label < 0:
        yield f"life desert: no. Functions lost here: {told}; {rule}"
        return
    desert = assessment.deserts[label]
    total = desert.people[world.demand.groups.index("total")]
    called = shown_desert(desert, total, "ko", disclose=disclose) or "a scattered one, too small to be named"
    people = shown_people(total, disclose=disclose)
    yield f"life desert: yes, {called}, {people} people. Functions lost here: {told}; {rule}"
