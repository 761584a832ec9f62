"""Dask's scheduler interface: `dask.config.set(scheduler=transpilers.dask.get)` runs any computation on the machine."""

from __future__ import annotations

import atexit
import os
import threading
import uuid
import warnings
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from core_compiler.compiler import Compiled, compile_workflow
from core_compiler.diagnostics import Sink
from handler.binary import unpack
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from handler.store import Store, open_store
from handler.values import stored_bytes
from transpilers.dask import api
from transpilers.dask.engine import Ended, Engine
from transpilers.dask.graph import Graph, graph_of
from transpilers.dask.lower import Lowered, lower
from transpilers.dask.progress import Progress

if TYPE_CHECKING:
    from transpilers.dask.deployed import Deployed

Key = Hashable
#: Batches for each worker: enough to keep all busy, few enough that their price does not show.
BATCHES_PER_WORKER = 2
#: Fewer calls than this are not worth a task of their own: one costs as much as some milliseconds of work.
LEAST_CALLS = 8

#: What fits into one machine: child machines would have to be deployed too.
MOST_TASKS = 100

EXCEPTION, WARNINGS = "exception", "warnings"

Runner: TypeAlias = "Engine | Deployed"

_lock = threading.Lock()
_idle: list[Engine] = []


class RemoteTraceback(Exception):
    """Where a call's exception was raised, as text."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._text = text

    def __str__(self) -> str:
        return f"\n\n{self._text}"


def get(dsk: Any, keys: Any, *, num_workers: int | None = None, batch: int | None = None, **kwargs: Any) -> Any:
    """Compute `keys` of a Dask graph on a state machine and return their values.

    The local engine runs it, or AWS where Dask's configuration has a section `stepweave` (`transpilers.dask.deployed`).

    `keys`: a key or nested lists of keys; the answer has their form. `num_workers`: processes at once (default: one a
    core); `batch`: the most calls in one task (default: by the size of the graph). A call's exception is raised here as
    it was there, its traceback attached as its cause. Other keywords are taken for Dask's sake and not used.
    """
    wanted = api.flat(cast("list[Any]", keys)) if isinstance(keys, list) else [keys]
    graph = graph_of(dsk, wanted)
    with Progress(kwargs.get("callbacks"), graph) as progress:
        values = _computed(graph, num_workers or os.cpu_count() or 1, batch, progress)
    return api.nested(keys, {key: values[key] for key in wanted})


def _computed(graph: Graph, workers: int, batch: int | None, progress: Progress) -> dict[Key, Any]:
    size = batch or max(LEAST_CALLS, -(-len(graph.nodes) // (BATCHES_PER_WORKER * workers)))
    lowered = lower(graph, f"dask-{uuid.uuid4().hex[:12]}", size, most=MOST_TASKS)
    sink = Sink()
    compiled = compile_workflow(lowered.workflow, sink)
    if compiled is None:
        raise RuntimeError("; ".join(diagnostic.message for diagnostic in sink.diagnostics))
    engine = _take(workers)
    try:
        ended = _run(engine, compiled, lowered, progress)
    except BaseException:
        # Interrupted, or broken: what still runs in there must not go on.
        engine.close()
        raise
    try:
        return _values(engine, ended, lowered)
    finally:
        engine.forget(ended.run)
        _put_back(engine)


def _run(engine: Runner, compiled: Compiled, lowered: Lowered, progress: Progress) -> Ended:
    store = open_store(engine.store)
    for blob in lowered.workflow.blobs:
        store.put_if_absent(blob.path, blob.data)
    for path, event in compiled.kept.items():
        store.put_if_absent(path, event)

    def tell(task: str, status: str) -> None:
        if status == "running":
            progress.begun(lowered.keys.get(task, ()))
        elif status == "success":
            progress.done(lowered.keys.get(task, ()), "stepweave")

    return engine.run(compiled.name, compiled.definition, tell)


def _values(engine: Runner, ended: Ended, lowered: Lowered) -> dict[Key, Any]:
    store = open_store(engine.store)
    records: dict[str, Done] = {}
    for task in lowered.keys:
        place = task_keys(ended.run, task).done
        if (data := store.get(place)) is not None:
            records[task] = done_from_bytes(place, data)
    for record in records.values():
        if WARNINGS in record.values:
            _warn(unpack(f"the warnings of {record.task}", stored_bytes(store, record, WARNINGS), engine.key))
    failed = [record for record in records.values() if record.status == "failed"]
    if failed:
        # Others of its level may have been stopped by it, and say so: what raised says more.
        _raise(engine, store, next((record for record in failed if EXCEPTION in record.values), failed[0]))
    if ended.status != "SUCCEEDED":
        raise RuntimeError(f"the machine ended as {ended.status}: {ended.error}")
    return {
        key: unpack(repr(key), stored_bytes(store, records[task], name), engine.key)
        for key, (task, name) in lowered.place.items()
    }


def _warn(told: object) -> None:
    """Warn as the calls did, where they did."""
    for message, category, filename, line in cast("list[tuple[Warning | str, type[Warning], str, int]]", told):
        warnings.warn_explicit(message, category, filename, line)


def _raise(engine: Runner, store: Store, record: Done) -> None:
    """Raise a call's exception as it was, its remote traceback as its cause."""
    if EXCEPTION not in record.values:
        error = record.error
        raise RuntimeError(f"{record.task} failed: {error.type}: {error.message}" if error else f"{record.task} failed")
    packed = unpack(f"the exception of {record.task}", stored_bytes(store, record, EXCEPTION), engine.key)
    original, text = cast("tuple[BaseException, str]", packed)
    raise original from RemoteTraceback(text)


def _take(workers: int) -> Runner:
    settings = api.configured("stepweave")
    if settings:
        from transpilers.dask.deployed import Deployed

        return Deployed(settings, workers)
    with _lock:
        for engine in _idle:
            if engine.pid == os.getpid() and engine.concurrency == workers and engine.alive:
                _idle.remove(engine)
                return engine
    return Engine(workers)


def _put_back(engine: Runner) -> None:
    if not isinstance(engine, Engine) or not engine.alive:
        engine.close()
        return
    with _lock:
        _idle.append(engine)


@atexit.register
def close_engines() -> None:
    """End the engines that are kept for later computations."""
    with _lock:
        while _idle:
            engine = _idle.pop()
            # A forked process has them too, and must leave them alone.
            if engine.pid == os.getpid():
                engine.close()
