"""Shares by attraction and distance (Huff 1963): people do not all use the nearest centre.

p_ij = S_j^α · f(c_ij) / Σ_k S_k^α · f(c_ik) over the centres in reach that stand, with f a power c^−β or an exponential
e^(−c/s). Where flows are observed, α and β (or 1/s) are fitted to them: the shares are a multinomial logit in log S and
log c (or c), whose likelihood has one highest point (McFadden 1974).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

import numpy as np
from pydantic import Field

from lifezone.model import Bools, Floats
from lifezone.sources.observed_table import ObservedTable
from lifezone.spec import Spec
from lifezone.standards.spec import BoundText
from lifezone.zoning.assign import Assigned, by_largest_share, summed
from lifezone.zoning.choices import Choices

__all__ = ["Exponential", "Huff", "HuffUse", "Power", "fit_shares"]

_LEAST: Final = {"time": 60.0, "length": 100.0}
"""Nearer than a minute (100 m) is as near: a power would give such a centre everybody."""
_MOST_STEPS: Final = 200
_CLOSE: Final = 1e-9


class Power(Spec):
    """Falls by a power of the trip; trips below one minute (100 m) count as that."""

    type: Literal["power"] = Field("power", description="Falls by a power of the trip.")
    exponent: float = Field(2.0, gt=0, description="β of c^−β.")


class Exponential(Spec):
    """Falls by the same share for every further minute."""

    type: Literal["exponential"] = Field(description="Falls by the same share for every further minute or metre.")
    scale: BoundText = Field(description="Trip over which it falls to 37 % (1/e), e.g. 10 min or 2 km.")


class Huff(Spec):
    """People choose among the centres in reach by their attraction and distance."""

    method: Literal["huff"] = Field(description="Shares by attraction and distance.")
    attraction: Literal["capacity", "facilities"] = Field(
        "facilities", description="What attracts: the capacity of a centre's facilities, or their number."
    )
    exponent: float = Field(1.0, ge=0, description="α, by which attraction counts.")
    decay: Annotated[Power | Exponential, Field(discriminator="type")] = Field(
        default_factory=Power, description="How the use of a centre falls with the trip."
    )
    fit: ObservedTable | None = Field(
        None, description="Observed users by place and facility, from which α and the decay are fitted."
    )


@dataclass(frozen=True, eq=False)
class HuffUse:
    """The users of every centre by shares.

    Attributes:
        choices: who may use what.
        pull: f64[K] S^α · f(c) of every pair.
        weight: f64[P] people.
    """

    choices: Choices
    pull: Floats
    weight: Floats

    def assign(self, alive: Bools) -> Assigned:
        """Return the users of the centres that stand."""
        pull = self.pull * alive[self.choices.centre]
        row = self.choices.row
        total = summed(row, pull, self.choices.n_points)
        share = np.divide(pull, total[row], out=np.zeros(len(pull)), where=total[row] > 0)
        return by_largest_share(self.choices, share, self.weight)

    @staticmethod
    def of(choices: Choices, spec: Huff, metric: str, attraction: Floats, weight: Floats) -> HuffUse:
        """Return the use by a spec's own numbers.

        Args:
            choices: who may use what.
            spec: exponents.
            metric: ``time`` or ``length``.
            attraction: f64[C] S_j ≥ 0.
            weight: f64[P] people.
        """
        pull = attraction[choices.centre] ** spec.exponent * np.exp(-rate_of(spec) * deterrence(choices, spec, metric))
        return HuffUse(choices, pull, weight)


def rate_of(spec: Huff) -> float:
    """Return what the deterrence is multiplied by: β, or 1 over the scale."""
    return spec.decay.exponent if spec.decay.type == "power" else 1.0 / spec.decay.scale.value


def deterrence(choices: Choices, spec: Huff, metric: str) -> Floats:
    """Return f64[K] log of the trip for a power, the trip itself for an exponential."""
    if spec.decay.type == "power":
        logs: Floats = np.log(np.maximum(choices.cost, _LEAST[metric]))
        return logs
    return choices.cost


@dataclass(frozen=True)
class FittedShares:
    """α and the decay's rate, with their standard errors, and how well shares are met.

    Attributes:
        exponent: α; as given where all centres attract alike.
        rate: β of a power, 1/scale of an exponential.
        error_exponent: standard error of α, NaN where it was not fitted.
        error_rate: standard error of the rate.
        r_squared: McFadden's, 1 − log-likelihood ÷ that of equal shares.
    """

    exponent: float
    rate: float
    error_exponent: float
    error_rate: float
    r_squared: float


def fit_shares(choices: Choices, users: Floats, log_attraction: Floats, cost: Floats) -> FittedShares | None:
    """Fit shares to observed users by Newton's steps.

    Args:
        choices: who may use what.
        users: f64[K] observed users of each pair.
        log_attraction: f64[K] log S.
        cost: f64[K] the deterrence: log c or c.

    Returns:
        The fit; None where users do not tell (nobody, or every place knows one centre alone).
    """
    row, n = choices.row, choices.n_points
    spread = np.array([log_attraction.std(), cost.std()]) if len(cost) else np.zeros(2)
    free = spread > 0
    x = np.column_stack([log_attraction, -cost])[:, free] / spread[free]
    at_place = summed(row, users, n)
    if not free[1] or users.sum() <= 0:
        return None
    beta = np.zeros(x.shape[1])
    now, gradient, information = _likelihood(beta, x, users, at_place, row)
    equal = now
    for _ in range(_MOST_STEPS):
        if np.linalg.matrix_rank(information) < len(beta):
            return None
        step = np.linalg.solve(information, gradient)
        while (then := _likelihood(beta + step, x, users, at_place, row))[0] < now - 1e-12 * abs(now):
            step = step / 2  # too far: half the way is always uphill
        beta = beta + step
        now, gradient, information = then
        if np.abs(step).max() < _CLOSE:
            break
    value, error = np.array([np.nan, np.nan]), np.array([np.nan, np.nan])
    value[free], error[free] = beta / spread[free], np.sqrt(np.diag(np.linalg.inv(information))) / spread[free]
    return FittedShares(
        float(value[0]), float(value[1]), float(error[0]), float(error[1]),
        float(1 - now / equal) if equal < 0 else 0.0,
    )  # fmt: skip


def _likelihood(
    beta: Floats, x: Floats, users: Floats, at_place: Floats, row: np.ndarray
) -> tuple[float, Floats, Floats]:
    """Return the log-likelihood of shares, its gradient and the information."""
    n = len(at_place)
    line = x @ beta
    top = np.full(n, -np.inf)
    np.maximum.at(top, row, line)
    pull = np.exp(line - top[row])
    share = pull / summed(row, pull, n)[row]
    means = np.column_stack([summed(row, share * column, n) for column in x.T])
    away = x - means[row]
    gradient = x.T @ (users - at_place[row] * share)
    information = away.T @ (away * (at_place[row] * share)[:, None])
    used = users > 0
    return float((users[used] * np.log(share[used])).sum()), gradient, information
