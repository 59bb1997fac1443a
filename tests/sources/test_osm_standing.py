"""Where OSM facilities stand, kinds known by name, and the preset of all kinds."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from lifezone.errors import InputError
from lifezone.sources.osm.features import kind_keys
from lifezone.sources.osm.file import OsmThing
from lifezone.sources.osm.standing import places_of
from lifezone.sources.osm_facilities import OsmFacilities
from lifezone.sources.reading import Reading
from lifezone.standards import load_kinds, preset, preset_ids

SQUARE = shapely.box(127.0, 36.0, 127.01, 36.01)
SHOE = shapely.Polygon([(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)])


def gate(number: int, x: float, y: float, value: str, **tags: str) -> OsmThing:
    return OsmThing(f"node/{number}", {"entrance": value, **tags}, shapely.Point(x, y))


def area(shape: shapely.Geometry = SQUARE) -> OsmThing:
    return OsmThing("way/1", {"amenity": "school"}, shape)


@pytest.mark.parametrize(
    ("gates", "expected", "how"),
    [
        ([], (127.005, 36.005), "middle"),
        ([gate(9, 127.0, 36.002, "yes"), gate(10, 127.0, 36.004, "main")], (127.0, 36.004), "entrance"),
        ([gate(9, 127.0, 36.002, "yes"), gate(8, 127.0, 36.004, "yes")], (127.0, 36.004), "entrance"),
        ([gate(9, 127.0, 36.002, "home"), gate(10, 127.0, 36.004, "yes")], (127.0, 36.004), "entrance"),
        ([gate(9, 127.0, 36.002, "emergency")], (127.005, 36.005), "middle"),
        ([gate(7, 127.0, 36.0, "main", access="private")], (127.005, 36.005), "middle"),
        ([gate(9, 127.005, 36.005, "main")], (127.005, 36.005), "middle"),  # inside, another building's
        ([gate(9, 127.01001, 36.005, "main")], (127.005, 36.005), "middle"),  # a metre off the outline
    ],
)  # fmt: skip
def test_areas__stand_at_their_best_entrance(gates: list[OsmThing], expected: tuple[float, float], how: str) -> None:
    lon, lat, told = places_of([area()], gates)
    assert (lon[0], lat[0]) == pytest.approx(expected, abs=1e-9)
    assert told == [how]


def test_areas__whose_middle_lies_outside_stand_inside() -> None:
    lon, lat, how = places_of([area(SHOE), OsmThing("node/3", {}, shapely.Point(5, 5))], [])
    assert not SHOE.intersects(SHOE.centroid)
    assert SHOE.intersects(shapely.Point(lon[0], lat[0]))
    assert how == ["inside", "point"]


OSM = """<osm version="0.6">
<node id="1" lon="127.000" lat="36.000"/><node id="2" lon="127.001" lat="36.000"><tag k="entrance" v="main"/></node>
<node id="3" lon="127.001" lat="36.001"/><node id="4" lon="127.000" lat="36.001"/>
<node id="5" lon="127.002" lat="36.0"><tag k="amenity" v="clinic"/><tag k="name" v="한빛면보건지소"/></node>
<node id="6" lon="127.003" lat="36.0"><tag k="amenity" v="clinic"/><tag k="name" v="한빛의원"/></node>
<node id="7" lon="127.004" lat="36.0"><tag k="highway" v="bus_stop"/></node>
<way id="9"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="amenity" v="school"/></way>
</osm>"""


def load(folder: Path, **keys: object) -> object:
    (folder / "f.osm").write_text(OSM, encoding="utf-8")
    study = Reading(folder=folder, crs="EPSG:5179", kinds=load_kinds())
    return OsmFacilities.model_validate({"path": "f.osm", **keys}).load(study)


def test_osm__all_kinds_are_those_that_are_there(tmp_path: Path) -> None:
    found = load(tmp_path, kinds="all")
    assert set(found.kinds) == {"clinic", "health_branch", "elementary_school", "school", "bus_stop"}
    assert any("none here of" in note and "pharmacy" in note for note in found.notes)
    assert "of 2 facilities mapped as areas 2 stand at a mapped entrance, 0 at their middle" in found.notes


def test_osm__a_name_tells_a_branch_and_none_found_says_nothing(tmp_path: Path) -> None:
    found = load(tmp_path, kinds=["health_branch", "er_centre", "pharmacy"])
    assert found.ids.tolist() == ["node/5"]
    assert found.kinds == ("health_branch", "pharmacy")  # no pharmacy is unmet; no name of a centre is not known
    assert any("none here of er_centre" in note for note in found.notes)
    with pytest.raises(InputError, match="unknown kind"):
        load(tmp_path, kinds=["all"])


BY_DESIGNATION = {
    "basic_centre", "employment_centre", "er_local_centre", "er_regional_centre", "middle_centre", "town_centre",
    "upper_centre",
}  # fmt: skip
"""Ranks that an office gives to places: OpenStreetMap does not carry them, a table must."""


def test_osm__every_kind_of_every_packaged_standard_has_tags() -> None:
    kinds = load_kinds()
    used = {kind for one in preset_ids() for rule in preset(one).requirements for kind in rule.kinds}
    assert [kind for kind in sorted(used) if not kinds[kind].osm and kind not in BY_DESIGNATION] == []
    assert "name" not in kind_keys(list(kinds.values()))
    assert all(set(tags) - {"name"} for kind in kinds.values() for tags in kind.osm)
