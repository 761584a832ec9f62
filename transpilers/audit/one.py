"""The audit of one file, by the static loader: bounded in time, and never an exception."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager

import msgspec

from core_compiler.diagnostics import Sink, Span
from transpilers.airflow.call import DagFile
from transpilers.airflow.static.loader import load
from transpilers.audit import rules
from transpilers.audit.examine import examine
from transpilers.audit.files import Candidate, may_hold_dag, not_readable
from transpilers.audit.report import FileReport

#: Seconds for one file.
TIME_LIMIT = 30.0


class _TimeUp(BaseException):
    """Not an Exception: nothing on the way may take it for its own."""


def audit_one(file: Candidate) -> FileReport:
    """The report on one file. One that holds no DAG has no findings either, unless it was asked for by name."""
    shown = str(file.path)
    try:
        with _bounded(TIME_LIMIT):
            if not file.named and not may_hold_dag(file.path.read_bytes()):
                return FileReport(shown)
            [loaded] = load([file.path], root=file.root)
            return examine(as_asked(loaded, file), sys.executable)
    except OSError as error:
        return FileReport(shown, diagnostics=(not_readable(file.path, error),))
    except _TimeUp:
        reason = f"it takes more than {TIME_LIMIT:g} s"
    except MemoryError:
        reason = "it takes too much memory"
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return FileReport(shown, diagnostics=(Sink().report(rules.NOT_AUDITED, Span(shown), reason=reason),))


def as_asked(loaded: DagFile, file: Candidate) -> DagFile:
    """Modules without a DAG lie beside DAG files: only of one that was asked for by name is it a fault."""
    if file.named:
        return loaded
    return msgspec.structs.replace(loaded, faults=tuple(one for one in loaded.faults if one.sort != "no_dag"))


@contextmanager
def _bounded(seconds: float) -> Generator[None]:
    """Raise _TimeUp when the time is over, where the system has a timer for that."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(_signal: int, _frame: object) -> None:
        raise _TimeUp

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
