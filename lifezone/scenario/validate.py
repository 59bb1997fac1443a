"""Plain data → frozen specs, with pydantic's findings said for planners: one fault per mistake, at its path.

pydantic checks every field of every block, so that a bad block never hides its siblings; what it says is written
again here, since "Input should be a valid string" does not tell a planner to put quotes around 01.
"""

from __future__ import annotations

import json
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, Final, Generic, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from lifezone.errors import Fault, Path
from lifezone.scenario.yaml_events import Unreadable

__all__ = ["NOT_YET", "Checked", "suggest", "validate"]

NOT_YET: Final = frozenset({
    "audit", "cluster", "dynamics", "links", "monitor", "projection", "rasters",
    "timetable", "transit", "zones",
})  # fmt: skip
"""Keys of rooms that are not built yet."""
_NOT_YET_IN: Final = ("ScenarioSpec", "AreaSpec", "VariantSpec", "EditSpec", "OutputSpec")
_TAG_KEYS: Final = ("type", "method")
"""Keys that tell the members of a union apart."""
_UNREADABLE_KEY: Final = "\x7funreadable"
_EXPECTED: Final[Mapping[str, str]] = {
    "string_type": "text", "string_sub_type": "text", "int_type": "a whole number", "int_from_float": "a whole number",
    "int_parsing": "a whole number", "float_type": "a number", "float_parsing": "a number",
    "bool_type": "true or false", "bool_parsing": "true or false", "list_type": "a list", "tuple_type": "a list",
    "set_type": "a list", "frozen_set_type": "a list", "dict_type": "a block of keys",
    "mapping_type": "a block of keys", "model_type": "a block of keys", "model_attributes_type": "a block of keys",
    "none_required": "nothing", "finite_number": "a finite number",
}  # fmt: skip
_LIMITS: Final[Mapping[str, tuple[str, str]]] = {
    "greater_than": ("above", "gt"), "greater_than_equal": ("at least", "ge"),
    "less_than": ("below", "lt"), "less_than_equal": ("at most", "le"),
}  # fmt: skip

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class _Finding:
    """One pydantic error, its path freed of union tags."""

    fault: Fault
    union: Path | None
    """Where an untagged union begins, when the error comes from one of its members."""


@dataclass(frozen=True)
class Checked(Generic[Model]):
    """What validating gave.

    Attributes:
        spec: the spec, or None when there are faults.
        faults: every fault, one per mistake; places in the file are added by the caller.
        unknown: paths of keys that nothing knows; told at the key, not at its value.
    """

    spec: Model | None
    faults: tuple[Fault, ...] = ()
    unknown: frozenset[Path] = frozenset()


def validate(model: type[Model], data: Any, plain: Mapping[Path, str]) -> Checked[Model]:
    """Make a spec from plain data.

    Args:
        model: the spec's class.
        data: dicts, lists and scalars as the YAML reader gives them.
        plain: what stands in the file for unquoted values that are not text, by path.
    """
    try:
        # JSON mode: YAML's lists may fill tuples, numbers never become text. Python mode would refuse every list.
        return Checked(model.model_validate_json(json.dumps(data, default=_unreadable)))
    except ValidationError as error:
        errors = error.errors(include_url=False)
    findings = [_finding(model, item, data, plain) for item in errors]
    kept = [finding for finding in findings if not _is_below_unreadable(data, finding.fault.path)]
    unknown = frozenset(_clean(item["loc"], data)[0] for item in errors if item["type"] == "extra_forbidden")
    return Checked(None, tuple(_one_per_mistake(kept)), unknown)


def suggest(word: str, known: Iterable[str], *, what: str = "") -> str:
    """Return "; did you mean 'x'?" for a word that is nearly one of ``known``, else which there are."""
    options = sorted(set(known))
    near = get_close_matches(word, options, n=1, cutoff=0.6) or [o for o in options if o.lower() == word.lower()]
    if near:
        return f"; did you mean {near[0]!r}?"
    if not options:
        return ""
    listed = ", ".join(options[:12]) + (" …" if len(options) > 12 else "")
    return f"; {what or 'there are'} {listed}"


def _unreadable(value: object) -> object:
    """Put something no field accepts where the reader told a fault already."""
    if isinstance(value, Unreadable):
        return {_UNREADABLE_KEY: True}
    raise TypeError(type(value))


def _is_below_unreadable(data: Any, path: Path) -> bool:
    """True when the fault lies at or below a value that has a fault already."""
    for part in path:
        if isinstance(data, Unreadable) or not _holds(data, part):
            break
        data = data[part]
    return isinstance(data, Unreadable)


def _holds(data: Any, part: str | int) -> bool:
    """True when a block has this key or a list this position."""
    if isinstance(data, list):
        return isinstance(part, int) and 0 <= part < len(data)
    return isinstance(data, dict) and part in data


def _finding(model: type[BaseModel], error: Any, data: Any, plain: Mapping[Path, str]) -> _Finding:
    """Say one pydantic error in our words."""
    path, union = _clean(error["loc"], data)
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _Finding(Fault(_unknown_key(model, path, data), path), union)
    if kind == "union_tag_invalid":
        tags = [tag.strip(" '") for tag in str(context["expected_tags"]).split(",")]
        tag = str(context["discriminator"]).strip("'")
        message = f"unknown {tag} {context['tag']!r}: expected one of {', '.join(tags)}"
        near = get_close_matches(str(context["tag"]), tags, n=1)
        return _Finding(Fault(message + (f"; did you mean {near[0]!r}?" if near else ""), (*path, tag)), union)
    if kind == "union_tag_not_found":
        return _Finding(Fault(_tag_missing(model, path, str(context["discriminator"]).strip("'")), path), union)
    return _Finding(Fault(_message(kind, context, error, plain.get(path)), path), union)


def _message(kind: str, context: Mapping[str, Any], error: Any, raw: str | None) -> str:
    """Say what was expected and what stands there."""
    value = error["input"]
    if kind == "missing":
        return "this key is missing"
    if kind in ("value_error", "assertion_error"):
        return str(error["msg"]).split(", ", 1)[-1]
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, got {_got(value, raw, _EXPECTED[kind])}"
    if kind in _LIMITS:
        word, key = _LIMITS[kind]
        return f"expected a number {word} {context[key]:g}, got {_short(value)}"
    if kind in ("literal_error", "enum"):
        known = [part.strip(" '") for part in str(context["expected"]).replace(" or ", ", ").split(",")]
        near = get_close_matches(str(value), known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"expected one of {', '.join(known)}, got {_short(value)}{hint}"
    if kind in ("too_short", "too_long") and context.get("actual_length"):
        limit = context.get("min_length") or context.get("max_length")
        return f"expected {'at least' if kind == 'too_short' else 'at most'} {limit} entries, got {_entries(value)}"
    if kind in ("too_short", "string_too_short"):
        return "expected something here, it is empty"
    message = str(error["msg"])
    return f"{message[:1].lower()}{message[1:]}, got {_short(value)}"


def _got(value: object, raw: str | None, expected: str) -> str:
    """Say what stands there instead, and how to mend it."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a block of keys"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        if expected.endswith("number") and value.replace(",", "").replace(".", "", 1).lstrip("-+").isdigit():
            return f"the text {_short(value)}: write {value.replace(',', '')} without quotes or commas"
        if expected == "true or false" and value.lower() in ("yes", "no", "on", "off", "y", "n", "true", "false"):
            return (
                f"the text {_short(value)}: write {'true' if value.lower() in ('yes', 'on', 'y', 'true') else 'false'}"
            )
        return f"the text {_short(value)}"
    called = "true or false" if isinstance(value, bool) else "a number"
    written = raw if raw is not None else str(value)
    if expected == "text":
        return f"{written}, which YAML reads as {called}: quote it: '{written}'"
    return f"{called} ({written})"


def _entries(value: object) -> str:
    """Say how many entries there are."""
    return f"{len(value):,}" if isinstance(value, dict | list) else _short(value)


def _short(value: object) -> str:
    """Show a value in few words."""
    if isinstance(value, dict | list):
        return _got(value, None, "")
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:56]}…{text[0]}"


def _clean(loc: tuple[str | int, ...], data: Any) -> tuple[Path, Path | None]:
    """Free a pydantic location from the names of union members, which are no part of the file."""
    path: list[str | int] = []
    union: Path | None = None
    tag_due = isinstance(data, dict)
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if isinstance(data, dict) and tag_due and part not in ("", None) and part in _tags_in(data):
            tag_due = False
            continue
        if _holds(data, part):
            data = data[part]
            path.append(part)
            tag_due = isinstance(data, dict)
        elif last and isinstance(data, dict) and not _is_member_name(part):
            path.append(part)  # a missing key
        elif union is None:
            union = tuple(path)
    return tuple(path), union


def _is_member_name(part: object) -> bool:
    """True for the names that pydantic gives to members of an untagged union."""
    text = str(part)
    return text in ("str", "int", "float", "bool", "none") or "[" in text or "-" in text or text[:1].isupper()


def _one_per_mistake(findings: list[_Finding]) -> list[Fault]:
    """Keep one fault per path; of the members of an untagged union, what the deepest one says."""
    deepest: dict[Path, int] = {}
    for finding in findings:
        if finding.union is not None:
            deepest[finding.union] = max(deepest.get(finding.union, 0), len(finding.fault.path))
    by_path: dict[Path, list[str]] = {}
    for finding in findings:
        if finding.union is not None and len(finding.fault.path) < deepest[finding.union]:
            continue
        messages = by_path.setdefault(finding.fault.path, [])
        if finding.fault.message not in messages:
            messages.append(finding.fault.message)
    return [Fault(" or ".join(messages), path) for path, messages in by_path.items()]


def _unknown_key(model: type[BaseModel], path: Path, data: Any) -> str:
    """Say that a key is not known here, and which one is near."""
    owner, key = _model_at(model, path[:-1], data), str(path[-1])
    if owner is None:
        return f"unknown key {key!r}"
    if key in NOT_YET and owner.__name__ in _NOT_YET_IN:
        return f"{key!r} is not in this version"
    known = [field.alias or name for name, field in owner.model_fields.items()]
    return f"unknown key {key!r}{suggest(key, known, what='known are')}"


def _tag_missing(model: type[BaseModel], path: Path, tag: str) -> str:
    """Say which types (methods) there are."""
    types_known = [one for member in _members(_annotation_at(model, path)) for one in _tags(member)]
    return f"the key {tag!r} is missing: expected one of {', '.join(types_known)}"


def _model_at(model: type[BaseModel], path: Path, data: Any) -> type[BaseModel] | None:
    """Return the spec that the block at ``path`` must follow, or None when that is not clear."""
    for part in path:
        data = data[part] if _holds(data, part) else None
    annotation = _annotation_at(model, path)
    members = [member for member in _members(annotation) if isinstance(member, type) and issubclass(member, BaseModel)]
    if len(members) > 1 and isinstance(data, dict):
        members = [member for member in members if set(_tags_in(data)) & set(_tags(member))] or members
    return members[0] if members else None


def _annotation_at(annotation: Any, path: Path) -> Any:
    """Return the type annotation that governs the value at ``path``."""
    for part in path:
        candidates = []
        for member in _members(annotation):
            if isinstance(member, type) and issubclass(member, BaseModel):
                candidates += [f.annotation for n, f in member.model_fields.items() if (f.alias or n) == part]
            else:
                arguments = get_args(member)
                candidates += arguments[-1:] if isinstance(part, str) else arguments[:1]
        annotation = Union[tuple(candidates)] if candidates else None  # noqa: UP007  (made at run time)
    return annotation


def _members(annotation: Any) -> list[Any]:
    """Return the members of a union, or the annotation itself, without Annotated and aliases."""
    if hasattr(annotation, "__value__"):  # a type alias of Python 3.12 or typing_extensions
        return _members(annotation.__value__)
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [member for argument in get_args(annotation) for member in _members(argument)]
    return [] if annotation in (None, type(None)) else [annotation]


def _tags(member: Any) -> tuple[Any, ...]:
    """Return the values of ``type`` (``method``) that a spec answers to."""
    if not (isinstance(member, type) and issubclass(member, BaseModel)):
        return ()
    for key in _TAG_KEYS:
        if key in member.model_fields:
            annotation = member.model_fields[key].annotation
            return get_args(annotation) if get_origin(annotation) is Literal else ()
    return ()


def _tags_in(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a block as written says of its type (method)."""
    return tuple(data[key] for key in _TAG_KEYS if isinstance(data.get(key), str))
