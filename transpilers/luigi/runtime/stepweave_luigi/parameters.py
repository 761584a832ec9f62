"""Frozen parameters: the values of a task as JSON, from which the same task can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handler.codec import decode, encode

Frozen = dict[str, Any]


class NotFrozen(ValueError):
    """A parameter's value does not come back from text or JSON as it was."""


def freeze(task: Any) -> dict[str, Frozen]:
    """All parameters of a task (private and insignificant ones too) by name.

    What JSON has a word for is `{"value"}`, as is what the store's codec knows; the rest is what the parameter itself
    writes and reads, `{"text"}`. Raises NotFrozen, naming the parameter, unless the value comes back equal.
    """
    parameters = dict(task.get_params())
    return {name: _freeze(name, parameters[name], value) for name, value in task.param_kwargs.items()}


def thaw(cls: Any, frozen: Mapping[str, Frozen]) -> dict[str, Any]:
    """The keyword arguments that make a task of `cls` again."""
    parameters = dict(cls.get_params())
    return {name: _thaw(parameters[name], one) for name, one in frozen.items()}


def _freeze(name: str, parameter: Any, value: Any) -> Frozen:
    for attempt in (_plain, _text, _coded):
        try:
            frozen = attempt(parameter, value)
            if frozen is not None and _same(_thaw(parameter, frozen), value):
                return frozen
        except Exception:  # noqa: S112 - whatever a parameter's own code raises: the next form may do
            continue
    raise NotFrozen(f"its parameter {name} has a value of {type(value).__name__} that does not come back from text")


def _plain(parameter: Any, value: Any) -> Frozen | None:
    return {"value": value} if value is None or type(value) in (bool, int, str) else None


def _text(parameter: Any, value: Any) -> Frozen:
    text = parameter.serialize(value)
    if type(text) is not str:
        raise NotFrozen("no text")
    return {"text": text}


def _coded(parameter: Any, value: Any) -> Frozen:
    return {"value": encode(value)}


def _thaw(parameter: Any, frozen: Frozen) -> Any:
    return parameter.parse(frozen["text"]) if "text" in frozen else parameter.normalize(decode(frozen["value"]))


def _same(found: Any, value: Any) -> bool:
    return type(found) is type(value) and bool(found == value)
