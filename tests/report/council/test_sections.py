"""People, facilities, access, deserts, equity: the numbers are those of the tables, and nothing small can be read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from lifezone.model import Demand, Districts, Facilities, Reason, Result, Variant, Verdicts
from lifezone.report import write
from lifezone.report.council import access, deserts, equity, facilities, people
from lifezone.report.council.desert_cures import cures, lifted_by, lost_now
from lifezone.report.council.equity import spread_of
from lifezone.report.council.facility_use import home_district, use_of
from lifezone.report.council.points import judged, told_requirements
from lifezone.report.document import (
    Block,
    Bullets,
    Chart,
    Heading,
    Notice,
    Paragraph,
    Section,
    Shown,
    Table,
    Terms,
)
from lifezone.report.material import ALL, Material, material_of
from lifezone.report.words import texts_of
from tests.report import worlds

MAKERS = {"people": people, "facilities": facilities, "access": access, "deserts": deserts, "equity": equity}
LANGUAGES = ("ko", "en")


def saved(folder: Path, result: Result, *, disclose: bool = False) -> Material:
    write(result, folder)
    return material_of(folder, disclose)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return saved(tmp_path_factory.mktemp("sections") / "out", worlds.result(cells=500, maps=False))


@pytest.fixture(scope="module")
def told(material: Material) -> dict[str, Section]:
    return made(material, "ko")


@cache
def _made(folder: Path, language: str) -> dict[str, Section]:
    return fresh(material_of(folder), language)


def made(material: Material, language: str) -> dict[str, Section]:
    return _made(material.folder, language)


def fresh(material: Material, language: str) -> dict[str, Section]:
    texts = texts_of(language, material.disclose)  # type: ignore[arg-type]
    found = {name: module.section(material, texts) for name, module in MAKERS.items()}
    return {name: section for name, section in found.items() if section is not None}


def tables(section: Section) -> dict[str, Table]:
    found = {block.id: block for block in section.blocks if isinstance(block, Table)}
    data = [block.data for block in section.blocks if isinstance(block, Chart) and block.data is not None]
    return found | {table.id: table for table in data}


def column_of(table: Table, key: str) -> list[Any]:
    at = [column.key for column in table.columns].index(key)
    return [row[at] for row in table.rows]


def words_of(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Paragraph() | Notice():
            yield block.text
        case Bullets():
            yield from block.items
        case Terms():
            for pair in block.pairs:
                yield from pair
        case Table():
            yield from (block.caption, block.note, *(column.label for column in block.columns))
            for row in block.rows:
                yield from (cell.text if isinstance(cell, Shown) else cell for cell in row if not _is_number(cell))
        case Chart():
            yield from (block.caption, block.alt, block.note)
            yield from (text.text or "" for text in ET.fromstring(block.svg).iter("{http://www.w3.org/2000/svg}text"))
            if block.data is not None:
                yield from words_of(block.data)


def _is_number(cell: Any) -> bool:
    return cell is None or isinstance(cell, int | float)


def as_number(cell: Any) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None


def test_access__attainment_is_that_of_the_summary(material: Material, told: dict[str, Section]) -> None:
    rows = material.headline("summary", "baseline")
    table = tables(told["access"])["access_attainment"]
    assert len(table.rows) == len(rows)
    for key in ("judged", "covered"):
        for cell, value in zip(column_of(table, key), rows[key], strict=True):
            assert as_number(cell) in (None, value)
    for cell, value in zip(column_of(table, "coverage"), rows["coverage"], strict=True):
        assert as_number(cell) is None or abs(as_number(cell) - value) <= 5e-4  # type: ignore[operator]
    assert sum(as_number(cell) is not None for cell in column_of(table, "coverage")) >= 2
    times = tables(told["access"])["access_times"]
    for key in ("mean_minutes", "median_minutes", "p90_minutes"):
        for cell, value in zip(column_of(times, key), rows[key], strict=True):
            assert (as_number(cell) is None) == math.isnan(value) or as_number(cell) is None
            assert as_number(cell) is None or abs(as_number(cell) - value) <= 0.051  # type: ignore[operator]


def test_access__districts_of_a_service_are_those_of_the_summary(material: Material, told: dict[str, Section]) -> None:
    table = tables(told["access"])["access_clinic_car"]
    summary = material.table("summary")
    own = summary[(summary["variant"] == "baseline") & (summary["requirement"] == "clinic_car")]
    own = own[(own["group"] == "total") & (own["district"] != ALL) & (own["judged"] > 0)].sort_values("coverage")
    assert column_of(table, "judged") == pytest.approx(own["judged"].tolist())
    assert column_of(table, "district") == [material.district_name(one, "ko") for one in own["district"]]


def test_access__the_curve_at_the_bound_is_the_coverage(material: Material, told: dict[str, Section]) -> None:
    data = tables(told["access"])["access_curve_data_clinic_car"]
    at = column_of(data, "within").index(15.0)
    rows = material.headline("summary").set_index(["variant", "requirement"])
    shown = [as_number(cell) for cell in data.rows[at][1:]]
    wanted = [
        rows.loc[("baseline", "clinic_car"), "coverage"],
        rows.loc[("clinic-in-the-east", "clinic_car"), "coverage"],
    ]
    assert shown == pytest.approx(wanted, abs=5e-4)


def test_deserts__groups_districts_and_variants_are_those_of_the_tables(
    material: Material, told: dict[str, Section]
) -> None:
    gaps = material.table("gaps")
    own = gaps[(gaps["variant"] == "baseline") & (gaps["what"] == "desert")]
    concerned = own[(own["district"] == ALL) & (own["group"] == "total")].iloc[0]["concerned"]
    found = tables(told["deserts"])
    assert column_of(found["deserts_groups"], "desert")[0] == pytest.approx(concerned)
    assert column_of(found["deserts_variants"], "people")[0] == pytest.approx(concerned)
    deserts_csv = material.table("deserts")
    assert deserts_csv[deserts_csv["variant"] == "baseline"]["people_total"].sum() == pytest.approx(concerned)
    by_district = {row[0]: row[4] for row in found["deserts_districts"].rows}
    for _, row in own[(own["district"] != ALL) & (own["group"] == "total")].iterrows():
        cell = by_district[material.district_name(row["district"], "ko")]
        assert isinstance(cell, Shown) or cell == pytest.approx(row["concerned"])
    changes = material.table("changes")
    moved = changes[(changes["requirement"] == "desert") & (changes["district"] == ALL) & (changes["group"] == "total")]
    for key, name in (("resolved", "deserts_resolved"), ("new", "deserts_new"), ("out", "gain"), ("in", "lose")):
        cells = column_of(found["deserts_variants"], key)[1:]
        assert [as_number(cell) for cell in cells] == pytest.approx(moved[name].tolist())
    lost = column_of(found["deserts_lost"], "people")
    assert sum(as_number(cell) or 0 for cell in lost) <= material.manifest["people"]["in_area"] + 1e-6


def test_deserts__what_is_lost_makes_the_deserts_that_the_run_found(material: Material) -> None:
    study = material.variant("baseline")
    lost, demand = lost_now(study), study.world.demand
    must = lost[:, 0] | lost[:, 1]  # medical or shopping, as the test of this world says
    assert np.array_equal((lost.sum(axis=1) >= 2) & must & (demand.total > 0), study.assessment.desert >= 0)


def test_cures__are_worked_by_asking_the_test_again(material: Material) -> None:
    study = material.variant("baseline")
    lost, total = lost_now(study), study.world.demand.total
    seen = 0
    for desert in study.assessment.deserts[:6]:
        own = study.assessment.desert == desert.label
        for cure in cures(study, desert.label):
            at = list(study.assessment.standard.desert.functions).index(cure.function)  # type: ignore[union-attr]
            left = 0.0
            for point in np.flatnonzero(own):
                rest = [bool(lost[point, other]) and other != at for other in range(lost.shape[1])]
                left += float(total[point]) if sum(rest) >= 2 and (rest[0] or rest[1]) else 0.0
            assert cure.lifted == pytest.approx(total[own].sum() - left)
            assert cure.ends_it == (left <= 1e-6)
            seen += 1
    assert seen > 3


def test_lifted__adds_up_to_the_gain_of_the_variant(material: Material) -> None:
    before = material.variant("baseline")
    changes = material.table("changes")
    for name in material.others:
        after = material.variant(name)
        lifted = sum(lifted_by(before, after, one.label)[0] for one in before.assessment.deserts)
        row = changes[
            (changes["variant"] == name) & (changes["requirement"] == "desert") & (changes["district"] == ALL)
        ]
        assert lifted == pytest.approx(row[row["group"] == "total"].iloc[0]["gain"])


def test_equity__depth_is_the_shortfall_of_the_summary(material: Material, told: dict[str, Section]) -> None:
    table = tables(told["equity"])["equity_depth"]
    rows = material.headline("summary", "baseline").set_index("requirement")
    for key, cell in zip(told_requirements(material), column_of(table, "fgt1"), strict=True):
        assert as_number(cell) is None or abs(as_number(cell) - rows.loc[key, "shortfall"]) <= 5e-5  # type: ignore[operator]


def test_spread__is_the_gini_index_and_the_farthest_tenth_by_hand(material: Material) -> None:
    own = judged(material, "baseline", "clinic_car")
    assert own is not None
    reached = np.isfinite(own.value)
    t, a = own.value[reached], own.people[reached]
    double = np.abs(t[:, None] - t[None, :]) * a[:, None] * a[None, :]
    mean = (t * a).sum() / a.sum()
    spread = spread_of(own)
    assert spread.gini == pytest.approx(double.sum() / (2 * a.sum() ** 2 * mean))
    order = np.argsort(-t)
    left, total = 0.1 * a.sum(), 0.0
    for time, count in zip(t[order], a[order], strict=True):
        part = min(left, count)
        total, left = total + part * time, left - part
    assert spread.worst_tenth == pytest.approx(total / (0.1 * a.sum()))
    assert spread.unreachable == pytest.approx(own.people[~reached].sum())
    assert spread.unreachable > 0


def test_facilities__use_counts_every_point_once(material: Material) -> None:
    study = material.variant("baseline")
    home = home_district(study)
    assert home is not None
    use = use_of(material, "baseline", home)
    wanted: dict[tuple[int, int], float] = {}
    for key in told_requirements(material):
        own = judged(material, "baseline", key)
        assert own is not None
        verdicts = study.assessment.verdicts[key]
        for row, count in zip(own.rows, own.people, strict=True):
            facility = int(verdicts.facility[row])
            if facility >= 0:
                wanted[row, facility] = max(wanted.get((row, facility), 0.0), float(count))
    by_facility = np.zeros(study.world.facilities.n_facilities)
    for (_, facility), count in wanted.items():
        by_facility[facility] += count
    assert use.people == pytest.approx(by_facility)
    assert (use.within <= use.people + 1e-9).all()


def test_people__districts_add_up_and_areas_are_those_of_the_boundaries(
    material: Material, told: dict[str, Section]
) -> None:
    table = tables(told["people"])["people_districts"]
    counts = column_of(table, "people")
    assert counts[0] == pytest.approx(material.manifest["people"]["in_area"])
    assert sum(as_number(cell) or 0 for cell in counts[1:]) == pytest.approx(counts[0])
    assert column_of(table, "area_km2") == [400.0, 100.0, 100.0, 100.0, 100.0]
    assert any("추정" in column.label for column in table.columns)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections__hold_no_count_from_which_few_people_follow(material: Material, language: str) -> None:
    for section in made(material, language).values():
        for table in tables(section).values():
            keys = [column.key for column in table.columns]
            forms = [column.format for column in table.columns]
            for row in table.rows:
                for form, cell in zip(forms, row, strict=True):
                    if form == "people" and isinstance(cell, int | float):
                        assert not 0 < cell < 9.5
                if {"judged", "covered"} <= set(keys):
                    whole, part = (row[keys.index(key)] for key in ("judged", "covered"))
                    if isinstance(whole, int | float) and isinstance(part, int | float):
                        assert not 0 < whole - part < 9.5


def test_curves__are_drawn_in_steps_of_ten_people(material: Material, told: dict[str, Section]) -> None:
    own = judged(material, "baseline", "clinic_car")
    assert own is not None
    chart = next(one for one in told["access"].blocks if isinstance(one, Chart) and one.id == "access_curve_clinic_car")
    root = ET.fromstring(chart.svg)
    line = root.find(".//*[@id='access_curve_clinic_car-curve0']/{http://www.w3.org/2000/svg}path")
    assert line is not None
    y = [float(pair[1]) for pair in re.findall(r"[ML] ([\d.]+) ([\d.]+)", line.attrib["d"])]
    frame = root.find(".//*[@id='access_curve_clinic_car-patch_2']/{http://www.w3.org/2000/svg}path")
    assert frame is not None
    edge = [float(pair[1]) for pair in re.findall(r"[ML] ([\d.]+) ([\d.]+)", frame.attrib["d"])]
    left = (np.array(y) - min(edge)) / (max(edge) - min(edge)) * own.people.sum()  # people not yet there
    off = np.abs(left / 10 - np.round(left / 10))
    assert off[left < own.people.sum() - 10].max() < 0.01


def test_sections__are_the_same_twice(material: Material, told: dict[str, Section]) -> None:
    assert fresh(material_of(material.folder), "ko") == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections__have_ids_of_their_own_and_plain_words(material: Material, language: str) -> None:
    first = made(material, language)
    blocks = [block for section in first.values() for block in section.blocks]
    ids = [block.id for block in blocks if isinstance(block, Table | Chart)]
    ids += [block.data.id for block in blocks if isinstance(block, Chart) and block.data is not None]
    assert len(ids) == len(set(ids))
    for block in blocks:
        for text in words_of(block):
            assert not re.search(r"\b(nan|None|inf|NaN)\b|[{}]", text), text


def test_names__are_text_in_every_drawing(material: Material) -> None:
    for section in made(material, "en").values():
        for block in section.blocks:
            if isinstance(block, Chart):
                ET.fromstring(block.svg)
                assert "<img" not in block.svg


# --- worlds that lack something -----------------------------------------------------------------------------------


def _one(study: Any, assessment: Any) -> Result:
    return Result(
        "한빛", (Variant("baseline", study, assessment),), worlds.provenance(), maps=False, kinds=worlds.KINDS
    )


def _world(**people: Any) -> Any:
    return worlds.world(cells=200, **people)


def one_cell() -> Result:
    study = _world()
    demand = study.demand
    rows = np.flatnonzero(demand.total > 60)[:1]
    rows = rows if len(rows) else np.array([int(np.argmax(demand.total))])
    study = replace(study, demand=demand.take(rows))
    return _one(study, worlds.judge(study))


def one_district() -> Result:
    study = _world()
    everywhere = np.where(study.demand.district < 0, -1, 0).astype(np.int32)
    study = replace(study, demand=replace(study.demand, district=everywhere), districts=Districts((ALL,), ("한빛군",)))
    return _one(study, worlds.judge(study))


def no_desert_test() -> Result:
    study = _world()
    assessment = worlds.judge(study)
    return _one(study, replace(
        assessment, standard=replace(worlds.STANDARD, desert=None), lost=np.zeros((study.demand.n_points, 0), bool),
        desert=np.full(study.demand.n_points, -1, np.int32), deserts=(),
    ))  # fmt: skip


def nothing_reached() -> Result:
    study = _world()
    assessment = worlds.judge(study)
    return _one(study, replace(assessment, verdicts={k: _cut_off(v) for k, v in assessment.verdicts.items()}))


def _cut_off(verdicts: Verdicts) -> Verdicts:
    n = len(verdicts.reason)
    reason = np.where(verdicts.judged, Reason.UNREACHABLE, verdicts.reason).astype(np.uint8)
    far = np.full(n, np.inf)
    return replace(verdicts, reason=reason, seconds=far, metres=far, facility=np.full(n, -1, np.int32))


def modelled() -> Result:
    study = _world()
    study = replace(study, demand=replace(study.demand, modelled="spread over residential roads"))
    return _one(study, worlds.judge(study))


def no_groups() -> Result:
    study = _world()
    demand = study.demand
    alone = replace(demand, people=demand.people[:, :1], groups=("total",), estimated=())
    rules = tuple(rule for rule in worlds.REQUIREMENTS if rule.group == "total")
    test = replace(worlds.DESERT, functions={k: v for k, v in worlds.DESERT.functions.items() if k != "education"})
    study = replace(study, demand=alone)
    return _one(study, worlds.judge(study, replace(worlds.STANDARD, requirements=rules, desert=test)))


def no_facilities() -> Result:
    study = replace(_world(), facilities=Facilities.empty(("clinic",)))
    return _one(study, worlds.judge(study))


def points_without_borders() -> Result:
    study = _world(grid=False)
    study = replace(study, districts=replace(study.districts, polygon=None))
    return _one(study, worlds.judge(study))


WORLDS = {
    "nobody": worlds.empty_result, "one_cell": one_cell, "one_district": one_district, "no_desert_test": no_desert_test,
    "nothing_reached": nothing_reached, "modelled": modelled, "no_groups": no_groups, "no_facilities": no_facilities,
    "points_without_borders": points_without_borders,
}  # fmt: skip


@pytest.fixture(scope="module")
def lacking(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Material]:
    folder = tmp_path_factory.mktemp("lacking")
    return {name: saved(folder / name, make()) for name, make in WORLDS.items()}


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_sections__stand_whatever_is_lacking(name: str, lacking: dict[str, Material]) -> None:
    material = lacking[name]
    for language in LANGUAGES if name == "nobody" else ("en",):
        sections = made(material, language)
        assert ("deserts" in sections) == (name != "no_desert_test")
        for section in sections.values():
            assert any(isinstance(block, Paragraph) and block.tone == "lead" for block in section.blocks)
            for block in section.blocks:
                for text in words_of(block):
                    assert not re.search(r"\b(nan|None|inf|NaN)\b|[{}]", text), text
                if isinstance(block, Table):
                    assert all(len(row) == len(block.columns) for row in block.rows)
                    assert all(cell is None or not isinstance(cell, float) or math.isfinite(cell)
                               for row in block.rows for cell in row)  # fmt: skip


def test_access__unreachable_people_are_never_a_number(lacking: dict[str, Material]) -> None:
    material = lacking["nothing_reached"]
    table = tables(made(material, "en")["access"])["access_times"]
    for key in ("mean_minutes", "median_minutes", "p90_minutes"):
        assert set(column_of(table, key)) == {None}
    spread = tables(made(material, "en")["equity"])["equity_spread"]
    assert set(column_of(spread, "gini")) == {None}


def test_dots__give_no_class_where_data_are_modelled(material: Material, lacking: dict[str, Material]) -> None:
    letters = {}
    for name, one in (("counted", material), ("modelled", lacking["modelled"])):
        charts = [
            block for block in made(one, "en")["access"].blocks if isinstance(block, Chart) and "dots" in block.id
        ]
        texts = [t.text for c in charts for t in ET.fromstring(c.svg).iter("{http://www.w3.org/2000/svg}text")]
        letters[name] = {"A", "B", "C", "D"} & set(texts)
    assert letters == {"counted": {"A", "B", "C", "D"}, "modelled": set()}


def test_disclose__shows_counts_as_they_are(material: Material) -> None:
    lifted = material_of(material.folder, disclose=True)
    table = tables(fresh(lifted, "ko")["access"])["access_attainment"]
    rows = lifted.headline("summary", "baseline")
    known = [pd.notna(value) for value in rows["covered"]]
    assert [
        cell for cell, is_known in zip(column_of(table, "covered"), known, strict=True) if is_known
    ] == pytest.approx(rows["covered"][known].tolist())


def test_people__variants_that_change_them_are_told_by_group_and_district(tmp_path: Path) -> None:
    result = worlds.result(cells=300, maps=False)
    baseline = result.variants[0]
    demand: Demand = baseline.world.demand
    fewer = replace(baseline.world, demand=replace(demand, people=demand.people * 0.5))
    later = Variant("2040", fewer, worlds.judge(fewer), ("people: halved",))
    material = saved(tmp_path / "out", replace(result, variants=(baseline, later)))
    found = tables(made(material, "ko")["people"])
    groups = found["people_change_groups"]
    assert column_of(groups, "change_1")[0] == -0.5
    assert column_of(groups, "people_1")[0] == pytest.approx(column_of(groups, "today")[0] / 2)
    assert len(found["people_change_districts"].rows) == len(material.districts)
