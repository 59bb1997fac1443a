"""Ties between municipalities: by flows, and by who serves whose people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["ServiceTie", "Tie", "TieClass", "Ties"]

TieClass = Literal["reciprocal", "dependent", "weak"]


@dataclass(frozen=True)
class Tie:
    """What flows between two municipalities tell.

    Attributes:
        a: position of the first, always the lower one.
        b: position of the second.
        flow_ab: people from a to b.
        flow_ba: people from b to a.
        share_ab: F_ab ÷ R_a; NaN = nobody lives in a.
        share_ba: F_ba ÷ R_b.
        balance: β, 0 … 1.
        strength: L.
        name: ``reciprocal``, ``dependent`` or ``weak``.
        depends: position of the one that depends on the other, −1 = none does.
    """

    a: int
    b: int
    flow_ab: float
    flow_ba: float
    share_ab: float
    share_ba: float
    balance: float
    strength: float
    name: TieClass
    depends: int


@dataclass(frozen=True)
class ServiceTie:
    """What two municipalities do for each other's people.

    Attributes:
        a: position of the first, always the lower one.
        b: position of the second.
        a_in_b: share of a's people best served in b, by function.
        b_in_a: share of b's people best served in a, by function.
        complementary: whether each serves a fifth of the other's people, in different functions.
    """

    a: int
    b: int
    a_in_b: Mapping[str, float]
    b_in_a: Mapping[str, float]
    complementary: bool

    @property
    def reciprocity(self) -> float:
        """Balance of services: 2·min ÷ sum of the two mean shares over functions; NaN = neither serves the other."""
        there, back = sum(self.a_in_b.values()), sum(self.b_in_a.values())
        return 2 * min(there, back) / (there + back) if there + back else float("nan")


@dataclass(frozen=True, eq=False)
class Ties:
    """Ties of one purpose and year over D municipalities.

    Attributes:
        purpose: what people go for; several joined by ``+``.
        year: of the flows, may be empty.
        modelled: whether any of the flows were modelled.
        ties: pairs with a flow between them.
        reciprocity: map-wide, NaN = nobody moves.
        services: ties of services by pair (lower position first); empty where no life zones are asked for.
        composite: one figure for each of ``ties``, empty when it is not asked for.
    """

    purpose: str
    year: str
    modelled: bool
    ties: tuple[Tie, ...]
    reciprocity: float
    services: Mapping[tuple[int, int], ServiceTie]
    composite: tuple[float, ...] = ()
