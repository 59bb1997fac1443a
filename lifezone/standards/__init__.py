"""To be written."""

from lifezone.access import NearestTrip, combine
from lifezone.standards.deserts import (
    deep,
    find_deserts,
    gap,
    is_desert,
    judged_functions,
    lost_functions,
)
from lifezone.standards.judge import effective_group, has_source, judge, not_assessed, refusal
from lifezone.standards.kinds import KindSpec, kinds_spec, load_kinds, unknown_kind
from lifezone.standards.rows import ChangeRow, ClassRow, SummaryRow

__all__ = [
    "ChangeRow", "ClassRow", "KindSpec", "NearestTrip", "SummaryRow", "combine", "deep", "effective_group",
    "find_deserts", "gap", "has_source", "is_desert", "judge", "judged_functions", "kinds_spec", "load_kinds",
    "lost_functions", "not_assessed", "refusal", "unknown_kind",
]  # fmt: skip
