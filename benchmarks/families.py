"""Graph families for the benchmarks: each returns the number of nodes and an (m, 2) array of edges, sorted, acyclic.

The shapes: what schedulers hold (Airflow-like stages, Dask trees and shuffles), what numeric codes hold (FFT, Cholesky,
LU), and extremes on which a general algorithm is slow (dense, chain, hub, grid).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from math import ceil, isqrt
from random import Random

import numpy as np
import numpy.typing as npt

Edges = npt.NDArray[np.int32]
Graph = tuple[int, Edges]


def _graph(n: int, edges: Iterable[tuple[int, int]]) -> Graph:
    return n, np.array(sorted(set(edges)), np.int32).reshape(-1, 2)


def airflow(n: int) -> Graph:
    """Stages of short chains between a start and an end, with cross dependencies and shortcuts (about one in seven)."""
    random = Random(0)
    edges: list[tuple[int, int]] = []
    open_ends, node = [0], 1
    while node < n - 1:
        fresh: list[int] = []
        for _ in range(random.choice((1, 1, 2, 3, 4, 6, 8))):
            length = min(random.choice((1, 1, 2, 3, 4)), n - 1 - node)
            if length <= 0:
                break
            chain = range(node, node + length)
            node += length
            parents = random.sample(open_ends, min(len(open_ends), random.choice((1, 1, 1, 2, 3))))
            edges += [(parent, chain[0]) for parent in parents]
            edges += pairwise(chain)
            edges += [(random.randrange(task), task) for task in chain if random.random() < 0.15]
            fresh.append(chain[-1])
        open_ends = fresh + [end for end in open_ends if random.random() < 0.35]
    busy = {u for u, _ in edges}
    edges += [(u, n - 1) for u in range(n - 1) if u not in busy]
    return _graph(n, edges)


def layered(n: int) -> Graph:
    """Random edges from each layer of 40 to the next three, about seven a node."""
    random = np.random.default_rng(0)
    nodes = np.arange(n)
    found: list[npt.NDArray[np.int64]] = []
    for distance in (1, 2, 3):
        for offset in range(40):
            sources = (nodes // 40 - distance) * 40 + offset
            edges = np.stack([sources, nodes], 1)[(sources >= 0) & (random.random(n) < 0.1 / distance)]
            found.append(edges)
    return n, _sorted(np.concatenate(found))


def tree(n: int) -> Graph:
    """A Dask reduction: loads, one map each, then pairs combined until one is left."""
    leaves = max(1, n // 3)
    edges = [(leaf, leaves + leaf) for leaf in range(leaves)]
    layer, node = list(range(leaves, 2 * leaves)), 2 * leaves
    while len(layer) > 1:
        above: list[int] = []
        for first in range(0, len(layer), 2):
            edges += [(child, node) for child in layer[first : first + 2]]
            above.append(node)
            node += 1
        layer = above
    return _graph(node, edges)


def shuffle(n: int) -> Graph:
    """A Dask shuffle: p partitions, p * p pieces, p results."""
    p = max(1, isqrt(n + 1) - 1)
    pieces = np.arange(p * p).reshape(p, p) + p
    inputs = np.repeat(np.arange(p), p)
    results = np.tile(np.arange(p) + p + p * p, p)
    return 2 * p + p * p, _sorted(
        np.concatenate([np.stack([inputs, pieces.ravel()], 1), np.stack([pieces.ravel(), results], 1)])
    )


def dense(n: int) -> Graph:
    """Three in ten of all pairs."""
    random = np.random.default_rng(0)
    return n, np.argwhere(np.triu(random.random((n, n)) < 0.3, 1)).astype(np.int32)


def chain(n: int) -> Graph:
    """One after the other."""
    nodes = np.arange(n)
    return n, np.stack([nodes[:-1], nodes[1:]], 1).astype(np.int32)


def hub(n: int) -> Graph:
    """Half of the nodes before one, the other half after it."""
    k = max(1, (n - 1) // 2)
    before, after = np.arange(k), np.arange(k + 1, 2 * k + 1)
    middle = np.full(k, k)
    return 2 * k + 1, _sorted(np.concatenate([np.stack([before, middle], 1), np.stack([middle, after], 1)]))


def hub_shortcuts(n: int) -> Graph:
    """A hub, and every edge from a node before it to a node after it."""
    n, edges = hub(n)
    k = n // 2
    before, after = np.meshgrid(np.arange(k), np.arange(k + 1, n), indexing="ij")
    return n, _sorted(np.concatenate([edges, np.stack([before.ravel(), after.ravel()], 1)]))


def grid(n: int) -> Graph:
    """A square grid, right and down, with its redundant diagonals."""
    side = max(2, isqrt(n))
    cell = np.arange(side * side).reshape(side, side)
    steps = ((cell[:-1], cell[1:]), (cell[:, :-1], cell[:, 1:]), (cell[:-1, :-1], cell[1:, 1:]))
    return side * side, _sorted(np.concatenate([np.stack([a.ravel(), b.ravel()], 1) for a, b in steps]))


def fft(n: int) -> Graph:
    """A butterfly network of 2 ** k columns and k + 1 rows."""
    k = 1
    while (k + 2) << (k + 1) <= n:
        k += 1
    columns = np.arange(1 << k)
    found = [
        np.stack([(row << k) + (columns ^ other), ((row + 1) << k) + columns], 1)
        for row in range(k)
        for other in (0, 1 << row)
    ]
    return (k + 1) << k, _sorted(np.concatenate(found))


def cholesky(n: int) -> Graph:
    """Tiled Cholesky factorisation: about n tasks (T ** 3 / 6 for T * T tiles)."""
    tiles = max(2, ceil((6 * n) ** (1 / 3)) - 1)
    numbers: dict[tuple[str, int, int, int], int] = {}
    edges: list[tuple[int, int]] = []

    def task(kind: str, row: int, column: int, step: int) -> int:
        return numbers.setdefault((kind, row, column, step), len(numbers))

    def after(node: int, *before: int) -> None:
        edges.extend((u, node) for u in before)

    for k in range(tiles):
        factor = task("potrf", k, k, k)
        if k:
            after(factor, task("syrk", k, k, k - 1))
        for i in range(k + 1, tiles):
            after(task("trsm", i, k, k), factor, *([task("gemm", i, k, k - 1)] if k else []))
        for i in range(k + 1, tiles):
            after(task("syrk", i, i, k), task("trsm", i, k, k), *([task("syrk", i, i, k - 1)] if k else []))
            for j in range(k + 1, i):
                update = task("gemm", i, j, k)
                after(update, task("trsm", i, k, k), task("trsm", j, k, k))
                if k:
                    after(update, task("gemm", i, j, k - 1))
    return _graph(len(numbers), edges)


def lu(n: int) -> Graph:
    """Tiled LU factorisation: about n tasks (T ** 3 / 3 for T * T tiles)."""
    tiles = max(2, ceil((3 * n) ** (1 / 3)) - 1)
    numbers: dict[tuple[str, int, int, int], int] = {}
    edges: list[tuple[int, int]] = []

    def task(kind: str, row: int, column: int, step: int) -> int:
        return numbers.setdefault((kind, row, column, step), len(numbers))

    for k in range(tiles):
        factor = task("getrf", k, k, k)
        if k:
            edges.append((task("update", k, k, k - 1), factor))
        for i in range(k + 1, tiles):
            for kind, row, column in (("lower", i, k), ("upper", k, i)):
                panel = task(kind, row, column, k)
                edges.append((factor, panel))
                if k:
                    edges.append((task("update", row, column, k - 1), panel))
        for i in range(k + 1, tiles):
            for j in range(k + 1, tiles):
                update = task("update", i, j, k)
                edges += [(task("lower", i, k, k), update), (task("upper", k, j, k), update)]
                if k:
                    edges.append((task("update", i, j, k - 1), update))
    return _graph(len(numbers), edges)


def _sorted(edges: npt.NDArray[np.int64]) -> Edges:
    return np.unique(edges, axis=0).astype(np.int32)


#: Name, generator, and the largest size it is asked for: dense ones stop where their edges fill the memory.
FAMILIES: dict[str, tuple[Callable[[int], Graph], int]] = {
    "airflow": (airflow, 100_000),
    "layered": (layered, 20_000),
    "tree": (tree, 100_000),
    "shuffle": (shuffle, 100_000),
    "dense": (dense, 2_000),
    "chain": (chain, 100_000),
    "hub": (hub, 100_000),
    "hub shortcuts": (hub_shortcuts, 2_000),
    "grid": (grid, 90_000),
    "fft": (fft, 100_000),
    "cholesky": (cholesky, 100_000),
    "lu": (lu, 100_000),
}
