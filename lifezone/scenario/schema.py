"""The JSON Schema of scenario and study files, for editors that complete keys and underline faults."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from lifezone.scenario.spec import ScenarioSpec

__all__ = ["json_schema", "study_schema"]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario; the same text for the same version.

    It is made from the specs that read the file, so the two cannot differ; what only reading can tell (files, kinds,
    columns) it does not know.
    """
    return _schema(ScenarioSpec, "lifezone scenario")


def study_schema() -> dict[str, Any]:
    """Return the JSON Schema of a monitoring study; what packaged indicators there are stands in it too."""
    from lifezone.monitor.indicators import INDICATORS  # noqa: PLC0415
    from lifezone.monitor.study import StudySpec  # noqa: PLC0415

    schema = _schema(StudySpec, "lifezone monitoring study")
    for one in schema["properties"]["indicators"]["anyOf"]:
        if one.get("type") == "array":
            one["items"] = {"type": "string", "enum": [indicator.id for indicator in INDICATORS]}
    return schema


def _schema(spec: type[BaseModel], title: str) -> dict[str, Any]:
    """Return the JSON Schema of a spec."""
    schema = spec.model_json_schema(by_alias=True, mode="validation")
    _without_echoes(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
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
