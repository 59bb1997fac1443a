"""Methods of urban areas against worked sums, published results, networkx and properties."""

from __future__ import annotations

import csv

import networkx as nx
import numpy as np
import pytest

from lifezone.zoning.urban.burt import constraint, dyadic_constraint
from lifezone.zoning.urban.containment import containment, gathered
from lifezone.zoning.urban.intramax import intramax
from lifezone.zoning.urban.labour_market import Tradeoff, labour_market
from lifezone.zoning.urban.modularity import modularity, modularity_areas
from lifezone.zoning.urban.passage import mean_passage, passage_areas, walk
from lifezone.zoning.urban.structure import structure
from lifezone.zoning.urban.ties_of import tie_areas
from tests.zoning.countries import random_flows

D10 = np.array(
    [
        [900, 40, 20, 10, 30],
        [300, 600, 50, 0, 50],
        [120, 60, 800, 0, 20],
        [60, 0, 20, 920, 0],
        [20, 10, 10, 0, 960],
    ],
    float,
)
"""The example of DEFINITIONS D10, districts A to E."""
EVERYBODY = np.full(5, 1e6)


def shuffled(flows, seed=3):
    """The same flows with the districts in another order, and the order."""
    order = np.random.default_rng(seed).permutation(len(flows))
    return flows[np.ix_(order, order)], order


def same_partition(one, two):
    """Whether two labellings put the same districts together."""
    return (np.equal.outer(one, one) == np.equal.outer(two, two)).all()


def test_containment__is_what_the_sums_say():
    own = containment(D10)
    assert own.workers.tolist() == [1400, 710, 900, 930, 1060]
    assert own.supply_side[0] == 0.9
    assert own.demand_side[0] == pytest.approx(900 / 1400)
    assert own.self_containment[1] == 0.6
    assert own.in_out[0] == pytest.approx(500 / 100)
    assert own.catchment_share.sum() == pytest.approx(1)
    assert own.catchment_share[0] == pytest.approx(500 / 820)


def test_containment__is_not_defined_where_nobody_is():
    own = containment(np.array([[0.0, 0.0], [0.0, 4.0]]))
    assert np.isnan(own.supply_side[0])
    assert np.isnan(own.in_out).all()
    assert own.self_containment[1] == 1


def test_gathered__keeps_everybody():
    used, between = gathered(D10, np.array([0, 0, -1, 0, -1], np.int32))
    assert between.sum() == D10.sum()
    assert (used >= 0).sum() == 1
    assert between[used == 0, used == 0][0] == D10[np.ix_([0, 1, 3], [0, 1, 3])].sum()


def test_ties__are_those_of_the_worked_example():
    found = tie_areas(D10, EVERYBODY)
    assert found.is_centre.tolist() == [True, False, False, False, True]
    assert found.label.tolist() == [0, 0, 0, 0, 4]
    assert found.level.tolist() == [0, 3, 2, 1, 0]
    assert found.tie[1:4].tolist() == [0.30, 0.12, 0.06]
    assert [one.tolist() for one in found.overlap] == [[], [4], [], [], []]  # B sends 5 % to E too


def test_ties__thresholds_are_met_and_centres_are_centres():
    flows = random_flows(60)
    people = flows.sum(axis=1) * 2
    found = tie_areas(flows, people, least_people=20_000)
    share = flows / flows.sum(axis=1, keepdims=True)
    joined = (found.label >= 0) & ~found.is_centre
    assert found.is_centre.any()
    assert joined.any()
    assert (share[joined, found.label[joined]] >= 0.05).all()
    best = np.where(found.is_centre, share, -1)[joined].max(axis=1)
    assert (share[joined, found.label[joined]] == best).all()
    assert (people[found.is_centre] >= 20_000).all()
    np.fill_diagonal(share, 0)
    assert (share[found.is_centre].max(axis=1) < 0.10).all()
    alone = ~joined & ~found.is_centre
    assert (share[alone][:, found.is_centre] < 0.05).all()


def test_ties__totals_that_are_equal_but_for_rounding_make_a_centre():
    flows = np.array([[90.0, 10.0 - 1e-12], [10.0, 90.0]])
    found = tie_areas(flows, np.full(2, 1e6), most_leaving=0.2)
    assert found.is_centre.tolist() == [True, True]
    assert not tie_areas(flows - np.array([[0, 1], [0, 0]]), np.full(2, 1e6), most_leaving=0.2).is_centre[1]


def test_ties__a_district_cut_off_from_its_centre_is_an_exclave():
    neighbours = np.zeros((5, 5), bool)
    for one, two in ((0, 1), (1, 2), (2, 4), (4, 3)):
        neighbours[one, two] = neighbours[two, one] = True
    found = tie_areas(D10, EVERYBODY, neighbours=neighbours)
    assert found.label.tolist() == [0, 0, 0, -1, 4]  # D reaches A only through E, which is a centre of its own
    assert found.exclave.tolist() == [False, False, False, True, False]
    assert found.towards[3] == 0


def test_burt__dyads_are_those_of_the_worked_example():
    assert dyadic_constraint(D10)[1:, 0] == pytest.approx([0.655, 0.638, 0.777, 0.552], abs=5e-4)
    assert dyadic_constraint(D10, "total")[1:, 0] == pytest.approx([0.0942, 0.0192, 0.0039, 0.0006], abs=5e-5)


def test_burt__constraint_is_that_of_networkx_and_the_reference():
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(
        [("A", "B", 100), ("B", "A", 20), ("A", "C", 30), ("C", "A", 10), ("B", "C", 50), ("C", "B", 60),
         ("D", "A", 80), ("A", "D", 5)]
    )  # fmt: skip
    flows = nx.to_numpy_array(graph, nodelist="ABCD")
    assert constraint(flows) == pytest.approx([0.649904, 0.739026, 1.167960, 1.0], abs=5e-7)
    for known in (flows, random_flows(25)):
        graph = nx.from_numpy_array(known, create_using=nx.DiGraph)
        graph.remove_edges_from(nx.selfloop_edges(graph))
        oracle = nx.constraint(graph, weight="weight")
        assert constraint(known) == pytest.approx([oracle[at] for at in range(len(known))], nan_ok=True)
        one, two = next((a, b) for a, b in graph.edges if a != b)
        assert dyadic_constraint(known)[one, two] == pytest.approx(nx.local_constraint(graph, one, two, "weight"))


def brindisi(shared):
    """Codes and flows of the twenty communes."""
    with (shared / "verification/lma_brindisi/Brindisi.csv").open(encoding="utf-8") as file:
        rows = [tuple(map(int, row.values())) for row in csv.DictReader(file)]
    codes = np.unique([row[:2] for row in rows])
    flows = np.zeros((len(codes), len(codes)))
    for live, work, amount in rows:
        flows[np.searchsorted(codes, live), np.searchsorted(codes, work)] += amount
    return codes, flows


@pytest.mark.shared
def test_labour_market__brindisi_is_the_published_result(shared):
    codes, flows = brindisi(shared)
    found = labour_market(flows, Tradeoff(1000, 0.6667, 10_000, 0.75))
    areas = {
        tuple((codes[found.label == one] - 74000).tolist()): (
            flows[found.label == one].sum(), flows[:, found.label == one].sum(),
        )
        for one in np.unique(found.label)
    }  # fmt: skip
    # residents and workers of the nine areas, as the vignette prints them
    assert sorted(areas.values()) == sorted([
        (28895, 34742), (4009, 3776), (2557, 2315), (10162, 10055), (10773, 10376), (13596, 10960), (11072, 10626),
        (6835, 5228), (1293, 1114),
    ])  # fmt: skip
    printed = {1: 1, 2: 12, 3: 3, 4: 16, 5: 5, 6: 10, 7: 7, 8: 8, 9: 10, 10: 10}  # commune → area, the first ten
    for one, two in ((1, 2), (2, 12), (4, 16), (6, 10), (9, 10)):
        together = found.label[codes == 74000 + one] == found.label[codes == 74000 + two]
        assert together[0] == (printed.get(one) == printed.get(two, two))
    _, between = gathered(flows, found.label)
    assert np.count_nonzero(between) == 80
    assert between[0].tolist()[:4] == [26868, 120, 11, 72]  # from the area of Brindisi to those of 1, 3, 5 and 7
    assert not found.waited.any()
    small = labour_market(flows, Tradeoff(50, 0.3, 100, 0.4))
    assert len(np.unique(small.label)) == 20
    middle = labour_market(flows, Tradeoff(1000, 0.6, 10_000, 0.7))
    assert (np.bincount(middle.label)[middle.label] == 1).sum() == 4  # areas of one commune


def test_labour_market__every_area_is_valid_or_holds_one_that_waited():
    flows = random_flows(120)
    tradeoff = Tradeoff(2000, 2 / 3, 15_000, 0.75)
    found = labour_market(flows, tradeoff)
    assert (found.label >= 0).all()
    assert len(np.unique(found.label)) < 120
    used, between = gathered(flows, found.label)
    sums = containment(between)
    valid = tradeoff.validity(sums.residents, sums.workers, sums.inside) >= 1
    waited = {int(one) for one in found.label[found.waited]}
    assert all(ok or int(one) in waited for one, ok in zip(used, valid, strict=True))


def test_labour_market__end_points_of_the_tradeoff():
    tradeoff = Tradeoff(3500, 2 / 3, 25_000, 0.75)
    sizes = np.array([3500.0, 3500.0, 25_000.0, 25_000.0, 100_000.0, 10.0])
    shares = np.array([0.75, 0.7499, 2 / 3, 0.6666, 0.67, 1.0])
    valid = tradeoff.validity(sizes, sizes, sizes * shares) >= 1 - 1e-12
    assert valid.tolist() == [True, False, True, False, True, True]


def test_labour_market__districts_without_ties_stay_out():
    flows = np.zeros((4, 4))
    flows[:2, :2] = [[50, 50], [40, 60]]
    flows[2, 2] = 500  # nobody crosses its border
    found = labour_market(flows, Tradeoff(10, 0.6, 1000, 0.7))  # the last has no flows at all
    assert found.label[0] == found.label[1] >= 0
    assert found.label[2:].tolist() == [-1, -1]


def test_intramax__first_step_is_the_hand_worked_one():
    # gains F_ij/(O_i D_j) + F_ji/(O_j D_i): A–B 80/(100·90) + 20/(100·190) … by hand below
    flows = np.array([[60.0, 30.0, 10.0], [20.0, 70.0, 10.0], [5.0, 15.0, 80.0]])
    out, come = flows.sum(axis=1), flows.sum(axis=0)
    assert (out.tolist(), come.tolist()) == ([100, 100, 100], [85, 115, 100])
    by_hand = {(0, 1): 30 / 11500 + 20 / 8500, (0, 2): 10 / 10000 + 5 / 8500, (1, 2): 10 / 10000 + 15 / 11500}
    assert max(by_hand, key=by_hand.get) == (0, 1)
    found = intramax(flows, areas=2)
    assert found.label.tolist() == [0, 0, 2]
    assert found.pairs.tolist() == [[0, 1]]
    assert found.inside.tolist() == [(60 + 30 + 20 + 70 + 80) / 300]


def test_intramax__stops_where_it_is_told_and_never_joins_what_has_no_flow():
    flows = random_flows(40)
    assert len(np.unique(intramax(flows, areas=7).label)) == 7
    found = intramax(flows, inside=0.9)
    assert found.inside[-1] >= 0.9
    assert found.inside[-2] < 0.9
    assert (np.diff(found.inside) >= 0).all()
    apart = np.kron(np.eye(2), np.ones((3, 3)))
    assert len(np.unique(intramax(apart, areas=1).label)) == 2
    line = np.eye(40, k=1, dtype=bool) | np.eye(40, k=-1, dtype=bool)
    label = intramax(flows + 1, areas=5, neighbours=line).label
    assert (np.diff(label) >= 0).all()  # along a line areas that touch are runs


def test_passage__means_solve_their_own_equations():
    steps, restarted = walk(random_flows(30) + 1)
    passage, stationary = mean_passage(steps)
    assert not restarted
    assert stationary @ steps == pytest.approx(stationary)
    for goal in (0, 7, 29):  # m_i = 1 + Σ_k≠goal p_ik m_k
        others = np.arange(30) != goal
        expected = np.linalg.solve(np.eye(29) - steps[np.ix_(others, others)], np.ones(29))
        assert passage[others, goal] == pytest.approx(expected)


def test_passage__two_states_have_a_closed_form():
    passage, stationary = mean_passage(np.array([[0.7, 0.3], [0.1, 0.9]]))
    assert passage.tolist() == [[0, pytest.approx(1 / 0.3)], [pytest.approx(1 / 0.1), 0]]
    assert stationary == pytest.approx([0.25, 0.75])


def test_passage__clusters_are_found_and_broken_chains_told():
    flows = np.kron(np.eye(3), np.full((4, 4), 100.0)) + 1.0
    label, restarted = passage_areas(flows)
    assert same_partition(label, np.repeat([0, 4, 8], 4))
    assert not restarted
    label, restarted = passage_areas(np.kron(np.eye(3), np.full((4, 4), 100.0)), 3)
    assert same_partition(label, np.repeat([0, 4, 8], 4))
    assert restarted


def test_modularity__is_that_of_networkx_and_seeded():
    flows = random_flows(50)
    label = modularity_areas(flows, seed=5)
    assert (label == modularity_areas(flows, seed=5)).all()
    graph = nx.from_numpy_array(np.triu(flows + flows.T, 1))
    parts = [set(np.flatnonzero(label == one).tolist()) for one in np.unique(label)]
    assert modularity(flows, label) == pytest.approx(nx.community.modularity(graph, parts))
    greedy = nx.community.greedy_modularity_communities(graph, weight="weight")
    assert modularity(flows, label) >= nx.community.modularity(graph, greedy) - 1e-9


def test_structure__tells_one_centre_from_many():
    star = np.zeros((4, 4))
    star[1:, 0] = 100  # everybody goes to the first
    found = structure(star, np.array([1000.0, 100.0, 90.0, 80.0]))
    assert (found.by_size, found.by_flows) == ("monocentric", "centre_periphery")
    assert (found.to_centre, found.reciprocity) == (1, 0)
    assert found.evenness == pytest.approx(np.log(3) / np.log(12))
    even = np.full((4, 4), 50.0)
    found = structure(even, np.full(4, 400.0))
    assert (found.by_size, found.by_flows) == ("polycentric", "network")
    assert (found.evenness, found.reciprocity, found.slope) == (pytest.approx(1), 1, pytest.approx(0, abs=1e-12))
    assert structure(np.array([[5.0]]), np.array([5.0])).by_flows == "single"


def test_structure__slope_is_the_least_squares_line():
    sizes = 1000 * (np.arange(1, 9) - 0.5) ** -1.3
    assert structure(np.ones((8, 8)), sizes).slope == pytest.approx(-1.3)


@pytest.mark.parametrize("method", [
    lambda flows: labour_market(flows, Tradeoff(2000, 2 / 3, 15_000, 0.75)).label,
    lambda flows: intramax(flows, areas=8).label,
    lambda flows: passage_areas(flows, 8)[0],
    lambda flows: tie_areas(flows, flows.sum(axis=1), least_people=5000).label,
])  # fmt: skip
def test_methods__the_order_of_districts_changes_nothing(method):
    flows = random_flows(60, seed=8)
    moved, order = shuffled(flows)
    one, two = method(flows)[order], method(moved)
    assert same_partition(one, two)
    assert ((one < 0) == (two < 0)).all()
