"""From a ``siting:`` block to the numbers that solvers read, and every fault of it at once."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from typer.testing import CliRunner

from lifezone.cli import app
from lifezone.errors import ScenarioError
from lifezone.improve import ask
from lifezone.run import plans, variants_of
from lifezone.scenario import build, load

MINUTES = {  # point → place → minutes
    "a": {"s1": 4, "p1": 9, "p2": 20, "p3": 26},
    "b": {"s1": 9, "p1": 3, "p2": 11, "p3": 22},
    "c": {"s1": 18, "p1": 12, "p2": 2, "p3": 9},
    "d": {"s1": 27, "p1": 21, "p2": 10, "p3": 3},
}
PEOPLE = {"a": (50, 10), "b": (30, 20), "c": (40, 5), "d": (20, 15)}
LAND = """{type: places, path: land.csv, id: id, place: place, x: x, y: y, public: owner, cost: won}"""
HEAD = """name: q
demand: {type: table, path: people.csv, id: id, x: x, y: y, groups: {total: total, old: old}}
facilities:
  - {type: table, path: sites.csv, kind: clinic, id: id, place: place, x: x, y: y}
  - {type: table, path: shops.csv, kind: pharmacy, id: id, place: place, x: x, y: y}
times: {type: table, path: times.csv, from: point, to: place, minutes: minutes}
variants:
"""


@pytest.fixture
def study(tmp_path):
    """Write four points in a row, a clinic and a pharmacy at the first, three pieces of land."""
    places = {"s1": 0, "p1": 1, "p2": 2, "p3": 3}
    at = {one: f"{127 + n * 0.01:.2f},36.5" for one, n in places.items()}
    people = [f"{one},{127 + n * 0.01:.2f},36.5,{PEOPLE[one][0]},{PEOPLE[one][1]}" for n, one in enumerate(PEOPLE)]
    times = [f"{one},{place},{minutes}" for one, row in MINUTES.items() for place, minutes in row.items()]
    land = [
        f"L{n},p{n},{at[f'p{n}']},{owner},{won}" for n, owner, won in ((1, "사유", 300), (2, "국유", 500), (3, "", 200))
    ]
    for name, head, rows in (
        ("people", "id,x,y,total,old", people), ("times", "point,place,minutes", times),
        ("land", "id,place,x,y,owner,won", land), ("sites", "id,place,x,y", [f"C,s1,{at['s1']}"]),
        ("shops", "id,place,x,y", [f"P,s1,{at['s1']}"]),
    ):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")

    def write(*sitings):
        blocks = [f"  - name: v{n}\n    siting: {{{text}}}\n" for n, text in enumerate(sitings)]
        (tmp_path / "q.yaml").write_text(HEAD + "".join(blocks), encoding="utf-8")
        return tmp_path / "q.yaml"

    return write


def asked(path):
    """Return the question of the first variant."""
    built = build(load(path, part="siting"))
    one = variants_of(built)[1]
    return ask(one.world, built.scenario.spec.variants[0].siting, one.standard, reading=built.reading)


def faults_of(path):
    with pytest.raises(ScenarioError) as told:
        plans(path)
    return [str(fault) for fault in told.value.faults]


def test_kinds__rows_are_points_by_kind_and_sites_are_places_by_kind(study):
    problem = asked(study(
        f"kinds: [clinic, pharmacy], method: max_cover, choose: {{clinic: 1, pharmacy: 2}}, candidates: {LAND}, "
        "bound: {clinic: 10 min, pharmacy: 5 min}"
    )).problem  # fmt: skip
    assert (problem.n_rows, problem.n_sites) == (8, 8)
    assert problem.kinds == ("clinic", "pharmacy")
    assert problem.point.tolist() == [0, 1, 2, 3] * 2
    assert problem.need.tolist() == [0] * 4 + [1] * 4
    assert problem.choose_each == (1, 2)
    assert problem.bounds.tolist() == [600.0] * 4 + [300.0] * 4
    assert (problem.kind[problem.pairs.site] == problem.need[problem.pairs.row]).all()
    assert sorted(problem.pairs.cost[problem.pairs.first[0] : problem.pairs.first[1]].tolist()) == [
        240,
        540,
        1200,
        1560,
    ]


def test_sites__what_stands_comes_first_then_public_land(study):
    question = asked(study(f"kind: clinic, method: p_median, choose: 1, candidates: {LAND}"))
    assert question.problem.site_names == ["C", "L2", "L1", "L3"]
    assert question.problem.rank.tolist() == [0, 0, 1, 1]


def test_rules__become_quotas_districts_and_longest_trips(study):
    problem = asked(study(
        f"kind: clinic, method: p_median, choose: 1, candidates: {LAND}, existing: movable, bound: 10 min, "
        "cover: {old: 60 %}, district_cover: today, keep_covered: true, most_extra: 4 min"
    )).problem  # fmt: skip
    assert problem.quotas[0].people.tolist() == [10, 20, 5, 15]
    assert problem.quotas[0].least == pytest.approx(0.6 * 50)
    assert problem.least_cover.sum() == 50 + 30  # a and b are within ten minutes of the clinic today
    assert problem.must_reach.tolist() == [480.0, 600.0, 18 * 60 + 240.0, 27 * 60 + 240.0]


def test_money__the_saving_counts_for_whoever_shares_a_building(study):
    path = study(f"kinds: [clinic, pharmacy], method: max_cover, candidates: {LAND}, bound: 5 min, budget: 800, "
                 "together: {share: 20 %}")  # fmt: skip
    problem = asked(path).problem
    best = 0.0
    new = np.flatnonzero(~problem.open_now)
    cost = {"p1": 300, "p2": 500, "p3": 200}
    names = problem.site_names
    for size in range(len(new) + 1):
        for chosen in combinations(new.tolist(), size):
            here = [names[j].split("-")[0].replace("L", "p") for j in chosen]
            won = sum(cost[one] * (0.8 if here.count(one) == 2 else 1.0) for one in here)
            near = {(p, problem.kind[j]) for j in chosen for p, row in MINUTES.items()
                    if row[names[j].split("-")[0].replace("L", "p")] <= 5}  # fmt: skip
            near |= {("a", 0), ("a", 1)}  # what stands today
            if won <= 800:
                best = max(best, float(sum(PEOPLE[p][0] for p, _ in near)))
    plan = plans(path).plans[0][2].plan
    assert (plan.objective, plan.status) == (best, "optimal")


def test_reach__cuts_given_times_too(study):
    problem = asked(
        study(f"kind: clinic, method: max_cover, choose: 1, bound: 5 min, reach: 9 min, candidates: {LAND}")
    )
    assert sorted(problem.problem.pairs.cost.tolist()) == [120, 180, 180, 240, 540, 540, 540]


def test_second_apart__sites_beside_one_another_are_found(study):
    problem = asked(study(f"kind: clinic, method: backup_cover, choose: 3, candidates: {LAND}, bound: 30 min, "
                          "second_apart: 1 km")).problem  # fmt: skip
    pairs = {
        tuple(sorted((problem.site_names[a], problem.site_names[b]))) for a, b in zip(*problem.beside, strict=True)
    }
    assert pairs == {("C", "L1"), ("L1", "L2"), ("L2", "L3")}  # neighbours in the row are 0.9 km apart


def test_exclude__leaves_out_what_is_too_near(study):
    question = asked(study(f"kind: clinic, method: p_median, choose: 1, candidates: {LAND}, "
                           "exclude: {distance: [{kind: clinic, at_least: 1 km}]}"))  # fmt: skip
    assert sorted(question.problem.site_names) == ["C", "L2", "L3"]
    assert any("1 of 3 candidates" in note for note in question.notes)


@pytest.mark.parametrize(
    ("siting", "words"),
    [
        ("kind: clinic, method: p_median, choose: 4, candidates: LAND", "4 are to open, but there are only 3"),
        ("kinds: [clinic, pharmacy], method: p_median, choose: {clinic: 9}, candidates: LAND", "9 are to open"),
        ("kind: clinic, method: max_cover, bound: 5 min, budget: 100, candidates: LAND", "below the cost of every"),
        ("kind: clinic, method: max_cover, bound: 5 min, budget: -5, candidates: LAND", "at least 0"),
        ("kind: clinic, method: max_cover, choose: 1, bound: 5 min, yearly_budget: 9, candidates: LAND", "yearly_cost"),
        ("kind: clinic, method: p_median, choose: 1, open: [nowhere], candidates: LAND", "'nowhere' is no candidate"),
        ("kind: clinic, method: p_median, choose: 1, open: [L1], never: [L1], candidates: LAND", "cannot be both"),
        ("kind: clinic, method: p_median, choose: 1, capacity: true, candidates: LAND", "no capacity"),
        ("kind: clinic, method: max_cover, choose: 1, candidates: LAND", "needs a bound"),
        ("kind: clinic, method: p_median, choose: 1, cover: {old: 50 %}, candidates: LAND", "needs a bound"),
        ("kind: clinic, method: p_median, choose: 1, groups: {young: 1}, candidates: LAND", "'young'"),
        ("kind: clinic, method: p_median, choose: 1, least_use: {school: 3}, candidates: LAND", "least_use names"),
        ("kind: clinic, method: p_median, choose: 1, together: {won: 5}, candidates: LAND", "without a budget"),
        ("kind: clinic, method: close, choose: 3", "3 are to close, but only 1 may"),
        ("kind: clinic, method: p_median, choose: 1, candidates: {type: nodes_of, way: [primary]}", "no road is of"),
        ("method: p_median, choose: 1, candidates: LAND", "name the kind"),
        ("kinds: [clinic, klinik], method: p_median, choose: 1, candidates: LAND", "klinik"),
    ],
)
def test_faults__are_told_at_their_line(study, siting, words):
    path = study(siting.replace("LAND", LAND))
    told = faults_of(path)
    assert any(words in one for one in told)
    assert all(one.startswith(f"{path}:") for one in told)


def test_faults__of_all_questions_are_told_at_once_and_nothing_is_written(study, tmp_path):
    path = study(
        f"kind: clinic, method: p_median, choose: 4, open: [x], candidates: {LAND}",
        f"kind: clinic, method: max_cover, bound: 5 min, budget: 100, candidates: {LAND}",
    )
    done = CliRunner().invoke(app, ["siting", str(path), "--out", str(tmp_path / "out")])
    assert done.exit_code != 0
    assert not (tmp_path / "out").exists()
    told = faults_of(path)
    assert len(told) == 3


def test_faults__candidates_out_of_everybodys_reach(study, tmp_path):
    path = study(f"kind: clinic, method: max_cover, choose: 1, bound: 5 min, candidates: {LAND}")
    rows = [line for line in (tmp_path / "times.csv").read_text().splitlines() if ",p" not in line or "point" in line]
    (tmp_path / "times.csv").write_text("\n".join(rows) + "\n")
    assert any("can be reached by anybody" in one for one in faults_of(path))


def test_faults__two_plans_of_one_name(study):
    siting = f"kind: clinic, method: p_median, choose: 1, candidates: {LAND}"
    path = study(siting, siting)
    path.write_text(path.read_text(encoding="utf-8").replace("v1", "v0"), encoding="utf-8")
    assert any("give each its own name" in one for one in faults_of(path))
