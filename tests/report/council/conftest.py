"""One result for all tests of sections that plans, zones and alternatives are in."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifezone.report.material import Material, material_of
from lifezone.report.writing import write
from lifezone.run import run
from tests.report.council.plans_study import write_study


@pytest.fixture(scope="session")
def plans_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of results of :mod:`plans_study`."""
    home = tmp_path_factory.mktemp("plans")
    out = home / "out"
    write(run(write_study(home)), out)
    return out


@pytest.fixture(scope="session")
def plans(plans_folder: Path) -> Material:
    """The same as material of a report."""
    return material_of(plans_folder)
