"""Putting tasks into DAGs and groups, with ids that Airflow would accept."""

from __future__ import annotations

import re

from transpilers.airflow.static.graph.nodes import Dag, Group, Task
from transpilers.airflow.static.machine import TASKS, Machine
from transpilers.airflow.static.values import Exhausted, Raised, Value

KEY = re.compile(r"[\w.-]+")
GROUP_KEY = re.compile(r"[\w-]+")
SUFFIX = re.compile(r"__\d+$")


def current_group(m: Machine, dag: Dag | None) -> Group | None:
    """The group whose context is entered, else the root of the DAG."""
    if m.group_stack:
        return m.group_stack[-1]
    dag = dag or m.dag
    return dag.root if dag is not None else None


def check_key(name: str, pattern: re.Pattern[str] = KEY, longest: int = 250) -> None:
    """Raises what Airflow raises for an id that is none."""
    if len(name) > longest or not pattern.fullmatch(name):
        raise Raised("ValueError", f"The key {name[:60]!r} has to be made of alphanumeric characters and dashes")


def add_to_group(m: Machine, group: Group, child: Task | Group, name: str) -> None:
    """Make a node a child of a group."""
    if name in group.children:
        raise Raised("DuplicateTaskIdFound", f"{name!r} has already been added to the Dag")
    m.touch(group)
    group.children[name] = child


def add_task(m: Machine, dag: Dag, task: Task) -> None:
    """`DAG.add_task`."""
    if task.group is None:
        group = current_group(m, dag) or dag.root
        m.touch(task)
        task.task_id = group.child_id(task.task_id)
        task.group = group
        add_to_group(m, group, task, task.task_id)
    if task.task_id in dag.root.used or dag.tasks.get(task.task_id, task) is not task:
        raise Raised("DuplicateTaskIdFound", f"Task id {task.task_id!r} has already been added to the DAG")
    if len(dag.tasks) >= TASKS:
        raise Exhausted("it has too many tasks")
    m.touch(dag, task, dag.root)
    dag.tasks[task.task_id] = task
    task.dag = dag
    dag.root.used.add(task.task_id)


def unique_task_id(name: str, dag: Dag | None, group: Group | None) -> str:
    """`get_unique_task_id`: decorated tasks get a number where their name is taken."""
    if dag is None:
        return name
    full = group.child_id(name) if group is not None else name
    if full not in dag.tasks:
        return name
    stem = SUFFIX.split(full)[0]
    taken = [0]
    for other in dag.tasks:
        before, _, number = other.rpartition("__")
        if before == stem and number.isdigit():
            taken.append(int(number))
    return f"{SUFFIX.split(name)[0]}__{max(taken) + 1}"


def as_text(value: Value) -> str | None:
    """A string, else None."""
    return value if isinstance(value, str) else None
