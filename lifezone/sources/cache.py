"""Arrays that cost time to make, kept on disk and opened by memory map.

An entry is a folder of ``.npy`` files named by the sha256 of everything that shaped it (hashes of the inputs, options,
this format's version). It is written beside its place and renamed, so that no half entry is ever found, and checked by
checksum when it is opened; a damaged one is made again. The cache never changes a result: it is a copy of it.

The folder is ``LIFEZONE_CACHE``, else the user's cache folder of the platform. It may be deleted at any time. What was
not used for longest is dropped when all is more than ``LIFEZONE_CACHE_GB`` (10 where it is not set; 0 keeps nothing).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from platformdirs import user_cache_path

__all__ = ["Entries", "cache_folder", "cached", "file_sha256", "is_kept"]

Entries: TypeAlias = dict[str, "np.ndarray | str"]
"""Arrays (of any fixed-size dtype) and texts by name; names are letters, digits, ``_`` and ``.``."""
FORMAT: Final = "lifezone-cache-1"
MANIFEST: Final = "entry.json"
BLOCK_BYTES: Final = 2**20
MOST_GB: Final = 10.0
"""A nation's world, roads and hierarchies are 2 GB."""
_TEMPORARY: Final = "new-"
_ABANDONED_S: Final = 86_400.0
"""Age from which what a killed process was writing is swept away."""


def cache_folder() -> Path:
    """Return the folder of the cache; it need not exist."""
    named = os.environ.get("LIFEZONE_CACHE")
    if named:
        return Path(named)
    return user_cache_path("lifezone", appauthor=False)


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cached(
    key_parts: Sequence[str], make: Callable[[], Mapping[str, Any]], *, notes: list[str] | None = None
) -> Entries:
    """Return what ``make`` returns, from disk where it was made before.

    Args:
        key_parts: texts that together name the content: input hashes, options, a version.
        make: makes the arrays and texts.
        notes: gets one line when the cache cannot be written.

    Returns:
        The arrays (memory-mapped when they come from disk; writing to them never reaches it) and texts.
    """
    folder = _folder(key_parts)
    found = _open(folder)
    if found is not None:
        return found
    made = dict(make())
    try:
        most = _most_bytes()
        if most > 0:
            _write(folder, made)
            _shrink(most, folder)
    except OSError as error:
        if notes is not None:
            notes.append(f"nothing was kept in the cache {cache_folder()} ({error.strerror or error})")
    return made


def is_kept(key_parts: Sequence[str]) -> bool:
    """Tell whether there is an entry of these key parts; it may still prove to be damaged."""
    return (_folder(key_parts) / MANIFEST).is_file()


def _folder(key_parts: Sequence[str]) -> Path:
    """Return where an entry is or would be."""
    digest = hashlib.sha256()
    for part in (FORMAT, *key_parts):
        encoded = part.encode("utf-8")
        digest.update(len(encoded).to_bytes(8, "little"))
        digest.update(encoded)
    key = digest.hexdigest()
    return cache_folder() / key[:2] / key


def _open(folder: Path) -> Entries | None:
    """Return an entry, or None when it is absent or damaged."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest.pop("crc") != _crc_of(manifest):
            return None
        entries: Entries = dict(manifest["texts"])
        for name, expected in manifest["arrays"].items():
            path = folder / f"{name}.npy"
            if _crc(path) != expected:
                return None
            is_empty = manifest["empty"][name]
            # copy on write: a map that can only be read would be another array type to numba, compiled apart
            entries[name] = np.asarray(np.load(path, mmap_mode=None if is_empty else "c", allow_pickle=False))
        with suppress(OSError):  # a folder that can only be read
            os.utime(folder / MANIFEST)  # when it was last used
        return {name: entries[name] for name in manifest["names"]}
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(folder: Path, made: Mapping[str, Any]) -> None:
    """Write an entry beside its place and move it there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=folder.parent))
    try:
        manifest: dict[str, Any] = {"names": list(made), "texts": {}, "arrays": {}, "empty": {}}
        for name, value in made.items():
            if isinstance(value, str):
                manifest["texts"][name] = value
                continue
            path = temporary / f"{name}.npy"
            np.save(path, value, allow_pickle=False)
            manifest["arrays"][name] = _crc(path)
            manifest["empty"][name] = value.size == 0
        manifest["crc"] = _crc_of(manifest)
        (temporary / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
        _drop(folder)  # a damaged entry
        try:
            temporary.rename(folder)
        except OSError:
            if not (folder / MANIFEST).is_file():  # else another process was quicker, with the same
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _drop(folder: Path) -> None:
    """Remove an entry, its manifest first: what is left of it where a file is held open is no entry."""
    with suppress(OSError):
        (folder / MANIFEST).unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _most_bytes() -> float:
    """Return how large the cache may grow; nonsense in the environment counts as nothing said."""
    try:
        gigabytes = float(os.environ.get("LIFEZONE_CACHE_GB", MOST_GB))
    except ValueError:
        gigabytes = MOST_GB
    return (gigabytes if gigabytes >= 0 else MOST_GB) * 1e9


def _shrink(most: float, newest: Path) -> None:
    """Drop the entries that were not used for longest until the rest is small enough; ``newest`` stays."""
    found = []
    for manifest in cache_folder().glob(f"??/*/{MANIFEST}"):
        with suppress(OSError):  # another process is dropping it
            size = sum(path.stat().st_size for path in manifest.parent.iterdir())
            found.append((manifest.stat().st_mtime, str(manifest.parent), size))
    total = sum(size for _, _, size in found)
    for _, folder, size in sorted(found):
        if total <= most:
            break
        if Path(folder) != newest:
            _drop(Path(folder))
            total -= size
    for left in cache_folder().glob(f"??/{_TEMPORARY}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(left, ignore_errors=True)


def _crc_of(manifest: Mapping[str, Any]) -> int:
    """Return the checksum of a manifest's body: its texts are data too."""
    return zlib.crc32(json.dumps(manifest, ensure_ascii=False, sort_keys=True).encode())


def _crc(path: Path) -> int:
    """Return the CRC-32 of a file."""
    crc = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            crc = zlib.crc32(block, crc)
    return crc
