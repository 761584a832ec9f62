"""A graph to a workflow: a task for each batch, a blob for each file."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import NamedTuple

from core_compiler.ir import RETURN_VALUE, Blob, Edge, EdgeKind, FailurePolicy, PickledCalls, Source, Task, Workflow
from transpilers.dask.api import short_name
from transpilers.dask.batches import batches
from transpilers.dask.graph import Graph
from transpilers.dask.pickling import pickled

Key = Hashable
FOLDER = "pickled"


class Lowered(NamedTuple):
    """A workflow, and where it leaves each key that was asked for: the task, and the name there. `keys`: by task."""

    workflow: Workflow
    place: dict[Key, tuple[str, str]]
    keys: dict[str, tuple[Key, ...]]


def lower(
    graph: Graph, name: str, size: int, source: Source | None = None, results: Collection[Key] = frozenset()
) -> Lowered:
    """The workflow that computes a graph in batches of at most `size` calls.

    The task of a key among `results` is called as the key, which is then its return value. The workflow stops at the
    first failure, as Dask does. Raises `transpilers.dask.pickling.CannotPickleError`.
    """
    parts = batches(graph, size)
    ids = [_id(batch.keys, number, results) for number, batch in enumerate(parts)]
    task_of = {key: ids[number] for number, batch in enumerate(parts) for key in batch.keys}
    files = pickled(graph, parts, task_of, dict.fromkeys(results, RETURN_VALUE))
    workflow = Workflow(
        name=name,
        tasks=tuple(Task(id=task, component=PickledCalls(file)) for task, file in zip(ids, files.batches, strict=True)),
        edges=tuple(
            Edge(ids[read], ids[number], EdgeKind.DATA) for number, batch in enumerate(parts) for read in batch.upstream
        ),
        failure_policy=FailurePolicy.STOP,
        source=source,
        blobs=tuple(Blob(f"{FOLDER}/{file}", files.content[file]) for file in sorted(files.content)),
    )
    place = {key: (task_of[target], files.names[target]) for key, target in graph.target.items()}
    return Lowered(workflow, place, {task: batch.keys for task, batch in zip(ids, parts, strict=True)})


def _id(keys: tuple[Key, ...], number: int, results: Collection[Key]) -> str:
    """What the last call is called in Dask's own displays, and the number of the batch."""
    if keys[-1] in results:
        return str(keys[-1])
    return f"{short_name(keys[-1])}-{number}"
