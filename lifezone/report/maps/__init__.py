"""PNG maps: one per requirement, one of the deserts, one per change of a variant.

Decided: a map is a bitmap. The ground (area, water, hatch) and the lines (roads, borders, names) are drawn once per
road network by matplotlib's Agg; cells are one look-up per pixel in between; panel, titles and symbols are drawn last.
Numbers, units and the bound always stand beside the map, never on top of it. Refused: pyplot (global state), polygons
for cells (seconds a map), tiles from outside, colours alone to tell "unreachable" from "far". North is grid north. Look
again when maps must be vector files for print.
"""

from lifezone.report.maps.draw import draw_changes, draw_maps, wanted_maps

__all__ = ["draw_changes", "draw_maps", "wanted_maps"]
