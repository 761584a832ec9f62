"""Graphs as they come in: a number of nodes, and edges as pairs of integers or as an (m, 2) integer array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core_compiler.graph.errors import EdgeError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from typing_extensions import TypeIs

    Int64 = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.integer[Any]]
    Flags = Sequence[bool] | Bools

Pair = tuple[int, int]
Pairs = Sequence[Pair]

#: Lists and Python's big integers up to here: so small a graph is not worth the 0.27 s that importing numpy takes.
SMALL, _MOST_PAIRS = 500, 2048
#: Where the edges are an array, numpy is loaded already, and lists only win up to here, and on sparse graphs.
_MOST_ROWS, SPARSE = 400, 6


def is_array(edges: Pairs | IntArray) -> TypeIs[IntArray]:
    """Whether the edges came as an array. Asked without importing numpy."""
    return hasattr(edges, "ndim")


def fits_lists(n: int, edges: Pairs | IntArray) -> bool:
    """Whether a graph is small enough to be worked on without numpy."""
    most = min(_MOST_ROWS, SPARSE * n) if is_array(edges) else _MOST_PAIRS
    return n <= SMALL and len(edges) <= most


def as_pairs(n: int, edges: Pairs | IntArray) -> Pairs:
    """The edges as pairs of Python integers. Raises `EdgeError`, also for endpoints outside 0 to n-1."""
    if is_array(edges):
        if edges.dtype.kind not in "iu" or edges.ndim != 2 or edges.shape[1] != 2:
            raise EdgeError(f"edges must be an (m, 2) integer array, not {edges.dtype} {edges.shape}")
        pairs: Pairs = list(zip(edges[:, 0].tolist(), edges[:, 1].tolist(), strict=True))
        inside = not pairs or (int(edges.min()) >= 0 and int(edges.max()) < n)
    else:
        pairs = edges
        try:
            sources, targets = zip(*pairs, strict=True) if pairs else ((0,), (0,))
        except (TypeError, ValueError) as error:
            raise EdgeError("edges must be pairs of integers") from error
        inside = not pairs or (min(sources) >= 0 <= min(targets) and max(sources) < n > max(targets))
    if not inside:
        wrong = next(pair for pair in pairs if min(pair) < 0 or max(pair) >= n)
        raise EdgeError(f"edge {wrong} leaves the nodes 0 to {n - 1}")
    return pairs
