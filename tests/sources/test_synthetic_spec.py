"""The synthetic county as a source of a scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pydantic import ValidationError

from lifezone.errors import InputError
from lifezone.sources.reading import Reading
from lifezone.sources.synthetic import (
    SyntheticDemand,
    SyntheticDistricts,
    SyntheticFacilities,
    SyntheticNetwork,
    synthetic_county,
)


def _reading(crs: str = "EPSG:5179", **more: object) -> Reading:
    return Reading(folder=Path(), crs=crs, network_source=SyntheticNetwork(), **more)  # type: ignore[arg-type]


def test_network__loads_roads_places_and_water() -> None:
    roads = SyntheticNetwork().load(_reading())
    assert roads.network is synthetic_county(1).network
    assert roads.water is not None
    assert len(roads.places.name) > 100
    assert "none of them exists" in roads.network.notes[0]
    assert not roads.network.modelled  # invented, but exact: classes are shown


def test_network__extent_holds_the_county_in_degrees() -> None:
    west, south, east, north = SyntheticNetwork(seed=2).extent(Path())
    assert west < 127.2 < 127.41 < 127.55 < east
    assert south < 36.4 < 36.51 < 36.6 < north
    assert east - west < 0.6


def test_network__walks_at_the_speed_of_the_study() -> None:
    network = SyntheticNetwork().load(_reading(walk_mps=1.0)).network
    land = network.way != network.ways.index("ferry")
    assert np.allclose(network.seconds["walk"].reshape(-1, 2)[land, 0], network.metres[land])


def test_all__come_into_another_crs_together() -> None:
    reading = _reading("EPSG:32652")
    districts = SyntheticDistricts().load(reading)
    there = _reading("EPSG:32652", districts=districts)
    demand, roads = SyntheticDemand().load(there), SyntheticNetwork().load(there)
    assert roads.network.crs == "EPSG:32652"
    here = synthetic_county(1).demand
    assert demand.total[demand.inside].sum() == here.total[here.inside].sum()
    assert 3_900_000 < demand.y_m.min() < 4_200_000
    area = shapely.union_all(districts.polygon)
    assert shapely.intersects_xy(area, demand.x_m[demand.inside], demand.y_m[demand.inside]).all()
    facilities = SyntheticFacilities().load(there)
    assert abs(np.median(facilities.x_m) - np.median(demand.x_m)) < 20_000


def test_demand__joins_the_districts_of_the_study_or_is_one() -> None:
    districts = SyntheticDistricts().load(_reading())
    own = synthetic_county(1).demand
    assert np.array_equal(SyntheticDemand().load(_reading(districts=districts)).district, own.district)
    alone = SyntheticDemand().load(_reading())
    assert set(np.unique(alone.district).tolist()) == {-1, 0}
    assert np.array_equal(alone.inside, own.inside)


def test_facilities__can_be_narrowed_to_kinds() -> None:
    facilities = SyntheticFacilities(kinds=["retail", "clinic"]).load(_reading())
    assert facilities.kinds == ("clinic", "retail")
    whole = synthetic_county(1).facilities
    for kind in ("clinic", "retail"):
        mine, theirs = facilities.open_of([kind]), whole.open_of([kind])
        assert facilities.ids[mine].tolist() == whole.ids[theirs].tolist()


def test_facilities__every_unknown_kind_is_a_fault() -> None:
    with pytest.raises(InputError) as caught:
        SyntheticFacilities(kinds=["clinic", "clinik", "casino"]).load(_reading())
    assert [fault.path for fault in caught.value.faults] == [("kinds", 1), ("kinds", 2)]


@pytest.mark.parametrize("source", [SyntheticDemand(), SyntheticFacilities(), SyntheticDistricts()])
def test_sources__need_a_synthetic_network(source: SyntheticDemand | SyntheticFacilities | SyntheticDistricts) -> None:
    with pytest.raises(InputError, match=r"write area\.network: \{type: synthetic\}"):
        source.load(Reading(folder=Path(), crs="EPSG:5179"))


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"seed": "1"}, {"size": "continent"}, {"sead": 1}])
def test_network__refuses_wrong_values(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SyntheticNetwork.model_validate({"type": "synthetic", **wrong})
