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

#: Up to here lists and Python's big integers win over arrays, and numpy (0.27 s to import) is never loaded.
SMALL = 500


def is_array(edges: Pairs | IntArray) -> TypeIs[IntArray]:
    """Whether the edges came as an array. Asked without importing numpy."""
    return hasattr(edges, "ndim")


def as_pairs(n: int, edges: Pairs | IntArray) -> Pairs:
    """The edges as pairs of Python integers. Raises `EdgeError`, also for endpoints outside 0 to n-1."""
    if is_array(edges):
        if edges.dtype.kind not in "iu" or edges.ndim != 2 or edges.shape[1] != 2:
            raise EdgeError(f"edges must be an (m, 2) integer array, not {edges.dtype} {edges.shape}")
        pairs: Pairs = list(zip(edges[:, 0].tolist(), edges[:, 1].tolist(), strict=True))
    else:
        pairs = edges
    try:
        for u, v in pairs:
            if not (0 <= u < n and 0 <= v < n):
                raise EdgeError(f"edge ({u}, {v}) leaves the nodes 0 to {n - 1}")
    except (TypeError, ValueError) as error:
        if isinstance(error, EdgeError):
            raise
        raise EdgeError("edges must be pairs of integers") from error
    return pairs
