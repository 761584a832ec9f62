"""The whole way from workflow to machine: passes, plan, emission, lint."""

from __future__ import annotations

import msgspec

from core_compiler.asl.lint import lint
from core_compiler.asl.states import Machine, encode
from core_compiler.diagnostics import Sink
from core_compiler.emit import Prediction, emit, machine_name, predict
from core_compiler.ir import Edge, Workflow
from core_compiler.passes import PASSES, run_passes
from core_compiler.plan import Series, structure
from core_compiler.plan.early import starts_late
from core_compiler.plan.rules import STARTS_LATE


class Compiled(msgspec.Struct, frozen=True):
    """A compiled workflow: what it was (after the passes), what it became, and what a run will cost.

    `definition` is the machine's ASL as compact bytes; `state_of` names the state of each task; `states` counts them at
    all depths; `reduced` are edges that the transitive reduction dropped from the ordering.
    """

    workflow: Workflow
    structure: str
    plan: Series
    machine: Machine
    definition: bytes
    name: str
    state_of: dict[str, str]
    states: int
    reduced: tuple[Edge, ...]
    prediction: Prediction


def compile_workflow(workflow: Workflow, sink: Sink, *, structure_name: str = "auto") -> Compiled | None:
    """Compile one workflow; None when an error was reported to `sink`. `structure_name`: a key of plan.STRUCTURES."""
    passed = run_passes(workflow, PASSES, sink)
    if passed is None:
        return None
    plan = structure(passed, structure_name)
    late = starts_late(plan, passed)
    if late is not None:
        sink.report(STARTS_LATE, late.span, subject=late.id, task=late.id, word=late.rule.value)
    emitted = emit(plan, passed)
    definition = encode(emitted.machine)
    lint(msgspec.json.decode(definition), sink)
    if sink.failed:
        return None
    kept = {(edge.upstream, edge.downstream) for edge in passed.edges}
    return Compiled(
        workflow=passed,
        structure=structure_name,
        plan=plan,
        machine=emitted.machine,
        definition=definition,
        name=machine_name(workflow.name),
        state_of=emitted.state_of,
        states=emitted.states,
        reduced=tuple(edge for edge in workflow.edges if (edge.upstream, edge.downstream) not in kept),
        prediction=predict(plan),
    )
