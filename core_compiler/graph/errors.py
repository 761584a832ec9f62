"""What can be wrong with a graph."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 12


class GraphError(ValueError):
    """The input is no directed acyclic graph over the nodes 0 to n-1."""


class EdgeError(GraphError):
    """The edges are not pairs of integers, or an endpoint is not a node."""


class FlagError(GraphError):
    """There is not one flag for each edge."""

    def __init__(self, flags: int, edges: int) -> None:
        super().__init__(f"{flags} flags for {edges} edges")


class CycleError(GraphError):
    """Nodes that come before themselves.

    `cycle`: the nodes in order; an edge leads from each to the next, and from the last to the first.
    """

    def __init__(self, cycle: Sequence[int]) -> None:
        self.cycle = tuple(cycle)
        shown = [str(node) for node in self.cycle[:_SHOWN]]
        if len(self.cycle) > _SHOWN:
            shown.append("...")
        super().__init__(f"cycle of {len(self.cycle)} nodes: {' -> '.join([*shown, str(self.cycle[0])])}")
