"""Turns at junctions: what is banned and what takes time, from OpenStreetMap relations, from tables, by kind of turn.

Decided: off unless ``area.turns`` is there, since restrictions are mapped unevenly; rules name junctions and links by
the ids of their own source; what cannot be applied is counted by reason, never guessed. A restriction over a way (two
junctions) is not applied: it would need that way twice. Look again when many of them decide trips somewhere.
"""

from lifezone.sources.turns.build import joined, with_nodes, with_turns
from lifezone.sources.turns.nodes import read_nodes
from lifezone.sources.turns.relations import read_relations
from lifezone.sources.turns.spec import TurnCosts, TurnsSpec, TurnTable

__all__ = ["TurnCosts", "TurnTable", "TurnsSpec", "joined", "read_nodes", "read_relations", "with_nodes", "with_turns"]
