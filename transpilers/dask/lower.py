"""A graph to a workflow: a task for each batch, or for each level of many batches, and a blob for each file."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from typing import NamedTuple

from core_compiler.ir import (
    RETURN_VALUE,
    Blob,
    Edge,
    EdgeKind,
    FailurePolicy,
    Item,
    Literal,
    Mapping,
    PickledCalls,
    Source,
    Task,
    Workflow,
)
from handler.items import item_id
from transpilers.dask.api import short_name
from transpilers.dask.batches import Batch, batches
from transpilers.dask.graph import Graph
from transpilers.dask.pickling import pickled

Key = Hashable
FOLDER = "pickled"
#: More batches than this are no tasks of their own: those of one level become the items of one task.
MOST_TASKS = 500


class Lowered(NamedTuple):
    """A workflow, and where it leaves each key that was asked for: the task, and the name there.

    `keys`: what a task, or an item of one, computes. `levels`: how many tasks have batches for items.
    """

    workflow: Workflow
    place: dict[Key, tuple[str, str]]
    keys: dict[str, tuple[Key, ...]]
    levels: int


class _Home(NamedTuple):
    """Where a batch runs: the task, and which item of it, None where it is the task itself."""

    task: str
    row: int | None = None

    @property
    def id(self) -> str:
        return self.task if self.row is None else item_id(self.task, self.row)


def lower(
    graph: Graph,
    name: str,
    size: int,
    source: Source | None = None,
    results: Collection[Key] = frozenset(),
    most: int = MOST_TASKS,
) -> Lowered:
    """The workflow that computes a graph in batches of at most `size` calls; more than `most` run level by level.

    The task of a key among `results` is called as the key, which is then its return value. The workflow stops at the
    first failure, as Dask does. Raises `transpilers.dask.pickling.CannotPickleError`.
    """
    parts = batches(graph, size)
    homes = _homes(parts, results, most)
    task_of = {key: homes[number].id for number, batch in enumerate(parts) for key in batch.keys}
    files = pickled(graph, parts, task_of, dict.fromkeys(results, RETURN_VALUE))
    content = dict(files.content)
    rows: dict[str, list[str]] = {}
    for home, file in zip(homes, files.batches, strict=True):
        rows.setdefault(home.task, []).append(file)
    levels = {home.task for home in homes if home.row is not None}
    workflow = Workflow(
        name=name,
        tasks=tuple(
            _level(task, found, content) if task in levels else Task(id=task, component=PickledCalls(found[0]))
            for task, found in rows.items()
        ),
        edges=tuple(Edge(*pair, EdgeKind.DATA) for pair in _pairs(parts, homes)),
        failure_policy=FailurePolicy.STOP,
        source=source,
        blobs=tuple(Blob(f"{FOLDER}/{file}", content[file]) for file in sorted(content)),
    )
    place = {key: (task_of[target], files.names[target]) for key, target in graph.target.items()}
    return Lowered(workflow, place, {home.id: b.keys for home, b in zip(homes, parts, strict=True)}, len(levels))


def _homes(parts: Sequence[Batch], results: Collection[Key], most: int) -> list[_Home]:
    """A task for each batch; where these are many, an item for each that shares its level with others.

    A level is the length of the longest path to a batch, so that what is read is always of a level before.
    """
    own = [_Home(_id(batch.keys, number, results)) for number, batch in enumerate(parts)]
    if len(parts) <= most:
        return own
    level: list[int] = []
    for batch in parts:
        level.append(1 + max((level[read] for read in batch.upstream), default=-1))
    shared = [batch.keys[-1] not in results for batch in parts]
    width = Counter(at for at, is_shared in zip(level, shared, strict=True) if is_shared)
    filled: Counter[int] = Counter()
    homes: list[_Home] = []
    for number, at in enumerate(level):
        if shared[number] and width[at] > 1:
            homes.append(_Home(f"level-{at}", filled[at]))
            filled[at] += 1
        else:
            homes.append(own[number])
    return homes


def _level(task: str, found: Sequence[str], content: dict[str, bytes]) -> Task:
    """A task with a batch for each item; the list of their files is one more file."""
    listed = "\n".join(found).encode("ascii")
    name = hashlib.sha256(listed).hexdigest()
    content[name] = listed
    over = Mapping({"row": Literal(list(range(len(found))))})
    return Task(id=task, component=PickledCalls(name, rows=True), mapping=over, kwargs={"row": Item("row")})


def _pairs(parts: Sequence[Batch], homes: Sequence[_Home]) -> dict[tuple[str, str], None]:
    return dict.fromkeys(
        (homes[read].task, homes[number].task) for number, batch in enumerate(parts) for read in batch.upstream
    )


def _id(keys: tuple[Key, ...], number: int, results: Collection[Key]) -> str:
    """What the last call is called in Dask's own displays, and the number of the batch."""
    if keys[-1] in results:
        return str(keys[-1])
    return f"{short_name(keys[-1])}-{number}"
