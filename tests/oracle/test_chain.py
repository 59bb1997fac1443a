"""From the arrays of an assessment to the files: coverage, quantiles, classes, changes, deserts, in plain Python."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import lifezone
from lifezone.assess import Memory
from lifezone.model import Reason, Variant
from lifezone.run import run
from lifezone.standards import classify
from tests.oracle import chain
from tests.oracle.studies import DEMO, andorra, every_way, judged, twins_of

SUMMARY = [
    "variant", "district", "requirement", "group", "people", "judged", "covered", "coverage", "coverage_low",
    "coverage_high", "mean_minutes", "median_minutes", "p90_minutes", "shortfall", "unreachable", "uncertain",
]  # fmt: skip
"""Columns of summary.csv, DESIGN section 7, in its order."""


@pytest.fixture(scope="module")
def result():
    return run(DEMO)


@pytest.fixture(scope="module")
def out(result, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files") / "out"
    lifezone.write(replace(result, maps=False, layers=("parquet",), report=None), folder)
    return folder


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return None if text == "" else float(text)


def test_summary__every_figure_follows_from_the_points(result, out):
    rows = rows_of(out / "summary.csv")
    assert list(rows[0])[: len(SUMMARY)] == SUMMARY
    for variant in result.variants:
        told = {tuple(r[c] for c in SUMMARY[1:4]): r for r in rows if r["variant"] == variant.name}
        wanted = chain.summary(variant.world, variant.assessment)
        assert set(told) == set(wanted)
        for key, figures in wanted.items():
            for name in SUMMARY[4:]:
                expected, got = figures.get(name), number(told[key][name])
                if name in figures and expected is not None:
                    assert got == pytest.approx(expected, rel=1e-8, abs=2e-9), (variant.name, key, name)
                else:
                    assert got is None, (variant.name, key, name)
            if figures["judged"]:
                assert figures["coverage_low"] <= figures["coverage"] <= figures["coverage_high"]


def test_classes__follow_from_the_shares(result, out):
    rows = rows_of(out / "classes.csv")
    for variant in result.variants:
        wanted = chain.classes(variant.world, variant.assessment)
        told = {r["district"]: r for r in rows if r["variant"] == variant.name}
        assert set(told) == set(wanted)
        modelled = bool(variant.world.demand.modelled or variant.world.network.modelled)
        for district, (grade, boundary, mean, everything) in wanted.items():
            row = told[district]
            assert row["class"] == ("" if modelled or grade is None else grade), district
            assert row["boundary"] == ("true" if boundary else "false"), district
            assert number(row["mean_share"]) == pytest.approx(mean, abs=1e-8)
            assert number(row["all_met_share"]) == pytest.approx(everything, abs=1e-8)


@pytest.mark.shared
def test_classes__modelled_people_get_no_class(shared):
    world = andorra(shared).world
    assessment, _ = judged(world, every_way(["pharmacy"], modes=("walk",)))
    variant = Variant("baseline", world, assessment)
    assert [row.class_ for row in classify(variant)] == [None]


def test_changes__gain_lose_and_minutes_follow_from_the_points(result, out):
    rows = rows_of(out / "changes.csv")
    base = result.baseline.assessment
    moved = 0
    for variant in result.variants[1:]:
        told = {
            (r["district"], r["requirement"], r["group"]): r
            for r in rows
            if r["variant"] == variant.name and r["requirement"] != "desert"
        }
        wanted = chain.changes(variant.world, base, variant.assessment)
        before = chain.summary(result.baseline.world, base)
        after = chain.summary(variant.world, variant.assessment)
        assert set(told) == set(wanted)
        for key, (gain, lose, minutes) in wanted.items():
            row = told[key]
            assert (float(row["gain"]), float(row["lose"])) == (pytest.approx(gain), pytest.approx(lose)), key
            assert number(row["minutes"]) == (None if minutes is None else pytest.approx(minutes, abs=1e-8)), key
            assert number(row["coverage_before"]) == pytest.approx(before[key].get("coverage"), abs=1e-8)
            assert number(row["coverage_after"]) == pytest.approx(after[key].get("coverage"), abs=1e-8)
            moved += gain + lose > 0
    assert moved > 10


def test_deserts__are_those_of_our_own_union_find(result, out):
    rows = rows_of(out / "deserts.csv")
    labels = {}
    for variant in result.variants:
        world, assessment, test = variant.world, variant.assessment, variant.assessment.standard.desert
        demand = world.demand
        lost = chain.lost_functions(test, demand, assessment.verdicts)
        points = chain.desert_points(test, demand, lost)
        cut = twins_of(world, Memory())["walk"].cut
        groups = chain.deserts(test, lost, points, cut)
        assert sorted(np.flatnonzero(assessment.desert >= 0)) == sorted(points)
        total = demand.of("total")
        groups.sort(key=lambda g: (-total[sorted(g)].sum(), min(g)))
        told = [r for r in rows if r["variant"] == variant.name]
        assert len(told) == len(groups) == len(assessment.deserts)
        for label, (group, row) in enumerate(zip(groups, told, strict=True)):
            here = sorted(group)
            assert sorted(np.flatnonzero(assessment.desert == label)) == here
            assert int(row["desert"]) == label
            same_desert(world, assessment, test, lost, here, row)
        labels[variant.name] = assessment.desert
    for variant in result.variants[1:]:
        same_changes(result.baseline, variant, out)


def same_desert(world, assessment, test, lost, here, row):
    """One row of deserts.csv: people by group, functions, worst minutes, district, name only from 50 people."""
    demand = world.demand
    for group in demand.groups:
        assert float(row[f"people_{group}"]) == pytest.approx(demand.of(group)[here].sum())
    missing = set().union(*(lost[p] for p in here))
    assert row["missing_functions"].split(";") == [f for f in test.functions if f in missing]
    worst = max(
        assessment.verdicts[anchor].seconds[p] / 60
        for p in here
        for function in lost[p]
        for anchor in test.functions[function]
        if assessment.verdicts[anchor].reason[p] not in (0, 6)
    )
    assert number(row["worst_minutes"]) == (None if np.isinf(worst) else pytest.approx(worst, abs=1e-6))
    people = demand.of("total")[here].sum()
    assert (row["name"] != "") == (people >= test.least_people)
    by_district = np.bincount(demand.district[here], weights=demand.of("total")[here])
    assert row["district"] == world.districts.ids[int(by_district.argmax())]


def same_changes(before, after, out):
    """People lifted out of deserts and fallen in; deserts resolved and new."""
    rows = [r for r in rows_of(out / "changes.csv") if (r["variant"], r["requirement"]) == (after.name, "desert")]
    demand = before.world.demand
    was, now = before.assessment.desert, after.assessment.desert
    for row in rows:
        place = demand.district >= 0
        if row["district"] != "all":
            place = demand.district == before.world.districts.ids.index(row["district"])
        people = demand.of(row["group"])
        assert float(row["gain"]) == pytest.approx(people[place & (was >= 0) & (now < 0)].sum())
        assert float(row["lose"]) == pytest.approx(people[place & (was < 0) & (now >= 0)].sum())
        if (row["district"], row["group"]) == ("all", "total"):
            gone = sum((now[was == label] < 0).all() for label in range(was.max() + 1))
            fresh = sum((was[now == label] < 0).all() for label in range(now.max() + 1))
            assert (int(row["deserts_resolved"]), int(row["deserts_new"])) == (gone, fresh)


def test_cells__hold_the_contract(result, out):
    for variant in result.variants:
        cells = gpd.read_parquet(out / variant.name / "cells.parquet")
        world, assessment = variant.world, variant.assessment
        demand = world.demand
        inside = np.flatnonzero(demand.inside)
        fields = ("minutes", "metres", "access_metres", "met", "facility", "reason")
        expected = ["id", "district", *(f"people_{g}" for g in demand.groups)]
        graded = {rule.id for rule in assessment.standard.requirements if rule.optimum is not None}
        expected += [
            f"{key}_{field}" for key in assessment.verdicts for field in (*fields, *["level"] * (key in graded))
        ]
        assert list(cells.columns) == [*expected, "deficits", "desert", "gap", "deep", "geometry"]
        assert cells["id"].tolist() == [str(one) for one in demand.ids[inside]]
        assert cells["people_total"].sum() == demand.people[inside, demand.groups.index("total")].sum()
        unmet = np.zeros(len(inside), int)
        for key, v in assessment.verdicts.items():
            for field, values in (("minutes", v.seconds / 60), ("metres", v.metres), ("access_metres", v.access_m)):
                got = cells[f"{key}_{field}"].to_numpy(dtype=float, na_value=np.nan)
                np.testing.assert_allclose(
                    got, np.where(np.isfinite(values[inside]), values[inside], np.nan), atol=6e-4, err_msg=key
                )
                assert not np.isinf(got).any()
            reasons = [Reason(int(r)).name.lower() for r in v.reason[inside]]
            told = [None if r == "not_judged" else r for r in reasons]
            assert [None if x is pd.NA else x for x in cells[f"{key}_reason"].astype(object)] == told
            met = cells[f"{key}_met"].astype(object).tolist()
            for one, reason in zip(met, reasons, strict=True):
                if reason in ("not_judged", "not_assessed"):
                    assert one is pd.NA
                else:
                    assert one == (reason == "met")
            unmet += np.isin(reasons, ["too_far", "unreachable", "off_network", "no_facility"])
            ids = [str(world.facilities.ids[f]) if f >= 0 else None for f in v.facility[inside]]
            assert [None if x is pd.NA else x for x in cells[f"{key}_facility"].astype(object)] == ids
        assert cells["deficits"].tolist() == unmet.tolist()
        desert = assessment.desert[inside]
        assert cells["desert"].fillna(-1).astype(int).tolist() == desert.tolist()


def test_manifest__counts_people_by_reason_and_caveat(result, out):
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    for told, variant in zip(manifest["variants"], result.variants, strict=True):
        demand = variant.world.demand
        for requirement in variant.assessment.standard.requirements:
            v, counts = variant.assessment.verdicts[requirement.id], told["requirements"][requirement.id]
            people = np.where(demand.inside, demand.of(chain.group_of(requirement, demand)), 0.0)
            judged = ~np.isin(v.reason, [0, 6])
            for reason in Reason:
                assert counts[reason.name.lower()] == pytest.approx(people[v.reason == reason].sum())
            assert counts["uncertified"] == pytest.approx(people[judged & ~v.certified].sum())
            assert counts["hangs_on_access"] == pytest.approx(people[judged & v.hangs_on_access].sum())
