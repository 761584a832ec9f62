"""As few awaits as the time allows: from a plan without any barrier back to one with those that cost nothing.

`loosen` takes edges out until nothing is held up, more than needed where durations are known: much order could be added
for free. So edges are put back, those into half of the tasks that await something, then into a quarter, and so on, as
long as the nested search then still finds a tree that is fast enough. Orders are only added along one linear extension
of the whole graph, so that awaits, which follow its edges, never run against them.
"""

from __future__ import annotations

from collections.abc import Sequence

from core_compiler.plan.auto.timing import TreeTiming
from core_compiler.plan.evaluate import OVERHEAD
from core_compiler.plan.nested.extensions import Core, along, ends_of, extensions, tails_of
from core_compiler.plan.nested.graph import Graph
from core_compiler.plan.nested.intervals import Intervals
from core_compiler.plan.nested.modules import Quotient
from core_compiler.plan.nested.search import topological
from core_compiler.plan.nested.trees import Tree, substituted

#: Cuts tried of a set, while so many positions were looked at in a search; then one.
_WIDTH, _BUDGET = 2, 1_000
_EXTENSIONS = 2


def tighten(graph: Graph, seconds: Sequence[float], tree: Tree, limit: float, trials: int) -> Tree:
    """A tree with fewer awaits than `tree` that takes at most `limit` seconds, or `tree`.

    `seconds` include a state's overhead. At most `trials` searches along each of two extensions.
    """
    n = len(graph.names)
    order = topological(Quotient(n, graph.edges, seconds), range(n))
    place = _places(order)
    before = graph.before()
    core = Core([sorted(place[u] for u in before[v]) for v in order], [seconds[v] for v in order])
    best, fewest = tree, len(TreeTiming(tree, before).awaited)
    for number, extension in enumerate(extensions(core)):
        if number == _EXTENSIONS:
            break
        nodes = [order[index] for index in extension]
        found = _along(along(core, extension), substituted(tree, _places(nodes)), limit, trials)
        awaits = len(TreeTiming(substituted(found, nodes), before).awaited)
        if awaits < fewest:
            best, fewest = substituted(found, nodes), awaits
    return best


def _places(order: Sequence[int]) -> list[int]:
    place = [0] * len(order)
    for position, node in enumerate(order):
        place[node] = position
    return place


def _along(core: Core, tree: Tree, limit: float, trials: int) -> Tree:
    bare = [own - OVERHEAD for own in core.seconds]
    timing = TreeTiming(tree, core.before)
    fewest = len(timing.awaited)
    whole, tails = ends_of(core), tails_of(core)
    # Those with the most room first.
    free = sorted(timing.awaited, key=lambda node: whole[node] + tails[node] - core.seconds[node])
    kept = {node: [u for u in core.before[node] if u not in timing.awaited[node]] for node in free}
    size = len(free)
    while size >= 1 and trials:
        at = 0
        while at < len(free) and trials:
            trials -= 1
            rest = free[:at] + free[at + size :]
            looser = {node: kept[node] for node in rest}
            before = [looser.get(node, others) for node, others in enumerate(core.before)]
            search = Intervals(before, core.seconds, _WIDTH, _BUDGET, 0, floor=False)
            found = search.best(max(whole)).tree
            timing = TreeTiming(found, core.before)
            if timing.makespan(bare) <= limit and len(timing.awaited) < fewest:
                tree, free, fewest = found, rest, len(timing.awaited)
            else:
                at += size
        size //= 2
    return tree
