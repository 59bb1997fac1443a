"""The facts that page one and the recommendation are written from: counts as the tables of a run tell them.

Counts are raw here; whoever writes them hides what may not be shown (:mod:`lifezone.report.council.phrases`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import pandas as pd

from lifezone.model import TOTAL
from lifezone.report.material import ALL, Material

__all__ = ["ANY", "DESERT", "Alternative", "Covered", "Effect", "Facts", "Part", "Question", "facts_of", "records"]

Row = Mapping[str, Any]

Question = Literal["now", "variants", "siting", "closure", "zones"]
"""What a study asks: how it is, which variant, where to open, what closing does, who belongs together."""

DESERT: Final = "desert"
"""The requirement that stands for life deserts in ``changes.csv``."""
ANY: Final = "any"
"""The requirement that stands for any of them in ``winners_losers.csv``."""
_LEAST_DISTRICT: Final = 50.0
"""A district with fewer people is not called the worst: one family would decide."""
_OLD: Final = "age_65_plus"


@dataclass(frozen=True)
class Part:
    """People of whom something is true, of so many."""

    part: float
    whole: float

    @property
    def share(self) -> float:
        """Their share; NaN of nobody."""
        return self.part / self.whole if self.whole > 0 else math.nan


@dataclass(frozen=True)
class Covered:
    """How many people meet a requirement in the whole area.

    Attributes:
        requirement: its id.
        group: whom it was judged for.
        people: who meets it, of those judged.
        low: share when every uncertain verdict is taken as unmet, or None.
        high: share when every uncertain verdict is taken as met, or None.
        uncertain: people whose verdict could be otherwise inside their cell.
        uncertified: people for whom a nearer facility beyond the loaded roads cannot be ruled out.
        unreachable: people who reach none at all.
    """

    requirement: str
    group: str
    people: Part
    low: float | None = None
    high: float | None = None
    uncertain: float = 0.0
    uncertified: float = 0.0
    unreachable: float = 0.0


@dataclass(frozen=True)
class Effect:
    """What a variant changes in one requirement, or in life deserts.

    Attributes:
        what: the requirement's id, or :data:`DESERT`.
        group: who is counted.
        gain: people who meet it newly, or are lifted out of deserts.
        lose: people who no longer meet it, or fall into deserts.
        sure: of gain and lose together at least so many, whatever the uncertain verdicts are; None where that is not
            known (deserts).
    """

    what: str
    group: str
    gain: float
    lose: float
    sure: float | None = None

    @property
    def size(self) -> float:
        """People whose verdict changes."""
        return self.gain + self.lose


@dataclass(frozen=True)
class Alternative:
    """A variant beside the baseline.

    Attributes:
        name: its name in the scenario.
        titles: what it is called in Korean and in English; empty where only the name is known.
        effects: requirements whose verdict changes for anybody, most people first; deserts are apart.
        desert: what it changes in life deserts, or None without a desert test.
        compared: whether tables hold it against the baseline at all.
        own_standard: it is judged by another standard.
        own_people: its people are not those of the baseline.
        people: how many people there are in the baseline and in the variant, where they differ.
        opened: names of what a plan opens.
        closed: names of what a plan closes.
        status: of the plan; empty where no siting was asked.
        trips: people with a shorter (gain) and with a longer trip (lose) to anything, or None.
        longer: people whose trip gets longer in the requirement that changes most, and the mean of what it is longer
            by in minutes; the mean is NaN where some of them reach none any more; None where nothing changes.
    """

    name: str
    effects: tuple[Effect, ...] = ()
    desert: Effect | None = None
    compared: bool = True
    own_standard: bool = False
    own_people: bool = False
    people: tuple[float, float] | None = None
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    status: str = ""
    titles: tuple[str, str] = ("", "")
    trips: Effect | None = None
    longer: tuple[float, float] | None = None

    def called(self, language: Literal["ko", "en"]) -> str:
        """Return what people call it."""
        return self.titles[int(language == "en")] or self.name

    @property
    def everything(self) -> tuple[Effect, ...]:
        """All effects on verdicts, deserts among them."""
        return self.effects if self.desert is None else (self.desert, *self.effects)

    @property
    def weighed(self) -> tuple[Effect, ...]:
        """All that alternatives are weighed by: verdicts, and whose trips get shorter or longer."""
        return self.everything if self.trips is None else (*self.everything, self.trips)

    @property
    def only_unsure(self) -> bool:
        """Whether no change of a verdict is larger than what the size of cells leaves open."""
        return bool(self.effects) and all(effect.sure == 0.0 for effect in self.effects)


@dataclass(frozen=True)
class Facts:
    """What a run says, in a few counts of the baseline and its alternatives.

    Attributes:
        question: what the study asks.
        people: everybody in the area.
        districts: how many districts there are.
        has_desert_test: whether the standard has one.
        desert: people in life deserts.
        old_in_desert: of those aged 65 and over, or None.
        lost: function → people who have lost it.
        all_met: people with every requirement met, or None.
        covered: every requirement that was judged, in the standard's order.
        not_assessed: requirements without any data.
        worst: district with the largest share in deserts (without a desert test: with the least met), and that share.
        alternatives: the other variants.
        modelled: what of the data is modelled (:attr:`Material.modelled`).
        zones: of a run that draws life zones: function, number of zones, people who are in none.
    """

    question: Question
    people: float
    districts: int
    has_desert_test: bool = False
    desert: Part | None = None
    old_in_desert: Part | None = None
    lost: tuple[tuple[str, Part], ...] = ()
    all_met: Part | None = None
    covered: tuple[Covered, ...] = ()
    not_assessed: tuple[str, ...] = ()
    worst: tuple[str, float] | None = None
    alternatives: tuple[Alternative, ...] = ()
    modelled: tuple[str, ...] = ()
    zones: tuple[tuple[str, int, Part], ...] = ()

    @property
    def lowest(self) -> Covered | None:
        """The requirement that the smallest share meets; the first of equals."""
        judged = [one for one in self.covered if one.people.whole > 0]
        return min(judged, key=lambda one: one.people.share, default=None)


def facts_of(material: Material) -> Facts:
    """Read the facts of a run from its tables."""
    manifest = material.manifest
    has_test = "deserts" not in material.absent
    table = material.table("gaps")
    gaps = records(table[table["variant"] == material.baseline])
    people = float(manifest["people"]["in_area"])
    return Facts(
        question=_question(material),
        people=people,
        districts=len(material.districts),
        has_desert_test=has_test,
        desert=_gap(gaps, DESERT, TOTAL) if has_test else None,
        old_in_desert=_gap(gaps, DESERT, _OLD) if has_test else None,
        lost=_lost(gaps) if has_test else (),
        all_met=_all_met(material, people),
        covered=_covered(material),
        not_assessed=tuple(manifest.get("not_assessed", ())),
        worst=_worst(material, gaps, has_test=has_test),
        alternatives=tuple(_alternative(material, name) for name in material.others),
        modelled=material.modelled,
        zones=_zones(material),
    )


def _zones(material: Material) -> tuple[tuple[str, int, Part], ...]:
    """Return every function that is divided, with its zones and who is in none."""
    rows = material.table("zones")
    found = []
    for column in rows.columns:
        if column.endswith("_zone"):
            outside = rows[column].isna() | (rows[column] == "")
            part = Part(float(rows["people"][outside].sum()), float(rows["people"].sum()))
            found.append((str(column).removesuffix("_zone"), int(rows[column][~outside].nunique()), part))
    return tuple(found)


def _question(material: Material) -> Question:
    """Return what the study asks, by what it varies."""
    if material.plans:
        methods = [plan["method"] for plan in material.plans.values()]
        return "closure" if all(method == "close" for method in methods) else "siting"
    if material.others:
        edits = [edit for name in material.others for edit in material.entry(name)["edits"]]
        return "closure" if edits and all(str(edit).startswith("close ") for edit in edits) else "variants"
    return "now" if "zones" in material.absent else "zones"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain dictionaries."""
    found: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    return found


def _gap(gaps: Sequence[Row], what: str, group: str, district: str = ALL) -> Part | None:
    """Return who is concerned by a gap, or None where the table does not tell of the group."""
    for row in gaps:
        if (row["what"], row["group"], row["district"]) == (what, group, district):
            return Part(float(row["concerned"]), float(row["people"]))
    return None


def _lost(gaps: Sequence[Row]) -> tuple[tuple[str, Part], ...]:
    """Return the functions of the desert test with who has lost them, most people first."""
    names = [what for what in dict.fromkeys(str(row["what"]) for row in gaps) if what.startswith("lost_")]
    found = [(what.removeprefix("lost_"), _gap(gaps, what, TOTAL)) for what in names]
    known = [(name, part) for name, part in found if part is not None]
    return tuple(sorted(known, key=lambda one: -one[1].part))


def _all_met(material: Material, people: float) -> Part | None:
    """Return who has every requirement met."""
    for row in records(material.table("classes")):
        if (row["variant"], row["district"]) == (material.baseline, ALL):
            share = _known(row["all_met_share"])
            return None if share is None else Part(round(share * people, 6), people)
    return None


def _covered(material: Material) -> tuple[Covered, ...]:
    """Return every requirement that was judged."""
    counts = material.entry(material.baseline)["requirements"]
    rows = records(material.headline("summary", material.baseline))
    return tuple(
        Covered(
            requirement=row["requirement"],
            group=row["group"],
            people=Part(float(row["covered"]), float(row["judged"])),
            low=_known(row["coverage_low"]),
            high=_known(row["coverage_high"]),
            uncertain=_zero(row["uncertain"]),
            uncertified=float(counts.get(row["requirement"], {}).get("uncertified", 0.0)),
            unreachable=_zero(row["unreachable"]),
        )
        for row in rows
        if row["judged"] > 0 and _known(row["covered"]) is not None
    )


def _worst(material: Material, gaps: Sequence[Row], *, has_test: bool) -> tuple[str, float] | None:
    """Return the district that has it worst, where there are several."""
    if len(material.districts) < 2:
        return None
    people = {str(one["id"]): float(one["people"]) for one in material.manifest["districts"]}
    large = [district for district in material.districts if people[district] >= _LEAST_DISTRICT]
    if has_test:
        parts = {district: _gap(gaps, DESERT, TOTAL, district) for district in large}
        shares = {district: part.share for district, part in parts.items() if part is not None}
        worst = max(shares, key=lambda one: shares[one], default=None)
    else:
        rows = [row for row in records(material.table("classes")) if row["variant"] == material.baseline]
        means = {str(row["district"]): _known(row["mean_share"]) for row in rows if row["district"] in large}
        shares = {district: share for district, share in means.items() if share is not None}
        worst = min(shares, key=lambda one: shares[one], default=None)
    return None if worst is None else (worst, shares[worst])


def _alternative(material: Material, name: str) -> Alternative:
    """Return what a variant changes."""
    entry, plan = material.entry(name), material.plans.get(name) or {}
    rows = [row for row in records(material.headline("changes", name)) if row["requirement"] != DESERT]
    effects = sorted((_effect(material, row) for row in rows), key=lambda one: -one.size)
    felt = tuple(one for one in effects if one.size > 0)
    trips, longer = _trips(material, name, felt[0] if felt else None)
    people = _people(material, name)
    sites = {str(site["id"]): str(site.get("name") or site["id"]) for site in plan.get("sites", ())}
    return Alternative(
        name=name,
        effects=felt,
        desert=_desert_effect(material, name),
        compared=bool(rows),
        own_standard="standard" in entry,
        own_people=people is not None,
        people=people,
        opened=tuple(sites.get(str(one), str(one)) for one in plan.get("opened", ())),
        closed=tuple(sites.get(str(one), str(one)) for one in plan.get("closed", ())),
        status=str(plan.get("status", "")),
        titles=(material.variant_name(name, "ko"), material.variant_name(name, "en")),
        trips=trips,
        longer=longer,
    )


def _people(material: Material, name: str) -> tuple[float, float] | None:
    """Return how many people there are before and after, where a variant has other people in any district."""
    table = material.table("changes")
    rows = records(table[table["variant"] == name])
    if all(_known(row["people_after"]) in (None, float(row["people"])) for row in rows):
        return None
    whole = [row for row in rows if row["district"] == ALL and row["group"] == TOTAL]
    row = (whole or [row for row in rows if row["district"] == ALL])[0]
    return float(row["people"]), _zero(row["people_after"])


def _desert_effect(material: Material, name: str) -> Effect | None:
    """Return who leaves life deserts and who falls into them, or None without a desert test."""
    for row in _of(material.table("changes"), DESERT, TOTAL):
        if row["variant"] == name and row["district"] == ALL:
            return Effect(DESERT, TOTAL, _zero(row["gain"]), _zero(row["lose"]))
    return None


def _trips(material: Material, name: str, largest: Effect | None) -> tuple[Effect | None, tuple[float, float] | None]:
    """Return whose trips get shorter or longer, and those that get longer in the largest effect with their mean."""
    table = material.table("winners_losers")
    rows = records(table[(table["variant"] == name) & (table["district"] == ALL)])
    group = TOTAL if largest is None else largest.group
    of = {(str(row["requirement"]), str(row["group"])): row for row in rows}
    every = of.get((ANY, TOTAL)) or of.get((ANY, group))
    trips = None
    if every is not None:
        trips = Effect(ANY, str(every["group"]), _zero(every["winners"]), _zero(every["losers"]))
    own = None if largest is None else of.get((largest.what, group))
    if own is None or own["unit"] != "min" or not own["losers"] > 0:
        return trips, None
    mean = math.nan if own["cut_off"] > 0 else float(own["mean_lost"])
    return trips, (float(own["losers"]), mean)


def _effect(material: Material, row: Row) -> Effect:
    """Return one requirement's change, with what of it is sure."""
    gain, lose = _zero(row["gain"]), _zero(row["lose"])
    sure = _sure(material, row["variant"], row["requirement"], row["group"]) if gain + lose > 0 else 0.0
    return Effect(row["requirement"], row["group"], gain, lose, sure)


def _sure(material: Material, variant: str, requirement: str, group: str) -> float:
    """Return how many verdicts change at least, whatever the uncertain ones are.

    Of the people whose verdict changes in a district, at most those are unsure whose verdict is uncertain before, and
    those whose is uncertain afterwards; the rest is sure. Districts are added up.
    """
    unsure: dict[str, float] = {}
    for row in _of(material.table("summary"), requirement, group):
        if row["variant"] in (material.baseline, variant):
            unsure[row["district"]] = unsure.get(row["district"], 0.0) + _zero(row["uncertain"])
    rows = [row for row in _of(material.table("changes"), requirement, group) if row["variant"] == variant]
    parts = [row for row in rows if row["district"] != ALL] or rows
    changed = ((_zero(row["gain"]) + _zero(row["lose"]), unsure.get(row["district"], 0.0)) for row in parts)
    return sum(max(0.0, size - open_) for size, open_ in changed)


def _of(table: pd.DataFrame, requirement: str, group: str) -> list[dict[str, Any]]:
    """Return the rows of one requirement and group."""
    return records(table[(table["requirement"] == requirement) & (table["group"] == group)])


def _known(value: Any) -> float | None:
    """Return a finite number or None."""
    return float(value) if value is not None and math.isfinite(value) else None


def _zero(value: Any) -> float:
    """Return a count, 0 where the table is empty."""
    return _known(value) or 0.0
