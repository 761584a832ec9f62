"""From a graph to batches: sets of calls that run in one process, one after the other.

A batch is a piece of a run of Dask's own order, which visits a graph depth first: such a piece reads little and leaves
little. Runs of a topological order can only read from earlier ones, so batches never wait for each other in a circle.
Within a run, calls that have nothing to do with each other are apart, unless they wait for the same batches.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple

from core_compiler.graph import weak_components
from transpilers.dask.graph import Graph

Key = Hashable


class Batch(NamedTuple):
    """Calls in the order in which they run; `upstream`: the numbers of the batches that are read, rising."""

    keys: tuple[Key, ...]
    upstream: tuple[int, ...]


def batches(graph: Graph, size: int) -> list[Batch]:
    """Batches of at most `size` calls, in an order in which each comes after those that it reads."""
    keys = list(graph.nodes)
    home: dict[Key, int] = {}
    found: list[Batch] = []
    for start in range(0, len(keys), size):
        for piece in _apart(graph, keys[start : start + size], home):
            inside = set(piece)
            reads = {home[read] for key in piece for read in calls_read(graph, key) if read not in inside}
            home |= dict.fromkeys(piece, len(found))
            found.append(Batch(tuple(piece), tuple(sorted(reads))))
    return found


def calls_read(graph: Graph, key: Key) -> Iterator[Key]:
    """What a call reads of other calls: data is where it is read."""
    return (read for read in graph.nodes[key].dependencies if read in graph.nodes)


def _apart(graph: Graph, keys: Sequence[Key], home: dict[Key, int]) -> Iterator[list[Key]]:
    """What is connected within `keys`, together with what else reads from the same batches."""
    position = {key: at for at, key in enumerate(keys)}
    pairs = [(position[r], at) for at, key in enumerate(keys) for r in calls_read(graph, key) if r in position]
    together: dict[frozenset[int], list[int]] = {}
    for part in weak_components(len(keys), pairs):
        outside = frozenset(home[read] for at in part for read in calls_read(graph, keys[at]) if read not in position)
        together.setdefault(outside, []).extend(part)
    for part in together.values():
        yield [keys[at] for at in sorted(part)]
