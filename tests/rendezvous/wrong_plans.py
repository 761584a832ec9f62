"""A generator of wrong plans: a sound one, with something done to it that a structuring could get wrong."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec

from core_compiler.ir import EARLY_RULES, Workflow
from core_compiler.plan import Await, Each, Finish, Node, Parallel, Run, Series, Until

Change = Callable[[random.Random, Node], Node]


def steps_of(plan: Node) -> list[Node]:
    """All nodes, from the root down."""
    found, stack = [], [plan]
    while stack:
        node = stack.pop()
        found.append(node)
        if isinstance(node, Series | Parallel):
            stack.extend(inner_of(node))
    return found


def inner_of(node: Series | Parallel) -> tuple[Node, ...]:
    """What is within a Series or Parallel."""
    return node.steps if isinstance(node, Series) else node.branches


def put(plan: Node, old: Node, new: Node | None) -> Node:
    """The plan with one node, known by its identity, in another's place, or left out."""
    if plan is old:
        assert new is not None
        return new
    if not isinstance(plan, Series | Parallel):
        return plan
    kept = tuple(put(step, old, new) for step in inner_of(plan) if not (step is old and new is None))
    return type(plan)(kept)


def _pick(source: random.Random, plan: Node, kind: type | tuple[type, ...]) -> Node | None:
    found = [node for node in steps_of(plan) if isinstance(node, kind)]
    return source.choice(found) if found else None


def no_await(source: random.Random, plan: Node) -> Node:
    """An Await is left out."""
    step = _pick(source, plan, Await)
    return plan if step is None else put(plan, step, None)


def one_other_less(source: random.Random, plan: Node) -> Node:
    """An Await forgets one of its others."""
    step = _pick(source, plan, Await)
    if not isinstance(step, Await) or len(step.others) < 2:
        return plan
    left = source.choice(step.others)
    fewer = tuple(other for other in step.others if other != left)
    return put(plan, step, msgspec.structs.replace(step, others=fewer))


def one_other_more(source: random.Random, plan: Node) -> Node:
    """An Await waits for another task too, perhaps one that comes after it."""
    step, (_, other) = _pick(source, plan, Await), _pick_task(source, plan)
    if not isinstance(step, Await) or other in step.others:
        return plan
    return put(plan, step, msgspec.structs.replace(step, others=(*step.others, other)))


def one_await_more(source: random.Random, plan: Node) -> Node:
    """A task waits that need not; two of these can wait for each other."""
    (step, task), (_, other) = _pick_task(source, plan), _pick_task(source, plan)
    if any(isinstance(node, Await) and node.task == task for node in steps_of(plan)):
        return plan
    return put(plan, step, Series((Await(task, (other,)), step)))


def waiting_for_each_other(source: random.Random, plan: Node) -> Node:
    """Two tasks wait, each in front of a row of which the other waits for the last: K2,2, fused carelessly."""
    rows = [node for node in steps_of(plan) if isinstance(node, Series) and any(isinstance(s, Run) for s in node.steps)]
    if len(rows) < 2:
        return plan
    first, second = source.sample(rows, 2)
    ends = [[step for step in row.steps if isinstance(step, Run)] for row in (first, second)]
    made = put(plan, ends[0][0], Series((Await(ends[0][0].task, (ends[1][-1].task,)), ends[0][0])))
    return put(made, ends[1][0], Series((Await(ends[1][0].task, (ends[0][-1].task,)), ends[1][0])))


def swapped(source: random.Random, plan: Node) -> Node:
    """Two steps of a row change places."""
    row = _pick(source, plan, Series)
    if not isinstance(row, Series) or len(row.steps) < 2:
        return plan
    one, two = sorted(source.sample(range(len(row.steps)), 2))
    steps = list(row.steps)
    steps[one], steps[two] = steps[two], steps[one]
    return put(plan, row, Series(tuple(steps)))


def side_by_side(source: random.Random, plan: Node) -> Node:
    """A row, or a part of one, becomes branches."""
    row = _pick(source, plan, Series)
    if not isinstance(row, Series) or len(row.steps) < 3:
        return plan
    at = source.randrange(len(row.steps) - 2)
    pair = Parallel(row.steps[at : at + 2])
    return put(plan, row, Series((*row.steps[:at], pair, *row.steps[at + 2 :])))


def in_a_row(source: random.Random, plan: Node) -> Node:
    """Branches become a row, in any order."""
    fork = _pick(source, plan, Parallel)
    if not isinstance(fork, Parallel):
        return plan
    branches = list(fork.branches)
    source.shuffle(branches)
    return put(plan, fork, Series(tuple(branches)))


def sooner_or_later(source: random.Random, plan: Node) -> Node:
    """An Await waits for the rule where it should for all, or the other way round."""
    step = _pick(source, plan, Await)
    if not isinstance(step, Await):
        return plan
    other = Until.ALL if step.until is Until.DECIDED else Until.DECIDED
    return put(plan, step, msgspec.structs.replace(step, until=other))


def moved(source: random.Random, plan: Node) -> Node:
    """A task, with its Await or without, goes elsewhere."""
    run, place = _pick(source, plan, (Run, Each)), _pick(source, plan, Series)
    if not isinstance(place, Series) or run is None or run in place.steps:
        return plan
    at = source.randrange(len(place.steps))
    made = put(plan, place, Series((*place.steps[:at], msgspec.structs.replace(run), *place.steps[at:])))
    return put(made, run, None)


def unknown_other(source: random.Random, plan: Node) -> Node:
    """An Await waits for what nothing runs."""
    step = _pick(source, plan, Await)
    return put(plan, step, msgspec.structs.replace(step, others=("nowhere",))) if isinstance(step, Await) else plan


def _pick_task(source: random.Random, plan: Node) -> tuple[Node, str]:
    """A Run, or a step over items, and the task that an Await before it would be for."""
    step = _pick(source, plan, (Run, Each))
    assert isinstance(step, Run | Each)
    return step, step.task if isinstance(step, Run) else step.name


def twice(source: random.Random, plan: Node) -> Node:
    """A task runs twice."""
    step, _ = _pick_task(source, plan)
    return put(plan, step, Series((step, msgspec.structs.replace(step))))


def lost(source: random.Random, plan: Node) -> Node:
    """A task runs never."""
    return put(plan, _pick_task(source, plan)[0], Series(()))


def other_leaves(source: random.Random, plan: Node) -> Node:
    """The run's end is decided by a leaf less, or by a task more, which may be one of the leaves already."""
    end, run = _pick(source, plan, Finish), _pick(source, plan, Run)
    assert isinstance(end, Finish)
    assert isinstance(run, Run)
    left = source.choice(end.leaves)
    fewer = tuple(leaf for leaf in end.leaves if leaf != left)
    return put(plan, end, Finish(source.choice((fewer, tuple(dict.fromkeys((*end.leaves, run.task)))))))


def without_items(source: random.Random, plan: Node) -> Node:
    """A mapped task is run without its items."""
    step = _pick(source, plan, Each)
    return put(plan, step, step.body) if isinstance(step, Each) else plan


def other_items(source: random.Random, plan: Node) -> Node:
    """A step over items is said to be for another task than the one it runs."""
    step = _pick(source, plan, Each)
    return put(plan, step, msgspec.structs.replace(step, tasks=("nowhere",))) if isinstance(step, Each) else plan


def no_others(source: random.Random, plan: Node) -> Node:
    """A task that need not wait waits for nothing, for which nobody would wake it."""
    step, task = _pick_task(source, plan)
    if any(isinstance(node, Await) and node.task == task for node in steps_of(plan)):
        return plan
    return put(plan, step, Series((Await(task, ()), step)))


def two_ends(source: random.Random, plan: Node) -> Node:
    """The run ends, and ends again."""
    end = _pick(source, plan, Finish)
    assert isinstance(end, Finish)
    return put(plan, end, Series((end, Finish(end.leaves))))


#: What these do is wrong whatever the workflow.
ALWAYS_WRONG: tuple[Change, ...] = (
    unknown_other,
    twice,
    lost,
    other_leaves,
    without_items,
    other_items,
    no_others,
    two_ends,
)
CHANGES: tuple[Change, ...] = (
    no_await,
    one_other_less,
    one_other_more,
    one_await_more,
    waiting_for_each_other,
    swapped,
    side_by_side,
    in_a_row,
    sooner_or_later,
    moved,
    *ALWAYS_WRONG,
)


def is_well_formed(plan: Node, workflow: Workflow) -> bool:
    """Whether the oracle can judge a plan: each task runs once, and an Await stands right before its task, once.

    It waits for a rule only where that can be decided early.
    """
    tasks = {task.id for task in workflow.tasks}
    early = {task.id for task in workflow.tasks if task.rule in EARLY_RULES}
    ran = [node.task for node in steps_of(plan) if isinstance(node, Run)]
    ran += [step.task for node in steps_of(plan) if isinstance(node, Each) for step in _runs_of(node.body)]
    waits = [node for node in steps_of(plan) if isinstance(node, Await)]
    ends = [node for node in steps_of(plan) if isinstance(node, Finish)]
    last = isinstance(plan, Series) and isinstance(plan.steps[-1], Finish)
    right = all(step.others and tasks.issuperset(step.others) for step in waits)
    right = right and all(step.until is Until.ALL or step.task in early for step in waits)
    mapped = {task for node in steps_of(plan) if isinstance(node, Each) for task in node.tasks}
    right = right and mapped == {task.id for task in workflow.tasks if task.mapping is not None}
    once = len({step.task for step in waits}) == len(waits)
    return sorted(ran) == sorted(tasks) and len(ends) == 1 and last and right and once and _adjacent(plan)


def _first(step: Node | None) -> tuple[str, ...]:
    """The tasks that a step is for."""
    return (step.task,) if isinstance(step, Run) else step.tasks if isinstance(step, Each) else ()


def _runs_of(body: Node) -> list[Run]:
    return [step for step in steps_of(body) if isinstance(step, Run)]


def _adjacent(plan: Node) -> bool:
    for node in steps_of(plan):
        if isinstance(node, Parallel) and any(isinstance(branch, Await) for branch in node.branches):
            return False
        if isinstance(node, Series):
            for step, following in zip(node.steps, (*node.steps[1:], None), strict=True):
                if isinstance(step, Await) and step.task not in _first(following):
                    return False
    return True
