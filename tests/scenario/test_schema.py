"""The JSON Schema: the same text every time, a description for every key, and in step with the specs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lifezone.scenario.schema import json_schema
from tests.scenario.conftest import SOUND

SCHEMA = json_schema()
PACKAGED = sorted(
    path
    for path in [
        *Path(__file__).parents[2].glob("scenarios/*.yaml"),
        *Path(__file__).parents[2].glob("lifezone/*.yaml"),
    ]
    if path.stem != "monitoring"  # a study for lifezone monitor, of another schema
)


def errors(schema: dict[str, Any], value: Any, path: str = "$") -> list[str]:
    """The part of JSON Schema 2020-12 that pydantic writes, as a validator of a few lines."""
    if "$ref" in schema:
        return errors(SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, path)
    if "oneOf" in schema or "anyOf" in schema:
        options = schema.get("oneOf") or schema["anyOf"]
        tried = [errors(option, value, path) for option in options]
        return [] if any(not found for found in tried) else min(tried, key=len)
    types: dict[str, Any] = {
        "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool,
        "null": type(None),
    }  # fmt: skip
    named = schema.get("type")
    if named and (not isinstance(value, types[named]) or (isinstance(value, bool) and named in ("integer", "number"))):
        return [f"{path}: {value!r} is not {named}"]
    found: list[str] = []
    if "const" in schema and value != schema["const"]:
        found.append(f"{path}: {value!r} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: {value!r} is none of {schema['enum']}")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        rest = schema.get("additionalProperties", True)
        found += [f"{path}: {key} is missing" for key in schema.get("required", []) if key not in value]
        for key, item in value.items():
            if key in known:
                found += errors(known[key], item, f"{path}.{key}")
            elif rest is False:
                found.append(f"{path}: unknown key {key}")
            elif isinstance(rest, dict):
                found += errors(rest, item, f"{path}.{key}")
        if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", 10**6):
            found.append(f"{path}: {len(value)} keys")
    if isinstance(value, list):
        found += [
            line for at, item in enumerate(value) for line in errors(schema.get("items", {}), item, f"{path}[{at}]")
        ]
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**6):
            found.append(f"{path}: {len(value)} items")
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{path}: {value!r} does not match")
    return found


def test_schema__is_the_same_text_every_time() -> None:
    assert json.dumps(json_schema(), ensure_ascii=False) == json.dumps(SCHEMA, ensure_ascii=False)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["additionalProperties"] is False


def test_schema__accepts_the_sound_scenario() -> None:
    assert errors(SCHEMA, YAML(typ="safe", pure=True).load(SOUND)) == []


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: path.name)
def test_schema__accepts_every_packaged_scenario(path: Path) -> None:
    assert errors(SCHEMA, YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type: osm_file", "type: osm_fiel"),
        ("  id: id\n", "  ident: id\n"),
        ("bound: 5 min", "bound: 5"),
        ("kind: clinic, id: no, ", "id: no, "),
        ("{close: {id: c-1}}", "{close: {id: c-1}, move: {id: c-1, to: [1, 2]}}"),
        ("at: [127.42, 36.52]", "at: [127.42]"),
        ("mode: car", "mode: cra"),
        ("at_least: 1", "at_least: one"),
    ],
)
def test_schema__refuses_what_loading_refuses(old: str, new: str) -> None:
    assert errors(SCHEMA, YAML(typ="safe", pure=True).load(SOUND.replace(old, new)))


def test_schema__describes_every_key_to_a_planner() -> None:
    blocks = {"scenario": SCHEMA, **SCHEMA["$defs"]}
    bare = [
        f"{name}.{key}"
        for name, block in blocks.items()
        for key, value in block.get("properties", {}).items()
        if key != "type" and not value.get("description")
    ]
    assert bare == []
