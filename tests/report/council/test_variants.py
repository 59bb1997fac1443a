"""Alternatives compared: figures against the files of the run, hidden counts, what cannot be compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from lifezone.report.council import variants
from lifezone.report.council.alternatives import alternatives, leading, matrix
from lifezone.report.council.shown import HIDDEN, drawn, parts_of
from lifezone.report.council.spending import spending_of
from lifezone.report.document import Bullets, Chart, Heading, Notice, Paragraph, Picture, Section, Shown, Table
from lifezone.report.material import Material, material_of
from lifezone.report.words import texts_of


@pytest.fixture(scope="session", params=["ko", "en"])
def section(plans: Material, request: pytest.FixtureRequest) -> Section:
    made = variants.section(plans, texts_of(request.param))
    assert made is not None
    return made


def table(section: Section, id_: str) -> Table:
    found = [block for block in section.blocks if isinstance(block, Table) and block.id == id_]
    found += [
        block.data for block in section.blocks if isinstance(block, Chart) and block.data and block.data.id == id_
    ]
    return found[0]


def cells(plans: Material, variant: str) -> gpd.GeoDataFrame:
    return gpd.read_parquet(plans.folder / plans.entry(variant)["folder"] / "cells.parquet")


def test_parts__hide_what_rows_and_columns_would_tell() -> None:
    told = parts_of([[5, 95, 0], [0, 50, 50], [40, 60, 0]], columns=True, disclose=False)
    assert [told[0][0], told[0][2]] == [HIDDEN, 0]
    assert isinstance(told[0][1], Shown)  # 100 − 95 = 5
    assert isinstance(told[2][0], Shown)  # 45 − 40 = 5
    for line in [*told, *list(zip(*told, strict=True))[:2]]:  # the last column has one part alone, its own sum
        assert sum(isinstance(cell, Shown) for cell in line) != 1
    assert parts_of([[5, 95]], columns=True, disclose=True) == ((5, 95),)
    assert parts_of([], columns=True, disclose=False) == ()
    assert [drawn(cell) for cell in (7, HIDDEN, None)] == [7.0, 0.0, 0.0]


def test_comparison__tells_the_figures_of_the_files(plans: Material, section: Section) -> None:
    told = table(section, "variants-compared")
    at = {column.key: number for number, column in enumerate(told.columns)}
    rows = dict(zip(plans.variants, told.rows, strict=True))
    assert leading(plans) == "clinic_car"
    summary = plans.table("summary")
    own = summary[
        (summary["district"] == "all") & (summary["requirement"] == "clinic_car") & (summary["group"] == "total")
    ]
    for _, row in own.iterrows():
        if row["variant"] not in ("looser-rule",):
            assert rows[row["variant"]][at["mean_trip"]] == pytest.approx(row["mean_minutes"], abs=0.051)
        assert rows[row["variant"]][at["coverage"]] == pytest.approx(row["coverage"], abs=0.00051)
    before = cells(plans, "baseline")
    for name in ("two-clinics", "villages", "swapped"):
        after = cells(plans, name)
        newly, lost = np.zeros(len(before)), np.zeros(len(before))
        for key, group in (("clinic_car", "people_total"), ("culture", "people_age_65_plus")):
            was, now = (
                (frame[f"{key}_reason"] == "met").fillna(value=False).to_numpy(bool) for frame in (before, after)
            )
            newly = np.maximum(newly, after[group] * (now & ~was))
            lost = np.maximum(lost, after[group] * (was & ~now))
        assert rows[name][at["newly_within"]] == pytest.approx(newly.sum())
        assert rows[name][at["no_longer_within"]] == pytest.approx(lost.sum())
        inside = after["people_total"][after["desert"] >= 0].sum()
        assert rows[name][at["desert_people"]] == pytest.approx(inside)
    longest = before["clinic_car_minutes"][before["people_total"] > 0].max()
    assert rows["baseline"][at["longest_trip"]] == pytest.approx(longest, abs=0.051)
    gini = _gini(before["clinic_car_minutes"].to_numpy(), before["people_total"].to_numpy())
    assert rows["baseline"][at["gini"]] == pytest.approx(gini, abs=0.00051)


def _gini(cost: np.ndarray, people: np.ndarray) -> float:
    """Mean absolute difference of every two people ÷ twice the mean."""
    reached = np.isfinite(cost) & (people > 0)
    cost, people = cost[reached], people[reached]
    apart = np.abs(cost[:, None] - cost[None, :]) * people[:, None] * people[None, :]
    return float(apart.sum() / (2 * people.sum() ** 2 * np.average(cost, weights=people)))


def test_cost__is_divided_by_people_only_where_all_of_it_is_told(plans: Material) -> None:
    found = {one.name: one for one in alternatives(plans)}
    land = {"land-02": 430e6, "land-07": 350e6}
    assert found["two-clinics"].spending.once_won == sum(land.values())
    newly = found["two-clinics"].change.newly
    assert found["two-clinics"].won_a_person == pytest.approx(780e6 / newly)
    assert found["villages"].spending.once_won == 130e6
    assert found["villages"].spending.yearly_won == 9e6
    swapped = found["swapped"].spending
    assert [step.change for step in swapped.steps] == ["opened", "closed"]
    assert (swapped.once_won, swapped.untold, found["swapped"].won_a_person) == (None, 2, None)
    assert found["nothing"].won_a_person is None  # nobody gains: no division by zero
    assert [step.change for step in spending_of(plans, "nothing").steps] == ["resized"]
    assert found["choices"].spending.once_won == plans.plans["choices"]["goals"]["cost"]


def test_section__says_what_cannot_be_compared_like_with_like(section: Section) -> None:
    warned = [block.text for block in section.blocks if isinstance(block, Notice)]
    assert len(warned) == 4  # two change nothing, one has another standard, one other people
    assert sum("looser-rule" in text for text in warned) == 1
    assert any("30,000" in text and "24,890" in text for text in warned if "people-2035" in text)
    lead = next(block for block in section.blocks if isinstance(block, Paragraph) and block.tone == "lead")
    assert "two-clinics" in lead.text
    assert "looser-rule" not in lead.text


def test_section__names_a_and_b_in_every_title(plans: Material, section: Section) -> None:
    base = ("현재", "today")
    titles = [block for block in section.blocks if isinstance(block, Heading) and " → " in block.text]
    assert [title.text.split(" → ")[1] for title in titles] == list(plans.others)
    for block in section.blocks:
        if isinstance(block, (Table, Chart, Picture)) and block.id != "variants-matrix":
            assert any(word in block.caption for word in base), block.id
    ids = [block.id for block in section.blocks if isinstance(block, (Table, Chart, Picture))]
    assert len(set(ids)) == len(ids)


def test_bars__add_up_to_those_judged(plans: Material, section: Section) -> None:
    told = table(section, "gain-loss-two-clinics-data")
    changes = plans.headline("changes", "two-clinics").set_index("requirement")
    _name, judged, gain, lose, same, *_ = told.rows[0]
    assert (gain, lose) == (changes.loc["clinic_car", "gain"], changes.loc["clinic_car", "lose"])
    assert gain + lose + same == judged == 30_000
    districts = table(section, "gain-loss-districts-two-clinics-data").rows
    shown = [row[2] for row in districts[1:] if not isinstance(row[2], Shown)]
    assert sum(shown) <= districts[0][2] == gain


def test_matrix__reads_the_same_forth_and_back(plans: Material, section: Section) -> None:
    found = matrix(plans)
    assert found["baseline", "two-clinics"].newly == found["two-clinics", "baseline"].lost
    told = table(section, "variants-matrix")
    assert all(row[at] is None for at, row in enumerate(told.rows, start=1))
    assert len(told.rows) == 8  # of nine; the note says so


def test_texts__of_data_stay_texts(section: Section) -> None:
    told = [item for block in section.blocks if isinstance(block, Bullets) for item in block.items]
    assert any("<img onerror=alert(1)>" in item for item in told)
    charts = [block.svg for block in section.blocks if isinstance(block, Chart)]
    assert all("<img" not in svg for svg in charts)


def test_pictures__are_those_the_run_drew_and_the_largest_changes_first(plans: Material) -> None:
    told = {**plans.manifest, "variants": [dict(one) for one in plans.manifest["variants"]]}
    told["variants"][1]["maps"] = {"drawn": ["change_clinic_car.png", "deserts.png"]}
    drawn_too = replace(plans, saved=replace(plans.saved, manifest=told))
    made = variants.section(drawn_too, texts_of("en"))
    pictures = [block for block in made.blocks if isinstance(block, Picture)]
    assert [one.path for one in pictures] == ["two-clinics/maps/change_clinic_car.png"]
    kinds = [type(block).__name__ for block in made.blocks]
    assert kinds.index("Picture") < kinds.index("Table")
    assert "LiveMap" not in kinds  # it stands on page one, once


def test_section__is_none_without_alternatives(plans: Material) -> None:
    told = {**plans.manifest, "variants": plans.manifest["variants"][:1]}
    alone = replace(plans, saved=replace(plans.saved, manifest=told))
    assert variants.section(alone, texts_of("ko")) is None


def test_disclose__lifts_what_is_hidden(plans: Material, section: Section) -> None:
    lifted = variants.section(replace(plans, disclose=True), texts_of("ko", True))
    assert _hidden(section)
    assert _hidden(lifted) == []


def _hidden(section: Section) -> list[Shown]:
    """Cells that are not shown as they are."""
    tables = [block if isinstance(block, Table) else block.data for block in section.blocks
              if isinstance(block, (Table, Chart)) and not block.id.startswith("variants_curve")]  # fmt: skip
    return [cell for one in tables if one for row in one.rows for cell in row if isinstance(cell, Shown)]


def test_files__give_the_same_blocks_twice(plans_folder: Path, section: Section) -> None:
    language = "ko" if section.title == texts_of("ko").say("variants.title") else "en"
    if language == "ko":
        assert variants.section(material_of(plans_folder), texts_of("ko")) == section
