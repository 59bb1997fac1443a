"""An edit is a map of one key; which one, and what stands under it."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ConfigDict, model_validator

from lifezone.spec import Spec

__all__ = ["OneKey"]


class OneKey(Spec):
    """A map of exactly one of its keys. Subclasses say what they are in ``WHAT``."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    @model_validator(mode="before")
    @classmethod
    def _is_one_key(cls, value: Any) -> Any:
        """Say clearly that it is a map of one key; unknown keys are left to the model."""
        known, what = tuple(cls.model_fields), _WHAT.get(cls.__name__, "an edit")
        if not isinstance(value, dict):
            raise ValueError(f"expected {what}: a map of one key ({', '.join(known)}), got {value!r}")
        given = [key for key in value if key in known]
        if len(given) > 1:
            raise ValueError(f"{what} is a map of one key, got {' and '.join(given)}: write {len(given)} entries")
        if not value or (given and value[given[0]] is None):
            raise ValueError(f"expected {what}: a map of one key ({', '.join(known)})" + (", got an empty one"))
        return value

    @property
    def key(self) -> str:
        """Which of the keys it is."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def under_key(self) -> Any:
        """What stands under the key."""
        return getattr(self, self.key)


_WHAT: Final = {"EditSpec": "an edit", "RoadEdit": "a road edit", "PeopleEdit": "an edit of people"}
