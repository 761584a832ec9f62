"""Luigi's own tests with the machine in place of the loop of Luigi's worker: their assertions are the judge.

A worker's `add` is `explore`, which the machine's first state does; its `run` compiles what was added, runs the machine
on the local engine in this process, and tells Luigi's scheduler how each task ended. Tasks are the tests' live objects,
since most of their classes are closures, so that nothing is frozen or sent; everything else is what ships.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import luigi.interface
import luigi.worker
from luigi.scheduler import DONE, FAILED, PENDING, UNKNOWN

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink, to_text
from core_compiler.ir import Edge, Retry, SourceOperator, Task, Workflow
from handler.dispatch import Call
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from handler.store import open_store
from transpilers.local import run_bundle

ADAPTER = "luigi_trees.replay"
SCHEDULE = "schedule"


class LiveTree:
    """What `stepweave_luigi.tree.Tree` is to a machine, over the objects of a test."""

    def __init__(self, worker: MachineWorker) -> None:
        self._worker = worker
        self.settings = {"worker": worker.settings, "dynamic": True, "wait": worker.waits}
        self.described = {name: {"dynamic": True} for name in worker.tasks}

    def __contains__(self, name: str) -> bool:
        return name in self.described

    def task(self, name: str) -> Any:
        return self._worker.tasks[name]

    def frozen(self, task: Any) -> Any:
        self._worker.met(task)
        return self._worker.tasks[task.task_id]


class NoFiles:
    """The tests' targets are their own."""

    def keep(self, outputs: object) -> None:
        """Leave everything where it is."""


class MachineWorker(luigi.worker.Worker):
    """Luigi's worker, whose tasks a machine runs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tasks: dict[str, Any] = {}
        self.verdicts: dict[str, Any] = {}
        self.asked: dict[str, list[str]] = {}

    @property
    def waits(self) -> bool:
        """Whether missing external tasks are waited for."""
        return self._config.retry_external_tasks

    @property
    def settings(self) -> dict[str, bool]:
        """What the machine takes from the worker's settings."""
        names = ("check_unfulfilled_deps", "check_complete_on_run")
        return {name: getattr(self._config, name) for name in names}

    def add(self, task: Any, multiprocess: bool = False, processes: int = 0) -> bool:
        from stepweave_luigi.explore import explore

        self._validate_task(task)
        if self._first_task is None:
            self._first_task = task.task_id
        found = explore([task], lambda one: self.tasks.setdefault(one.task_id, one), waits=self.waits)
        self._note(found)
        return not any(verdict is not None and verdict.status == "failed" for verdict in found.values())

    def met(self, task: Any) -> None:
        """A task that another asked for while it ran."""
        from stepweave_luigi.explore import judge

        if task.task_id not in self.tasks:
            self.tasks[task.task_id] = task
            self._note({task.task_id: judge(task, waits=self.waits)})

    def _note(self, found: dict[str, Any]) -> None:
        for name, verdict in found.items():
            task = self.tasks[name]
            self.verdicts[name] = verdict
            self._scheduled_tasks[name] = task
            status = PENDING
            if verdict is not None and verdict.status != "upstream_failed":
                status = DONE if verdict.status == "success" else UNKNOWN
            external = verdict is not None and verdict.status == "upstream_failed"
            deps = [one.task_id for one in task.deps()] if status == PENDING and not external else None
            self._add_task(
                worker=self._id,
                task_id=name,
                status=status,
                deps=deps,
                runnable=status == PENDING and not external,
                priority=task.priority,
                resources=task.process_resources(),
                params=task.to_str_params(),
                family=task.task_family,
                module=task.task_module,
                retry_policy_dict=luigi.worker._get_retry_policy_dict(task),
            )

    def run(self) -> bool:
        self._add_worker()
        self.run_succeeded = True
        known = dict(self.verdicts)
        records = run_machine(self)
        for name, record in sorted(records.items(), key=lambda item: item[1].ended):
            if name == SCHEDULE or (known.get(name) is not None):
                continue
            for _ in range(max(1, record.number if record.status == "failed" else 1)):
                self._tell(name, record)
        for name, asked in self.asked.items():
            if records[name].status == "upstream_failed":
                task = self.tasks[name]
                own = {"family": task.task_family, "module": task.task_module, "params": task.to_str_params()}
                self._add_task(worker=self._id, task_id=name, status=PENDING, runnable=None, new_deps=asked, **own)
        return self.run_succeeded

    def _tell(self, name: str, record: Done) -> None:
        """How a task ended, as `_handle_next_task` tells the scheduler; one that could not run stays pending."""
        from stepweave_luigi.explore import COMPLETE, Verdict

        if record.status not in ("success", "failed"):
            return
        task = self.tasks[name]
        status = DONE if record.status == "success" else FAILED
        self.verdicts[name] = COMPLETE if status == DONE else Verdict("failed", record.error)
        self.run_succeeded &= status == DONE
        self._add_task(
            worker=self._id,
            task_id=name,
            status=status,
            expl="" if record.error is None else record.error.message,
            resources=task.process_resources(),
            runnable=None,
            params=task.to_str_params(),
            family=task.task_family,
            module=task.task_module,
            retry_policy_dict=luigi.worker._get_retry_policy_dict(task),
        )


class Current:
    """The worker whose tasks run, and how many machines have run in this process."""

    worker: MachineWorker
    machines = 0


def run_machine(worker: MachineWorker) -> dict[str, Done]:
    """The done records of a run of what the worker was given, by task."""
    import stepweave_luigi.agenda as agenda

    workflow, sink = workflow_of(worker), Sink()
    compiled = compile_workflow(workflow, sink)
    assert compiled is not None, to_text(sink.diagnostics)
    Current.worker = worker
    Current.machines += 1
    own_note = agenda.note

    def note(origin: Any, wanted: Any) -> None:
        worker.asked[origin.task] = [task.task_id for task in wanted]
        own_note(origin, wanted)

    agenda.note = note
    agenda.describe = lambda task: {}  # pyright: ignore
    agenda.make = lambda described, name: worker.tasks[name]  # pyright: ignore
    with tempfile.TemporaryDirectory() as scratch:
        bundle, place = Path(scratch) / "bundle", (Path(scratch) / "store").as_uri()
        assert write_bundle(compiled, bundle, sink)
        result = run_bundle(bundle, store=place, in_process=True, max_retry_wait=1)
        assert result.run, to_text(result.diagnostics)
        store = open_store(place)
        prefix = task_keys(result.run, "x").done.removesuffix("x")
        found = [done_from_bytes(key, store.get(key) or b"") for key in store.list(prefix)]
    return {record.task: record for record in found}


def workflow_of(worker: MachineWorker) -> Workflow:
    """A machine's workflow as the importer makes one: `schedule` first, then each task after those it requires."""
    from stepweave_luigi.describe import is_external

    tasks = [Task(id=SCHEDULE, component=SourceOperator(f"{ADAPTER}:schedule"))]
    edges: list[Edge] = []
    for name, task in worker.tasks.items():
        runs = worker.verdicts[name] is None and not is_external(task)
        deps = tuple(dict.fromkeys(one.task_id for one in task.deps())) if runs else ()
        edges += [Edge(dep, name) for dep in deps or (SCHEDULE,)]
        count, timeout = task.retry_count or 1, task.worker_timeout or worker._config.timeout
        tasks.append(
            Task(
                id=name,
                component=SourceOperator(f"{ADAPTER}:run"),
                upstream=deps or (SCHEDULE,),
                dynamic=True,
                retry=Retry(retries=max(0, count - 1), delay=1),
                timeout=timeout or None,
            )
        )
    return Workflow(name="replay", tasks=tuple(tasks), edges=tuple(edges), leaves=tuple(worker.tasks) or None)


def schedule(call: Call) -> None:
    """The first state: what `add` found out."""
    from stepweave_luigi.verdicts import write

    assert call.origin is not None
    for name, verdict in list(Current.worker.verdicts.items()):
        if verdict is not None:
            write(call.origin, name, verdict)


def run(call: Call) -> None:
    """A task's state."""
    from stepweave_luigi import worker as shipped
    from stepweave_luigi.world import _LOCK, World

    assert call.origin is not None
    tree = LiveTree(Current.worker)
    if shipped.ended_elsewhere(call.config, call.origin, tree):  # pyright: ignore
        return
    with _LOCK:
        shipped._run(tree.task(call.origin.task), call.config, call.origin, World(tree, NoFiles()))  # pyright: ignore


def install() -> None:
    """Let every worker that Luigi's tests make be one whose tasks a machine runs."""
    from stepweave_luigi import worker as shipped

    shipped._POLL_SECONDS = 1  # pyright: ignore
    # The events of new tasks name the entry that ships.
    shipped.run = run
    luigi.worker.Worker = MachineWorker  # pyright: ignore
    luigi.interface.worker.Worker = MachineWorker  # pyright: ignore
