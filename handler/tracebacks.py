"""Tracebacks of the task's own code: the frames of the handler, which called it, are left out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceback import TracebackException

_HIDDEN = (
    os.path.dirname(os.path.abspath(__file__)) + os.sep,
    "<frozen importlib",
    os.path.dirname(os.__file__) + "/importlib/",
)


def format_error(error: BaseException) -> str:
    """The traceback of an exception and its causes without the handler's frames; its last line says what it is."""
    import traceback

    trace = traceback.TracebackException.from_exception(error)
    _hide(trace)
    return "".join(trace.format() if trace.stack else trace.format_exception_only())


def _hide(trace: TracebackException | None) -> None:
    while trace is not None:
        trace.stack[:] = [frame for frame in trace.stack if not frame.filename.startswith(_HIDDEN)]
        if trace.__context__ is not trace.__cause__:
            _hide(trace.__context__)
        trace = trace.__cause__
