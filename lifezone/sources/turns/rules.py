"""Rules about turns by the ids of junctions and links, and what they come to on the roads that were read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lifezone.model import Network, Turns
from lifezone.sources.road_ids import Id, RoadIds

__all__ = ["Matched", "Rule", "match_rules", "told_reasons"]

REASONS: Final = {
    "no_link": "name a road that is not loaded, or that does not meet the junction",
    "closed": "concern a road that is closed to {mode} anyway",
    "unclear": "name a road that runs through the junction, so which arm is meant is not said",
}
"""Why a rule is not applied."""


@dataclass(frozen=True)
class Rule:
    """One turn.

    Attributes:
        node: id of the junction.
        come: id of the link or way that leads to it.
        go: id of the link or way that leads on.
        seconds: time of the turn, ``inf`` = banned.
        only: True = the only turn allowed from ``come``.
    """

    node: Id
    come: Id
    go: Id
    seconds: float = np.inf
    only: bool = False


@dataclass(frozen=True, eq=False)
class Matched:
    """What rules came to.

    Attributes:
        turns: the rules by arcs.
        at: i64[n] which rule each entry of ``turns`` is.
        reason: per rule why it is not applied, ``outside`` where its junction is not loaded; rules applied are missing.
    """

    turns: Turns
    at: np.ndarray
    reason: dict[int, str]


class _Arms:
    """The arcs at some junctions, by junction and link."""

    def __init__(self, rules: Sequence[Rule], ids: RoadIds, network: Network) -> None:
        named = np.array(sorted({rule.node for rule in rules}), dtype=ids.node.dtype)
        vertex = np.flatnonzero(np.isin(ids.node, named)) if len(named) else np.empty(0, np.int64)
        self.vertex = dict(zip(ids.node[vertex].tolist(), vertex.tolist(), strict=True))
        at = np.zeros(network.n_vertices, np.bool_)
        at[vertex] = True
        self.come: dict[tuple[int, Id], list[int]] = defaultdict(list)
        self.go: dict[tuple[int, Id], list[int]] = defaultdict(list)
        for segment in np.flatnonzero(at[network.tail] | at[network.head]).tolist():
            for arc in (2 * segment, 2 * segment + 1):
                ends = int(network.tail[segment]), int(network.head[segment])
                start, end = ends if arc % 2 == 0 else ends[::-1]
                link = ids.link[arc : arc + 1].tolist()[0]
                self.come[end, link].append(arc)
                self.go[start, link].append(arc)


def match_rules(rules: Sequence[Rule], ids: RoadIds, network: Network, mode: str) -> Matched:
    """Return the rules by arcs.

    A rule applies where exactly one open arc of each of its links meets the junction. Of rules that say the same the
    first is taken.

    Args:
        rules: by ids.
        ids: what the roads' source calls them.
        network: the roads.
        mode: whose open arcs count.
    """
    is_open = np.isfinite(network.seconds[mode])
    arms = _Arms(rules, ids, network)
    found: dict[tuple[int, int, bool, float], int] = {}
    reason: dict[int, str] = {}
    for i, rule in enumerate(rules):
        vertex = arms.vertex.get(rule.node)
        if vertex is None:
            reason[i] = "outside"
            continue
        come, go = arms.come.get((vertex, rule.come), []), arms.go.get((vertex, rule.go), [])
        open_come, open_go = [a for a in come if is_open[a]], [a for a in go if is_open[a]]
        if not come or not go:
            reason[i] = "no_link"
        elif not open_come or not open_go:
            reason[i] = "closed"
        elif rule.come == rule.go and len(open_come) == 1:  # turning round: the way back on the same arm
            back = [a for a in open_go if a == open_come[0] ^ 1]
            if back:
                found.setdefault((open_come[0], back[0], rule.only, rule.seconds), i)
            else:
                reason[i] = "closed"
        elif len(open_come) > 1 or len(open_go) > 1:
            reason[i] = "unclear"
        else:
            found.setdefault((open_come[0], open_go[0], rule.only, rule.seconds), i)
    rows = sorted(found)
    turns = Turns(
        from_arc=np.array([row[0] for row in rows], np.int32), to_arc=np.array([row[1] for row in rows], np.int32),
        seconds=np.array([row[3] for row in rows], np.float64), only=np.array([row[2] for row in rows], np.bool_),
    )  # fmt: skip
    return Matched(turns, np.array([found[row] for row in rows], np.int64), reason)


def told_reasons(reasons: Counter[str], mode: str) -> list[str]:
    """Return how many rules are not applied and why, one text each; those outside the area are not counted."""
    return [f"{reasons[key]:,} {text.format(mode=mode)}" for key, text in REASONS.items() if reasons[key]]
