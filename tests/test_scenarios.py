"""Every study in ``scenarios/`` runs as it stands, and answers what it says it asks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import shapely

from lifezone.model import Planned, Result
from lifezone.run import run, zones
from lifezone.standards import ChangeRow, compare, summarise

FOLDER = Path(__file__).parents[1] / "scenarios"
MONITORED = "monitoring"
"""A study for ``lifezone monitor``, which tests/monitor runs."""
STUDIES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
DIVIDED = ("towns-together", "urban-areas")
"""Studies for ``lifezone zones``: nobody is judged."""


@cache
def answer(study: str) -> Result:
    """One study's result; runs are shared by the tests of this file."""
    return run(FOLDER / f"{study}.yaml")


def change(study: str, variant: str, requirement: str, group: str = "total") -> ChangeRow:
    """The whole area's change of one requirement."""
    result = answer(study)
    world = next(one for one in result.variants if one.name == variant)
    rows = compare(result.baseline, world)
    return next(row for row in rows if (row.district, row.requirement, row.group) == ("all", requirement, group))


def test_scenarios__are_all_listed_in_their_readme() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [study for study in STUDIES if f"`{study}.yaml`" not in text] == []
    assert len(STUDIES) >= 5


@pytest.mark.parametrize("study", [study for study in STUDIES if study not in (*DIVIDED, MONITORED)])
def test_scenario__runs_and_judges(study: str) -> None:
    result = answer(study)
    rows = [row for row in summarise(result.baseline) if row.district == "all"]
    assert all(row.people == 30_000 for row in rows if row.group == "total")
    assert any(row.covered for row in rows)
    assert all(row.coverage_low <= row.coverage <= row.coverage_high for row in rows if row.coverage is not None)


def test_clinic_in_the_east__two_sites_help_more_than_either() -> None:
    gains = {
        variant: change("clinic-in-the-east", variant, "clinic_car").gain
        for variant in ("new-in-noeul", "reopened-in-saetbyeol", "both")
    }
    assert min(gains.values()) > 500
    assert gains["both"] > max(gains["new-in-noeul"], gains["reopened-in-saetbyeol"])
    assert gains["both"] <= gains["new-in-noeul"] + gains["reopened-in-saetbyeol"]


def test_school_closure__pushes_pupils_beyond_the_bound_and_nobody_gains() -> None:
    one = change("school-closure", "arae-closed", "primary_car", "age_7_12")
    two = change("school-closure", "arae-and-hoban-closed", "primary_car", "age_7_12")
    assert (one.gain, two.gain) == (0, 0)
    assert 0 < one.lose < two.lose


def test_library_moved__some_gain_some_lose_and_a_second_one_harms_nobody() -> None:
    moved = change("library-moved", "moved-across-the-river", "rural_library")
    second = change("library-moved", "second-one-across-the-river", "rural_library")
    assert moved.gain > 0
    assert moved.lose > 0
    assert second.lose == 0
    assert second.gain >= moved.gain


def test_new_bridge__closing_the_bridge_is_worse_than_a_new_one_is_good() -> None:
    assert change("new-bridge", "main-bridge-closed", "rural_culture").lose > 0
    for requirement in ("rural_culture", "rural_retail", "rural_school"):
        closed = change("new-bridge", "main-bridge-closed", requirement)
        opened = change("new-bridge", "new-bridge-in-the-south", requirement)
        faster = change("new-bridge", "faster-local-roads", requirement)
        assert closed.gain == 0
        assert closed.minutes is not None
        assert closed.minutes > 0
        assert (opened.lose, faster.lose) == (0, 0)
        assert faster.minutes is not None
        assert faster.minutes < 0


def test_two_standards__judge_the_same_people_differently() -> None:
    rows = {row.requirement: row for row in summarise(answer("two-standards").baseline) if row.district == "all"}
    walking, driving = rows["auri_clinic"], rows["rural_clinic"]
    assert walking.coverage is not None
    assert driving.coverage is not None
    assert walking.coverage < driving.coverage


def test_bus_clinic__more_visits_asked_for_reach_fewer_people() -> None:
    weekly, twice = (change("bus-clinic", f"bus-{often}-a-week", "clinic_car") for often in ("once", "twice"))
    assert weekly.gain > twice.gain > 0
    assert (weekly.lose, twice.lose) == (0, 0)
    result = answer("bus-clinic")
    told = {variant.name: variant.edits[0] for variant in result.variants[1:]}
    assert "2 of 3 stops" in told["bus-once-a-week"]
    assert "1 of 3 stops" in told["bus-twice-a-week"]
    assert change("bus-clinic", "two-practices", "clinic_car").gain > twice.gain
    assert "tables/new_clinics.csv" in [entry["path"] for entry in result.provenance.inputs]


def test_flood_and_snow__a_flood_cuts_off_and_snow_slows_everybody() -> None:
    flood, snow = (change("flood-and-snow", name, "school_car", "age_7_12") for name in ("flood-at-the-bridge", "snow"))
    assert (flood.gain, snow.gain) == (0, 0)
    assert snow.minutes > 1
    assert snow.lose > flood.lose >= 0


def test_county_in_2035__people_change_and_not_their_access() -> None:
    row = change("county-in-2035", "people-of-2035", "clinic")
    assert (row.people, row.people_after) == (30_000, pytest.approx(24_890))
    assert (row.gain, row.lose, row.minutes) == (0, 0, 0)
    moved = change("county-in-2035", "a-third-moves-to-town", "clinic")
    assert moved.people_after == pytest.approx(30_000)
    assert moved.coverage_after > moved.coverage_before
    ruled = change("county-in-2035", "rural-standard", "clinic")
    assert ruled.gain > 0  # 60 minutes in place of 15


def plan_of(study: str, variant: str) -> Planned:
    """The plan of one variant."""
    found = next(one for one in answer(study).variants if one.name == variant).planned
    assert found is not None
    assert all(claim.ok for claim in found.plan.audit)
    return found


def test_clinic_siting__two_public_sites_are_proved_best_and_looked_at_in_later_years() -> None:
    covered, travel = (plan_of("clinic-siting", name) for name in ("most-covered", "least-travel"))
    for found in (covered, travel):
        assert len(found.opened) == 2
        assert all(one.startswith("land-") for one in found.opened)
        assert found.plan.status == "optimal"
        assert [one.year for one in found.later] == [2035, 2045]
        assert all(one.use is not None and len(one.use) == len(found.sites) for one in found.later)
    within = {found: sum(use.within or 0.0 for use in found.sites) for found in (covered, travel)}
    assert within[covered] == covered.plan.objective
    assert within[covered] >= within[travel]
    assert change("clinic-siting", "most-covered", "clinic_car").gain > 4_000
    assert change("clinic-siting", "most-covered", "clinic_car").lose == 0


def test_school_merger__keeps_seats_sizes_and_the_neighbours_schools() -> None:
    found = plan_of("school-merger", "three-merged")
    world = answer("school-merger").baseline.world
    assert world.area is not None
    supply = world.facilities
    capacity = dict(zip(supply.ids.tolist(), supply.capacity.tolist(), strict=True))
    is_inside = shapely.intersects_xy(world.area, supply.x_m, supply.y_m)
    inside = dict(zip(supply.ids.tolist(), is_inside.tolist(), strict=True))
    assert found.closed
    assert all(inside[one] for one in (*found.closed, *plan_of("school-merger", "three-nearest").closed))
    assert "elementary_school-01" not in found.closed
    for use in found.sites:
        assert use.people <= capacity[use.id] + 1e-3
        assert use.state == "closed" or not inside[use.id] or use.people >= 15 - 1e-3
    (extra,) = found.extra
    moved = sum(use.people_before for use in found.sites if use.state == "closed")
    assert extra.people == pytest.approx(moved)
    assert change("school-merger", "three-nearest", "primary_car", "age_7_12").gain == 0


def test_cost_and_time__every_point_costs_more_and_is_better_than_the_one_before() -> None:
    for variant in ("cost-and-mean-time", "cost-and-beyond"):
        found = plan_of("cost-and-time", variant)
        assert found.plan.whole
        assert (found.opened, found.closed) in found.front_sites
        cost, other = ([point.goals[at].value for point in found.plan.front] for at in (0, 1))
        assert len(cost) > 3
        assert cost == sorted(set(cost))
        assert other == sorted(set(other), reverse=True)


def test_urban_areas__every_method_finds_the_city_and_modelled_flows_say_so() -> None:
    zoning = zones(FOLDER / "urban-areas.yaml").variants[0].zoning
    assert zoning.flows is not None
    city = zoning.flows.districts.ids.index("H01")
    assert len(zoning.urban) == 8
    for found in zoning.urban:
        assert found.role[city] == "centre"
        assert bool(found.modelled) == (found.id == "modelled")
    assert {change.purpose for change in zoning.flow_changes} == {"commuting", "schooling"}


def test_urban_areas__small_towns_depend_on_the_city_and_it_alone_is_a_growth_centre() -> None:
    zoning = zones(FOLDER / "urban-areas.yaml").variants[0].zoning
    assert zoning.towns is not None
    assert zoning.city_classes is not None
    names = zoning.towns.districts.ids
    both = next(one for one in zoning.ties if (one.purpose, one.year) == ("commuting+schooling", "2020"))
    saebeol = next(one for one in both.ties if {names[one.a], names[one.b]} == {"H01", "H02"})
    assert (saebeol.name, names[saebeol.depends]) == ("dependent", "H02")
    classes = dict(zip(names, (one.name for one in zoning.city_classes.classes), strict=True))
    assert [town for town, name in classes.items() if name == "growth_centre"] == ["H01"]


def test_towns_together__share_what_none_could_keep_alone() -> None:
    zoning = zones(FOLDER / "towns-together.yaml").variants[0].zoning
    assert zoning.alliances is not None
    best = zoning.alliances.partitions[0]
    assert best.proved
    assert best.value == pytest.approx(sum(one.value for one in best.alliances))
    members = [town for one in best.alliances for town in one.members]
    assert len(members) == len(set(members))
    for one in best.alliances:
        assert 3000 <= one.people <= 9000
        for shared in one.shared:
            if shared.way == "joint":
                assert sum(shared.use) >= shared.need > max(shared.use)
    assert all(best.value >= other.value for other in zoning.alliances.partitions)
    assert zoning.compact is not None
    assert zoning.compact.walkable is not None
    assert zoning.compact.walkable.all_now <= zoning.compact.walkable.all_gathered
