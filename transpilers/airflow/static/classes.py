"""Classes of the file: defining them, finding their attributes, making objects."""

from __future__ import annotations

import ast

from transpilers.airflow.static.functions import invoke
from transpilers.airflow.static.graph.nodes import Operator
from transpilers.airflow.static.library.packages import makes_nothing
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.makers import makes
from transpilers.airflow.static.opaque import opaque
from transpilers.airflow.static.values import (
    SCALARS,
    Class,
    Function,
    Instance,
    Names,
    Object,
    Property,
    Raised,
    Ref,
    Scope,
    Unknown,
    Value,
)

ENUMS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})
KNOWN_BASES = ENUMS | {"builtins.object", "abc.ABC", "typing.NamedTuple", "typing.Generic", "typing.Protocol"}
#: Classes whose objects are parts of a graph, which are not followed where the file derives from them.
NODES = frozenset({"airflow.sdk.DAG", "airflow.sdk.TaskGroup"})
#: Methods that change what making, reading or setting means.
ODD = ("__new__", "__setattr__", "__getattribute__", "__init_subclass__")
DATACLASSES = frozenset({"dataclasses.dataclass"})


def define_class(m: Machine, node: ast.ClassDef, scope: Scope) -> Value:
    """The value of a `class` statement."""
    for each in (*node.bases, *(keyword.value for keyword in node.keywords)):
        m.executed[id(each)] = ast.copy_location(ast.Expr(each), each)
    bases = tuple(m.evaluate(base, scope) for base in node.bases if not isinstance(base, ast.Starred))
    inner = Scope(scope.module, scope, sort="class")
    inner.prefix = f"{scope.prefix}{node.name}."
    cls = Class(node, bases, inner.names, scope.module, scope.prefix + node.name)
    m.block(node.body, inner)
    for value in inner.names.values():
        function = value.function if isinstance(value, Property) else value
        if isinstance(function, Function):
            function.owner = cls
    if any(isinstance(base, Ref) and base.name in ENUMS for base in bases) or any(
        isinstance(base, Class) and base.sort == "enum" for base in bases
    ):
        _make_enum(m, cls, node)
    value: Value = cls
    operator = next((base for base in bases if isinstance(base, Operator)), None)
    if operator is not None:
        value = _operator(m, cls, operator)
    elif any(isinstance(base, Ref) and base.short.endswith(("Operator", "Sensor")) for base in bases):
        value = Operator(_full_name(cls), None, None, cls)
    for each in reversed(node.decorator_list):
        m.executed[id(each)] = ast.copy_location(ast.Expr(each), each)
        decorator = m.evaluate(each, scope)
        name = decorator.name if isinstance(decorator, Ref) else ""
        if isinstance(decorator, Object):
            name = decorator.class_name
        if name in DATACLASSES:
            cls.sort = "dataclass"
        elif isinstance(value, Class):
            value = m.apply(decorator, [value], each) if not isinstance(decorator, (Unknown, Ref)) else value
    return value


def _operator(m: Machine, cls: Class, base: Operator) -> Operator:
    fields = cls.names.get("template_fields")
    known = base.fields
    if "template_fields" in cls.names:
        if isinstance(fields, str):
            fields = (fields,)
        names = [item for item in fields if isinstance(item, str)] if isinstance(fields, (list, tuple)) else []
        whole = isinstance(fields, (list, tuple)) and len(names) == len(fields)
        known = tuple(names) if whole else None
    own = _parameters(cls)
    parameters = base.parameters | own if base.parameters is not None else None
    inherited = base.inherited if base.user_class is not None else base.parameters
    return Operator(_full_name(cls), known, parameters, cls, inherited)


def _parameters(cls: Class) -> frozenset[str]:
    init = cls.names.get("__init__")
    if not isinstance(init, Function):
        return frozenset()
    given = init.node.args
    return frozenset(each.arg for each in (*given.args[1:], *given.kwonlyargs))


def _full_name(cls: Class) -> str:
    module = cls.module.name if cls.module is not None else ""
    return ".".join(part for part in (module, cls.qualname) if part)


def _make_enum(m: Machine, cls: Class, node: ast.AST) -> None:
    """Members by their names; one with the value of another is that other."""
    cls.sort = "enum"
    members: list[Instance] = []
    texts = any(isinstance(base, Ref) and base.name == "enum.StrEnum" for base in cls.bases)
    for name, value in list(cls.names.items()):
        if not isinstance(name, str) or name.startswith("_") or isinstance(value, (Function, Property)):
            continue
        if isinstance(value, Object) and value.class_name == "enum.auto":
            before = [one.attributes["value"] for one in members]
            value = _next_value(name, before, texts=texts) or m.unknown("enum.auto()", node)
        same = next((one for one in members if isinstance(value, SCALARS) and one.attributes["value"] == value), None)
        if same is None:
            same = Instance(cls, Names({"name": name, "value": value}))
            members.append(same)
        cls.names[name] = same


def _next_value(name: str, before: list[Value], *, texts: bool) -> Value:
    if texts:
        return name.lower()
    numbers = [value for value in before if isinstance(value, int)]
    return max(numbers, default=0) + 1 if len(numbers) == len(before) else None


def order(cls: Class) -> list[Class]:
    """The classes of the file that an attribute is looked for in, in Python's order (C3)."""
    above = [inside for base in cls.bases if isinstance(inside := _inside(base), Class)]
    sequences = [*map(order, above), above]
    found = [cls]
    while sequences := [each for each in sequences if each]:
        free = [each[0] for each in sequences if not any(each[0] in other[1:] for other in sequences)]
        if not free:
            raise Raised("TypeError", "Cannot create a consistent method resolution order")
        found.append(free[0])
        sequences = [[one for one in each if one is not free[0]] for each in sequences]
    return found


def _inside(base: Value) -> Value:
    return base.user_class if isinstance(base, Operator) else base


def find(cls: Class, name: str, *, after: Class | None = None) -> tuple[Value, bool]:
    """An attribute of a class or its bases, and whether all of the bases are known.

    `after`: the class whose `super()` it is, so that only those behind it are looked at.
    """
    classes = order(cls)
    if after in classes:
        classes = classes[classes.index(after) + 1 :]
    for each in classes:
        if name in each.names:
            return each.names[name], True
    bases = [base for each in order(cls) for base in each.bases if not isinstance(_inside(base), Class)]
    return None, all(isinstance(base, Ref) and base.name in KNOWN_BASES for base in bases)


def instantiate(m: Machine, cls: Class, arguments: Arguments) -> Value:
    """An object of a class."""
    if cls.sort == "enum":
        wanted = arguments.args[0] if arguments.args else None
        for item in cls.names.values():
            if isinstance(item, Instance) and item.attributes.get("value") == wanted:
                return item
        return m.unknown(f"a member of {cls.node.name}", arguments.node)
    if cls.node.keywords or any(find(cls, name)[0] is not None for name in ODD):
        # A class that is not made as others are.
        return opaque(m, cls.node.name, arguments, suspect=makes(cls))
    if any(isinstance(base, Ref) and base.name in NODES for each in order(cls) for base in each.bases):
        m.doubt(f"what {cls.node.name}() makes", arguments.node, m.dag)
    made = Instance(cls)
    init, known = find(cls, "__init__")
    if isinstance(init, Function):
        invoke(m, init, arguments, receiver=(made,))
        return made
    if cls.sort == "dataclass" or any(isinstance(base, Ref) and base.name == "typing.NamedTuple" for base in cls.bases):
        return _filled(m, made, arguments)
    if not known:
        return _of_library(m, cls, arguments)
    if arguments.args or arguments.kwargs:
        raise Raised("TypeError", f"{cls.node.name}() takes no arguments")
    return made


def _of_library(m: Machine, cls: Class, arguments: Arguments) -> Value:
    """A class whose base's constructor nobody has seen."""
    bases = [base for base in cls.bases if isinstance(base, Ref)]
    harmless = len(bases) == len(cls.bases) and all(makes_nothing(base.name) for base in bases)
    opaque(m, cls.node.name, arguments, suspect=not harmless, reads=harmless)
    made = Instance(cls)
    for name, value in arguments.kwargs.items():
        made.attributes[name] = m.unknown(f"{cls.node.name}.{name}", arguments.node) if value is None else value
    return made


def _filled(m: Machine, made: Instance, arguments: Arguments) -> Value:
    """The constructor that a dataclass is given."""
    fields = _fields(made.cls)
    for name, value in zip(fields, arguments.args, strict=False):
        made.attributes[name] = value
    for name in fields:
        if name in arguments.kwargs:
            made.attributes[name] = arguments.kwargs[name]
        elif name not in made.attributes:
            made.attributes[name] = _default(m, made.cls, name, arguments)
    post, _ = find(made.cls, "__post_init__")
    if isinstance(post, Function):
        invoke(m, post, Arguments([], {}, arguments.node), receiver=(made,))
    return made


def as_tuple(instance: Instance) -> tuple[Value, ...] | None:
    """The items of an object of a named tuple's class, None for any other."""
    if not any(isinstance(base, Ref) and base.name == "typing.NamedTuple" for base in instance.cls.bases):
        return None
    return tuple(instance.attributes[name] for name in _fields(instance.cls) if name in instance.attributes)


def fields_of(instance: Instance) -> dict[str, Value] | None:
    """The fields of a dataclass or a named tuple, None for any other object."""
    if instance.cls.sort != "dataclass" and as_tuple(instance) is None:
        return None
    return {name: instance.attributes[name] for name in _fields(instance.cls) if name in instance.attributes}


def replaced(m: Machine, instance: Instance, arguments: Arguments) -> Value:
    """A copy with other values in some fields: `dataclasses.replace`, `_replace`."""
    fields = fields_of(instance) or {}
    if arguments.rest is not None:
        return arguments.rest
    return instantiate(m, instance.cls, Arguments([], {**fields, **arguments.kwargs}, arguments.node))


def _fields(cls: Class) -> list[str]:
    found: list[str] = []
    for base in cls.bases:
        if isinstance(base, Class):
            found += _fields(base)
    for statement in cls.node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found.append(statement.target.id)
    return list(dict.fromkeys(found))


def _default(m: Machine, cls: Class, name: str, arguments: Arguments) -> Value:
    value, _ = find(cls, name)
    if isinstance(value, Object) and value.class_name == "dataclasses.field":
        if "default_factory" in value.kwargs:
            return m.apply(value.kwargs["default_factory"], [], arguments.node)
        return value.kwargs.get("default")
    if value is None and name not in cls.names:
        if arguments.rest is None:
            raise Raised("TypeError", f"{cls.node.name}() is missing the argument {name!r}")
        return arguments.rest
    return value
