"""Respondents as a survey file tells of them: weights, classes, answers; every fault of the file at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.errors import Path as FaultPath
from lifezone.model import Floats
from lifezone.monitor.survey.estimate import Strata
from lifezone.monitor.survey.raking import Raked, raked
from lifezone.monitor.survey.spec import DimensionSpec, QuestionSpec, SurveySpec
from lifezone.sources.files import input_record
from lifezone.sources.tables import Table, read_table
from lifezone.sources.where import keep_rows

__all__ = ["Respondents", "read_respondents"]


@dataclass(frozen=True, eq=False)
class Respondents:
    """n respondents of one survey.

    Attributes:
        weight: f64[n] ≥ 0, after raking.
        strata: which part of the population each stands for, or None.
        classes: dimension → object[n] class, ``""`` = not told.
        order: dimension → its classes in the order in which they are told.
        answers: question → object[n] code, ``""`` = no answer.
        raked: how raking went, or None where no margins are given.
        notes: what was assumed or left out.
    """

    weight: Floats
    strata: Strata | None
    classes: Mapping[str, np.ndarray]
    order: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, np.ndarray]
    raked: Raked | None = None
    notes: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """Number of respondents."""
        return len(self.weight)


def read_respondents(folder: Path, spec: SurveySpec, inputs: list[dict[str, Any]] | None = None) -> Respondents:
    """Read the respondents of a survey, and rake their weights where margins are given.

    Args:
        folder: where relative paths start.
        spec: the survey.
        inputs: what the manifest says of the file is added here.

    Raises:
        InputError: a column is missing, nobody answered, a respondent comes twice, a weight is negative or none is
            above 0, an answer is none of those that can be given, or margins cannot be reached.
    """
    table, notes = _table(folder, spec)
    faults: list[Fault] = []
    weight = _weights(table, spec, faults)
    classes, order = {}, {}
    for name in spec.by:
        classes[name], order[name] = _classes(table, spec.dimension(name), ("by", name), faults)
    answers = {
        question.id: _answers(table, question, ("questions", at), faults) for at, question in enumerate(spec.questions)
    }
    strata, weight = _strata(table, spec, weight, faults)
    if faults:
        raise InputError(faults)
    made = raked(weight, classes, spec.margins, most=spec.most_weight) if spec.margins else None
    if made is not None:
        notes = (*notes, f"{spec.path}: {made.told()}")
    if inputs is not None:
        inputs.append(
            input_record(spec.path, table.file, what="survey", rows=table.n_rows, used=int((weight > 0).sum()),
                         refused=int((weight <= 0).sum()), encoding=table.encoding)
        )  # fmt: skip
    return Respondents(weight if made is None else made.weight, strata, classes, order, answers, made, notes)


def _table(folder: Path, spec: SurveySpec) -> tuple[Table, tuple[str, ...]]:
    """Read the file, check its columns, keep the rows that are meant."""
    table = read_table(folder, spec.path, layer=spec.layer, encoding=spec.encoding)
    named: dict[FaultPath, str | None] = {("id",): spec.id, ("weight",): spec.weight}
    named |= {("by", name): spec.dimension(name).column for name in spec.by}
    named |= {("questions", at, "column"): one.column or one.id for at, one in enumerate(spec.questions)}
    if spec.strata is not None:
        named[("strata", "column")] = spec.strata.column
    faults = [fault for at, column in named.items() if column is not None for fault in table.missing(column, at)]
    if faults:
        raise InputError(faults)
    kept, notes = keep_rows(table, spec.where)
    if kept.n_rows == 0:
        raise InputError(Fault(f"{spec.path} has no respondents{': ' + notes[0] if notes else ''}", ("path",)))
    if spec.id is not None:
        ids = kept.text(spec.id).tolist()
        twice = [one for one in dict.fromkeys(ids) if ids.count(one) > 1] if len(set(ids)) < len(ids) else []
        if twice:
            raise InputError(Fault(f"{spec.path}: respondents come twice: {some_of(twice)}", ("id",)))
    return kept, (*table.notes, *notes)


def _weights(table: Table, spec: SurveySpec, faults: list[Fault]) -> Floats:
    """Return f64[n] weights; a respondent without one counts 0."""
    if spec.weight is None:
        return np.ones(table.n_rows)
    weight, wrong = table.numbers(spec.weight, ("weight",))
    faults += wrong
    weight = np.where(np.isnan(weight), 0.0, weight)
    bad = (weight < 0) | ~np.isfinite(weight)
    if bad.any():
        faults.append(Fault(f"{table.path}: weights must be 0 or more: {table.lines_of(bad)}", ("weight",)))
    elif not wrong and not (weight > 0).any():
        faults.append(Fault(f"{table.path}: all weights are 0: nobody counts", ("weight",)))
    return weight


def _classes(
    table: Table, dimension: DimensionSpec, at: FaultPath, faults: list[Fault]
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return object[n] the class of each respondent, and the classes in order."""
    cells = _told(table.text(dimension.column), dimension.missing)
    if not dimension.bands:
        found = np.array([dimension.names.get(one, one) for one in cells.tolist()], dtype=object)
        seen = set(found.tolist()) - {""}
        named = [name for name in dict.fromkeys(dimension.names.values()) if name in seen]
        return found, (*named, *sorted(seen - set(named)))
    numbers = np.array([_number(one) for one in cells.tolist()])
    strange = (cells != "") & ~np.isfinite(numbers)
    if strange.any():
        faults.append(Fault(f"{table.path}: column {dimension.column!r} must hold numbers, to be cut into bands: "
                            f"{table.lines_of(strange)}", at))  # fmt: skip
        numbers = np.where(strange, np.nan, numbers)
    names = _band_names(dimension.bands)
    position = np.searchsorted(dimension.bands, numbers, side="right")
    found = np.array(
        ["" if np.isnan(number) else names[band] for number, band in zip(numbers, position, strict=True)], dtype=object
    )
    seen = set(found.tolist())
    return found, tuple(name for name in names if name in seen)


def _band_names(bands: tuple[float, ...]) -> tuple[str, ...]:
    """Name the classes of a number: ``<20``, ``20–39``, ``40+``."""
    whole = all(float(one).is_integer() for one in bands)
    middle = [f"{a:g}–{b - 1:g}" if whole else f"{a:g}–<{b:g}" for a, b in pairwise(bands)]
    return (f"<{bands[0]:g}", *middle, f"{bands[-1]:g}+")


def _told(cells: np.ndarray, missing: tuple[str, ...]) -> np.ndarray:
    """Return cells with what is no answer emptied."""
    return np.where(np.isin(cells.astype(str), np.array(["", *missing])), "", cells)


def _answers(table: Table, question: QuestionSpec, at: FaultPath, faults: list[Fault]) -> np.ndarray:
    """Return object[n] the code of each answer, ``""`` = none; numbers are written one way (``4.0`` is ``4``)."""
    column = question.column or question.id
    cells = _told(table.text(column), question.missing)
    if question.choices:
        strange = np.array([one != "" and one not in question.choices for one in cells.tolist()], np.bool_)
        known = ", ".join(question.choices)
    else:
        numbers = np.array([_number(one) for one in cells.tolist()])
        low, high = question.scale
        strange = (cells != "") & ~((numbers >= low) & (numbers <= high))
        cells = np.array([f"{one:g}" if np.isfinite(one) else "" for one in numbers], dtype=object)
        known = f"{low:g} to {high:g}"
    if strange.any():
        faults.append(
            Fault(f"{table.path}: column {column!r} has answers other than {known}: {table.lines_of(strange)}: name "
                  "them under missing where they are none", (*at, "column"))
        )  # fmt: skip
    return cells


def _number(text: str) -> float:
    """Read a number; NaN where it is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _strata(table: Table, spec: SurveySpec, weight: Floats, faults: list[Fault]) -> tuple[Strata | None, Floats]:
    """Return the strata, and weights that add up to their people where all are given; a population of all is one."""
    counts = (weight > 0).astype(np.float64)
    if spec.strata is None:
        if spec.population is None:
            return None, weight
        return Strata(np.zeros(table.n_rows, np.int32), np.array([counts.sum() / spec.population])), weight
    cells, given = table.text(spec.strata.column), spec.strata.population
    names = sorted(set(cells.tolist()))
    unknown = [name for name in names if name and given and name not in given]
    if "" in names:
        message = f"{table.path}: respondents without a stratum: {table.lines_of(cells == '')}"
        faults.append(Fault(message, ("strata", "column")))
    if unknown:
        faults.append(Fault(f"whose people are not given: {some_of(unknown)}", ("strata", "population")))
    position = {name: at for at, name in enumerate(names)}
    of = np.array([position[one] for one in cells.tolist()], np.int32)
    if "" in names or unknown or not given:
        return Strata(of, np.zeros(len(names))), weight
    people = np.array([given[name] for name in names], dtype=np.float64)
    asked, sums = (np.bincount(of, weights=one, minlength=len(names)) for one in (counts, weight))
    told = [f"{name} ({asked[at]:.0f} of {people[at]:g})" for at, name in enumerate(names) if asked[at] > people[at]]
    if told:
        message = f"more respondents than people: {some_of(told)}"
        faults.append(Fault(message, ("strata", "population")))
    return Strata(of, asked / people), weight * (people / np.where(sums > 0, sums, 1.0))[of]
