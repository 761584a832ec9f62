"""Auto: nested where that costs no delay, and a rendezvous on the edges that would wait.

Several trees are made, timed on the durations as they may turn out, and one is taken by what is asked for: the fastest,
the one with the fewest transitions that is no slower than layers, or, by default, one that is nearly the fastest where
awaits buy enough.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf
from types import MappingProxyType
from typing import NamedTuple

from core_compiler.ir import Workflow
from core_compiler.plan.auto.candidates import Candidate, candidates
from core_compiler.plan.deadlock import circle
from core_compiler.plan.durations import Durations
from core_compiler.plan.evaluate import OVERHEAD
from core_compiler.plan.layers import leaves
from core_compiler.plan.nested.graph import Graph, binding_graph, ordered_graph
from core_compiler.plan.nested.trees import plan_of
from core_compiler.plan.nodes import Finish, Series
from core_compiler.plan.waiting import with_awaits

#: What one more transition a task has to buy, as a share of the fastest makespan.
_WORTH = 0.05
#: How much worse, in time and transitions weighed together, a candidate may be that is never slower than layers.
_SAFETY = 1.01


class Choice(NamedTuple):
    """What could be had: predicted seconds, the states that a run enters, and whether it was taken.

    The seconds are from the start of the run to the end of its last task: their mean over the draws. `late`: how many
    more tasks than need be start later than their rules would; with any it is shown, and never taken.
    """

    name: str
    seconds: float
    transitions: int
    taken: bool
    late: int = 0


class Chosen(NamedTuple):
    """The plan that was taken, what there was to choose from, and the mean of the critical path (seconds).

    `draws`: over so many draws of the durations, 1 where they are sure.
    """

    plan: Series
    choices: tuple[Choice, ...]
    critical_path: float
    draws: int = 1


def auto(workflow: Workflow, durations: Durations) -> Series:
    """The plan of an acyclic workflow with at least one task, for time and cost in balance."""
    return choose(workflow, durations, "balanced").plan


def choose(workflow: Workflow, durations: Durations, optimize: str) -> Chosen:
    """The plan of an acyclic, reduced workflow with at least one task. `optimize` is a key of OPTIMIZE."""
    made = _choose(workflow, binding_graph(workflow), durations, optimize, bound=True)
    if circle(made.plan):
        # An edge into a task with an early rule binds no plan, so order that was added can run against it: the task
        # would await what comes after it. Order added along all edges cannot.
        made = _choose(workflow, ordered_graph(workflow), durations, optimize, bound=False)
    return made


def _choose(workflow: Workflow, graph: Graph, durations: Durations, optimize: str, *, bound: bool) -> Chosen:
    """`bound`: whether no edge of the graph is into a task that may start before that."""
    seconds = [durations.seconds[name] for name in graph.names]
    found, path, draws = candidates(graph, seconds, durations.spread)
    fewest = min(one.late for one in found)
    # None that starts a task later than its rule would, where that can be helped.
    in_time = [one for one in found if one.late == fewest]
    taken = OPTIMIZE[optimize](in_time)
    # A task that looks at one other comes after it whatever its rule, and so after all that comes before that.
    edges = [(graph.names[u], graph.names[v]) for u, v in graph.edges] if bound else None
    plan = with_awaits(plan_of(taken.tree, graph.names), workflow, edges)
    # The start state comes before all of it, the finish after.
    shown = in_time if found[0] in in_time else [found[0], *in_time]
    choices = tuple(
        Choice(one.name, one.seconds + OVERHEAD, one.transitions + 2, one is taken, one.late - fewest) for one in shown
    )
    return Chosen(Series((plan, Finish(leaves(workflow)))), choices, path, draws)


def _time(found: Sequence[Candidate]) -> Candidate:
    return min(found, key=lambda one: (one.seconds, one.transitions))


def _cost(found: Sequence[Candidate]) -> Candidate:
    floor = next((one.seconds for one in found if one.name == "layers"), inf)
    return min((one for one in found if one.seconds <= floor), key=lambda one: (one.transitions, one.seconds))


def _balanced(found: Sequence[Candidate]) -> Candidate:
    fastest = _time(found).seconds or 1.0
    fewest = min(one.transitions for one in found)

    def worth(one: Candidate) -> float:
        return one.seconds / fastest + _WORTH * one.transitions / fewest

    best = min(found, key=worth)
    safe = min((one for one in found if one.safe), key=worth, default=best)
    return safe if worth(safe) <= worth(best) * _SAFETY else best


#: `--optimize NAME`: how a candidate is chosen.
OPTIMIZE: Mapping[str, Callable[[Sequence[Candidate]], Candidate]] = MappingProxyType(
    {"balanced": _balanced, "time": _time, "cost": _cost}
)
