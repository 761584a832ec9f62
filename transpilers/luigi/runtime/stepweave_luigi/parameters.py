"""Frozen parameters: the values of a task as JSON, from which the same task can be made again."""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from luigi.freezing import FrozenOrderedDict
from luigi.task_register import Register

from handler.codec import decode, encode

Frozen = dict[str, Any]


class NotFrozen(ValueError):
    """A parameter's value does not come back from text or JSON as it was."""


def freeze(task: Any) -> dict[str, Frozen]:
    """All parameters of a task (private and insignificant ones too) by name.

    What JSON has a word for is `{"value"}`, as is what the store's codec knows; a task's class is `{"class"}`, its
    module and family; the rest is what the parameter itself writes and reads, `{"text"}`, or a container that it does
    not read as it was, `{"packed"}` (a default with lists).
    Raises NotFrozen, naming the parameter, unless the value comes back equal.
    """
    parameters = dict(task.get_params())
    return {name: _freeze(name, parameters[name], value) for name, value in task.param_kwargs.items()}


def thaw(cls: Any, frozen: Mapping[str, Frozen]) -> dict[str, Any]:
    """The keyword arguments that make a task of `cls` again."""
    parameters = dict(cls.get_params())
    return {name: _thaw(parameters[name], one) for name, one in frozen.items()}


def unchanged(frozen: Mapping[str, Frozen]) -> dict[str, Any]:
    """The values that a task has to get as they are, since its own constructor would freeze the lists in them."""
    return {name: _unpack(one["packed"]) for name, one in frozen.items() if "packed" in one}


def _freeze(name: str, parameter: Any, value: Any) -> Frozen:
    for attempt in (_plain, _class, _text, _coded, _packed):
        try:
            frozen = attempt(parameter, value)
            if frozen is not None and _same(_thaw(parameter, frozen), value):
                return frozen
        except Exception:  # noqa: S112 - whatever a parameter's own code raises: the next form may do
            continue
    raise NotFrozen(f"its parameter {name} has a value of {type(value).__name__} that does not come back from text")


def _plain(parameter: Any, value: Any) -> Frozen | None:
    return {"value": value} if value is None or type(value) in (bool, int, str) else None


def _class(parameter: Any, value: Any) -> Frozen | None:
    # A parameter reads a family's name, but only if somebody has imported the module.
    if not isinstance(value, Register):
        return None
    cls: Any = value
    return {"class": [cls.__module__, cls.get_task_family()]}


def _text(parameter: Any, value: Any) -> Frozen:
    text = parameter.serialize(value)
    if type(text) is not str:
        raise NotFrozen("no text")
    return {"text": text}


def _coded(parameter: Any, value: Any) -> Frozen:
    return {"value": encode(value)}


def _packed(parameter: Any, value: Any) -> Frozen | None:
    tree = _pack(value)
    return {"packed": tree} if "value" not in tree else None


def _pack(value: Any) -> dict[str, Any]:
    if type(value) in (FrozenOrderedDict, dict):
        kind = "frozen" if type(value) is FrozenOrderedDict else "dict"
        return {kind: [[_pack(key), _pack(item)] for key, item in value.items()]}
    if type(value) in (list, tuple):
        return {type(value).__name__: [_pack(item) for item in value]}
    return {"value": encode(value)}


def _unpack(tree: dict[str, Any]) -> Any:
    [(kind, inner)] = tree.items()
    if kind == "value":
        return decode(inner)
    if kind in ("list", "tuple"):
        items = [_unpack(item) for item in inner]
        return items if kind == "list" else tuple(items)
    pairs = [(_unpack(key), _unpack(item)) for key, item in inner]
    return FrozenOrderedDict(pairs) if kind == "frozen" else dict(pairs)


def _thaw(parameter: Any, frozen: Frozen) -> Any:
    if "packed" in frozen:
        return _unpack(frozen["packed"])
    if "class" in frozen:
        module, family = frozen["class"]
        importlib.import_module(module)
        return Register.get_task_cls(family)
    # As Luigi: what is read is normalised when the task is made.
    return parameter.normalize(parameter.parse(frozen["text"]) if "text" in frozen else decode(frozen["value"]))


def _same(found: Any, value: Any) -> bool:
    """Whether both are equal, of one type, and so is all that is in them."""
    if type(found) is not type(value):
        return False
    if type(value) in (FrozenOrderedDict, dict):
        return _same(list(found.items()), list(value.items()))
    if type(value) in (list, tuple):
        return len(found) == len(value) and all(map(_same, found, value))
    return bool(found == value)
