"""The parent's side of the live loader: a subprocess of the interpreter that has Airflow, in a sandbox."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from core_compiler.diagnostics import Span
from transpilers import isolate, rooms
from transpilers.airflow.call import DagFile, LoadFault, decode

INSIDE = Path(__file__).parent / "stepweave_live"
BOOTSTRAP = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from stepweave_live import main; del sys.path[0]; "
    "main.main(sys.argv[1:])"
)
#: The user's accounts, and what makes Airflow reach out of the sandbox.
REMOVED = (*rooms.ACCOUNTS, "AIRFLOW_CONN_", "AIRFLOW_VAR_", "AIRFLOW__SECRETS__", "AIRFLOW__DATABASE__")
FORCED = {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
}


def load(
    files: Sequence[Path],
    *,
    python: Path | None = None,
    time_limit: float = 60.0,
    stub: bool = False,
    root: Path | None = None,
) -> list[DagFile]:
    """Load files with the Airflow of `python` (default: this interpreter), one answer each, in order.

    `time_limit`: seconds for one subprocess, the import of Airflow included. `stub`: fabricate modules that are
    missing, with the network off. `root`: a folder whose modules are found besides those beside the file. Files that
    exist go in; what goes wrong is a fault in their answers. After a file that ends the subprocess, or never ends
    itself, another goes on.
    """
    start = _Start(rooms.interpreter(python), time_limit, stub, str(root.absolute()) if root else "")
    answers: list[DagFile] = []
    while len(answers) < len(files):
        left = files[len(answers) :]
        with tempfile.TemporaryDirectory(prefix="stepweave-", ignore_cleanup_errors=True) as sandbox:
            ended = _run(left, start, Path(sandbox))
            lines = _lines(Path(sandbox) / "out")
        answers += [decode(line) for line in lines]
        if len(lines) < len(left):
            # Where nothing was answered, the first file's start may be the interpreter's failure: it is told the same.
            shown = str(left[len(lines)])
            answers.append(DagFile(path=shown, faults=(LoadFault(*ended, span=Span(shown)),)))
    return answers


def environment(sandbox: Path) -> dict[str, str]:
    """The user's environment with a home and a temporary folder of its own, without accounts."""
    (sandbox / "work").mkdir()
    kept = rooms.environment(sandbox, REMOVED) | {"AIRFLOW_HOME": str(sandbox / "home" / "airflow"), **FORCED}
    if path := kept.get("PYTHONPATH"):
        kept["PYTHONPATH"] = os.pathsep.join(os.path.abspath(part) for part in path.split(os.pathsep) if part)
    return kept


class _Start(NamedTuple):
    """How the subprocess is started."""

    python: str
    time_limit: float
    stub: bool
    root: str


def _run(files: Sequence[Path], start: _Start, sandbox: Path) -> tuple[str, str]:
    """Run the inside over `files`; returns the sort and message of the fault of the file it did not answer for."""
    python, time_limit, stub, root = start
    pairs = [text for file in files for text in (str(file.absolute()), str(file))]
    command = [python, "-c", BOOTSTRAP, str(INSIDE.parent), str(sandbox / "out"), "stub" if stub else "live", root]
    command += pairs
    if stub:
        command = [sys.executable, isolate.__file__, *command]
    try:
        ended = rooms.run(
            command, sandbox, environment=environment(sandbox), folder=sandbox / "work", time_limit=time_limit
        )
    except OSError as error:
        return "interpreter", f"{python}: {error.strerror}"
    if ended.code is None:
        return "time", f"{time_limit:g}"
    if stub and ended.code == isolate.CANNOT_ISOLATE:
        return "network", ""
    return "interpreter", f"{python} {ended.how}"


def _lines(out: Path) -> list[bytes]:
    """The finished lines."""
    return out.read_bytes().split(b"\n")[:-1] if out.exists() else []
