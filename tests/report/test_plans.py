"""What people see of a plan: files, tables, layers, maps and pages, on four hamlets whose sums are worked by hand.

Hamlets w1 100, w2 60 (west), e1 50, e2 40 people (east); seconds to the open clinic f0 and the candidates c1, c2:

         f0    c1    c2
    w1   60   600  1200
    w2  600    60   900
    e1 1200   900    60
    e2 1500  1200   300
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pytest

from lifezone.errors import ScenarioError
from lifezone.model import Plans
from lifezone.report.maps.plan import round_breaks
from lifezone.report.pages import text
from lifezone.report.plan_page import plans_page
from lifezone.report.plans import write_plans
from lifezone.run import plans

PEOPLE = {"w1": (127.31, 36.41, 100, 4), "w2": (127.35, 36.44, 60, 0), "e1": (127.55, 36.41, 50, 20),
          "e2": (127.58, 36.44, 40, 12)}  # fmt: skip
SITES = {"f0": (127.31, 36.412), "c1": (127.351, 36.441), "c2": (127.551, 36.411)}
SECONDS = {"f0": (60, 600, 1200, 1500), "c1": (600, 60, 900, 1200), "c2": (1200, 900, 60, 300)}
LATER = {(2035, "w"): 160, (2035, "e"): 45, (2045, "w"): 160, (2045, "e"): 9}


def _box(west: float, east: float) -> dict[str, object]:
    ring = [[west, 36.3], [east, 36.3], [east, 36.6], [west, 36.6], [west, 36.3]]
    return {"type": "Polygon", "coordinates": [ring]}


def study(
    folder: Path, siting: str, *, is_open: tuple[str, ...] = ("f0",), output: str = "{}", moved: str = ""
) -> Path:
    """Write the study's files, one site moved beyond the area where asked; returns the scenario."""
    rows = [f"{one},{x},{y},{n},{old}" for one, (x, y, n, old) in PEOPLE.items()]
    (folder / "people.csv").write_text("\n".join(["id,lon,lat,all,old", *rows]) + "\n", encoding="utf-8")
    places = SITES | ({moved: (127.19, 36.44)} if moved else {})
    rows = [f"{one},{x},{y},{str(one in is_open).lower()},300000000" for one, (x, y) in places.items()]
    (folder / "clinics.csv").write_text("\n".join(["no,lon,lat,open,won", *rows]) + "\n", encoding="utf-8")
    rows = [f"{p},{f},{s}" for f, all_s in SECONDS.items() for p, s in zip(PEOPLE, all_s, strict=True)]
    (folder / "pairs.csv").write_text("\n".join(["a,b,s", *rows]) + "\n", encoding="utf-8")
    rows = [f"{unit},{year},{n}" for (year, unit), n in LATER.items()]
    (folder / "later.csv").write_text("\n".join(["code,year,all", *rows]) + "\n", encoding="utf-8")
    units = [
        {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": _box(*sides)}
        for code, name, sides in (("w", "서면", (127.2, 127.45)), ("e", "동면", (127.45, 127.7)))
    ]
    layer = {"type": "FeatureCollection", "features": units}
    (folder / "units.geojson").write_text(json.dumps(layer), encoding="utf-8")
    path = folder / "study.yaml"
    path.write_text(
        f"""
name: 네 마을 · Four hamlets
area: {{districts: {{type: table, path: units.geojson, id: code, name: name}}, buffer: 5 km}}
demand: {{type: table, path: people.csv, id: id, x: lon, y: lat, crs: EPSG:4326, groups: {{total: all, old: old}}}}
facilities:
  - {{type: table, path: clinics.csv, kind: clinic, id: no, x: lon, y: lat, crs: EPSG:4326, open: open, cost: won}}
times: {{type: table, path: pairs.csv, from: a, to: b, seconds: s}}
variants:
  - name: plan
    siting: {siting}
output: {output}
""",
        encoding="utf-8",
    )
    return path


OPEN_ONE = (
    "{kind: clinic, method: p_median, choose: 1, candidates: {type: closed}, bound: 10 min, projections: ["
    "{year: 2035, path: later.csv, district: code, groups: {total: all}, where: {year: 2035}}, "
    "{year: 2045, path: later.csv, district: code, groups: {total: all}, where: {year: 2045}}]}"
)
CLOSE_ONE = "{kind: clinic, method: close, choose: 1, bound: 5 min}"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Plans:
    return plans(study(tmp_path_factory.mktemp("open"), OPEN_ONE, output="{layers: [gpkg, xlsx]}"))


@pytest.fixture(scope="module")
def out(opened: Plans, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("result") / "out"
    write_plans(opened, folder)
    return folder


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_plan__uses_of_sites_are_the_sums_worked_by_hand(out: Path) -> None:
    plan = json.loads((out / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert (plan["opened"], plan["closed"], plan["status"]) == (["c2"], [], "optimal")
    assert plan["objective"] == 100 * 60 + 60 * 600 + 50 * 60 + 40 * 300 == 57_000
    sites = {row["id"]: row for row in table(out / "plan" / "plan.csv")}
    assert set(sites) == {"f0", "c2"}
    assert float(sites["f0"]["people_before"]) == 250
    assert (float(sites["f0"]["people"]), float(sites["c2"]["people"])) == (160, 90)
    assert float(sites["f0"]["mean_minutes"]) == pytest.approx((100 * 1 + 60 * 10) / 160)
    assert (sites["f0"]["worst_minutes"], sites["c2"]["worst_minutes"]) == ("10", "5")
    assert (float(sites["f0"]["within"]), float(sites["c2"]["within"])) == (160, 90)  # the bound is inclusive
    assert (sites["c2"]["state"], sites["c2"]["cost"]) == ("opened", "300000000")


def test_plan__candidates_are_told_with_what_each_would_do_alone(out: Path) -> None:
    best, other = table(out / "plan" / "candidates.csv")
    assert (best["id"], best["rank"], best["opened"], best["newly_covered"]) == ("c2", "1", "true", "90")
    assert float(best["person_minutes_saved"]) == (50 * 1140 + 40 * 1200) / 60
    assert (other["id"], other["rank"], other["opened"], other["newly_covered"]) == ("c1", "2", "false", "0")
    assert float(other["person_minutes_saved"]) == pytest.approx((60 * 540 + 50 * 300 + 40 * 300) / 60)
    assert (best["lon"], best["newly_reached"], best["cost"]) == ("127.551", "0", "300000000")


def test_plan__later_years_tell_use_and_whether_the_site_is_still_the_best(out: Path) -> None:
    plan = json.loads((out / "plan" / "plan.json").read_text(encoding="utf-8"))
    near, far = plan["later"]
    # 2035: half of the east is left; c2 6,000 + 36,000 + 25·60 + 20·300 = 49,500, c1 9,600 + 25·900 + 20·1,200 = 56,100
    assert (near["year"], near["objective"], near["best"], near["worse"]) == (2035, 49_500, 49_500, 0)
    assert near["still_best"] is True
    # 2045: nine people are left there; c2 6,000 + 36,000 + 5·60 + 4·300 = 43,500, c1 9,600 + 5·900 + 4·1,200 = 18,900
    assert (far["objective"], far["best"], far["opened"]) == (43_500, 18_900, ["c1"])
    assert far["worse"] == pytest.approx(24_600 / 18_900)
    assert far["still_best"] is False
    sites = {row["id"]: row for row in table(out / "plan" / "plan.csv")}
    assert (float(sites["c2"]["people_2035"]), float(sites["c2"]["people_2045"])) == (45, 9)
    assert (float(sites["f0"]["people_2035"]), float(sites["f0"]["people_2045"])) == (160, 160)


def test_plan__who_gains_by_district_and_group(out: Path) -> None:
    rows = {(row["district"], row["group"]): row for row in table(out / "plan" / "who.csv")}
    whole, east, west = rows["all", "total"], rows["e", "total"], rows["w", "total"]
    assert (whole["people"], whole["winners"], whole["losers"], whole["unchanged"]) == ("250", "90", "0", "160")
    assert float(whole["mean_won"]) == pytest.approx((50 * 19 + 40 * 20) / 90)  # 1,140 and 1,200 seconds
    assert (whole["covered_before"], whole["covered_after"], whole["newly_covered"]) == ("160", "250", "90")
    assert (east["winners"], west["winners"], east["name"]) == ("90", "0", "동면")
    assert (rows["e", "old"]["winners"], rows["all", "old"]["people"]) == ("32", "36")


def test_plan__closing_tells_the_extra_travel_of_everybody_concerned(tmp_path: Path) -> None:
    result = plans(study(tmp_path, CLOSE_ONE, is_open=("f0", "c1", "c2"), output="{layers: [], maps: false}"))
    found = result.plans[0][2]
    # closing f0 costs 100·540, c1 60·540, c2 50·840 + 40·900: c1 it is
    assert found.closed == ("c1",)
    (extra,) = found.extra
    assert (extra.people, extra.mean, extra.worst, extra.worst_trip) == (60, 540, 540, 600)
    assert (extra.beyond, extra.cut_off) == (60, 0)  # ten minutes, where five are the bound
    write_plans(result, tmp_path / "out")
    (row,) = table(tmp_path / "out" / "plan" / "extra_travel.csv")
    assert (row["id"], row["facility_before"], row["facility_after"]) == ("w2", "c1", "f0")
    assert (row["minutes_before"], row["minutes_after"], row["extra_minutes"]) == ("1", "10", "9")
    assert (row["within_before"], row["within_after"]) == ("true", "false")
    korean = text(plans_page(result, tmp_path / "out", language="ko"))
    assert "닫는 시설을 쓰던 60명은 평균 9분" in korean
    assert "한도 밖으로 밀려나는 사람 60명" in korean


def test_plan__what_stands_beyond_the_area_is_not_closed(tmp_path: Path) -> None:
    scenario = study(tmp_path, CLOSE_ONE, is_open=("f0", "c1", "c2"), moved="c1")
    found = plans(scenario).plans[0][2]
    assert found.closed == ("f0",)  # c1 would harm less, but is a neighbour's
    assert any("1 facilities beyond the study area stay open" in note for note in found.notes)


def test_plan__again_gives_the_same_bytes_but_for_what_the_manifest_names(opened: Plans, out: Path) -> None:
    other = out.with_name("again")
    write_plans(plans(Path(opened.provenance.run["scenario"])), other)
    manifests = [json.loads((folder / "manifest.json").read_text(encoding="utf-8")) for folder in (out, other)]
    apart = manifests[0]["differs_between_runs"]
    assert apart == {"plan/plan.json": ["seconds"]}
    for manifest in manifests:
        own = manifest.pop("run")
        assert set(own["files"]) == set(apart)
    assert manifests[0] == manifests[1]
    for name in manifests[0]["files"]:
        assert (out / name).read_bytes() == (other / name).read_bytes(), name
    both = [json.loads((folder / "plan" / "plan.json").read_text(encoding="utf-8")) for folder in (out, other)]
    for plan in both:
        del plan["seconds"]
    assert both[0] == both[1]


def test_plan__layers_open_with_states_and_trips(out: Path) -> None:
    layers = {name for name, _ in pyogrio.list_layers(out / "result.gpkg")}
    assert {"plan_sites_plan", "plan_people_plan", "plan_lines_plan", "layer_styles"} <= layers
    sites = pyogrio.read_dataframe(out / "result.gpkg", layer="plan_sites_plan").set_index("id")
    assert sites["state"].to_dict() == {"f0": "kept", "c1": "candidate", "c2": "opened"}
    assert np.isnan(sites.loc["c1", "people"])
    people = pyogrio.read_dataframe(out / "result.gpkg", layer="plan_people_plan").set_index("id")
    assert people["change"].to_dict() == {
        "w1": "unchanged", "w2": "unchanged", "e1": "newly_within", "e2": "newly_within",
    }  # fmt: skip
    assert people.loc["e2", ["minutes_before", "minutes_after"]].tolist() == [25, 5]
    lines = pyogrio.read_dataframe(out / "result.gpkg", layer="plan_lines_plan").set_index("id")
    assert lines["facility"].to_dict() == {"w1": "f0", "w2": "f0", "e1": "c2", "e2": "c2"}


def test_plan__workbook_hides_small_counts(out: Path) -> None:
    book = openpyxl.load_workbook(out / "result.xlsx", read_only=True)
    assert {"계획 plans", "계획의 시설 sites", "계획의 득실 who", "나중 연도 later", "감사 audit"} <= set(
        book.sheetnames
    )
    rows = list(book["계획의 시설 sites"].iter_rows(values_only=True))
    column = rows[0].index("people_2045")
    told = {row[1]: row[column] for row in rows[1:]}
    assert told == {"f0": 160, "c2": "<10"}
    assert all(row[-1] is True for row in list(book["감사 audit"].iter_rows(values_only=True))[1:])


def test_plan__maps_are_drawn(out: Path) -> None:
    names = sorted(path.name for path in (out / "plan" / "maps").iterdir())
    assert names == ["plan_after.png", "plan_before.png", "plan_change.png"]
    assert (out / "plan" / "maps" / names[0]).read_bytes()[:4] == b"\x89PNG"


def test_plan__pages_in_two_languages_follow_the_disclosure_rule(opened: Plans, out: Path) -> None:
    english, korean = (text(plans_page(opened, out, language=language)) for language in ("en", "ko"))
    assert "opens 1: c2" in english
    assert "proved best" in english
    assert "2035, 205 people: the plan is still the best" in english
    assert "2045, 169 people: 130.2 % behind the best of then (+c1)" in english
    assert "여는 곳 1곳: c2" in korean
    assert "2045년 169명: 그때의 최선(+c1)보다 130.2 % 못함" in korean
    assert "300,000,000원" in korean
    assert "<10" in english  # nine people use c2 in 2045
    shown = text(plans_page(opened, out, disclose=True))
    assert "<10" not in shown


def test_plan__a_projection_without_the_group_that_is_counted_is_a_fault(tmp_path: Path) -> None:
    asked = OPEN_ONE.replace("bound: 10 min", "bound: 10 min, groups: {old: 1}")
    with pytest.raises(ScenarioError, match=r"study\.yaml:\d+.*counts old, which this projection does not give"):
        plans(study(tmp_path, asked))


def test_plan__without_a_bound_has_round_classes_and_no_coverage(tmp_path: Path) -> None:
    result = plans(study(tmp_path, "{kind: clinic, method: p_median, choose: 1, candidates: {type: closed}}"))
    found = result.plans[0][2]
    assert all(row.covered_after is None for row in found.who)
    assert all(use.within is None for use in found.sites)
    assert round_breaks(found.effects[0]) == (300, 600, 900, 1200, 1500)  # the farthest is 1,500 s
    write_plans(result, tmp_path / "out")
    assert (tmp_path / "out" / "plan" / "maps" / "plan_before.png").is_file()


def test_plan__nothing_fits_is_told_and_written(tmp_path: Path) -> None:
    asked = "{kind: clinic, method: set_cover, candidates: {type: closed}, bound: 1 min, never: [c1]}"
    result = plans(study(tmp_path, asked))
    write_plans(result, tmp_path / "out")
    plan = json.loads((tmp_path / "out" / "plan" / "plan.json").read_text(encoding="utf-8"))
    assert (plan["status"], plan["objective"], plan["sites"]) == ("infeasible", None, [])
    assert plan["reasons"]
    assert "모든 규칙을 지키는 계획이 없음" in text(plans_page(result, tmp_path / "out", language="ko"))
