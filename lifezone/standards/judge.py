"""The verdict: one requirement over all demand points, with its reason, its depth and how sure it is (D2, D3, D6).

(1)  value = door-to-door seconds for a bound in minutes, network metres (anchor to anchor) for a bound in metres
(2)  met ⇔ value ≤ bound, inclusive; the bound of a point may follow its density or grow with its trip
     (:mod:`lifezone.standards.density`)
(3)  with cell side s and h = s/√2, a verdict is uncertain when |value − bound| in network metres ≤ 1.3·h; seconds are
     turned into metres by the speed of that very trip on the network; where the bound grows along the trip, by how
     fast value and bound part from one another, if that is faster
(4)  a trip is certified when value ≤ the least value at which the loaded roads can be left
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np

from lifezone.access import NearestTrip, depth, within
from lifezone.model import TOTAL, Access, Bools, Demand, Floats, Ints, Reason, Requirement, Verdicts
from lifezone.standards.density import bounds_at

__all__ = ["effective_group", "has_source", "judge", "judged_at", "not_assessed", "refusal", "too_coarse", "unjudged"]

Column = TypeVar("Column", Floats, Ints)
DETOUR: Final = 1.3
"""Network metres per straight metre inside a cell (D6)."""


def judge(
    requirement: Requirement,
    trip: NearestTrip,
    demand: Demand,
    *,
    access: Access,
    off_network: Bools,
    has_source: bool = True,
    has_open: bool = True,
    border: Floats | None = None,
    too_coarse: Bools | None = None,
    density: Floats | None = None,
) -> Verdicts:
    """Judge one requirement at P demand points.

    Args:
        requirement: has a bound. A group that the demand lacks is judged as ``total`` (:func:`effective_group`).
        trip: the trip that counts at each point, in the requirement's mode and metric.
        demand: P points.
        access: of the requirement's mode: access speed and terminal time that are part of ``trip.seconds``.
        off_network: bool[P] no road of the mode within the access limit.
        has_source: False = the scenario gives no source for a kind: nothing is assessed (all NaN).
        has_open: False = no open facility at all.
        border: f64[P] least door-to-door seconds (metres for a bound in metres) from the point to where the loaded
            roads were cut; None = they were not cut.
        too_coarse: bool[P] of :func:`too_coarse`: points whose cell cannot judge the bound; they are not assessed.
        density: f64[P] people per km² for bounds by density; None where the requirement has none.

    Returns:
        Verdicts; ``seconds`` and ``metres`` are filled wherever a path exists, also where nothing is judged.
        ``hangs_on_access``: people who would be judged otherwise without the access walks. For a bound in minutes:
        not met, but met without them; for a bound in metres, which leaves them out: met, but not met with them.
    """
    if not has_source or requirement.bound is None:
        return not_assessed(demand.n_points)
    by_time = requirement.metric == "time"
    reached = ~off_network & has_open & (trip.facility >= 0)
    seconds, metres, access_m = (where_reached(reached, v, np.inf) for v in (trip.seconds, trip.metres, trip.access_m))
    value = seconds if by_time else metres
    bound, optimum = bounds_at(requirement, metres, density)
    met_here = within(value, bound)
    judged = judged_at(requirement, demand)
    reason = _reasons(value, met_here, judged, off_network=off_network, has_open=has_open)
    if too_coarse is not None:
        reason[judged & too_coarse] = Reason.NOT_ASSESSED
    met = reason == Reason.MET
    has_verdict = met | ((reason >= Reason.TOO_FAR) & (reason <= Reason.NO_FACILITY))
    return Verdicts(
        seconds=seconds,
        metres=metres,
        access_m=access_m,
        facility=where_reached(reached, trip.facility, -1),
        reason=reason,
        depth=np.where(has_verdict, depth(value, bound), np.nan),
        optimum=met & within(value, optimum),
        uncertain=has_verdict
        & _is_uncertain(requirement, seconds, metres, access_m, bound=bound, demand=demand, access=access),
        certified=np.ones(demand.n_points, np.bool_) if border is None else value <= border,
        hangs_on_access=_hangs_on_access(requirement, reason, (seconds, metres, access_m), bound, access),
        bound=_told_bound(bound, has_verdict),
    )


def _told_bound(bound: Floats, has_verdict: Bools) -> Floats:
    """Return the bound where there is a verdict, else NaN; one number that stands for all where they are alike."""
    if len(bound) and has_verdict.all() and (bound == bound[0]).all():
        return np.broadcast_to(bound[0], len(bound))
    return np.where(has_verdict, bound, np.nan)


def where_reached(reached: Bools, values: Column, otherwise: float) -> Column:
    """Return values where something is reached; the very same array where nothing changes, as a nation has many."""
    if np.all(values[~reached] == otherwise):
        return values
    changed = values.copy()
    changed[~reached] = otherwise
    return changed


def not_assessed(n_points: int) -> Verdicts:
    """Return verdicts that say nothing: NaN everywhere, reason NOT_ASSESSED."""
    undefined, no = np.full(n_points, np.nan), np.zeros(n_points, np.bool_)
    return Verdicts(
        seconds=undefined,
        metres=undefined,
        access_m=undefined,
        facility=np.full(n_points, -1, np.int32),
        reason=np.full(n_points, Reason.NOT_ASSESSED, np.uint8),
        depth=undefined,
        optimum=no,
        uncertain=no,
        certified=np.ones(n_points, np.bool_),
        hangs_on_access=no,
    )


def unjudged(verdicts: Verdicts) -> Verdicts:
    """Return the trips of verdicts without the verdicts: nothing is assessed, minutes and metres stay."""
    blank = not_assessed(len(verdicts.reason))
    return replace(
        blank,
        seconds=verdicts.seconds,
        metres=verdicts.metres,
        access_m=verdicts.access_m,
        facility=verdicts.facility,
    )


def effective_group(requirement: Requirement, demand: Demand) -> tuple[str, str | None]:
    """Return the group that can be judged, and what to tell when it is not the requirement's own.

    A demand without ages must not silence a senior hall: the requirement is then judged for everybody, with a warning.
    """
    if requirement.group in demand.groups:
        return requirement.group, None
    return TOTAL, (
        f"{requirement.id}: people are not given by the group {requirement.group!r} (only {', '.join(demand.groups)}), "
        "so it is judged for everybody"
    )


def has_source(requirement: Requirement, kinds: Collection[str]) -> bool:
    """Say whether the scenario gives what the requirement needs: one of its kinds, or each of them for ``all``.

    Args:
        requirement: the requirement.
        kinds: kinds that a source was given for (``Facilities.kinds``).
    """
    given = [kind in kinds for kind in requirement.kinds]
    return all(given) if requirement.match == "all" else any(given)


def refusal(requirement: Requirement, demand: Demand, walk_mps: float) -> str | None:
    """Say why cells are too coarse to judge a requirement (D6), or None when they are not.

    A cell whose half-diagonal is at least the bound cannot tell who is within it. Bounds in minutes by car are far
    larger than any cell in use and are left to the uncertain verdicts.

    Args:
        requirement: the requirement.
        demand: its ``cell_m`` is 0 for true points, which can judge anything.
        walk_mps: walking speed, metres per second.
    """
    widest = requirement.widest_bound
    if widest is None or demand.cell_m <= 0 or (requirement.metric == "time" and requirement.mode != "walk"):
        return None
    half_diagonal_m = demand.cell_m / math.sqrt(2.0)
    bound_m = widest * walk_mps if requirement.metric == "time" else widest
    if half_diagonal_m < bound_m:
        return None
    return (
        f"{requirement.id}: cells of {demand.cell_m:g} m (half-diagonal {half_diagonal_m:.0f} m) cannot judge a bound "
        f"of {requirement.bound_text} ({bound_m:.0f} m), so it is not assessed: spread the people over roads or "
        "buildings, or take a finer grid"
    )


def too_coarse(
    requirement: Requirement, demand: Demand, walk_mps: float, density: Floats | None = None
) -> Bools | None:
    """Return bool[P] points whose own cell is too coarse for the bound (D6), where points differ; else None.

    A demand of equal cells under one bound is refused as a whole (:func:`refusal`); here are the cells that could not
    be spread, and those whose bound by density is too short for them.
    """
    if requirement.bound is None or (demand.sides_m is None and (density is None or demand.cell_m <= 0)):
        return None
    if requirement.metric == "time" and requirement.mode != "walk":
        return None
    bound, _ = bounds_at(requirement, np.zeros(demand.n_points), density)
    bound_m = bound * walk_mps if requirement.metric == "time" else bound
    differs = (demand.side_m > demand.cell_m) | (density is not None)
    return np.asarray(differs & (demand.side_m > 0) & (demand.side_m / math.sqrt(2.0) >= bound_m))


def judged_at(requirement: Requirement, demand: Demand) -> Bools:
    """Return bool[P] where the group lives and the setting is the requirement's."""
    judged: Bools = demand.of(effective_group(requirement, demand)[0]) > 0
    if requirement.setting == "urban":
        judged &= demand.urban
    elif requirement.setting == "rural":
        judged &= ~demand.urban
    return judged


def _reasons(value: Floats, met: Bools, judged: Bools, *, off_network: Bools, has_open: bool) -> np.ndarray:
    """Return u8[P] reasons; NaN values (a ready-made table without that column) are not assessed."""
    reason = np.where(met, Reason.MET, Reason.TOO_FAR)
    reason[np.isinf(value)] = Reason.UNREACHABLE
    reason[np.isnan(value)] = Reason.NOT_ASSESSED
    reason[off_network] = Reason.OFF_NETWORK
    if not has_open:
        reason[:] = Reason.NO_FACILITY
    reason[~judged] = Reason.NOT_JUDGED
    return reason.astype(np.uint8)


def _is_uncertain(
    requirement: Requirement,
    seconds: Floats,
    metres: Floats,
    access_m: Floats,
    *,
    bound: Floats,
    demand: Demand,
    access: Access,
) -> Bools:
    """Return bool[P] of equation (3); true points and unreachable ones are certain."""
    side_m = demand.side_m
    if requirement.bound is None or not (side_m > 0).any():
        return np.zeros(demand.n_points, np.bool_)
    reached = np.isfinite(metres) & np.isfinite(seconds)
    value = seconds if requirement.metric == "time" else metres
    margin_m = np.full(demand.n_points, np.inf)
    margin_m[reached] = np.abs(value[reached] - bound[reached])
    if requirement.metric == "time":
        s_per_m = 1.0 / _network_mps(seconds[reached], metres[reached], access_m[reached], access)
        if requirement.growth is not None:
            grown = requirement.growth.step_s / requirement.growth.step_m
            s_per_m = np.maximum(s_per_m, np.abs(s_per_m - grown))
        margin_m[reached] /= s_per_m
    return np.asarray((side_m > 0) & (margin_m <= DETOUR * side_m / math.sqrt(2.0)))


def _network_mps(seconds: Floats, metres: Floats, access_m: Floats, access: Access) -> Floats:
    """Return f64[n] speed of each trip on the network; where it never moves there, the speed of all trips together."""
    on_network_s = seconds - access_m / access.speed_mps - access.terminal_s
    moving = (on_network_s > 1e-6) & (metres > 0)
    total_s = float(on_network_s[moving].sum())
    mps = np.full(len(seconds), metres[moving].sum() / total_s if total_s > 0 else access.speed_mps)
    mps[moving] = metres[moving] / on_network_s[moving]
    return mps


def _hangs_on_access(
    requirement: Requirement, reason: np.ndarray, trip: tuple[Floats, Floats, Floats], bound: Floats, access: Access
) -> Bools:
    """Return bool[P] where the access walks alone turn the verdict; ``trip`` is seconds, metres and access metres."""
    seconds, metres, access_m = trip
    if requirement.metric == "time":
        far = reason == Reason.TOO_FAR
        walk_s = np.where(far, access_m, 0.0) / access.speed_mps
        return np.asarray(far & within(np.where(far, seconds, np.inf) - walk_s, bound))
    met = reason == Reason.MET
    return np.asarray(met & ~within(np.where(met, metres + access_m, 0.0), bound))
