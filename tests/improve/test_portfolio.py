"""Portfolios against every combination and schedule there is, each judged by the engine with all edits applied."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest

from lifezone.assess import Memory, assess
from lifezone.edits import apply_all
from lifezone.errors import InputError
from lifezone.improve import plan_portfolio
from lifezone.improve.portfolio import ask_portfolio
from lifezone.model import (
    Access,
    Demand,
    DesertTest,
    Districts,
    Facilities,
    Network,
    Requirement,
    Standard,
    World,
)
from lifezone.siting.portfolio_spec import Portfolio
from lifezone.sources.reading import Reading
from lifezone.standards import load_kinds
from tests.edits.worlds import CRS, X0, Y0, lon_lat

MEASURES = ("person_minutes", "lifted", "covered")


@cache
def valley() -> World:
    """Two roads along a river, joined in the west alone; five villages, and services on the western end."""
    x_m = X0 + np.array([0.0, 2000, 4000, 6000, 0.0, 2000, 4000, 6000])
    y_m = Y0 + np.array([0.0, 0, 0, 0, 1000, 1000, 1000, 1000])
    tail = np.array([0, 1, 2, 4, 5, 6, 0], np.int32)
    head = np.array([1, 2, 3, 5, 6, 7, 4], np.int32)
    metres = np.hypot(x_m[tail] - x_m[head], y_m[tail] - y_m[head])
    ways = ("residential", "secondary")
    way = np.array([1, 1, 1, 0, 0, 0, 1], np.int16)
    network = Network(
        x_m, y_m, np.zeros(8, bool), tail, head, metres,
        {"car": np.repeat(metres / 10, 2), "walk": np.repeat(metres, 2)}, way, ways, np.zeros(7, np.int32), ("",), CRS,
    )  # fmt: skip
    people = np.array([[300.0, 60], [120, 40], [90, 45], [200, 20], [80, 30], [60, 40]])
    demand = Demand(
        np.array(list("abcdef"), object), X0 + np.array([100.0, 2100, 5900, 3900, 5800, 2200]),
        Y0 + np.array([0.0, 0, 0, 1000, 1000, 1000]), people, ("total", "old"),
        np.array([0, 0, 1, 0, 1, 0], np.int32), np.zeros(6, bool),
    )  # fmt: skip
    ids = ["c1", "c2", "s1", "p1", "m1", "c3"]
    kinds = ("clinic", "retail", "elementary_school", "middle_school")
    empty = np.array([""] * 6, object)
    facilities = Facilities(
        np.array(ids, object), X0 + np.array([0.0, 2000, 0, 2000, 0, 6000]), Y0 + np.array([0.0, 1000, 0, 0, 0, 0]),
        np.array([0, 0, 1, 2, 3, 0], np.int32), kinds, empty, np.full(6, np.nan), np.full(6, np.nan),
        np.array([True, True, True, True, True, False]), empty,
    )  # fmt: skip
    units = Districts(("w", "e"), ("서면", "동면"), ("Seo-myeon", "Dong-myeon"))
    return World(network, demand, facilities, units, {mode: Access(500.0, 1.0) for mode in ("car", "walk")}, CRS)


def standard() -> Standard:
    """A clinic, a shop for the old, and both kinds of school; a desert has lost two of them, the clinic or the shop."""
    rules = (
        Requirement("clinic", ("clinic",), "car", 240.0),
        Requirement("shop", ("retail",), "car", 300.0, group="old"),
        Requirement("school", ("elementary_school", "middle_school"), "car", 360.0, match="all"),
    )
    functions = {"medical": ("clinic",), "shopping": ("shop",), "education": ("school",)}
    return Standard("scenario", rules, DesertTest(functions, 2, ("medical", "shopping")))


PROJECTS = [
    {"id": "east-clinic", "village": "동면", "cost": 40.0, "edits": [{"open": {"id": "c3"}}], "running": 2.0},
    {"id": "bridge", "village": "서면", "cost": [30.0, 30.0], "edits": [
        {"road": {"add": {"from": lon_lat(4000, 0), "to": lon_lat(4000, 1000), "way": "secondary"}}}]},
    {"id": "shop-bus", "village": ["동면", "서면"], "cost": 35.0, "edits": [
        {"mobile": {"kind": "retail", "id": "bus", "stops": [
            {"at": lon_lat(5900, 0), "days": ["Mo"]}, {"at": lon_lat(3900, 1000), "days": ["Tu"]}]}}]},
    {"id": "clinic-moves", "village": "서면", "cost": 20.0, "edits": [
        {"move": {"id": "c2", "to": lon_lat(4000, 1000)}}]},
    {"id": "faster", "village": "서면", "cost": 25.0, "earliest": 2028, "edits": [
        {"road": {"speed": {"way": "residential", "factor": 1.5}}}]},
    {"id": "hall", "village": "동면", "cost": 10.0},
    {"id": "school", "village": "동면", "cost": 30.0, "requires": "bridge", "edits": [
        {"open": {"kind": "middle_school", "at": lon_lat(4000, 500)}}]},
]  # fmt: skip
"""The school stands on the bridge's road: without the bridge it is half a kilometre from any."""


def spec(**more) -> Portfolio:
    """The question of these tests, changed."""
    written = {
        "method": "portfolio", "projects": PROJECTS, "budget": 130.0, "yearly": [60.0, 50.0, 50.0], "start": 2027,
        "years": 3, "horizon": 8, "cap": "20 min",
    }  # fmt: skip
    return Portfolio.model_validate({**written, **more}, strict=False)


ASKED = spec()
MEMORY = Memory()


@cache
def weighed(chosen: frozenset[int]) -> dict[str, float]:
    """Minutes, people in deserts and people beyond bounds with some projects, from the engine's verdicts alone."""
    order = sorted(chosen)  # the bridge stands before the school in the list too
    edits = [edit for p in order for edit in ASKED.projects[p].edits]
    after, _, faults = apply_all(valley(), edits)
    assert not faults
    found = assess(after, standard(), memory=MEMORY)
    minutes = beyond = desert = 0.0
    for rule in standard().requirements:
        people = after.demand.of(rule.group)
        verdict = found.verdicts[rule.id]
        for point in range(after.demand.n_points):
            minutes += people[point] * min(verdict.seconds[point], 1200.0) / 60.0
            beyond += 0.0 if verdict.met[point] else people[point]
    desert = float(after.demand.total[found.desert >= 0].sum())
    return {"person_minutes": minutes, "lifted": desert, "covered": beyond}


def worth(start, name: str, *, years: int = 3, horizon: int = 8, rate: float = 0.045) -> float:
    """The discounted value of a schedule, year by year."""
    total = 0.0
    costs = [project.by_year for project in ASKED.projects]
    for year in range(horizon):
        at_work = frozenset(p for p, s in enumerate(start) if s >= 0 and s + len(costs[p]) <= min(year, years))
        total += (weighed(frozenset())[name] - weighed(at_work)[name]) / (1 + rate) ** year
    return total


@cache
def schedules() -> tuple[tuple[int, ...], ...]:
    """Every schedule that keeps the rules."""
    return tuple(_schedules())


def _schedules():
    projects = ASKED.projects
    costs = [project.by_year for project in projects]
    for start in itertools.product(range(-1, 3), repeat=len(projects)):
        spent = [0.0] * 3
        fits = True
        for p, s in enumerate(start):
            if s < 0:
                continue
            fits &= s + len(costs[p]) <= 3 and not (projects[p].earliest == 2028 and s < 1)
            for year in range(s, 3):
                spent[year] += costs[p][year - s] if year - s < len(costs[p]) else projects[p].running
        fits &= sum(spent) <= 130 and spent[0] <= 60 and spent[0] + spent[1] <= 110
        fits &= start[6] < 0 or (start[1] >= 0 and start[1] + 2 <= start[6])
        if fits:
            yield start


def served(start) -> int:
    """Communities that a schedule serves."""
    return len({village for p, s in enumerate(start) if s >= 0 for village in ASKED.projects[p].village})


@pytest.mark.parametrize("first", MEASURES)
def test_portfolio__is_the_best_of_all_schedules_judged_by_the_engine(first) -> None:
    best = max(
        (round(worth(start, first), 6), served(start), sum(s >= 0 for s in start)) for start in schedules()
    )  # fmt: skip
    question = spec(objective=[first, "communities", "projects"])
    _, found = plan_portfolio(valley(), question, standard())
    assert found.plan.status == "optimal"
    goals = [goal.value for goal in found.portfolio.goals]
    assert goals == pytest.approx(best, rel=1e-6)
    assert all(claim.ok for claim in found.plan.audit)


def test_portfolio__the_other_way_round_serves_most_communities_first() -> None:
    best = max((served(start), sum(s >= 0 for s in start), round(worth(start, "person_minutes"), 6))
               for start in schedules())  # fmt: skip
    question = spec(objective=["communities", "projects", "person_minutes"])
    _, found = plan_portfolio(valley(), question, standard())
    assert [goal.value for goal in found.portfolio.goals] == pytest.approx(best, rel=1e-6)
    assert found.portfolio.communities == ("동면", "서면")


def test_portfolio__a_bridge_and_what_it_opens_are_worth_more_than_their_sum() -> None:
    problem = ask_portfolio(valley(), spec(), standard()).problem
    for name, measure in problem.measures.items():
        for size in range(4):
            for chosen in itertools.combinations(range(5), size):
                operating = np.isin(np.arange(7), chosen)
                truth = weighed(frozenset())[name] - weighed(frozenset(chosen))[name]
                assert float(measure.gains(operating)[0]) == pytest.approx(truth, abs=1e-6)
    gain = {p: weighed(frozenset())["person_minutes"] - weighed(frozenset(p))["person_minutes"]
            for p in ((1,), (0,), (0, 1), (3,), (1, 3))}  # fmt: skip
    assert gain[1, 3] > gain[1,] + gain[3,] + 1  # over the bridge the clinic that moves serves the other bank
    assert gain[0, 1] < gain[0,] + gain[1,] - 1  # the clinic in the east serves whom the bridge would bring nearer


def test_portfolio__what_no_measure_sees_is_not_measured_and_never_zero() -> None:
    _, found = plan_portfolio(valley(), spec(objective=["person_minutes", "communities", "projects"]), standard())
    hall = next(one for one in found.portfolio.projects if one.id == "hall")
    assert (hall.measured, dict(hall.alone), dict(hall.marginal)) == (False, {}, {})
    assert any("not measured" in note and "hall" in note for note in found.notes)
    seen = [one for one in found.portfolio.projects if one.measured]
    assert all(set(one.alone) == set(MEASURES) for one in seen)


def test_portfolio__opening_hours_alone_are_not_measured() -> None:
    longer = {"id": "longer", "village": "서면", "cost": 5.0, "edits": [{"hours": {"id": "c1", "hours": "Mo-Su"}}]}
    _, found = plan_portfolio(valley(), spec(projects=[longer]), standard())
    assert [(one.chosen, one.measured) for one in found.portfolio.projects] == [(True, False)]
    assert found.plan.objective == 0
    assert found.portfolio.goals[2].value == 1


def test_portfolio__alone_and_as_the_last_one_in_are_what_the_engine_says() -> None:
    _, found = plan_portfolio(valley(), spec(), standard())
    projects = found.portfolio.projects
    start = [-1 if one.start is None else one.start - 2027 for one in projects]
    for p, one in enumerate(projects):
        if not one.chosen or not one.measured or one.id in ("bridge", "school"):
            continue
        only = [s if q == p else -1 for q, s in enumerate(start)]
        without = [-1 if q == p else s for q, s in enumerate(start)]
        assert one.alone["person_minutes"] == pytest.approx(worth(only, "person_minutes"), rel=1e-9, abs=1e-6)
        lost = worth(start, "person_minutes") - worth(without, "person_minutes")
        assert one.marginal["person_minutes"] == pytest.approx(lost, rel=1e-9, abs=1e-6)


def test_portfolio__years_add_up_to_the_totals_and_to_the_money() -> None:
    after, found = plan_portfolio(valley(), spec(), standard())
    plan = found.portfolio
    assert [year.year for year in plan.years] == list(range(2027, 2035))
    for name, total in plan.totals.items():
        assert sum(year.discounted[name] for year in plan.years) == pytest.approx(total, rel=1e-9)
    chosen = [one for one in plan.projects if one.chosen]
    paid = sum(sum(one.costs) + one.running * (2030 - one.opens) for one in chosen)
    assert sum(year.spent for year in plan.years) == pytest.approx(paid)
    assert all(year.spent <= year.budget for year in plan.years[:3])
    opened = set(after.facilities.ids[after.facilities.open]) - set(valley().facilities.ids[valley().facilities.open])
    assert set(found.opened) == opened


def test_portfolio__running_costs_beside_the_budget_leave_more_of_it() -> None:
    tight = {"budget": 41.0, "yearly": None, "projects": PROJECTS[:1]}
    within = plan_portfolio(valley(), spec(**tight), standard())[1].portfolio
    beside = plan_portfolio(valley(), spec(**tight, running_costs="beside"), standard())[1].portfolio
    assert within.chosen[0].start == 2029  # 40 to build, and no year of 2 for running is left
    assert beside.chosen[0].start == 2027


def test_portfolio__money_that_is_not_carried_over_binds_each_year() -> None:
    yearly = {"budget": 100.0, "yearly": 38.0, "projects": [PROJECTS[0]]}
    carried = plan_portfolio(valley(), spec(**yearly), standard())[1].portfolio
    assert carried.chosen[0].start == 2028
    with pytest.raises(InputError, match="never enough for any project"):
        plan_portfolio(valley(), spec(**yearly, carry_over=False), standard())


def test_portfolio__people_who_move_are_counted_where_they_live_then() -> None:
    moving = {
        "id": "homes",
        "village": "서면",
        "cost": 50.0,
        "edits": [
            {"people": {"move": {"from": {"districts": ["동면"]}, "to": {"at": lon_lat(100, 0)}, "share": "50 %"}}}
        ],
    }
    question = spec(projects=[*PROJECTS[:4], moving], budget=200.0, yearly=None)
    _, found = plan_portfolio(valley(), question, standard())
    assert all(claim.ok for claim in found.plan.audit)
    homes = found.portfolio.projects[4]
    world, _, _ = apply_all(valley(), question.projects[4].edits)
    before, after = assess(valley(), standard()), assess(world, standard())
    here, there = (
        sum(float(demand.of(rule.group) @ np.minimum(judged.verdicts[rule.id].seconds, 1200)) / 60
            for rule in standard().requirements)
        for demand, judged in ((valley().demand, before), (world.demand, after))
    )  # fmt: skip
    first = (homes.opens or 2028) - 2027
    years = sum(1.045**-year for year in range(first, 8))
    assert homes.alone["person_minutes"] == pytest.approx((here - there) * years, rel=1e-9)


def test_portfolio__people_of_later_years_weigh_in_between(tmp_path) -> None:
    (tmp_path / "later.csv").write_text("code,all,old\nw,300,200\ne,340,230\n", encoding="utf-8")
    reading = Reading(tmp_path, CRS, kinds=load_kinds())
    table = {"path": "later.csv", "district": "code", "groups": {"total": "all", "old": "old"}}
    question = spec(people=[{"year": 2031, "project": table}], projects=PROJECTS[:1], yearly=None)
    _, found = plan_portfolio(valley(), question, standard(), reading=reading, memory=Memory())
    values = [year.values["person_minutes"] for year in found.portfolio.years]
    at_once, last = values[1], values[-1]
    assert values[4:] == [pytest.approx(last)] * 4  # 2031 and later
    assert values[2] == pytest.approx(at_once + (last - at_once) / 3)  # 2029 is a third of the way from 2028 to 2031
    assert last > at_once
    assert [entry["path"] for entry in reading.inputs] == ["later.csv"]


def test_portfolio__two_projects_that_change_one_facility_are_not_both_carried_out() -> None:
    both = [
        {"id": "a", "village": "서면", "cost": 5.0, "edits": [{"open": {"id": "c3"}}]},
        {"id": "b", "village": "동면", "cost": 5.0, "edits": [{"open": {"id": "c3"}}]},
    ]
    _, found = plan_portfolio(valley(), spec(projects=both), standard())
    assert len(found.portfolio.chosen) == 1
    assert any("a and b" in note for note in found.notes)


def test_portfolio__every_fault_of_the_projects_at_once() -> None:
    wrong = [
        {"id": "a", "village": "먼면", "cost": 5.0},
        {"id": "a", "village": "동면", "cost": [1.0, 1.0, 1.0]},
        {"id": "b", "village": "동면", "cost": 200_000_000.0, "requires": "c"},
        {"id": "c", "village": "동면", "cost": 5.0, "requires": "b", "excludes": "nobody"},
        {"id": "d", "village": "동면", "cost": 5.0, "earliest": 2031},
        {"id": "e", "village": "동면", "cost": 5.0, "edits": [{"people": {"scale": {"factor": 2.0}}}]},
    ]
    with pytest.raises(InputError) as caught:
        plan_portfolio(valley(), spec(projects=wrong, budget=1.0, must="z"), standard())
    told = str(caught.value)
    for words in (
        "unknown village '먼면'", "used twice", "longer than the 2 allowed", "above the largest", "in a circle",
        "'nobody', which is no project", "not finished by the end of 2029", "use people.move", "'z' is no project",
        "below the cost of every project",
    ):  # fmt: skip
        assert words in told
    assert "projects[0].village" in told


def test_portfolio__edits_that_do_not_fit_are_told_of_every_project() -> None:
    wrong = [
        {"id": "a", "village": "서면", "cost": 5.0, "edits": [{"open": {"id": "c9"}}]},
        {"id": "b", "village": "서면", "cost": 5.0, "edits": [
            {"hours": {"id": "c1", "hours": "Mo"}}, {"close": {"id": "c8"}}]},
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        plan_portfolio(valley(), spec(projects=wrong), standard())
    assert [fault.path[:4] for fault in caught.value.faults] == [
        ("projects", 0, "edits", 0), ("projects", 1, "edits", 1),
    ]  # fmt: skip


def test_portfolio__what_must_be_and_cannot_is_infeasible_and_says_why() -> None:
    _, found = plan_portfolio(valley(), spec(must=["bridge", "east-clinic", "shop-bus"]), standard())
    assert found.plan.status == "infeasible"
    assert "135 won" in found.plan.reasons[0]
    assert (found.opened, found.portfolio) == ((), None)


def test_portfolio__at_most_so_many_projects_of_one_community() -> None:
    _, found = plan_portfolio(valley(), spec(per_village=1, budget=1000.0, yearly=None), standard())
    of = [village for one in found.portfolio.chosen for village in one.villages]
    assert max(of.count(village) for village in set(of)) == 1


def test_portfolio__giving_up_a_share_buys_more_projects() -> None:
    asked = {"objective": ["person_minutes", "projects"], "budget": 90.0}
    strict = plan_portfolio(valley(), spec(**asked), standard())[1].portfolio
    loose = plan_portfolio(valley(), spec(**asked, give_up="40 %"), standard())[1].portfolio
    assert (strict.goals[1].value, loose.goals[1].value) == (3, 4)
    assert 0.6 * strict.goals[0].value <= loose.goals[0].value < strict.goals[0].value
    assert loose.goals[0].bound == pytest.approx(strict.goals[0].value)


def test_portfolio__nothing_is_given_up_for_nothing() -> None:
    asked = {"objective": ["lifted", "projects"], "budget": 90.0}
    strict = plan_portfolio(valley(), spec(**asked), standard())[1].portfolio
    loose = plan_portfolio(valley(), spec(**asked, give_up="40 %"), standard())[1].portfolio
    assert [goal.value for goal in loose.goals] == pytest.approx([goal.value for goal in strict.goals])
