"""Life zones, urban areas, ties and alliances of a report: figures against the tables, hidden counts, empty runs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lifezone.report.council import zones
from lifezone.report.council.life_zones import functions_of
from lifezone.report.council.towns_together import alliances, city_classes
from lifezone.report.council.urban import ties, town_names, urban_areas
from lifezone.report.document import Bullets, Notice, Paragraph, Picture, Section, Shown, Table
from lifezone.report.material import Material
from lifezone.report.words import texts_of

KO, EN = texts_of("ko"), texts_of("en")


@pytest.fixture(scope="session", params=["ko", "en"])
def section(plans: Material, request: pytest.FixtureRequest) -> Section:
    made = zones.section(plans, texts_of(request.param))
    assert made is not None
    return made


def columns(blocks: Any, id_: str) -> dict[str, list[Any]]:
    told = next(block for block in blocks if isinstance(block, Table) and block.id == id_)
    return {column.key: [row[at] for row in told.rows] for at, column in enumerate(told.columns)}


def copy_of(plans: Material, folder: Path, **tables: list[dict[str, Any]]) -> Material:
    """The same folder with some tables written anew."""
    out = folder / "out"
    shutil.copytree(plans.folder, out)
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(out / f"{name}.csv", index=False)
    return Material(out, type(plans.saved)(out, plans.manifest), plans.disclose)


def test_zones__are_those_of_the_files(plans: Material, section: Section) -> None:
    told = columns(section.blocks, "zones-doctor")
    frame = pd.read_parquet(plans.folder / "zones" / "doctor.parquet", columns=["in_area", "catchment", "containment"])
    frame = frame[frame["in_area"] > 0].sort_values("in_area", ascending=False)
    assert told["in_area"] == frame["in_area"].tolist()
    assert told["users"] == pytest.approx(frame["catchment"].tolist())
    assert told["containment"] == pytest.approx(frame["containment"].tolist(), abs=0.0005)
    whole = columns(section.blocks, "zones-overview")
    rows = plans.table("zones/municipalities")
    doctor = rows[(rows["function"] == "doctor") & (rows["municipality"] == "all")].iloc[0]
    assert (whole["people"][0], whole["beyond"][0]) == (doctor["people"], doctor["beyond"])
    assert whole["share_abroad"][0] == pytest.approx(doctor["share_abroad"], abs=0.0005)
    assert (whole["zones"][0], whole["subsidised"][0]) == (len(frame), 1)


def test_mergers__tell_person_hours_and_who_is_left_without(plans: Material, section: Section) -> None:
    told, frame = columns(section.blocks, "zones-merged-doctor"), plans.table("zones/merges")
    assert told["added"] == pytest.approx((frame["person_minutes"] / 60).tolist(), abs=0.5)
    for cell, count in zip(told["newly_outside"], frame["newly_outside"], strict=True):
        assert isinstance(cell, Shown) if 0 < count < 10 else cell == count
    costs = plans.table("zones/merge_costs")
    total = costs[(costs["district"] == "all") & (costs["group"] == "total")].iloc[0]
    paragraphs = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    assert any(f"{total['people_moved']:,.0f}" in text for text in paragraphs)
    assert any(f"{total['person_minutes'] / 60:,.0f}" in text for text in paragraphs)


def test_thresholds__are_dated(plans: Material, section: Section) -> None:
    told, frame = columns(section.blocks, "zones-thresholds"), plans.table("zones/thresholds")
    assert told["people"] == frame["people"].tolist()
    assert told["date"] == frame["date"].tolist()
    assert all(told["source"])


def test_overlap__is_said_in_words_and_never_one_division(plans: Material, section: Section) -> None:
    told, frame = columns(section.blocks, "zones-agreement"), plans.table("zones/agreement")
    assert told["rand"] == frame["adjusted_rand"].round(3).tolist()
    assert all(told["alike"])
    text = " ".join(block.text for block in section.blocks if isinstance(block, Paragraph))
    assert "하나로 합쳐 그리지 않는다" in text or "never makes one division" in text


def test_alliances__tell_the_best_the_next_two_and_the_limits(plans: Material, section: Section) -> None:
    told, frame = columns(section.blocks, "alliances"), plans.table("alliances")
    assert len(set(told["division"])) == frame["division"].nunique() == 3
    assert told["people"] == frame["people"].tolist()
    members = columns(section.blocks, "alliances-members")
    assert set(members) > {"town", "alliance", "gain", "instead", "admissible", "gaining"}
    assert len(members) > 6  # one column a limit
    assert any(isinstance(block, Notice) and block.kind == "legal" for block in section.blocks)


def test_notes__of_the_run_are_said_in_the_language(section: Section) -> None:
    told = next(block for block in reversed(section.blocks) if isinstance(block, Bullets)).items
    assert any("이용률" in one for one in told) != any("capture" in one for one in told)
    assert not any(one.startswith(("doctor", "library")) for one in told)


def test_section__holds_no_picture_that_was_not_drawn(plans: Material, section: Section) -> None:
    assert not [block for block in section.blocks if isinstance(block, Picture)]  # maps: false
    assert functions_of(plans, EN)[0].reach == "30 min"
    assert functions_of(plans, KO)[0].reach == "30분"


def test_section__is_none_where_nothing_is_divided(plans: Material, tmp_path: Path) -> None:
    bare = copy_of(plans, tmp_path)
    for name in ("zones.csv", "alliances.csv", "compact_city.csv"):
        (bare.folder / name).unlink()
    shutil.rmtree(bare.folder / "zones")
    assert zones.section(bare, KO) is None


def test_flows__are_told_newest_first_and_small_ones_hidden(plans: Material, tmp_path: Path) -> None:
    tie = {"purpose": "commuting", "share_ab": 0.1, "share_ba": 0.1, "strength": 0.5, "depends": "", "modelled": False}
    told = copy_of(
        plans, tmp_path,
        ties=[
            {**tie, "year": "2015", "a": "H1", "b": "H2", "flow_ab": 999, "flow_ba": 999, "reciprocity": 1.0,
             "class": "reciprocal"},
            {**tie, "year": "2020", "a": "H1", "b": "H2", "flow_ab": 7, "flow_ba": 300, "reciprocity": 0.05,
             "class": "dependent", "depends": "H2"},
        ],
        containment=[{"purpose": "commuting", "year": "2020", "district": key, "name": name, "residents": 1,
                      "workers": 1, "inside": 1, "modelled": False}
                     for key, name in (("H1", "큰시"), ("H2", "<b>작은군"))],
        urban_areas=[{"method": "network_constraint", "district": key, "name": name, "area": area, "area_name": "큰시",
                      "role": "centre", "towards": "", "tie": 0.0, "people": 1, "modelled": False, "overlap": ""}
                     for key, name, area in (("H1", "큰시", "H1"), ("H2", "<b>작은군", ""))],
        urban_area_summary=[{"method": "network_constraint", "area": "H1", "name": "큰시", "districts": 1, "people": 7,
                             "residents": 500, "supply_side": 0.9, "demand_side": 0.8, "self_containment": 0.8,
                             "by_size": "single", "by_flows": "single", "modelled": False}],
    )  # fmt: skip
    assert town_names(told, KO)["H2"] == "<b>작은군"
    row = columns(ties(told, KO), "ties-commuting")
    assert isinstance(row["there"][0], Shown)  # 7 people
    assert row["balance"] == [None]  # from which they would follow
    assert row["tie"] == ["의존 (<b>작은군 → 큰시)"]
    areas = columns(urban_areas(told, EN), "urban-network_constraint")
    assert isinstance(areas["people"][0], Shown)
    assert areas["supply_side"] == [0.9]
    notes = [block.note for block in urban_areas(told, EN) if isinstance(block, Table)]
    assert "1" in notes[0]  # one district is in none


def test_alliances__of_a_map_where_nobody_gains(plans: Material, tmp_path: Path) -> None:
    alone = {"division": "best", "alliance": "", "members": "", "names": "", "people": 0, "value": 0, "gains": "",
             "broken": "", "objective": 0, "bound": 0, "gap": 0, "proved": True}  # fmt: skip
    told = copy_of(
        plans, tmp_path, alliances=[alone], alliance_shared=[],
        alliance_members=[{"district": "9901250", "name": "한빛읍", "alliance": "", "gain": 0, "instead": "",
                           "instead_loss": "", "admissible": 0, "gaining": 0, "refused: too many people": 3}],
        alliance_sensitivity=[],
        city_classes=[{"district": "9901250", "name": "한빛읍", "people": "", "class": "not_classified", "because": "",
                       "boundary": "", "scale": "", "trend": "unknown", "top_sector": "", "industry_lq": ""}],
    )  # fmt: skip
    for name in ("alliance_shared", "alliance_sensitivity"):
        (told.folder / f"{name}.csv").unlink()
    blocks = list(alliances(told, KO))
    assert columns(blocks, "alliances")["alliance"] == ["모두 홀로"]
    assert columns(blocks, "alliances-members")["gain"] == [0]
    assert columns(city_classes(told, EN), "city-classes")["people"] == [None]
