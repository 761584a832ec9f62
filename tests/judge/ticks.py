"""Airflow's own reading: every tick looks at all tasks with what was done before it, then runs what is ready.

This is the loop of `dag.test()`. It is held equal to Airflow without exception, so that leaving out what `timing` names
cannot hide a mistake about a rule.
"""

from __future__ import annotations

from typing import NamedTuple

from judge.model import Ended, decision_of, own_end
from judge.shape import Shape, run_state, shape_of
from judge.spec import Role, Spec


class Ticked(NamedTuple):
    """What became of a DAG at Airflow's hands. `unsure`: tasks that two things happened to in one tick."""

    tasks: dict[str, Ended]
    state: str
    unsure: frozenset[str]


class _Run:
    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.ended: dict[str, str] = {}
        self.tries = dict.fromkeys(shape.tasks, 0)
        self.unsure: set[str] = set()

    def tick(self) -> None:
        """Assign what the rules say by what was done before this tick, then run what they let run."""
        known = dict(self.ended)
        ready: list[str] = []
        for task in self.shape.spec.tasks:
            if task.id in known:
                continue
            match decision_of(task, self.shape, known):
                case None:
                    pass
                case "run":
                    ready.append(task.id)
                case status:
                    self.ended[task.id] = status
        for name in ready:
            self._run(name)
        for name in ready:
            self._follow(name, ready)

    def _run(self, name: str) -> None:
        self.tries[name] += 1
        end = own_end(self.shape.tasks[name])
        if self.tries[name] >= end.tries:
            self.ended[name] = end.status

    def _follow(self, name: str, ready: list[str]) -> None:
        """What a task that has ended does to others. What has run keeps its status; what was only assigned loses it."""
        shape = self.shape
        reached: set[str] = set()
        if self.ended.get(name) == "success":
            reached |= shape.skips[name]
        elif self.ended.get(name) == "failed" and shape.spec.fail_fast:
            reached = {other for other, task in shape.tasks.items() if task.role is not Role.TEARDOWN} - {name}
        for other in reached:
            if self.ended.get(other) in ("success", "failed"):
                continue
            if other in ready:
                # Both happen in this tick, in an order that nobody promises.
                self.unsure.add(other)
            else:
                self.ended[other] = "skipped"


def run_ticks(spec: Spec) -> Ticked:
    """What `dag.test()` does."""
    run = _Run(shape_of(spec))
    # Each tick ends or tries at least one task.
    for _ in range(20 * len(spec.tasks)):
        if len(run.ended) == len(spec.tasks):
            break
        run.tick()
    assert len(run.ended) == len(spec.tasks), f"{spec.name} comes to no end"
    tasks = {name: Ended(run.ended[name], run.tries[name]) for name in run.shape.tasks}
    return Ticked(tasks, run_state(run.shape, run.ended), frozenset(run.unsure))
