"""What the compiler emits passes every independent validator, and its own lint, for shapes of all kinds."""

from __future__ import annotations

import json
import random

from support.validators import complaints
from support.workflows import chain, graph

from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Severity, Sink
from core_compiler.ir import (
    DictOf,
    Edge,
    FailurePolicy,
    ListOf,
    Literal,
    NoOp,
    Output,
    PythonCallable,
    Retry,
    Shell,
    Task,
    TriggerRule,
    Workflow,
)
from core_compiler.plan import STRUCTURES

AWKWARD = ["{% $x %}", "%}", "{%", "${HandlerArn}", '"', "\\", "\n", "é", "", "$", "$$", "$eval"]


def random_workflow(seed: int) -> Workflow:
    """A workflow of up to 20 tasks with awkward ids and literals; a seed reproduces it."""
    rng = random.Random(seed)
    count = rng.randint(1, 20)
    names = [f"{rng.choice(AWKWARD).strip() or 'task'} {index}" for index in range(count)]
    edges = [(left, right) for right in range(count) for left in range(right) if rng.random() < 0.2]
    tasks: list[Task] = []
    for index, name in enumerate(names):
        reads = [Output(names[left]) for left, right in edges if right == index]
        literals = Literal({"text": rng.choice(AWKWARD), "list": [rng.choice(AWKWARD), 1, None]})
        tasks.append(
            Task(
                id=name.replace("\n", " "),
                component=rng.choice([NoOp(), PythonCallable("m:f"), Shell(rng.choice(AWKWARD) or "true")]),
                args=(literals, ListOf(tuple(reads)), DictOf({"$k": literals})),
                rule=rng.choice(list(TriggerRule)),
                retry=rng.choice([Retry(), Retry(3, 0.5), Retry(2, 60, 2.0, 3600)]),
                timeout=rng.choice([None, 0.5, 4000.0]),
            )
        )
    return Workflow(
        name=f"random {seed}",
        tasks=tuple(tasks),
        edges=tuple(Edge(tasks[left].id, tasks[right].id) for left, right in edges),
        failure_policy=rng.choice(list(FailurePolicy)),
        timeout=rng.choice([None, 0.2, 3600.0]),
    )


def test_every_emitted_machine_passes_every_validator():
    cases = {"chain": chain(50), "one": chain(1), "shared": graph("a c", "b c", "x y", "a y")}
    cases |= {f"random {seed}": random_workflow(seed) for seed in range(30)}
    definitions: dict[str, dict[str, object]] = {}
    for name, workflow in cases.items():
        sink = Sink()
        compiled = compile_workflow(workflow, sink, structure_name=list(STRUCTURES)[len(definitions) % len(STRUCTURES)])
        assert compiled is not None, (name, sink.diagnostics)
        assert all(found.severity is Severity.NOTE for found in sink.diagnostics)
        definitions[name] = json.loads(compiled.definition)
    assert complaints(definitions) == []
