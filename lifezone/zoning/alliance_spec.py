"""What a planner writes under ``alliances:``. Field texts are schema, form label and report note."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from lifezone.errors import Fault, InputError, some_of
from lifezone.model import Requirement
from lifezone.sources.files import input_record
from lifezone.sources.reading import Reading
from lifezone.sources.tables import read_table
from lifezone.sources.where import Where, keep_rows
from lifezone.spec import Share, Spec, Time
from lifezone.standards.spec import Bound, BoundText
from lifezone.zoning.groups import Limits

__all__ = ["AlliancesSpec", "GivenTable", "JointSpec", "OpenedSpec"]


class _SharedSpec(Spec):
    """What every kind that an alliance could share is told."""

    kind: str = Field(description="Kind of facility, e.g. obstetrics.")
    weight: float = Field(1.0, ge=0, description="What one person newly within the bound counts.")
    mode: str = Field("car", description="How people travel.")
    bound: BoundText = Field(Bound(3600.0, "time"), description="Within which people count as reached, e.g. 60 min.")
    groups: dict[str, float] = Field(
        default_factory=lambda: {"total": 1.0},
        min_length=1,
        description="People who count, each group with its weight.",
    )


class JointSpec(_SharedSpec):
    """A kind that needs more users than one municipality has: together they could keep one."""

    users: str = Field(description="Who uses it: a group of people, or a figure of the municipalities, e.g. births.")
    capture: Share = Field(1.0, description="Share of them who use what is near; 100 % is an upper bound, and told.")
    minimum: float = Field(gt=0, description="Users that one facility needs, e.g. 300 births a year.")
    sites: Literal["centres", "facilities"] = Field(
        "centres",
        description="Where a joint one may stand: the centres of the municipalities, or where facilities of its kind "
        "stand or are listed with open: false.",
    )
    yearly_cost: float | None = Field(None, ge=0, description="Cost of one facility a year in won, whoever comes.")
    cost_per_user: float = Field(0.0, ge=0, description="Further cost of each user in won.")


class OpenedSpec(_SharedSpec):
    """A kind whose facilities take only residents of their own municipality; an alliance opens them to all members."""


class GivenTable(Spec):
    """A division that is given, such as official regional life zones, to be judged by the same measures."""

    path: str = Field(description="The file: CSV, Parquet or any other table; one row for each municipality.")
    district: str = Field(description="Column with the municipality's id.")
    alliance: str = Field(description="Column with the name of its alliance; empty = it stands alone.")
    where: Where | None = Field(None, description="Which rows are meant: column and value, values or a comparison.")
    encoding: str | None = Field(None, description="Encoding of the file, where it is not found out.")

    def load(self, reading: Reading) -> dict[str, str]:
        """Return the name of the alliance of each municipality, empty where it stands alone.

        Raises:
            InputError: a column is missing, or a municipality stands twice; paths start at ``given``.
        """
        table = read_table(reading.folder, self.path, encoding=self.encoding)
        named = (("district", self.district), ("alliance", self.alliance))
        faults = [fault.under(("given",)) for key, column in named for fault in table.missing(column, (key,))]
        if faults:
            raise InputError(faults)
        rows = table.n_rows
        table = keep_rows(table, self.where)[0]
        ids = table.text(self.district).tolist()
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise InputError(
                Fault(f"{self.path}: a municipality stands twice: {some_of(twice)}", ("given", "district"))
            )
        reading.inputs.append(
            input_record(self.path, table.file, what="given alliances", rows=rows, used=table.n_rows,
                         encoding=table.encoding)
        )  # fmt: skip
        return dict(zip(ids, table.text(self.alliance).tolist(), strict=True))


class AlliancesSpec(Spec):
    """Alliances of neighbouring municipalities that could share services (DEFINITIONS D12)."""

    members: Annotated[tuple[int, int], Field(strict=False)] = Field((2, 5), description="Fewest and most members.")
    people: Annotated[tuple[float, float], Field(strict=False)] = Field(
        (200_000.0, 400_000.0), description="Fewest and most people of an alliance, both inclusive."
    )
    target: float = Field(300_000.0, gt=0, description="People that an alliance should have about; decides ties.")
    apart: Time = Field(3600.0, description="Longest trip between the centres of any two members.")
    mode: str = Field("car", description="How one travels between centres.")
    joint: list[JointSpec] = Field(default_factory=list, description="Kinds that members could keep together.")
    opened: list[OpenedSpec] = Field(default_factory=list, description="Kinds that members could open to each other.")
    given: GivenTable | None = Field(None, description="A division to judge beside those that are found.")
    alternatives: int = Field(2, ge=0, le=20, description="How many next-best divisions are told.")
    sensitivity: Annotated[tuple[float, ...], Field(strict=False)] = Field(
        (0.1, 0.2), description="By which shares the limits of people are widened and narrowed, to see what changes."
    )
    time_limit: Time = Field(600.0, description="Time for solving; the best division so far is told with its bound.")

    @model_validator(mode="after")
    def _ordered(self) -> AlliancesSpec:
        """Refuse limits the wrong way round, and nothing to share."""
        if not 2 <= self.members[0] <= self.members[1] <= 8:  # more are too many to enumerate
            raise ValueError("members: from 2 to 8, the smaller number first")
        if not 0 <= self.people[0] <= self.people[1]:
            raise ValueError("people: 0 or more, the smaller number first")
        if not self.joint and not self.opened:
            raise ValueError("give joint or opened: an alliance that shares nothing gains nothing")
        if any(not 0 < one < 1 for one in self.sensitivity):
            raise ValueError("sensitivity: shares between 0 and 1, e.g. [0.1, 0.2]")
        return self

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What alliances ask of roads and facilities, in the form of rules."""
        shared = (*self.joint, *self.opened)
        return tuple(
            Requirement(id=f"alliance {one.kind}", kinds=(one.kind,), mode=one.mode, bound=one.bound.value,
                        metric=one.bound.metric)
            for one in shared
        )  # fmt: skip

    @property
    def limits(self) -> Limits:
        """The limits as numbers."""
        return Limits(*self.members, *self.people, self.target, self.apart)
