"""What a user gives a report beside the study: official figures, maps of forms. Checked before anything is computed.

A run keeps them in its folder, so that the report can be made again from the folder alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from lifezone.errors import Fault, InputError
from lifezone.report import official as official_table
from lifezone.report.forms.reading import FOLDER, read_form
from lifezone.sources.files import local_file

__all__ = ["own_inputs"]


def own_inputs(
    folder: Path,
    official: str | None,
    forms: Sequence[str],
    *,
    requirements: Collection[str],
    districts: Collection[str],
) -> dict[str, str]:
    """Check a user's table of official figures and maps of forms, and return them as files of the result.

    Args:
        folder: where relative paths start.
        official: path of the table, or None.
        forms: paths of the maps.
        requirements: ids that the table may name.
        districts: ids of districts that it may name.

    Returns:
        Text by file name below the result folder.

    Raises:
        InputError: every fault of every file; the paths start below ``report``.
    """
    kept: dict[str, str] = {}
    faults: list[Fault] = []
    if official is not None:
        try:
            path = local_file(folder, official)
            official_table.read_official(path, requirements=requirements, districts=districts)
            kept[official_table.FILE] = official_table.text_of(path)
        except InputError as error:
            faults += [Fault(fault.message, ("official",)) for fault in error.faults]
    ids: dict[str, str] = {}
    for at, name in enumerate(forms):
        try:
            path = local_file(folder, name)
            form = read_form(path)
        except InputError as error:
            faults += [Fault(fault.message, ("forms", at)) for fault in error.faults]
            continue
        if form.id in ids:
            faults.append(Fault(f"{name} and {ids[form.id]} are both called {form.id!r}: rename one", ("forms", at)))
        ids[form.id] = name
        kept[f"{FOLDER}/{form.id}.yaml"] = path.read_text(encoding="utf-8-sig")
    if faults:
        raise InputError(faults)
    return kept
