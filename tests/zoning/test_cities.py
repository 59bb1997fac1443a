"""City classes by rule and by likeness, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from lifezone.zoning.cities import Cities, Cuts, classify, yearly_change
from lifezone.zoning.clusters import cluster, silhouettes

# people, people ten years before, jobs in manufacturing, services, farming
TABLE = np.array(
    [
        [650_000, 640_000, 40_000, 200_000, 10_000],  # a growing centre
        [410_000, 405_000, 110_000, 70_000, 5_000],  # industry: 59 % of jobs
        [270_000, 300_000, 20_000, 80_000, 10_000],  # large enough, but loses 1.05 % a year
        [90_000, 100_000, 4_000, 20_000, 12_000],
        [30_000, 36_000, 9_000, 4_000, 3_000],  # industry, but too small to be a city
        [204_000, 204_000, 5_000, 60_000, 5_000],  # within 5 % of the people of a growth centre
        [np.nan, 50_000, 1_000, 1_000, 1_000],
    ]
)


def cities(rows=TABLE):
    return Cities(
        rows[:, 0], yearly_change(rows[:, 0], rows[:, 1], 10.0), rows[:, 2:], ("manufacturing", "services", "farming"),
        np.array([True, False, False]),
    )  # fmt: skip


def test_classes__follow_the_stated_cuts():
    found = classify(cities())
    assert [one.name for one in found] == [
        "growth_centre", "industrial", "small", "small", "small", "growth_centre", "not_classified",
    ]  # fmt: skip
    assert [one.scale for one in found] == ["large", "medium", "medium", "small", "small", "medium", "unknown"]
    assert [one.trend for one in found][:4] == ["stable", "stable", "shrinking", "shrinking"]
    assert [name for name, *_ in found[1].reasons] == ["industrial_lq", "industrial_share"]
    assert found[2].reasons[1][0] == "growth_change"
    assert found[5].close == ("growth_people",)
    assert found[0].close == found[3].close == ()


def test_location_quotient__by_hand():
    one = cities()
    all_jobs, made = TABLE[:, 2:].sum(), TABLE[:, 2].sum()
    assert one.quotient[1] == pytest.approx((110_000 / 185_000) / (made / all_jobs))
    assert one.quotients[1, 0] == pytest.approx(one.quotient[1])
    # the mean of quotients weighted by jobs is 1 for every sector
    weight = TABLE[:, 2:].sum(axis=1)
    assert weight @ one.quotients / weight.sum() == pytest.approx(np.ones(3))


def test_diversity__is_one_for_equal_shares_and_zero_for_one_sector():
    jobs = np.array([[5.0, 5.0, 5.0], [9.0, 0.0, 0.0], [1.0, 1.0, 0.0], [np.nan, 1.0, 1.0]])
    found = Cities(np.ones(4), np.zeros(4), jobs, ("a", "b", "c"), np.array([True, False, False])).diversity
    assert found[:3] == pytest.approx([1.0, 0.0, np.log(2) / np.log(3)])
    assert np.isnan(found[3])


def test_yearly_change__compounds():
    assert yearly_change(np.array([121.0, 50.0, 10.0]), np.array([100.0, np.nan, 0.0]), 2.0) == pytest.approx(
        [0.1, np.nan, np.nan], nan_ok=True
    )


def test_unknown_jobs_and_change__leave_what_can_be_told():
    rows = TABLE[:2].copy()
    rows[0, 1], rows[1, 2] = np.nan, np.nan
    found = classify(cities(rows))
    assert found[0].name == "not_classified"  # large enough, but whether it grows is not known
    assert found[1].name == "not_classified"  # large enough to be industrial, but its jobs are not known
    assert found[1].reasons[0][0] == "industrial_share"


def test_cuts_can_be_changed():
    assert (
        classify(cities(), Cuts(growth_people=20_000, growth_change=-0.2, industrial_lq=99, industrial_share=1.0))[
            4
        ].name
        == "growth_centre"
    )


def two_clouds(n=12):
    rng = np.random.default_rng(5)
    left = rng.normal([0, 0], 0.3, (n, 2))
    right = rng.normal([10, 5], 0.3, (n - 3, 2))
    return np.vstack([left, right])


def test_two_clouds__are_found_and_stable():
    found = cluster(two_clouds())
    assert found.label.tolist() == [0] * 12 + [1] * 9
    assert max(found.tried, key=found.tried.__getitem__) == 2
    assert (found.stability > 0.99).all()
    assert found.silhouette.min() > 0.8
    assert found.centre[1] == pytest.approx(two_clouds()[12:].mean(axis=0))


def test_noise__is_told_to_be_unstable():
    found = cluster(np.random.default_rng(3).random((25, 3)), groups=5)
    assert found.stability.mean() < 0.75


def test_order_of_cities__changes_nothing_but_the_order():
    figures = two_clouds()
    order = np.random.default_rng(0).permutation(len(figures))
    assert cluster(figures[order], samples=5).label.tolist() == cluster(figures, samples=5).label[order].tolist()


def test_cities_alone__count_nothing_for_the_number_of_groups():
    # two twins far from three strangers: leaving the strangers alone would look perfect if only the twins counted
    figures = np.array([[0.0, 0.0], [0.1, 0.0], [6.0, 0.0], [0.0, 7.0], [8.0, 9.0]])
    found = cluster(figures)
    for number, width in found.tried.items():
        assert width <= 1 - sum(np.bincount(cluster(figures, groups=number).label) == 1) / 5
    assert len(set(found.label.tolist())) == max(found.tried, key=lambda one: (found.tried[one], -one))


def test_nearly_as_many_groups_as_cities__say_nothing_of_stability():
    figures = np.array([[0.0, 0.0], [0.1, 0.0], [6.0, 0.0], [0.0, 7.0], [8.0, 9.0]])
    assert np.isnan(cluster(figures, groups=4).stability).all()


def test_silhouette__by_hand():
    points = np.array([[0.0], [1.0], [5.0], [7.0]])
    width = silhouettes(points, np.array([0, 0, 1, 1], np.int32))
    assert width == pytest.approx([(6 - 1) / 6, (5 - 1) / 5, (4.5 - 2) / 4.5, (6.5 - 2) / 6.5])


@pytest.mark.parametrize("figures", [np.empty((0, 2)), np.ones((5, 2)), np.array([[1.0, np.nan]]), np.eye(2)])
def test_too_little_to_tell_apart__is_one_group(figures):
    found = cluster(figures)
    assert set(found.label.tolist()) <= {0, -1}
    assert np.isnan(found.stability).all()
