"""What a group of municipalities gains by sharing: facilities that none of them could keep alone, and opened doors.

    v(G) = Σ_k w_k · max_{s in G} Σ_{m in G} (people of m newly within the bound of a joint site s)
           over kinds k with  Σ_{m in G} use_mk ≥ N_k  where every  use_mk < N_k
         + Σ_r w_r · Σ_{m in G} (people of m newly within the bound once the others' restricted facilities take them)

A clinic serves anyone already, so that coverage "under joint use" is no gain by itself (DEFINITIONS D12).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lifezone.model import Floats, Ints, Longs

__all__ = ["JointKind", "OpenedKind", "Valued", "opened_kind", "value_groups"]


@dataclass(frozen=True, eq=False)
class JointKind:
    """A kind that needs more users than one municipality has.

    Attributes:
        kind: kind of facility.
        weight: of one person newly within the bound.
        need: N_k, users a year that one facility needs.
        use: f64[M] users of each municipality.
        newly: f64[M, S] people of a municipality beyond the bound today whom a facility at site s would reach.
        home: i32[S] municipality that a site stands in.
    """

    kind: str
    weight: float
    need: float
    use: Floats
    newly: Floats
    home: Ints


@dataclass(frozen=True, eq=False)
class OpenedKind:
    """A kind whose facilities take only residents of their own municipality today.

    Attributes:
        kind: kind of facility.
        weight: of one person newly within the bound.
        pattern: bool[n, M] municipalities whose facilities reach some people within the bound.
        home: i32[n] municipality of these people; no own facility reaches them.
        people: f64[n] how many they are.
    """

    kind: str
    weight: float
    pattern: np.ndarray
    home: Ints
    people: Floats


@dataclass(frozen=True, eq=False)
class Valued:
    """What groups gain.

    Attributes:
        members: i32[n, g] as listed.
        value: f64[n] v(G).
        gain: f64[n, g] what each member gains, the parts of ``value``.
        site: i32[n, K] position of the best joint site of each joint kind, −1 = the kind gives nothing here.
        people: f64[n, K + R] people newly within the bound by kind, unweighted.
    """

    members: Ints
    value: Floats
    gain: Floats
    site: Ints
    people: Floats


def opened_kind(
    kind: str, weight: float, district: Ints, people: Floats, reached: np.ndarray, n_districts: int
) -> OpenedKind:
    """Gather the people whom their own municipality's facilities do not reach by who else would reach them.

    Args:
        kind: kind of facility.
        weight: of one person.
        district: i32[P] municipality of each demand point.
        people: f64[P].
        reached: bool[P, M] whether a facility of a municipality is within the bound of a point.
        n_districts: M.
    """
    district = np.asarray(district)
    inside = np.flatnonzero(district >= 0)
    lost = inside[~reached[inside, district[inside]] & reached[inside].any(axis=1) & (people[inside] > 0)]
    rows = np.column_stack([district[lost], reached[lost]]).astype(np.int64)
    if not len(rows):
        none, nobody = np.empty((0, n_districts), np.bool_), np.empty(0, np.int32)
        return OpenedKind(kind, weight, none, nobody, np.empty(0))
    unique, which = np.unique(rows, axis=0, return_inverse=True)
    total = np.bincount(which.ravel(), weights=people[lost], minlength=len(unique))
    return OpenedKind(
        kind, weight, unique[:, 1:].astype(np.bool_), unique[:, 0].astype(np.int32), np.asarray(total, np.float64)
    )


def value_groups(members: Ints, joint: Sequence[JointKind], opened: Sequence[OpenedKind]) -> Valued:
    """Return what each of n groups of g members gains."""
    n, size = members.shape
    gain = np.zeros((n, size))
    site = np.full((n, len(joint)), -1, np.int32)
    people = np.zeros((n, len(joint) + len(opened)))
    for k, kind in enumerate(joint):
        use = kind.use[members]
        able = np.flatnonzero((use.sum(axis=1) >= kind.need) & (use < kind.need).all(axis=1))
        site[able, k], newly = _best_site(members[able], kind)
        people[able, k] = newly.sum(axis=1)
        gain[able] += kind.weight * newly
    for r, door in enumerate(opened, start=len(joint)):
        newly = _behind_doors(members, door)
        people[:, r] = newly.sum(axis=1)
        gain += door.weight * newly
    return Valued(members, gain.sum(axis=1), gain, site, people)


def _best_site(members: Ints, kind: JointKind) -> tuple[Ints, Floats]:
    """Return the site inside each group that reaches most people anew, −1 where none reaches anybody, and whom."""
    n, size = members.shape
    order = np.argsort(kind.home, kind="stable")
    first = np.searchsorted(kind.home[order], np.arange(len(kind.use) + 1))
    best, site = np.zeros(n), np.full(n, -1, np.int32)
    for column in range(size):
        home = members[:, column]
        for number in range(int(np.diff(first).max(initial=0))):
            has = np.flatnonzero(first[home] + number < first[home + 1])
            here = order[first[home[has]] + number]
            reach = kind.newly[members[has], here[:, None]].sum(axis=1)
            better = (reach > best[has]) | ((reach == best[has]) & (reach > 0) & (here < site[has]))
            best[has[better]], site[has[better]] = reach[better], here[better]
    newly = np.where(site[:, None] >= 0, kind.newly[members, np.maximum(site, 0)[:, None]], 0.0)
    return site, newly


def _behind_doors(members: Ints, door: OpenedKind) -> Floats:
    """Return f64[n, g] the people of each member whom facilities of the others would take."""
    n, size = members.shape
    newly = np.zeros((n, size))
    inside: Longs = np.zeros((n, door.pattern.shape[1]), np.int64)
    np.put_along_axis(inside, members.astype(np.int64), 1, axis=1)
    for home in np.unique(door.home).tolist():
        group, column = np.nonzero(members == home)
        at = door.home == home
        hit = inside[group] @ door.pattern[at].T.astype(np.int64) > 0
        newly[group, column] = hit @ door.people[at]
    return newly
