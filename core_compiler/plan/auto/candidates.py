"""The trees to choose from, and what each takes.

layers       each task waits for the whole layer before
nested       series-parallel order, added where that costs least
rendezvous   no order added: awaits instead
mixed        order added where it costs nothing, or where layers might be faster without; awaits elsewhere
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from core_compiler.graph import topological_order
from core_compiler.plan.auto.ease import eased
from core_compiler.plan.auto.floor import Floor
from core_compiler.plan.auto.gather import gathered
from core_compiler.plan.auto.loosen import loosen
from core_compiler.plan.auto.straighten import straightened
from core_compiler.plan.auto.tighten import tighten
from core_compiler.plan.auto.timing import TreeTiming
from core_compiler.plan.evaluate import OVERHEAD, event_ends
from core_compiler.plan.nested.depth import hoisted
from core_compiler.plan.nested.graph import Graph
from core_compiler.plan.nested.modules import Quotient
from core_compiler.plan.nested.robust import robust_tree
from core_compiler.plan.nested.samples import samples
from core_compiler.plan.nested.trees import Tree, fork

#: Above so many tasks durations that are not sure are worth no search for nested order: awaits are sound for all.
_SEARCHED_UNSURE = 500
#: How much longer than a plan without any barrier one with fewer awaits may take.
_ROOM = 1.002
_TRIALS, _TIGHTENED = 30, 300
#: So few tasks are moved about until states cost no more than in layers; trees timed for it, times tasks.
_STRAIGHTENED, _TRIALS_OF_ALL = 500, 60_000
#: Of so many tasks plans are made that are never slower than layers.
_GATHERED = 5_000
#: So many transitions a task more are tried, where durations are not sure, before order is added.
_MORE = 0.02
#: A nested plan so near to one without any barrier is taken as it is.
_NEAR = 1.003


class Candidate(NamedTuple):
    """A tree, the mean of its makespans (seconds) over the samples, and the states it enters.

    `safe`: it takes no longer than layers, if durations are not sure then whatever they turn out to be.
    """

    name: str
    tree: Tree
    seconds: float
    transitions: int
    safe: bool


class Found(NamedTuple):
    """The candidates, layers first, and the mean of the critical path over the samples (seconds)."""

    candidates: list[Candidate]
    critical_path: float


def candidates(graph: Graph, seconds: Sequence[float], spread: float) -> Found:
    """What there is to choose from; `spread` as in Durations."""
    n = len(graph.names)
    draws = samples(seconds, spread)
    before = graph.before()
    order = topological_order(n, graph.edges)
    with_overhead = [own + OVERHEAD for own in seconds]
    trials = _TRIALS_OF_ALL // n
    floor = Floor(graph)
    floor_seconds = max(floor.ends(seconds))

    def timed(name: str, tree: Tree) -> Candidate:
        timing = TreeTiming(tree, before)
        mean = fmean(map(timing.makespan, draws))
        return Candidate(name, tree, mean, timing.transitions, floor.holds(timing) if spread else mean <= floor_seconds)

    path = fmean(max(event_ends(order, before, [0] * n, draw, 0.0)) for draw in draws)

    def lighter(tree: Tree) -> Tree:
        found = eased(hoisted(tree), before)
        if n <= _STRAIGHTENED:
            found = straightened(found, before, seconds, floor, trials)
            if spread:
                found = straightened(found, before, floor.alike, floor, trials, 1 + int(_MORE * n))
        return found

    found = [timed("layers", floor.tree)]
    quotient = Quotient(n, graph.edges, with_overhead)
    quotient.contract(range(n))
    # A series-parallel graph is its own best tree: no order is added, and no search can find another.
    exact = not any(quotient.before)
    if not exact:
        if not spread or n <= _SEARCHED_UNSURE:
            found.append(timed("nested", robust_tree(graph, seconds, draws)))
        loosen(quotient)
    tree = hoisted(fork([quotient.trees[node] for node in quotient.nodes()]))
    found.append(timed("nested" if exact else "rendezvous", tree if exact else lighter(tree)))
    loose = found[-1].seconds
    if spread and n <= _GATHERED:
        safer = gathered(found[-1].tree, before, floor, draws, trials)
        found += [] if safer is None else _new(timed("mixed", hoisted(safer)), found)
    if not exact and not spread and n <= _TIGHTENED and loose * _NEAR < min(one.seconds for one in found[:-1]):
        found.append(timed("mixed", lighter(tighten(graph, with_overhead, tree, loose * _ROOM, _TRIALS))))
    return Found(found, path)


def _new(one: Candidate, found: Sequence[Candidate]) -> list[Candidate]:
    same = any((other.seconds, other.transitions) == (one.seconds, one.transitions) for other in found)
    return [] if same else [one]
