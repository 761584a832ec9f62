"""Values to the wire's closed union."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from datetime import date, datetime, time, timedelta, timezone
from pathlib import PurePosixPath

import msgspec

from transpilers.airflow import call as wire
from transpilers.airflow.static.callables import code_ref
from transpilers.airflow.static.containers import described
from transpilers.airflow.static.graph.nodes import (
    Dag,
    DagParam,
    Group,
    MappedArgument,
    Mapping,
    Operator,
    Task,
    TaskFactory,
    XCom,
    XComConcatenated,
    XComMapped,
    XComZipped,
)
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.values import (
    Bound,
    Class,
    Function,
    Instance,
    Module,
    Object,
    Partial,
    PendulumDateTime,
    PendulumDuration,
    Ref,
    Unknown,
    Value,
    Zone,
)

MARKS = ("{{", "{%", "{#")
DEPTH = 40


def encode(m: Machine, value: Value, depth: int = DEPTH) -> wire.Value:
    """One value; what cannot cross is unresolved, never left out."""
    m.step()
    if depth == 0:
        return wire.Unresolved("it is nested too deeply")
    if (why := m.blurred(value)) is not None:
        return wire.Unresolved(why.reason, why.span)

    def inner(item: Value) -> wire.Value:
        return encode(m, item, depth - 1)

    match value:
        case Unknown():
            return wire.Unresolved(value.reason, value.span)
        case None | bool() | int() | float() | str() | bytes():
            return _scalar(value)
        case list():
            return wire.List(tuple(inner(item) for item in value))
        case tuple():
            return wire.Tuple(tuple(inner(item) for item in value))
        case dict():
            return wire.Dict(tuple((inner(key), inner(item)) for key, item in value.items()))
        case set() | frozenset():
            items = sorted((inner(item) for item in value), key=_order)
            return wire.Set(tuple(items), isinstance(value, frozenset))
        case date() | time() | timedelta():
            return _moment(value)
        case XCom():
            return wire.OutputRef(value.task.task_id, value.key)
        case XComMapped():
            return wire.XComMap(inner(value.source), tuple(inner(each) for each in value.callables))
        case XComZipped():
            fill = inner(value.fill) if value.filled else None
            return wire.XComZip(tuple(inner(each) for each in value.sources), fill)
        case XComConcatenated():
            return wire.XComConcat(tuple(inner(each) for each in value.sources))
        case DagParam():
            return wire.ParamRef(value.name, None if value.default is None else inner(value.default))
        case MappedArgument():
            return wire.ItemRef(value.key)
        case Function() | Bound() | Partial() | Class() | TaskFactory() | Ref():
            return code_ref(m, value, inner)
        case Object():
            return _object(m, value, inner)
        case Instance():
            kwargs = {str(name): inner(item) for name, item in value.attributes.items()}
            return wire.ObjectCall(_class_name(value.cls), kwargs)
        case Operator():
            return code_ref(m, Ref(value.class_name), inner)
        case Dag():
            return wire.ObjectCall("airflow.sdk.DAG", {"dag_id": wire.Literal(value.dag_id)})
        case Task() | Group():
            return wire.Unresolved(f"it is a {type(value).__name__.lower()} of the graph")
        case Module():
            return wire.ObjectCall("module", {"name": wire.Literal(value.name)})
        case PurePosixPath():
            return wire.ObjectCall("pathlib.Path", {"path": wire.Literal(str(value))})
        case _:
            return wire.Unresolved(f"it is {described(value)}")


def mapping(m: Machine, mapped: Mapping | None) -> wire.Mapped | None:
    """What is expanded over."""
    return wire.Mapped(mapped.sort, encode(m, mapped.value)) if mapped is not None else None


def _order(item: wire.Value) -> str:
    """As the live loader sorts the items of a set: by their JSON."""
    return json.dumps(msgspec.to_builtins(item))


def _class_name(cls: Class) -> str:
    module = cls.module.name if cls.module is not None else ""
    return ".".join(part for part in (module, cls.qualname) if part)


def _object(m: Machine, value: Object, inner: object) -> wire.Value:
    kwargs = {name: encode(m, item) for name, item in value.kwargs.items()}
    for number, item in enumerate(value.args):
        kwargs[f"[{number}]"] = encode(m, item)
    return wire.ObjectCall(value.class_name, kwargs)


def _scalar(value: bool | int | float | str | bytes | None) -> wire.Value:
    if isinstance(value, bytes):
        return tagged("bytes", b64encode(value).decode())
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return wire.Unresolved("it holds half a surrogate pair, which is not text")
        return wire.Template(value) if any(mark in value for mark in MARKS) else wire.Literal(value)
    if isinstance(value, int) and value.bit_length() > 63:
        return tagged("int", hex(value))
    if isinstance(value, float) and not math.isfinite(value):
        return tagged("float", repr(value))
    return wire.Literal(value)


def tagged(name: str, tree: object) -> wire.Literal:
    """A value in a tag of the codec."""
    return wire.Literal({"$type": name, "$value": tree})


def _moment(value: date | time | timedelta) -> wire.Value:
    match value:
        case timedelta():
            seconds = value.total_seconds()
            if abs(value.days) >= 10**8 or timedelta(seconds=seconds) != value:
                return tagged("timedelta", [value.days, value.seconds, value.microseconds])
            return wire.Delta(seconds, isinstance(value, PendulumDuration))
        case datetime(tzinfo=zone):
            foreign = isinstance(value, PendulumDateTime)
            if isinstance(zone, Zone):
                bare = value.replace(tzinfo=None).isoformat()
                return wire.DateTime(bare, zone.key, value.fold, foreign or zone.foreign)
            return wire.DateTime(value.isoformat(), "", value.fold, foreign)
        case time(tzinfo=zone):
            if zone is None or isinstance(zone, timezone):
                return tagged("time", value.isoformat())
            return wire.Unresolved("it is a time of a named zone")
        case _:
            return tagged("date", value.isoformat())
