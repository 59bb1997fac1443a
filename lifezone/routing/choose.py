"""Which way to answer: a search a kind, sweeps over a hierarchy for all kinds, or the baseline's field edited.

All three give the same travel times to the last bit, so that only time is chosen. The estimate counts nodes, points,
questions and what is at hand; its constants were measured on invented provinces, on a busy machine, so that its ratios
hold better than its seconds (``python -m benchmarks.choice`` shows estimated beside measured times, and how often the
quicker way was chosen). Measured on 109,000 and 1,016,000 nodes, one
thread: exact sweeps are 0.9 and 1.3 times as quick as searches, and preparing them takes as long as 15 and 6 searches,
two thirds of it the order that the cache keeps; so sweeps pay for many kinds on large roads, and edited fields for many
variants. On 10,000 and 100,000 nodes, on a very busy machine with all kernels loaded, the quickest way was chosen in 5
questions of 6 (1 to 16 kinds, 1 to 30 variants); for 30 variants a search a variant was chosen, which took 1.13 and
1.28 times as long as edits: the estimate adds the loading of kernels. Seconds were up to ten times the estimated ones,
so the constants were left until the machine is quiet. Look again when trips need not be summed edge by edge.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from lifezone.errors import InputError

__all__ = ["METHODS", "Method", "Work", "choose", "estimate"]

Method: TypeAlias = Literal["search", "hierarchy", "edited"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)

SEARCH_NS: Final = 130.0
"""A search with both metrics, for each node of roads that fit into the cache of the processor."""
BEYOND_CACHE: Final = 1.6
"""Growth of that for each tenfold of nodes beyond ``CACHED_NODES``: searches wait for memory."""
CACHED_NODES: Final = 100_000
JOIN_NS: Final = 330.0
"""Bringing one point home, and its row of travel times."""
SWEEP_NS: Final = 900.0
"""Sweeps of a block of kinds, for each node."""
KINDS_A_BLOCK: Final = 16
MEND_NS: Final = 140.0
"""Following the trips to all nodes and mending them, for each node and kind."""
MEND_BEYOND_CACHE: Final = 0.5
"""Growth of that for each tenfold of nodes."""
ORDER_NS: Final = 4_300.0
"""Ordering, for each node; 0 when the cache has the hierarchy."""
CUSTOMISE_NS: Final = 2_400.0
LAYOUT_SEARCHES: Final = 18.0
"""Laying a field out takes as long as so many searches."""
EDIT_NS: Final = 250.0
"""Answering for one variant, for each point: columns are copied."""
START_S: Final = {"search": 0.0, "hierarchy": 1.5, "edited": 0.8}
"""Loading the compiled kernels that only this way needs."""


@dataclass(frozen=True)
class Work:
    """What is asked of one mode, metric and direction.

    Attributes:
        nodes: of the search graph.
        points: demand points.
        kinds: questions to be answered for this world.
        variants: for ``edited``, worlds that differ from the baseline in this question; 0 = it cannot be edited.
        prepared: the order of the nodes is kept on disk.
        threads: that searches are spread over.
    """

    nodes: int
    points: int
    kinds: int = 1
    variants: int = 0
    prepared: bool = False
    threads: int = 1


def estimate(work: Work, method: Method) -> float:
    """Return about how many seconds a way takes for all questions; ``inf`` where it cannot answer."""
    tenfolds = max(0.0, math.log10(max(work.nodes, 1) / CACHED_NODES))
    search_s = 1e-9 * (work.nodes * SEARCH_NS * (1.0 + BEYOND_CACHE * tenfolds) + work.points * JOIN_NS)
    asked = work.kinds * max(work.variants, 1)
    rounds = -(-asked // max(1, min(work.threads, asked)))
    if method == "search":
        return search_s * rounds
    if method == "edited":
        if work.variants == 0:
            return math.inf
        return START_S[method] + LAYOUT_SEARCHES * search_s + work.variants * 1e-9 * work.points * EDIT_NS
    each_s = 1e-9 * (work.nodes * MEND_NS * (1.0 + MEND_BEYOND_CACHE * tenfolds) + work.points * JOIN_NS)
    once = CUSTOMISE_NS + (0.0 if work.prepared else ORDER_NS)
    blocks = -(-asked // KINDS_A_BLOCK)
    return START_S[method] + 1e-9 * work.nodes * (once + blocks * SWEEP_NS) + rounds * each_s


def choose(work: Work, asked: str = "auto", among: Sequence[Method] = METHODS) -> Method:
    """Return the way that is estimated to be the quickest, or the one that was asked for where it can answer.

    Args:
        work: what is asked.
        asked: ``auto``, or a method.
        among: methods that come into question; ``search`` always does.

    Raises:
        InputError: there is no such method.
    """
    if asked not in ("auto", *METHODS):
        raise InputError(f"method: expected auto, {', '.join(METHODS)}, got {asked!r}")
    able: list[Method] = [one for one in METHODS if one in among and math.isfinite(estimate(work, one))]
    for one in able:
        if one == asked:
            return one
    if asked != "auto" or not able:
        return "search"
    return min(able, key=lambda method: estimate(work, method))
