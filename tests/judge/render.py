"""The DAG file that a person would write for a description. Airflow runs it, and a difference is shown as it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from judge.calls import (
    DAYS,
    DECORATORS,
    FAIL_FAST,
    HOMES,
    LONG_AGO,
    arguments_of,
    command_of,
    function_of,
    operator_of,
)
from judge.spec import Kind, Role, Spec, Style, Task, prefixes

INDENT = "    "
#: What `airflow.sdk` has in version 3.
SECOND = (
    "from airflow import DAG",
    "from airflow.decorators import task",
    "from airflow.utils.task_group import TaskGroup",
)


def render(specs: Sequence[Spec]) -> str:
    """One file with all of these DAGs."""
    return "\n".join([_head(specs), *(_dag(spec) for spec in specs)])


def _head(specs: Sequence[Spec]) -> str:
    tasks = [task for spec in specs for task in spec.tasks]
    imports: dict[str, set[str]] = {}
    for task in [task for task in tasks if not task.decorated]:
        module, name = operator_of(task)
        imports.setdefault(f"{HOMES[specs[0].major]}.operators.{module}", set()).add(name)
    sdk = ["DAG", *(["TaskGroup"] if any(spec.groups for spec in specs) else [])]
    sdk += ["task"] if any(task.decorated for task in tasks) else []
    functions = {function_of(task) for task in tasks if task.calls}
    dates = "datetime, timedelta" if any(task.style is Style.BY_DATE for task in tasks) else "timedelta"
    lines = [f"from datetime import {dates}", ""]
    lines += [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(imports.items())]
    if specs[0].major == 3:
        lines.append(f"from airflow.sdk import {', '.join(sdk)}")
    else:
        lines += [line for line in SECOND if line.rpartition(" ")[2] in sdk]
    lines += ["", f"from judge_work import {', '.join(sorted(functions))}"] if functions else []
    return "\n".join([*lines, ""])


def _dag(spec: Spec) -> str:
    fast = f", {FAIL_FAST[spec.major]}=True" if spec.fail_fast else ""
    # Airflow 2 would take it to be run daily.
    fast += ", schedule=None" if spec.major == 2 else ""
    lines = ["", f'with DAG("{spec.name}", default_args={{"retry_delay": timedelta(0)}}{fast}):']
    opened: set[str] = set()
    shown = {task.id: variable(task.id) + ("" if task.decorated else ".output") for task in spec.tasks}
    at = ""
    for task in spec.tasks:
        if task.group != at or (task.group and task.group not in opened):
            lines += _enter(task.group, opened)
            at = task.group
        depth = 1 + (task.group.count(".") + 1 if task.group else 0)
        lines.append(f"{INDENT * depth}{variable(task.id)} = {_call(task, spec.name, shown)}")
    lines += [INDENT + line for task in spec.tasks for line in _arrows(task)]
    return "\n".join([*lines, ""])


def _enter(group: str, opened: set[str]) -> list[str]:
    """Go into a group from the DAG's own level: those that are there already by their variable."""
    lines: list[str] = []
    for depth, name in enumerate(prefixes(group), start=1):
        called = variable(name)
        made = called if name in opened else f'TaskGroup("{name.rpartition(".")[2]}") as {called}'
        lines.append(f"{INDENT * depth}with {made}:")
        opened.add(name)
    return lines


def variable(name: str) -> str:
    """The variable that holds a task or group."""
    return name.replace(".", "_")


def _call(task: Task, dag: str, shown: Mapping[str, str]) -> str:
    """`shown`: how the value of each task is written."""
    given = [f'task_id="{task.id.rpartition(".")[2]}"']
    values = [*map(_literal, arguments_of(task, dag)), *(shown[name] for name in task.reads)] if task.calls else []
    match task:
        case Task(style=Style.BY_DATE):
            moment = ", ".join(str(int(part)) for part in LONG_AGO.partition("T")[0].split("-"))
            given.append(f"target_lower=None, target_upper=datetime({moment})")
            given.append(f"follow_task_ids_if_true=[], follow_task_ids_if_false={_literal(list(task.chosen or ()))}")
        case Task(style=Style.BY_DAY):
            given.append(f"week_day={_literal(list(DAYS))}")
            given.append(f"follow_task_ids_if_true={_literal(list(task.chosen or ()))}, follow_task_ids_if_false=[]")
        case Task(kind=Kind.BASH):
            given.append(f'bash_command="{command_of(task)}"')
        case Task(style=Style.OPERATOR) if task.calls:
            given += [f"python_callable={function_of(task)}", f"op_args=[{', '.join(values)}]"]
        case _:
            pass
    if task.kind is Kind.SHORT_CIRCUIT and task.keeps_rules:
        given.append("ignore_downstream_trigger_rules=False")
    if task.retries:
        given.append(f"retries={task.retries}")
    if task.rule != "all_success" and task.role is not Role.TEARDOWN:
        given.append(f'trigger_rule="{task.rule}"')
    if task.decorated:
        return f"{DECORATORS[task.kind][0]}({', '.join(given)})({function_of(task)})({', '.join(values)}){_role(task)}"
    return f"{operator_of(task)[1]}({', '.join(given)}){_role(task)}"


def _literal(value: object) -> str:
    match value:
        case str():
            return f'"{value}"'
        case list():
            return f"[{', '.join(map(_literal, value))}]"  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        case _:
            return repr(value)


def _role(task: Task) -> str:
    match task.role:
        case Role.WORK:
            return ""
        case Role.SETUP:
            return ".as_setup()"
        case Role.TEARDOWN:
            setups = f"setups=[{', '.join(map(variable, task.setups))}]"
            return f".as_teardown({setups}{', on_failure_fail_dagrun=True' if task.fails_run else ''})"


def _arrows(task: Task) -> list[str]:
    """Reading a value is an edge already, and so is a teardown's setup."""
    known = {*task.reads, *task.setups}
    left = [variable(name) for name in task.upstream if name not in known]
    if not left:
        return []
    return [f"{left[0] if len(left) == 1 else '[' + ', '.join(left) + ']'} >> {variable(task.id)}"]
