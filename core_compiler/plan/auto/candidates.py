"""The trees to choose from, and what each takes.

layers       each task waits for the whole layer before
nested       series-parallel order, added where that costs least
rendezvous   no order added: awaits instead
mixed        order added where it costs nothing, or where layers might be faster without; awaits elsewhere
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
from core_compiler.plan.early import Decided
from core_compiler.plan.evaluate import OVERHEAD, event_ends
from core_compiler.plan.faults import BrokenPlan
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

    `safe`: it takes no longer than layers, if durations are not sure then whatever they turn out to be. `late`: how
    many tasks start only when all that they look at is done, though their rules may be decided before.
    """

    name: str
    tree: Tree
    seconds: float
    transitions: int
    safe: bool
    late: int = 0


class Found(NamedTuple):
    """The candidates, layers first; the mean of the critical path over draws of the durations (seconds); how many."""

    candidates: list[Candidate]
    critical_path: float
    draws: int


def candidates(graph: Graph, seconds: Sequence[float], spread: float) -> Found:
    """What there is to choose from; `spread` as in Durations."""
    n = len(graph.names)
    draws = samples(seconds, spread)
    before, early = graph.before(), graph.early
    with_overhead = [own + OVERHEAD for own in seconds]
    trials = _TRIALS_OF_ALL // n
    floor = Floor(graph)
    floor_seconds = max(floor.ends(seconds))

    def timed(name: str, tree: Tree, awaiting: str = "mixed") -> Candidate:
        timing = TreeTiming(tree, before, early)
        mean = fmean(map(timing.makespan, draws))
        safe = floor.holds(timing) if spread else mean <= floor_seconds
        return Candidate(awaiting if timing.awaits else name, tree, mean, timing.transitions, safe, timing.late)

    def if_possible(name: str, made: Callable[[], Tree | None]) -> list[Candidate]:
        # What adds order may do so against what a task with an early rule awaits: a circle, and no plan.
        try:
            tree = made()
            return [] if tree is None else [timed(name, tree)]
        except BrokenPlan:
            return []

    def safer(tree: Tree) -> Tree | None:
        found = gathered(tree, before, floor, draws, trials, early)
        return None if found is None else hoisted(found)

    def lighter(tree: Tree) -> Tree:
        found = eased(hoisted(tree), before)
        if n <= _STRAIGHTENED:
            found = straightened(found, before, seconds, floor, trials, 0, early)
            if spread:
                found = straightened(found, before, floor.alike, floor, trials, 1 + int(_MORE * n), early)
        return found

    found = [timed("layers", floor.tree)]
    quotient = Quotient(n, graph.edges, with_overhead)
    quotient.contract(range(n))
    # A series-parallel graph is its own best tree: no order is added, and no search can find another.
    exact = not any(quotient.before)
    if not exact:
        if not spread or n <= _SEARCHED_UNSURE:
            found += if_possible("nested", lambda: robust_tree(graph, seconds, draws))
        loosen(quotient)
    tree = hoisted(fork([quotient.trees[node] for node in quotient.nodes()]))
    loosest = tree if exact and not early else lighter(tree)
    found.append(timed("nested" if exact else "rendezvous", loosest, "rendezvous"))
    loose = found[-1].seconds
    if spread and n <= _GATHERED:
        found += _new(if_possible("mixed", lambda: safer(found[-1].tree)), found)
    if not exact and not spread and n <= _TIGHTENED and loose * _NEAR < min(one.seconds for one in found[:-1]):
        found += if_possible("mixed", lambda: lighter(tighten(graph, with_overhead, tree, loose * _ROOM, _TRIALS)))
    return Found(found, fmean(_paths(graph, draws)), len(draws))


def _new(some: Sequence[Candidate], found: Sequence[Candidate]) -> list[Candidate]:
    known = {(one.seconds, one.transitions) for one in found}
    return [one for one in some if (one.seconds, one.transitions) not in known]


def _paths(graph: Graph, draws: Sequence[Sequence[float]]) -> Iterator[float]:
    """The critical path with each of the draws: what no plan is faster than if nothing fails."""
    order = topological_order(len(graph.names), graph.all_edges())
    before, first = graph.before(), dict[int, Sequence[int]]()
    for task, early in graph.early.items():
        if early.decided is Decided.LAST:
            before[task] += early.others
        elif early.decided is Decided.FIRST and early.others:
            first[task] = early.others
    for draw in draws:
        yield max(event_ends(order, before, [0] * len(order), draw, 0.0, first))
