"""Calling, mapping and overriding what `@task` has made of a function."""

from __future__ import annotations

import ast
from dataclasses import replace

from transpilers.airflow.classes import decorator_class
from transpilers.airflow.static.classes import order
from transpilers.airflow.static.graph.defaults import merged
from transpilers.airflow.static.graph.edges import references, set_upstream
from transpilers.airflow.static.graph.nodes import (
    Dag,
    Group,
    Mapping,
    Operator,
    OperatorPartial,
    Task,
    TaskFactory,
    XCom,
)
from transpilers.airflow.static.graph.operators import STRUCTURE, defaulted, fill, finish, parameters_of, settle
from transpilers.airflow.static.graph.registry import current_group, unique_task_id
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.opaque import carries_outputs
from transpilers.airflow.static.values import Function, Raised, Unknown, Value

#: Decorators whose functions get no other arguments than Airflow's context.
BOUND = ("task", "task.branch", "task.short_circuit", "task.bash")
DOCS = ("doc", "doc_json", "doc_md", "doc_rst", "doc_yaml")
TEARDOWN_RULE = "all_done_setup_success"


def call_task_factory(m: Machine, factory: TaskFactory, arguments: Arguments) -> Value:
    """A task that calls the function with these arguments when it runs."""
    kwargs = _task_kwargs(factory)
    doc = docstring(factory.function)
    if doc and not any(kwargs.get(each) for each in DOCS):
        kwargs["doc_md"] = doc
    kwargs["op_args"] = tuple(arguments.args)
    kwargs["op_kwargs"] = dict(arguments.kwargs.items())
    if arguments.rest is not None:
        m.blur(kwargs["op_kwargs"], arguments.rest)
        if arguments.rest.carries:
            m.doubt(f"an edge from what is in {arguments.rest.reason}", arguments.node, m.dag)
    elif isinstance(factory.function, Function) and factory.operator.class_name in map(decorator_class, BOUND):
        _check_binding(factory.function, arguments)
    dag, group = _place(m, kwargs, arguments.node)
    name = kwargs["task_id"]
    if isinstance(name, str):
        kwargs["task_id"] = unique_task_id(name, dag, group)
    task = Task("", factory.operator, {}, m.made_at(arguments.node))
    finish(m, task, Arguments([], kwargs, arguments.node))
    _flags(m, task, factory)
    return XCom(task)


def _task_kwargs(factory: TaskFactory) -> dict[str, Value]:
    kwargs: dict[str, Value] = {"task_id": _name(factory), **factory.kwargs}
    kwargs.pop("on_failure_fail_dagrun", None)
    kwargs["python_callable"] = factory.function
    if factory.multiple_outputs is not False:
        kwargs["multiple_outputs"] = factory.multiple_outputs
    if factory.is_teardown:
        kwargs["trigger_rule"] = TEARDOWN_RULE
    return kwargs


def docstring(function: Function | Unknown) -> str | None:
    """What `__doc__` is."""
    if not isinstance(function, Function) or isinstance(function.node, ast.Lambda):
        return None
    return ast.get_docstring(function.node, clean=False)


def _name(factory: TaskFactory) -> str:
    return factory.function.name if isinstance(factory.function, Function) else "task"


def _flags(m: Machine, task: Task, factory: TaskFactory) -> None:
    m.touch(task)
    task.is_setup, task.is_teardown = factory.is_setup, factory.is_teardown
    fails = factory.kwargs.get("on_failure_fail_dagrun", factory.on_failure_fail_dagrun)
    task.on_failure_fail_dagrun = fails is True


def _place(m: Machine, kwargs: dict[str, Value], node: ast.AST) -> tuple[Dag | None, Group | None]:
    dag, group = kwargs.get("dag"), kwargs.get("task_group")
    for given, kind in ((dag, Dag), (group, Group)):
        if given is not None and not isinstance(given, kind):
            m.doubt("where a task is", node, m.dag)
    found = dag if isinstance(dag, Dag) else m.dag
    return found, group if isinstance(group, Group) else current_group(m, found)


def _check_binding(function: Function, arguments: Arguments) -> None:
    """Airflow binds the arguments when the task is made; a context key may be left out."""
    from transpilers.airflow.context import CONTEXT_KEYS

    given = function.node.args
    plain = [*given.posonlyargs, *given.args]
    if len(arguments.args) > len(plain) and given.vararg is None:
        raise Raised("TypeError", "too many positional arguments")
    known = {each.arg for each in (*plain, *given.kwonlyargs)}
    extra = [name for name in arguments.kwargs if name not in known]
    if extra and given.kwarg is None:
        raise Raised("TypeError", f"got an unexpected keyword argument {extra[0]!r}")
    first_default = len(plain) - len(given.defaults)
    for number, each in enumerate(plain):
        passed = number < len(arguments.args) or each.arg in arguments.kwargs
        if not passed and number < first_default and each.arg not in CONTEXT_KEYS:
            raise Raised("TypeError", f"missing a required argument: {each.arg!r}")


def expand_task(m: Machine, factory: TaskFactory, arguments: Arguments, sort: str) -> Value:
    """`.expand(...)` and `.expand_kwargs(...)` of a decorated function."""
    kwargs = _task_kwargs(factory)
    op_kwargs = kwargs.get("op_kwargs")
    dag, group = _place(m, kwargs, arguments.node)
    name = kwargs.pop("task_id")
    if not isinstance(name, str):
        reason = name.reason if isinstance(name, Unknown) else "a value that is no string"
        m.doubt(f"the id of a task depends on {reason}", arguments.node, dag)
        name = "unknown"
    fill(m, factory.operator, kwargs, dag, group, None)
    task = Task("", factory.operator, {}, m.made_at(arguments.node))
    _map(m, task, unique_task_id(name, dag, group), kwargs, (dag, group), _mapping(m, arguments, sort))
    _flags(m, task, factory)
    # Fields of the class are op_args and op_kwargs: those of partial are read, whatever else is given.
    for xcom in references(op_kwargs):
        set_upstream(m, task, xcom.task, arguments.node)
    return XCom(task)


def expand_operator(m: Machine, partial: OperatorPartial, arguments: Arguments, sort: str) -> Value:
    """`.expand(...)` and `.expand_kwargs(...)` of `SomeOperator.partial(...)`."""
    kwargs = dict(partial.kwargs)
    dag, group = _place(m, kwargs, arguments.node)
    name = kwargs.pop("task_id", None)
    if not isinstance(name, str):
        reason = name.reason if isinstance(name, Unknown) else "a value that is no string"
        m.doubt(f"the id of a task depends on {reason}", arguments.node, dag)
        name = "unknown"
    task = Task("", partial.operator, {}, m.made_at(arguments.node))
    task.given = {each: value for each, value in partial.kwargs.items() if each not in STRUCTURE}
    mapped = _mapping(m, arguments, sort)
    if partial.operator.user_class is not None:
        given = {*partial.kwargs, *(arguments.kwargs if sort == "kwargs" else ())}
        task.defaulted = defaulted(
            m, order(partial.operator.user_class), (dag, group), partial.kwargs.get("default_args"), given
        )
    _map(m, task, name, kwargs, (dag, group), mapped)
    fields = partial.operator.fields
    if fields is None and any(carries_outputs(value) for value in kwargs.values()):
        m.doubt("which arguments are rendered", arguments.node, dag)
    for field in fields or ():
        for xcom in references(kwargs.get(field)):
            set_upstream(m, task, xcom.task, arguments.node)
    return task


def _mapping(m: Machine, arguments: Arguments, sort: str) -> Mapping:
    if sort == "kwargs":
        value: Value = dict(arguments.kwargs.items())
        if arguments.rest is not None:
            m.blur(value, arguments.rest)
        if not value and arguments.rest is None:
            raise Raised("TypeError", "no arguments to expand against")
    else:
        value = arguments.args[0] if arguments.args else arguments.kwargs.get("kwargs")
        if "strict" in arguments.kwargs:
            m.doubt("whether mapped dicts may replace what partial() says", arguments.node)
    if carries_outputs(value) and not references(value):
        m.doubt("what a task is mapped over", arguments.node, m.dag)
    return Mapping(sort, value)


def _map(
    m: Machine,
    task: Task,
    name: str,
    kwargs: dict[str, Value],
    place: tuple[Dag | None, Group | None],
    mapping: Mapping,
) -> None:
    task.mapped = mapping
    settle(m, task, name, kwargs, *place)
    for xcom in references(mapping.value):
        set_upstream(m, task, xcom.task, ast.Pass())


def partial_task(factory: TaskFactory, arguments: Arguments) -> TaskFactory:
    """`.partial(...)` of a decorated function."""
    before = factory.kwargs.get("op_kwargs")
    known = dict(before) if isinstance(before, dict) else {}
    given: dict[Value, Value] = {**arguments.kwargs, **known}
    return replace(factory, kwargs={**factory.kwargs, "op_kwargs": given})


def override_task(m: Machine, factory: TaskFactory, arguments: Arguments) -> TaskFactory:
    """`.override(...)` of a decorated function."""
    if arguments.rest is not None:
        m.doubt(f"what is overridden depends on {arguments.rest.reason}", arguments.node, m.dag)
    kwargs = dict(arguments.kwargs)
    outputs = kwargs.pop("multiple_outputs", factory.multiple_outputs)
    return replace(factory, kwargs={**factory.kwargs, **kwargs}, multiple_outputs=outputs)


def partial_operator(m: Machine, operator: Operator, arguments: Arguments) -> OperatorPartial:
    """`SomeOperator.partial(...)`: defaults are merged here, those that every operator takes."""
    kwargs = dict(arguments.kwargs)
    dag, group = _place(m, kwargs, arguments.node)
    base = Operator(operator.class_name)
    defaults, why = merged(m, dag, group, kwargs.pop("default_args", None))
    for name, value in defaults.items():
        if name not in kwargs and name in parameters_of(base):
            kwargs[name] = value
    if why is not None:
        kwargs["default_args"] = why
    if arguments.rest is not None:
        kwargs["**"] = arguments.rest
    if dag is not None:
        kwargs["dag"] = dag
    if group is not None:
        kwargs["task_group"] = group
    return OperatorPartial(operator, kwargs, m.made_at(arguments.node))
