"""The user's own operator classes as the wire has them: where they are defined, and what their constructors got."""

from __future__ import annotations

from core_compiler.diagnostics import Span
from transpilers.airflow import call as wire
from transpilers.airflow.classes import canonical
from transpilers.airflow.static.classes import find, order
from transpilers.airflow.static.graph.nodes import Operator, Task
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.values import Class, Function, Ref, Value
from transpilers.airflow.static.wire import encode

OBJECT = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})


def own_class(m: Machine, task: Task) -> wire.OwnClass | None:
    """What is known of a class that the file wrote, None for a library's."""
    cls = task.operator.user_class
    if cls is None:
        return None
    classes = order(cls)
    bases = [base for one in classes for base in one.bases]
    init, _ = find(cls, "__init__")
    return wire.OwnClass(
        classes=tuple(_place(m, one) for one in classes),
        bases=tuple(dict.fromkeys(filter(None, map(_library, bases)))),
        takes=_takes(init) if isinstance(init, Function) else None,
        given={name: encode(m, value) for name, value in sorted(task.given.items())},
        fields=m.fields.get(task.operator.class_name, task.operator.fields),
        suffixes=_suffixes(cls),
        defaulted=task.defaulted,
    )


def _place(m: Machine, cls: Class) -> wire.CodeRef:
    module = cls.module
    path = m.shown if module is None or not module.name else module.path
    return wire.CodeRef(
        module=module.name if module is not None else "",
        qualname=cls.qualname,
        sort="class",
        span=Span(path, cls.node.lineno),
        nested="<locals>" in cls.qualname,
    )


def _library(base: Value) -> str:
    match base:
        case Operator(user_class=None):
            return base.class_name
        case Ref(name=name) if name not in OBJECT:
            return canonical(name)
        case Class() | Operator() | Ref():
            return ""
        case _:
            return "a class that is not known"


def _takes(init: Function) -> tuple[wire.Parameter, ...]:
    given = init.node.args
    found = [wire.Parameter(one.arg, "positional") for one in given.posonlyargs]
    found += [wire.Parameter(one.arg) for one in given.args]
    found += [wire.Parameter(given.vararg.arg, "args")] if given.vararg is not None else []
    found += [wire.Parameter(one.arg, "keyword") for one in given.kwonlyargs]
    found += [wire.Parameter(given.kwarg.arg, "kwargs")] if given.kwarg is not None else []
    return tuple(found[1:])


def _suffixes(cls: Class) -> tuple[str, ...]:
    found, _ = find(cls, "template_ext")
    items = (found,) if isinstance(found, str) else found if isinstance(found, (list, tuple)) else ()
    return tuple(item for item in items if isinstance(item, str))
