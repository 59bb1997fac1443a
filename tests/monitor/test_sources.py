"""Tables of an edition in every form that they come in, and hostile ones."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from lifezone.errors import ScenarioError
from lifezone.monitor.series import Series, Why
from lifezone.monitoring import monitor

SQUARES = {"A": (0, 0), "B": (1000, 0)}


class Study:
    """A folder with two square districts of 1 km, and one edition."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("d.csv", "code,name\nA,가시\nB,나군\n")
        features = []
        for code, (x, y) in SQUARES.items():
            west, south = 1_000_000 + x, 1_900_000 + y
            ring = [
                [west, south],
                [west + 1000, south],
                [west + 1000, south + 1000],
                [west, south + 1000],
                [west, south],
            ]
            geometry = {"type": "Polygon", "coordinates": [ring]}
            features.append({"type": "Feature", "properties": {"code": code, "name": code}, "geometry": geometry})
        self.write("b.geojson", json.dumps({"type": "FeatureCollection", "features": features}))

    def write(self, name: str, text: str | bytes) -> None:
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def series(self, *, tables: str = "", flows: str = "", more: str = "", borders: bool = False) -> Series:
        place = "boundaries: {type: table, path: b.geojson, id: code, crs: EPSG:5179}" if borders else (
            "table: {path: d.csv, id: code, name: name}")  # fmt: skip
        lines = [f"districts: {{{place}}}", more, "editions:", "  - edition: 2020"]
        lines += [f"    tables: [{tables}]"] if tables else []
        lines += [f"    flows: [{flows}]"] if flows else []
        self.write("s.yaml", "\n".join(lines) + "\n")
        return monitor(self.folder / "s.yaml").series

    def fault(self, **parts: str) -> str:
        with pytest.raises(ScenarioError) as caught:
            self.series(**parts)
        return str(caught.value)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


def test_kosis__two_rows_of_headings_and_names(study: Study) -> None:
    text = '행정구역별,2019,2020,2020\n행정구역별,총인구,총인구,65세이상\n  가시,90,"1,000",200\n나군,80,500,\n'
    study.write("k.csv", text.encode("cp949"))
    series = study.series(
        tables="{type: table, path: k.csv, id: 행정구역별, header_rows: 2, "
        "columns: {all: 2020 총인구, 65+: 2020 65세이상}}"
    )
    np.testing.assert_allclose(series.of("elderly_share")[:, 0], [20, np.nan])
    assert series.why[1, 0, series.at("elderly_share")] == Why.EMPTY_CELL


def test_secret_counts__are_missing_never_zero(study: Study) -> None:
    study.write("k.csv", "code,people,old\nA,10,x\nB,20,5\n")
    series = study.series(tables="{type: table, path: k.csv, id: code, columns: {all: people, 65+: old}}")
    assert series.why[:, 0, series.at("elderly_share")].tolist() == [Why.EMPTY_CELL, Why.COMPUTED]


def test_smaller_units__are_added_up_by_the_digits_of_their_code(study: Study) -> None:
    study.write("d.csv", "code,name\n45111,가시\n45113,나군\n")
    study.write("u.csv", "code,people\n4511101,10\n4511102,20\n4511301,5\n")
    series = study.series(tables="{type: table, path: u.csv, id: code, digits: 5, columns: {all: people}}")
    assert series.of("people")[:, 0].tolist() == [30.0, 5.0]


def test_ages__groups_are_put_together_of_the_columns_that_are_there(study: Study) -> None:
    study.write("a.csv", "code,w20,w25,w30,w35,old,x\nA,10,20,30,40,50,1\nB,1,2,3,4,50,1\n")
    columns = "female 20-24: w20, female 25-29: w25, female 30-34: w30, female 35-39: w35, 65+: old"
    series = study.series(tables=f"{{type: table, path: a.csv, id: code, columns: {{{columns}}}}}")
    np.testing.assert_allclose(series.of("extinction_risk")[:, 0], [2.0, 0.2])


def test_composition__long_and_wide_are_the_same_and_an_absent_category_is_none(study: Study) -> None:
    study.write("long.csv", "code,kind,n\nA,farm,30\nA,shop,70\nB,farm,50\n")
    study.write("wide.csv", "code,f,s\nA,30,70\nB,50,0\n")
    long = study.series(
        tables="{type: composition, subject: industries, path: long.csv, id: code, category: kind, count: n}"
    )
    wide = study.series(
        tables="{type: composition, subject: industries, path: wide.csv, id: code, columns: {farm: f, shop: s}}"
    )
    for indicator in ("industry_entropy", "industry_hachman", "location_quotient:farm"):
        np.testing.assert_allclose(long.of(indicator), wide.of(indicator))
    np.testing.assert_allclose(long.of("location_quotient:shop")[:, 0], [0.7 / (70 / 150), 0])


def test_places__are_put_to_districts_by_place_and_pooled_into_cells(study: Study) -> None:
    study.write(
        "p.csv",
        "x,y,people,poor\n1000010,1900010,10,1\n1000090,1900090,30,9\n1000110,1900010,60,0\n1001500,1900500,9,3\n",
    )
    keys = "type: places, path: p.csv, x: x, y: y, crs: EPSG:5179, columns: {all: people, low_income: poor}"
    cells = study.series(tables=f"{{{keys}, grid: 100 m}}", borders=True)
    np.testing.assert_allclose(cells.of("low_income_share")[:, 0], [10, 100 / 3])
    # cells of district A: 10 of 40 and 0 of 60
    np.testing.assert_allclose(cells.of("income_isolation")[0, 0], 0.25)
    np.testing.assert_allclose(cells.of("income_dissimilarity")[0, 0], (abs(1 - 30 / 90) + abs(0 - 60 / 90)) / 2)
    assert cells.why[1, 0, cells.at("income_dissimilarity")] == Why.TOO_FEW
    points = study.series(tables=f"{{{keys}}}", borders=True)
    np.testing.assert_allclose(points.of("income_isolation")[0, 0], 1 / 10 * 0.1 + 9 / 10 * 0.3)
    assert "needs districts.boundaries" in study.fault(tables=f"{{{keys}}}")


def test_flows__who_goes_elsewhere_leaves_too(study: Study) -> None:
    study.write("f.csv", "home,work,n\nA,A,700\nA,B,100\nB,A,40\nA,Z,50\nZ,B,5\nB,B,200\n")
    study.write("p.csv", "code,people\nA,1000\nB,300\n")
    people = "{type: table, path: p.csv, id: code, columns: {all: people}}"
    keys = "type: table, path: f.csv, from: home, to: work, people: n"
    series = study.series(tables=people, flows=f"{{{keys}, unknown: leave_out}}")
    np.testing.assert_allclose(series.of("commuting_volume")[:, 0], [100 + 50 + 40, 40 + 100 + 5])
    np.testing.assert_allclose(series.of("daytime_population")[:, 0], [100 * 890 / 1000, 100 * 365 / 300])
    assert series.whole[0, series.at("commuting_volume")] == 55
    assert any("does not know Z (line 5, line 6): taken as elsewhere" in note for note in series.notes)
    assert "the study does not know Z" in study.fault(tables=people, flows=f"{{{keys}}}")
    study.write("f.csv", "home,work,n\nA,B,100\nA,B,40\n")
    assert "stands twice" in study.fault(flows=f"{{{keys}}}")


def test_flows__of_several_years_are_those_of_the_edition(study: Study) -> None:
    study.write("f.csv", "home,work,n,y\nA,B,100,2015\nA,B,140,2020\nB,A,1,2020\n")
    keys = "type: table, path: f.csv, from: home, to: work, people: n, year: y"
    assert study.series(flows=f"{{{keys}}}").of("commuting_volume")[0, 0] == 141
    study.write("f.csv", "home,work,n,y\nA,B,100,2015\nA,B,140,2010\n")
    assert "has no flows of 2020" in study.fault(flows=f"{{{keys}}}")


def test_whole__of_counts_of_districts_tells_no_crossing_but_the_net(study: Study) -> None:
    study.write("m.csv", "code,young,in,out\nA,100,30,10\nB,50,8,12\n")
    columns = "20-29: young, movers_in_20_29: in, movers_out_20_29: out"
    series = study.series(tables=f"{{type: table, path: m.csv, id: code, columns: {{{columns}}}}}")
    np.testing.assert_allclose(series.of("movers_20s_in")[:, 0], [30, 16])
    assert np.isnan(series.whole[0, series.at("movers_20s_in")])
    np.testing.assert_allclose(series.whole[0, series.at("movers_20s_net")], 100 * 16 / 150)


def test_nested_districts__have_no_whole(study: Study) -> None:
    inner = [[1_000_000, 1_900_000], [1_000_400, 1_900_000], [1_000_400, 1_900_400], [1_000_000, 1_900_000]]
    data = json.loads((study.folder / "b.geojson").read_text())
    geometry = {"type": "Polygon", "coordinates": [inner]}
    data["features"].append({"type": "Feature", "properties": {"code": "A1", "name": "A1"}, "geometry": geometry})
    study.write("b.geojson", json.dumps(data))
    study.write("p.csv", "code,people\nA,1000\nB,300\nA1,200\n")
    series = study.series(tables="{type: table, path: p.csv, id: code, columns: {all: people}}", borders=True)
    assert not np.isnan(series.of("people")).any()
    assert np.isnan(series.whole).all()
    assert any("A1 in A" in note for note in series.notes)


@pytest.mark.parametrize(
    ("files", "tables", "says"),
    [
        ({"i.csv": "code,a\nA,1\nB,2\n"},
         "{type: composition, subject: incomes, path: i.csv, id: code, columns: {a: a}}",
         "incomes need classes"),
        ({"i.csv": "code,a,b\nA,1,1\nB,2,1\n"},
         "{type: composition, subject: incomes, path: i.csv, id: code, columns: {a: a, b: b}, classes: {a: [0, 10]}}",
         "classes does not say the income of b"),
        ({"i.csv": "code,a\nA,1\nB,2\n"},
         "{type: composition, subject: incomes, path: i.csv, id: code, columns: {a: a}, classes: {a: [10, 5]}}",
         "'a' needs [lowest, highest]"),
        ({"i.csv": "code,a\nA,1\n"}, "{type: composition, subject: industries, path: i.csv, id: code}",
         "give category and count"),
        ({"i.csv": "code,a\nA,1\n"}, "{type: tabel, path: i.csv, id: code, columns: {all: a}}",
         "did you mean 'table'?"),
        ({"i.csv": "x,y,a\n0,0,1\n"}, "{type: places, path: i.csv, x: x, columns: {all: a}}",
         "x and y are needed together"),
        ({"i.csv": "code,a\nA,1\n"}, "{type: korea_ages, path: i.csv}", "is no known Korean file of people"),
        ({"i.csv": "code,a\nA,1\n"}, "{type: table, path: i.csv, id: code, codes: soon, columns: {all: a}}",
         "expected a year, a month or a day"),
        ({"i.csv": "code,a\nA,1e999\n"}, "{type: table, path: i.csv, id: code, columns: {all: a}}",
         "endless in line 2"),
    ],
)  # fmt: skip
def test_hostile_tables__are_faults(study: Study, files: dict[str, str], tables: str, says: str) -> None:
    for name, text in files.items():
        study.write(name, text)
    assert says in study.fault(tables=tables)
