"""A random DAG, described once for everyone: the generator, the file a person would write, the wire, and the model."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What a task is."""

    PYTHON = "python"
    BASH = "bash"
    EMPTY = "empty"
    BRANCH = "branch"
    SHORT_CIRCUIT = "short_circuit"


class End(StrEnum):
    """How a try ends that is none of those that fail first: `given_up` is a failure that no retry follows."""

    SUCCESS = "success"
    FAILED = "failed"
    GIVEN_UP = "given_up"
    SKIPPED = "skipped"


class Style(StrEnum):
    """How a task is written: as the operator of its kind, with a decorator, or, where code decides nothing else, as an
    operator that follows everything (of an empty task), or that branches by a date or by the day of the week."""

    OPERATOR = "operator"
    DECORATED = "decorated"
    LATEST_ONLY = "latest_only"
    BY_DATE = "by_date"
    BY_DAY = "by_day"


class Role(StrEnum):
    """Whether a task prepares something for others, or clears it away."""

    WORK = "work"
    SETUP = "setup"
    TEARDOWN = "teardown"


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one item of a mapped task ends, as `Task` says it of a whole one."""

    end: End = End.SUCCESS
    fails: int = 0


class Task(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One task. `id` is whole, with its groups; `upstream` is in the order of definition.

    `fails`: so many tries fail before one ends as `end` says. `reads`: those upstream whose values it is given.
    A branch follows `chosen` (ids of tasks or groups, None: none at all); a short circuit goes on if `holds`, else
    skips all below it, or with `keeps_rules` only what is right below. `setups`: what a teardown belongs to;
    `fails_run`: its failure is the run's. `items`: what it is mapped over, a list in the file, or what the task `over`,
    right above it, `gives` (None: a value of another kind); its own `end` and `fails` then say nothing.
    """

    id: str
    kind: Kind = Kind.PYTHON
    end: End = End.SUCCESS
    fails: int = 0
    retries: int = 0
    rule: str = "all_success"
    upstream: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    group: str = ""
    chosen: tuple[str, ...] | None = None
    holds: bool = True
    keeps_rules: bool = False
    role: Role = Role.WORK
    setups: tuple[str, ...] = ()
    fails_run: bool = False
    style: Style = Style.OPERATOR
    items: tuple[Item, ...] = ()
    over: str = ""
    gives: tuple[Item, ...] | None = None

    @property
    def is_mapped(self) -> bool:
        """Whether it is run once for each item of something."""
        return bool(self.items or self.over)

    @property
    def item_ids(self) -> list[str]:
        """The items of a mapped task, as its records name them."""
        return [f"{self.id}[{index}]" for index in range(len(self.items))]

    @property
    def decorated(self) -> bool:
        """Written with @task and its like."""
        return self.style is Style.DECORATED

    @property
    def calls(self) -> bool:
        """Whether it calls a function of `judge_work`."""
        plain = self.style in (Style.OPERATOR, Style.DECORATED)
        return plain and self.kind in (Kind.PYTHON, Kind.BRANCH, Kind.SHORT_CIRCUIT)


class Spec(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole DAG: tasks in a topological order, and groups, parents before children (`a`, `a.b`), for a version of
    Airflow."""

    name: str
    tasks: tuple[Task, ...]
    groups: tuple[str, ...] = ()
    fail_fast: bool = False
    major: int = 3


class Features(msgspec.Struct, frozen=True):
    """What a generator may use. Without `races`, only DAGs whose statuses no order of events can change.

    `major`: the version of Airflow that the DAGs are for.
    """

    rules: bool = True
    groups: bool = True
    branches: bool = False
    short_circuits: bool = False
    setups: bool = False
    fail_fast: bool = False
    races: bool = True
    major: int = 3


def parent_of(name: str) -> str:
    """The group that a task or group is in, "" for none."""
    return name.rpartition(".")[0]


def prefixes(group: str) -> list[str]:
    """A group and all that it is in, the outermost first."""
    return [*prefixes(parent_of(group)), group] if group else []


def in_group(task: Task, group: str) -> bool:
    """Whether a task is in a group, at whatever depth."""
    return task.group == group or task.group.startswith(f"{group}.")


def downstream_of(spec: Spec) -> dict[str, tuple[str, ...]]:
    """The tasks right below each."""
    below: dict[str, list[str]] = {task.id: [] for task in spec.tasks}
    for task in spec.tasks:
        for upstream in task.upstream:
            below[upstream].append(task.id)
    return {name: tuple(found) for name, found in below.items()}


def descendants_of(spec: Spec) -> dict[str, frozenset[str]]:
    """All tasks below each."""
    below = downstream_of(spec)
    found: dict[str, frozenset[str]] = {}
    for task in reversed(spec.tasks):
        found[task.id] = frozenset(below[task.id]).union(*(found[name] for name in below[task.id]))
    return found


def ancestors_of(spec: Spec) -> dict[str, frozenset[str]]:
    """All tasks above each."""
    found: dict[str, frozenset[str]] = {}
    for task in spec.tasks:
        found[task.id] = frozenset(task.upstream).union(*(found[name] for name in task.upstream))
    return found


def faults(spec: Spec) -> list[str]:
    """What is wrong with a description, so that a generator's mistake is not taken for a difference."""
    seen: set[str] = set()
    found: list[str] = []
    tasks = {task.id: task for task in spec.tasks}
    for task in spec.tasks:
        if not set(task.upstream) <= seen:
            found.append(f"{task.id} is before its upstream")
        if not set(task.reads) <= set(task.upstream) or not set(task.setups) <= set(task.upstream):
            found.append(f"{task.id} reads what is not upstream")
        if task.group and task.group not in spec.groups:
            found.append(f"{task.id} is in an unknown group")
        # Airflow refuses these two itself (`validate_setup_teardown`, `FailFastDagInvalidTriggerRule`).
        after_setup = any(tasks[name].role is Role.SETUP for name in task.upstream if name in tasks)
        if after_setup and task.role is not Role.TEARDOWN and task.rule != "all_success":
            found.append(f"{task.id} follows a setup with another rule")
        if spec.fail_fast and task.role is not Role.TEARDOWN and task.rule != "all_success":
            found.append(f"{task.id} has a rule that fail_fast forbids")
        if task.role is Role.TEARDOWN and task.rule != "all_done_setup_success":
            found.append(f"{task.id} is a teardown with another rule")
        seen.add(task.id)
    if len(seen) != len(spec.tasks):
        found.append("two tasks have one id")
    return found
