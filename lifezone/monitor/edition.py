"""Everything that is known of the districts in one edition, already told by the districts of the study.

Counts alone: what is divided is divided by indicators, so that figures of merged and split districts stay exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np

from lifezone.model import Floats, Ints
from lifezone.monitor.counts import Column, Composition, FlowTable, RunResult, UnitTable
from lifezone.monitor.indicator import NotGiven, Reasoned
from lifezone.monitor.series import EditionInfo, Why
from lifezone.sources.korea.groups import parse_group, recipe_of
from lifezone.sources.korea.registration import AgeColumn

__all__ = ["Edition"]

_CUT: Final = 5
"""Widest class of ages that is cut, an equal share a year: 45–49 for women up to 45, never 15–64."""


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition.

    Attributes:
        info: name and date.
        centre: i32[D] centre of each district, −1 = none.
        figures: figure → counts.
        ages: columns of ages and their counts; what groups of people are put together of.
        compositions: subject → counts by category: ``industries``, ``incomes``.
        flows: purpose → flows: ``commuting``, ``moves`` …
        units: subject → places within districts.
        run: what a run tells: who is judged and covered, or None.
        before: the edition before this one.
        is_whole: whether this is the study as one district, see :meth:`together`.
    """

    info: EditionInfo
    centre: Ints
    figures: Mapping[str, Column] = field(default_factory=dict)
    ages: tuple[tuple[AgeColumn, Column], ...] = ()
    compositions: Mapping[str, Composition] = field(default_factory=dict)
    flows: Mapping[str, FlowTable] = field(default_factory=dict)
    units: Mapping[str, UnitTable] = field(default_factory=dict)
    before: Edition | None = None
    run: RunResult | None = None
    is_whole: bool = False

    @property
    def n_districts(self) -> int:
        """D."""
        return len(self.centre)

    @property
    def years_since(self) -> float:
        """Years since the edition before."""
        if self.before is None:
            raise NotGiven("an earlier edition")
        days = np.datetime64(self.info.date) - np.datetime64(self.before.info.date)
        return float(days / np.timedelta64(1, "D")) / 365.25

    def figure(self, name: str) -> Reasoned:
        """Return a figure and why it is missing; raises :class:`NotGiven` where no table tells it."""
        column = self.column(name)
        return column.value, column.why

    def column(self, name: str) -> Column:
        """Return a figure with its total: given as it is, or put together of ages, flows or places."""
        if name in self.figures:
            return self.figures[name]
        for made in (self._of_ages, self._of_flows, self._of_units):
            column = made(name)
            if column is not None:
                return column
        raise NotGiven(name)

    def crossing(self, name: str) -> Reasoned:
        """Return people who come or go across borders.

        Of the whole study only flows tell who crosses *its* border: counts of districts hold moves between them too.
        """
        if self.is_whole and name in self.figures:
            raise NotGiven(f"flows:{name.partition('_')[0]}")
        return self.figure(name)

    def neighbours(self, figure: Reasoned) -> Reasoned:
        """Add a figure up over the neighbours of each centre; missing where one neighbour's is, and off centres."""
        if not (self.centre >= 0).any():
            raise NotGiven("centres")
        value, why = figure
        around = np.flatnonzero((self.centre >= 0) & (self.centre != np.arange(len(self.centre))))
        sums, reason = np.zeros(len(value)), np.zeros(len(value), np.int8)
        np.add.at(sums, self.centre[around], value[around])
        np.maximum.at(reason, self.centre[around], why[around].astype(np.int8))
        has = np.bincount(self.centre[around], minlength=len(value)) > 0
        reason = np.where(has, reason, Why.NO_CENTRE).astype(np.int8)
        return np.where(reason == Why.COMPUTED, sums, np.nan), reason

    def composition(self, subject: str) -> Composition:
        """Return counts by category; raises :class:`NotGiven`."""
        if subject not in self.compositions:
            raise NotGiven(subject)
        return self.compositions[subject]

    def flow(self, *purposes: str) -> FlowTable:
        """Return the flows of the first purpose that is there; raises :class:`NotGiven`."""
        for purpose in purposes:
            if purpose in self.flows:
                return self.flows[purpose]
        raise NotGiven(f"flows:{purposes[0]}")

    def first_of(self, *figures: str) -> Reasoned:
        """Return the first of these figures that is there; raises :class:`NotGiven`."""
        for name in figures[:-1]:
            try:
                return self.figure(name)
            except NotGiven:
                continue
        return self.figure(figures[-1])

    def part_and_whole(self, part: str, *wholes: str) -> tuple[Reasoned, Reasoned]:
        """Return a figure and what it is a part of, both of the same places where places tell it.

        Cells rarely hold everybody: a part counted in cells is divided by the people of those cells.
        """
        if part not in self.figures:
            for table in self.units.values():
                whole = next((name for name in wholes if name in table.counts), None)
                if part in table.counts and whole is not None:
                    one, all_of = self._of_places(table, part), self._of_places(table, whole)
                    return (one.value, one.why), (all_of.value, all_of.why)
        return self.figure(part), self.first_of(*wholes)

    def two_groups(self, part: str) -> tuple[UnitTable, Floats, Floats]:
        """Return places, the people of a group in each and everybody in each; raises :class:`NotGiven`."""
        for whole in ("income_people", "all"):
            for table in self.units.values():
                if part in table.counts and whole in table.counts:
                    return table, table.counts[part], table.counts[whole]
        raise NotGiven(f"places:{part} + all")

    def between_centre(self, purpose: str) -> tuple[Reasoned, Reasoned]:
        """Return people who go from neighbours to their centre, and back; missing off centres."""
        flows = self.flow(purpose)
        if not (self.centre >= 0).any():
            raise NotGiven("centres")
        district = np.arange(self.n_districts)
        at = np.where(self.centre >= 0, self.centre, 0)
        outward, back = flows.people[district, at], flows.people[at, district]
        why = flows.why
        to_centre, reason = self.neighbours((outward, why))
        from_centre, _ = self.neighbours((back, why))
        reason = np.where(reason == Why.COMPUTED, why, reason).astype(np.int8)  # the centre's own flows
        return (to_centre, reason), (from_centre, reason)

    def results(self) -> RunResult:
        """Return what a run tells; raises :class:`NotGiven`."""
        if self.run is None:
            raise NotGiven("results")
        return self.run

    def earlier(self) -> Edition:
        """Return the edition before; raises :class:`NotGiven` in the first one."""
        if self.before is None:
            raise NotGiven("an earlier edition")
        return self.before

    def together(self) -> Edition:
        """Return the study as one district, for what is told of the whole."""

        def one(column: Column) -> Column:
            why = np.array([Why.COMPUTED if np.isfinite(column.total) else column.why.max()], np.int8)
            return Column(np.array([column.total]), why, column.total)

        return replace(
            self, centre=np.array([-1], np.int32),
            figures={name: one(column) for name, column in self.figures.items()},
            ages=tuple((about, one(column)) for about, column in self.ages),
            compositions={
                name: replace(found, columns=tuple(one(column) for column in found.columns))
                for name, found in self.compositions.items()
            },
            flows={name: _one_district(found) for name, found in self.flows.items()},
            units={name: _one_place(found) for name, found in self.units.items()},
            run=None if self.run is None else replace(
                self.run,
                coverage={key: (one(judged), one(covered)) for key, (judged, covered) in self.run.coverage.items()},
                bounds={key: (one(low), one(high)) for key, (low, high) in self.run.bounds.items()},
            ),
            before=None if self.before is None else self.before.together(), is_whole=True,
        )  # fmt: skip

    def _of_ages(self, name: str) -> Column | None:
        """Put a group of people together of the ages that are there; only classes of few years are cut."""
        group = parse_group(name)
        known = {about.column: (about, column) for about, column in (*self.ages, *self._given_groups)}
        recipe = None if group is None else recipe_of(group, [about for about, _ in known.values()], None)
        if recipe is None or any(part != 1 and _years(known[column][0]) > _CUT for column, part in recipe.parts):
            return None
        return _sum([(known[column][1], part) for column, part in recipe.parts])

    @cached_property
    def _given_groups(self) -> tuple[tuple[AgeColumn, Column], ...]:
        """Groups of people that tables give by name, as columns of ages."""
        groups = [(name, parse_group(name), column) for name, column in self.figures.items()]
        return tuple(
            (AgeColumn(name, group.sex, group.low, group.high, ""), column)
            for name, group, column in groups if group is not None
        )  # fmt: skip

    def _of_flows(self, name: str) -> Column | None:
        """Count people who come and go by flows."""
        sides = {"commuters": ("commuting_schooling", "commuting"), "movers": ("moves",)}
        what, _, rest = name.partition("_")
        way, _, ages = rest.partition("_")
        if what not in sides or way not in ("in", "out"):
            return None
        purposes = [f"{purpose}_{ages}" if ages else purpose for purpose in sides[what]]
        table = next((self.flows[one] for one in purposes if one in self.flows), None)
        if table is None:
            return None
        people = table.crossing_in if way == "in" else table.crossing_out
        beyond = table.people[-1, :-1].sum() if way == "in" else table.people[:-1, -1].sum()
        return Column(np.where(table.why == Why.COMPUTED, people, np.nan), table.why, float(beyond))

    def _of_units(self, name: str) -> Column | None:
        """Add up places within districts."""
        table = next((one for one in self.units.values() if name in one.counts), None)
        return None if table is None else self._of_places(table, name)

    def _of_places(self, table: UnitTable, name: str) -> Column:
        """Add up one figure of places within districts."""
        inside, values = table.district >= 0, table.counts[name]
        people = np.bincount(table.district[inside], values[inside], minlength=self.n_districts).astype(np.float64)
        why = np.where((table.why == Why.COMPUTED) & np.isnan(people), Why.EMPTY_CELL, table.why).astype(np.int8)
        whole = np.isin(why, (Why.COMPUTED, Why.NOT_REBASED)).all()
        total = float(values[inside].sum()) if whole else np.nan
        return Column(np.where(why == Why.COMPUTED, people, np.nan), why, total)


def _years(about: AgeColumn) -> int:
    """Return how many years of age a column holds."""
    return (about.high or 0) - (about.low or 0) + 1


def _sum(parts: list[tuple[Column, float]]) -> Column:
    """Add figures, each times its part; missing where one of them is."""
    value = np.sum([column.value * part for column, part in parts], axis=0)
    why = np.max([column.why for column, _ in parts], axis=0).astype(np.int8)
    return Column(np.where(why == Why.COMPUTED, value, np.nan), why, sum(one.total * part for one, part in parts))


def _one_district(flows: FlowTable) -> FlowTable:
    """Return the flows of the study as one district and everywhere else."""
    inside = flows.people[:-1, :-1].sum()
    people = np.array([[inside, flows.people[:-1, -1].sum()], [flows.people[-1, :-1].sum(), flows.people[-1, -1]]])
    missing = flows.why[(flows.why != Why.COMPUTED) & (flows.why != Why.NOT_REBASED)]
    return FlowTable(people, np.array([missing.max(initial=Why.COMPUTED)], np.int8))


def _one_place(units: UnitTable) -> UnitTable:
    """Return the places of the study as those of one district."""
    missing = units.why[(units.why != Why.COMPUTED) & (units.why != Why.NOT_REBASED)]
    return replace(
        units, district=np.where(units.district >= 0, 0, -1).astype(np.int32),
        why=np.array([missing.max(initial=Why.COMPUTED)], np.int8),
    )  # fmt: skip
