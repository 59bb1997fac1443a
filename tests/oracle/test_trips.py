"""Every verdict of whole studies against an independent graph: seconds, metres, access, facility, reason, depth.

lifezone's numbers are compared with scipy's Dijkstra over the raw, uncontracted segments cut at every anchor.
"""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.model import Reason
from lifezone.run import variants_of
from tests.oracle import chain
from tests.oracle.studies import DEMO, andorra, built, doan, every_way, judged, porto_alegre

TOLERANCE = 2e-6
"""Seconds and metres: handed out to the millionth."""
MOST_VERDICTS = 200
"""Points of a study whose verdicts are worked out one by one; all trips are compared."""


def check(world, standard):
    """Compare every verdict of a world; return how many trips were compared and how many facilities were tied."""
    assessment, twins = judged(world, standard)
    trips = ties = 0
    for requirement in standard.requirements:
        if requirement.bound is None:
            assert requirement.id not in assessment.verdicts
            continue
        got, twin = assessment.verdicts[requirement.id], twins[requirement.mode]
        if (got.reason == Reason.NOT_ASSESSED).all():
            assert np.isnan(got.seconds).all()
            continue
        wanted = twin.trip_of(requirement)
        what = requirement.id
        ours, theirs = (wanted.seconds, got.seconds) if requirement.metric == "time" else (wanted.metres, got.metres)
        np.testing.assert_allclose(theirs, ours, atol=TOLERANCE, rtol=0, err_msg=what)
        same_way(requirement, twin, got, wanted)
        ties += same_facility(world, requirement, twin, got, wanted)
        supply_gap = twin.gap_m[twin.n_points :][got.facility]
        wanted.access_m = np.where(got.facility >= 0, twin.gap_m[: twin.n_points] + supply_gap, np.inf)
        np.testing.assert_allclose(got.access_m, wanted.access_m, atol=TOLERANCE, err_msg=f"{what} access")
        same_verdict(world, requirement, twin, got, wanted)
        trips += int(np.isfinite(got.seconds).sum())
    return trips, ties


def same_way(requirement, twin, got, wanted):
    """The other metric is the least of all best trips, but where ways or facilities of the same cost tie to 1e-9.

    Then it is that of a best trip to the very facility that was chosen: the least one, or about the most.
    """
    ours, theirs = (wanted.metres, got.metres) if requirement.metric == "time" else (wanted.seconds, got.seconds)
    differ = np.flatnonzero(~np.isclose(theirs, ours, atol=TOLERANCE, rtol=0))
    assert len(differ) <= 0.05 * len(ours), requirement.id
    for one in np.unique(got.facility[differ]).tolist():
        here = differ[got.facility[differ] == one]
        question = {"metric": requirement.metric, "direction": requirement.direction}
        both = [twin.nearest([one], **question), twin.nearest([one], longest=True, **question)]
        least, most = ((t.metres if requirement.metric == "time" else t.seconds)[here] for t in both)
        fits = np.isclose(theirs[here], least, atol=TOLERANCE, rtol=0)
        fits |= np.isclose(theirs[here], most, atol=TOLERANCE, rtol=0)
        assert fits.all(), (requirement.id, here[~fits])


def same_facility(world, requirement, twin, got, wanted):
    """A facility that is not ours must be just as near: each such one is searched from alone."""
    assert np.array_equal(got.facility < 0, wanted.facility < 0)
    differ = np.flatnonzero(got.facility != wanted.facility)
    by_time = requirement.metric == "time"
    for one in np.unique(got.facility[differ]).tolist():
        assert world.facilities.open[one]
        assert world.facilities.kinds[world.facilities.kind[one]] in requirement.kinds
        here = differ[got.facility[differ] == one]
        alone = twin.nearest([one], metric=requirement.metric, direction=requirement.direction)
        values = (alone.seconds, wanted.seconds) if by_time else (alone.metres, wanted.metres)
        np.testing.assert_allclose(values[0][here], values[1][here], atol=TOLERANCE, rtol=0)
    return len(differ)


def same_verdict(world, requirement, twin, got, wanted):
    border = twin.to_border(metric=requirement.metric, direction=requirement.direction)
    points = np.linspace(0, world.demand.n_points - 1, min(world.demand.n_points, MOST_VERDICTS)).astype(int).tolist()
    rows = chain.verdicts(requirement, world, wanted, border, twin.off, points)
    for p, (reason, depth, uncertain, certified, hangs, unsure) in zip(points, rows, strict=True):
        if unsure:
            continue
        here = (Reason(int(got.reason[p])).name.lower(), got.uncertain[p], got.certified[p], got.hangs_on_access[p])
        assert here == (reason, uncertain, certified, hangs), (requirement.id, p)
        assert got.depth[p] == pytest.approx(depth, abs=1e-8, nan_ok=True)
    assert sum(row[-1] for row in rows) < 0.02 * len(rows) + 5


@pytest.mark.shared
def test_andorra__every_trip_of_the_standard_is_the_graphs(shared):
    study = andorra(shared, demand__spacing="40 m")
    assert study.world.demand.n_points > 2500
    trips, ties = check(study.world, study.standard)
    assert trips > 25_000
    assert ties < 0.2 * trips  # a library is a small library and a public one


@pytest.mark.shared
def test_andorra__car_and_walk_time_and_length_to_and_from(shared):
    world = andorra(shared).world
    trips, _ = check(world, every_way(["pharmacy"]))
    assert trips > 8_000


@pytest.mark.shared
def test_porto_alegre__every_trip_is_the_graphs(shared):
    study = porto_alegre(shared)
    assert check(study.world, study.standard)[0] > 4_500
    assert check(study.world, every_way(["school"]))[0] > 9_000


@pytest.mark.shared
def test_doan__every_trip_is_the_graphs(shared):
    study = doan(shared)
    assert check(study.world, study.standard)[0] > 9_000
    assert check(study.world, every_way(["elementary_school"]))[0] > 35_000


def test_demo__every_variant_is_the_graphs():
    study = built(DEMO)
    for world in [one.world for one in variants_of(study)]:
        assert check(world, study.standard)[0] > 70_000


def test_demo__car_and_walk_time_and_length_to_and_from():
    world = built(DEMO).world
    assert check(world, every_way(["clinic", "elementary_school"]))[0] > 55_000
