"""Fixtures that every test may use: where the real data lies, a cache folder of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def shared_folder() -> Path | None:
    """Return the folder with the real data, or None."""
    named = os.environ.get("LIFEZONE_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    return folder if (folder / "data").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data (``…/shared/data``); the test is skipped with a reason where it is not at hand."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("real data not at hand: set LIFEZONE_SHARED or put it in ../shared")
    return folder / "data"


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the tests' network cache away from the user's."""
    os.environ["LIFEZONE_CACHE"] = str(tmp_path_factory.mktemp("cache"))
