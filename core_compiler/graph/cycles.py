"""Whether there is a cycle, and if so a short one to show."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from core_compiler.graph.errors import CycleError
from core_compiler.graph.kahn import layers, neighbours
from core_compiler.graph.pairs import Pairs, as_pairs

if TYPE_CHECKING:
    from core_compiler.graph.pairs import IntArray

#: Breadth-first searches spent on shortening the first cycle found.
_TRIES = 64


def find_cycle(n: int, edges: Pairs | IntArray) -> list[int] | None:
    """A cycle of the graph, starting at its smallest node, or None if the graph is acyclic.

    Each node has an edge to the next, the last to the first; a self-loop is a cycle of one node. It is a shortest
    cycle through one of its nodes, so no edge cuts it short; that the graph has no shorter one elsewhere is not said.
    Raises `EdgeError`. O(n + m) for an acyclic graph.
    """
    pairs = as_pairs(n, edges)
    for u, v in pairs:
        if u == v:
            return [u]
    successors, incoming = neighbours(n, pairs)
    layers(successors, incoming)
    if not any(incoming):
        return None
    core = _cyclic_core(successors, {node for node in range(n) if incoming[node]})
    best = _walk(core)
    for start in best[:_TRIES]:
        shorter = _shortest_through(core, start)
        if len(shorter) < len(best):
            best = shorter
    lowest = best.index(min(best))
    return best[lowest:] + best[:lowest]


def cycle_error(n: int, edges: Pairs | IntArray) -> CycleError:
    """The error to raise for a graph already known to be cyclic."""
    return CycleError(find_cycle(n, edges) or ())


def acyclic_layers(n: int, pairs: Pairs) -> tuple[list[list[int]], list[list[int]]]:
    """The successors of each node, and the nodes by level. Raises `CycleError`."""
    successors, incoming = neighbours(n, pairs)
    found = layers(successors, incoming)
    if any(incoming):
        raise cycle_error(n, pairs)
    return successors, found


def _cyclic_core(successors: list[list[int]], nodes: set[int]) -> dict[int, list[int]]:
    """The nodes from which a cycle can still be reached: Kahn's peeling, from the other end."""
    inner = {u: [v for v in successors[u] if v in nodes] for u in sorted(nodes)}
    predecessors: dict[int, list[int]] = {u: [] for u in inner}
    for u, targets in inner.items():
        for v in targets:
            predecessors[v].append(u)
    outgoing = {u: len(targets) for u, targets in inner.items()}
    dead = [u for u, count in outgoing.items() if not count]
    for v in dead:
        for u in predecessors[v]:
            outgoing[u] -= 1
            if not outgoing[u]:
                dead.append(u)
    gone = set(dead)
    return {u: [v for v in targets if v not in gone] for u, targets in inner.items() if u not in gone}


def _walk(core: dict[int, list[int]]) -> list[int]:
    """Follow first successors until a node comes again: every node of the core has one."""
    node = next(iter(core))
    place: dict[int, int] = {}
    while node not in place:
        place[node] = len(place)
        node = core[node][0]
    return list(place)[place[node] :]


def _shortest_through(core: dict[int, list[int]], start: int) -> list[int]:
    """A shortest cycle through `start`, which lies on one: breadth first, back to where it began."""
    parent = {start: start}
    queue = deque([start])
    while queue:
        u = queue.popleft()
        for v in core[u]:
            if v == start:
                path = [u]
                while path[-1] != start:
                    path.append(parent[path[-1]])
                return path[::-1]
            if v not in parent:
                parent[v] = u
                queue.append(v)
    raise AssertionError("the start lies on a cycle")
