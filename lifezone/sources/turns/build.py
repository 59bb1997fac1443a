"""Put turn rules on roads that were read: restrictions of OpenStreetMap, a table of turns, seconds for turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Network, Turns
from lifezone.routing.presets import junction_preset
from lifezone.sources.turns.nodes import barriers_of, waits_of
from lifezone.sources.turns.relations import SKIPPED, rules_of
from lifezone.sources.turns.rules import Matched, Rule, match_rules, told_reasons
from lifezone.sources.turns.spec import TurnCosts, TurnsSpec
from lifezone.sources.turns.table import read_turn_table

if TYPE_CHECKING:
    from lifezone.sources.reading import Reading
    from lifezone.sources.road_ids import RoadIds

__all__ = ["joined", "with_nodes", "with_turns"]

VEHICLES: Final = ("car", "bicycle")
"""Modes that turn restrictions hold for."""


def with_turns(
    network: Network, ids: RoadIds | None, spec: TurnsSpec, relations: str | None, reading: Reading
) -> Network:  # fmt: skip
    """Return the roads with the rules of ``area.turns``, and notes on what was read, applied and left out.

    Args:
        network: the roads.
        ids: what their source calls junctions and links; None = it does not say.
        spec: the block.
        relations: the restrictions of an OpenStreetMap file as text; None = the source has none.
        reading: the study.

    Raises:
        InputError: The table cannot be read, or the roads have no ids that it could name.
    """
    notes: list[str] = []
    rules: list[Rule] = []
    if spec.table is not None:
        if ids is None:
            told = "these roads have no ids of junctions and links that a table of turns could name"
            raise InputError(Fault(told, ("table",)))
        try:
            rules = read_turn_table(spec.table, reading.folder, ids, reading.inputs)
        except InputError as error:
            raise InputError([fault.under(("table",)) for fault in error.faults]) from None
        _check_known(rules, ids, spec, reading)
    if spec.restrictions and relations is None:
        notes.append("turn restrictions: this source of roads has none")
    turns = dict(network.turns)
    for mode in (mode for mode in VEHICLES if mode in network.seconds):
        parts = [_base(spec)]
        if spec.restrictions and relations is not None and ids is not None:
            found, told = _of_relations(relations, ids, network, mode)
            parts.append(found)
            notes.append(told)
        if rules and ids is not None:
            matched = match_rules(rules, ids, network, mode)
            parts.append(matched.turns)
            notes.append(_told(f"table of turns ({mode})", len(rules), matched, mode, []))
        turns[mode] = joined([*parts, *([turns[mode]] if mode in turns else [])])
    if spec.costs is not None:
        notes.append(_told_costs(spec))
    return replace(network, turns=turns, notes=(*network.notes, *notes))


def with_nodes(network: Network, ids: RoadIds, nodes: str, delays_s: Mapping[str, float]) -> Network:
    """Return the roads with what barriers, signals and signs do to each mode, and notes on it.

    Args:
        network: the roads.
        ids: what OpenStreetMap calls their nodes.
        nodes: barriers, signals and signs as text.
        delays_s: seconds waited by car at each kind of sign; empty = none.
    """
    turns, notes = dict(network.turns), []
    for mode in network.modes:
        bars, count = barriers_of(nodes, ids, network, mode)
        parts = [turns.get(mode, Turns()), bars]
        if count:
            notes.append(_told_bars(mode, count))
        if mode == "car" and any(seconds > 0 for seconds in delays_s.values()):
            waits, seen = waits_of(nodes, ids, network, mode, delays_s)
            parts.append(waits)
            told = ", ".join(f"{n:,} {kind}" for kind, n in sorted(seen.items()) if n)
            notes.append(f"waits by car at {told or 'no signals or signs: none is mapped'}")
        if any(len(part.from_arc) or len(part.wait_arc) for part in parts):
            turns[mode] = joined(parts)
    return replace(network, turns=turns, notes=(*network.notes, *notes))


def _told_bars(mode: str, count: Counter[str]) -> str:
    """Say how many barriers stop a mode."""
    drawn = f"; {count['junction']:,} drawn on a junction are left out" if count["junction"] else ""
    return f"barriers ({mode}): {count['stop']:,} cannot be passed{drawn}"


def joined(parts: Sequence[Turns]) -> Turns:
    """Return all rules and waits as one; costs and turning places are those of the first."""
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("from_arc", "to_arc", "seconds", "only", "wait_arc", "wait_s")
    }
    return replace(parts[0], **columns)


def _base(spec: TurnsSpec) -> Turns:
    """Return the costs and turning places without any rule."""
    costs = TurnCosts() if spec.costs is None else spec.costs
    if isinstance(costs, str):
        preset = junction_preset("default")["turns"]
        near, across = float(preset["near"]), float(preset["across"])
        left_s, right_s = (across, near) if costs == "drive_right" else (near, across)
        u_turn_s = float(preset["u_turn"])
    else:
        left_s, right_s, u_turn_s = costs.left, costs.right, costs.u_turn
    return Turns(left_s=left_s, right_s=right_s, u_turn_s=u_turn_s, turns_round=spec.u_turns == "anywhere")


def _told_costs(spec: TurnsSpec) -> str:
    """Say what turns cost."""
    base = _base(spec)
    source = f"; {junction_preset('default')['turns']['told']}" if isinstance(spec.costs, str) else ""
    return (
        f"turns cost {base.left_s:g} s to the left, {base.right_s:g} s to the right, {base.u_turn_s:g} s for turning "
        f"round, at junctions of three roads or more{source}"
    )


def _of_relations(relations: str, ids: RoadIds, network: Network, mode: str) -> tuple[Turns, str]:
    """Return the restrictions by arcs and what became of them."""
    rules, count = rules_of(relations, ids, mode)
    matched = match_rules(rules, ids, network, mode)
    skipped = [f"{count[key]:,} {text.format(mode=mode)}" for key, text in SKIPPED.items() if count[key]]
    return matched.turns, _told(f"turn restrictions ({mode})", count["read"], matched, mode, skipped)


def _told(what: str, read: int, matched: Matched, mode: str, skipped: list[str]) -> str:
    """Say how many rules were read and applied, and why the others were not."""
    reasons = Counter(matched.reason.values())
    turns = matched.turns
    applied = f"{len(turns.seconds):,} turns ruled"
    left_out = [*skipped, *told_reasons(reasons, mode)]
    if reasons["outside"]:
        left_out.append(f"{reasons['outside']:,} lie outside the loaded roads")
    against = _contradicting(turns)
    told = f"{what}: {read:,} read, {applied}"
    if left_out:
        told += f"; not applied: {', '.join(left_out)}"
    if against:
        told += f"; {against:,} contradict one another, the ban holds"
    return told


def _contradicting(turns: Turns) -> int:
    """Count turns that one rule bans and another prescribes."""
    banned, only = np.isinf(turns.seconds), turns.only
    pairs = [
        set(zip(turns.from_arc[rows].tolist(), turns.to_arc[rows].tolist(), strict=True)) for rows in (banned, only)
    ]
    return len(pairs[0] & pairs[1])


def _check_known(rules: Sequence[Rule], ids: RoadIds, spec: TurnsSpec, reading: Reading) -> None:
    """Refuse a table with junctions that the roads do not have, where all roads of the source were read."""
    if reading.clip is not None or not rules:
        return
    nodes = np.array([rule.node for rule in rules], dtype=ids.node.dtype)
    unknown = np.unique(nodes[~np.isin(nodes, ids.node)]).tolist()
    if unknown:
        path = "" if spec.table is None else spec.table.path
        told = f"{path}: {len(unknown):,} of its junctions are not in the roads: {some_of([str(n) for n in unknown])}"
        raise InputError(Fault(told, ("table", "node")))
