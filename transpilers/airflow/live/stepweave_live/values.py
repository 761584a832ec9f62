"""Live values to the wire's closed union."""

from __future__ import annotations

import enum
import inspect
import json
import math
from typing import Any

from .callables import Callables, class_name
from .engine import engine
from .fabricated import Fabricated, inside
from .frames import Frames
from .scalars import class_of, literal, scalar, tagged

MARKS = ("{{", "{%", "{#")
SCALARS = (type(None), bool, int)


class Values:
    """Encodes the values of one file."""

    def __init__(self, frames: Frames) -> None:
        self._callables = Callables(frames, self)
        self._open: set[int] = set()

    def encode(self, value: Any) -> dict[str, Any]:
        """One value; what cannot cross is an object or unresolved, never left out."""
        if id(value) in self._open:
            return unresolved("it contains itself")
        self._open.add(id(value))
        try:
            return self._encode(value)
        except RecursionError:
            return unresolved("it is nested too deeply")
        finally:
            self._open.discard(id(value))

    def mapping(self, values: dict[str, Any]) -> dict[str, Any]:
        """Named values, such as keyword arguments."""
        return {name: self.encode(value) for name, value in values.items()}

    def _encode(self, value: Any) -> dict[str, Any]:
        cls = class_of(value)
        if cls is int and value.bit_length() > 63:
            return tagged("int", hex(value))
        if cls in SCALARS:
            return literal(value)
        if cls is float:
            return literal(value) if math.isfinite(value) else tagged("float", repr(value))
        if cls is Fabricated:
            return unresolved(f"it is {value.stepweave_name}, which is not installed here")
        if cls is str:
            return _text(value)
        if cls is list:
            return {"kind": "list", "items": [self.encode(item) for item in value]}
        if cls is tuple:
            return {"kind": "tuple", "items": [self.encode(item) for item in value]}
        if cls is dict:
            return {"kind": "dict", "items": [[self.encode(key), self.encode(item)] for key, item in value.items()]}
        if cls in (set, frozenset):
            items = sorted((self.encode(item) for item in value), key=json.dumps)
            return {"kind": "set", "items": items, "frozen": cls is frozenset}
        return scalar(value) or self._reference(value) or self._object(value)

    def _reference(self, value: Any) -> dict[str, Any] | None:
        xcom_arg = engine().xcom_arg
        if isinstance(value, xcom_arg.PlainXComArg):
            return {"kind": "output", "task": value.operator.task_id, "key": value.key}
        if isinstance(value, xcom_arg.MapXComArg):
            callables = [self.encode(each) for each in value.callables]
            return {"kind": "xcom_map", "source": self.encode(value.arg), "callables": callables}
        if isinstance(value, xcom_arg.ZipXComArg):
            fill = {} if _not_set(value.fillvalue) else {"fill": self.encode(value.fillvalue)}
            return {"kind": "xcom_zip", "sources": [self.encode(arg) for arg in value.args], **fill}
        if isinstance(value, xcom_arg.ConcatXComArg):
            return {"kind": "xcom_concat", "sources": [self.encode(arg) for arg in value.args]}
        if type(value).__name__ == "MappedArgument":
            return {"kind": "item", "key": value._key}
        if isinstance(value, engine().dag_param):
            default = getattr(value, "_default", None)
            told = {} if default is None or _not_set(default) else {"default": self.encode(default)}
            return {"kind": "param", "name": getattr(value, "_name", ""), **told}
        return None

    def _object(self, value: Any) -> dict[str, Any]:
        if isinstance(value, enum.Enum) and type(value).__module__.startswith("airflow."):
            return self.encode(value.value)
        if _not_set(value):
            return unresolved("it is set only when the task runs")
        if callable(value):
            return self._callables.encode(value)
        cls = class_of(value)
        if cls.__name__ == "ParamsDict":
            params: Any = value
            return {
                "kind": "dict",
                "items": [[self.encode(name), self._param(params.get_param(name))] for name in params],
            }
        if cls.__name__ == "module":
            return {"kind": "object", "class_name": "module", "kwargs": {"name": literal(value.__name__)}}
        try:
            names = [name for name in inspect.signature(cls).parameters if name in getattr(value, "__dict__", {})]
        except (TypeError, ValueError):
            names = []
        kwargs = self.mapping({name: getattr(value, name) for name in names})
        return {"kind": "object", "class_name": class_name(cls), "kwargs": kwargs}

    def _param(self, param: Any) -> dict[str, Any]:
        told = {"schema": self.encode(dict(param.schema))}
        if not _not_set(param.value):
            told["default"] = self.encode(param.value)
        return {"kind": "object", "class_name": class_name(class_of(param)), "kwargs": told}


def unresolved(reason: str) -> dict[str, Any]:
    """A value that cannot cross."""
    return {"kind": "unresolved", "reason": reason}


def _text(value: str) -> dict[str, Any]:
    if name := inside(value):
        return unresolved(f"it contains {name}, which is not installed here")
    try:
        value.encode()
    except UnicodeEncodeError:
        return unresolved("it holds half a surrogate pair, which is not text")
    if any(mark in value for mark in MARKS):
        return {"kind": "template", "text": value}
    return literal(value)


def _not_set(value: Any) -> bool:
    return type(value).__name__ in ("ArgNotSet", "SetDuringExecution") and type(value).__module__.startswith("airflow.")
