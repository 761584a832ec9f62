"""The Airflow oracle: `dag.test()` of the Airflow that `--python` names, in a sandbox of its own."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from transpilers.rooms import interpreter
from transpilers.verify.outcome import DATE, Outcome
from transpilers.verify.sandbox import run_sandboxed

SCRIPT = Path(__file__).parent / "oracles" / "airflow_script.py"


class OracleFailed(Exception):
    """The source engine did not come to an end; the message says how it went."""


class Judged(msgspec.Struct, frozen=True):
    """A DAG file to be judged, and which of its DAGs (None: all)."""

    path: Path
    dag_ids: tuple[str, ...] | None = None


class _Answer(msgspec.Struct, frozen=True):
    outcomes: dict[str, Outcome] = {}
    error: str = ""


def run_airflow(
    files: Sequence[Judged],
    folder: Path,
    *,
    python: Path | None = None,
    allow_network: bool = False,
    time_limit: float = 600.0,
    date: str = DATE,
    conf: Mapping[str, object] | None = None,
    plugins: Path | None = None,
) -> list[dict[str, Outcome] | OracleFailed]:
    """Run the DAGs of each file; for each file a mapping from DAG id to outcome, or why there is none.

    `date`: the logical date of the runs; `conf`: what they are started with; `plugins`: a folder of Airflow's plugins.
    A file is judged as a copy in a DAG folder of its own; modules beside the original stay importable. Raises
    OracleFailed with one line where nothing came back, NoIsolation as the sandbox.
    """
    dags, home, out, request = folder / "dags", folder / "airflow", folder / "outcomes.json", folder / "request.json"
    for path in (dags, home):
        path.mkdir(parents=True, exist_ok=True)
    asked = [{"path": str(judged.path.resolve()), "dag_ids": judged.dag_ids} for judged in files]
    content = {"files": asked, "handler": _handler_parent(), "out": str(out), "date": date, "conf": conf}
    request.write_bytes(msgspec.json.encode(content))
    environment = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/oracle.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "STEPWEAVE_ORACLE_CACHE": str(_cache()),
    }
    if plugins is not None:
        environment["AIRFLOW__CORE__PLUGINS_FOLDER"] = str(plugins.resolve())
    command = [interpreter(python), str(SCRIPT), str(request)]
    ended = run_sandboxed(command, folder, environment=environment, allow_network=allow_network, time_limit=time_limit)
    if ended.code is None:
        raise OracleFailed(f"Airflow was still running after {time_limit:g} s")
    if ended.code != 0 or not out.exists():
        last = ended.stderr.strip().splitlines()[-1:] or [f"exit code {ended.code}"]
        raise OracleFailed(f"Airflow could not run it: {last[0]}")
    answers = msgspec.json.decode(out.read_bytes(), type=list[_Answer])
    return [OracleFailed(f"Airflow could not run it: {one.error}") if one.error else one.outcomes for one in answers]


def _cache() -> Path:
    """Where an empty migrated database is kept between verifications: making one takes seconds."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "stepweave"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _handler_parent() -> str:
    found = importlib.util.find_spec("handler")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent.parent)
