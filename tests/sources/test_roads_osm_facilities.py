"""Facilities by OpenStreetMap tags."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import shapely
from pydantic import ValidationError

from lifezone.errors import InputError
from lifezone.model import Facilities, Kind
from lifezone.sources.osm_facilities import OsmFacilities
from lifezone.sources.reading import Reading
from lifezone.sources.roads import GraphMl, OsmFile

KINDS = {
    kind.key: kind
    for kind in (
        Kind("clinic", "의원", "clinic", ({"amenity": "clinic"}, {"amenity": "doctors"})),
        Kind("hospital", "병원", "hospital", ({"amenity": "hospital"},), capacity_unit="beds"),
        Kind("elementary", "초등", "elementary", ({"amenity": "school"},), osm_not=({"isced:level": "3"},)),
        Kind("health", "보건", "any health", ({"healthcare": "*"},)),
        Kind("gym", "체육관", "gym", ({"leisure": "sports_centre", "sport": "gymnastics"},)),
        Kind("well", "우물", "no tags"),
    )
}
MAP = """<osm version="0.6"><bounds minlat="35.9" minlon="126.9" maxlat="36.2" maxlon="127.2"/>
<node id="1" lat="36.00" lon="127.00"/><node id="2" lat="36.00" lon="127.02"/>
<node id="3" lat="36.02" lon="127.02"/><node id="4" lat="36.02" lon="127.00"/>
<node id="10" lat="36.01" lon="127.01"><tag k="amenity" v="clinic"/><tag k="name" v="한빛의원"/>
  <tag k="name:en" v="Hanbit"/><tag k="opening_hours" v="Mo-Fr 09:00-18:00"/><tag k="healthcare" v="clinic"/></node>
<node id="11" lat="36.05" lon="127.05"><tag k="amenity" v="doctors;pharmacy"/><tag k="name:en" v="Kim"/></node>
<node id="12" lat="36.06" lon="127.05"><tag k="amenity" v="school"/><tag k="isced:level" v="1"/></node>
<node id="13" lat="36.07" lon="127.05"><tag k="amenity" v="school"/><tag k="isced:level" v="3"/></node>
<node id="14" lat="36.07" lon="127.06"><tag k="leisure" v="sports_centre"/><tag k="sport" v="tennis"/></node>
<node id="15" lat="36.07" lon="127.07"><tag k="leisure" v="sports_centre"/>
  <tag k="sport" v="tennis; gymnastics"/></node>
<node id="21" lat="36.10" lon="127.10"/><node id="22" lat="36.10" lon="127.12"/><node id="23" lat="36.12" lon="127.12"/>
<way id="30"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="amenity" v="hospital"/>
  <tag k="beds" v="120"/></way>
<way id="31"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="amenity" v="clinic"/></way>
<way id="32"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
<way id="33"><nd ref="21"/><nd ref="22"/></way><way id="34"><nd ref="22"/><nd ref="23"/><nd ref="21"/></way>
<relation id="40"><member type="way" ref="33" role="outer"/><member type="way" ref="34" role="outer"/>
  <tag k="type" v="multipolygon"/><tag k="amenity" v="hospital"/><tag k="capacity" v="many"/></relation>
</osm>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m.osm").write_text(MAP, encoding="utf-8")
    return tmp_path


def load(folder: Path, clip: Any = None, source: Any = None, **spec: Any) -> Facilities:
    reading = Reading(
        folder=folder, crs="EPSG:4326", kinds=KINDS, clip=clip, network_source=source or OsmFile(path="m.osm")
    )
    return OsmFacilities.model_validate({"type": "osm", **spec}).load(reading)


def test_osm_facilities__nodes_ways_and_relations_are_found(folder: Path) -> None:
    found = load(folder, kinds=["clinic", "hospital"])
    assert found.ids.tolist() == ["node/10", "node/11", "way/31", "relation/40", "way/30"]
    assert found.kinds == ("clinic", "hospital")
    assert found.kind.tolist() == [0, 0, 0, 1, 1]
    assert found.x_m == pytest.approx([127.01, 127.05, 127.01, 127 + 0.34 / 3, 127.01])  # centroids
    assert found.y_m == pytest.approx([36.01, 36.05, 36.01, 36 + 0.32 / 3, 36.01])
    assert found.name.tolist() == ["한빛의원", "Kim", "", "", ""]
    assert found.hours[0] == "Mo-Fr 09:00-18:00"
    assert found.capacity[4] == 120
    assert math.isnan(found.capacity[3])
    assert found.open.all()
    assert "OpenStreetMap: 3 clinic, 2 hospital" in found.notes


def test_osm_facilities__a_node_inside_an_area_of_its_kind_is_told_not_dropped(folder: Path) -> None:
    found = load(folder, kind="clinic")
    assert any("1 facilities may be mapped twice, both are kept: node/10 in way/31 (clinic)" in n for n in found.notes)


def test_osm_facilities__an_object_of_two_kinds_counts_as_both_under_its_own_id(folder: Path) -> None:
    found = load(folder, kinds=["clinic", "health"])
    assert "node/10" in found.ids.tolist()
    assert "node/10:health" in found.ids.tolist()


def test_osm_facilities__all_tags_of_an_alternative_and_no_exception(folder: Path) -> None:
    assert load(folder, kind="elementary").ids.tolist() == ["node/12"]
    assert load(folder, kind="gym").ids.tolist() == ["node/15"]
    assert load(folder, kinds=["health", "health"]).ids.tolist() == ["node/10"]


def test_osm_facilities__are_clipped(folder: Path) -> None:
    assert load(folder, clip=shapely.box(127.04, 36.04, 127.06, 36.06), kind="clinic").ids.tolist() == ["node/11"]
    nothing = load(folder, clip=shapely.box(0, 0, 1, 1), kind="clinic")
    assert nothing.n_facilities == 0
    assert nothing.kinds == ("clinic",)  # a source without rows: unmet, not unassessed


def test_osm_facilities__come_from_another_file_where_named(folder: Path) -> None:
    found = load(folder, source=GraphMl(path="g.graphml"), kind="clinic", path="m.osm")
    assert found.n_facilities == 3
    with pytest.raises(InputError, match="do not come from OpenStreetMap: give path"):
        load(folder, source=GraphMl(path="g.graphml"), kind="clinic")


def test_osm_facilities__a_kind_without_tags_is_told_and_has_no_source(folder: Path) -> None:
    found = load(folder, kinds=["clinic", "well"])
    assert found.kinds == ("clinic",)
    assert any("no tags for well" in note for note in found.notes)


def test_osm_facilities__faults_are_told(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(folder, kinds=["clinik", "well"])
    assert [fault.path for fault in caught.value.faults] == [("kinds", 0)]
    assert "did you mean 'clinic'?" in str(caught.value)
    with pytest.raises(InputError, match="no OpenStreetMap tags"):
        load(folder, kind="well")
    for wrong in ({}, {"kind": "clinic", "kinds": ["clinic"]}, {"kinds": []}):
        with pytest.raises(ValidationError):
            OsmFacilities.model_validate({"type": "osm", **wrong})


def test_andorra__has_facilities(shared: Path) -> None:
    kinds = {
        key: Kind(key, key, key, ({"amenity": key},)) for key in ("pharmacy", "school", "library", "hospital", "clinic")
    }
    source = OsmFile(path="andorra/andorra.osm.pbf")
    reading = Reading(folder=shared, crs="EPSG:25831", kinds=kinds, network_source=source)
    found = OsmFacilities(kinds=list(kinds)).load(reading)
    assert found.notes[0] == "OpenStreetMap: 33 pharmacy, 25 school, 5 library, 10 hospital, 1 clinic"
    assert reading.inputs[0]["what"] == "facilities"
