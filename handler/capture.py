"""Leads `sys.stdout`, `sys.stderr` and `logging` of a task's code into its log.

The streams are replaced once for the process and ask at every write whose output it is, so that tasks in several
threads keep theirs apart. A thread started by the only task running counts as that task's.
"""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

from handler.logs import Log

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_current: ContextVar[Log | None] = ContextVar("current_log", default=None)
_active: list[Log] = []
_lock = threading.Lock()


@contextmanager
def capture(log: Log) -> Generator[Log]:
    """What is printed inside goes into `log`, which is closed at the end, however it ends."""
    with _lock:
        if not _active:
            _install()
        _active.append(log)
    token = _current.set(log)
    try:
        yield log
    finally:
        _current.reset(token)
        with _lock:
            _active.remove(log)
            if not _active:
                _uninstall()
        log.close()


def print_outside(line: str) -> None:
    """Print to the standard output that was there before any task's was captured."""
    out = _routes["stdout"].outside if _active else sys.stdout
    if out is not None:
        out.write(line)
        out.flush()


def _target() -> Log | None:
    return _current.get() or (_active[0] if len(_active) == 1 else None)


class _Route(io.RawIOBase):
    """The bytes of one stream, on the way to whoever they belong to."""

    def __init__(self, stream: str) -> None:
        super().__init__()
        self._stream = stream
        self.outside: TextIO | None = None

    @property
    def name(self) -> str:
        return f"<{self._stream}>"

    def fileno(self) -> int:
        # A process started with this stream writes past the log, and still works.
        return super().fileno() if self.outside is None else self.outside.fileno()

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        content = bytes(data)
        log = _target()
        if log is not None:
            log.write(self._stream, content)
        elif self.outside is not None:
            self.outside.write(content.decode("utf-8", "backslashreplace"))
        return len(content)


class _LogHandler(logging.Handler):
    """Log records as lines of standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            _streams["stderr"].write(self.format(record) + "\n")
        except Exception:
            self.handleError(record)


_routes = {"stdout": _Route("stdout"), "stderr": _Route("stderr")}
_streams = {
    name: io.TextIOWrapper(route, encoding="utf-8", errors="backslashreplace", write_through=True)
    for name, route in _routes.items()
}
_handler = _LogHandler()
_handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
_logging_before: list[tuple[list[logging.Handler], int]] = []


def _install() -> None:
    _routes["stdout"].outside, _routes["stderr"].outside = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _streams["stdout"], _streams["stderr"]
    root = logging.getLogger()
    _logging_before.append((root.handlers, root.level))
    # Lambda's own root handler would print every record a second time.
    root.handlers = [_handler]
    root.setLevel(min(root.level or logging.INFO, logging.INFO))


def _uninstall() -> None:
    root = logging.getLogger()
    root.handlers, level = _logging_before.pop()
    root.setLevel(level)
    if sys.stdout is _streams["stdout"]:
        sys.stdout = _routes["stdout"].outside
    if sys.stderr is _streams["stderr"]:
        sys.stderr = _routes["stderr"].outside
