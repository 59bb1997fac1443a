"""Contracted roads and hierarchies kept on disk are those that would be made anew."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from lifezone.model import Access, Network, SearchGraph
from lifezone.routing import ModeRoads, build_graph, order_nodes
from lifezone.routing.hierarchy import to_arrays
from lifezone.sources import graphs
from tests.routing.networks import random_network
from tests.routing.turning import with_rules


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIFEZONE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(graphs, "WORTH_KEEPING", 0)
    return tmp_path / "cache"


def entries(folder: Path) -> int:
    return len(list(folder.glob("*/*/entry.json")))


def same(one: SearchGraph, other: SearchGraph) -> bool:
    return all(np.array_equal(getattr(one, field.name), getattr(other, field.name)) for field in fields(SearchGraph))


def slower(network: Network) -> Network:
    return replace(network, seconds={**network.seconds, "car": network.seconds["car"] * 2})


def test_kept_graph__each_of_other_times_rules_and_modes_has_an_entry_of_its_own(folder):
    network = random_network(3, 5)
    studies = [
        network,
        slower(network),
        with_rules(network, 3),
        with_rules(network, 4),
        with_rules(network, 4, left_s=9),
    ]
    for number, study in enumerate([*studies, *studies]):
        assert same(graphs.kept_graph(study, "car"), build_graph(study, "car"))
        assert entries(folder) == min(number + 1, len(studies))


def test_kept_graph__a_damaged_entry_is_made_again(folder):
    network = random_network(3, 5)
    graphs.kept_graph(network, "car")
    for path in folder.glob("*/*/chain_seconds.npy"):
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
    assert same(graphs.kept_graph(network, "car"), build_graph(network, "car"))


def test_kept_graph__nothing_is_lost_where_nothing_can_be_kept(tmp_path, folder, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LIFEZONE_CACHE", str(tmp_path / "file"))
    network = random_network(3, 5)
    assert same(graphs.kept_graph(network, "car"), build_graph(network, "car"))


def test_kept_graph__what_other_code_made_is_not_taken(folder, monkeypatch):
    network = random_network(3, 5)
    monkeypatch.setattr(graphs, "_makers", lambda: ("older",))
    graphs.kept_graph(network, "car")
    monkeypatch.undo()
    monkeypatch.setenv("LIFEZONE_CACHE", str(folder))
    monkeypatch.setattr(graphs, "WORTH_KEEPING", 0)
    graphs.kept_graph(network, "car")
    assert entries(folder) == 2


def test_kept_hierarchy__is_known_whatever_the_times_and_only_for_the_same_shape(folder):
    network = random_network(3, 5)
    roads, slow, other = (
        ModeRoads.build(one, "car", Access(np.inf, 1.0, 0.0))
        for one in (network, slower(network), random_network(4, 5))
    )
    assert not graphs.knows_hierarchy(roads)
    graphs.kept_hierarchy(roads)
    assert graphs.knows_hierarchy(slow)
    assert not graphs.knows_hierarchy(other)
    vertex = roads.graph.vertex
    expected = to_arrays(order_nodes(roads.graph, network.x_m[vertex], network.y_m[vertex]))
    found = to_arrays(graphs.kept_hierarchy(slow))
    assert all(np.array_equal(expected[name], found[name]) for name in expected)
