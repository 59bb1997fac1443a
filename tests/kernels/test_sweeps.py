"""Sweeps over hierarchies made by plain elimination against scipy; small enough for NUMBA_DISABLE_JIT=1."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.errors import InputError
from lifezone.kernels.lanes import FAR, FAR_16, FAR_64, far_of
from lifezone.routing.matrix import node_pairs
from lifezone.routing.sweeps import INF, Rooms, Seeds, ask, k_nearest_costs, nearest_many, rows_of
from tests.kernels.elimination import all_costs, eliminated

DIRECTIONS = ("to_facility", "from_facility")


def random_arcs(seed, n, costs=(0, 1, 1, 2, 5, 40)):
    """Return arcs with ties, zero costs, loops and parallel ones; some nodes reach nothing or are not reached."""
    rng = np.random.default_rng(seed)
    return [(int(a), int(b), int(rng.choice(costs))) for a, b in rng.integers(0, n, (int(1.6 * n), 2))]


def random_seeds(rng, n, questions, *, most=4, costs=(0, 0, 1, 3, 9)):
    """Return questions of 0 to ``most`` seeds each, some at one node."""
    count = rng.integers(0, most + 1, questions)
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    total = int(first[-1])
    return Seeds(first, rng.integers(0, n, total).astype(np.int32), rng.choice(costs, total).astype(np.uint32),
                 rng.integers(0, 6, total).astype(np.int32))  # fmt: skip


def expected(table, seeds, nodes, direction):
    """Return per question and node the (cost, owner) of every owner, ascending."""
    answer = []
    for q in range(seeds.n_questions):
        rows = []
        for v in nodes:
            best = {}
            for i in range(seeds.first[q], seeds.first[q + 1]):
                s = seeds.node[i]
                cost = int(seeds.cost[i]) + int(table[v, s] if direction == "to_facility" else table[s, v])
                if cost < INF:
                    best[int(seeds.owner[i])] = min(best.get(int(seeds.owner[i]), INF), cost)
            rows.append(sorted((cost, owner) for owner, cost in best.items()))
        answer.append(rows)
    return answer


def case(seed, n=23, questions=19, **options):
    rng = np.random.default_rng(seed)
    arcs = random_arcs(seed, n, **options)
    return eliminated(n, arcs, rng.permutation(n)), all_costs(n, arcs), random_seeds(rng, n, questions), rng


def least(answer, at=0):
    costs = [[row[0][0] if row else INF for row in rows] for rows in answer]
    owners = [[row[0][1] if row else -1 for row in rows] for rows in answer]
    return (costs, owners)[at]


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("seed", range(4))
def test_nearest_many__equals_scipy(seed, direction):
    weights, table, seeds, _ = case(seed)
    nodes = np.arange(23, dtype=np.int32)
    wanted = expected(table, seeds, nodes, direction)
    asked = ask(weights, nodes, direction=direction)
    for lanes in ("u32", "u16"):
        cost, owner = nearest_many(seeds, asked, lanes=lanes)
        assert owner is None
        assert cost.tolist() == least(wanted)
    cost, owner = nearest_many(seeds, asked, owners=True)
    assert cost.tolist() == least(wanted)
    assert owner.tolist() == least(wanted, 1)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("seed", range(4))
def test_ask__needs_what_lies_above_the_asked_nodes_alone(seed, direction):
    """A third of the nodes, in any order, some twice: the answer is the column of the whole answer."""
    weights, table, seeds, rng = case(seed, n=30)
    nodes = rng.integers(0, 30, 4).astype(np.int32)
    asked = ask(weights, nodes, direction=direction)
    assert len(asked.needed.rank) <= 30
    cost, owner = nearest_many(seeds, asked, owners=True)
    wanted = expected(table, seeds, nodes, direction)
    assert (cost.tolist(), owner.tolist()) == (least(wanted), least(wanted, 1))


def test_ask__a_dead_end_needs_few_rows():
    """A path 0-1-…-9 taken out from its ends: node 0 needs what climbs from it, and no more."""
    arcs = [(a, b, 1) for a in range(9) for b in (a + 1,)] + [(b, a, 1) for a in range(9) for b in (a + 1,)]
    weights = eliminated(10, arcs, [0, 9, 1, 8, 2, 7, 3, 6, 4, 5])
    asked = ask(weights, np.array([9], np.int32))
    assert weights.hierarchy.node[asked.needed.rank].tolist() == [9, 8, 7, 6, 5] or asked.whole
    cost, _ = nearest_many(Seeds.at(np.arange(10, dtype=np.int32)), asked)
    assert cost[:, 0].tolist() == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize("k", [1, 2, 3, 9])
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("seed", range(3))
def test_k_nearest_costs__equals_scipy(seed, direction, k):
    weights, table, seeds, rng = case(seed, questions=5)
    nodes = rng.integers(0, 23, 9).astype(np.int32)
    cost, owner = k_nearest_costs(seeds, ask(weights, nodes, direction=direction), k)
    for q, rows in enumerate(expected(table, seeds, nodes, direction)):
        for i, row in enumerate(rows):
            full = (row + [(INF, -1)] * k)[:k]
            assert list(zip(cost[q, i].tolist(), owner[q, i].tolist(), strict=True)) == full


def strip(rng, n, length):
    """Return arcs of a strip of roads, their elimination from end to end in pieces, and which costs are what."""
    arcs = [(i, i + 1, int(c)) for i, c in enumerate(rng.integers(0, 9, n - 1))]
    arcs += [(i + 3, i, int(c)) for i, c in zip(range(0, n - 3, 2), rng.integers(0, 9, n), strict=False)]
    order = sorted(range(n), key=lambda v: (v % length == 0, v))
    return eliminated(n, arcs, order), all_costs(n, arcs)


@pytest.mark.parametrize("every", [1, 90])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_k_nearest_costs__over_several_cells_with_great_owners_equals_scipy(direction, every):
    """700 rows are three cells, which pull from one another; the owners' numbers are too great for a table."""
    rng = np.random.default_rng(8)
    weights, table = strip(rng, 700, 50)
    owner = rng.choice(20, 40).astype(np.int32) * np.int32(100_000_000)
    seeds = Seeds(np.array([0, 40]), rng.integers(0, 700, 40).astype(np.int32), np.zeros(40, np.uint32), owner)
    nodes = np.arange(0, 700, every, dtype=np.int32)
    cost, found = k_nearest_costs(seeds, ask(weights, nodes, direction=direction), 3)
    for i, row in enumerate(expected(table, seeds, nodes, direction)[0]):
        full = (row + [(INF, -1)] * 3)[:3]
        assert list(zip(cost[0, i].tolist(), found[0, i].tolist(), strict=True)) == full


def test_k_nearest_costs__of_more_owners_than_a_cell_has_lanes_equals_scipy():
    rng = np.random.default_rng(9)
    weights, table = strip(rng, 30, 7)
    seeds = Seeds(np.array([0, 140]), rng.integers(0, 30, 140).astype(np.int32), np.zeros(140, np.uint32),
                  np.arange(140, dtype=np.int32))  # fmt: skip
    nodes = np.arange(30, dtype=np.int32)
    cost, owner = k_nearest_costs(seeds, ask(weights, nodes), 135)
    for i, row in enumerate(expected(table, seeds, nodes, "to_facility")[0]):
        full = (row + [(INF, -1)] * 135)[:135]
        assert list(zip(cost[0, i].tolist(), owner[0, i].tolist(), strict=True)) == full


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("n_targets", [3, 40])
def test_rows_of__equals_scipy(direction, n_targets):
    weights, table, _, rng = case(5, n=40)
    sources = rng.permutation(40).astype(np.int32)
    targets = rng.integers(0, 40, n_targets).astype(np.int32)
    wanted = table[np.ix_(targets, sources)].T if direction == "to_facility" else table[np.ix_(sources, targets)]
    got = np.full(wanted.shape, -1, np.int64)
    for rows, costs in rows_of(Seeds.at(sources), ask(weights, targets, direction=direction)):
        got[rows] = costs
    assert (got == wanted).all()


@pytest.mark.parametrize("limit", [0, 3, 30, INF + 5])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_node_pairs__are_those_within_the_limit(direction, limit):
    """40 questions are two blocks; a limit beyond all costs lets in what can be reached, and no more."""
    weights, table, _, rng = case(6, n=40)
    sources, targets = rng.permutation(40).astype(np.int32), rng.integers(0, 40, 25).astype(np.int32)
    wanted = table[np.ix_(targets, sources)].T if direction == "to_facility" else table[np.ix_(sources, targets)]
    got = np.full(wanted.shape, -1, np.int64)
    for nodes in (targets, np.arange(40, dtype=np.int32)):  # a restricted pass, and one over all rows
        blocks = list(node_pairs(Seeds.at(sources), ask(weights, nodes, direction=direction), limit))
        assert sorted(q for block in blocks for q in block.question) == list(range(40))
    for question, first, place, cost in node_pairs(
        Seeds.at(sources), ask(weights, targets, direction=direction), limit
    ):
        for b, q in enumerate(question):
            assert (np.diff(place[first[b] : first[b + 1]]) > 0).all()
            got[q, place[first[b] : first[b + 1]]] = cost[first[b] : first[b + 1]]
    assert (got == np.where((wanted <= limit) & (wanted < INF), wanted, -1)).all()


def test_nearest_many__u16_lanes_stop_at_their_largest_number():
    """6,553.4 s is told, 6,553.5 s and one more are out of range; a single cost above 65,535 does not wrap round."""
    arcs = [(0, 1, 65_534), (1, 2, 1), (2, 3, 1), (3, 4, 70_000), (0, 5, 70_000), (0, 6, 65_535)]
    weights = eliminated(7, arcs, [3, 1, 6, 0, 2, 5, 4])
    seeds = Seeds.at(np.array([0], np.int32))
    asked = ask(weights, np.arange(7, dtype=np.int32), direction="from_facility")
    assert nearest_many(seeds, asked, lanes="u16")[0].tolist() == [[0, 65_534, INF, INF, INF, INF, INF]]
    assert nearest_many(seeds, asked)[0].tolist() == [[0, 65_534, 65_535, 65_536, 135_536, 70_000, 65_535]]


def test_nearest_many__costs_near_the_largest_do_not_wrap_round():
    big = INF - 1
    weights = eliminated(3, [(0, 1, big), (1, 2, 1)], [0, 1, 2])
    asked = ask(weights, np.arange(3, dtype=np.int32), direction="from_facility")
    seeds = Seeds(
        np.array([0, 2]), np.array([0, 1], np.int32), np.array([0, big], np.uint32), np.array([1, 7], np.int32)
    )
    cost, owner = nearest_many(seeds, asked, owners=True)
    assert cost.tolist() == [[0, big, INF]]  # two steps from INF: as good as unreachable, never a small number
    assert owner[0, :2].tolist() == [1, 1]
    assert nearest_many(seeds, asked)[0].tolist() == cost.tolist()


def test_seeds__at_no_end_are_none():
    weights, _, _, _ = case(1)
    asked = ask(weights, np.arange(23, dtype=np.int32))
    seeds = Seeds(np.array([0, 1]), np.zeros(1, np.int32), np.array([INF], np.uint32), np.zeros(1, np.int32))
    assert (nearest_many(seeds, asked)[0] == INF).all()
    assert (nearest_many(seeds, asked, lanes="u16")[0] == INF).all()
    assert (k_nearest_costs(seeds, asked, 2)[1] == -1).all()


def test_sweeps__one_node_and_nobody():
    weights = eliminated(1, [], [0])
    asked = ask(weights, np.zeros(2, np.int32))
    cost, owner = nearest_many(Seeds.at(np.zeros(1, np.int32)), asked, owners=True)
    assert (cost.tolist(), owner.tolist()) == ([[0, 0]], [[0, 0]])
    nobody = Seeds.at(np.empty(0, np.int32))
    assert nearest_many(nobody, asked)[0].shape == (0, 2)
    assert k_nearest_costs(nobody, asked, 3)[0].shape == (0, 2, 3)
    assert list(rows_of(nobody, asked)) == []
    nowhere = ask(weights, np.empty(0, np.int32))
    assert nearest_many(Seeds.at(np.zeros(1, np.int32)), nowhere)[0].shape == (1, 0)


@pytest.mark.parametrize("lanes", ["u16", "u32"])
def test_rooms__used_again_tell_nothing_of_the_last_question(lanes):
    """Fields are never cleared: a second question over the same memory must not see the first one's rows."""
    weights, table, _, rng = case(7, n=30)
    nodes, rooms = np.arange(30, dtype=np.int32), Rooms()
    asked = ask(weights, nodes)
    for _ in range(3):
        seeds = random_seeds(rng, 30, 5, most=2)
        cost, _ = nearest_many(seeds, asked, lanes=lanes, rooms=rooms)
        assert cost.tolist() == least(expected(table, seeds, nodes, "to_facility"))


@pytest.mark.parametrize("threads", [2, 5])
def test_threads__change_nothing(threads):
    weights, _, _, rng = case(3, n=40)
    seeds = random_seeds(rng, 40, 70)
    asked = ask(weights, np.arange(40, dtype=np.int32))
    one, many = (nearest_many(seeds, asked, owners=True, threads=t) for t in (1, threads))
    assert all((a == b).all() for a, b in zip(one, many, strict=True))
    one, many = (k_nearest_costs(seeds, asked, 2, threads=t) for t in (1, threads))
    assert all((a == b).all() for a, b in zip(one, many, strict=True))
    for (a, b), (c, d) in zip(rows_of(seeds, asked), rows_of(seeds, asked, threads=threads), strict=True):
        assert (a == c).all()
        assert (b == d).all()


def test_refusals__tell_what_to_do():
    weights, _, seeds, _ = case(1)
    asked = ask(weights, np.arange(3, dtype=np.int32))
    with pytest.raises(InputError, match="u32"):
        nearest_many(seeds, asked, owners=True, lanes="u16")
    with pytest.raises(InputError, match="1 or more"):
        k_nearest_costs(seeds, asked, 0)


def test_far__fits_twice():
    assert [far_of(t) for t in (np.uint16, np.uint32, np.uint64)] == [FAR_16, FAR, FAR_64]
    assert FAR == INF
    assert 2 * FAR < 2**32
    assert 2 * FAR_64 < 2**64
    assert FAR_64 >> 32 == FAR
