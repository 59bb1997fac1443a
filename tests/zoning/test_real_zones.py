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
