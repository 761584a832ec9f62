"""Whether a plan is right, by carrying it out: an oracle for the verifier that shares nothing with it.

A plan is carried out with all branches at once, each step as soon as it can be; a task that is held back never ends.
Steps only ever become possible, so that what gets stuck in this order gets stuck in every order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from core_compiler.ir import EARLY_RULES, GateKind, Task, TriggerRule, Workflow
from core_compiler.plan import Await, Each, Finish, Node, Parallel, Run, Series, Until

Kind = TypeVar("Kind", Await, Finish)
ORDERING = (GateKind.MAY_SKIP, GateKind.REQUIRES, GateKind.AFTER)


class _Run:
    """One carrying out. `started` are the tasks that have."""

    def __init__(self, tasks: dict[str, Task], held: str, *, worst: bool) -> None:
        self.started: set[str] = set()
        self.done: set[str] = set()
        self._tasks = tasks
        self._held = held
        self._worst = worst

    def go(self, plan: Node) -> bool:
        """Whether it comes to its end."""
        live = self._node(plan)
        while True:
            before = len(self.done), len(self.started)
            try:
                moved = next(live)
            except StopIteration:
                return True
            if not moved and before == (len(self.done), len(self.started)):
                return False

    def _node(self, node: Node) -> Iterator[bool]:
        match node:
            case Run(task):
                self.started.add(task)
                while task == self._held:
                    yield False
                self.done.add(task)
                yield True
            case Each(tasks=tasks, body=body):
                # Its items run side by side, and each is over only with the others: one stands for all.
                yield from self._node(body)
                assert self.done.issuperset(tasks)
            case Await():
                while not self._over(node):
                    yield False
            case Finish():
                yield True
            case Series(steps):
                for step in steps:
                    yield from self._node(step)
            case Parallel(branches):
                live = [self._node(branch) for branch in branches]
                while live:
                    moved = False
                    for branch in list(live):
                        try:
                            moved = next(branch) or moved
                        except StopIteration:
                            live.remove(branch)
                            moved = True
                    yield moved

    def _over(self, step: Await) -> bool:
        loose: set[str] = set()
        if step.until is Until.DECIDED and not self._worst:
            loose = upstream_that_may_be_late(self._tasks[step.task])
        return all(other in self.done or other in loose for other in step.others)


def upstream_that_may_be_late(task: Task) -> set[str]:
    """The upstream tasks that a rule may be decided without."""
    if task.rule not in EARLY_RULES:
        return set()
    return set(task.upstream or ()) - {gate.task for gate in task.gates if gate.kind in ORDERING}


def is_wrong(plan: Node, workflow: Workflow) -> bool:
    """Whether the plan can get stuck, or start a task before it may start, or leave one without anybody to wake it.

    Or whether it ends by the word of other tasks than those that nothing follows.
    """
    above = {edge.upstream for edge in workflow.edges}
    deciding = {task.id for task in workflow.tasks if task.id not in above}
    if any(set(end.leaves) != deciding for end in _steps(plan, Finish)):
        return True
    tasks = {task.id: task for task in workflow.tasks}
    if not _Run(tasks, "", worst=True).go(plan):
        return True
    awaited = {step.task: set(step.others) for step in _steps(plan, Await)}
    for name in tasks:
        without = _Run(tasks, name, worst=False)
        without.go(plan)
        for edge in workflow.edges:
            late = edge.upstream in upstream_that_may_be_late(tasks[edge.downstream])
            if edge.upstream == name and not late and edge.downstream in without.started:
                return True
        for below in workflow.tasks:
            watches = name in upstream_that_may_be_late(below) and below.rule is not TriggerRule.ALWAYS
            if watches and name not in awaited.get(below.id, ()) and below.id in without.started:
                return True
    return False


def _steps(plan: Node, kind: type[Kind]) -> Iterator[Kind]:
    match plan:
        case Series(inner) | Parallel(inner):
            for step in inner:
                yield from _steps(step, kind)
        case _:
            if isinstance(plan, kind):
                yield plan
