"""The one way a function becomes a kernel, and where compiled kernels are kept.

Numba renews a compiled kernel when its own file changes, but not when a kernel that it calls does, in another file:
after an update of the program half of the old code would run on. So compiled kernels lie in a folder named by a hash of
all kernel sources. Nothing is ever dropped under a running process but folders that several later versions have left
behind, and a process that misses one of those just compiles again. Any number of processes may start at once: numba
writes each file under another name first. Where nothing can be written, kernels are compiled anew in each process.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import numba

__all__ = ["compiled_folder", "kernel", "sources_hash", "writable_folder"]

P = ParamSpec("P")
R = TypeVar("R")

PREFIX: Final = "lifezone-kernels-"
VERSIONS_KEPT: Final = 4
"""Compiled versions that stay beside one another, the newest ones."""


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop over arrays: cached on disk, without the GIL, never parallel, never fastmath.

    No explicit signature is given, so nothing compiles on import. The entry for callers in C is left out (less to
    compile).
    """
    folder = compiled_folder()
    with _numba_cache(folder):
        made: Callable[P, R] = numba.njit(cache=folder is not None, nogil=True, no_cfunc_wrapper=True)(function)
    return made


@cache
def compiled_folder() -> Path | None:
    """Return where this version's compiled kernels lie, None when no place can be written.

    The first of: ``NUMBA_CACHE_DIR`` alone where it is set, beside the sources, the user's own cache.
    """
    sources = Path(__file__).parent
    named = numba.config.CACHE_DIR
    bases = [Path(named)] if named else [sources / "__pycache__", *_user_caches()]
    try:
        name = PREFIX + sources_hash(sources)
    except OSError:  # sources in an archive
        return None
    return writable_folder(bases, name)


def sources_hash(sources: Path) -> str:
    """Return a hash of the names and contents of all Python files in a folder."""
    digest = hashlib.sha256()
    for path in sorted(sources.glob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def writable_folder(bases: Iterable[Path], name: str) -> Path | None:
    """Return the folder ``name`` in the first base that can be written, made if need be; None when there is none."""
    for base in bases:
        folder = base / name
        try:
            is_new = not folder.is_dir()
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            continue
        if is_new:
            _drop_old(base)
        return folder
    return None


def _drop_old(base: Path) -> None:
    """Remove all but the newest versions; another process may do the same at the same time."""
    found: list[tuple[int, Path]] = []
    for folder in base.glob(PREFIX + "*"):
        try:
            found.append((folder.stat().st_mtime_ns, folder))
        except OSError:  # another process was quicker
            continue
    for _, folder in sorted(found, reverse=True)[VERSIONS_KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def _user_caches() -> Iterator[Path]:
    """Yield the user's own cache folder, if there is a user; a shared folder would let others slip code in."""
    named = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    if named:
        yield Path(named) / "lifezone"
        return
    try:
        yield Path.home() / ".cache" / "lifezone"
    except RuntimeError:
        return


@contextmanager
def _numba_cache(folder: Path | None) -> Iterator[None]:
    """Let numba keep what is decorated meanwhile in ``folder``; other users of numba keep their own setting."""
    before = numba.config.CACHE_DIR
    if folder is not None:
        numba.config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
