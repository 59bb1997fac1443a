"""Two editions of a study, loaded so that their parts can take one another's place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifezone.errors import InputError
from lifezone.model import Requirement, Standard, World
from lifezone.progress import SILENT, Progress
from lifezone.run import BASELINE, variants_of
from lifezone.scenario.alternatives import spec_of
from lifezone.scenario.frame import buffer_of, walk_speed_of

if TYPE_CHECKING:
    from lifezone.scenario import Built

__all__ = ["Edition", "EditionFile", "bounded", "load_editions", "needs_setting"]


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition, ready to be swapped.

    Attributes:
        name: 2024, or what the study calls it.
        world: its world.
        standard: what judges it.
        setting: how its scenario tells urban from rural, or None.
        walks_by_standard: its scenario names no walking speed, so that the standard's holds.
        inputs: every file read.
        notes: what was aligned.
    """

    name: str
    world: World
    standard: Standard
    setting: Any = None
    walks_by_standard: bool = True
    inputs: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def walk_mps(self) -> float:
        """Walking speed that its standard assumes."""
        return walk_speed_of(None, self.standard)[0]


@dataclass(frozen=True)
class EditionFile:
    """Where an edition stands.

    Attributes:
        name: 2024, or what the study calls it.
        scenario: the scenario file.
        variant: which of its variants.
    """

    name: str
    scenario: Path
    variant: str = BASELINE


def load_editions(before: EditionFile, after: EditionFile, *, progress: Progress = SILENT) -> tuple[Edition, Edition]:
    """Load two editions into one coordinate system and equally far beyond their area.

    Args:
        before: the earlier edition.
        after: the later one.
        progress: where to show progress.

    Raises:
        ScenarioError: every fault of a scenario and its inputs.
        InputError: a scenario has no such variant, or the variant's plan is still to be found.
    """
    loaded = _Loaded(progress)
    pair = loaded.edition(before), loaded.edition(after)
    sets, notes = _aligning(pair, (loaded.reach_m(before, pair[0]), loaded.reach_m(after, pair[1])))
    again = [
        replace(loaded.edition(file, more), walks_by_standard=one.walks_by_standard, notes=notes) if more
        else replace(one, notes=notes)
        for file, one, more in zip((before, after), pair, sets, strict=True)
    ]  # fmt: skip
    return again[0], again[1]


def _aligning(
    pair: tuple[Edition, Edition], reach_m: tuple[float, float]
) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]]:
    """Return what each edition must be loaded with again so that they can be swapped, and what to tell of it."""
    before, after = pair
    sets: tuple[list[str], list[str]] = ([], [])
    notes = []
    if before.world.crs != after.world.crs:
        sets[0].append(f"area.crs={after.world.crs}")
        notes.append(f"{before.name} is brought into the coordinates of {after.name}, {after.world.crs}")
    widest_m = max(reach_m)
    narrow = [at for at in (0, 1) if reach_m[at] < widest_m and pair[at].world.network.n_segments]
    for at in narrow:
        sets[at].append(f"area.buffer={widest_m!r} m")
        notes.append(f"{pair[at].name} is loaded to {widest_m / 1000:g} km beyond the area, as the other edition is")
    if before.walk_mps != after.walk_mps and before.walks_by_standard:
        sets[0].append(f"area.speeds.walk={after.walk_mps!r} m/s")  # what the standard does to it is swapped with it
    return (tuple(sets[0]), tuple(sets[1])), tuple(notes)


def needs_setting(edition: Edition) -> bool:
    """Tell whether a standard judges urban and rural points apart."""
    return any(rule.setting != "any" for rule in edition.standard.requirements)


def bounded(standard: Standard) -> tuple[Requirement, ...]:
    """Return what is judged, without official readings, capacity and words, which no coverage rests on."""
    return tuple(
        replace(rule, official=(), capacity=None, source="", date="", confidence="", note="", name_ko="", name_en="",
                standard="", target=None, optimum=None)
        for rule in standard.requirements
        if rule.bound is not None
    )  # fmt: skip


class _Loaded:
    """Loads editions; a scenario that gives several is read once."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._built: dict[tuple[Path, tuple[str, ...]], Built] = {}

    def built(self, path: Path, sets: tuple[str, ...] = ()) -> Built:
        """Return a scenario's worlds."""
        from lifezone.scenario import build, load  # noqa: PLC0415  (the command line starts without pydantic)

        if (path, sets) not in self._built:
            self._built[path, sets] = build(load(path, sets), self._progress)
        return self._built[path, sets]

    def edition(self, file: EditionFile, sets: tuple[str, ...] = ()) -> Edition:
        """Return one edition."""
        built = self.built(file.scenario, sets)
        spec = built.scenario.spec
        one = next((one for one in variants_of(built) if one.name == file.variant), None)
        if one is None:
            names = ", ".join((BASELINE, *(variant.name for variant in spec.variants)))
            raise InputError(f"{file.scenario}: there is no variant {file.variant!r}; it has {names}")
        own = next((variant for variant in spec.variants if variant.name == file.variant), None)
        if own is not None and own.siting is not None:
            raise InputError(f"{file.scenario}: the plan of {file.variant!r} is still to be found: write what it opens "
                             "and closes as edits")  # fmt: skip
        block = (spec if own is None else spec_of(spec, own)).standard
        setting = None if block is None else block.setting
        return Edition(file.name, one.world, one.standard, setting, spec.area.speeds.walk is None, tuple(built.inputs))

    def reach_m(self, file: EditionFile, edition: Edition) -> float:
        """Return how far beyond its area an edition is loaded, for its own standard."""
        area = self.built(file.scenario).scenario.spec.area
        return buffer_of(edition.standard, area.buffer, walk_speed_of(area.speeds.walk, edition.standard)[0]).metres
