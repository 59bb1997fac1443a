"""Flows between districts from files, and what is known of the districts themselves.

Decided: rows are read first and put to districts afterwards, since only all sources together tell which districts there
are; a pair that stands twice, an unknown district, a negative or missing number are faults with their lines, unless the
scenario says what to do with them, for such rows silently move every share; codes of different years meet through the
packaged Korean crosswalk or a table of one's own. Refused: guessing which purpose a column of people is about. Look
again when flows come by hour of the day.
"""

from lifezone.sources.flows.crosswalk import Crosswalk
from lifezone.sources.flows.join import DistrictKeys, join_flows
from lifezone.sources.flows.korea import KoreaFlows
from lifezone.sources.flows.municipalities import Municipalities, MunicipalityTable
from lifezone.sources.flows.rows import FlowRows
from lifezone.sources.flows.table import FlowsTable

__all__ = [
    "Crosswalk", "DistrictKeys", "FlowRows", "FlowsTable", "KoreaFlows", "Municipalities", "MunicipalityTable",
    "join_flows",
]  # fmt: skip
