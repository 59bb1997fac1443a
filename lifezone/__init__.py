"""lifezone: who can reach the services of daily life within the national minimum standard, and what would change it.

In a notebook::

    import lifezone

    result = lifezone.run("scenarios/clinic-in-the-east.yaml")
    cells = lifezone.cells(result.baseline)        # GeoDataFrame, one row a demand point
    lifezone.summary(result)                       # DataFrame, as summary.csv
    lifezone.write(result, "my-result")            # every file of the contract

The rooms, from the bottom up (higher may import lower, never the other way; checked in CI):

    errors, units            the error tree; "15 min" and "2 km" in SI
    kernels, spec, progress  numba on plain arrays; the base of what a planner writes; how long work tells of itself
    model                    what the world is: frozen dataclasses over arrays
    access                   one measure a file
    routing                  speeds, contraction, anchors, legs, travel times, paths
    sources                  outside → model: roads, people, facilities, districts
    standards                requirements, dated presets, verdicts, life deserts, classes
    edits                    one what-if at a time: World → World
    report                   tables, layers, maps, the result folder
    scenario                 the YAML file, strict
    searches, caveats        what a run asks of roads, once; whom that leaves out, with counts
    assess, run, explain     judge a world; a run from end to end; one place in detail
    cli                      parses, calls, prints

Rooms for siting, zoning, dynamics, monitoring, the planner and the cluster are built when they are filled. Everything
here is imported when it is first used, so that ``import lifezone`` and ``lifezone --help`` are quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifezone.assess import assess
    from lifezone.report import cells, changes, deserts, facilities, summary, write
    from lifezone.run import run
    from lifezone.scenario import load

__version__ = "0.1.0"

__all__ = ["__version__", "assess", "cells", "changes", "deserts", "facilities", "load", "run", "summary", "write"]

_HOMES = {
    "assess": "lifezone.assess",
    "cells": "lifezone.report",
    "changes": "lifezone.report",
    "deserts": "lifezone.report",
    "facilities": "lifezone.report",
    "load": "lifezone.scenario",
    "run": "lifezone.run",
    "summary": "lifezone.report",
    "write": "lifezone.report",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
