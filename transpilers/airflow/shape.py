"""The graph of one DAG of the wire, as decisions, scopes and leaves look at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from transpilers.airflow.call import DagCall, Literal, OperatorCall, Value
from transpilers.airflow.dialect import NEWEST

Relatives = Mapping[str, tuple[str, ...]]


class Shape:
    """Direct and all relatives of each task, its roles, and the roots of each group. Ids in the order of definition."""

    def __init__(self, dag: DagCall, major: int = NEWEST) -> None:
        self._dag = dag
        #: Whose rules it is looked at by.
        self.major = major
        self.tasks = tuple(call.task_id for call in dag.calls)
        self._place = {task: place for place, task in enumerate(self.tasks)}
        self.setups = frozenset(_flagged(dag.calls, "is_setup"))
        self.teardowns = frozenset(_flagged(dag.calls, "is_teardown"))
        self.deciding_teardowns = self.teardowns & set(_flagged(dag.calls, "on_failure_fail_dagrun"))
        self._below: dict[str, frozenset[str]] = {}
        self._above: dict[str, frozenset[str]] = {}

    @cached_property
    def upstream(self) -> Relatives:
        """The direct upstream tasks of each."""
        found: dict[str, list[str]] = {task: [] for task in self.tasks}
        for edge in self._dag.edges:
            found[edge.downstream].append(edge.upstream)
        return {task: tuple(before) for task, before in found.items()}

    @cached_property
    def downstream(self) -> Relatives:
        """The direct downstream tasks of each."""
        found: dict[str, list[str]] = {task: [] for task in self.tasks}
        for edge in self._dag.edges:
            found[edge.upstream].append(edge.downstream)
        return {task: self.ordered(after) for task, after in found.items()}

    @cached_property
    def roots(self) -> Relatives:
        """Of each group, the tasks in it, at any depth, that no other task in it precedes."""
        inside: dict[str, list[str]] = {group.id: [] for group in self._dag.groups}
        parents = {group.id: group.parent for group in self._dag.groups}
        for group in self._dag.groups:
            around: str | None = group.id
            while around is not None:
                inside[around] += group.tasks
                around = parents.get(around)
        return {
            name: self.ordered(task for task in tasks if set(tasks).isdisjoint(self.upstream[task]))
            for name, tasks in inside.items()
        }

    def below(self, task: str) -> frozenset[str]:
        """All tasks that a path leads to from `task`."""
        return self._reached(task, self.downstream, self._below)

    def above(self, task: str) -> frozenset[str]:
        """All tasks that a path leads from to `task`."""
        return self._reached(task, self.upstream, self._above)

    def ordered(self, tasks: Iterator[str] | frozenset[str] | set[str] | list[str]) -> tuple[str, ...]:
        """Tasks in the order of their definition."""
        return tuple(sorted(tasks, key=self._place.__getitem__))

    @staticmethod
    def _reached(task: str, relatives: Relatives, known: dict[str, frozenset[str]]) -> frozenset[str]:
        if task not in known:
            found: set[str] = set()
            pending = [task]
            while pending:
                fresh = set(relatives[pending.pop()]) - found
                found |= fresh
                pending += fresh
            known[task] = frozenset(found)
        return known[task]


def _flagged(calls: tuple[OperatorCall, ...], name: str) -> Iterator[str]:
    return (call.task_id for call in calls if _is_true(call.kwargs.get(name)))


def _is_true(value: Value | None) -> bool:
    return isinstance(value, Literal) and value.value is True
