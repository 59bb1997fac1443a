"""Every figure of the packaged standards against REFERENCE 1.1, 1.2, 2.1, 2.6 and REFERENCE_KR 1, 2, 5."""

from __future__ import annotations

import pytest

from lifezone.errors import InputError
from lifezone.standards import load_kinds, preset, preset_ids, preset_spec, resolve
from lifezone.standards.spec import StandardSpec

ALL = (
    "city-15",
    "cn-gb50180",
    "de-gba-closure",
    "de-rin-2008-car",
    "de-rin-2008-transit",
    "fr-apl-2.5",
    "fr-urgences-30",
    "jp-walk-800",
    "kr-auri-2019",
    "kr-county",
    "kr-delivery-60",
    "kr-dialysis-60",
    "kr-emergency-30-60",
    "kr-molit-2018-notice",
    "kr-ngii-distance",
    "kr-paediatrics-60",
    "kr-rural-2020",
    "kr-school-1500m",
    "uk-dft-core-lower",
    "uk-dft-core-upper",
    "us-cms-primary",
    "us-hpsa",
    "us-mua",
    "us-usda-1-10",
    "us-va-30-60",
    "who-lcogs-120",
)

# id: (mode, bound, optimum, group, confidence); minutes, or metres where said; None = no figure
TABLE = {
    "kr-molit-2018-notice": {
        "kindergarten": ("walk", 10, 5, "age_0_6", "V2"),
        "elementary": ("walk", 15, 10, "total", "V2"),
        "small_library": ("walk", 15, 10, "total", "V2"),
        "daycare": ("walk", 5, None, "age_0_6", "V"),
        "senior_hall": ("walk", 10, 5, "age_65_plus", "V2"),
        "senior_class": ("walk", 10, 5, "age_65_plus", "V"),
        "clinic": ("walk", None, None, "total", "V"),
        "pharmacy": ("walk", None, None, "total", "V"),
        "local_sports": ("walk", 10, None, "total", "V2"),
        "neighbourhood_park": ("walk", 15, 10, "total", "V2"),
        "retail": ("walk", 10, None, "total", "V2"),
        "parking": ("walk", None, None, "total", "V"),
        "public_library": ("car", 10, None, "total", "V2"),
        "social_welfare": ("car", 30, 20, "total", "V2"),
        "senior_welfare": ("car", 30, 20, "age_65_plus", "V2"),
        "health_centre": ("car", 20, None, "total", "V2"),
        "er_hospital": ("car", 30, None, "total", "V2"),
        "culture": ("car", 20, None, "total", "V2"),
        "public_sports": ("car", 30, 15, "total", "V2"),
        "hub_park": ("car", 10, None, "total", "V"),
    },
    "kr-auri-2019": {
        "clinic": ("walk", 25, None, "total", "V2"),
        "pharmacy": ("walk", 20, None, "total", "V2"),
        "retail": ("walk", 10, None, "total", "V2"),
        "kindergarten": ("walk", 10, None, "age_0_6", "V2"),
        "daycare": ("walk", 5, None, "age_0_6", "C"),
        "elementary": ("walk", 10, None, "total", "V2"),
        "small_library": ("walk", 15, None, "total", "V2"),
        "senior_hall": ("walk", 5, None, "age_65_plus", "V"),
        "senior_class": ("walk", 10, None, "age_65_plus", "V2"),
        "local_sports": ("walk", 15, None, "total", "V2"),
        "neighbourhood_park": ("walk", 15, None, "total", "V2"),
        "parking": ("walk", 10, None, "total", "V2"),
    },
    "kr-rural-2020": {
        "clinic": ("car", 60, 30, "total", "V2"),
        "ambulance": ("car", 30, None, "total", "V2"),
        "childcare": ("car", 20, None, "age_0_6", "V2"),
        "school": ("car", 10, None, "total", "V"),
        "culture": ("car", 40, None, "total", "V"),
        "library": ("car", 10, None, "total", "V"),
        "sports": ("car", 30, None, "total", "V"),
        "fire": ("car", 7, None, "total", "V"),
    },
    "who-lcogs-120": {"surgery": ("car", 120, None, "total", "V")},
    "kr-delivery-60": {"delivery": ("car", 60, None, "women_15_49", "V2")},
    "kr-paediatrics-60": {"paediatrics": ("car", 60, None, "age_0_17", "V")},
    "kr-dialysis-60": {"dialysis": ("car", 60, None, "dialysis_patients", "V")},
    "kr-emergency-30-60": {
        "er_local": ("car", 30, None, "total", "V2"),
        "er_regional": ("car", 60, None, "total", "V2"),
    },
    "de-rin-2008-car": {
        "basic_centre": ("car", 20, None, "total", "V"),
        "middle_centre": ("car", 30, None, "total", "V"),
        "upper_centre": ("car", 60, None, "total", "V"),
    },
    "de-rin-2008-transit": {
        "basic_centre": ("transit", 30, None, "total", "V"),
        "middle_centre": ("transit", 45, None, "total", "V"),
        "upper_centre": ("transit", 90, None, "total", "V"),
    },
    "de-gba-closure": {
        "hospital": ("car", 30, None, "total", "V"),
        "obstetrics": ("car", 40, None, "women_15_49", "V"),
        "paediatrics": ("car", 40, None, "age_0_17", "V"),
    },
    "fr-urgences-30": {
        "emergency": ("car", 30, None, "total", "V"),
        "maternity": ("car", 45, None, "women_15_49", "R"),
    },
    "us-va-30-60": {
        "primary_care": ("car", 30, None, "total", "R+"),
        "specialty_care": ("car", 60, None, "total", "R+"),
    },
    "city-15": dict.fromkeys(("commerce", "health", "education", "entertainment"), ("walk", 15, None, "total", "R+")),
}
METRES = {"park": 750, "daycare": 750, "pharmacy": 750, "library": 1500, "emergency": 15000}


def test_presets__are_those_that_the_tests_know() -> None:
    assert preset_ids() == ALL


@pytest.mark.parametrize("threshold", ["lower", "upper"])
def test_preset__uk_has_the_two_thresholds(threshold: str) -> None:
    # REFERENCE 2.4: lower/upper minutes
    pairs = {
        "employment": (20, 40), "supermarket": (15, 30), "primary_school": (15, 30), "secondary_school": (20, 40),
        "further_education": (30, 60), "gp": (15, 30), "hospital": (30, 60), "town_centre": (15, 30),
    }  # fmt: skip
    found = {r.id: r.bound / 60 for r in preset(f"uk-dft-core-{threshold}").requirements}
    assert found == {key: pair[threshold == "upper"] for key, pair in pairs.items()}


def test_preset__designations_have_the_published_thresholds() -> None:
    tests = {
        (p, d.id, t.id): (t.comparison, t.threshold, t.working) for p in ALL for d in preset(p).designations
        for t in d.tests
    }  # fmt: skip
    assert tests == {
        ("kr-delivery-60", "delivery", "access"): ("at_least", 0.3, None),
        ("kr-delivery-60", "delivery", "use"): ("below", 0.3, None),
        ("kr-delivery-60", "delivery", "background"): ("below", 37707, None),
        ("kr-paediatrics-60", "paediatrics", "access"): ("at_least", 0.3, None),
        ("kr-paediatrics-60", "paediatrics", "use"): ("below", 0.3, None),
        ("kr-dialysis-60", "dialysis", "access"): ("at_least", 0.3, None),
        ("kr-dialysis-60", "dialysis", "use"): ("below", 0.3, None),
        ("kr-emergency-30-60", "emergency", "access"): ("at_least", 0.3, 0.27),
        ("de-gba-closure", "closure", "harm"): ("at_least", 5000, None),
        ("de-gba-closure", "closure", "low_need"): ("below", 100, None),
        ("de-gba-closure", "closure_obstetrics", "harm"): ("at_least", 950, None),
        ("de-gba-closure", "closure_obstetrics", "low_need"): ("below", 20, None),
        ("fr-apl-2.5", "doctor_desert", "apl"): ("below", 2.5, None),
        ("us-hpsa", "hpsa", "ratio"): ("at_least", 3500, None),
        ("us-hpsa", "hpsa", "ratio_high_need"): ("at_least", 3000, None),
        ("us-hpsa", "hpsa", "high_need"): ("at_least", 1, None),
        ("us-mua", "mua", "index"): ("at_most", 62, None),
        ("us-usda-1-10", "food_desert", "poverty"): ("at_least", 0.2, None),
        ("us-usda-1-10", "food_desert", "income"): ("below", 0.8, None),
        ("us-usda-1-10", "food_desert", "people"): ("at_least", 500, None),
        ("us-usda-1-10", "food_desert", "share"): ("at_least", pytest.approx(0.33), None),
    }
    (harm,) = (t for d in preset("de-gba-closure").designations for t in d.tests if t.thin_below)
    assert (harm.thin_below, harm.thin_threshold) == (50, 500)
    local, regional = preset("kr-emergency-30-60").requirements
    assert {(r.speed_share, r.share_of) for r in (local, regional)} == {(0.65, "limit")}


def test_preset__rural_items_have_the_published_targets() -> None:
    # REFERENCE_KR 1, 19 items: seven and the fire engine by travel time, twelve by tables (one in two parts)
    found = {item.id: (item.unit, round(item.target, 4)) for item in preset("kr-rural-2020").items}
    assert found == {
        "elder_home_care": ("district", 0.8), "lifelong": ("eup_myeon", 0.7), "slate_roof": ("district", 0.23),
        "water": ("eup_myeon", 0.85), "sewer": ("district", 0.76), "gas": ("eup_myeon", 0.68), "transit": ("ri", 1.0),
        "farm_waste": ("ri", 1.0), "household_waste": ("ri", 1.0), "cctv": ("ri", 0.6), "police": ("district", 1.0),
        "job_training": ("district", 0.86),
    }  # fmt: skip
    (transit,) = (item for item in preset("kr-rural-2020").items if item.id == "transit")
    assert (transit.statistic, transit.least) == ("bus_runs", 3)
    (fire,) = (r for r in preset("kr-rural-2020").requirements if r.id == "fire")
    assert (fire.growth.from_m, fire.growth.step_m, fire.growth.step_s, fire.target) == (
        2500,
        500,
        60,
        pytest.approx(0.7),
    )


@pytest.mark.parametrize("preset_id", TABLE)
def test_preset__has_the_published_minutes(preset_id: str) -> None:
    found = {
        r.id: (
            r.mode,
            None if r.bound is None else r.bound / 60,
            None if r.optimum is None else r.optimum / 60,
            r.group,
            r.confidence,
        )
        for r in preset(preset_id).requirements
    }
    assert found == TABLE[preset_id]


def test_preset__ngii_has_the_published_metres() -> None:
    standard = preset("kr-ngii-distance")
    assert {r.id: r.bound for r in standard.requirements} == METRES
    assert {r.metric for r in standard.requirements} == {"length"}
    assert next(r for r in standard.requirements if r.id == "emergency").mode == "car"


def test_preset__kr_county_is_the_two_sets_by_setting_and_one_rule_of_ours() -> None:
    county = {r.id: r for r in preset("kr-county").requirements}
    for source, prefix in (("kr-auri-2019", "urban"), ("kr-rural-2020", "rural")):
        for r in preset(source).requirements:
            mine = county.pop(f"{prefix}_{r.id}")
            same = ("kinds", "match", "mode", "bound", "metric", "optimum", "group", "direction", "source", "standard")
            assert [getattr(mine, name) for name in same] == [getattr(r, name) for name in same]
            assert mine.setting == prefix
    (ours,) = county.values()
    assert (ours.id, ours.bound, ours.mode, ours.setting, ours.confidence) == (
        "rural_retail",
        900,
        "car",
        "rural",
        "ours",
    )
    assert "pharmacy" in preset("kr-county").not_computed["rural_pharmacy"]
    assert preset("kr-county").desert.functions == {
        "medical": ("urban_clinic", "rural_clinic"),
        "shopping": ("urban_retail", "rural_retail"),
        "education": ("urban_elementary", "rural_school"),
        "leisure": ("urban_small_library", "rural_culture"),
    }


@pytest.mark.parametrize("preset_id", ALL)
def test_preset__says_where_every_figure_stands(preset_id: str) -> None:
    standard = preset(preset_id)
    assert standard.id == preset_id
    assert standard.name_ko
    assert standard.name_en
    assert len(standard.note) > 100
    assert standard.desert is not None
    assert (standard.desert.link_m, standard.desert.least_people) == (1000, 50)
    for r in standard.requirements:
        assert r.source
        assert r.date
        assert r.confidence
        assert r.name_ko
        assert r.name_en
        assert set(r.kinds) <= set(load_kinds())
        assert r.bound is not None or r.note


@pytest.mark.parametrize("preset_id", ["kr-molit-2018-notice", "kr-auri-2019", "kr-county", "city-15"])
def test_preset__default_desert_test_is_that_of_definitions(preset_id: str) -> None:
    test = preset(preset_id).desert
    assert list(test.functions) == ["medical", "shopping", "education", "leisure"]
    assert (test.at_least, test.must_have) == (2, ("medical", "shopping"))


def test_preset__states_its_walking_speed() -> None:
    for preset_id in ("kr-molit-2018-notice", "kr-auri-2019", "kr-county"):
        assert preset(preset_id).walk_mps == pytest.approx(3 / 3.6)
    for preset_id in set(ALL) - {"kr-molit-2018-notice", "kr-auri-2019", "kr-county"}:
        assert preset(preset_id).walk_mps is None


def test_preset__rural_counts_what_d7_says_and_asks_for_both_schools() -> None:
    rural = {r.id: r for r in preset("kr-rural-2020").requirements}
    assert rural["clinic"].kinds == ("clinic", "health_branch", "health_post", "health_centre")
    assert (rural["school"].kinds, rural["school"].match) == (("elementary_school", "middle_school"), "all")
    assert rural["ambulance"].direction == "from_facility"
    assert {r.setting for r in rural.values()} == {"rural"}
    # 19 items, one in two parts: 8 by travel time, 12 by tables
    assert (len(rural), len(preset("kr-rural-2020").items)) == (8, 12)


@pytest.mark.parametrize("preset_id", ALL)
def test_preset__reads_back_what_it_writes(preset_id: str) -> None:
    spec = preset_spec(preset_id)
    again = StandardSpec.model_validate(spec.model_dump(mode="json", exclude_unset=True))
    assert resolve(again).requirements == resolve(spec).requirements


def test_preset__unknown_is_an_input_error() -> None:
    with pytest.raises(InputError, match=r"unknown standard 'kr-auri': did you mean kr-auri-2019\?"):
        preset_spec("kr-auri")
