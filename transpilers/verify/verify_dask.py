"""Verification of Dask collections: compile, run both sides, compare the values by Dask's own `assert_eq`."""

from __future__ import annotations

import secrets
import sys
import tempfile
from pathlib import Path
from typing import cast

import msgspec

from core_compiler.bundle import write_bundle
from core_compiler.compiler import compile_workflow
from core_compiler.diagnostics import Sink
from handler.binary import KEY_VARIABLE, binary_of, payload
from handler.json_types import Json
from handler.records import done_from_bytes
from handler.store import open_store
from handler.values import stored_bytes
from transpilers.importer import Imported
from transpilers.verify import rules
from transpilers.verify.airflow import OracleFailed
from transpilers.verify.machine import MachineFailed, run_machine
from transpilers.verify.outcome import Outcome
from transpilers.verify.report import Difference, Report, Unstable
from transpilers.verify.sandbox import NoIsolation, run_sandboxed

SCRIPT = Path(__file__).parent / "oracles" / "dask_script.py"
RESULT, RETURN_VALUE = "result", "return_value"
#: Where a batch that fails leaves what was raised (`handler.components.pickled`).
EXCEPTION = "exception"


class DaskSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How to verify. `source`: the user's working folder; `time_limit`: seconds for each side."""

    source: Path
    structure: str = "auto"
    optimize: bool = True
    allow_network: bool = False
    time_limit: float = 600.0


class _Answer(msgspec.Struct, frozen=True):
    repr: str | None
    error: str | None
    differs: str | None
    unstable: bool


def verify_dask(spec: str, imported: Imported, settings: DaskSettings) -> Report:
    """Verify one collection. It is equal only if it was taken, both sides ended alike, and the value is the same.

    Where it differs, Dask computes it once more: a value that differs from itself is unstable and not judged.
    """
    sink = Sink()
    sink.extend(imported.diagnostics)
    [entry] = imported.workflows
    compiled = entry.workflow and compile_workflow(entry.workflow, sink, structure_name=settings.structure)
    with tempfile.TemporaryDirectory(prefix="stepweave-verify-") as scratch:
        folder = Path(scratch)
        if compiled is None or not write_bundle(compiled, folder / "bundle", sink):
            return Report(False, 0, 0, (), (), sink.diagnostics)
        key = secrets.token_hex(32)
        try:
            machine = run_machine(
                folder / "bundle",
                folder / "machine",
                environment={KEY_VARIABLE: key},
                allow_network=settings.allow_network,
                time_limit=settings.time_limit,
            )
            value = _pickle(machine, key)
            failure = None if machine.state == "success" else _failure(folder / "machine" / "store", key)
            source = _dask(spec, folder, value, failure, settings)
        except NoIsolation:
            sink.report(rules.NO_ISOLATION, subject=entry.id)
            return Report(False, 0, 0, (), (), sink.diagnostics)
        except (OracleFailed, MachineFailed) as failed:
            sink.report(rules.NOT_RUN, subject=entry.id, reason=failed)
            return Report(False, 0, 0, (), (), sink.diagnostics)
    differences: list[Difference] = []
    unstable: list[Unstable] = []
    theirs = "success" if source.error is None else f"failed: {source.error}"
    if (source.error is None) != (machine.state == "success"):
        differences.append(Difference(entry.id, "", "run", theirs, machine.state))
    elif source.error is not None and (failure is None or source.differs is not None):
        # Failing alike means by the same kind of exception: a worker without a module fails too.
        ours = source.differs or "failed, and no call raised an exception"
        differences.append(Difference(entry.id, "", "run", theirs, ours))
    elif source.differs is not None and source.unstable:
        unstable.append(Unstable(entry.id, RESULT, "value"))
    elif source.differs is not None:
        differences.append(Difference(entry.id, RESULT, "value", source.repr, source.differs))
    return Report(
        equal=not differences and not sink.failed,
        tasks=len(machine.tasks),
        values=int(value is not None),
        differences=tuple(differences),
        unstable=tuple(unstable),
        diagnostics=sink.diagnostics,
    )


def _pickle(machine: Outcome, key: str) -> bytes | None:
    """The pickle of the result, its signature checked; it is read in the sandbox alone."""
    found = machine.values.get(RESULT, {}).get(RETURN_VALUE)
    data = found if isinstance(found, bytes) else binary_of(cast("Json", found))
    return None if data is None else bytes(payload("the result", data, key))


def _failure(store: Path, key: str) -> bytes | None:
    """The pickle of the exception that a call raised, and of its traceback; None where none did."""
    opened = open_store(store.as_uri())
    for path in sorted(store.rglob("done/*")):
        record = done_from_bytes(path.name, path.read_bytes())
        if EXCEPTION in record.values:
            data = stored_bytes(opened, record, EXCEPTION)
            return bytes(payload(f"the exception of {record.task}", data, key))
    return None


def _dask(spec: str, folder: Path, value: bytes | None, failure: bytes | None, settings: DaskSettings) -> _Answer:
    own = folder / "source"
    own.mkdir()
    told: dict[str, str | None] = {"value": None, "failure": None}
    for name, data in (("value", value), ("failure", failure)):
        if data is not None:
            (own / name).write_bytes(data)
            told[name] = str(own / name)
    out = own / "out.json"
    request = {
        "folder": str(settings.source.resolve()),
        "spec": spec,
        "optimize": settings.optimize,
        **told,
        "out": str(out),
    }
    (own / "request.json").write_bytes(msgspec.json.encode(request))
    command = [sys.executable, "-P", str(SCRIPT), str(own / "request.json")]
    ended = run_sandboxed(
        command, own, environment={}, allow_network=settings.allow_network, time_limit=settings.time_limit
    )
    if ended.code is None:
        raise OracleFailed(f"Dask was still computing after {settings.time_limit:g} s")
    if not out.exists():
        last = ended.stderr.strip().splitlines()[-1:] or [f"exit code {ended.code}"]
        raise OracleFailed(f"Dask could not compute it: {last[0]}")
    return msgspec.json.decode(out.read_bytes(), type=_Answer)
