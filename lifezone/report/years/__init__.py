"""Maps over years: one sheet an indicator, the same classes in every year, four ways to draw a district.

    write_year_maps(series, folder, title=…)   maps/years_<indicator>.png and .svg, shapes.gpkg

Decided: a row for each edition, in it the ground, the cartogram of that edition's people, tiles and circles, so that a
reader sees both where and how many; classes are those of the indicator, else quantiles of all editions together, and a
square of a cartogram is the same number of people in every year; the shapes are kept beside the pictures, so that a
report moves them without computing anything. Words on sheets stand in both languages, bounds are written by signs.
Refused: classes of each year (a colour would mean another value every year), colour alone for what is not known,
rainbow ramps. Look again when a study has more editions than fit on a sheet (six rows; the HTML shows all).
"""

from __future__ import annotations

from lifezone.report.years.files import SHAPES, sheet_name, wanted_maps, write_year_maps

__all__ = ["SHAPES", "sheet_name", "wanted_maps", "write_year_maps"]
