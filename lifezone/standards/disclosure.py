"""What people may be shown of small numbers: consoles, maps and reports follow this; data files keep raw values.

Cells under 5 people show "1–4", no group count under 10 is shown, deserts under 50 people have no name. Nobody is
nobody: a zero is told. The rule hides single counts; it does not stop a reader from subtracting shown ones.
"""

from __future__ import annotations

from typing import Final, Literal

from lifezone.model import Desert

__all__ = ["LEAST_DESERT", "LEAST_GROUP", "LEAST_PEOPLE", "shown_desert", "shown_group", "shown_people"]

LEAST_PEOPLE: Final = 5
"""Cells with fewer people show a range."""
LEAST_GROUP: Final = 10
"""Counts of a group below this are not shown."""
LEAST_DESERT: Final = 50
"""Deserts with fewer people are not named."""


def shown_people(people: float, *, disclose: bool = False) -> str:
    """Return the people of a cell as shown: ``1–4`` below 5, whole persons else.

    Args:
        people: persons ≥ 0; modelled people may be fractions.
        disclose: lift the rule.
    """
    if not disclose and 0 < people < LEAST_PEOPLE:
        return f"1–{LEAST_PEOPLE - 1}"
    return f"{people:,.0f}"


def shown_group(people: float, *, disclose: bool = False) -> str:
    """Return the count of a group as shown: ``<10`` below 10, whole persons else."""
    if not disclose and 0 < people < LEAST_GROUP:
        return f"<{LEAST_GROUP}"
    return f"{people:,.0f}"


def shown_desert(desert: Desert, total: float, language: Literal["ko", "en"], *, disclose: bool = False) -> str:
    """Return the name of a desert as shown; empty when it has too few people, whatever the test's own limit.

    Args:
        desert: the desert.
        total: everybody in it.
        language: ``ko`` or ``en``.
        disclose: lift the rule (a desert that its test left without a name still has none).
    """
    if not desert.named or (total < LEAST_DESERT and not disclose):
        return ""
    return desert.name_ko if language == "ko" else desert.name_en
