"""The IR: exact JSON round trips, and a verification that finds every fault it names."""

import msgspec
import pytest
from hypothesis import given
from support.workflows import graph, workflows

from core_compiler.diagnostics import Sink
from core_compiler.ir import DictOf, Edge, ListOf, Literal, Mapping, NoOp, Output, Retry, Task, Workflow, outputs, rules
from core_compiler.ir.verify import verify
from core_compiler.passes import PASSES, run_passes


@given(workflows())
def test_json_round_trip_is_exact(workflow: Workflow):
    assert msgspec.json.decode(msgspec.json.encode(workflow), type=Workflow) == workflow


def test_outputs_are_found_at_any_depth():
    argument = ListOf((Literal(1), DictOf({"x": Output("a"), "y": ListOf((Output("b", "k"),))})))
    assert list(outputs(argument)) == [Output("a"), Output("b", "k")]


def noop(name: str, **more: object) -> Task:
    return Task(id=name, component=NoOp(), **more)


FAULTY = {
    "empty": (Workflow(name="w", tasks=()), rules.EMPTY_WORKFLOW),
    "duplicate": (Workflow(name="w", tasks=(noop("a"), noop("a"))), rules.DUPLICATE_TASK),
    "edge to nowhere": (Workflow(name="w", tasks=(noop("a"),), edges=(Edge("a", "b"),)), rules.UNKNOWN_TASK),
    "leaf of nowhere": (Workflow(name="w", tasks=(noop("a"),), leaves=("b",)), rules.UNKNOWN_TASK),
    "output of nowhere": (Workflow(name="w", tasks=(noop("a", args=(Output("b"),)),)), rules.UNKNOWN_TASK),
    "cycle": (graph("a b", "b c", "c a"), rules.CYCLE),
    "self-loop": (graph("a a"), rules.CYCLE),
    "cycle of values": (
        Workflow(name="w", tasks=(noop("a", args=(Output("b"),)), noop("b", args=(Output("a"),)))),
        rules.CYCLE,
    ),
    "upstream without an edge": (
        Workflow(name="w", tasks=(noop("a"), noop("b", upstream=("a",)))),
        rules.FOREIGN_UPSTREAM,
    ),
    "empty id": (Workflow(name="w", tasks=(noop(""),)), rules.BAD_NAME),
    "an item's id": (
        Workflow(name="w", tasks=(noop("a", mapping=Mapping(over={"x": Literal([1])})), noop("a[7]"))),
        rules.NAMED_AS_AN_ITEM,
    ),
    "newline in id": (Workflow(name="w", tasks=(noop("a\nb"),)), rules.BAD_NAME),
    "long name": (Workflow(name="w" * 300, tasks=(noop("a"),)), rules.BAD_NAME),
    "negative retries": (Workflow(name="w", tasks=(noop("a", retry=Retry(retries=-1)),)), rules.BAD_NUMBER),
    "no time at all": (Workflow(name="w", tasks=(noop("a", timeout=0.0),)), rules.BAD_NUMBER),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_is_reported_and_nothing_compiles(name: str):
    workflow, rule = FAULTY[name]
    sink = Sink()
    assert run_passes(workflow, PASSES, sink) is None
    assert rule.code in {found.code for found in sink.diagnostics}


@given(workflows())
def test_sound_workflows_have_no_finding(workflow: Workflow):
    sink = Sink()
    verify(workflow, sink)
    assert not sink.diagnostics


def test_a_cycle_is_named_task_by_task():
    sink = Sink()
    verify(graph("a b", "b c", "c a", "x a"), sink)
    (found,) = sink.diagnostics
    names = found.message.rpartition(": ")[2].split(" -> ")
    assert names[0] == names[-1]
    assert "".join(names[:-1]) in {"abc", "bca", "cab"}
