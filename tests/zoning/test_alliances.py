"""Alliances: the worked example of D12, and every small map by hand and by enumeration."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from lifezone.zoning.groups import Limits, broken_limits, list_groups
from lifezone.zoning.joint import JointKind, OpenedKind, opened_kind, value_groups
from lifezone.zoning.partition import best_division, columns_of, without_each

LINE = [np.array(at, np.int32) for at in ([1], [0, 2], [1, 3], [2])]
PEOPLE = np.array([150_000.0, 90_000.0, 60_000.0, 120_000.0])
BIRTHS = np.array([280.0, 200.0, 120.0, 250.0])
NEAR = np.zeros((4, 4))


def all_groups(neighbours, people, apart, limits):
    """Every admissible group by trying all subsets."""
    return {
        one
        for size in range(limits.least, limits.most + 1)
        for one in combinations(range(len(people)), size)
        if not broken_limits(one, neighbours, people, apart, limits)
    }


def listed(groups):
    return [tuple(row) for table in groups.members for row in table.tolist()]


def best_by_trying(values, people, target):
    """Best (value, nearness) over all divisions, by recursion over the first free municipality."""

    def go(left):
        if not left:
            return 0.0, 0.0
        first = min(left)
        rest = go(left - {first})
        best = rest[0], rest[1] - abs(people[first] - target)
        for one, value in values.items():
            if first == min(one) and set(one) <= left and value > 0:
                more = go(left - set(one))
                best = max(best, (more[0] + value, more[1] - abs(sum(people[list(one)]) - target)))
        return best

    return go(frozenset(range(len(people))))


def example_values(low):
    """The line A-B-C-D of D12 with gains as given there."""
    limits = Limits(low=low)
    groups = list_groups(LINE, PEOPLE, NEAR, limits)
    given = {(0, 1): 70.0, (0, 1, 2): 110.0, (1, 2, 3): 95.0, (2, 3): 55.0, (1, 2): 40.0}
    return groups, [np.array([given[tuple(row)] for row in table.tolist()]) for table in groups.members]


def test_example_of_d12__three_groups_are_admissible():
    groups = list_groups(LINE, PEOPLE, NEAR, Limits())
    assert listed(groups) == [(0, 1), (0, 1, 2), (1, 2, 3)]
    # C alone with D, or with B, is too small; all four are 420,000
    assert groups.refused[2]["too few people"] >= 2
    assert groups.refused[0]["too many people"] == 1


@pytest.mark.parametrize(
    ("low", "alliances", "value"), [(200_000.0, ((0, 1, 2),), 110.0), (150_000.0, ((0, 1), (2, 3)), 125.0)]
)
def test_example_of_d12__best_division(low, alliances, value):
    groups, values = example_values(low)
    found = best_division(columns_of(groups.members, values, PEOPLE, 300_000.0))
    assert found is not None
    assert found.alliances == alliances
    assert (found.value, found.bound, found.proved) == (value, value, True)


def test_example_of_d12__only_kinds_that_nobody_could_keep_alone_count():
    reach = np.array([[10.0, 0, 0, 0], [40.0, 60.0, 5, 0], [0, 30.0, 50.0, 9.0], [0, 0, 20.0, 80.0]])
    births = JointKind("obstetrics", 1.0, 300.0, BIRTHS, reach, np.arange(4, dtype=np.int32))
    pair = value_groups(np.array([[0, 1], [2, 3]], np.int32), [births], [])
    assert pair.value.tolist() == [60.0, 89.0]  # a site in B reaches 0 + 60, one in A 10 + 40; one in D 9 + 80
    assert pair.site[:, 0].tolist() == [1, 3]
    assert pair.gain.tolist() == [[0.0, 60.0], [9.0, 80.0]]
    alone = JointKind("obstetrics", 1.0, 270.0, BIRTHS, reach, np.arange(4, dtype=np.int32))
    assert value_groups(np.array([[0, 1], [2, 3]], np.int32), [alone], []).value.tolist() == [0.0, 89.0]
    few = JointKind("obstetrics", 1.0, 500.0, BIRTHS, reach, np.arange(4, dtype=np.int32))
    assert value_groups(np.array([[0, 1], [2, 3]], np.int32), [few], []).value.tolist() == [0.0, 0.0]


def random_map(rng, n):
    """A random map: who borders whom, people, costs between centres, gains."""
    tie = np.triu(rng.random((n, n)) < 0.45, 1)
    neighbours = [np.flatnonzero(tie[a] | tie[:, a]).astype(np.int32) for a in range(n)]
    people = rng.integers(20, 220, n) * 1000.0
    apart = np.triu(rng.integers(600, 5400, (n, n)), 1).astype(float)
    return neighbours, people, apart + apart.T


@pytest.mark.parametrize("seed", range(40))
def test_groups_and_division__equal_trying_everything(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 9))
    neighbours, people, apart = random_map(rng, n)
    limits = Limits(most=int(rng.integers(2, 6)), low=150_000.0, high=float(rng.integers(250, 500)) * 1000)
    groups = list_groups(neighbours, people, apart, limits)
    assert set(listed(groups)) == all_groups(neighbours, people, apart, limits)
    assert len(set(listed(groups))) == groups.n_groups
    values = [rng.integers(0, 6, len(table)).astype(float) for table in groups.members]
    columns = columns_of(groups.members, values, people, limits.target)
    found = best_division(columns)
    by_group = {tuple(row): v for table, worth in zip(groups.members, values, strict=True)
                for row, v in zip(table.tolist(), worth.tolist(), strict=True)}  # fmt: skip
    value, nearness = best_by_trying(by_group, people, limits.target)
    assert found is not None
    assert found.proved
    assert found.value == value == sum(by_group[one] for one in found.alliances)
    members = [m for one in found.alliances for m in one]
    assert len(members) == len(set(members))
    alone = set(range(n)) - set(members)
    parts = [people[list(one)].sum() for one in found.alliances] + [people[m] for m in alone]
    assert -sum(abs(total - limits.target) for total in parts) == pytest.approx(nearness)


@pytest.mark.parametrize("seed", range(15))
def test_next_divisions__come_in_order_and_are_all_different(seed):
    rng = np.random.default_rng(seed + 100)
    neighbours, people, apart = random_map(rng, 6)
    groups = list_groups(neighbours, people, apart, Limits(low=100_000.0))
    values = [rng.integers(1, 9, len(table)).astype(float) for table in groups.members]
    columns = columns_of(groups.members, values, people, 300_000.0)
    worth = dict(zip(columns.groups, columns.value.tolist(), strict=True))
    every = [0.0]

    def go(at, used, total):
        for place in range(at, len(columns.groups)):
            one = columns.groups[place]
            if not used & set(one):
                every.append(total + worth[one])
                go(place + 1, used | set(one), total + worth[one])

    go(0, set(), 0.0)
    told = []
    for expected in sorted(every, reverse=True)[:5]:
        found = best_division(columns, told=told)
        assert found is not None
        assert found.value == expected
        assert found.alliances not in [one.alliances for one in told]
        told.append(found)


def test_next_divisions__end_when_there_is_no_other():
    groups, values = example_values(200_000.0)
    columns = columns_of(groups.members, values, PEOPLE, 300_000.0)
    told = []
    while (found := best_division(columns, told=told)) is not None:
        told.append(found)
    assert [one.value for one in told] == [110.0, 95.0, 70.0, 0.0]


def test_without_an_alliance__its_members_do_the_next_best():
    groups, values = example_values(200_000.0)
    columns = columns_of(groups.members, values, PEOPLE, 300_000.0)
    best = best_division(columns)
    assert best is not None
    other = without_each(columns, best)[0, 1, 2]
    assert (other.alliances, other.value) == (((1, 2, 3),), 95.0)


def test_opened_doors__count_only_people_whom_their_own_do_not_reach():
    # points: two of A (one reached by A itself), one of B reached by A and C, one outside the map
    district = np.array([0, 0, 1, -1])
    people = np.array([10.0, 7.0, 5.0, 99.0])
    reached = np.array([[True, True, False], [False, True, True], [True, False, True], [True, True, True]])
    door = opened_kind("library", 2.0, district, people, reached, 3)
    assert sorted(door.people.tolist()) == [5.0, 7.0]
    valued = value_groups(np.array([[0, 1], [0, 2], [1, 2]], np.int32), [], [door])
    assert valued.people[:, 0].tolist() == [12.0, 7.0, 5.0]
    assert valued.gain.tolist() == [[14.0, 10.0], [14.0, 0.0], [10.0, 0.0]]


@pytest.mark.parametrize("seed", range(20))
def test_gains__equal_the_sum_over_points(seed):
    """Joint sites and opened doors by loops over the definition."""
    rng = np.random.default_rng(seed)
    m, p, s = 6, 40, 9
    district, people = rng.integers(-1, m, p), rng.integers(0, 50, p).astype(float)
    home = rng.integers(0, m, s).astype(np.int32)
    at_site, reached = rng.random((p, s)) < 0.3, rng.random((p, m)) < 0.3
    today = rng.random(p) < 0.4
    newly = np.zeros((m, s))
    for one in range(m):
        here = (district == one) & ~today
        newly[one] = people[here] @ at_site[here]
    use = rng.integers(50, 250, m).astype(float)
    joint = JointKind("obstetrics", 1.5, 300.0, use, newly, home)
    door: OpenedKind = opened_kind("library", 0.5, district, people, reached, m)
    for size in (2, 3, 4):
        members = np.array(list(combinations(range(m), size)), np.int32)
        valued = value_groups(members, [joint], [door])
        for at, group in enumerate(members.tolist()):
            own = use[group]
            shared = 0.0
            if own.sum() >= 300 and (own < 300).all():
                in_group = np.isin(district, group) & ~today
                reach = [float(people[in_group & at_site[:, one]].sum()) for one in range(s) if home[one] in group]
                shared = max(reach, default=0.0)
            doors = sum(
                float(people[i]) for i in range(p)
                if district[i] in group and not reached[i, district[i]] and reached[i, group].any()
            )  # fmt: skip
            assert valued.value[at] == pytest.approx(1.5 * shared + 0.5 * doors)
            assert valued.gain[at].sum() == pytest.approx(valued.value[at])


def test_a_municipality_that_nobody_borders__is_in_no_group():
    groups = list_groups([np.empty(0, np.int32)] * 3, np.array([1e5, 1e5, 1e5]), np.zeros((3, 3)), Limits())
    assert groups.n_groups == 0
    found = best_division(columns_of(groups.members, [np.empty(0)] * 4, np.array([1e5] * 3), 3e5))
    assert found is not None
    assert (found.alliances, found.value, found.bound, found.proved) == ((), 0.0, 0.0, True)
    assert broken_limits((0, 1), [np.empty(0, np.int32)] * 3, np.array([1e5] * 3), np.zeros((3, 3)), Limits()) == (
        "not connected",
    )
