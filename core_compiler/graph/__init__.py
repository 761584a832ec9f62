"""Graphs as integer arrays: reduction, levels, order, cycles, components. Knows neither tasks nor diagnostics.

A graph is a number of nodes n and its edges, pairs of integers from 0 to n-1 in any order: a sequence of pairs or an
(m, 2) integer array. numpy is only imported for graphs above 500 nodes.
"""

from core_compiler.graph.components import weak_components
from core_compiler.graph.cycles import find_cycle
from core_compiler.graph.errors import CycleError, EdgeError, FlagError, GraphError
from core_compiler.graph.levels import levels
from core_compiler.graph.reduction import kept_edges, transitive_reduction
from core_compiler.graph.topological import topological_order

__all__ = [
    "CycleError",
    "EdgeError",
    "FlagError",
    "GraphError",
    "find_cycle",
    "kept_edges",
    "levels",
    "topological_order",
    "transitive_reduction",
    "weak_components",
]
