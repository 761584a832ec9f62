"""Transitive reduction, the technique chosen by the shape of the graph.

    level_gap       no candidate: every edge stays
    small           node_bitsets     big integers over all nodes; on lists neither this nor the filter loads numpy
    dense           dense_rows       loops over the kept edges only
    sparse          two_hops         then column_bitsets for what is left undecided

Edges that imply no order. Where a task may start before its predecessors are done (`ordered` False for the edges into
it), the reduction must not rely on them. An edge (u, v) is taken out only if a path of ordered edges, other than the
edge itself, leads from u to v, and only if it is ordered.
Claim: if every kept ordered edge (a, b) is enforced (a is done before b starts), so is every ordered edge taken out.
Proof: let G be the ordered edges alone. By the theorem of Aho, Garey and Ullman the kept ones of an acyclic G reach
what G reaches. So an edge (u, v) taken out has a path u -> ... -> v of kept ordered edges; along it each node is done
before the next starts, and "done" comes after "starts" in each node, so u is done before v starts.
Unordered edges stay: they promise nothing about time, so nothing else can promise what they are for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

from core_compiler.graph.cycles import acyclic_layers
from core_compiler.graph.errors import FlagError
from core_compiler.graph.kahn import neighbours
from core_compiler.graph.node_bitsets import redundant_by_node_bitsets
from core_compiler.graph.pairs import Pair, Pairs, as_pairs, fits_lists, is_array

if TYPE_CHECKING:
    from core_compiler.graph.pairs import Flags, IntArray


@overload
def transitive_reduction(n: int, edges: Pairs, ordered: Flags | None = None) -> list[Pair]: ...
@overload
def transitive_reduction(n: int, edges: IntArray, ordered: Flags | None = None) -> IntArray: ...
def transitive_reduction(n: int, edges: Pairs | IntArray, ordered: Flags | None = None) -> list[Pair] | IntArray:
    """The edges that remain, in input order: the fewest whose ordered ones reach what the ordered ones reached.

    `edges`: an acyclic graph over the nodes 0 to n-1, as pairs or as an (m, 2) integer array, in any order.
    `ordered`: for each edge, whether it implies an order (default: all do); one that does not is always kept, and no
    path through it makes another redundant. Of edges that are equal in ends and flag the first is kept.
    Raises `CycleError` (unordered edges count too), `EdgeError`, and `FlagError` if flags and edges differ in number.
    """
    if not is_array(edges):
        return [edges[position] for position in kept_edges(n, edges, ordered)]
    if fits_lists(n, edges):
        return edges[kept_edges(n, edges, ordered)]
    from core_compiler.graph.array_reduction import kept_on_arrays

    return edges[kept_on_arrays(n, edges, ordered)]


def kept_edges(n: int, edges: Pairs | IntArray, ordered: Flags | None = None) -> list[int]:
    """The positions, ascending, of the edges that `transitive_reduction` keeps."""
    if fits_lists(n, edges):
        return _kept_on_lists(n, as_pairs(n, edges), None if ordered is None else list(map(bool, ordered)))
    from core_compiler.graph.array_reduction import kept_on_arrays

    return kept_on_arrays(n, edges, ordered).tolist()


def _kept_on_lists(n: int, pairs: Pairs, ordered: list[bool] | None) -> list[int]:
    if ordered is not None and len(ordered) != len(pairs):
        raise FlagError(len(ordered), len(pairs))
    successors, layers = acyclic_layers(n, pairs)
    if not _can_reduce(pairs, successors, layers):
        return list(range(len(pairs)))
    order = [node for layer in layers for node in layer]
    if ordered is None:
        ordered = [True] * len(pairs)
    elif not all(ordered):
        successors, _ = neighbours(n, [pair for pair, flag in zip(pairs, ordered, strict=True) if flag])
    redundant = redundant_by_node_bitsets(successors, order)
    if all(ordered) and len(set(pairs)) == len(pairs):
        return [position for position, pair in enumerate(pairs) if pair not in redundant]
    first: dict[tuple[Pair, bool], int] = {}
    for position, (pair, flag) in enumerate(zip(pairs, ordered, strict=True)):
        if not flag or pair not in redundant:
            first.setdefault((pair, flag), position)
    return list(first.values())


def _can_reduce(pairs: Pairs, successors: list[list[int]], layers: list[list[int]]) -> bool:
    """Whether an edge may be redundant or come twice: outdegrees and level gaps as in `level_gap`."""
    if max(map(len, successors), default=0) < 2:
        return False
    level = [0] * len(successors)
    for depth, layer in enumerate(layers):
        for node in layer:
            level[node] = depth
    return any(level[v] - level[u] > 1 for u, v in pairs) or len(set(pairs)) < len(pairs)
