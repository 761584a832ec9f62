"""Making tasks: a constructor's call to a task in its DAG and group, with the edges that its arguments make."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from transpilers.airflow.classes import operator_class
from transpilers.airflow.static.classes import find, order
from transpilers.airflow.static.functions import invoke
from transpilers.airflow.static.graph.defaults import merged
from transpilers.airflow.static.graph.edges import references, set_upstream
from transpilers.airflow.static.graph.nodes import Dag, Group, Operator, Task
from transpilers.airflow.static.graph.registry import add_task, add_to_group, check_key, current_group
from transpilers.airflow.static.graph.scopes import in_setups
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.opaque import carries_outputs
from transpilers.airflow.static.values import Class, Function, Raised, Super, Unknown, Value

BASE = "airflow.sdk.bases.operator.BaseOperator"
#: Given by the structure of the DAG, or merged.
PLACES = frozenset({"dag", "task_group", "default_args"})
STRUCTURE = PLACES | {"task_id"}


def construct(m: Machine, operator: Operator, arguments: Arguments) -> Value:
    """`SomeOperator(...)`."""
    task = Task("", operator, {}, m.made_at(arguments.node), user_class=operator.user_class)
    cls = operator.user_class
    init, _ = find(cls, "__init__") if cls is not None else (None, True)
    task.given = {name: value for name, value in arguments.kwargs.items() if name not in PLACES}
    if isinstance(init, Function) and cls is not None:
        with_defaults = with_default_args(m, init, arguments)
        task.given = {name: value for name, value in with_defaults.kwargs.items() if name not in PLACES}
        task.defaulted = _below(m, cls, arguments, task.given)
        if arguments.rest is not None:
            task.given["**"] = arguments.rest
        invoke(m, init, with_defaults, receiver=(task,))
        if not task.ready:
            m.doubt(f"{cls.node.name}.__init__ makes no task", arguments.node, m.dag)
        else:
            _user_edges(m, task, arguments.node)
            task.kwargs = {**{n: v for n, v in with_defaults.kwargs.items() if n not in STRUCTURE}, **task.kwargs}
        return task
    finish(m, task, arguments)
    return task


def with_default_args(m: Machine, init: Function, arguments: Arguments) -> Arguments:
    """What `apply_defaults` adds before a constructor of the file is entered."""
    if arguments.args:
        m.doubt("positional arguments of an operator", arguments.node, m.dag)
    dag, group = _place(m, arguments)
    defaults, _ = merged(m, dag, group, arguments.kwargs.get("default_args"))
    given = init.node.args
    names = [each.arg for each in (*given.args[1:], *given.kwonlyargs)]
    extra = {name: defaults[name] for name in names if name in defaults and name not in arguments.kwargs}
    return Arguments(arguments.args, {**arguments.kwargs, **extra}, arguments.node, arguments.rest)


def _below(m: Machine, cls: Class, arguments: Arguments, given: dict[str, Value]) -> tuple[str, ...]:
    """What `default_args` add before the constructors of the classes below are entered."""
    dag, group = _place(m, arguments)
    return defaulted(m, order(cls)[1:], (dag, group), arguments.kwargs.get("default_args"), given)


def defaulted(
    m: Machine, classes: Sequence[Class], place: tuple[Dag | None, Group | None], own: Value, given: Collection[str]
) -> tuple[str, ...]:
    """Parameters of the classes' own constructors that only `default_args` give."""
    defaults, _ = merged(m, *place, own)
    inits = [init for one in classes if isinstance(init := one.names.get("__init__"), Function)]
    names = {each.arg for init in inits for each in (*init.node.args.args[1:], *init.node.args.kwonlyargs)}
    return tuple(sorted(name for name in names if name in defaults and name not in given))


def initialise(m: Machine, receiver: Super, arguments: Arguments) -> Value:
    """`super().__init__(...)` that reaches a library's class."""
    task = receiver.receiver
    if isinstance(task, Task) and not task.ready:
        finish(m, task, arguments)
    return None


def _place(m: Machine, arguments: Arguments) -> tuple[Dag | None, Group | None]:
    dag = arguments.kwargs.get("dag")
    if isinstance(dag, Unknown):
        m.doubt(f"which DAG a task is in depends on {dag.reason}", arguments.node)
    found = dag if isinstance(dag, Dag) else m.dag
    group = arguments.kwargs.get("task_group")
    if isinstance(group, Unknown):
        m.doubt(f"which group a task is in depends on {group.reason}", arguments.node, found)
    for given, kind in ((dag, Dag), (group, Group)):
        if given is not None and not isinstance(given, (kind, Unknown)):
            m.doubt("where a task is", arguments.node, found)
    if isinstance(group, Group):
        return found, group
    return found, current_group(m, found) if found is not None else None


def finish(m: Machine, task: Task, arguments: Arguments) -> None:
    """`BaseOperator.__init__` and what its metaclass does around it."""
    kwargs = dict(arguments.kwargs)
    node = arguments.node
    if arguments.args:
        if len(arguments.args) == 1 and "task_id" not in kwargs and isinstance(arguments.args[0], str):
            kwargs["task_id"] = arguments.args[0]
        m.doubt("positional arguments of an operator", node, m.dag)
    dag, group = _place(m, arguments)
    fill(m, task.operator, kwargs, dag, group, arguments.rest)
    name = kwargs.pop("task_id", None)
    if name is None and arguments.rest is None:
        raise Raised("TypeError", "missing keyword argument 'task_id'")
    if not isinstance(name, str):
        why = name if isinstance(name, Unknown) else arguments.rest
        reason = why.reason if isinstance(why, Unknown) else "a value that is no string"
        m.doubt(f"the id of a task depends on {reason}", node, dag)
        name = f"unknown_{len(dag.tasks) if dag is not None else 0}"
    m.touch(task)
    settle(m, task, name, kwargs, dag, group)
    in_setups(m, task)
    template_edges(m, task, task.operator.fields, node)


def settle(m: Machine, task: Task, name: str, kwargs: dict[str, Value], dag: Dag | None, group: Group | None) -> None:
    """Give a task its id, arguments, group and DAG."""
    task.task_id = group.child_id(name) if group is not None else name
    check_key(task.task_id)
    task.kwargs = {key: value for key, value in kwargs.items() if key not in STRUCTURE}
    if group is not None:
        task.group = group
        add_to_group(m, group, task, task.task_id)
    if dag is not None:
        add_task(m, dag, task)
    else:
        m.loose.append(task)
    task.ready = True


def fill(
    m: Machine,
    operator: Operator,
    kwargs: dict[str, Value],
    dag: Dag | None,
    group: Group | None,
    rest: Unknown | None,
) -> None:
    """Merge defaults into arguments; others that may be there are named `default_args` and `**`."""
    defaults, why = merged(m, dag, group, kwargs.pop("default_args", None))
    for key, value in defaults.items():
        if key not in kwargs and key in parameters_of(operator):
            kwargs[key] = value
    if why is not None:
        kwargs["default_args"] = why
        kwargs.setdefault("**default_args", why)
    if rest is not None:
        kwargs["**"] = rest


def parameters_of(operator: Operator) -> frozenset[str]:
    """The arguments that a class's constructors name, those of every operator at least."""
    known = operator.inherited if operator.user_class is not None else operator.parameters
    if known is not None:
        return known
    base = operator_class(BASE)
    return base.parameters if base is not None else frozenset()


def template_edges(m: Machine, task: Task, fields: tuple[str, ...] | None, node: ast.AST) -> None:
    """Edges from the outputs in fields that Airflow renders."""
    fields = m.fields.get(task.operator.class_name, fields)
    if fields is None:
        if any(carries_outputs(value) for value in task.kwargs.values()):
            short = task.operator.class_name.rpartition(".")[2]
            m.doubt(f"which arguments of {short} are rendered", node, task.dag)
        return
    shown = [_argument(task.operator, name) for name in fields]
    if None in shown:
        # A field that its constructor makes, of arguments that nobody knows.
        others = [value for name, value in task.kwargs.items() if name not in shown]
        if any(carries_outputs(value) for value in others):
            m.doubt(f"which arguments of {task.operator.class_name.rpartition('.')[2]} are rendered", node, task.dag)
    for name, argument in zip(fields, shown, strict=True):
        value = task.kwargs.get(argument or name)
        value = task.attributes.get(name, value)
        unknown = value if isinstance(value, Unknown) else None
        if unknown is not None and unknown.carries:
            m.doubt(f"an edge from what is in {unknown.reason}", node, task.dag)
        for xcom in references(value):
            set_upstream(m, task, xcom.task, node)


def _argument(operator: Operator, field: str) -> str | None:
    """The argument that a constructor keeps in a field of that name, or with `_` before it."""
    known = operator.parameters
    if known is None or operator.user_class is not None or field in known:
        return field
    return field[1:] if field.startswith("_") and field[1:] in known else None


def _user_edges(m: Machine, task: Task, node: ast.AST) -> None:
    template_edges(m, task, task.operator.fields, node)
