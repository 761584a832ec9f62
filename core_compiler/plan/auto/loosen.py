"""Taking edges out of the nesting until it is series-parallel: what is taken out will be awaited.

    a -> c, a -> d, b -> d      with b -> d taken out      a, then c beside d; b beside both; d awaits b

No order is added, so that nothing waits longer than it must, whatever the durations turn out to be. A part with several
direct predecessors in a graph that no rule of `modules` fits any more keeps some of them, best those that

    another part has as its only predecessors: both then follow the same join;
    lead nowhere else: they then join in front of it;
    end last by the predicted times: the others have most likely ended by then.

Parts are looked at in the order of predicted starts, and again after each change.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from core_compiler.plan.nested.modules import Quotient

#: Neighbours looked at for a part to share a join with.
_MOST_SIBLINGS = 40


def loosen(quotient: Quotient) -> None:
    """Contract a contracted graph on, to one node for each weak component: edges that are in the way are taken out."""
    order = _predict_starts(quotient)
    waiting = [
        (quotient.starts[node], place, node) for place, node in enumerate(order) if len(quotient.before[node]) > 1
    ]
    heapify(waiting)
    while waiting:
        at, place, node = heappop(waiting)
        node = quotient.part_of(node)
        if len(quotient.before[node]) < 2:
            continue
        quotient.contract(sorted(_take_out(quotient, node, _siblings(quotient, node))))
        heappush(waiting, (at, place, node))


def _take_out(quotient: Quotient, node: int, siblings: list[int]) -> set[int]:
    """Take out edges into a part or a sibling of it; the parts that changed."""
    chosen, kept = _choice(quotient, node, siblings)
    gone = quotient.before[chosen] - kept
    for other in gone:
        quotient.cut(other, chosen)
    return {*gone, *kept, chosen}


def _choice(quotient: Quotient, node: int, siblings: list[int]) -> tuple[int, set[int]]:
    """The part to take edges from, and the predecessors it keeps."""
    before = quotient.before[node]
    best: set[int] = set()
    for sibling in siblings:
        theirs = quotient.before[sibling]
        if theirs < before and len(theirs) > len(best):
            best = theirs
        elif before < theirs:
            return sibling, set(before)
    private = {other for other in before if len(quotient.after[other]) == 1}
    if len(best) > 1 or (best and not private):
        return node, set(best)
    if private and len(private) < len(before):
        return node, private
    return node, {max(before, key=lambda other: (_end(quotient, other), -other))}


def _siblings(quotient: Quotient, node: int) -> list[int]:
    found: dict[int, None] = {}
    for other in sorted(quotient.before[node]):
        for sibling in quotient.after[other]:
            found[sibling] = None
            if len(found) > _MOST_SIBLINGS:
                break
        if len(found) > _MOST_SIBLINGS:
            break
    found.pop(node, None)
    return sorted(found)


def _end(quotient: Quotient, node: int) -> float:
    return quotient.starts[node] + quotient.seconds[node]


def _predict_starts(quotient: Quotient) -> list[int]:
    """Set when each part starts at the earliest; the parts in a topological order."""
    missing = {node: len(quotient.before[node]) for node in quotient.nodes()}
    order = [node for node, count in missing.items() if not count]
    for node in order:
        quotient.starts[node] = max((_end(quotient, other) for other in quotient.before[node]), default=0.0)
        for following in sorted(quotient.after[node]):
            missing[following] -= 1
            if not missing[following]:
                order.append(following)
    return order
