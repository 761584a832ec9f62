"""Builtin functions that look at or change what a value is: its class, its attributes, the names around it."""

from __future__ import annotations

import collections.abc
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from transpilers.airflow.static.classes import find, order
from transpilers.airflow.static.containers import described
from transpilers.airflow.static.graph.nodes import Dag, Group, Operator, Task, XCom
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.targets import assign_attribute
from transpilers.airflow.static.values import (
    SCALARS,
    Class,
    Function,
    Globals,
    Instance,
    Method,
    Raised,
    Ref,
    Super,
    Unknown,
    Value,
)

TYPES: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "list": list,
    "tuple": tuple,
    "dict": dict,
    "set": set,
    "frozenset": frozenset,
    "bytes": bytes,
}
#: Classes of the standard library that plain data are or are not of.
PLAIN: dict[str, type | tuple[type, ...]] = {
    "datetime.date": date,
    "datetime.datetime": datetime,
    "datetime.time": time,
    "datetime.timedelta": timedelta,
    "numbers.Integral": int,
    "numbers.Number": (int, float, complex),
    "numbers.Real": (int, float),
    **{
        f"{home}.{name}": getattr(collections.abc, name)
        for home in ("collections.abc", "typing")
        for name in ("Collection", "Hashable", "Iterable", "Mapping", "MutableMapping", "Sequence", "Set")
    },
    "typing.Dict": dict,
    "typing.List": list,
    "typing.Tuple": tuple,
}


def _isinstance(m: Machine, _name: str, arguments: Arguments) -> Value:
    value, kinds = arguments.args
    if isinstance(value, Unknown):
        return m.unknown(value.reason, arguments.node)
    answers = [_is(value, kind) for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
    if True in answers:
        return True
    return m.unknown(f"the class of {described(value)}", arguments.node) if None in answers else False


def _is(value: Value, kind: Value) -> bool | None:
    if isinstance(kind, Ref) and kind.name.startswith("builtins."):
        wanted = TYPES.get(kind.short)
        return isinstance(value, wanted) if wanted is not None else None
    if isinstance(kind, Ref) and kind.name == "airflow.sdk.DAG":
        return isinstance(value, Dag)
    if isinstance(kind, Ref) and kind.name == "airflow.sdk.TaskGroup":
        return isinstance(value, Group)
    if isinstance(kind, Operator):
        if not isinstance(value, Task):
            return False
        base = kind.class_name == "airflow.sdk.bases.operator.BaseOperator"
        return True if base or value.operator.class_name == kind.class_name else None
    if isinstance(kind, Class):
        if not isinstance(value, Instance):
            return False
        return kind in order(value.cls) or (False if find(value.cls, "__mro__")[1] else None)
    wanted = PLAIN.get(kind.name) if isinstance(kind, Ref) else None
    if wanted is not None and isinstance(value, (*SCALARS, list, tuple, dict, set, frozenset)):
        return isinstance(value, wanted)
    standard = isinstance(kind, Ref) and kind.name.partition(".")[0] in sys.stdlib_module_names
    return False if isinstance(value, SCALARS) and isinstance(kind, Ref) and not standard else None


def _getattr(m: Machine, name: str, arguments: Arguments) -> Value:
    value, key, *default = arguments.args
    if not isinstance(key, str):
        return key if isinstance(key, Unknown) else m.unknown("an attribute", arguments.node)
    try:
        found = m.attribute(value, key, arguments.node)
        if isinstance(found, Method) and not isinstance(value, (str, list, dict)):
            found = m.unknown(f"an attribute of {described(value)}", arguments.node)
    except Raised as error:
        if error.sort != "AttributeError" or (not default and name == "getattr"):
            raise
        return default[0] if name == "getattr" else False
    if name == "getattr":
        return found
    return m.unknown(f"whether there is {key!r}", arguments.node) if isinstance(found, Unknown) else True


def _setattr(m: Machine, _name: str, arguments: Arguments) -> Value:
    value, key, new = arguments.args
    if isinstance(key, str):
        assign_attribute(m, value, key, new, arguments.node)
    else:
        m.doubt("which attribute is set", arguments.node)
    return None


def _names(m: Machine, name: str, arguments: Arguments) -> Value:
    if name != "globals" and (m.functions or arguments.args):
        return m.unknown(f"{name}()", arguments.node)
    return Globals(m.current.scope)


def _super(m: Machine, _name: str, arguments: Arguments) -> Value:
    function = m.functions[-1] if m.functions else None
    if function is None or function.owner is None:
        return m.unknown("super()", arguments.node)
    first = m.receivers[-1] if m.receivers else None
    return Super(function.owner, first)


def _type(m: Machine, _name: str, arguments: Arguments) -> Value:
    value = arguments.args[0]
    if len(arguments.args) == 1 and isinstance(value, Instance):
        return value.cls
    return m.unknown(f"the class of {described(value)}", arguments.node)


def _callable(m: Machine, _name: str, arguments: Arguments) -> Value:
    value = arguments.args[0]
    if isinstance(value, (*SCALARS, list, dict, tuple, set, XCom, Task)):
        return False
    return True if isinstance(value, (Function, Class)) else m.unknown("callable()", arguments.node)


REFLECTION: dict[str, Callable[[Machine, str, Arguments], Value]] = {
    "isinstance": _isinstance,
    "getattr": _getattr,
    "hasattr": _getattr,
    "setattr": _setattr,
    "globals": _names,
    "locals": _names,
    "vars": _names,
    "super": _super,
    "type": _type,
    "callable": _callable,
}
