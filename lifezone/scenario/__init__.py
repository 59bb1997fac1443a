"""The scenario file: strict YAML, one frozen spec, every fault at once with its place, and the world it describes.

Decided: YAML 1.2 read from parser events (nothing recursive, aliases never followed, depth and size capped before
parsing); scalars that readers of YAML disagree on (``01``, ``1_000``, ``2019-07-01``) are faults, not guesses; the
union of source specs is the registry; ``extends`` merges mappings and replaces lists, and a changed ``type`` replaces
its block; files, kinds, groups and ids are looked up in the data as written, so that a bad block never hides its
siblings. Relative paths start at the file they are written in. Refused: expressions, templates, anchors, environment
variables in YAML; several documents in one file. Look again when a scenario is written by a form rather than by hand.
"""

from lifezone.scenario.load import load, read_draft
from lifezone.scenario.scenario import Scenario
from lifezone.scenario.spec import (
    AccessByMode,
    AccessSpec,
    AreaSpec,
    OutputSpec,
    ScenarioSpec,
    StandardBlock,
    VariantSpec,
)
from lifezone.scenario.world import WHOLE_AREA, Built, build, gather

__all__ = [
    "WHOLE_AREA", "AccessByMode", "AccessSpec", "AreaSpec", "Built", "OutputSpec", "Scenario", "ScenarioSpec",
    "StandardBlock", "VariantSpec", "build", "gather", "load", "read_draft",
]  # fmt: skip
