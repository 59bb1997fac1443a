"""A study small enough to work by hand: three by three streets, four places with people, two clinics."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from lifezone.errors import ScenarioError
from lifezone.scenario import load

LON, LAT, STEP = 127.40, 36.50, 0.01

SOUND = """\
name: A small study
area:
  network: {type: osm_file, path: roads.osm}
demand:
  type: table
  path: people.csv
  id: id
  x: lon
  y: lat
  groups: {total: people, age_65_plus: old}
facilities:
  - {type: table, path: clinics.csv, kind: clinic, id: no, x: lon, y: lat}
standard:
  requirements:
    - {id: clinic_car, kind: clinic, mode: car, bound: 5 min}
    - {id: clinic_walk, kind: clinic, mode: walk, bound: 1 km, group: age_65_plus}
  desert: {any_of: [clinic_car, clinic_walk], at_least: 1}
variants:
  - {name: east, edits: [{open: {kind: clinic, at: [127.42, 36.52]}}]}
  - {name: shut, edits: [{close: {id: c-1}}]}
"""


@dataclass(frozen=True)
class Study:
    """A folder with everything that the sound scenario names."""

    folder: Path

    def write(self, text: str = SOUND, name: str = "s.yaml") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def changed(self, *pairs: tuple[str, str]) -> Path:
        text = SOUND
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        return self.write(text)

    def faults(self, path: Path, *sets: str) -> list[str]:
        """Every fault, one line each, without the folder."""
        with pytest.raises(ScenarioError) as caught:
            load(path, sets)
        lines = str(caught.value).split("\n")
        assert len(lines) == len(caught.value.faults)
        return [line.replace(f"{self.folder}/", "").replace(str(self.folder), ".") for line in lines]


def osm_grid() -> str:
    """Return nine junctions a hundredth of a degree apart, joined by residential streets."""
    nodes = [
        f'<node id="{3 * row + column + 1}" lat="{LAT + row * STEP:.4f}" lon="{LON + column * STEP:.4f}"/>'
        for row in range(3)
        for column in range(3)
    ]
    lines = [[3 * row + column + 1 for column in range(3)] for row in range(3)]
    lines += [[3 * row + column + 1 for row in range(3)] for column in range(3)]
    ways = [
        f'<way id="{100 + at}">' + "".join(f'<nd ref="{node}"/>' for node in line)
        + '<tag k="highway" v="residential"/></way>'
        for at, line in enumerate(lines)
    ]  # fmt: skip
    bounds = f'<bounds minlat="{LAT - 0.1}" minlon="{LON - 0.1}" maxlat="{LAT + 0.1}" maxlon="{LON + 0.1}"/>\n'
    return '<?xml version="1.0"?>\n<osm version="0.6">\n' + bounds + "\n".join([*nodes, *ways]) + "\n</osm>\n"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """The small study on disk."""
    (tmp_path / "roads.osm").write_text(osm_grid(), encoding="utf-8")
    (tmp_path / "people.csv").write_text(
        "id,lon,lat,people,old\n"
        "a,127.4000,36.5000,100,20\nb,127.4200,36.5000,50,30\nc,127.4000,36.5200,10,10\nd,127.4200,36.5200,0,0\n",
        encoding="utf-8",
    )
    (tmp_path / "clinics.csv").write_text(
        "no,lon,lat,name,beds\nc-1,127.4000,36.5000,First,3\nc-2,127.4100,36.5000,Second,5\n", encoding="utf-8"
    )
    return Study(tmp_path)
