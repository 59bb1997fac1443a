"""One study with everything that zones, alternatives, siting and cost are told of; run once for all tests."""

from __future__ import annotations

from pathlib import Path

SCENARIOS = Path(__file__).parents[3] / "scenarios"

STUDY = """
name: 모두 담은 연구 · A study of everything
area:
  network: {type: synthetic, size: county}
  districts: {type: synthetic}
demand: {type: synthetic}
facilities: [{type: synthetic}]
standard:
  requirements:
    - {id: clinic_car, kind: clinic, mode: car, bound: 15 min, name: {ko: 의원(군 목표), en: Clinic (county target)}}
    - {id: culture, kind: culture, mode: car, bound: 20 min, group: age_65_plus, name: {ko: 문화시설, en: Culture}}
  desert: {functions: {medical: [clinic_car], leisure: [culture]}, at_least: 2}
variants:
  - name: two-clinics
    siting:
      kind: clinic
      method: max_cover
      choose: 2
      candidates: LAND
      projections:
        - {year: 2035, path: TABLES/people_later.csv, district: code, groups: {total: all}, where: {year: 2035}}
      scenarios:
        - {name: 느린 길, times: 1.25}
        - {name: people of 2035, year: 2035}
      samples: {n: 5, people: 20 %, times: 10 %}
  - name: choices
    siting:
      kind: clinic
      method: pareto
      goals: [cost, beyond]
      choose: 2
      candidates: LAND
  - name: impossible
    siting:
      kind: clinic
      method: set_cover
      never: [land-01, land-02, land-03, land-04, land-05, land-06, land-07]
      candidates: LAND
  - name: villages
    siting:
      method: portfolio
      start: 2027
      years: 2
      horizon: 10
      budget: 150000000
      requirements: [clinic_car]
      projects:
        - {id: room-1, name: 노을 진료실, village: 노을면, cost: [30000000, 30000000], running: 5000000,
           edits: [{open: {kind: clinic, at: [127.4919, 36.4574]}}]}
        - {id: room-2, name: 호반 진료실, village: 호반면, cost: 60000000, running: 4000000,
           edits: [{open: {kind: clinic, at: [127.4576, 36.5790]}}]}
        - {id: flowers, name: 꽃길, village: 한빛읍, cost: 10000000}
        - {id: dear, name: 비싼 진료실, village: 들말면, cost: 90000000, running: 1000000,
           edits: [{open: {kind: clinic, at: [127.36, 36.44]}}]}
  - name: swapped
    edits:
      - {close: {id: clinic-06}}
      - {open: {kind: clinic, at: [127.47, 36.52], name: "<img onerror=alert(1)>"}}
  - name: people-2035
    edits:
      - people:
          project: {path: TABLES/people_2035.csv, district: code, groups: {total: all, age_65_plus: old},
                    where: {year: 2035}}
  - name: looser-rule
    standard: {requirements: [{id: clinic_car, kind: clinic, mode: car, bound: 20 min}]}
  - name: nothing
    edits: [{resize: {id: clinic-01, capacity: 30}}]
zones:
  functions:
    - id: doctor
      function: medical
      level: village
      kinds: [clinic, health_branch]
      reach: 30 min
      also_by: [walk]
      capture: 80 %
      minimum: {preset: kr-krei-2022/hospital_or_clinic, kind: survival}
      protected: [health_branch-09]
    - {id: library, function: culture, level: town, kinds: [public_library], reach: 20 min,
       minimum: {preset: kr-supply/public_library}}
alliances:
  members: [2, 3]
  people: [3000, 9000]
  target: 6000
  apart: 40 min
  joint:
    - {kind: local_sports, users: total, minimum: 4000, bound: 10 min, yearly_cost: 400000000}
compact_city: {kinds: [clinic], mode: walk, bound: 15 min}
output: {layers: [parquet, gpkg], maps: false}
"""
LAND = "{type: table, path: TABLES/public_land.csv, kind: clinic, id: no, x: lon, y: lat, name: name, cost: won}"


def write_study(folder: Path) -> Path:
    """Write the study into a folder; returns its path."""
    path = folder / "plans.yaml"
    text = STUDY.replace("LAND", LAND).replace("TABLES", (SCENARIOS / "tables").as_posix())
    path.write_text(text, encoding="utf-8")
    return path
