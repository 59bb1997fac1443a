"""Intramax: join, step by step, the two areas whose flows most exceed what their sizes alone would bring about.

(1)  gain of a pair = F_ij / (O_i D_j) + F_ji / (O_j D_i), O = people who leave or stay (row sums), D = who come
(2)  the pair with the largest gain becomes one area; flows between the two become flows inside
(3)  stop at a number of areas, or as soon as a share of all people stays inside its area

I. Masser and P. J. B. Brown, "Hierarchical aggregation procedures for interaction data", *Environment and Planning A* 7
(1975), 509–523, with the ratio form of (1) from Masser and Brown, "Spatial representation and spatial interaction",
*Papers of the Regional Science Association* 38 (1977), 71–92. Every step joins two whole areas, so the tree of steps
shows areas of every scale; it cannot take a join back, as labour market areas can.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifezone.model import Bools, Floats, Ints

__all__ = ["Joined", "intramax"]


@dataclass(frozen=True, eq=False)
class Joined:
    """Areas and how they came to be.

    Attributes:
        label: i32[D] the first district of each area.
        pairs: i32[steps, 2] the areas joined at each step, by their first district; the second becomes the first.
        inside: f64[steps] share of all people who stay inside their area after each step.
    """

    label: Ints
    pairs: Ints
    inside: Floats


def intramax(
    flows: Floats, *, areas: int | None = None, inside: float | None = None, neighbours: Bools | None = None
) -> Joined:
    """Join areas until there are ``areas`` of them, or a share ``inside`` of people stays in its area.

    Areas without any flow between them are never joined, so that more may be left.

    Args:
        flows: f64[D, D] people, from row to column.
        areas: how many are wanted at most; None = no such limit.
        inside: share of all people that is wanted inside; None = no such limit.
        neighbours: bool[D, D] which districts touch; given, only areas that touch are joined.
    """
    now = flows.astype(np.float64).copy()
    touching = np.ones(now.shape, np.bool_) if neighbours is None else neighbours.copy()
    label = np.arange(len(now), dtype=np.int32)
    alive = np.ones(len(now), np.bool_)
    total, pairs, shares = now.sum(), list[tuple[int, int]](), list[float]()
    while alive.sum() > max(areas or 1, 1):
        if inside is not None and total > 0 and np.trace(now) / total >= inside:
            break
        gain = np.where(touching & alive[:, None] & alive[None, :], _gain(now), 0.0)
        gain = np.triu(gain, 1)
        one, two = divmod(int(gain.argmax()), len(now))
        if gain[one, two] <= 0:
            break
        for axis in (0, 1):
            _add(now, one, two, axis)
        touching[one] |= touching[two]
        touching[:, one] |= touching[:, two]
        alive[two] = False
        label[label == two] = one
        pairs.append((one, two))
        shares.append(float(np.trace(now) / total))
    return Joined(label, np.array(pairs, np.int32).reshape(-1, 2), np.array(shares))


def _gain(flows: Floats) -> Floats:
    """Return f64[D, D] of equation (1), symmetric."""
    expected = flows.sum(axis=1)[:, None] * flows.sum(axis=0)[None, :]
    ratio = np.divide(flows, expected, out=np.zeros_like(flows), where=expected > 0)
    found: Floats = ratio + ratio.T
    return found


def _add(flows: Floats, one: int, two: int, axis: int) -> None:
    """Add row (axis 0) or column ``two`` to ``one`` and empty it; ``flows`` is changed."""
    view = flows if axis == 0 else flows.T
    view[one] += view[two]
    view[two] = 0.0
