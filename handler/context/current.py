"""`get_current_context`, and the context while a task's code runs."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from handler.context.mapping import Context
from handler.context.missing import missing

_current: ContextVar[Context | None] = ContextVar("current_context", default=None)


def get_current_context() -> Context:
    """The context of the task that runs; an error outside of one."""
    found = _current.get()
    if found is None:
        raise missing("get_current_context() outside of a task that was compiled with its context")
    return found


@contextmanager
def current(context: Context | None) -> Generator[None]:
    """Make it the one that `get_current_context` returns."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)
