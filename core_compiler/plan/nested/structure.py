"""Nested: a series-parallel plan, as fast as the known durations allow.

    a -> c, b -> c, x -> y       becomes       Parallel(Series(Parallel(a, b), c), Series(x, y))

What is series-parallel keeps its order exactly, whatever the durations are. To all else order has to be added: where,
is sought by `exact` for few tasks and by `intervals` for more, and never so that it takes longer than layers would.
"""

from __future__ import annotations

from core_compiler.ir import Workflow
from core_compiler.plan.durations import Durations
from core_compiler.plan.layers import leaves
from core_compiler.plan.nested.graph import ordered_graph
from core_compiler.plan.nested.robust import robust_tree
from core_compiler.plan.nested.samples import samples
from core_compiler.plan.nested.trees import plan_of
from core_compiler.plan.nodes import Finish, Series


def nested(workflow: Workflow, durations: Durations) -> Series:
    """The plan of an acyclic workflow with at least one task, without rendezvous."""
    graph = ordered_graph(workflow)
    seconds = [durations.seconds[name] for name in graph.names]
    tree = robust_tree(graph, seconds, samples(seconds, durations.spread))
    return Series((plan_of(tree, graph.names), Finish(leaves(workflow))))
