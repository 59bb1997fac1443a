"""The JSON Schema of scenario files, for editors that complete keys and underline faults."""

from __future__ import annotations

from typing import Any

from lifezone.scenario.spec import ScenarioSpec

__all__ = ["json_schema"]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario; the same text for the same version.

    It is made from the specs that read the file, so the two cannot differ; what only reading can tell (files, kinds,
    columns) it does not know.
    """
    schema = ScenarioSpec.model_json_schema(by_alias=True, mode="validation")
    _without_echoes(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lifezone scenario",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def _without_echoes(node: Any) -> None:
    """Drop titles that only repeat a key: editors would show them in place of the description."""
    if isinstance(node, dict):
        for name, value in node.get("properties", {}).items():
            if isinstance(value, dict) and str(value.get("title", "")).lower().replace(" ", "_") == str(name).lower():
                value.pop("title", None)
        for value in node.values():
            _without_echoes(value)
    elif isinstance(node, list):
        for value in node:
            _without_echoes(value)
