"""Loads a collection: `python -P -m transpilers.dask.child OUT SPEC NAME BATCH OPTIMIZE`, from the user's folder.

Runs the user's module, so it runs in a process of its own. Writes an `Answer` to OUT. BATCH is the most calls in a
task, or 0; OPTIMIZE is 1 or 0.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import msgspec

from core_compiler.ir import Source, SourceFile
from transpilers.dask import api
from transpilers.dask.collections import is_collection, result_graph
from transpilers.dask.graph import Graph, UnknownKeyError, graph_of
from transpilers.dask.lower import MOST_TASKS, lower
from transpilers.dask.modules import users_modules
from transpilers.dask.pickling import CannotPickleError
from transpilers.dask.wire import Answer, Finding, encode

RESULT = "result"


class _Refused(Exception):
    def __init__(self, sort: str, **values: str) -> None:
        super().__init__(sort)
        self.finding = Finding(sort, values)


def main(out: str, spec: str, name: str, batch: str, optimize: str) -> None:
    """Write the answer."""
    api.configure({"dataframe.shuffle.method": "tasks"})
    sys.path.insert(0, os.getcwd())
    try:
        answer = _answer(spec, name, int(batch), optimize == "1")
    except _Refused as refused:
        answer = Answer(findings=(refused.finding,))
    Path(out).write_bytes(encode(answer))


def _answer(spec: str, name: str, batch: int, optimize: bool) -> Answer:
    made = _load(spec)
    found = result_graph(made, RESULT, optimize=optimize)
    if found is None:
        raise _Refused("collection", name=spec, found=f"a {type(made).__name__}")
    try:
        graph = graph_of(found.graph, [RESULT], found.annotated)
        _check_disk(graph)
        size = batch or -(-len(graph.nodes) // MOST_TASKS)
        lowered = lower(graph, name, size, Source("dask", "", spec), results={RESULT})
    except (CannotPickleError, UnknownKeyError) as error:
        raise _Refused("pickle" if isinstance(error, CannotPickleError) else "load", reason=str(error)) from error
    files = tuple(SourceFile(path, text) for path, text in users_modules(Path.cwd()).items())
    lost = sorted({sort for said in found.annotated.values() for sort in said} - {"retries"})
    findings = tuple(Finding("annotation", {"name": sort}) for sort in lost)
    if lowered.levels:
        findings += (Finding("levels", {"batches": str(len(lowered.keys)), "levels": str(lowered.levels)}),)
    return Answer(msgspec.structs.replace(lowered.workflow, files=files), findings)


def _load(spec: str) -> Any:
    module, _, attribute = spec.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
        return found() if callable(found) and not is_collection(found) else found
    except ModuleNotFoundError as error:
        missing = f"no module {module} here" if error.name == module else f"{module} needs the module {error.name}"
        raise _Refused("load", reason=missing) from error
    except BaseException as error:
        where = _where(error)
        raise _Refused("load", reason=f"{type(error).__name__}: {error}{where}".replace("\n", " ")) from error


def _where(error: BaseException) -> str:
    """The last line of the user's own that an exception went through."""
    here = os.getcwd() + os.sep
    frames = [f for f in traceback.extract_tb(error.__traceback__) if os.path.abspath(f.filename).startswith(here)]
    return f" (line {frames[-1].lineno} of {os.path.relpath(frames[-1].filename)})" if frames else ""


def _check_disk(graph: Graph) -> None:
    for key, node in graph.nodes.items():
        if api.writes_to_disk(node):
            raise _Refused("disk", key=repr(key))


if __name__ == "__main__":
    main(*sys.argv[1:])
