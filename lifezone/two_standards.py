"""``lifezone standards diff A B``: two standards, or two readings of requirements, on the people of a result.

A and B are each a packaged standard, ``result`` (what the result was judged by), a requirement of the result, or one of
its official conventions written ``requirement:convention``. Two standards are judged anew, each with the roads and the
buffer that it needs, on the points that both have.
"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from lifezone.errors import InputError
from lifezone.model import Assessment, Standard, Variant
from lifezone.progress import SILENT, Progress
from lifezone.report.pages import Lines, Page, Sheet
from lifezone.standards.diff import Change, Side, changes_of_verdict, paired_rules, said_differently
from lifezone.standards.disclosure import shown_group
from lifezone.standards.judge import effective_group

__all__ = ["changed_verdicts", "diff_page", "text_page", "write_changes_of_verdict"]

RESULT: Final = "result"
DESERT: Final = "life desert"


def text_page(first: str, second: str) -> Page:
    """Return what the texts of two packaged standards say differently; raises :class:`InputError` for unknown ids."""
    from lifezone.standards import preset  # noqa: PLC0415  (reads YAML files)

    one, two = preset(first), preset(second)
    rows, same = [], []
    for a, b in paired_rules(one, two):
        if a is None or b is None:
            rule = a or b
            where = first if b is None else second
            name = "" if rule is None else rule.id
            rows.append((name if b is None else "", name if a is None else "", f"only in {where}"))
        elif said_differently(a, b):
            rows.append((a.id, b.id, "; ".join(said_differently(a, b))))
        else:
            same.append(a.id)
    page: list[Sheet | Lines] = [Sheet(f"{first} → {second}", (first, second, "differs"), tuple(rows), words=3)]
    if same:
        page.append(Lines("같음 / The same in both", (", ".join(same),)))
    return page


def changed_verdicts(
    out: Path, first: str, second: str, *, variant: str = "baseline", progress: Progress = SILENT
) -> list[Change]:
    """Count whose verdict changes on a result between two standards, requirements or readings.

    Args:
        out: the result folder.
        first: A, see the module.
        second: B.
        variant: which variant.
        progress: where to show progress.

    Raises:
        InputError: no result there, inputs changed since, or A or B is neither a standard nor a requirement.
    """
    from lifezone.run import assessed_again  # noqa: PLC0415
    from lifezone.standards import preset_ids  # noqa: PLC0415

    path = out / "manifest.json"
    if not path.is_file():
        raise InputError(f"no result here: {out} has no manifest.json; run a scenario with --out {out} first")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    world, standard, assessment, _ = assessed_again(manifest, out, variant, progress)
    mine = Variant(variant, world, assessment)
    whole = {RESULT, *preset_ids()}
    if (first in whole) != (second in whole):
        raise InputError(f"give two standards or two requirements: {first!r} and {second!r} are one of each")
    if first not in whole:
        pairs = [(_side(mine, standard, first), _side(mine, standard, second))]
        return changes_of_verdict(world, pairs)
    judged = [mine if one == RESULT else _under(manifest, variant, one, progress) for one in (first, second)]
    return _of_standards(judged[0], judged[1], (first, second))


def diff_page(changes: list[Change], names: tuple[str, str], *, disclose: bool = False) -> Page:
    """Return the changes in the whole area for people to read; small counts as they may be shown."""
    rows = []
    for row in changes:
        if row.district == "all":
            counts = (row.judged, row.both, row.only_first, row.only_second, row.neither)
            shown = [shown_group(count, disclose=disclose) for count in counts]
            alone = [shown_group(count, disclose=disclose) for count in (row.first_alone, row.second_alone)]
            rows.append((row.first, row.second, row.group, *shown, *alone))
    header = (names[0], names[1], "people", "judged by both", "met by both", "met by the first alone",
              "met by the second alone", "met by neither", "judged by the first alone",
              "by the second alone")  # fmt: skip
    return [
        Sheet(f"판정이 달라지는 사람 / Whose verdict changes: {names[0]} → {names[1]}", header, tuple(rows), words=3)
    ]


def write_changes_of_verdict(changes: list[Change], path: Path) -> None:
    """Write every row, districts too, as a CSV file in the form of a result's tables."""
    from lifezone.report.sheets import write_table  # noqa: PLC0415

    names = [field.name for field in fields(Change)]
    write_table(path, names, ([getattr(row, name) for name in names] for row in changes))


def _under(manifest: dict[str, Any], variant: str, preset_id: str, progress: Progress) -> Variant:
    """Judge one variant of a result by a packaged standard, with the roads that this standard needs."""
    from lifezone.assess import Memory, assess  # noqa: PLC0415
    from lifezone.run import variants_of  # noqa: PLC0415
    from lifezone.scenario import build, load  # noqa: PLC0415
    from lifezone.scenario.spec import StandardBlock  # noqa: PLC0415

    scenario = load(Path(manifest["run"]["scenario"]), manifest["run"]["sets"])
    before = scenario.spec.standard
    given: dict[str, Any] = {"extends": preset_id}
    if before is not None and before.setting is not None:
        given["setting"] = before.setting.model_dump(mode="json")
    block = StandardBlock.model_validate(given)
    built = build(replace(scenario, spec=scenario.spec.model_copy(update={"standard": block})), progress)
    world = next(one.world for one in variants_of(built) if one.name == variant)
    return Variant(variant, world, assess(world, built.standard, memory=Memory(), progress=progress))


def _of_standards(one: Variant, two: Variant, names: tuple[str, str]) -> list[Change]:
    """Compare two standards on the points that both have: requirement by requirement, then life deserts."""
    from lifezone.standards.align import align  # noqa: PLC0415

    pair = align(one, two)
    before, after = pair.before, pair.after
    sides = []
    for a, b in paired_rules(before.assessment.standard, after.assessment.standard):
        if a is not None and b is not None and a.bound is not None and b.bound is not None:
            sides.append(
                (_side(before, before.assessment.standard, a.id), _side(after, after.assessment.standard, b.id))
            )
    if before.assessment.standard.desert is not None and after.assessment.standard.desert is not None:
        sides.append((_not_desert(before, names[0]), _not_desert(after, names[1])))
    return changes_of_verdict(before.world, sides)


def _not_desert(variant: Variant, name: str) -> Side:
    """Return life deserts as a verdict: met = not in one, judged = everybody."""
    label = f"{name}: {DESERT}"
    desert = variant.assessment.desert
    return Side(label, np.ones(len(desert), np.bool_), desert < 0)


def _side(variant: Variant, standard: Standard, asked: str) -> Side:
    """Return the verdicts of a requirement, or of one of its conventions."""
    key, _, convention = asked.partition(":")
    rules = {rule.id: rule for rule in standard.requirements}
    assessment: Assessment = variant.assessment
    if key not in assessment.verdicts:
        have = ", ".join(assessment.verdicts)
        raise InputError(f"{asked!r} is neither a packaged standard nor a requirement of this result; it has {have}")
    verdicts = assessment.verdicts[key]
    group = effective_group(rules[key], variant.world.demand)[0]
    if not convention.strip():
        return Side(key, verdicts.judged, verdicts.met, group)
    readings = {one.convention.id: one for one in assessment.official.get(key, ()) if not one.convention.area_mean}
    read = readings.get(convention.strip())
    if read is None:
        have = ", ".join(readings) or "none of single points"
        raise InputError(f"{key} has no convention {convention.strip()!r}; it has {have}")
    return Side(f"{key}: {read.convention.id}", verdicts.judged, read.met & verdicts.judged, group)
