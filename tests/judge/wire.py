"""A description as the loader's wire: what `live` would say of the rendered file, without a file or an Airflow."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

from judge.calls import DAYS, FAIL_FAST, LONG_AGO, arguments_of, class_of, command_of, function_of, item_arguments
from judge.spec import Kind, Role, Spec, Style, Task, parent_of

from core_compiler.diagnostics import Span
from transpilers.airflow.call import (
    CodeRef,
    DagCall,
    DateTime,
    Delta,
    Dict,
    EdgeCall,
    GroupCall,
    List,
    Literal,
    Mapped,
    OperatorCall,
    OutputRef,
    Parameter,
    Tuple,
    Value,
)

WORK = Path(__file__).with_name("judge_work.py")


def wire(spec: Spec, module: Path = WORK) -> DagCall:
    """`module` is the file of the functions that tasks call."""
    groups = tuple(
        GroupCall(
            id=group,
            tasks=tuple(task.id for task in spec.tasks if task.group == group),
            parent=parent_of(group) or None,
        )
        for group in spec.groups
    )
    return DagCall(
        dag_id=spec.name,
        kwargs=_arguments(spec),
        calls=tuple(_call(task, spec, module) for task in spec.tasks),
        edges=tuple(EdgeCall(upstream, task.id) for task in spec.tasks for upstream in task.upstream),
        groups=groups,
    )


def _arguments(spec: Spec) -> dict[str, Value]:
    given: dict[str, Value] = {} if spec.major == 3 else {"schedule": Literal(None)}
    return {**given, FAIL_FAST[spec.major]: Literal(True)} if spec.fail_fast else given


def _call(task: Task, spec: Spec, module: Path) -> OperatorCall:
    kwargs: dict[str, Value] = {"retry_delay": Delta(0.0)}
    match task:
        case Task(style=Style.BY_DATE):
            bounds = {"target_lower": Literal(None), "target_upper": DateTime(LONG_AGO)}
            kwargs |= {**bounds, "follow_task_ids_if_true": List(()), "follow_task_ids_if_false": _chosen(task)}
        case Task(style=Style.BY_DAY):
            kwargs |= {"week_day": List(tuple(map(Literal, DAYS))), "follow_task_ids_if_true": _chosen(task)}
            kwargs["follow_task_ids_if_false"] = List(())
        case Task(kind=Kind.BASH):
            kwargs["bash_command"] = Literal(command_of(task))
        case Task(kind=Kind.EMPTY):
            pass
        case _:
            values = [_value(value) for value in arguments_of(task, spec.name)]
            kwargs["python_callable"] = _reference(function_of(task), module)
            given = (*values, *map(OutputRef, task.reads))
            kwargs["op_args"] = Tuple(given) if task.decorated else List(given)
            if task.decorated:
                kwargs["op_kwargs"] = Dict(())
                # A decorator shows its function's docstring to people.
                kwargs["doc_md"] = Literal(ast.get_docstring(_definition(function_of(task), module)))
    if task.kind is Kind.SHORT_CIRCUIT and task.keeps_rules:
        kwargs["ignore_downstream_trigger_rules"] = Literal(False)
    if task.retries:
        kwargs["retries"] = Literal(task.retries)
    if task.rule != "all_success":
        kwargs["trigger_rule"] = Literal(task.rule)
    if task.role is not Role.WORK:
        kwargs["is_setup" if task.role is Role.SETUP else "is_teardown"] = Literal(True)
    if task.fails_run:
        kwargs["on_failure_fail_dagrun"] = Literal(True)
    mapped = None
    if task.is_mapped:
        del kwargs["op_args"]
        kwargs["python_callable"] = _reference("end_as_told", module)
        listed = List(tuple(List(tuple(map(Literal, one))) for one in item_arguments(task, spec.name)))
        mapped = Mapped("kwargs", Dict(((Literal("op_args"), OutputRef(task.over) if task.over else listed),)))
    # What a constructor makes by itself, or a teardown is given.
    made = {"doc_md": task.decorated, "trigger_rule": task.role is Role.TEARDOWN}
    derived = tuple(name for name, own in made.items() if own and name in kwargs)
    return OperatorCall(class_of(task, spec.major), task.id, kwargs, mapped, derived=derived)


def _chosen(task: Task) -> List:
    return List(tuple(map(Literal, task.chosen or ())))


def _value(value: object) -> Value:
    if isinstance(value, list):
        return List(tuple(map(_value, value)))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return Literal(value)


@lru_cache
def _definition(name: str, module: Path) -> ast.FunctionDef:
    tree = ast.parse(module.read_text())
    [found] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    return found


@lru_cache
def _reference(name: str, module: Path) -> CodeRef:
    found = _definition(name, module)
    parameters = [Parameter(argument.arg) for argument in found.args.args]
    if found.args.vararg:
        parameters.append(Parameter(found.args.vararg.arg, "args"))
    return CodeRef(
        module=module.stem, qualname=name, span=Span(str(module), found.lineno), parameters=tuple(parameters)
    )
