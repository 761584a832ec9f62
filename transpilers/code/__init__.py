"""Takes callables out of Python source files, with all they need of their modules; nothing is executed.

Knows no source system, so every importer can use it. libcst is imported on first use: it takes 0.3 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core_compiler.diagnostics import Sink
from transpilers.code.request import CodeRequest, TakenOut

__all__ = ["CodeRequest", "TakenOut", "take_out", "take_out_all", "unused_parameters"]


def take_out_all(requests: Sequence[CodeRequest], sink: Sink) -> list[TakenOut | None]:
    """Take several callables out; those of one file share one module, which holds the union of their needs.

    Returns one result a request, in order; None where it was refused, with the reasons as errors in `sink`.
    A refused callable adds nothing to the shared modules.
    """
    if not requests:
        return []
    from transpilers.code.slicer import slice_all

    return slice_all(requests, sink)


def take_out(request: CodeRequest, sink: Sink) -> TakenOut | None:
    """Take one callable out. Callables of one file that ship together belong in one `take_out_all`."""
    return take_out_all([request], sink)[0]


def unused_parameters(path: Path, line: int) -> frozenset[str]:
    """Names of the parameters (`*args` and `**kwargs` without stars) that the body of the function never uses.

    `line` is any line from the function's first decorator to its `def`, or a lambda's first line. Empty where no
    function starts there, or where the body could reach its parameters by name (`locals()`, `eval`).
    Raises OSError or SyntaxError for a file that cannot be read or parsed.
    """
    from transpilers.code.parameters import unused

    return unused(path.read_text(encoding="utf-8"), line)
