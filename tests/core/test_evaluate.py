"""Timing a plan: what it says is what adding up by hand says."""

import pytest
from support.workflows import graph

from core_compiler.ir import Shell, Task, TriggerRule, Workflow
from core_compiler.plan import Finish, Parallel, Run, Series, guessed, structure
from core_compiler.plan.evaluate import Timing, makespan, transitions

SECONDS = {"a": 1.0, "b": 5.0, "c": 2.0, "d": 1.0}
DIAMOND = graph("a b", "a c", "b d", "c d")


def test_a_diamond_takes_its_longest_path_and_a_fork():
    plan = structure(DIAMOND, "layers")
    assert makespan(plan, SECONDS, overhead=0) == 7
    # The start, the fork and the three tasks on the path are entered.
    assert makespan(plan, SECONDS, overhead=0.5) == 9.5
    assert transitions(plan) == 6


def test_a_barrier_is_seen():
    plan = Series((Series((Parallel((Run("a"), Run("b"))), Parallel((Run("c"), Run("d"))))), Finish(("d",))))
    schedule = Timing(plan).schedule(SECONDS, overhead=0)
    assert schedule.starts == {"a": 0, "b": 0, "c": 5, "d": 5}
    assert schedule.ends == {"a": 1, "b": 5, "c": 7, "d": 6}
    assert schedule.makespan == 7


@pytest.mark.parametrize("depth", [20_000])
def test_depth_is_no_matter(depth: int):
    node = Run("a")
    for number in range(depth):
        node = Series((Run(f"s{number}"), Parallel((node, Run(f"p{number}")))))
    plan = Series((node, Finish(("a",))))
    assert makespan(plan, dict.fromkeys(Timing(plan).tasks, 1.0), overhead=0) == depth + 1
    assert transitions(plan) == 3 * depth + 2


def test_what_runs_after_failures_alone_takes_no_time_where_nothing_fails():
    tasks = tuple(Task(id=rule.value, component=Shell("true"), rule=rule) for rule in TriggerRule)
    quick = {name for name, own in guessed(Workflow(name="w", tasks=tasks)).seconds.items() if own < 1}
    assert quick == {"one_failed", "all_failed"}
