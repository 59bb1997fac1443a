"""Which sets lie inside which: sites whose rows another site has too, rows whose sites include all of another row's.

A set is looked for among those that hold its rarest member; these are then thinned member by member. Sets of places
lie scattered, so two or three members leave next to nothing: that takes a thousandth of counting every two sets'
common members, which is what a product of the incidence matrix with itself does.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lifezone.kernels.jit import kernel
from lifezone.kernels.median import Flags, Float64s, Int32s, Int64s

__all__ = ["Sets", "including_others", "inside_others"]


class Sets(NamedTuple):
    """n sets of members, both ways round.

    Attributes:
        first: i64[n+1] boundaries of ``member``.
        member: i32[K] members of each set, ascending.
        by_member: i64[m+1] boundaries of ``holder``.
        holder: i32[K] sets that hold each member, ascending.
    """

    first: Int64s
    member: Int32s
    by_member: Int64s
    holder: Int32s


@kernel
def has(sets: Sets, b: int, member: int) -> bool:
    """Tell whether a set holds a member."""
    low, high = sets.first[b], sets.first[b + 1]
    while low < high:
        middle = (low + high) // 2
        if sets.member[middle] < member:
            low = middle + 1
        else:
            high = middle
    return bool(low < sets.first[b + 1] and sets.member[low] == member)


@kernel
def holders(sets: Sets, a: int, gone: Flags, found: Int32s) -> tuple[int, int]:
    """List the sets, but for those gone, that hold all of a set (not empty); return how many, and the work it was."""
    rarest, fewest = -1, len(sets.first)
    for k in range(sets.first[a], sets.first[a + 1]):
        m = sets.member[k]
        if sets.by_member[m + 1] - sets.by_member[m] < fewest:
            rarest, fewest = m, sets.by_member[m + 1] - sets.by_member[m]
    size = sets.first[a + 1] - sets.first[a]
    n, work = 0, fewest
    for k in range(sets.by_member[rarest], sets.by_member[rarest + 1]):
        b = sets.holder[k]
        if b != a and not gone[b] and sets.first[b + 1] - sets.first[b] >= size:
            found[n] = b
            n += 1
    for k in range(sets.first[a], sets.first[a + 1]):
        if n == 0:
            break
        if sets.member[k] == rarest:
            continue
        work += 8 * n
        left = 0
        for q in range(n):
            if has(sets, found[q], sets.member[k]):
                found[left] = found[q]
                left += 1
        n = left
    return n, work


@kernel
def inside_others(sets: Sets, price: Float64s, free: Flags, order: Int64s, most_work: int) -> Flags:
    """Return bool[n] free sets that lie inside another free one of no higher price; of equal ones the lowest stays.

    Args:
        sets: not empty ones are looked at.
        price: f64[n].
        free: bool[n] sets that may go, and for which others may.
        order: i64[n] the sets, smallest first.
        most_work: stop then; what was found until then holds.
    """
    gone = ~free
    found = np.empty(len(free), np.int32)
    work = 0
    for a in order:
        if gone[a] or sets.first[a] == sets.first[a + 1]:
            continue
        n, spent = holders(sets, a, gone, found)
        work += spent
        size = sets.first[a + 1] - sets.first[a]
        for q in range(n):
            b = found[q]
            same = sets.first[b + 1] - sets.first[b] == size and price[a] == price[b]
            if price[b] <= price[a] and (not same or b < a):
                gone[a] = True
                break
        if work > most_work:
            break
    return gone & free


@kernel
def including_others(sets: Sets, order: Int64s, most_work: int) -> Flags:
    """Return bool[n] sets that include all of another one; of equal ones the lowest stays.

    ``order`` lists the sets, smallest first, equal sizes by number; see :func:`inside_others`.
    """
    gone = np.zeros(len(order), np.bool_)
    found = np.empty(len(order), np.int32)
    work = 0
    for a in order:
        if gone[a] or sets.first[a] == sets.first[a + 1]:
            continue
        n, spent = holders(sets, a, gone, found)
        work += spent
        for q in range(n):
            gone[found[q]] = True
        if work > most_work:
            break
    return gone
