"""Single edits of a nearest-facility field beside computing the whole field anew, by the fastest search there is.

Edits are taken one at a time and taken back, so that each is made to the same field; the mean of all is told, not the
median, as a few edits move many nodes and a user waits for those too.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Final

import numpy as np

from benchmarks.course import Course
from benchmarks.duel import Side, duel
from lifezone.model import Ints
from lifezone.routing import Attached, Field, ModeRoads, field_room, nearest_field

__all__ = ["edits"]

FACILITIES: Final = 1000
EDITS: Final = 150
SLOWER: Final = 1 / 3
GRID_S: Final = 1e-9
NAMES: Final = {"open_vs_recompute": "open", "close_vs_recompute": "close", "edge_vs_recompute": "speed"}


def edits(course: Course) -> dict[str, Any]:
    """Time opening, closing and slowing roads, on a field without demand points (node fields alone)."""
    rng = np.random.default_rng(21)
    count = min(FACILITIES, course.n_nodes // 20)
    nodes = rng.choice(course.n_nodes, count + EDITS, replace=False).astype(np.int32)
    everybody = course.at_nodes(nodes)
    at_first = np.arange(len(nodes)) < count
    facilities = everybody.take(at_first)
    field = Field(course.roads, everybody.take(np.empty(0, np.int64)), everybody,
                  np.arange(len(nodes), dtype=np.int32), is_open=at_first)  # fmt: skip
    spent = {
        "open": _spent(field, [("open", int(p), "close") for p in np.flatnonzero(~at_first)]),
        "close": _spent(field, [("close", int(p), "open") for p in rng.permutation(count)[:EDITS]]),
        "speed": _slowed(field, _on_trips(course, field, rng)),
    }
    room = field_room(course.roads)
    anew = duel(
        Side("lifezone.routing.nearest_field", lambda: nearest_field(course.roads, facilities, room=room), again=5)
    )[0]
    equal = _holds(course, field, everybody, rng)
    return {
        name: {
            "ratio": float(f"{anew.unit_s / np.mean(spent[edit]):.4g}"),
            "equal": equal,
            "unit": "0 (seconds, to the last bit)",
            "ours": {
                "function": f"lifezone.routing.Field.{edit}", "mean_s": float(f"{np.mean(spent[edit]):.4g}"),
                "median_s": float(f"{np.median(spent[edit]):.4g}"), "edits": len(spent[edit]),
                "peak_mib": anew.plain()["peak_mib"],
            },
            "peer": anew.plain(),
            "facilities": count,
        }
        for name, edit in NAMES.items()
    }  # fmt: skip


def _spent(field: Field, steps: list[tuple[str, int, str]]) -> list[float]:
    """Do each edit and take it back; return the seconds of the former, the first ten left out (kernels open then)."""
    seconds = []
    for edit, position, back in (*steps[:10], *steps):
        started = time.perf_counter()
        getattr(field, edit)(position)
        seconds.append(time.perf_counter() - started)
        getattr(field, back)(position)
    return seconds[10:]


def _slowed(field: Field, segments: Ints) -> list[float]:
    """Slow each road and take it back; return the seconds of the former."""
    seconds = []
    for segment in (*segments[:10].tolist(), *segments.tolist()):
        started = time.perf_counter()
        done = field.speed([segment], SLOWER)
        seconds.append(time.perf_counter() - started)
        field.undo(done.edit)
    return seconds[10:]


def _on_trips(course: Course, field: Field, rng: np.random.Generator) -> Ints:
    """Return raw segments that nearest trips pass, so that slowing them changes something."""
    graph = course.roads.graph
    owner, seconds, _ = field.labels()
    passed = np.abs(seconds[course.tail] - seconds[graph.head] - course.seconds) < GRID_S
    passed &= owner[course.tail] == owner[graph.head]
    chain = graph.chain[rng.permutation(np.flatnonzero(passed))[:EDITS]]
    segments: Ints = (graph.chain_arc[graph.chain_first[chain]] // 2).astype(np.int32)
    return segments


def _holds(course: Course, field: Field, everybody: Attached, rng: np.random.Generator) -> bool:
    """Tell whether a pile of edits, some of them taken back, gives the field that a full search of that world gives."""
    opened = field.open_facilities()[0]
    for position in opened[::7].tolist():
        field.close(position)
    segments = _on_trips(course, field, rng)[:20]
    done = [field.speed([segment], SLOWER) for segment in segments.tolist()]
    field.undo(done[3].edit)
    owner, seconds, _ = field.labels()
    roads = ModeRoads(field.network, _same_shape(course.roads, field), course.roads.access)
    positions = field.open_facilities()[0]
    expected_s, expected_owner = nearest_field(roads, everybody.take(positions))
    reached = expected_owner >= 0
    owners = positions[expected_owner[reached]]
    return bool(
        np.array_equal(seconds, expected_s)
        and np.array_equal(owner >= 0, reached)
        and np.array_equal(owner[reached], owners)
    )


def _same_shape(roads: ModeRoads, field: Field) -> Any:
    """Return the search graph of the edited roads: the same shape with other seconds, contracted anew."""
    made = ModeRoads.build(field.network, roads.mode, roads.access).graph
    assert np.array_equal(made.head, roads.graph.head)  # slowing a road changes no shape
    return replace(made)
