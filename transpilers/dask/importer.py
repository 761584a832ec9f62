"""A collection by its name to a workflow: loaded in a process of its own, which runs the user's module."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from core_compiler.diagnostics import Sink, Span
from transpilers import rooms
from transpilers.dask import rules
from transpilers.dask.wire import Answer, decode
from transpilers.importer import Imported, ImportedWorkflow

TIME_LIMIT = 300.0


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
        room, out = Path(folder), Path(folder) / "out"
        command = [sys.executable, "-P", "-m", "transpilers.dask.child", str(out), spec, name, str(batch)]
        ended = rooms.run(
            [*command, "1" if optimize else "0"],
            room,
            environment=rooms.environment(room),
            folder=Path.cwd(),
            time_limit=time_limit,
        )
        if ended.code is None:
            sink.report(rules.TIMED_OUT, subject=name, seconds=f"{time_limit:g}")
            return Answer()
        if out.exists():
            return decode(out.read_bytes())
    reason = f"the process ended with {ended.code}: {ended.said[:200] or 'it said nothing'}"
    sink.report(rules.CANNOT_LOAD, subject=name, reason=reason)
    return Answer()
