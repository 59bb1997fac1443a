"""Turn restrictions of OpenStreetMap: relations ``type=restriction`` with a ``from`` way, a ``via`` node, a ``to`` way.

What is not understood is counted and told, never guessed: conditional restrictions, those for other vehicles alone,
those that lead over a way.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import osmium

from lifezone.sources.osm.file import in_order, plain_faults
from lifezone.sources.road_ids import RoadIds
from lifezone.sources.turns.rules import Rule

__all__ = ["read_relations", "rules_of"]

KEYS: Final = {
    "car": ("restriction:motorcar", "restriction:motor_vehicle", "restriction"),
    "bicycle": ("restriction:bicycle", "restriction"),
}
"""Tags with a restriction by mode, the most telling first."""
EXCEPT: Final = {"car": frozenset({"motorcar", "motor_vehicle", "vehicle"}), "bicycle": frozenset({"bicycle"})}
"""Values of ``except`` that let the mode turn all the same."""
VALUES: Final = frozenset({
    "no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit",
    "only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn",
})  # fmt: skip
SKIPPED: Final = {
    "exempt": "except {mode}",
    "others": "are for other vehicles alone",
    "conditional": "hold at some times only (conditional)",
    "unknown": "have a value that is not known",
    "incomplete": "lack a from, via or to member",
    "over_way": "lead over a way, not a single junction",
}
"""Why a relation gives no rule."""


def read_relations(path: Path) -> str:
    """Return all restriction relations of a file as JSON text: id, tags, members as type, id and role."""

    def read(ordered: Path) -> list[Any]:
        wanted = osmium.filter.TagFilter(("type", "restriction"))
        with plain_faults(path):
            relations = osmium.FileProcessor(str(ordered), osmium.osm.RELATION).with_filter(wanted)
            return [
                [one.id, dict(one.tags), [[member.type, member.ref, member.role] for member in one.members]]
                for one in relations
            ]

    return json.dumps(in_order(path, read), ensure_ascii=False)


def rules_of(text: str, ids: RoadIds, mode: str) -> tuple[list[Rule], Counter[str]]:
    """Return the rules for one mode, and counts: ``read`` in the area, and by reason those that give no rule.

    Args:
        text: what :func:`read_relations` gave.
        ids: the roads; relations none of whose via members is among them are left out, uncounted.
        mode: ``car`` or ``bicycle``.
    """
    nodes, ways = set(ids.node.tolist()), set(ids.link.tolist())
    rules: list[Rule] = []
    count: Counter[str] = Counter()
    for _, tags, members in json.loads(text):
        via = [(kind, ref) for kind, ref, role in members if role == "via"]
        near = via or [(kind, ref) for kind, ref, _ in members]
        if not any(ref in (nodes if kind == "n" else ways) for kind, ref in near):
            continue
        count["read"] += 1
        found, reason = _rules(tags, members, via, mode)
        rules += found
        count[reason] += bool(reason)
    return rules, count


def _rules(
    tags: Mapping[str, str], members: Sequence[Sequence[Any]], via: Sequence[tuple[str, int]], mode: str
) -> tuple[list[Rule], str]:
    """Return the rules of one relation, or why it gives none."""
    value = next((tags[key].strip().lower() for key in KEYS[mode] if key in tags), "")
    if not value:
        return [], "conditional" if any(key.endswith(":conditional") for key in tags) else "others"
    if EXCEPT[mode] & {part.strip() for part in tags.get("except", "").lower().split(";")}:
        return [], "exempt"
    if value not in VALUES:
        return [], "unknown"
    come, go = ([ref for kind, ref, role in members if kind == "w" and role == wanted] for wanted in ("from", "to"))
    if not come or not go or not via:
        return [], "incomplete"
    if len(via) > 1 or via[0][0] != "n":
        return [], "over_way"
    only = value.startswith("only_")
    seconds = 0.0 if only else float("inf")
    return [Rule(via[0][1], one, other, seconds, only) for one in come for other in go], ""
