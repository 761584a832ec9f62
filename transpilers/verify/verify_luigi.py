"""Verification of Luigi task trees: compile, run both sides, compare statuses and every byte that was left."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

import msgspec

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from handler.keys import segment
from handler.records import done_from_bytes
from handler.store import open_store
from transpilers.importer import Imported
from transpilers.verify import rules
from transpilers.verify.airflow import OracleFailed
from transpilers.verify.luigi import SEED, Left, run_luigi
from transpilers.verify.machine import MachineFailed, run_machine
from transpilers.verify.report import Difference, Report, Unstable
from transpilers.verify.sandbox import NoIsolation

#: Where the runtime keeps files, as `stepweave_luigi.places` has it.
DURABLE = "durable/files"
#: Of the workflow, not of Luigi.
SCHEDULE = "schedule"
SHOWN = 60


class LuigiSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How to verify. `python`: whose Luigi judges; `source`: where `luigi` would be called; `staged`: files that are
    there before, by path; `time_limit`: seconds for each side."""

    python: str
    source: Path
    structure: str = "auto"
    staged: Mapping[str, bytes] = {}
    allow_network: bool = False
    time_limit: float = 600.0


def verify_luigi(arguments: Sequence[str], imported: Imported, settings: LuigiSettings) -> Report:
    """Verify one tree. It is equal only if it was taken, both sides ended, and nothing differs.

    Where something does, Luigi runs again: what differs from itself is unstable, listed and not judged.
    """
    sink = Sink()
    sink.extend(imported.diagnostics)
    [entry] = imported.workflows
    compiled = entry.workflow and compile_workflow(entry.workflow, sink, structure_name=settings.structure)
    with tempfile.TemporaryDirectory(prefix="stepweave-verify-") as scratch:
        folder = Path(scratch)
        if compiled is None or not write_bundle(compiled, folder / "bundle", sink):
            return Report(False, 0, 0, (), (), sink.diagnostics)
        retries = any(task.retry.retries for task in compiled.workflow.tasks)
        try:
            first = _luigi(arguments, folder / "first", settings, retries)
            machine = _machine(folder / "bundle", folder / "machine", settings)
            differences = compare(entry.id, first, machine)
            unstable: tuple[Unstable, ...] = ()
            if differences:
                again = compare(entry.id, first, _luigi(arguments, folder / "again", settings, retries))
                shaky = {(found.task, found.kind) for found in again}
                unstable = tuple(Unstable(entry.id, task, kind) for task, kind in sorted(shaky))
                differences = [found for found in differences if (found.task, found.kind) not in shaky]
        except NoIsolation:
            sink.report(rules.NO_ISOLATION, subject=entry.id)
            return Report(False, 0, 0, (), (), sink.diagnostics)
        except (OracleFailed, MachineFailed) as failed:
            sink.report(rules.NOT_RUN, subject=entry.id, reason=failed)
            return Report(False, 0, 0, (), (), sink.diagnostics)
    return Report(
        equal=not differences and not sink.failed,
        tasks=len(first.tasks),
        values=len(first.files) + len(first.mock),
        differences=tuple(differences),
        unstable=unstable,
        diagnostics=sink.diagnostics,
    )


def compare(name: str, source: Left, machine: Left) -> list[Difference]:
    """Every difference: of the run's end, of a task's status, of a file's or mock target's bytes.

    What Luigi never looked at, because only what is complete requires it, the machine calls skipped.
    """
    found: list[Difference] = []
    if source.state != machine.state:
        found.append(Difference(name, "", "run", source.state, machine.state))
    for task in sorted({*source.tasks, *machine.tasks}):
        theirs, ours = source.tasks.get(task, "skipped"), machine.tasks.get(task, "skipped")
        if theirs != ours:
            found.append(Difference(name, task, "state", theirs, ours))
    for kind, left, right in (("file", source.files, machine.files), ("mock", source.mock, machine.mock)):
        for path in sorted({*left, *right}):
            if left.get(path) != right.get(path):
                found.append(Difference(name, path, kind, _shown(left.get(path)), _shown(right.get(path))))
    return found


def _shown(data: bytes | None) -> str:
    if data is None:
        return "(not there)"
    more = "..." if len(data) > SHOWN else ""
    return f"{len(data)} bytes: {data[:SHOWN].decode('utf-8', 'backslashreplace')}{more}"


def _luigi(arguments: Sequence[str], folder: Path, settings: LuigiSettings, retries: bool) -> Left:
    return run_luigi(
        arguments,
        folder,
        settings.source,
        python=settings.python,
        staged=settings.staged,
        retries=retries,
        allow_network=settings.allow_network,
        time_limit=settings.time_limit,
    )


def _machine(bundle: Path, folder: Path, settings: LuigiSettings) -> Left:
    folder.mkdir(parents=True)
    store = open_store((folder / "store").as_uri())
    for path, data in settings.staged.items():
        store.put(stored_key(path), data)
    outcome = run_machine(
        bundle,
        folder,
        environment={"STEPWEAVE_LUIGI_SEED": SEED},
        allow_network=settings.allow_network,
        time_limit=settings.time_limit,
    )
    return left_by_machine(folder / "store", outcome.state)


def stored_key(path: str) -> str:
    """The key under which a machine keeps a local path."""
    kind = "root" if path.startswith("/") else "work"
    return "/".join((DURABLE, kind, *map(segment, path.strip("/").split("/"))))


def left_by_machine(store: Path, state: str) -> Left:
    """What the one run in a store that is a folder left there, read as the runtime wrote it.

    The tasks are those with a done record: also such as were asked for only while others ran.
    """
    files: dict[str, bytes] = {}
    for kind, before in (("work", ""), ("root", "/")):
        for key, data in _values(store / DURABLE / kind):
            if key[-1] != segment(""):
                files[before + "/".join(map(unquote, key))] = data
    mock = {unquote(key[-1]): data for key, data in _values(store) if len(key) > 1 and key[-2] == "mock"}
    records = [done_from_bytes(key[-1], data) for key, data in _values(store) if len(key) > 1 and key[-2] == "done"]
    tasks = {record.task: record.status for record in records if record.task != SCHEDULE}
    return Left(state, tasks, files, mock)


def _values(top: Path) -> Iterator[tuple[tuple[str, ...], bytes]]:
    for path in sorted(top.rglob("*")):
        if path.is_file():
            yield path.relative_to(top).parts, path.read_bytes()
