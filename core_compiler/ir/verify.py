"""The verification of a workflow: run on what an importer made, and again around every pass."""

from __future__ import annotations

import math
from collections import Counter

from core_compiler.diagnostics import Sink, Span
from core_compiler.graph import find_cycle
from core_compiler.ir import rules
from core_compiler.ir.arguments import outputs
from core_compiler.ir.workflow import Task, Workflow

LONGEST_NAME = 250
MOST_RETRIES = 99_999_999
LONGEST_DELAY = 31_622_400


def verify(workflow: Workflow, sink: Sink) -> None:
    """Report every fault of `workflow` to `sink`; it is sound when the sink has no error afterwards.

    Sound: named tasks with ids of their own, edges and arguments between tasks that are there, numbers in range, no
    cycle of edges and values read.
    """
    if not workflow.tasks:
        sink.report(rules.EMPTY_WORKFLOW, subject=workflow.name)
    _names(workflow, sink)
    known = {task.id: task for task in workflow.tasks}
    _references(workflow, known, sink)
    for task in workflow.tasks:
        _reads(task, known, sink)
        _numbers(task, sink)
    _cycles(workflow, known, sink)


def _names(workflow: Workflow, sink: Sink) -> None:
    _name("the workflow's name", workflow.name, None, sink)
    for task, times in Counter(task.id for task in workflow.tasks).items():
        if times > 1:
            sink.report(rules.DUPLICATE_TASK, _span(workflow, task), subject=task, task=task)
    for task in workflow.tasks:
        _name("the task id", task.id, task.span, sink)


def _name(what: str, name: str, span: Span | None, sink: Sink) -> None:
    fault = "empty" if not name else "too long" if len(name) > LONGEST_NAME else ""
    if not fault and not name.isprintable():
        fault = "not printable"
    if fault:
        sink.report(rules.BAD_NAME, span, subject=name[:80], what=what, name=name[:80], fault=fault)


def _span(workflow: Workflow, task: str) -> Span | None:
    """Where the last task of that id stands: the one to be renamed."""
    return next((one.span for one in reversed(workflow.tasks) if one.id == task), None)


def _references(workflow: Workflow, known: dict[str, Task], sink: Sink) -> None:
    named = [
        (f"the edge {edge.upstream!r} -> {edge.downstream!r}", end)
        for edge in workflow.edges
        for end in (edge.upstream, edge.downstream)
    ]
    named += [("the list of leaves", leaf) for leaf in workflow.leaves or ()]
    named += [(f"the group {group.id!r}", task) for group in workflow.groups for task in group.tasks]
    for what, task in named:
        if task not in known:
            sink.report(rules.UNKNOWN_TASK, subject=task, what=what, task=task)


def _reads(task: Task, known: dict[str, Task], sink: Sink) -> None:
    for argument in (*task.args, *task.kwargs.values()):
        for output in outputs(argument):
            if output.task not in known:
                sink.report(rules.UNKNOWN_TASK, task.span, subject=task.id, what="an argument", task=output.task)
    for upstream in task.upstream or ():
        if upstream not in known:
            sink.report(rules.UNKNOWN_TASK, task.span, subject=task.id, what="`upstream`", task=upstream)


def _numbers(task: Task, sink: Sink) -> None:
    retry = task.retry
    checks = (
        ("retries", retry.retries, 0, MOST_RETRIES),
        ("the retry delay", retry.delay, 0, LONGEST_DELAY),
        ("the backoff", retry.backoff, 1, 1000),
        ("the longest retry delay", retry.max_delay, 0, LONGEST_DELAY),
        ("the time-out", task.timeout, 0.001, LONGEST_DELAY),
        ("the duration", task.duration, 0, math.inf),
    )
    for what, value, low, high in checks:
        if value is not None and not low <= value <= high:
            sink.report(
                rules.BAD_NUMBER, task.span, subject=task.id, what=what, value=value, range=f"from {low} to {high}"
            )


def _cycles(workflow: Workflow, known: dict[str, Task], sink: Sink) -> None:
    names = list(known)
    number = {task: index for index, task in enumerate(names)}
    ends = [(edge.upstream, edge.downstream) for edge in workflow.edges]
    ends += [
        (output.task, task.id)
        for task in workflow.tasks
        for argument in (*task.args, *task.kwargs.values())
        for output in outputs(argument)
    ]
    pairs = [(number[up], number[down]) for up, down in ends if up in number and down in number]
    cycle = find_cycle(len(names), pairs)
    if cycle is not None:
        ids = [names[index] for index in cycle]
        sink.report(rules.CYCLE, known[ids[0]].span, subject=ids[0], cycle=" -> ".join([*ids, ids[0]]))
