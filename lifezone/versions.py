"""The versions of what numbers depend on, for manifests."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

import lifezone

__all__ = ["versions_of"]


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """Return the version of lifezone, of Python and of each package."""
    found = {"lifezone": lifezone.__version__, "python": platform.python_version()}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
