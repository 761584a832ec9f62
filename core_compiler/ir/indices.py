"""From tasks' ids to the integer graphs of `core_compiler.graph`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from core_compiler.graph.pairs import SMALL
from core_compiler.ir.workflow import Edge

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def numbered(ids: Iterable[str]) -> dict[str, int]:
    """Each id's place, from 0."""
    return {task: index for index, task in enumerate(dict.fromkeys(ids))}


def ends_of(edges: Iterable[Edge]) -> list[tuple[str, str]]:
    """The two ids of each edge."""
    return [(edge.upstream, edge.downstream) for edge in edges]


def indexed(
    number: Mapping[str, int], ends: Sequence[tuple[str, str]]
) -> Sequence[tuple[int, int]] | npt.NDArray[np.integer[Any]]:
    """The edges as integers: pairs for a small graph, an array for a large one, as `core_compiler.graph` likes them.

    Raises KeyError for an id that `number` lacks.
    """
    if len(number) <= SMALL:
        return [(number[upstream], number[downstream]) for upstream, downstream in ends]
    import numpy as np

    flat = np.fromiter(map(number.__getitem__, chain.from_iterable(ends)), np.int64, 2 * len(ends))
    return flat.reshape(-1, 2)
