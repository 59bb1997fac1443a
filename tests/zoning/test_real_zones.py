"""Life zones on real input: a mountain country from one OSM file; they were looked at on maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lifezone.run import zones

ANDORRA = """name: Andorra
area:
  network: {{type: osm_file, path: {path}}}
demand: {{type: roads, people: 81588, ways: [residential, living_street], spacing: 100 m}}
facilities: [{{type: osm, kinds: [clinic, health_centre, er_hospital, elementary_school]}}]
zones:
  functions:
    - {{id: doctor, function: medical, level: village, kinds: [clinic, health_centre], reach: 20 min,
       minimum: {{people: 14300, kind: survival}}}}
    - {{id: hospital, function: medical, level: hub, kinds: [er_hospital], reach: 40 min}}
    - {{id: school, function: education, level: village, kinds: [elementary_school], reach: 15 min}}
"""


@pytest.mark.shared
def test_andorra__zones_hold_everybody_once_and_small_ones_are_merged(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "andorra.yaml"
    path.write_text(ANDORRA.format(path=(shared / "andorra" / "andorra.osm.pbf").as_posix()), encoding="utf-8")
    doctor, hospital, school = zones(path).variants[0].zoning.functions
    for one in (doctor, hospital, school):
        beyond = one.weight[one.label < 0].sum()
        assert sum(zone.people for zone in one.zones) + beyond == pytest.approx(81_588)
        assert np.array_equal(np.isfinite(one.cost), one.label >= 0)
        assert one.cost[one.label >= 0].max() <= one.reach
        assert np.unique(one.label[one.label >= 0]).tolist() == list(range(len(one.zones)))
    assert [len(one.zones) for one in (hospital, school)] == [1, 7]
    assert hospital.weight[hospital.label < 0].sum() == pytest.approx(209, abs=1)
    assert school.weight[school.label < 0].sum() == pytest.approx(3_832, abs=1)
    (drop,) = doctor.merges  # the parishes of the north-east have 14,283 people
    assert drop.users == pytest.approx(14_283, abs=1)
    assert len(doctor.zones) == 2
    assert all(zone.viable for zone in doctor.zones)


JEONBUK = """name: Jeonbuk
area: {{crs: EPSG:5179, districts: {{type: korea, path: {folder}/emd_2021_population_202006.geojson}}}}
demand: {{type: korea, path: {folder}/emd_2021_population_202006.geojson}}
facilities:
  - {{type: korea, path: {folder}/fac_medical_hira_2025.csv, kinds: [clinic]}}
  - {{type: table, path: hall.csv, kind: hospital, id: id, x: x, y: y}}
times: {{type: table, path: times.csv, from: a, to: b, minutes: t}}
zones:
  functions: [{{id: clinic, kinds: [clinic], reach: 30 min, centre: 0 m, minimum: {{fit: logit}}}}]
"""


@pytest.mark.shared
def test_jeonbuk__the_size_at_which_half_of_all_districts_have_a_clinic(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "jeonbuk.yaml"
    path.write_text(JEONBUK.format(folder=(shared / "jeonbuk").as_posix()), encoding="utf-8")
    (tmp_path / "hall.csv").write_text("id,x,y\nx,127.141,35.82\n", encoding="utf-8")
    (tmp_path / "times.csv").write_text("a,b,t\n4511151000,x,5\n", encoding="utf-8")  # a fit needs no roads
    (clinic,) = zones(path).variants[0].zoning.functions
    assert clinic.threshold is not None
    assert (clinic.threshold.id, clinic.threshold.kind) == ("fitted", "presence")
    assert clinic.threshold.people == pytest.approx(3_379, rel=0.005)
    assert clinic.threshold.low == pytest.approx(3_020, rel=0.01)
    assert clinic.threshold.high == pytest.approx(3_853, rel=0.01)
    first, *more = clinic.fits
    assert first.districts == 243
    assert [one.people for one in more] == sorted(one.people for one in more)  # every provider more needs more people
    assert clinic.merges == ()  # an association moves nobody
