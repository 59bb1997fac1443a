"""Published optima: the San Francisco stores and the OR-Library p-medians; all twenty are in the benchmark."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks import pmed as pmeds
from benchmarks.pmed import pmed
from lifezone.siting import FREE, Pairs, Problem, solve

pytestmark = pytest.mark.shared

MEDIANS = (1, 2, 3, 4, 5, 9, 13, 18, 19)
CENTERS = (1, 2, 3, 4, 5, 10, 15)


@pytest.fixture(scope="module")
def stores(shared):
    folder = shared / "verification" / "spopt_sf"
    pairs = pd.read_csv(folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv")
    people = pd.read_csv(folder / "SF_demand_205_centroid_uniform_weight.csv")
    sites = pd.read_csv(folder / "SF_store_site_16_longlat.csv")
    tract = {f"{name:.2f}": i for i, name in enumerate(people["NAME"])}
    site = {name: i for i, name in enumerate(sites["NAME"])}
    table = Pairs.of(
        pairs["DestinationName"].map(lambda name: tract[f"{name:.2f}"]).to_numpy(np.int32),
        pairs["name"].map(site).to_numpy(np.int32),
        pairs["distance"].to_numpy(float),
        205,
        16,
    )
    n_people = people["POP2000"].to_numpy(float)
    names = [name.removeprefix("Store_") for name in sites["NAME"]]
    fixed = np.full(16, FREE, np.int8)
    return Problem(table, n_people, np.zeros(16, np.bool_), fixed, bound=5000.0, unit="metres", site_names=names)


@pytest.mark.parametrize(
    ("p", "covered", "cover_sites", "travel", "median_sites", "worst", "center_sites"),
    [
        (1, 448255, "16", 5731159103.6753, "13", 11577.278996, "12"),
        (2, 671938, "12 16", 4009098972.1349, "12 15", 9130.758741, "11 13"),
        (3, 791499, "2 12 15", 3385565397.5315, "5 11 15", 7529.985950, "3 5 11"),
        (4, 875247, "2 11 12 15", 2848268129.7145, "2 11 12 15", 7403.063811, "7 11 13 15"),
    ],
)
def test_san_francisco__equals_exhaustive_search(
    stores, p, covered, cover_sites, travel, median_sites, worst, center_sites
):
    question = replace(stores, choose=p)

    def chosen(plan):
        return " ".join(stores.site_names[j] for j in plan.opened)

    cover = solve(question, "max_cover")
    assert (cover.objective, chosen(cover), cover.status) == (covered, cover_sites, "optimal")
    median = solve(question, "p_median")
    assert median.objective == pytest.approx(travel, abs=1e-3)
    assert (chosen(median), median.status) == (median_sites, "optimal")
    center = solve(question, "p_center")
    assert center.objective == pytest.approx(worst, abs=1e-5)
    assert center.status == "optimal"
    assert p in (3, 4) or chosen(center) == center_sites


def test_san_francisco__everybody_within_5_km_takes_eight_stores(stores):
    assert len(solve(stores, "set_cover").opened) == 8


def test_san_francisco__at_most_145_tracts_have_a_second_store(stores):
    """One tract has a single possible store: it cannot be backed up, whatever stands."""
    assert solve(replace(stores, people=np.ones(205)), "backup_cover").objective == 145


@pytest.mark.parametrize("number", MEDIANS)
def test_or_library__p_medians_are_proved(shared, number):
    plan = solve(pmed(shared / "verification" / "pmed", number), "p_median")
    known = pmeds.MEDIANS[number - 1]
    assert (plan.objective, plan.bound, plan.status) == (known, known, "optimal")


@pytest.mark.parametrize("number", CENTERS)
def test_or_library__p_centers_are_proved(shared, number):
    plan = solve(pmed(shared / "verification" / "pmed", number), "p_center")
    assert (plan.objective, plan.status) == (pmeds.CENTERS[number - 1], "optimal")
