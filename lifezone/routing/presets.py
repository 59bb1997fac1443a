"""Packaged presets of junctions and periods, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

__all__ = ["junction_preset"]


@lru_cache(maxsize=16)
def junction_preset(name: str) -> Mapping[str, Any]:
    """Return a preset of delays at junctions, by its id."""
    text = (resources.files(__package__) / "junction_presets" / f"{name}.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = YAML(typ="safe", pure=True).load(text)
    return loaded
