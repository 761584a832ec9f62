"""Tasks whose end depends on what Airflow saw first: a compiled task is decided once, when all above it has ended.

*all_success* with a skip and a failure above is the only rule with two answers (docs/design/007-judge.md). So is being
mapped over several tasks, whatever the rule. Where the rule and what is mapped over say different things, Airflow's
answer differs from process to process: both are members of a frozenset, and the first that is asked decides (of six
runs of an *all_skipped* task mapped over one that failed, four said skipped, two upstream_failed). What is below such a
task is as open as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import networkx as nx

from core_compiler.ir import Mapping, Task, TriggerRule, Workflow
from handler.rules import Seen, decide
from transpilers.verify.outcome import Outcome
from transpilers.verify.report import Difference

BAD = {"failed", "upstream_failed"}
EITHER = {"skipped", "upstream_failed"}


def decided_by_order(workflow: Workflow, airflow: Outcome, differences: Iterable[Difference]) -> frozenset[str]:
    """The ids of tasks that came to the one end in Airflow and to the other in the machine, and of all below them."""
    graph: nx.DiGraph[str] = nx.DiGraph([(edge.upstream, edge.downstream) for edge in workflow.edges])
    tasks = {task.id: task for task in workflow.tasks}
    either = {_id(one.task) for one in differences if one.kind == "state" and {one.source, one.machine} == EITHER}
    first = {
        name
        for name in either
        if name in tasks and name in graph and _two_answers(tasks[name], set(graph.predecessors(name)), airflow)
    }
    return frozenset(first.union(*(nx.descendants(graph, name) for name in first)))


def _two_answers(task: Task, above: set[str], airflow: Outcome) -> bool:
    looked_at = above if task.rule is TriggerRule.ALL_SUCCESS else set[str]()
    looked_at |= set(task.mapping.sources()) if task.mapping is not None else set()
    states = {outcome.state for name, outcome in airflow.tasks.items() if _id(name) in looked_at}
    if "skipped" in states and not BAD.isdisjoint(states):
        return True
    return task.mapping is not None and {_by_rule(task, above, airflow), _by_items(task.mapping, airflow)} == EITHER


def _by_rule(task: Task, above: set[str], airflow: Outcome) -> str:
    found = [outcome.state or "none" for name, outcome in airflow.tasks.items() if _id(name) in above]
    return decide(task.rule.value, cast("list[Seen]", found))


def _by_items(mapping: Mapping, airflow: Outcome) -> str:
    states = {outcome.state for name, outcome in airflow.tasks.items() if _id(name) in set(mapping.sources())}
    return "upstream_failed" if states & BAD else "skipped" if "skipped" in states else "run"


def _id(name: str) -> str:
    return name.partition("[")[0]
