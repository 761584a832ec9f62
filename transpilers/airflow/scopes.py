"""Setup and teardown as gates, and the tasks that decide the run (`ti_deps/deps/trigger_rule_dep.py`)."""

from __future__ import annotations

from collections.abc import Iterator

from core_compiler.ir import Gate, GateKind, TriggerRule
from transpilers.airflow.shape import Shape


def gates(task: str, rule: TriggerRule, shape: Shape) -> tuple[Gate, ...]:
    """What is looked at before the rule of one task."""
    if not shape.setups:
        return ()
    return (*_setups(task, rule, shape), *(_scope(task, shape) if task in shape.teardowns else _required(task, shape)))


def _setups(task: str, rule: TriggerRule, shape: Shape) -> Iterator[Gate]:
    if rule is TriggerRule.ALL_DONE_SETUP_SUCCESS:
        yield from (Gate(other, GateKind.SETUP) for other in shape.upstream[task] if other in shape.setups)


def _required(task: str, shape: Shape) -> Iterator[Gate]:
    """The setups above, besides direct ones, that have no teardown, or one below this task.

    `get_upstreams_only_setups` in `_shared/dagnode/node.py`: past its teardown a setup is of no concern.
    """
    direct = set(shape.upstream[task])
    for setup in shape.ordered((shape.above(task) & shape.setups) - direct):
        clearing = shape.teardowns.intersection(shape.downstream[setup])
        if not clearing or not clearing.isdisjoint(shape.below(task)):
            yield Gate(setup, GateKind.REQUIRES)


def _scope(teardown: str, shape: Shape) -> Iterator[Gate]:
    """All tasks between a setup and its teardown: each has to be done, however early the one after it started.

    Airflow 2 waits for those right above alone.
    """
    if shape.major == 2:
        return
    direct = set(shape.upstream[teardown])
    between: set[str] = set()
    for setup in direct & shape.setups:
        between |= shape.below(setup) & shape.above(teardown)
    yield from (Gate(other, GateKind.AFTER) for other in shape.ordered(between - direct))


def leaves(shape: Shape) -> tuple[str, ...] | None:
    """The tasks whose ends decide the run, None where they are those that nothing comes after.

    `_tis_for_dagrun_state` in `models/dagrun.py`: a teardown decides nothing unless it is told to.
    """
    ignored = shape.teardowns - shape.deciding_teardowns
    if not ignored:
        return None
    found = [task for task in shape.tasks if task not in ignored and ignored.issuperset(shape.downstream[task])]
    return tuple(found) if found else None
