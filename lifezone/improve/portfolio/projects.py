"""The projects of a portfolio as they were written or read, and everything that can be wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from lifezone.edits.spec import EditSpec, OpenFacility
from lifezone.errors import Fault, InputError, Path, some_of
from lifezone.siting.portfolio_spec import Portfolio, Project, ProjectTable

if TYPE_CHECKING:
    from lifezone.model import World
    from lifezone.sources.reading import Reading
    from lifezone.sources.tables import Table

__all__ = ["Entry", "check_projects", "communities", "read_projects"]


@dataclass(frozen=True)
class Entry:
    """One project and where it stands.

    Attributes:
        project: what it says.
        path: where its block is, inside the siting block.
        where: of a table, the file and line; empty where it is written in the scenario.
        keys: key of the block → path of what says it, where that is not the block's own key.
    """

    project: Project
    path: Path
    where: str = ""

    def fault(self, message: str, *key: str | int) -> Fault:
        """Return a fault of this project, at one of its keys."""
        if self.where:
            return Fault(f"{self.where}: project {self.project.id!r}: {message}", self.path)
        return Fault(f"project {self.project.id!r}: {message}", (*self.path, *key))

    def edit_path(self, number: int) -> Path:
        """Return where one of its edits stands."""
        if not self.where:
            return (*self.path, "edits", number)
        return (*self.path, "edits", self.project.id) if number >= 0 else self.path


def read_projects(spec: Portfolio, reading: Reading | None, faults: list[Fault]) -> tuple[Entry, ...]:
    """Return the projects, from the block or from its table; what cannot be read is a fault and left out."""
    if not isinstance(spec.projects, ProjectTable):
        return tuple(Entry(project, ("projects", at)) for at, project in enumerate(spec.projects))
    if reading is None:
        raise InputError("projects from a table need the scenario's files")
    try:
        return _from_table(spec.projects, reading, faults)
    except InputError as error:
        faults += [fault.under(("projects",)) for fault in error.faults]
        return ()


def _from_table(written: ProjectTable, reading: Reading, faults: list[Fault]) -> tuple[Entry, ...]:
    """Read the rows of a table."""
    from lifezone.sources.files import input_record  # noqa: PLC0415
    from lifezone.sources.tables import read_table  # noqa: PLC0415

    table = read_table(reading.folder, written.path, encoding=written.encoding)
    texts = ("id", "name", "village", "requires", "excludes", "kind", "opens", "closes")
    numbers = ("cost", "years", "running", "earliest", "x", "y")
    named = {key: getattr(written, key) for key in (*texts, *numbers) if getattr(written, key) is not None}
    missing = [fault for key, column in named.items() for fault in table.missing(column, (key,))]
    if missing:
        raise InputError(missing)
    cells: dict[str, Any] = {key: table.text(named[key]).tolist() for key in texts if key in named}
    wrong: list[Fault] = []
    for key in numbers:
        if key in named:
            values, more = table.numbers(named[key], (key,))
            cells[key] = values.tolist()
            wrong += more
    if wrong:
        raise InputError(wrong)
    entries = []
    for row in range(table.n_rows):
        entry = _entry({key: column[row] for key, column in cells.items()}, written, table, row, faults)
        if entry is not None:
            entries.append(entry)
    strangers = sorted(set(written.edits) - set(cells["id"]))
    faults += [Fault(f"{written.path} has no project {one!r}", ("projects", "edits", one)) for one in strangers]
    reading.inputs.append(input_record(written.path, table.file, rows=table.n_rows, used=len(entries)))
    return tuple(entries)


def _entry(
    row: Mapping[str, Any], written: ProjectTable, table: Table, number: int, faults: list[Fault]
) -> Entry | None:
    """Return the project of one row, or None with its faults told."""
    where = f"{written.path} {table.where(np.arange(table.n_rows) == number)[0]}"

    def whole(key: str) -> int | None:
        value = row.get(key, np.nan)
        if np.isnan(value):
            return None
        if value != int(value):
            faults.append(Fault(f"{where}: {key} must be a whole number, got {value:g}", ("projects", key)))
        return int(value)

    def listed(key: str) -> list[str]:
        return [part.strip() for part in row.get(key, "").split(";") if part.strip()]

    given: dict[str, Any] = {
        "id": row["id"], "name": row.get("name", ""), "village": listed("village"), "requires": listed("requires"),
        "excludes": listed("excludes"), "years": whole("years"), "earliest": whole("earliest"),
    }  # fmt: skip
    if np.isnan(row["cost"]):
        faults.append(Fault(f"{where}: a project needs its cost", ("projects", "cost")))
        return None
    running = row.get("running", np.nan)
    given |= {"cost": [row["cost"]], "running": 0.0 if np.isnan(running) else running}
    if not given["village"]:
        faults.append(Fault(f"{where}: a project needs the community that it serves", ("projects", "village")))
        return None
    try:
        edits = [*_edits_of(row, listed), *written.edits.get(row["id"], [])]
        return Entry(Project(**given, edits=edits), ("projects",), where)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            key = str(one["loc"][0]) if one["loc"] else ""
            message = str(one["msg"])
            faults.append(Fault(f"{where}: {key or 'project'}: {message[:1].lower()}{message[1:]}", ("projects",)))
        return None


def _edits_of(row: Mapping[str, Any], listed: Callable[[str], list[str]]) -> Iterable[EditSpec]:
    """Yield what the columns of a row change."""
    if row.get("kind"):
        place = (row["x"], row["y"])
        yield EditSpec(open=OpenFacility(kind=row["kind"], at=place, name=row.get("name", "")))
    if listed("opens"):
        yield EditSpec.model_validate({"open": {"ids": listed("opens")}})
    if listed("closes"):
        yield EditSpec.model_validate({"close": {"ids": listed("closes")}})


def communities(spec: Portfolio, world: World) -> tuple[str, ...]:
    """Return the names of the communities there are; nothing where none are known."""
    if spec.villages is not None:
        return spec.villages
    districts, places = world.districts, world.places
    units = () if tuple(districts.ids) == ("all",) else (*districts.name, *districts.ids, *districts.name_en)
    return tuple(dict.fromkeys(map(str, (*units, *places.name.tolist(), *places.name_en.tolist()))))


def check_projects(spec: Portfolio, entries: tuple[Entry, ...], known: tuple[str, ...],
                   kinds: Iterable[str]) -> list[Fault]:  # fmt: skip
    """Return everything that is wrong with the projects and the money, before any travel time is known."""
    faults: list[Fault] = []
    if not entries:
        return [Fault("there is no project", ("projects",))]
    seen: dict[str, int] = {}
    for at, entry in enumerate(entries):
        first = seen.setdefault(entry.project.id, at)
        if first != at:
            faults.append(entry.fault("this id is used twice: give each project its own", "id"))
        faults += _alone(spec, entry, known)
        faults += _kinds_of(entry, frozenset(kinds))
    faults += _between(spec, entries, seen)
    return [*faults, *_money(spec, entries)]


def _alone(spec: Portfolio, entry: Entry, known: tuple[str, ...]) -> Iterable[Fault]:
    """Check one project by itself."""
    project = entry.project
    costs = project.by_year
    if sum(costs) > spec.largest:
        yield entry.fault(f"it costs {sum(costs):,.0f} won, above the largest of {spec.largest:,.0f}", "cost")
    if len(costs) > spec.longest:
        yield entry.fault(f"building takes {len(costs)} years, longer than the {spec.longest} allowed", "years")
    elif len(costs) > spec.years:
        yield entry.fault(f"building takes {len(costs)} years, the plan has {spec.years}", "years")
    elif project.earliest is not None and project.earliest + len(costs) > spec.start + spec.years:
        yield entry.fault(
            f"begun in {project.earliest} it is not finished by the end of {spec.start + spec.years - 1}", "earliest"
        )
    for village in project.village:
        if known and village not in known:
            near = get_close_matches(village, known, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else "; list it under villages if it is one"
            yield entry.fault(f"unknown village {village!r}{hint}", "village")
    for number, edit in enumerate(project.edits):
        if edit.people is not None and edit.people.move is None:
            yield Fault(
                f"project {project.id!r}: a project does not change how many people there are: use people.move, or "
                "put it under the variant's edits or people", (*entry.edit_path(number), "people"),
            )  # fmt: skip


def _kinds_of(entry: Entry, kinds: frozenset[str]) -> Iterable[Fault]:
    """Check the kinds that a table names; those of the scenario are looked up with the scenario."""
    for edit in entry.project.edits:
        kind = edit.open.kind if edit.open is not None else None
        if kind is not None and kinds and kind not in kinds:
            near = get_close_matches(kind, kinds, n=1)
            yield entry.fault(f"unknown kind {kind!r}" + (f"; did you mean {near[0]!r}?" if near else ""), "edits")


def _between(spec: Portfolio, entries: tuple[Entry, ...], position: Mapping[str, int]) -> list[Fault]:
    """Check what projects say of one another."""
    faults = []
    for entry in entries:
        project = entry.project
        for key in ("requires", "excludes"):
            for other in getattr(project, key):
                if other not in position:
                    faults.append(entry.fault(f"{key} {other!r}, which is no project", key))
                elif other == project.id:
                    faults.append(entry.fault(f"it {key} itself", key))
        both = sorted(set(project.requires) & set(project.excludes))
        if both:
            faults.append(entry.fault(f"it both requires and excludes {', '.join(both)}", "excludes"))
    faults += [Fault(f"{one!r} is no project", ("must",)) for one in spec.must if one not in position]
    graph = {
        entry.project.id: [one for one in entry.project.requires if one in position and one != entry.project.id]
        for entry in entries
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = list(error.args[1])
        entry = entries[position[circle[0]]]
        faults.append(entry.fault(f"projects require one another in a circle: {' ← '.join(circle)}", "requires"))
    return faults


def _money(spec: Portfolio, entries: tuple[Entry, ...]) -> list[Fault]:
    """Check that the money is enough for a project at all."""
    cheapest = min(entries, key=lambda entry: sum(entry.project.by_year))
    least = sum(cheapest.project.by_year)
    if spec.budget < least:
        return [Fault(
            f"the budget of {spec.budget:,.0f} won is below the cost of every project; the cheapest is "
            f"{cheapest.project.id!r} with {least:,.0f}", ("budget",),
        )]  # fmt: skip
    if spec.yearly is None:
        return []
    money = np.array(spec.money_of_years)
    if any(_fits(entry.project.by_year, money, carry_over=spec.carry_over) for entry in entries):
        return []
    told = some_of([f"{one:,.0f}" for one in spec.yearly])
    return [Fault(f"the yearly money ({told} won) is never enough for any project alone", ("yearly",))]


def _fits(costs: tuple[float, ...], money: np.ndarray, *, carry_over: bool) -> bool:
    """Tell whether a project alone can be paid for in some years."""
    for begin in range(len(money) - len(costs) + 1):
        spent = np.zeros(len(money))
        spent[begin : begin + len(costs)] = costs
        if (np.cumsum(spent) <= np.cumsum(money)).all() if carry_over else (spent <= money).all():
            return True
    return False
