"""What the world is: frozen dataclasses over numpy arrays, checked once when made, never changed.

Decided: positions instead of ids between the borders; one metric CRS per study; a type that one room makes and another
reads lives here (a standard, an assessment, a result), so that rooms of one layer never import one another. Unlike the
first design, a raw segment is a straight piece between two vertices and bends are vertices: contraction swallows them
per mode anyway, and a point then hangs on a straight line. Refused: a long pandas frame as the waist (strings, joins,
silent column writes), a dense matrix. Look again when a study has more than 2³¹ segments.
"""

from lifezone.model.allowed import Allowed
from lifezone.model.anchors import Anchors, Legs
from lifezone.model.arrays import Bools, Floats, Ints, Longs
from lifezone.model.assessment import Assessment, Desert, Reading, Reason, Verdicts
from lifezone.model.demand import TOTAL, Demand
from lifezone.model.designation import Designation, DesignationStep, DesignationTest, Grade, Item, Measure, Zone
from lifezone.model.effect import Effect, ExtraTravel, LaterYear, WhoRow
from lifezone.model.facilities import Facilities
from lifezone.model.given_times import GivenTimes
from lifezone.model.kind import Kind
from lifezone.model.network import MODES, Network, SearchGraph
from lifezone.model.plan import CandidateGain, Claim, GoalValue, Judged, Plan, Planned, SiteUse
from lifezone.model.result import REPORT_FORMATS, Plans, Provenance, ReportWish, Result, Variant
from lifezone.model.standard import (
    CapacityTest,
    Convention,
    DensityBound,
    DesertTest,
    Growth,
    Requirement,
    Setting,
    Standard,
)
from lifezone.model.statistics import Statistic
from lifezone.model.travel_times import Metric, TravelTimes
from lifezone.model.turns import Turns
from lifezone.model.world import Access, Districts, Places, World
from lifezone.model.zones import (
    Divided,
    DividedVariant,
    Fit,
    LifeZone,
    MergeCost,
    MergeStep,
    Threshold,
    ThresholdKind,
    Zones,
    Zoning,
)

__all__ = [
    "MODES", "REPORT_FORMATS", "TOTAL", "Access", "Allowed", "Anchors", "Assessment", "Bools", "CandidateGain",
    "CapacityTest", "Claim", "Convention", "Demand", "DensityBound", "Desert", "DesertTest", "Designation",
    "DesignationStep", "DesignationTest", "Districts", "Divided", "DividedVariant", "Effect", "ExtraTravel",
    "Facilities", "Fit", "Floats", "GivenTimes", "GoalValue", "Grade", "Growth", "Ints", "Item", "Judged", "Kind",
    "LaterYear", "Legs", "LifeZone", "Longs", "Measure", "MergeCost", "MergeStep", "Metric", "Network", "Places",
    "Plan", "Planned", "Plans", "Provenance", "Reading", "Reason", "ReportWish", "Requirement", "Result",
    "SearchGraph", "Setting", "SiteUse", "Standard", "Statistic", "Threshold", "ThresholdKind", "TravelTimes",
    "Turns", "Variant", "Verdicts", "WhoRow", "World", "Zone", "Zones", "Zoning",
]  # fmt: skip
