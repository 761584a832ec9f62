"""States of one form are looked at once: what is wrong with a machine is found all the same."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.machines.suite import BROKEN, GOOD
from support.workflows import graph

from core_compiler.asl.lint import Forms, lint
from core_compiler.diagnostics import Sink
from core_compiler.emit.fitting import emit_fitting
from core_compiler.emit.parts import Weight
from core_compiler.passes import PASSES, run_passes
from core_compiler.plan import structure

State = dict[str, Any]


def codes(definition: Any, forms: Forms | None = None) -> set[str]:
    lint(definition, sink := Sink(), forms=forms)
    return {found.code for found in sink.diagnostics}


def machines() -> list[State]:
    """The parts of a lattice, whose branches are alike."""
    shape = graph(*[f"t{row}{at} t{row + 1}{to}" for row in range(6) for at in range(4) for to in {at, (at + 1) % 4}])
    ready = run_passes(shape, PASSES, Sink())
    assert ready is not None
    fitting = emit_fitting(structure(ready, "rendezvous"), ready, Weight(14_000, 25_000))
    return [json.loads(text) for text in fitting.definitions.values()]


def met() -> Forms:
    """Forms that were all met in sound machines."""
    forms = Forms()
    for definition in (*MACHINES, *GOOD.values()):
        lint(definition, Sink(), forms=forms)
    return forms


MACHINES = machines()
MET = met()


def again() -> Forms:
    """The same forms, for one more look."""
    forms = Forms()
    forms._met |= MET._met  # pyright: ignore[reportPrivateUsage]
    return forms


@pytest.mark.parametrize("machine", BROKEN, ids=lambda machine: machine.name)
def test_broken_machines_are_found_after_sound_ones(machine: Any):
    assert codes(machine.definition, again()) == codes(machine.definition)


def every(body: State) -> Iterator[tuple[State, str]]:
    """Each state of a definition: what holds it, and its name."""
    for name, state in body["States"].items():
        yield body["States"], name
        for branch in state.get("Branches", ()):
            yield from every(branch)


FAULTS: dict[str, Callable[[State], object]] = {
    "leads nowhere": lambda state: state.pop("Next", None) or state.pop("End", None),
    "leads astray": lambda state: state.update(Next="nowhere") or state.pop("End", None),
    "ends too": lambda state: state.update(End=True),
    "misspelt": lambda state: state.update(Nxt="a"),
    "no arguments": lambda state: state.update(Arguments="{% $states.result %}"),
    "unknown variable": lambda state: state.update(Output={"deep": [["{% $nobody %}"]]}),
    "no expression": lambda state: state.update(Output={"a": ["{% ("]}),
    "a path": lambda state: state.update(Output={"list": [{"x.$": ""}]}),
    "a context": lambda state: state.update(Output="{% $$ %}"),
    "catches late": lambda state: state.setdefault("Catch", []).append({"ErrorEquals": ["States.Runtime"]}),
    "retries oddly": lambda state: state.setdefault("Retry", []).append({"ErrorEquals": ["E"], "MaxAttempts": -1}),
    "no time": lambda state: state.update(TimeoutSeconds=0),
    "token": lambda state: state.update(Resource="arn:aws:states:::sqs:sendMessage.waitForTaskToken"),
    "too much": lambda state: state.update(Output="x" * 270_000),
    "sets": lambda state: state.update(Assign={"run": "{% $run %}"}),
    "sets badly": lambda state: state.update(Assign={"a-b": 1}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_any_state_is_found(fault: str):
    found: set[str] = set()
    for at in range(len(list(every(MACHINES[-1])))):
        definition = copy.deepcopy(MACHINES[-1])
        states, name = list(every(definition))[at]
        FAULTS[fault](states[name])
        wanted = codes(definition)
        if wanted & {"SW211", "SW212", "SW213"}:
            # Behind what is cut off no variable is set. That is told of as what it is.
            wanted -= {"SW205"}
        assert codes(definition, again()) == wanted
        found |= wanted
    assert found


def test_alike_states_are_told_of_once():
    definition = copy.deepcopy(MACHINES[-1])
    for states, name in every(definition):
        states[name].update(Comment=5)
    lint(definition, all_ := Sink())
    lint(definition, once := Sink(), forms=Forms())
    assert {found.code for found in all_.diagnostics} == {found.code for found in once.diagnostics}
    assert 0 < len(once.diagnostics) < len(all_.diagnostics)
