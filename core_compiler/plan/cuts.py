"""Exact series cuts: where all that comes before precedes all that comes after, by the graph itself.

    a -> c, a -> d, b -> c, b -> d, c -> e, d -> e        cuts into        {a, b} {c, d} {e}

The nodes before a cut are a prefix of every topological order. In a reduced graph the cut after a prefix is exact if
every end of the prefix (no successor in it) has an edge to every beginning of the rest (no predecessor in it): counted
while the prefix grows, each node and each edge a fixed number of times, so the whole takes O(n + m).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Neighbours = Callable[[int], Sequence[int]]


def exact_cuts(order: Sequence[int], before: Neighbours, after: Neighbours) -> list[list[int]]:
    """The parts between all exact cuts of a subgraph, each in the order given.

    `order` is a topological order of its nodes; `before` and `after` give a node's neighbours within it.
    """
    unmet = {node: len(before(node)) for node in order}
    ends: set[int] = set()
    beginnings = {node for node in order if not unmet[node]}
    joined = 0
    parts: list[list[int]] = [[]]
    for node in order:
        if parts[-1] and joined == len(ends) * len(beginnings):
            parts.append([])
        parts[-1].append(node)
        beginnings.discard(node)
        for previous in before(node):
            if previous in ends:
                # It stops being an end, and its edges no longer count; the one to `node` counted until now.
                joined -= sum(following in beginnings for following in after(previous)) + 1
                ends.discard(previous)
        ends.add(node)
        joined += sum(following in beginnings for following in after(node))
        for following in after(node):
            unmet[following] -= 1
            if not unmet[following]:
                beginnings.add(following)
                joined += sum(previous in ends for previous in before(following))
    return parts
