"""Files, layers, maps and the terminal's answer of what the map is divided into.

Decided: ``zones.csv`` and ``zones/`` stand beside the other results of the baseline, those of a variant in its folder;
the layers of the GeoPackage carry the variant in their names; ``lifezone zones`` and ``lifezone run`` write the same
files by the same functions. Every kind of division has a file here and a line in ``files.write_zoning``.
"""

from lifezone.report.zones.divided import print_divided, write_divided
from lifezone.report.zones.files import add_zone_layers, write_zoning
from lifezone.report.zones.page import zoning_page

__all__ = ["add_zone_layers", "print_divided", "write_divided", "write_zoning", "zoning_page"]
