"""Urban areas from flows: who lives where but works, learns or shops in one and the same city.

    areas = urban_areas(known, spec, …)      FlowMap → UrbanAreas: area and role of every district, measures, structure

Decided: a method is a file of plain functions on a matrix of people, with its paper in its first lines; matrices are
dense, since the largest table is some thousand districts; districts are sorted by id before anything is counted, equal
choices fall to the first, so that the order of input changes nothing. An area is called by its centre, the district
most people come to. Whatever rests on modelled flows says so in every table and on every map, and its structure is not
judged. Refused: one "best" method (they answer different questions: D10 stands first because its thresholds can be
read aloud), a composite of several. Look again when flows of a hundred thousand small areas are wanted: sparse then.
"""

from lifezone.zoning.urban.asked import CellPeople, spec_faults
from lifezone.zoning.urban.change import changes_of
from lifezone.zoning.urban.found import urban_areas
from lifezone.zoning.urban.spec import UrbanAreasSpec

__all__ = ["CellPeople", "UrbanAreasSpec", "changes_of", "spec_faults", "urban_areas"]
