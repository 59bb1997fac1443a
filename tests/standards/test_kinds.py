"""The closed table of kinds and what widens it."""

from __future__ import annotations

import re

import pytest

from lifezone.errors import InputError
from lifezone.standards import KindSpec, kinds_spec, load_kinds, preset, preset_ids, unknown_kind

KEYS = [
    "clinic", "health_branch", "health_post", "health_centre", "hospital", "er_hospital", "er_centre", "dentist",
    "pharmacy", "kindergarten", "daycare", "elementary_school", "middle_school", "high_school", "small_library",
    "public_library", "senior_hall", "senior_class", "senior_welfare_centre", "social_welfare_centre", "local_sports",
    "public_sports", "culture", "museum", "neighbourhood_park", "hub_park", "retail", "supermarket", "market",
    "parking", "ambulance_station", "post_office", "fire_station", "police", "bank", "lifelong_learning", "park",
    "school", "library", "bus_stop", "rail_station",
    "delivery_hospital", "paediatric_hospital", "dialysis_unit", "er_local_centre", "er_regional_centre",
    "cardiologist", "college", "employment_centre", "town_centre", "basic_centre", "middle_centre", "upper_centre",
]  # fmt: skip


def fits(kind_key: str, tags: dict[str, str]) -> bool:
    """Match as a reader of OSM does."""
    kind = load_kinds()[kind_key]

    def holds(alternative: dict[str, str]) -> bool:
        return all(tags.get(key) == value or (value == "*" and key in tags) for key, value in alternative.items())

    return any(holds(a) for a in kind.osm) and not any(holds(a) for a in kind.osm_not)


def test_kinds__are_named_described_and_complete() -> None:
    kinds = load_kinds()
    assert set(kinds) == set(KEYS)
    for key, kind in kinds.items():
        assert kind.key == key
        assert re.search("[가-힣]", kind.name_ko)
        assert kind.name_en
        assert len(kind.counts) > 5
        assert all(kind.osm)


@pytest.mark.parametrize(
    ("kind", "tags", "counts"),
    [
        ("elementary_school", {"amenity": "school"}, True),
        ("elementary_school", {"amenity": "school", "isced:level": "1;2"}, True),
        ("elementary_school", {"amenity": "school", "isced:level": "3"}, False),
        ("high_school", {"amenity": "school"}, False),
        ("high_school", {"amenity": "school", "isced:level": "3"}, True),
        ("middle_school", {"amenity": "school", "isced:level": "2;3"}, True),
        ("school", {"amenity": "school", "isced:level": "3"}, True),
        ("clinic", {"amenity": "doctors"}, True),
        ("clinic", {"amenity": "dentist", "healthcare": "clinic"}, False),
        ("hospital", {"amenity": "hospital"}, True),
        ("er_hospital", {"amenity": "hospital"}, False),
        ("er_hospital", {"amenity": "hospital", "emergency": "yes"}, True),
        ("retail", {"shop": "convenience"}, True),
        ("retail", {"shop": "clothes"}, False),
        ("supermarket", {"shop": "convenience"}, False),
        ("parking", {"amenity": "parking", "access": "private"}, False),
        ("parking", {"amenity": "parking", "access": "yes"}, True),
        ("public_library", {"amenity": "library"}, True),
        ("small_library", {"amenity": "library"}, True),
        ("museum", {"tourism": "gallery", "shop": "art"}, False),
    ],
)
def test_kinds__count_osm_objects(kind: str, tags: dict[str, str], counts: bool) -> None:
    assert fits(kind, tags) is counts


def test_kinds__serve_every_packaged_requirement() -> None:
    used = {kind for preset_id in preset_ids() for r in preset(preset_id).requirements for kind in r.kinds}
    assert used <= set(load_kinds())


def test_kinds_spec__adds_and_changes() -> None:
    bakery = KindSpec.model_validate({"ko": "빵집", "osm": [{"shop": "bakery"}]})
    clinic = KindSpec.model_validate({"osm": [{"amenity": "polyclinic"}]})
    kinds = kinds_spec({"bakery": bakery, "clinic": clinic})
    assert (kinds["bakery"].name_ko, kinds["bakery"].name_en, kinds["bakery"].osm) == (
        "빵집",
        "빵집",
        ({"shop": "bakery"},),
    )
    assert kinds["clinic"].osm == ({"amenity": "polyclinic"},)
    assert kinds["clinic"].name_ko == "의원"
    assert "bakery" not in load_kinds()


def test_kinds_spec__gathers_faults() -> None:
    with pytest.raises(InputError) as raised:
        kinds_spec({"Bakery": KindSpec.model_validate({"en": "bakery", "osm": [{}]}), "inn": KindSpec()})
    assert [fault.path for fault in raised.value.faults] == [("Bakery",), ("Bakery", "osm", 0), ("inn",)]


def test_unknown_kind__suggests() -> None:
    kinds = load_kinds()
    assert "did you mean library or" in unknown_kind("libary", kinds)
    assert unknown_kind("어린이", kinds).endswith("did you mean daycare?")
    assert "expected one of clinic, health_branch" in unknown_kind("zzz", kinds)
