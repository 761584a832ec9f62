"""Many random DAGs in bad weather, and what came of them."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
from chaos.mapped import with_items
from chaos.service import Service, Weather
from judge.compare import Difference, Ran, differences
from judge.fast import Machine, compiled_from, read_records
from judge.generate import FEWEST, generate
from judge.machine import run
from judge.sandbox import in_process
from judge.spec import Features, Spec
from judge.users import shipped
from judge.wire import wire

from handler.items import task_of

COUNTS = ("hung", "early", "stories", "differing", "runs", "tasks", "items", "late_items", "fast", "invocations")


class Outcome(msgspec.Struct):
    """What one run, or many, came to. The first four are what must not be; the lists of `wrong` say where.

    `late_items`: those that only the run could tell; `fast`: runs under fail_fast with items in them.
    """

    hung: int = 0
    early: int = 0
    stories: int = 0
    differing: int = 0
    runs: int = 0
    tasks: int = 0
    items: int = 0
    late_items: int = 0
    fast: int = 0
    invocations: int = 0
    seconds: float = 0.0
    faults: Counter[str] = msgspec.field(default_factory=Counter)
    wrong: list[str] = msgspec.field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Count another run in."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults += other.faults
        self.wrong += other.wrong


def brave(
    seeds: Iterable[int], features: Features, weather: Weather, *, structure: str = "rendezvous", most: int = 40
) -> Outcome:
    """Run the DAG of each seed once."""
    total = Outcome()
    began = time.perf_counter()
    for seed in seeds:
        total.add(brave_one(with_items(generate(seed, features, FEWEST, most), seed), seed, weather, structure))
    total.seconds = time.perf_counter() - began
    return total


def brave_one(spec: Spec, seed: int, weather: Weather, structure: str) -> Outcome:
    """One run of one DAG, its branches, zombies and faults in an order of the seed's."""
    machine = compiled_from(wire(spec), structure=structure, major=spec.major)
    source = random.Random(seed)
    service = Service(source, weather)
    finished = _run(machine, service, source, weather)
    hung = finished == "HUNG"
    tasks, records = read_records(machine, service.store, service.run)
    state = {"SUCCEEDED": "success", "FAILED": "failed", "HUNG": "hung"}[finished]
    ran = Ran(tasks, state, service.timed_out, service.invocations, 0, records)
    stories = {
        f"{task} was told as {status}, and is {records[task].status if task in records else 'not done'}"
        for task, status in service.told
        if task not in records or records[task].status != status
    }
    stories |= {
        f"{task} got no items, and has one"
        for task, record in records.items()
        if record.is_whole and any(name.startswith(f"{task}[") for name in records)
    }
    found: list[Difference] = [] if hung else differences(spec, ran)
    wrong = [f"seed {seed}: hung"] * hung
    wrong += [f"seed {seed}: {task} began early" for task in service.early]
    wrong += [f"seed {seed}: {story}" for story in sorted(stories)]
    wrong += [f"seed {seed}: {difference}" for difference in found]
    mapped = Counter(task for name in records if (task := task_of(name)) != name)
    late = sum(mapped[task.id] for task in spec.tasks if task.over)
    counts = (int(hung), len(service.early), len(stories), len(found), 1, len(spec.tasks))
    fast = int(spec.fail_fast and bool(mapped))
    return Outcome(*counts, mapped.total(), late, fast, service.invocations, 0.0, service.faults, wrong)


def _run(machine: Machine, service: Service, source: random.Random, weather: Weather) -> str:
    name = machine.compiled.name
    context: dict[str, Any] = {
        "StateMachine": {"Name": name, "Id": f"arn:aws:states:::{name}"},
        "Execution": {"Name": "e", "Id": "arn:e", "StartTime": "2026-01-01T00:00:00.000Z", "Input": {}},
    }
    with in_process(), shipped(machine.module, service.tries):
        finished = run(
            machine.definition, service.invoke, source, context, service.tokens, weather.impatience, service.idle
        )
        service.close()
    return finished.status
