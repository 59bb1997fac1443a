"""Replace a folder of results as a whole: at every moment either the old or the new version is there, never a mixture.

    write everything into OUT.lifezone-writing, the manifest last, every file fsync'ed
    OUT → OUT.old,  OUT.lifezone-writing → OUT,  remove OUT.old (manifest last, so that what is left is known as ours)

A process that dies in between leaves one of a few states behind; :func:`repair` takes each of them to a whole version.
Decided: no lock. Two runs into one folder at a time end with one of them failing, not with a mixture.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from lifezone.errors import InputError, LifezoneError

__all__ = ["MANIFEST", "PROGRAM", "check_out", "file_hash", "folder_files", "repair", "replace_folder"]

MANIFEST: Final = "manifest.json"
PROGRAM: Final = "lifezone"
"""Value of the manifest's key ``program``, by which a folder of results is known as ours."""


def check_out(out: Path) -> None:
    """Refuse a place that results cannot be written to, before anything is computed; repairs a half-done swap first.

    Raises:
        InputError: ``out`` is a file, a folder with other things in it, has no name of its own, or is not writable.
    """
    out = out.resolve()
    if not out.name:
        raise InputError(f"{out} cannot be an output folder: name a folder of its own, e.g. results/study")
    repair(out)
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file: name a folder for the results")
    if out.is_dir() and any(out.iterdir()) and not _is_ours(out):
        raise InputError(f"{out} is not empty and holds no {MANIFEST} of lifezone: name an empty or a new folder")
    if _old(out).exists() and not _is_ours(_old(out)):
        raise InputError(f"{_old(out)} is in the way and is not of lifezone: move it elsewhere or name another folder")
    _check_writable(out)


def repair(out: Path) -> None:
    """Bring what an interrupted run left to one whole version: the new one if it was complete, else the old.

    Touches nothing that is not ours: the folder being written is known by its name, the old one by its manifest.
    """
    out = out.resolve()
    if not out.name:
        return
    old, new = _old(out), _new(out)
    if not out.exists() and old.is_dir() and _is_ours(old):
        (new if _is_whole(new) else old).rename(out)
    if new.is_dir():
        _remove(new)
    if out.exists() and old.is_dir() and _is_ours(old):
        _remove(old)


def replace_folder(out: Path, fill: Callable[[Path], None]) -> None:
    """Let ``fill`` write a new version into a temporary folder, then put it in the place of ``out``.

    Raises:
        InputError: ``out`` cannot be used, see :func:`check_out`.
        LifezoneError: The disk is full, read-only, or a file of ``out`` is held open by another program; what was in
            ``out`` before is untouched.
    """
    out = out.resolve()
    check_out(out)
    new = _new(out)
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        new.mkdir()
        fill(new)
        _sync(new)
        _swap(out, new)
    except OSError as error:
        raise LifezoneError(_why(out, error)) from error
    finally:
        _remove(new)


def file_hash(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_files(folder: Path) -> list[str]:
    """Return the paths of all files below a folder, relative, with forward slashes, sorted."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _swap(out: Path, new: Path) -> None:
    """Put ``new`` in the place of ``out``; goes back when the second step fails."""
    old = _old(out)
    if out.exists() and not any(out.iterdir()):
        out.rmdir()
    if not out.exists():
        new.rename(out)
        _sync_folder(out.parent)
        return
    out.rename(old)
    try:
        new.rename(out)
    except OSError:
        old.rename(out)
        raise
    _sync_folder(out.parent)
    _remove(old)


def _old(out: Path) -> Path:
    return out.with_name(f"{out.name}.old")


def _new(out: Path) -> Path:
    return out.with_name(f"{out.name}.lifezone-writing")


def _is_ours(folder: Path) -> bool:
    """Tell whether a folder holds results of ours, or nothing any more."""
    manifest = _manifest(folder)
    return manifest is not None or (folder.is_dir() and not any(folder.iterdir()))


def _is_whole(folder: Path) -> bool:
    """Tell whether every file that the folder's manifest lists is there as it was written."""
    manifest = _manifest(folder)
    files = None if manifest is None else manifest.get("files")
    if manifest is None or not isinstance(files, dict):
        return False
    files = files | (manifest.get("run") or {}).get("files", {})  # those that differ between two runs
    files |= {name: told["sha256"] for name, told in (manifest.get("report") or {}).items()}
    return all((folder / name).is_file() and file_hash(folder / name) == sha for name, sha in files.items())


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.get("program") == PROGRAM else None


def _remove(folder: Path) -> None:
    """Remove a folder, its manifest last; what another program holds open stays until the next start."""
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != MANIFEST:
            with suppress(OSError):
                entry.unlink()
    if [entry.name for entry in folder.iterdir()] in ([], [MANIFEST]):
        shutil.rmtree(folder, ignore_errors=True)


def _check_writable(out: Path) -> None:
    """Try to make a folder where ``out`` will stand, under a name that :func:`repair` clears away."""
    nearest = next(folder for folder in out.parents if folder.exists())
    trial = nearest / _new(out).name
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError as error:
        raise InputError(f"cannot write to {nearest}: {error.strerror or error}; name another folder") from error


def _sync(folder: Path) -> None:
    """Bring every file below a folder to the disk."""
    for name in folder_files(folder):
        with (folder / name).open("rb+") as file:
            os.fsync(file.fileno())
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        _sync_folder(path)


def _sync_folder(folder: Path) -> None:
    """Bring a folder's entries to the disk where the system can (Windows cannot open a folder, and need not)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _why(out: Path, error: OSError) -> str:
    """Say in one sentence why the results could not be written."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        cause = "the disk is full: free some space or name another folder with --out"
    elif isinstance(error, PermissionError):
        cause = (
            "permission denied: close programs that have its files open (a spreadsheet, a GIS), or name another folder"
        )
    else:
        cause = f"{error.strerror or error}: name another folder with --out"
    return f"the results could not be written to {out}: {cause}; what was there before is untouched"
