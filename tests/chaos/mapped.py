"""Some tasks of a random DAG mapped over a few items, each of which ends in its own way."""

from __future__ import annotations

import random

import msgspec
from judge.spec import End, Item, Kind, Role, Spec, Style, Task

SHARE = 0.3
#: How many of those that could be are mapped over what a task above them gives, and how many lists are empty.
OVER, EMPTY = 0.8, 0.1
#: How many of those that give a list are made to end well: else few items come of them.
WELL = 0.8
ENDS = (End.SUCCESS, End.SUCCESS, End.SUCCESS, End.FAILED, End.GIVEN_UP, End.SKIPPED)


def with_items(spec: Spec, seed: int) -> Spec:
    """The DAG of the same seed, a third of its tasks of plain Python mapped: over a list, or what a task gives."""
    source = random.Random(f"items of {seed}")
    tasks: dict[str, Task] = {}
    for task in spec.tasks:
        tasks[task.id] = task
        if not _can_be_mapped(task) or source.random() > SHARE:
            continue
        # Airflow refuses the rule for what a task gives.
        givers = [tasks[name] for name in task.upstream if _can_give(tasks[name]) and task.rule != "always"]
        over = source.choice(givers) if givers and source.random() < OVER else None
        if over is not None and over.gives is None and source.random() < WELL:
            over = msgspec.structs.replace(over, end=End.SUCCESS, fails=0)
        items = _items(task, source)
        if over is not None:
            given = () if source.random() < EMPTY else items
            items = given if over.gives is None else over.gives
            tasks[over.id] = msgspec.structs.replace(over, gives=items)
        tasks[task.id] = msgspec.structs.replace(
            task,
            items=items,
            over=over.id if over is not None else "",
            style=Style.OPERATOR,
            reads=(),
            end=End.SUCCESS,
            fails=0,
        )
    return msgspec.structs.replace(spec, tasks=tuple(tasks.values()))


def _can_be_mapped(task: Task) -> bool:
    return task.kind is Kind.PYTHON and task.role is Role.WORK


def _can_give(task: Task) -> bool:
    return task.kind is Kind.PYTHON and not task.is_mapped


def _items(task: Task, source: random.Random) -> tuple[Item, ...]:
    return tuple(_item(task, source) for _ in range(source.randint(1, 4)))


def _item(task: Task, source: random.Random) -> Item:
    end = source.choice(ENDS)
    return Item(end, 0 if end is End.FAILED else source.randint(0, task.retries + 1) if task.retries else 0)
