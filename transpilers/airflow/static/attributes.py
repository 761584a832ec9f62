"""`value.name`."""

from __future__ import annotations

import ast
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath

from transpilers.airflow.static.branches import same
from transpilers.airflow.static.classes import as_tuple, fields_of, find, replaced
from transpilers.airflow.static.graph.inside import node_attribute
from transpilers.airflow.static.library.catalogue import library_value
from transpilers.airflow.static.library.packages import makes_nothing
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.values import (
    Bound,
    Class,
    Either,
    Function,
    Globals,
    Instance,
    Member,
    Method,
    Module,
    Native,
    Object,
    Partial,
    Property,
    Raised,
    Ref,
    Super,
    Unknown,
    Value,
)

MOMENT = ("year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "days", "seconds")
PATH = ("name", "stem", "suffix", "suffixes", "parent", "parents", "parts", "root", "anchor")


def attribute(m: Machine, value: Value, name: str, node: ast.AST) -> Value:
    """The value of an attribute; a method of plain data is bound."""
    match value:
        case Either(options=options):
            found = [attribute(m, option, name, node) for option in options if option is not None]
            alike = found and all(same(found[0], each) for each in found[1:])
            return found[0] if alike else m.unknown(f"{value.reason}", node)
        case Unknown():
            return Member(
                f"{value.reason}.{name}", m.span(node), value.carries, value.harmless, receiver=value, name=name
            )
        case Ref():
            return library_value(f"{value.name}.{name}")
        case Module():
            return _of_module(m, value, name, node)
        case Instance():
            return _of_instance(m, value, name, node)
        case Class():
            return _of_class(m, value, name, node)
        case Super():
            return _of_super(m, value, name)
        case Function():
            return _of_function(value, name)
        case Object():
            if name in value.kwargs:
                return value.kwargs[name]
            harmless = makes_nothing(value.class_name)
            return Member(f"{value.class_name}.{name}", m.span(node), harmless=harmless, receiver=value, name=name)
        case Globals() | Partial() | Bound() | Method() | Property():
            return Method(value, name)
        case datetime() | date() | time() | timedelta() if name in MOMENT:
            found = getattr(value, name, None)
            return found if isinstance(found, int) else m.unknown(f"the {name} of a time", node)
        case PurePosixPath() if name in PATH:
            return _path(value, name)
        case str() if name in ("value", "name"):
            # No text has these: it is a member of one of Airflow's enumerations.
            return value if name == "value" else value.upper()
        case (
            str()
            | bytes()
            | int()
            | float()
            | complex()
            | list()
            | tuple()
            | dict()
            | set()
            | frozenset()
            | date()
            | time()
            | timedelta()
            | PurePosixPath()
        ):
            return Method(value, name)
        case None:
            raise Raised("AttributeError", f"'NoneType' object has no attribute {name!r}")
        case _:
            return node_attribute(m, value, name, node)


def _path(value: PurePosixPath, name: str) -> Value:
    match name:
        case "parent":
            return value.parent
        case "parts":
            return value.parts
        case "parents":
            return tuple(value.parents)
        case "suffixes":
            return [*value.suffixes]
        case _:
            return str(getattr(value, name))


def _of_module(m: Machine, module: Module, name: str, node: ast.AST) -> Value:
    if name in module.scope.names:
        return module.scope.names[name]
    inside = m.rooms.load(m, name, module, 1)
    if inside is not None:
        return inside
    return m.unknown(f"{module.name}.{name}", node)


def _of_instance(m: Machine, instance: Instance, name: str, node: ast.AST) -> Value:
    if name in instance.attributes:
        return instance.attributes[name]
    if name == "__class__":
        return instance.cls
    if name == "__dict__":
        m.touch(instance)
        return instance.attributes
    value, known = find(instance.cls, name)
    if value is None and name in ("_replace", "_asdict", "_fields") and as_tuple(instance) is not None:
        fields = fields_of(instance) or {}
        if name == "_fields":
            return tuple(fields)
        return Native(name, lambda args, kwargs, where: _of_tuple(m, instance, name, Arguments(args, kwargs, where)))
    if value is None and not known:
        return m.unknown(f"{instance.cls.node.name}.{name}", node)
    if value is None and name not in instance.cls.names:
        fallback, _ = find(instance.cls, "__getattr__")
        if isinstance(fallback, Function):
            return m.apply(Bound(fallback, instance), [name], node)
        raise Raised("AttributeError", f"{instance.cls.node.name!r} object has no attribute {name!r}")
    return bound(m, value, instance, instance.cls, node)


def _of_tuple(m: Machine, instance: Instance, name: str, arguments: Arguments) -> Value:
    return replaced(m, instance, arguments) if name == "_replace" else dict((fields_of(instance) or {}).items())


def bound(m: Machine, value: Value, receiver: Value, cls: Class, node: ast.AST) -> Value:
    """What an attribute of a class is for one of its objects."""
    match value:
        case Function():
            return Bound(value, receiver)
        case Property(function=inner, sort=sort):
            if not isinstance(inner, Function):
                return inner
            if sort == "property":
                return m.apply(Bound(inner, receiver), [], node)
            return Bound(inner, cls) if sort == "class" else inner
        case _:
            return value


def _of_class(m: Machine, cls: Class, name: str, node: ast.AST) -> Value:
    value, known = find(cls, name)
    if isinstance(value, Property):
        inner = value.function
        return Bound(inner, cls) if value.sort == "class" and isinstance(inner, Function) else inner
    if value is not None or name in cls.names:
        return value
    if name in ("__name__", "__qualname__"):
        return cls.node.name if name == "__name__" else cls.qualname
    if name == "__members__" and cls.sort == "enum":
        return {key: item for key, item in cls.names.items() if isinstance(item, Instance)}
    if known:
        raise Raised("AttributeError", f"type object {cls.node.name!r} has no attribute {name!r}")
    return m.unknown(f"{cls.node.name}.{name}", node)


def _of_super(m: Machine, value: Super, name: str) -> Value:
    receiver = value.receiver
    made = receiver.cls if isinstance(receiver, Instance) else getattr(receiver, "user_class", None)
    cls = receiver if isinstance(receiver, Class) else made if isinstance(made, Class) else value.cls
    found, known = find(cls, name, after=value.cls)
    if isinstance(found, Function):
        return Bound(found, receiver)
    if found is None and known and name == "__init__" and isinstance(receiver, Instance):
        return Native("object.__init__", lambda _args, _kwargs, _node: None)
    return Method(value, name)


def _of_function(function: Function, name: str) -> Value:
    if name in function.attributes:
        return function.attributes[name]
    match name:
        case "__name__":
            return function.name
        case "__qualname__":
            return function.qualname
        case "__doc__":
            return ast.get_docstring(function.node, clean=False) if not isinstance(function.node, ast.Lambda) else None
        case "__module__":
            return function.scope.module.name if function.scope.module is not None else None
        case _:
            return Method(function, name)
