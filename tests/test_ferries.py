"""Who depends on a ferry: a mainland with a clinic, an island without, an island with its own, a long way round."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifezone.assess import assess
from lifezone.ferries import dependence_told, ferry_dependence, without_ferries
from lifezone.model import Access, Demand, Facilities, Requirement, Standard, World
from lifezone.scenario import WHOLE_AREA
from lifezone.searches import Memory
from tests.routing.networks import BOTH, network_of

PLACES = [(0, 0), (100, 0), (1100, 0), (1200, 0), (0, 1000), (100, 1000), (100, 3000)]
ROADS = [
    (0, 1, 100, 10, BOTH), (1, 2, 1000, 600, BOTH, "ferry"), (2, 3, 100, 10, BOTH),  # to an island
    (1, 5, 1000, 300, BOTH, "ferry"), (4, 5, 100, 10, BOTH), (5, 6, 2000, 2000, BOTH), (6, 1, 3000, 3000, BOTH),
]  # fmt: skip


def world() -> World:
    """Make the mainland 0–1 with a clinic, the island 2–3, and a spit 4–5 that a long road joins too."""
    text = np.array(["a", "b", "c"], dtype=object)
    demand = Demand(
        ids=text, x_m=np.array([10.0, 1190.0, 10.0]), y_m=np.array([0.0, 0.0, 1000.0]),
        people=np.array([[1000.0], [40.0], [200.0]]), groups=("total",), district=np.zeros(3, np.int32),
        urban=np.zeros(3, np.bool_),
    )  # fmt: skip
    clinic = np.array(["k"], dtype=object)
    facilities = Facilities(
        ids=clinic, x_m=np.array([50.0]), y_m=np.array([0.0]), kind=np.zeros(1, np.int32), kinds=("clinic",),
        name=clinic, capacity=np.array([np.nan]), cost=np.array([np.nan]), open=np.ones(1, np.bool_), hours=clinic,
    )  # fmt: skip
    access = dict.fromkeys(("car", "walk"), Access(50.0, 1.0))
    return World(network_of(PLACES, ROADS), demand, facilities, WHOLE_AREA, access, "EPSG:5179")


STANDARD = Standard("one", (Requirement(id="clinic", kinds=("clinic",), mode="car", bound=900.0),))


def test_ferries__tell_who_is_cut_off_and_who_needs_longer():
    memory, here = Memory(), world()
    (found,) = ferry_dependence(here, STANDARD, assess(here, STANDARD, memory=memory), memory)
    assert (found.requirement, found.cut_off, found.lost, found.longer) == ("clinic", 40.0, 240.0, 200.0)
    (told,) = dependence_told([found])
    assert (
        "any more by people: clinic 40; it would take longer for: clinic 200; met now and not then for: clinic 240"
        in told
    )
    assert dependence_told([]) == []


def test_ferries__that_are_none_cost_nothing():
    here = world()
    assert without_ferries(replace(here, network=network_of(PLACES, ROADS[:1]))) is None
    assert np.isinf(without_ferries(here).network.seconds["car"][2:4]).all()
