"""From raw roads to travel times: contraction, anchors, legs, searches, trips.

How to use it::

    roads = ModeRoads.build(network, "car", access)      # or ModeRoads(network, graph_from_a_cache, access)
    people = roads.attach(demand.x_m, demand.y_m)        # once per mode
    supply = roads.attach(facilities.x_m, facilities.y_m)
    chosen = facilities.open_of(("clinic",))             # positions, ascending
    times = nearest(roads, people, supply.take(chosen), chosen, metric="time")
    edge = border_times(roads, people, metric="time")    # D6: certified where the nearest time <= edge

Decided: points hang on edges by legs, so no junction is made for them; searches start at the facilities over reversed
edges; seconds and metres lie on a fixed grid of 2**-34, on which float64 sums are exact, and every search is exact on
it. So there is no rounding to an engine's unit, no second search near a bound, and the same answer for any order of
work: threads, contraction and direction of search change no digit. Refused: integer costs (0.1 s an edge adds up to a
second over a long trip), a junction for each point (the graph would change with the people), heaps (slower).
Look again when many kinds on a million nodes take minutes: a hierarchy pays from about 200 searches.
"""

from lifezone.routing.anchors import anchor
from lifezone.routing.choose import METHODS, Method, Work, choose, estimate
from lifezone.routing.contract import build_graph
from lifezone.routing.dynamic import Answer, Change, Field, Places, Variants, other_seconds
from lifezone.routing.hierarchy import Hierarchy, Weights, customise, integer_costs, order_nodes, recustomise, unpack
from lifezone.routing.legs import arriving_legs, leaving_legs
from lifezone.routing.matrix import NodePairs, cost_rows, node_matrix, node_pairs, within_reach
from lifezone.routing.reach import CostRows, costs_within, linked_groups, linked_pairs, reach_of_nearest, within
from lifezone.routing.roads import Attached, ModeRoads
from lifezone.routing.sides import Direction
from lifezone.routing.sweeps import INF, Asked, Rooms, Seeds, ask, filled, filled_lists, k_nearest_costs, nearest_many
from lifezone.routing.swept import (
    Prepared,
    doubtful,
    k_nearest_of_kinds,
    nearest_of_kinds,
    nearest_within_drift,
    settle,
)
from lifezone.routing.threads import map_threads
from lifezone.routing.times import border_times, field_room, k_nearest, nearest, nearest_field
from lifezone.routing.trips import Trip, TripLeg, trip

__all__ = [
    "INF",
    "METHODS",
    "Answer",
    "Asked",
    "Attached",
    "Change",
    "CostRows",
    "Direction",
    "Field",
    "Hierarchy",
    "Method",
    "ModeRoads",
    "NodePairs",
    "Places",
    "Prepared",
    "Rooms",
    "Seeds",
    "Trip",
    "TripLeg",
    "Variants",
    "Weights",
    "Work",
    "anchor",
    "arriving_legs",
    "ask",
    "border_times",
    "build_graph",
    "choose",
    "cost_rows",
    "costs_within",
    "customise",
    "doubtful",
    "estimate",
    "field_room",
    "filled",
    "filled_lists",
    "integer_costs",
    "k_nearest",
    "k_nearest_costs",
    "k_nearest_of_kinds",
    "leaving_legs",
    "linked_groups",
    "linked_pairs",
    "map_threads",
    "nearest",
    "nearest_field",
    "nearest_many",
    "nearest_of_kinds",
    "nearest_within_drift",
    "node_matrix",
    "node_pairs",
    "order_nodes",
    "other_seconds",
    "reach_of_nearest",
    "recustomise",
    "settle",
    "trip",
    "unpack",
    "within",
    "within_reach",
]
