"""What is said once about a DAG that is taken: where the machine's behaviour is the same, but not to the letter."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator

import msgspec

from core_compiler.diagnostics import Diagnostic, Severity
from core_compiler.ir import EARLY_RULES, PythonCallable, Shell, Task, TriggerRule, Workflow
from transpilers.airflow import rules
from transpilers.airflow.uses import Site

#: Rules that make a task skipped though none of its upstream tasks is.
SKIPPING = frozenset(
    {TriggerRule.ALL_FAILED, TriggerRule.ALL_SKIPPED, TriggerRule.ONE_FAILED, TriggerRule.ALL_DONE_SETUP_SUCCESS}
)


def note(workflow: Workflow, site: Site) -> None:
    """File the notes of one DAG."""
    if workflow.schedule is not None:
        site.report(rules.SCHEDULE, schedule=workflow.schedule)
    if any(task.retry.backoff != 1 for task in workflow.tasks):
        site.report(rules.JITTER)
    early = _may_start_before_it_is_skipped(workflow)
    if early is not None:
        site.report(rules.SKIPPED_BEFORE, task=early[0], decider=early[1])
    late = _decided_late(workflow)
    if late is not None:
        site.report(rules.DECIDED_LATE, task=late)


def collapsed(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The same warning about many tasks (an argument in `default_args`) as one, at the first, that counts them."""
    kept = list(found)
    times = Counter((one.code, one.message) for one in kept)
    said: set[tuple[str, str]] = set()
    for one in kept:
        key = one.code, one.message
        if one.severity is not Severity.WARNING or times[key] == 1:
            yield one
        elif key not in said:
            said.add(key)
            yield msgspec.structs.replace(one, message=f"{one.message} (and for {times[key] - 1} more)")


def _decided_late(workflow: Workflow) -> str | None:
    """The first all_success task that may see a skipped and a failed upstream task."""
    upstream: dict[str, list[str]] = {task.id: [] for task in workflow.tasks}
    downstream: dict[str, list[str]] = {task.id: [] for task in workflow.tasks}
    for edge in workflow.edges:
        if edge.upstream in downstream and edge.downstream in upstream:
            upstream[edge.downstream].append(edge.upstream)
            downstream[edge.upstream].append(edge.downstream)
    code = "\n".join(file.text for file in workflow.files)
    pending = deque(task.id for task in workflow.tasks if _skips(task, code))
    pending += (target for task in workflow.tasks if task.decision for target in task.decision.targets)
    skipped = set(pending)
    while pending:
        for below in downstream[pending.popleft()]:
            if below not in skipped:
                skipped.add(below)
                pending.append(below)
    mapped = {task.id for task in workflow.tasks if task.mapping is not None}
    for task in workflow.tasks:
        before = upstream[task.id]
        several = len(before) > 1 or not mapped.isdisjoint(before)
        if task.rule is TriggerRule.ALL_SUCCESS and several and not skipped.isdisjoint(before):
            return task.id
    return None


def _may_start_before_it_is_skipped(workflow: Workflow) -> tuple[str, str] | None:
    """The first task that Airflow may start before another has decided to skip it, and that other."""
    tasks = {task.id: task for task in workflow.tasks}
    for decider in workflow.tasks:
        for target in decider.decision.targets if decider.decision else ():
            if tasks[target].rule in EARLY_RULES:
                return target, decider.id
    return None


def _skips(task: Task, code: str) -> bool:
    """Whether a task may end as skipped by itself."""
    match task.component:
        case Shell(skip_exit_codes=codes) | PythonCallable(shell=Shell(skip_exit_codes=codes)) if codes:
            return True
        case PythonCallable():
            return "Skip" in code or task.rule in SKIPPING
        case _:
            return task.rule in SKIPPING
