"""Runs passes one after the other and holds the IR to its verification around each."""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager

import msgspec

from core_compiler.diagnostics import Sink, to_text
from core_compiler.ir import Workflow
from core_compiler.ir.verify import verify


class Pass(msgspec.Struct, frozen=True):
    """A named, pure rewrite of a workflow; what it finds wrong goes to the sink."""

    name: str
    rewrite: Callable[[Workflow, Sink], Workflow]


class BrokenPass(Exception):
    """A pass left an unsound workflow behind: a defect of the compiler, never of the input."""


def run_passes(workflow: Workflow, passes: Sequence[Pass], sink: Sink) -> Workflow | None:
    """The workflow after all passes, or None when an error was reported.

    Raises BrokenPass, naming the passes that ran, when a pass breaks what `core_compiler.ir.verify` asks for.
    """
    with no_collection():
        return _run(workflow, passes, sink)


def _run(workflow: Workflow, passes: Sequence[Pass], sink: Sink) -> Workflow | None:
    verify(workflow, sink)
    ran: list[str] = []
    for step in passes:
        if sink.failed:
            return None
        before, workflow = workflow, step.rewrite(workflow, sink)
        ran.append(step.name)
        own = Sink()
        verify(workflow, own, sound=before)
        if own.failed:
            raise BrokenPass(f"after {', '.join(ran)}:\n{to_text(own.diagnostics)}")
    return None if sink.failed else workflow


@contextmanager
def no_collection() -> Generator[None]:
    """Compiling makes much and drops nothing in circles: looking for garbage would cost more than the work."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
