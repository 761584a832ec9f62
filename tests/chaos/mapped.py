"""Some tasks of a random DAG mapped over a few items, each of which ends in its own way."""

from __future__ import annotations

import random

import msgspec
from judge.spec import End, Item, Kind, Role, Spec, Style, Task

SHARE = 0.3
ENDS = (End.SUCCESS, End.SUCCESS, End.SUCCESS, End.FAILED, End.GIVEN_UP, End.SKIPPED)


def with_items(spec: Spec, seed: int) -> Spec:
    """The DAG of the same seed, a third of its tasks of plain Python mapped.

    None with fail_fast: which items of one task it still finds is open.
    """
    if spec.fail_fast:
        return spec
    source = random.Random(f"items of {seed}")
    return msgspec.structs.replace(spec, tasks=tuple(_mapped(task, source) for task in spec.tasks))


def _mapped(task: Task, source: random.Random) -> Task:
    if task.kind is not Kind.PYTHON or task.role is not Role.WORK or source.random() > SHARE:
        return task
    items = tuple(_item(task, source) for _ in range(source.randint(1, 4)))
    return msgspec.structs.replace(task, items=items, style=Style.OPERATOR, reads=(), end=End.SUCCESS, fails=0)


def _item(task: Task, source: random.Random) -> Item:
    end = source.choice(ENDS)
    return Item(end, 0 if end is End.FAILED else source.randint(0, task.retries + 1) if task.retries else 0)
