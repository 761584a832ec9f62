"""What the graph of a DAG says before anything runs: who skips whom, which setups stand above, what decides the run."""

from __future__ import annotations

from typing import NamedTuple

from judge.spec import Kind, Role, Spec, Task, ancestors_of, descendants_of, downstream_of, in_group


class Shape(NamedTuple):
    """`skips`: by task, those it skips where it succeeds; `gates`: by task, the setups above it that are not right
    above it; `leaves`: the tasks that decide the run."""

    spec: Spec
    tasks: dict[str, Task]
    below: dict[str, tuple[str, ...]]
    descendants: dict[str, frozenset[str]]
    ancestors: dict[str, frozenset[str]]
    skips: dict[str, frozenset[str]]
    gates: dict[str, tuple[str, ...]]
    leaves: tuple[str, ...]


def shape_of(spec: Spec) -> Shape:
    """Work it out once for all readings of a DAG."""
    tasks = {task.id: task for task in spec.tasks}
    below, descendants, ancestors = downstream_of(spec), descendants_of(spec), ancestors_of(spec)
    skips = {task.id: _skipped_by(task, spec, tasks, below, descendants) for task in spec.tasks}
    gates = {task.id: _gates(task, tasks, below, descendants, ancestors) for task in spec.tasks}
    return Shape(spec, tasks, below, descendants, ancestors, skips, gates, _leaves(spec, tasks, below))


def run_state(shape: Shape, statuses: dict[str, str]) -> str:
    """The run's end: `DagRun.update_state` in Airflow's `models/dagrun.py`."""
    bad = any(statuses[name] in ("failed", "upstream_failed") for name in shape.leaves)
    return "failed" if bad else "success"


def roots_of(group: str, spec: Spec) -> frozenset[str]:
    """The tasks of a group with nothing of the group above them (`TaskGroup.get_roots`)."""
    inside = {task.id for task in spec.tasks if in_group(task, group)}
    return frozenset(task.id for task in spec.tasks if task.id in inside and inside.isdisjoint(task.upstream))


def _skipped_by(
    task: Task,
    spec: Spec,
    tasks: dict[str, Task],
    below: dict[str, tuple[str, ...]],
    descendants: dict[str, frozenset[str]],
) -> frozenset[str]:
    """`SkipMixin.skip_all_except` and `ShortCircuitOperator.execute` of the standard provider."""
    match task.kind:
        case Kind.BRANCH:
            followed: set[str] = set()
            for name in task.chosen or ():
                ids = roots_of(name, spec) if name in spec.groups else {name}
                followed |= ids.union(*(descendants[found] for found in ids))
            return frozenset(below[task.id]) - followed
        case Kind.SHORT_CIRCUIT if not task.holds:
            reached = below[task.id] if task.keeps_rules else descendants[task.id]
            return frozenset(name for name in reached if tasks[name].role is not Role.TEARDOWN)
        case _:
            return frozenset()


def _gates(
    task: Task,
    tasks: dict[str, Task],
    below: dict[str, tuple[str, ...]],
    descendants: dict[str, frozenset[str]],
    ancestors: dict[str, frozenset[str]],
) -> tuple[str, ...]:
    """`get_upstreams_only_setups` of Airflow's nodes, without those right above: a setup counts where it has no
    teardown, or one that is below the task too. Teardowns have none."""
    if task.role is Role.TEARDOWN:
        return ()
    ends = {name for name in descendants[task.id] if tasks[name].role is Role.TEARDOWN}
    found: list[str] = []
    for name in tasks:
        if name not in ancestors[task.id] or name in task.upstream or tasks[name].role is not Role.SETUP:
            continue
        own = {end for end in below[name] if tasks[end].role is Role.TEARDOWN}
        if not own or ends.intersection(below[name]):
            found.append(name)
    return tuple(found)


def _leaves(spec: Spec, tasks: dict[str, Task], below: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """`_tis_for_dagrun_state` in Airflow's `models/dagrun.py`: a teardown counts only where it asks to."""

    def counts(name: str) -> bool:
        return tasks[name].role is not Role.TEARDOWN or tasks[name].fails_run

    found = tuple(task.id for task in spec.tasks if counts(task.id) and not any(map(counts, below[task.id])))
    return found or tuple(task.id for task in spec.tasks if not below[task.id])
