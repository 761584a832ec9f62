"""The verification of a workflow: run on what an importer made, and again around every pass."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from core_compiler.diagnostics import Sink, Span
from core_compiler.graph import CycleError, levels
from core_compiler.ir import rules
from core_compiler.ir.components import NoOp
from core_compiler.ir.indices import Ends, ends_of, gates_between, indexed, numbered, values_read
from core_compiler.ir.workflow import Task, Workflow

LONGEST_NAME = 250
_ITEM = re.compile(r"(.*)\[\d+\]", re.DOTALL)
MOST_RETRIES = 99_999_999
LONGEST_DELAY = 31_622_400
#: What a task without retries of its own holds: the one default object, which needs no look.
NO_RETRY = Task(id="", component=NoOp()).retry


def verify(workflow: Workflow, sink: Sink, *, sound: Workflow | None = None) -> None:
    """Report every fault of `workflow` to `sink`; it is sound when the sink has no error afterwards.

    Sound: named tasks with ids of their own, edges and arguments between tasks that are there, numbers in range, no
    cycle of edges, values read, gates and decisions, files within their folder.
    `sound` is a sound workflow that this one was made from: what both share as the
    very same objects is not looked at again.
    """
    same_tasks = sound is not None and workflow.tasks is sound.tasks
    if sound is not None and same_tasks and _drops_only(workflow, sound):
        return
    known = {task.id: task for task in workflow.tasks}
    edges, values, gates = ends_of(workflow.edges), values_read(workflow.tasks), gates_between(workflow.tasks)
    if not same_tasks:
        if not workflow.tasks:
            sink.report(rules.EMPTY_WORKFLOW, subject=workflow.name)
        _names(workflow, known, sink)
        for task in workflow.tasks:
            if task.timeout is not None or task.duration is not None or task.retry is not NO_RETRY:
                _numbers(task, sink)
    if sound is None or workflow.files is not sound.files or workflow.blobs is not sound.blobs:
        _paths(workflow, sink)
    ends = edges.upstream, edges.downstream, values.upstream, gates.upstream, gates.downstream
    foreign = {*chain(*ends), *_others(workflow)} - known.keys()
    if foreign:
        _references(workflow, edges, values, foreign, known, sink)
    _cycles(_inside(edges + values + gates if gates.upstream else edges + values, foreign), known, sink)


def _drops_only(workflow: Workflow, sound: Workflow) -> bool:
    """Whether all that differs is that edges are gone, which cannot make a sound workflow unsound."""
    rest = (workflow.leaves, workflow.groups, workflow.name) == (sound.leaves, sound.groups, sound.name)
    return rest and {id(edge) for edge in workflow.edges} <= {id(edge) for edge in sound.edges}


def _others(workflow: Workflow) -> Iterator[str]:
    """Every task that is named elsewhere than by an edge or an argument."""
    for task in workflow.tasks:
        if task.upstream:
            yield from task.upstream
        if task.gates:
            yield from (gate.task for gate in task.gates)
    yield from workflow.leaves or ()
    for group in workflow.groups:
        yield from group.tasks


def _inside(ends: Ends, foreign: set[str]) -> Ends:
    if not foreign:
        return ends
    pairs = [pair for pair in zip(*ends, strict=True) if foreign.isdisjoint(pair)]
    return Ends([up for up, _ in pairs], [down for _, down in pairs])


def _paths(workflow: Workflow, sink: Sink) -> None:
    """Files are written where their paths say, so none may lead out of its folder."""
    for path in (file.path for file in chain(workflow.files, workflow.blobs)):
        parts = path.split("/")
        if "\\" in path or "\0" in path or ":" in parts[0] or not all(part.strip(". ") for part in parts):
            sink.report(rules.BAD_PATH, subject=workflow.name, path=path)


def _names(workflow: Workflow, known: dict[str, Task], sink: Sink) -> None:
    _name("the workflow's name", workflow.name, None, sink)
    if len(known) < len(workflow.tasks):
        for task, times in Counter(task.id for task in workflow.tasks).items():
            if times > 1:
                sink.report(rules.DUPLICATE_TASK, known[task].span, subject=task, task=task)
    mapped = {task.id for task in workflow.tasks if task.mapping is not None}
    for task in workflow.tasks if mapped else ():
        match = _ITEM.fullmatch(task.id)
        if match and match.group(1) in mapped:
            sink.report(rules.NAMED_AS_AN_ITEM, task.span, subject=task.id, task=task.id, mapped=match.group(1))
    if "" in known or max(map(len, known), default=0) > LONGEST_NAME or not "".join(known).isprintable():
        for task in workflow.tasks:
            _name("the task id", task.id, task.span, sink)


def _name(what: str, name: str, span: Span | None, sink: Sink) -> None:
    fault = "empty" if not name else "too long" if len(name) > LONGEST_NAME else ""
    if not fault and not name.isprintable():
        fault = "not printable"
    if fault:
        sink.report(rules.BAD_NAME, span, subject=name[:80], what=what, name=name[:80], fault=fault)


def _references(
    workflow: Workflow, edges: Ends, values: Ends, foreign: set[str], known: dict[str, Task], sink: Sink
) -> None:
    for upstream, downstream in zip(*edges, strict=True):
        for end in (upstream, downstream):
            if end in foreign:
                what = f"the edge {upstream!r} -> {downstream!r}"
                sink.report(rules.UNKNOWN_TASK, subject=end, what=what, task=end)
    for read, reader in zip(*values, strict=True):
        if read in foreign:
            sink.report(rules.UNKNOWN_TASK, known[reader].span, subject=reader, what="an argument", task=read)
    for task in workflow.tasks:
        for upstream in task.upstream or ():
            if upstream in foreign:
                sink.report(rules.UNKNOWN_TASK, task.span, subject=task.id, what="`upstream`", task=upstream)
        for gate in task.gates:
            if gate.task in foreign:
                sink.report(rules.UNKNOWN_TASK, task.span, subject=task.id, what="a gate", task=gate.task)
        for target in task.decision.targets if task.decision else ():
            if target in foreign:
                sink.report(rules.UNKNOWN_TASK, task.span, subject=task.id, what="a decision", task=target)
    named = [("the list of leaves", leaf) for leaf in workflow.leaves or ()]
    named += [(f"the group {group.id!r}", task) for group in workflow.groups for task in group.tasks]
    for what, task in named:
        if task in foreign:
            sink.report(rules.UNKNOWN_TASK, subject=task, what=what, task=task)


def _numbers(task: Task, sink: Sink) -> None:
    retry = task.retry
    checks = (
        ("retries", retry.retries, 0, MOST_RETRIES),
        ("the retry delay", retry.delay, 0, LONGEST_DELAY),
        ("the backoff", retry.backoff, 1, 1000),
        ("the longest retry delay", retry.max_delay, 0, LONGEST_DELAY),
        ("the time-out", task.timeout, 0.001, LONGEST_DELAY),
        ("the duration", task.duration, 0, math.inf),
        *(("the retry delay of a rule", rule.delay, 0, LONGEST_DELAY) for rule in retry.rules),
    )
    for what, value, low, high in checks:
        if value is not None and not low <= value <= high:
            sink.report(
                rules.BAD_NUMBER, task.span, subject=task.id, what=what, value=value, range=f"from {low} to {high}"
            )


def _cycles(ends: Ends, known: dict[str, Task], sink: Sink) -> None:
    try:
        levels(len(known), indexed(numbered(known), ends))
    except CycleError as error:
        names = list(known)
        ids = [names[index] for index in error.cycle]
        sink.report(rules.CYCLE, known[ids[0]].span, subject=ids[0], cycle=" -> ".join([*ids, ids[0]]))
