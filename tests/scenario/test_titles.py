"""What people call a variant."""

from __future__ import annotations

import json

from lifezone.report import write
from lifezone.report.maps.words import variant_name
from lifezone.report.material import material_of
from lifezone.report.saved import open_saved
from lifezone.run import run

SCENARIO = """
name: Titles
area: {network: {type: synthetic, size: county}, districts: {type: synthetic}}
demand: {type: synthetic}
facilities: [{type: synthetic, kinds: [clinic]}]
standard:
  requirements: [{id: clinic_car, kind: clinic, mode: car, bound: 15 min}]
variants:
  - name: east
    title: {ko: 동부 의원 신설, en: A clinic in the east}
    edits: [{open: {kind: clinic, at: [127.47, 36.52]}}]
  - name: west
    edits: [{open: {kind: clinic, at: [127.30, 36.52]}}]
output: {maps: false}
"""


def test_titles__go_from_the_scenario_to_maps_manifest_and_reports(tmp_path):
    (tmp_path / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    result = run(tmp_path / "s.yaml")
    names = [variant_name(one) for one in result.variants]
    assert names == [("현재", "baseline"), ("동부 의원 신설", "A clinic in the east"), ("west", "west")]
    write(result, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["variants"]
    assert [one.get("title") for one in told] == [None, {"ko": "동부 의원 신설", "en": "A clinic in the east"}, None]
    assert variant_name(open_saved(tmp_path / "out").variant("east")) == names[1]
    material = material_of(tmp_path / "out")
    assert [material.variant_name(name, "ko") for name in material.variants] == ["현재", "동부 의원 신설", "west"]
