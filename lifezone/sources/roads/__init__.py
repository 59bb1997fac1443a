"""Roads from outside: OpenStreetMap files and servers, GraphML as OSMnx saves it, tables of links.

Every source gives :class:`Roads`: one network for all modes, with bends as vertices. Decided: one set of rules for tags
whatever way they came; a loaded file is cached by the hash of its content and the options. Refused: simplified graphs
as input of choice (bends lost, speeds averaged), though OSMnx's own are read. Look again when barriers, turn
restrictions and conditional tags are read.
"""

from lifezone.sources.roads.graphml import GraphMl
from lifezone.sources.roads.links import LinkNodes, Links
from lifezone.sources.roads.node_link import NodeLink
from lifezone.sources.roads.osm_file import OsmFile
from lifezone.sources.roads.osmnx_area import OsmArea, OsmBbox, OsmPlace, OsmPoint
from lifezone.sources.roads.result import Roads

__all__ = [
    "GraphMl",
    "LinkNodes",
    "Links",
    "NodeLink",
    "OsmArea",
    "OsmBbox",
    "OsmFile",
    "OsmPlace",
    "OsmPoint",
    "Roads",
]
