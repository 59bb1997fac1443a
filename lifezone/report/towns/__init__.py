"""What people see of municipalities: ties, alliances, classes of cities, how compact a city is.

    write_towns(zoning, folder)             ties.csv, alliances.csv, city_classes.csv, compact_city.csv …
    towns_page(zoning, language=…)          the short answer for the terminal

Decided: one row a pair, an alliance or a city, ids of municipalities joined by ``;`` so that a row stays a row; figures
of a kind stand in columns of their own in a second table. Refused: one wide table with a column a kind, which changes
shape with every scenario.
"""

from lifezone.report.towns.files import add_town_layers, write_compact, write_towns
from lifezone.report.towns.page import compact_page, towns_page

__all__ = ["add_town_layers", "compact_page", "towns_page", "write_compact", "write_towns"]
