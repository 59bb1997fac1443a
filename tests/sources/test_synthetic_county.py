"""The synthetic county as a place: people, districts, names, facilities, and that a seed makes it."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import shapely
from scipy.spatial import cKDTree

from lifezone.errors import InputError
from lifezone.sources.crs import to_crs
from lifezone.sources.synthetic import County, synthetic_county
from lifezone.sources.synthetic.county import _built
from lifezone.sources.synthetic.facilities import KINDS
from lifezone.sources.synthetic.people import grid_code, urban_cells
from lifezone.sources.synthetic.plan import BRIDGES, COUNTY_PEOPLE, ORIGIN
from lifezone.sources.synthetic.settlements import apportion

STANDARD_KINDS = [
    "clinic",
    "health_branch",
    "health_post",
    "health_centre",
    "hospital",
    "er_hospital",
    "pharmacy",
    "kindergarten",
    "daycare",
    "elementary_school",
    "middle_school",
    "high_school",
    "small_library",
    "public_library",
    "senior_hall",
    "senior_class",
    "senior_welfare_centre",
    "social_welfare_centre",
    "local_sports",
    "public_sports",
    "culture",
    "museum",
    "neighbourhood_park",
    "hub_park",
    "retail",
    "parking",
    "ambulance_station",
    "post_office",
    "fire_station",
    "lifelong_learning",
]  # fmt: skip


@pytest.fixture(scope="module", params=[1, 2])
def county(request: pytest.FixtureRequest) -> County:
    return synthetic_county(request.param)


def _digest(county: County) -> str:
    network, demand, facilities = county.network, county.demand, county.facilities
    arrays = [
        network.x_m, network.y_m, network.tail, network.head, network.metres, network.way, network.name,
        network.seconds["car"], network.seconds["walk"], demand.people, demand.x_m, demand.district,
        facilities.x_m, facilities.y_m, facilities.capacity,
    ]  # fmt: skip
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    for text in (*network.names, *demand.ids, *facilities.ids, *facilities.name, *county.places.name):
        digest.update(str(text).encode())
    for polygon in county.districts.polygon:
        digest.update(shapely.to_wkb(polygon))
    return digest.hexdigest()


def test_county__same_seed_same_bytes_other_seed_other_county() -> None:
    one = _digest(synthetic_county(1))
    assert _digest(_built(1)) == one
    assert _digest(synthetic_county(2)) != one


def test_county__refuses_unknown_size_and_negative_seed() -> None:
    with pytest.raises(InputError, match="expected one of county"):
        synthetic_county(1, "continent")
    with pytest.raises(InputError, match="0 or more"):
        synthetic_county(-1)


def test_origin__is_where_the_design_puts_the_bridge() -> None:
    x, y = to_crs(np.array([127.41]), np.array([36.51]), "EPSG:4326", "EPSG:5179")
    assert abs(x[0] - ORIGIN[0]) < 5
    assert abs(y[0] - ORIGIN[1]) < 5


def test_people__are_whole_and_add_up(county: County) -> None:
    demand = county.demand
    assert np.array_equal(demand.people, np.floor(demand.people))
    assert demand.total[demand.inside].sum() == COUNTY_PEOPLE
    assert 60_000 <= demand.total[~demand.inside].sum() <= 90_000
    parts = sum(demand.of(group) for group in demand.groups if group != "total")
    assert np.all(parts <= demand.total)
    assert demand.total.min() >= 1
    small = demand.inside & (demand.total <= 4)
    assert small.sum() > 300


def test_people__age_with_distance_from_town(county: County) -> None:
    demand = county.demand
    away = np.hypot(demand.x_m - (ORIGIN[0] - 6200), demand.y_m - (ORIGIN[1] + 600))
    aged, total = demand.of("age_65_plus"), demand.total

    def share(low: float, high: float) -> float:
        ring = demand.inside & (away >= low) & (away < high)
        return float(aged[ring].sum() / total[ring].sum())

    shares = [share(0, 1200), share(1200, 6000), share(6000, 11000), share(13500, 30000)]
    assert shares == sorted(shares)
    assert 0.15 < shares[0] < 0.22
    assert 0.46 < shares[-1] < 0.62


def test_cells__stand_on_the_national_grid_with_unique_codes(county: County) -> None:
    demand = county.demand
    assert demand.cells
    assert demand.cell_m == 100
    assert np.all(demand.x_m % 100 == 50)
    assert np.all(demand.y_m % 100 == 50)
    assert len(set(demand.ids.tolist())) == demand.n_points
    assert {code[:2] for code in demand.ids} <= {"다바", "라바"}
    position = np.column_stack([demand.x_m, demand.y_m])
    assert len(np.unique(position, axis=0)) == demand.n_points


@pytest.mark.parametrize(
    ("code", "west", "south"),  # the vectors of REFERENCE 1.6
    [("다바000277", 900_000, 1_827_700), ("다사123456", 912_300, 1_945_600), ("라사001002", 1_000_100, 1_900_200),
     ("다사539520", 953_900, 1_952_000)],
)  # fmt: skip
def test_grid_code__agrees_with_published_codes(code: str, west: int, south: int) -> None:
    assert grid_code(np.array([west // 100]), np.array([south // 100]))[0] == code


def test_districts__tile_the_county(county: County) -> None:
    polygons = county.districts.polygon
    assert polygons is not None
    assert len(polygons) == 10
    assert all(polygon.is_valid and polygon.geom_type == "Polygon" and polygon.area > 20e6 for polygon in polygons)
    assert county.area.geom_type == "Polygon"
    assert not county.area.interiors
    assert sum(polygon.area for polygon in polygons) == pytest.approx(county.area.area, rel=1e-9)
    west, south, east, north = county.area.bounds
    assert 23_000 < east - west < 35_000
    assert 23_000 < north - south < 35_000


def test_districts__hold_the_points_that_name_them(county: County) -> None:
    demand = county.demand
    for number, polygon in enumerate(county.districts.polygon):
        own = demand.district == number
        assert own.sum() > 50
        assert shapely.intersects_xy(polygon, demand.x_m[own], demand.y_m[own]).all()
    outside = demand.district < 0
    assert not shapely.contains_xy(county.area, demand.x_m[outside], demand.y_m[outside]).any()


def test_names__are_never_empty(county: County) -> None:
    districts, places = county.districts, county.places
    assert districts.name[0] == "한빛읍"
    assert districts.name_en[0] == "Hanbit-eup"
    assert sum(name.endswith("면") for name in districts.name) == 9
    names = [*districts.name, *districts.name_en, *places.name, *places.name_en, *county.facilities.name]
    assert all(name.strip() for name in names)
    assert len(set(places.name.tolist())) == len(places.name)
    assert all(name.isascii() for name in (*districts.name_en, *places.name_en))


def test_facilities__every_kind_is_there_with_capacity(county: County) -> None:
    facilities = county.facilities
    assert sorted(facilities.kinds) == sorted(STANDARD_KINDS) == sorted(KINDS)
    for kind in STANDARD_KINDS:
        assert len(facilities.open_of([kind])) > 0
    assert np.all(facilities.capacity > 0)
    assert facilities.ids[0] == "clinic-01"
    assert facilities.position("elementary_school-07") >= 0


def test_facilities__hospitals_stand_beyond_the_county_line_only(county: County) -> None:
    facilities = county.facilities
    rows = facilities.open_of(["hospital", "er_hospital"])
    assert len(rows) == 3
    assert not shapely.intersects_xy(county.area, facilities.x_m[rows], facilities.y_m[rows]).any()


def test_facilities__no_clinic_is_open_in_the_east_but_a_candidate_waits(county: County) -> None:
    facilities = county.facilities
    inside = shapely.intersects_xy(county.area, facilities.x_m, facilities.y_m)
    clinics = facilities.open_of(["clinic"])
    assert not (inside[clinics] & (facilities.x_m[clinics] > ORIGIN[0])).any()
    assert inside[clinics].sum() == 6
    closed = np.flatnonzero(~facilities.open)
    assert facilities.ids[closed].tolist() == ["clinic-07"]
    assert facilities.x_m[closed[0]] > ORIGIN[0]
    assert facilities.cost[closed[0]] > 0


def test_facilities__several_myeon_have_no_shop(county: County) -> None:
    facilities = county.facilities
    shops = facilities.open_of(["retail"])
    without = [
        polygon
        for polygon in county.districts.polygon
        if not shapely.intersects_xy(polygon, facilities.x_m[shops], facilities.y_m[shops]).any()
    ]
    assert len(without) >= 3


def test_points__lie_near_a_road(county: County) -> None:
    network, demand, facilities = county.network, county.demand, county.facilities
    tree = cKDTree(np.column_stack([network.x_m, network.y_m]))
    gap = tree.query(np.column_stack([facilities.x_m, facilities.y_m]))[0]
    assert gap.max() < 500
    gap = tree.query(np.column_stack([demand.x_m, demand.y_m]))[0]
    assert demand.total[gap <= 500].sum() / demand.total.sum() > 0.999


def test_urban__is_the_town_and_the_city_alone(county: County) -> None:
    demand = county.demand
    assert set(np.unique(demand.district[demand.urban]).tolist()) == {-1, 0}
    assert demand.total[demand.urban & demand.inside].sum() > 8_000


def test_urban_cells__a_dense_square_alone_is_not_a_cluster() -> None:
    # squares of 1 km: 4,900 people alone; 2,600 + 2,600 touching at a corner; 5,200 spread over 299 a square
    x = np.array([500.0, 10_500.0, 11_500.0, *(30_500.0 + 1000 * k for k in range(18))])
    y = np.array([500.0, 500.0, 1_500.0, *([500.0] * 18)])
    people = np.array([4_900, 2_600, 2_600, *([299] * 18)])
    assert urban_cells(np.column_stack([x, y]), people).tolist() == [False, True, True, *([False] * 18)]


def test_apportion__gives_the_rest_to_the_largest_remainders() -> None:
    # 10 people by 1:1:1 → quotas 3.33; the lowest position gets the tenth. 7 by 5:3:2 → 3.5, 2.1, 1.4 → 4, 2, 1
    assert apportion(10, np.ones(3)).tolist() == [4, 3, 3]
    assert apportion(7, np.array([5.0, 3.0, 2.0])).tolist() == [4, 2, 1]


def test_bridges__are_the_five_of_the_plan(county: County) -> None:
    names = set(county.network.names)
    assert {name for name, _ in BRIDGES} <= names
