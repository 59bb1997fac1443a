"""What flows leave behind: urban areas, containment, changes between years, and their layers, maps and pages.

Decided: ``urban_areas.csv`` has one row a method and district, ``urban_area_summary.csv`` one a method and area, so
that methods can be laid beside one another; a class of structure stands nowhere where flows are modelled. Without
shapes the files are the same and layers and maps become points, or a ring of districts where not even centres are
known. Data files keep raw counts; what people look at follows the disclosure rule.
"""

from lifezone.report.flows.files import add_flow_layers, write_flows
from lifezone.report.flows.page import flows_page

__all__ = ["add_flow_layers", "flows_page", "write_flows"]
