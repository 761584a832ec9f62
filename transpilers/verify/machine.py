"""The machine's side: a bundle run by the local engine in a sandbox, its records read back."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from handler.binary import is_binary
from handler.keys import task_keys
from handler.records import Done, done_from_bytes
from handler.store import Store, open_store
from transpilers.verify.outcome import DATE, Outcome, TaskOutcome
from transpilers.verify.sandbox import run_sandboxed


class MachineFailed(Exception):
    """The machine could not be run, or did not end; the message says how it went."""


class _Result(msgspec.Struct):
    status: str
    run: str
    tasks: dict[str, str | None]
    tries: dict[str, int]


def run_machine(
    bundle: Path,
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    allow_network: bool = False,
    time_limit: float = 600.0,
    conf: Mapping[str, object] | None = None,
) -> Outcome:
    """Run the bundle and tell what became of it. Raises MachineFailed with one line; NoIsolation as the sandbox."""
    store = (folder / "store").as_uri()
    # Delays are not judged, and would make a verification take minutes.
    given = {"logical_date": DATE, "run_after": DATE, **({"conf": conf} if conf else {})}
    options = ["--json", "--input", msgspec.json.encode(given).decode(), "--store", store, "--max-retry-wait", "1"]
    command = [sys.executable, "-m", "transpilers.cli", "run", str(bundle), *options]
    # As the oracle's, a folder of its own: never the one of who verifies.
    home = folder / "airflow"
    home.mkdir(parents=True, exist_ok=True)
    environment = {"AIRFLOW_HOME": str(home), **(environment or {})}
    ended = run_sandboxed(command, folder, environment=environment, allow_network=allow_network, time_limit=time_limit)
    if ended.code is None:
        raise MachineFailed(f"the machine was still running after {time_limit:g} s")
    try:
        result = msgspec.json.decode(ended.stdout, type=_Result)
    except msgspec.MsgspecError:
        last = ended.stderr.strip().splitlines()[-1:] or [f"exit code {ended.code}"]
        raise MachineFailed(f"the machine could not be run: {last[0]}") from None
    opened = open_store(store)
    tasks = {task: TaskOutcome(status, result.tries.get(task, 0)) for task, status in result.tasks.items()}
    records = {task: record for task in result.tasks if (record := _record(opened, result.run, task)) is not None}
    state = "success" if result.status == "SUCCEEDED" else "failed"
    return Outcome(
        state,
        tasks,
        values={task: _values(opened, record) for task, record in records.items() if record.values},
        skips={task: tuple(sorted(record.skips)) for task, record in records.items() if record.skips},
    )


def _record(store: Store, run: str, task: str) -> Done | None:
    key = task_keys(run, task).done
    found = store.get(key)
    return None if found is None else done_from_bytes(key, found)


def _values(store: Store, record: Done) -> dict[str, object]:
    """Everything a task left behind, by key, as the codec wrote it; bytes for what is none of its."""
    found: dict[str, object] = {}
    for name, stored in record.values.items():
        match stored:
            case {"inline": value}:
                found[name] = value
            case {"ref": str(place)}:
                data = store.get(place) or b"null"
                found[name] = data if is_binary(data) else msgspec.json.decode(data)
            case _:
                raise MachineFailed(f"task {record.task} holds no value under {name!r}")
    return found
