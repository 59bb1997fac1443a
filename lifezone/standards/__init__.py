"""Kinds, dated standards, verdicts, life deserts, and the rows that tell of them.

Decided:

- A standard is data (YAML): the presets have the very form that a planner writes, each figure with source, date and
  confidence. A kind for which a set names no minutes is listed with no bound and never judged.
- A published range gives bound = upper end and optimum = lower end (D3); that is ours and the preset says so.
- Presets judge everybody (``total``) unless the rule itself is for a group: kindergarten and day care for ``age_0_6``,
  halls, classes and welfare centres for the elderly for ``age_65_plus``. Where the demand lacks that group, the
  requirement judges ``total`` with a warning (:func:`effective_group`), rather than nobody.
- A requirement of a set that is changed in the scenario is the scenario's own: it loses the set's source.
- Two extended sets with the same ids are a fault, not a silent replacement: one of them takes a prefix.
- Some kinds serve each other's rules (a public library within the walk of the small one); each such case says "ours".
- OpenStreetMap seldom tells a school's level or a library's size: ``elementary_school`` counts every OSM school whose
  tags do not name another level, both library kinds count every library. ``middle_school`` and ``high_school`` count
  only what says so.
- A rule may have a bound that follows density or grows with the trip, a k-th nearest, a target; official readings
  stand beside the modelled verdict and never replace it (D7). The fire engine's target grows evenly: its rounding is
  unknown.
- Places (D8) never change ``met``: within the bound and full is told apart. Who is nearest is served first.
- Attendance areas come before the nearest facility; whose area names nothing open falls back to the nearest, told.
- A designation tells every step; an unknown step leaves the grade undecided, modelled data give no grade at all.
- What no travel time tells (items, use of care, poverty) comes from tables of the scenario, never from a preset.
- What counts in a class (D4): ``boundary`` is set when the uncertain verdicts could move the district's class, or its
  lowest requirement across a break.

Refused: numbers in code, inheritance between presets by hidden defaults, a verdict from cells that are too coarse for
the bound (:func:`refusal`). Look again when the minutes of 2018 for clinics and pharmacies are found in the official
table, when the targets of the fifth rural plan are published, and when transit is routed (the three bus runs a day).
"""

from lifezone.access import NearestTrip, combine
from lifezone.standards.classes import class_of, classify, settled_class
from lifezone.standards.deserts import (
    deep,
    find_deserts,
    gap,
    is_desert,
    judged_functions,
    lost_functions,
)
from lifezone.standards.disclosure import shown_desert, shown_group, shown_people
from lifezone.standards.judge import effective_group, has_source, judge, not_assessed, refusal, too_coarse, unjudged
from lifezone.standards.kinds import KindSpec, kinds_spec, load_kinds, unknown_kind
from lifezone.standards.resolve import preset, preset_ids, preset_spec, resolve
from lifezone.standards.rows import ChangeRow, ClassRow, SummaryRow
from lifezone.standards.spec import DesertSpec, ExtendSpec, RequirementSpec, StandardSpec
from lifezone.standards.summary import compare, summarise

__all__ = [
    "ChangeRow", "ClassRow", "DesertSpec", "ExtendSpec", "KindSpec", "NearestTrip", "RequirementSpec", "StandardSpec",
    "SummaryRow", "class_of", "classify", "combine", "compare", "deep", "effective_group", "find_deserts", "gap",
    "has_source", "is_desert", "judge", "judged_functions", "kinds_spec", "load_kinds", "lost_functions",
    "not_assessed", "preset", "preset_ids", "preset_spec", "refusal", "resolve", "settled_class", "shown_desert",
    "shown_group", "shown_people", "summarise", "too_coarse", "unjudged", "unknown_kind",
]  # fmt: skip
