"""How many people are within the bound, as a number and as an interval (D6).

(1)  coverage = covered ÷ judged
(2)  low  = (covered without the uncertain) ÷ judged
(3)  high = (covered and the uncertain that are not) ÷ judged
"""

from __future__ import annotations

from dataclasses import dataclass

from lifezone.model import Bools, Floats

__all__ = ["Coverage", "coverage"]


@dataclass(frozen=True)
class Coverage:
    """People judged, covered, and covered for certain or possibly; the shares are None where nobody is judged."""

    judged: float
    covered: float
    certain: float
    possible: float

    @property
    def share(self) -> float | None:
        """Covered ÷ judged."""
        return self._of(self.covered)

    @property
    def low(self) -> float | None:
        """Share when every uncertain verdict turns out unmet."""
        return self._of(self.certain)

    @property
    def high(self) -> float | None:
        """Share when every uncertain verdict turns out met."""
        return self._of(self.possible)

    def _of(self, people: float) -> float | None:
        return people / self.judged if self.judged > 0 else None


def coverage(met: Bools, uncertain: Bools, judged: Bools, people: Floats) -> Coverage:
    """Count the people that are covered.

    Args:
        met: bool[n] the requirement is met.
        uncertain: bool[n] the verdict could turn (D6).
        judged: bool[n] there is a verdict; the others are left out of everything.
        people: f64[n] people ≥ 0.
    """
    all_judged = float(people[judged].sum())
    covered = float(people[judged & met].sum())
    unsure = float(people[judged & met & uncertain].sum())
    hopeful = float(people[judged & ~met & uncertain].sum())
    return Coverage(all_judged, covered, max(0.0, covered - unsure), min(all_judged, covered + hopeful))
