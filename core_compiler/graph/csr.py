"""Edges as one sorted array of keys, and the compressed rows read from it. Imports numpy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from core_compiler.graph.errors import EdgeError
from core_compiler.graph.pairs import Pairs, is_array

if TYPE_CHECKING:
    from core_compiler.graph.pairs import Int64, IntArray

_LOW = 0xFFFFFFFF


@dataclass(frozen=True, eq=False)
class Csr:
    """The distinct edges of a graph, sorted by source, then target.

    `keys`: (m,) the edges as `as_keys` makes them, rising. `sources`, `targets`: (m,) both ends of each edge.
    `pointers`: (n + 1,) the edges out of node u are those from `pointers[u]` up to `pointers[u + 1]`.
    """

    n: int
    keys: Int64
    sources: Int64
    targets: Int64
    pointers: Int64

    @property
    def outgoing(self) -> Int64:
        """(n,) the number of edges out of each node."""
        return np.diff(self.pointers)

    @property
    def incoming(self) -> Int64:
        """(n,) the number of edges into each node."""
        return np.bincount(self.targets, minlength=self.n)


def as_keys(n: int, edges: Pairs | IntArray) -> Int64:
    """(m,) one integer an edge, source in the upper and target in the lower 32 bits, in input order.

    Sorted keys are edges sorted by source, then target. Raises `EdgeError` as `as_pairs` does.
    """
    if is_array(edges):
        array = edges
    else:
        try:
            flat = np.fromiter(chain.from_iterable(edges), np.int64)
        except TypeError as error:
            raise EdgeError("edges must be pairs of integers") from error
        if len(flat) != 2 * len(edges):
            raise EdgeError("edges must be pairs of integers")
        array = flat.reshape(-1, 2)
    if array.dtype.kind not in "iu" or array.ndim != 2 or array.shape[1] != 2:
        raise EdgeError(f"edges must be an (m, 2) integer array, not {array.dtype} {array.shape}")
    if len(array) and not (array.min() >= 0 and array.max() < n):
        row = np.flatnonzero(((array < 0) | (array >= n)).any(axis=1))[0]
        raise EdgeError(f"edge ({array[row, 0]}, {array[row, 1]}) leaves the nodes 0 to {n - 1}")
    keys = array[:, 0].astype(np.int64)
    keys <<= 32
    keys |= array[:, 1].astype(np.int64, copy=False)
    return keys


def distinct(keys: Int64) -> Int64:
    """The keys sorted, each once."""
    if not (keys[1:] > keys[:-1]).all():
        keys = np.sort(keys)
        fresh = keys[1:] != keys[:-1]
        if not fresh.all():
            keys = keys[np.concatenate(([True], fresh))]
    return keys


def compress(n: int, keys: Int64) -> Csr:
    """The rows of the graph with these distinct, sorted keys."""
    sources = keys >> 32
    pointers = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(sources, minlength=n), out=pointers[1:])
    return Csr(n, keys, sources, keys & _LOW, pointers)


def transpose(graph: Csr) -> Csr:
    """The graph with every edge turned round."""
    return compress(graph.n, np.sort((graph.targets << 32) | graph.sources))


def targets_of(graph: Csr, nodes: Int64) -> Int64:
    """The targets of all edges out of `nodes`, row after row."""
    first = graph.pointers[nodes]
    counts = graph.pointers[nodes + 1] - first
    total = int(counts.sum())
    gaps = np.repeat(first - (np.cumsum(counts) - counts), counts)
    return graph.targets[gaps + np.arange(total)]
