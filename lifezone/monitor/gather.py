"""A study's files → editions told by its districts; every fault of every block at once, each under its path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from lifezone.errors import Fault, InputError, some_of
from lifezone.errors import Path as FaultPath
from lifezone.model import Districts, Ints
from lifezone.monitor.ages_file import KoreaAges
from lifezone.monitor.counts import Column, Composition, FlowTable, RunResult, UnitTable
from lifezone.monitor.district_codes import Codes
from lifezone.monitor.edition import Edition
from lifezone.monitor.figures import FIGURES, is_group
from lifezone.monitor.flow_tables import flow_tables
from lifezone.monitor.places_table import PlacesTable
from lifezone.monitor.series import EditionInfo
from lifezone.monitor.study import EditionSpec, NamesTable, StudySpec
from lifezone.progress import SILENT, Progress
from lifezone.sources.crs import study_crs
from lifezone.sources.files import input_record
from lifezone.sources.tables import read_table
from lifezone.sources.where import keep_rows

__all__ = ["Gathered", "gather"]

_MOSTLY: Final = 0.5
"""Part of a district's area within another at which it is taken for a part of that one."""
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Gathered:
    """A study as read.

    Attributes:
        editions: oldest first, each knowing the one before it.
        districts: D districts; polygons in ``crs`` or None.
        crs: metric CRS, empty without borders.
        codes: how codes lead to the districts.
        inputs: what the manifest says of the files.
        notes: what was assumed or left out.
    """

    editions: tuple[Edition, ...]
    districts: Districts
    crs: str
    codes: Codes
    inputs: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]
    nested: bool = False
    """Whether districts lie within one another, so that nothing can be told of all of them together."""


class _Faults:
    """Gathers faults of blocks, so that one bad block never hides another; **mutable**."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def of(self, path: FaultPath, work: Callable[[], T]) -> T | None:
        """Do some work; its faults are kept under a path."""
        try:
            return work()
        except InputError as error:
            self.found += [fault.under(path) for fault in error.faults]
            return None


def gather(spec: StudySpec, folder: Path, *, progress: Progress = SILENT) -> Gathered:
    """Read everything that a study names.

    Args:
        spec: the study.
        folder: where its relative paths start.
        progress: where to show progress.

    Raises:
        InputError: every fault of every block, each with its path in the study.
    """
    faults, inputs, notes = _Faults(), list[dict[str, Any]](), list[str]()
    if spec.districts is None:
        faults.found.append(Fault("a study needs districts: borders or a table", ("districts",)))
    if not spec.editions:
        faults.found.append(Fault("a study needs editions: the tables of at least one year", ("editions",)))
    read = None if spec.districts is None else faults.of(("districts",), lambda: _districts(spec, folder, inputs))
    changes = spec.code_changes
    dated = () if changes is None else faults.of(("code_changes",), lambda: changes.load(folder, inputs))
    if read is None or dated is None:
        raise InputError(faults.found)
    districts, crs, centre = read
    notes += districts.notes
    nested = _nested(districts)
    if nested:
        notes.append(f"districts lie within one another, people of them count twice: {some_of(nested)}; the whole of "
                     "the study is not told: leave one level out")  # fmt: skip
    codes = Codes(districts.ids, districts.name, spec.base_day, dated, changes is not None and changes.korea)
    editions: list[Edition] = []
    with progress.step("reading editions", len(spec.editions)) as advance:
        for at, one in spec.ordered:
            before = editions[-1] if editions else None
            editions.append(_edition(one, ("editions", at), _Study(folder, codes, districts, crs, centre), before,
                                     faults, inputs, notes))  # fmt: skip
            advance(1)
    faults.found += _unknown_words(spec)
    if faults.found:
        raise InputError(faults.found)
    told = tuple(dict.fromkeys(notes))
    return Gathered(tuple(editions), districts, crs, codes, tuple(inputs), told, bool(nested))


@dataclass(frozen=True, eq=False)
class _Study:
    """What every edition is read for."""

    folder: Path
    codes: Codes
    districts: Districts
    crs: str
    centre: Ints


def _districts(spec: StudySpec, folder: Path, inputs: list[dict[str, Any]]) -> tuple[Districts, str, Ints]:
    """Return the districts, the metric CRS and the centre of each."""
    asked = spec.districts
    if asked is None:
        raise InputError(Fault("a study needs districts"))
    faults = _Faults()
    districts, crs = None, ""
    boundaries, table = asked.boundaries, asked.table
    if boundaries is not None:
        found = faults.of(("boundaries",), lambda: boundaries.extent(folder))
        if found is not None:
            crs = asked.crs or study_crs(found)
            districts = faults.of(("boundaries",), lambda: boundaries.load(folder, crs, inputs))
    named = None if table is None else faults.of(("table",), lambda: _names(table, folder, inputs))
    if faults.found:
        raise InputError(faults.found)
    if districts is None and named is not None:
        districts = named[0]
    if districts is None:
        raise InputError(Fault("give boundaries (polygons) or table (names)"))
    centre = np.full(len(districts.ids), -1, np.int32)
    if named is not None:
        districts, centre = _joined(districts, *named)
    return districts, crs, centre


def _nested(districts: Districts) -> list[str]:
    """Name districts of which most lies within another: a city beside its own gu."""
    if districts.polygon is None:
        return []
    import shapely  # noqa: PLC0415

    shapes = districts.polygon
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pair = (one != two) & (shapely.area(shapes[one]) <= shapely.area(shapes[two]))
    one, two = one[pair], two[pair]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[two]))
    inside = shared > _MOSTLY * shapely.area(shapes[one])
    pairs = zip(one[inside].tolist(), two[inside].tolist(), strict=True)
    return [f"{districts.ids[inner]} in {districts.ids[outer]}" for inner, outer in sorted(pairs)]


def _names(table: NamesTable, folder: Path, inputs: list[dict[str, Any]]) -> tuple[Districts, np.ndarray]:
    """Return the districts of a table and object[n] the code of each one's centre."""
    read = read_table(folder, table.path, layer=table.layer, encoding=table.encoding)
    columns = {key: getattr(table, key) for key in ("id", "name", "name_en", "centre")}
    faults = [fault for key, column in columns.items() if column for fault in read.missing(column, (key,))]
    if faults:
        raise InputError(faults)
    kept, _ = keep_rows(read, table.where)
    ids = kept.text(table.id)
    if not len(ids):
        raise InputError(Fault(f"{table.path} has no district", ("path",)))
    if (ids == "").any():
        faults.append(Fault(f"{table.path}: no code in {kept.lines_of(ids == '')}", ("id",)))
    values, counts = np.unique(ids.astype(str), return_counts=True)
    if (counts > 1).any():
        faults.append(Fault(f"{table.path}: a district stands twice: {some_of(values[counts > 1].tolist())}", ("id",)))
    name = kept.text(table.name) if table.name else ids
    name = np.where(name == "", ids, name)
    name_en = kept.text(table.name_en) if table.name_en else name
    name_en = np.where(name_en == "", name, name_en)
    centre = kept.text(table.centre) if table.centre else np.full(len(ids), "", dtype=object)
    lost = sorted({one for one in centre.tolist() if one and one not in set(ids.tolist())})
    if lost:
        faults.append(Fault(f"{table.path}: centres that are no districts: {some_of(lost)}", ("centre",)))
    of = dict(zip(ids.tolist(), centre.tolist(), strict=True))
    chained = sorted(one for one, to in of.items() if to and to != one and of.get(to, to) not in ("", to))
    if chained:
        faults.append(Fault(f"{table.path}: {some_of(chained)} belong to a centre that itself belongs to another",
                            ("centre",)))  # fmt: skip
    if faults:
        raise InputError(faults)
    inputs.append(input_record(table.path, read.file, what="names and centres of districts", rows=read.n_rows))
    found = Districts(tuple(ids.tolist()), tuple(name.tolist()), tuple(name_en.tolist()), None, kept.notes)
    return found, centre


def _joined(districts: Districts, named: Districts, centre: np.ndarray) -> tuple[Districts, Ints]:
    """Return districts with the names of a table, and i32[D] the centre of each."""
    row = {one: at for at, one in enumerate(named.ids)}
    at = {one: position for position, one in enumerate(districts.ids)}
    names, english = list(districts.name), list(districts.name_en or districts.name)
    centres = np.full(len(at), -1, np.int32)
    for position, one in enumerate(districts.ids):
        if one not in row:
            continue
        names[position], english[position] = named.name[row[one]], named.name_en[row[one]]
        centres[position] = at.get(str(centre[row[one]]), -1)
    has_neighbours = np.unique(centres[centres >= 0])
    centres[has_neighbours] = has_neighbours  # a centre is its own, also where the table leaves that out
    return replace(districts, name=tuple(names), name_en=tuple(english)), centres


def _edition(
    spec: EditionSpec, path: FaultPath, study: _Study, before: Edition | None, faults: _Faults,
    inputs: list[dict[str, Any]], notes: list[str],
) -> Edition:  # fmt: skip
    """Read one edition; faults are gathered."""
    figures: dict[str, Column] = {}
    compositions: dict[str, Composition] = {}
    ages: list[Any] = []
    units: dict[str, UnitTable] = {}
    for at, table in enumerate(spec.tables):
        here = (*path, "tables", at)
        if isinstance(table, KoreaAges):
            aged = faults.of(here, lambda table=table: table.load(study.folder, study.codes, spec.day, inputs))  # type: ignore[misc]
            if aged is not None:
                _once(faults, here, [one.column for one, _ in ages], [one.column for one, _ in aged[0]])
                ages += aged[0]
                notes += _at(spec, aged[1])
        elif isinstance(table, PlacesTable):
            placed = faults.of(here, lambda table=table: table.load(  # type: ignore[misc]
                study.folder, study.codes, study.districts, study.crs, spec.day, inputs))  # fmt: skip
            if placed is not None:
                units[f"places {at}"] = placed[0]
                notes += _at(spec, placed[1])
        else:
            got = faults.of(here, lambda table=table: table.load(study.folder, study.codes, spec.day, inputs))  # type: ignore[misc]
            if got is not None:
                _once(faults, here, [*figures, *compositions], [*got.figures, *got.compositions])
                figures |= got.figures
                compositions |= got.compositions
                notes += _at(spec, got.notes)
    flows = _flows(spec, path, study, faults, inputs, notes)
    results = spec.results
    run = None if results is None else faults.of(
        (*path, "results"), lambda: results.load(study.folder, study.codes, spec.day, inputs))  # fmt: skip
    if run is not None:
        notes += _at(spec, [*run.notes, *_other_rules(run, before)])
    return Edition(
        EditionInfo(spec.edition, spec.day), study.centre, figures, tuple(ages), compositions, flows, units,
        before=before, run=run,
    )  # fmt: skip


def _other_rules(run: RunResult, before: Edition | None) -> list[str]:
    """Say where the standard is not that of the edition before: access then changes by the rules, not on the ground."""
    if before is None or before.run is None:
        return []
    earlier = before.run.rules
    changed = sorted(key for key in {*run.rules, *earlier} if run.rules.get(key) != earlier.get(key))
    if not changed:
        return []
    return [f"the standard differs from that of {before.info.name} in {some_of(changed)}: access and classes of these "
            "editions do not compare"]  # fmt: skip


def _flows(
    spec: EditionSpec, path: FaultPath, study: _Study, faults: _Faults, inputs: list[dict[str, Any]],
    notes: list[str],
) -> Mapping[str, FlowTable]:  # fmt: skip
    """Read the flows of an edition, by purpose."""
    flows: dict[str, FlowTable] = {}
    for at, source in enumerate(spec.flows):
        here = (*path, "flows", at)
        found = faults.of(
            here,
            lambda source=source: flow_tables(source, study.folder, study.codes, spec.edition, spec.day, inputs),  # type: ignore[misc]
        )
        if found is not None:
            _once(faults, here, list(flows), list(found[0]))
            flows |= found[0]
            notes += _at(spec, found[1])
    return flows


def _once(faults: _Faults, path: FaultPath, known: list[str], more: list[str]) -> None:
    """Fault what two tables of an edition give."""
    twice = [one for one in more if one in known]
    if twice:
        faults.found.append(Fault(f"{some_of(twice)} stand in another table of this edition too: keep one", path))


def _at(spec: EditionSpec, notes: Sequence[str]) -> list[str]:
    """Return notes with the edition they are about."""
    return [f"{spec.edition}: {note}" for note in notes]


def _unknown_words(spec: StudySpec) -> list[Fault]:
    """Fault figures that nothing asks for: most are slips of the pen."""
    asked = {name for one in spec.own for name in one.figures}
    known = [*FIGURES, *asked]
    faults = []
    for at, edition in enumerate(spec.editions):
        for position, table in enumerate(edition.tables):
            words = table.columns if table.type in ("table", "places") else None
            for word in words or ():
                if word in known or is_group(word):
                    continue
                near = get_close_matches(word, [*known, "all", "65+"], n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                faults.append(
                    Fault(f"no indicator asks for {word!r}{hint} (an indicator of your own would, under own)",
                          ("editions", at, "tables", position, "columns", word))
                )  # fmt: skip
    given = {word for edition in spec.editions for table in edition.tables if table.type in ("table", "places")
             for word in table.columns or ()}  # fmt: skip
    for at, own in enumerate(spec.own):
        for key in ("numerator", "denominator"):
            names = getattr(own, key) or []
            for name in [names] if isinstance(names, str) else names:
                if name in given or name in FIGURES or is_group(name):
                    continue
                near = get_close_matches(name, [*given, *FIGURES], n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                faults.append(Fault(f"no table has a column for {name!r}{hint}", ("own", at, key)))
    return faults
