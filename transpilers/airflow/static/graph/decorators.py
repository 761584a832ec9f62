"""`@task`, `@task.branch`, `@dag`, `@task_group`, `@setup`, `@teardown`, bare or with arguments."""

from __future__ import annotations

import ast

from transpilers.airflow.classes import decorator_class, operator_class
from transpilers.airflow.static.graph.nodes import (
    DagFactory,
    Decorator,
    GroupFactory,
    Operator,
    TaskFactory,
)
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.values import SCALARS, Function, Native, Unknown, Value


def decorate(m: Machine, decorator: Decorator, arguments: Arguments) -> Value:
    """Apply a decorator to a function, or give it arguments."""
    args, kwargs, node = arguments.args, arguments.kwargs, arguments.node
    target = args[0] if args else None
    if isinstance(target, Unknown):
        return _of_unknown(m, decorator, target, node)
    if arguments.rest is not None:
        kwargs = {**kwargs, "**": arguments.rest}
    if decorator.sort == "dag" and isinstance(target, str):
        kwargs, target = {"dag_id": target, **kwargs}, None
    if decorator.sort == "task_group" and isinstance(target, str):
        kwargs, target = {"group_id": target, **kwargs}, None
    if target is None or isinstance(target, SCALARS):
        return Decorator(decorator.sort, {**decorator.kwargs, **kwargs}, True)
    return _applied(m, decorator, target, {**decorator.kwargs, **kwargs}, node)


def _of_unknown(m: Machine, decorator: Decorator, target: Unknown, node: ast.AST) -> Value:
    m.doubt(f"what @{decorator.sort} decorates is {target.reason}", node, m.dag)
    return target


def _applied(m: Machine, decorator: Decorator, target: Value, kwargs: dict[str, Value], node: ast.AST) -> Value:
    match decorator.sort:
        case "dag" if isinstance(target, Function):
            return DagFactory(target, kwargs)
        case "task_group" if isinstance(target, Function):
            return GroupFactory(target, kwargs)
        case "setup" | "teardown":
            factory = target if isinstance(target, TaskFactory) else _task(m, "task", target, {}, node)
            if isinstance(factory, TaskFactory):
                m.touch(factory)
                if decorator.sort == "setup":
                    factory.is_setup = True
                else:
                    factory.is_teardown = True
                    factory.on_failure_fail_dagrun = kwargs.get("on_failure_fail_dagrun") is True
            return factory
        case "task.run_if" | "task.skip_if":
            if isinstance(target, TaskFactory):
                m.touch(target)
                target.kwargs["pre_execute"] = m.unknown(f"@{decorator.sort}", node)
                return target
            # The condition; what it decorates comes next.
            return Native(decorator.sort, lambda args, _kwargs, place: _conditional(m, decorator, args, place))
        case sort if sort == "task" or sort.startswith("task."):
            return _task(m, sort, target, kwargs, node)
        case _:
            m.doubt(f"what @{decorator.sort} decorates", node, m.dag)
            return m.unknown(f"@{decorator.sort}", node)


def _conditional(m: Machine, decorator: Decorator, args: list[Value], node: ast.AST) -> Value:
    if args and isinstance(args[0], TaskFactory):
        m.touch(args[0])
        args[0].kwargs["pre_execute"] = m.unknown(f"@{decorator.sort}", node)
        return args[0]
    return m.unknown(f"@{decorator.sort}", node)


def _task(m: Machine, sort: str, target: Value, kwargs: dict[str, Value], node: ast.AST) -> Value:
    if not isinstance(target, Function):
        m.doubt(f"what @{sort} decorates", node, m.dag)
        return m.unknown(f"@{sort}", node)
    name = decorator_class(sort)
    found = operator_class(name)
    operator = Operator(name, found.fields, found.parameters) if found is not None else Operator(name)
    given = dict(kwargs)
    outputs = given.pop("multiple_outputs", None)
    if outputs is None:
        outputs = returns_mapping(target)
    return TaskFactory(operator, target, given, outputs)


def returns_mapping(function: Function) -> bool:
    """Whether the return annotation says that a mapping is returned (`_infer_multiple_outputs`)."""
    wrapped = function.attributes.get("__wrapped__")
    if isinstance(wrapped, Function):
        return returns_mapping(wrapped)
    if isinstance(function.node, ast.Lambda) or function.node.returns is None:
        return False
    annotation = function.node.returns
    text = annotation.value if isinstance(annotation, ast.Constant) else ast.unparse(annotation)
    head = str(text).partition("[")[0].strip().rpartition(".")[2]
    return head in ("dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "TypedDict")
