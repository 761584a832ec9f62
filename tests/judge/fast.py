"""The fast arm: a description compiled, its machine interpreted with the real handler, and held to the model."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from judge.compare import Difference, Ran, differences
from judge.machine import Finished, load, run
from judge.memory import MemoryStore
from judge.model import Ended
from judge.sandbox import Kills, Sandbox, in_process
from judge.spec import Spec
from judge.users import MODULE, code_taken_once, shipped
from judge.wire import WORK, wire

from core_compiler.compiler import Compiled, compile_workflow
from core_compiler.diagnostics import Sink, to_text
from core_compiler.ir import Workflow
from handler.items import item_id, manifest_from_bytes, manifest_key
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from transpilers.airflow.call import DagCall
from transpilers.airflow.lower import lower

NO_KILLS = Kills()
#: A tenth of all invocations dies, one in ten of those by a time-out.
KILLS = Kills(rate=0.1, timeouts=0.1)


#: How much rarer than a death it is that a waiting state is looked at and times out.
IMPATIENCE = 0.2


class Refused(Exception):
    """The compiler did not take a DAG; the message holds its diagnostics."""


class Machine(NamedTuple):
    """A compiled DAG: its definition, and the user's module that ships with it."""

    compiled: Compiled
    definition: Mapping[str, Any]
    module: str


def compiled_from(dag: DagCall, path: Path = WORK, structure: str = "auto", major: int = 3) -> Machine:
    """Compile a DAG of the wire. Raises Refused."""
    sink = Sink()
    with code_taken_once():
        workflow = lower(dag, str(path), sink, major)
    made = compile_workflow(workflow, sink, structure_name=structure) if workflow else None
    if workflow is None or made is None:
        raise Refused(to_text(sink.diagnostics))
    return Machine(made, load(made.definition), _module(workflow))


def _module(workflow: Workflow) -> str:
    return next((file.text for file in workflow.files if file.path == f"{MODULE}.py"), "")


def interpret(machine: Machine, seed: int, kills: Kills = NO_KILLS) -> Ran:
    """Run a machine, its branches in an order of the seed's."""
    source = random.Random(seed)
    sandbox = Sandbox(source, kills)
    context: dict[str, Any] = {
        "StateMachine": {"Name": machine.compiled.name, "Id": f"arn:aws:states:::{machine.compiled.name}"},
        "Execution": {"Name": f"e{seed}", "Id": f"arn:e{seed}", "StartTime": "2026-01-01T00:00:00.000Z", "Input": {}},
    }
    with in_process(), shipped(machine.module, sandbox.tries):
        finished = run(machine.definition, sandbox.invoke, source, context, sandbox.tokens, kills.rate * IMPATIENCE)
    return _read(machine, sandbox, finished)


def read_records(machine: Machine, store: MemoryStore, run: str) -> tuple[dict[str, Ended | None], dict[str, Done]]:
    """How each task of a run ended, and the done records there are."""
    tasks: dict[str, Ended | None] = {}
    records: dict[str, Done] = {}
    for task in machine.compiled.workflow.tasks:
        count = 0 if task.mapping is None else task.mapping.size() or _expanded(store, run, task.id)
        for name in (task.id, *(item_id(task.id, index) for index in range(count))):
            key = task_keys(run, name).done
            data = store.get(key)
            if data is not None:
                records[name] = done_from_bytes(key, data)
            record = records.get(name)
            tasks[name] = None if record is None else Ended(record.status, record.number)
    return tasks, records


def _expanded(store: MemoryStore, run: str, task: str) -> int:
    key = manifest_key(run, task)
    data = store.get(key)
    return 0 if data is None else manifest_from_bytes(key, data).total


def _read(machine: Machine, sandbox: Sandbox, finished: Finished) -> Ran:
    tasks, records = read_records(machine, sandbox.store, sandbox.run)
    state = {"SUCCEEDED": "success", "FAILED": "failed", "HUNG": "hung"}[finished.status]
    return Ran(tasks, state, sandbox.timed_out, sandbox.invocations, sandbox.deaths, records)


def judge_machine(spec: Spec, seed: int = 0, kills: Kills = NO_KILLS, structure: str = "auto") -> list[Difference]:
    """Compile a description, run it, and compare."""
    return differences(spec, interpret(compiled_from(wire(spec), structure=structure, major=spec.major), seed, kills))
