"""The whole way from workflow to machine: passes, plan, emission, lint."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.asl.limits import MAP_ITEMS
from core_compiler.asl.states import Machine
from core_compiler.diagnostics import Sink
from core_compiler.emit import Prediction, machine_name
from core_compiler.emit.fitting import emit_fitting
from core_compiler.emit.linting import lint_all
from core_compiler.emit.rules import TOO_MANY_ITEMS
from core_compiler.ir import Edge, Workflow
from core_compiler.passes import PASSES, no_collection, run_passes
from core_compiler.plan import Choice, Durations, Series, chosen
from core_compiler.plan.early import starts_late
from core_compiler.plan.rules import STARTS_LATE


class Compiled(msgspec.Struct, frozen=True):
    """A compiled workflow: what it was (after the passes), what it became, and what a run will cost.

    `definition` is the machine's ASL as compact bytes, `parts` those of the machines it starts, by name; `kept` are the
    events that no state has room for, by their path in the user's code; `state_of`
    names the state of each task; `states` counts them at all depths; `reduced` are edges that the transitive reduction
    dropped from the ordering; `choices` are what auto had to choose from, `critical_path` the predicted seconds of
    the longest chain as a mean over `draws` of the durations, and `durations` what it was predicted from, where that
    was not guessed.
    """

    workflow: Workflow
    structure: str
    plan: Series
    machine: Machine
    definition: bytes
    parts: Mapping[str, bytes]
    kept: Mapping[str, bytes]
    name: str
    state_of: dict[str, str]
    states: int
    reduced: tuple[Edge, ...]
    prediction: Prediction
    choices: tuple[Choice, ...] = ()
    critical_path: float = 0.0
    draws: int = 1
    durations: Durations | None = None


def compile_workflow(
    workflow: Workflow,
    sink: Sink,
    *,
    structure_name: str = "auto",
    durations: Durations | None = None,
    optimize: str = "balanced",
) -> Compiled | None:
    """Compile one workflow; None when an error was reported to `sink`.

    `structure_name`: a key of plan.STRUCTURES; `optimize`, of plan.OPTIMIZE; without `durations` they are guessed.
    """
    passed = run_passes(workflow, PASSES, sink)
    if passed is None or not _has_room(passed, sink):
        return None
    with no_collection():
        found = chosen(passed, structure_name, durations, optimize)
    plan = found.plan
    late = starts_late(plan, passed)
    if late is not None:
        sink.report(STARTS_LATE, late.span, subject=late.id, task=late.id, word=late.rule.value)
    with no_collection():
        fitting = emit_fitting(plan, passed)
        emitted = fitting.emitted
        lint_all(fitting.definitions, sink, {task.id: task.span for task in passed.tasks})
    if sink.failed:
        return None
    kept = {(edge.upstream, edge.downstream) for edge in passed.edges}
    return Compiled(
        workflow=passed,
        structure=structure_name,
        plan=plan,
        machine=emitted.machine,
        definition=fitting.definitions[""],
        parts={name: text for name, text in fitting.definitions.items() if name},
        kept=emitted.kept,
        name=machine_name(workflow.name),
        state_of=emitted.state_of,
        states=emitted.states,
        reduced=tuple(edge for edge in workflow.edges if (edge.upstream, edge.downstream) not in kept),
        prediction=fitting.prediction,
        choices=_counted(found.choices, fitting.prediction),
        critical_path=found.critical_path,
        draws=found.draws,
        durations=durations,
    )


def _has_room(workflow: Workflow, sink: Sink) -> bool:
    """Whether each mapped task has as many items as a Map takes, as far as that is known."""
    items = [(task, task.mapping.size() or 0) for task in workflow.tasks if task.mapping is not None]
    over = [(task, count) for task, count in items if count > MAP_ITEMS]
    for task, count in over:
        sink.report(TOO_MANY_ITEMS, task.span, subject=task.id, task=task.id, items=count, limit=MAP_ITEMS)
    return not over


def _counted(choices: tuple[Choice, ...], prediction: Prediction) -> tuple[Choice, ...]:
    """The choices with the states that all of them enter: those of items, of sensors' looks, and of child machines."""
    more = prediction.transitions - sum(choice.transitions for choice in choices if choice.taken)
    return tuple(choice._replace(transitions=choice.transitions + more) for choice in choices)
