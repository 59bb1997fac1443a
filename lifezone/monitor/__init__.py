"""What is followed over years: indicators of districts, and maps on which a district is as large as its people.

    gathered = gather(spec, folder)           Gathered: editions told by the study's districts
    series = compute(gathered.editions, …)    Series: districts × editions × indicators, with the reason of each gap
    borders = clean_borders(polygons, names)  Borders: shared lines, what was mended
    drawn = cartogram(borders.polygons, people)  Cartogram: polygons, error of each area
    tiles(polygons) · circles(places, people)  districts as equal tiles, as circles

Decided: an edition holds counts alone, already told by the districts of the study; ratios are divided at the very end,
so that a merged district's ratio is that of its people and never a mean; a split without weights, a missing row, an
empty cell, nothing to divide by are reasons of their own, not zeros; the whole of the study is computed from its sums;
an indicator is one small file with its formula, source and direction, and the tuple of them is the registry. A class
that sticks (D4) is held against the value that it was given for, so that small steps in one direction still change it.
Contiguous cartograms are drawn by the flow-based method (Gastner, Seguy and More 2018), since neighbours stay
neighbours and a county is still known by its shape; corners of borders are carried themselves, not a grid of them, so
that a border of two districts stays one line, and pieces that cross in the end are cut finer until none does. A
district without a figure keeps its size, and is told. Published borders overlap and gape: they are cleaned first; a
city beside its own wards is refused.
Refused: interpolating between editions; equal shares for a split that nobody weighed; composite scores.
Look again when maps have more than a million corners, or weights of a split differ by figure.
"""

from lifezone.monitor.borders import Borders, clean_borders
from lifezone.monitor.cartogram import Cartogram, cartogram
from lifezone.monitor.circles import Circles, circles
from lifezone.monitor.compute import compute
from lifezone.monitor.edition import Edition
from lifezone.monitor.gather import Gathered, gather
from lifezone.monitor.indicator import Found, Indicator
from lifezone.monitor.neighbours import neighbours
from lifezone.monitor.series import Classes, EditionInfo, IndicatorInfo, NotComputed, Series, Why
from lifezone.monitor.study import StudySpec
from lifezone.monitor.tiles import Tiles, tiles

__all__ = [
    "Borders", "Cartogram", "Circles", "Classes", "Edition", "EditionInfo", "Found", "Gathered", "Indicator",
    "IndicatorInfo", "NotComputed", "Series", "StudySpec", "Tiles", "Why", "cartogram", "circles", "clean_borders",
    "compute", "gather", "neighbours", "tiles",
]  # fmt: skip
