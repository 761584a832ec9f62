"""Files in, the wire format out: one answer a file, whatever is in it."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from core_compiler.diagnostics import Span
from transpilers.airflow.call import DagFile, LoadFault
from transpilers.airflow.static.attributes import attribute
from transpilers.airflow.static.calls import call
from transpilers.airflow.static.dialect import dialect
from transpilers.airflow.static.expressions import evaluate
from transpilers.airflow.static.finish import finish
from transpilers.airflow.static.imports import load_module
from transpilers.airflow.static.machine import SECONDS, Machine, Rooms
from transpilers.airflow.static.sources import NotReadableError, source_of
from transpilers.airflow.static.statements import block
from transpilers.airflow.static.values import Exhausted, Raised, Scope

ROOMS = Rooms(evaluate, block, call, attribute, load_module)
OURS = "the loader itself failed: "
#: Frames of our own that one reading may take: a call in a DAG file is some twenty.
RECURSION = 9000


def load(files: Sequence[Path], *, root: Path | None = None) -> list[DagFile]:
    """Read files without running them, one answer each, in order.

    `root`: modules and configuration are read below it alone; without it, below the file's own folder.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION))
    try:
        with warnings.catch_warnings():
            # What the compiler finds odd in a file is not for our own output.
            warnings.simplefilter("ignore")
            return [_load(file, root or file.parent) for file in files]
    finally:
        sys.setrecursionlimit(before)


def _load(file: Path, root: Path) -> DagFile:
    shown = str(file)
    try:
        source = source_of(file)
        tree = ast.parse(source)
        # Finds what the parser lets pass, such as a `return` outside a function; the code is thrown away.
        compile(tree, shown, "exec", dont_inherit=True)
    except NotReadableError as error:
        return _failed(shown, "unresolved", str(error))
    except SyntaxError as error:
        return _failed(shown, "syntax", error.msg, error.lineno or 0, error.offset or 0)
    except (ValueError, RecursionError, MemoryError) as error:
        return _failed(shown, "syntax", str(error) or "it is nested too deeply")
    place = _Place(file.absolute(), shown, root.absolute())
    found, by_chance = _read(place, source, tree, 1)
    if not by_chance:
        return found
    # A set or a folder has no order: what is the same in two orders is taken not to depend on it.
    other, _ = _read(place, source, tree, -1)
    if _unordered(found) == _unordered(other):
        return found
    return _read(place, source, tree, 0)[0]


class _Place(NamedTuple):
    """A file, as what it is shown, and below which folder it may read."""

    path: Path
    shown: str
    root: Path


def _unordered(found: DagFile) -> object:
    """What a reading says, but for the order in which it says it."""
    return (
        {
            dag.dag_id: (
                dag.kwargs,
                {call.task_id: call for call in dag.calls},
                {(edge.upstream, edge.downstream, edge.label) for edge in dag.edges},
                {group.id: (group.parent, set(group.tasks), group.kwargs, group.mapped) for group in dag.groups},
            )
            for dag in found.dags
        },
        {(fault.sort, fault.message, fault.dag_id) for fault in found.faults},
    )


def _read(place: _Place, source: str, tree: ast.Module, order: int) -> tuple[DagFile, bool]:
    """What it says, and whether that may depend on an order that differs from run to run."""
    # All readings of one file together stay below two seconds.
    m = Machine(*place, ROOMS, SECONDS if order == 1 else SECONDS / 3)
    m.order = order
    return _evaluated(m, source, tree), m.by_chance


def _evaluated(m: Machine, source: str, tree: ast.Module) -> DagFile:
    shown = m.shown
    m.main.tree, m.main.source = tree, source
    m.main.scope = Scope(m.main)
    m.main.scope.names |= {
        "__name__": "stepweave_dag_file",
        "__file__": m.path,
        "__doc__": ast.get_docstring(tree, clean=False),
    }
    spoken = m.dialect = dialect(tree)
    try:
        m.block(tree.body, m.main.scope)
        return finish(m, spoken)
    except Exhausted as error:
        return _failed(shown, "unresolved", str(error), spoken=spoken)
    except (RecursionError, MemoryError):
        return _failed(shown, "unresolved", "it is nested too deeply", spoken=spoken)
    except Raised as error:
        if m.doubts:
            # It may raise for what was not followed before.
            first = m.doubts[0]
            place = first.span or Span(shown)
            return _failed(shown, "unresolved", first.reason, place.line, place.column, spoken=spoken)
        line = getattr(error, "line", 0)
        return _failed(shown, "raises", str(error), line, spoken=spoken)
    except Exception as error:
        # An error of our own: refused like anything else that is not understood, and a bug.
        return _failed(shown, "unresolved", f"{OURS}{type(error).__name__}: {error}", spoken=spoken)


def _failed(shown: str, sort: str, message: str, line: int = 0, column: int = 0, *, spoken: str = "") -> DagFile:
    fault = LoadFault(sort, " ".join(message.split())[:300], Span(shown, line, column))
    return DagFile(shown, spoken, faults=(fault,))
