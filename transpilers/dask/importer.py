"""A collection by its name to a workflow: loaded in a process of its own, which runs the user's module."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from core_compiler.diagnostics import Sink, Span
from transpilers.dask import rules
from transpilers.dask.wire import Answer, decode
from transpilers.importer import Imported, ImportedWorkflow

TIME_LIMIT = 300.0
_SECRETS = ("AWS_",)


def read(spec: str, *, batch: int = 0, optimize: bool = True, time_limit: float = TIME_LIMIT) -> Imported:
    """The workflow of the collection `MODULE:ATTRIBUTE`, or of what the function of that name returns.

    `batch`: the most calls in one task, 0 for what the graph's size suggests. `optimize`: by Dask itself, first.
    `time_limit`: seconds. Nothing is raised for what is wrong there: it is among the diagnostics.
    """
    sink = Sink()
    module, _, attribute = spec.partition(":")
    name = attribute or module
    if not (module and attribute):
        sink.report(rules.CANNOT_LOAD, subject=name, reason=f"{spec!r} is not of the form MODULE:ATTRIBUTE")
        return Imported((ImportedWorkflow(name, None),), sink.diagnostics)
    answer = _ask(spec, name, batch, optimize, time_limit, sink)
    for finding in answer.findings:
        sink.report(rules.BY_SORT[finding.sort], Span(module), subject=name, **finding.values)
    return Imported((ImportedWorkflow(name, answer.workflow),), sink.diagnostics)


def _ask(spec: str, name: str, batch: int, optimize: bool, time_limit: float, sink: Sink) -> Answer:
    with tempfile.TemporaryDirectory(prefix="stepweave-", ignore_cleanup_errors=True) as folder:
        out, log = Path(folder) / "out", Path(folder) / "log"
        command = [sys.executable, "-P", "-m", "transpilers.dask.child", str(out), spec, name, str(batch)]
        with open(log, "wb") as told:
            process = subprocess.Popen(
                [*command, "1" if optimize else "0"],
                env=_environment(Path(folder)),
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=told,
                start_new_session=True,
            )
            try:
                process.wait(time_limit)
            except subprocess.TimeoutExpired:
                sink.report(rules.TIMED_OUT, subject=name, seconds=f"{time_limit:g}")
                return Answer()
            finally:
                # The module may have started processes of its own.
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if out.exists():
            return decode(out.read_bytes())
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    reason = f"the process ended with {process.returncode}: {lines[-1][:200] if lines else 'it said nothing'}"
    sink.report(rules.CANNOT_LOAD, subject=name, reason=reason)
    return Answer()


def _environment(sandbox: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SECRETS)}
    for part in ("home", "tmp"):
        (sandbox / part).mkdir()
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(sandbox / "tmp"))
    return kept | {"HOME": str(sandbox / "home"), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", **temporary}
