"""Reads neutral JSON: the IR itself, or networkx node-link data; its callables come from a search path."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import msgspec

from core_compiler.diagnostics import Sink, Span
from core_compiler.ir import PythonCallable, Source, SourceFile, Task, Workflow
from core_compiler.ir.codec import decode
from core_compiler.ir.node_link import from_node_link
from transpilers.code import CodeRequest, take_out_all
from transpilers.importer import Imported, ImportedWorkflow
from transpilers.ir import rules


def read(path: Path, *, search: Sequence[Path] = ()) -> Imported:
    """The workflow of a JSON file. `search`: folders with the modules of its callables, the file's own folder last.

    A callable whose file the workflow already brings along (`files`) is left as it is.
    """
    sink = Sink()
    workflow = _parsed(path, sink)
    if workflow is None:
        return Imported((), sink.diagnostics)
    shipped = _with_code(workflow, path, (*search, path.parent), sink)
    return Imported((ImportedWorkflow(workflow.name, shipped),), sink.diagnostics)


def _parsed(path: Path, sink: Sink) -> Workflow | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        sink.report(rules.CANNOT_READ, Span(str(path)), reason=error.strerror or error)
        return None
    try:
        workflow = decode(data) if not _is_node_link(data) else from_node_link(json.loads(data))
    except (ValueError, KeyError) as error:
        sink.report(rules.NOT_A_WORKFLOW, Span(str(path)), reason=str(error))
        return None
    if workflow.source is None:
        return msgspec.structs.replace(workflow, source=Source(kind="ir", path=str(path), name=workflow.name))
    return workflow


def _is_node_link(data: bytes) -> bool:
    try:
        top = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except msgspec.MsgspecError:
        return False
    return "nodes" in top and "tasks" not in top


def _with_code(workflow: Workflow, path: Path, folders: Sequence[Path], sink: Sink) -> Workflow | None:
    brought = {file.path for file in workflow.files}
    wanted: dict[str, CodeRequest] = {}
    for task in workflow.tasks:
        match task.component:
            case PythonCallable(callable=reference) if reference not in wanted:
                request = _request(reference, task, brought, path, folders, sink)
                if request is not None:
                    wanted[reference] = request
            case _:
                pass
    taken = dict(zip(wanted, take_out_all(list(wanted.values()), sink), strict=True))
    if sink.failed:
        return None
    files: dict[str, SourceFile] = {file.path: file for file in workflow.files}
    for one in taken.values():
        if one is not None:
            files.update((file.path, file) for file in one.files)
    renamed = {reference: one.callable for reference, one in taken.items() if one is not None}
    tasks = tuple(_renamed(task, renamed) for task in workflow.tasks)
    return msgspec.structs.replace(workflow, tasks=tasks, files=tuple(files.values()))


def _renamed(task: Task, renamed: dict[str, str]) -> Task:
    match task.component:
        case PythonCallable(callable=reference) as component if reference in renamed:
            new = msgspec.structs.replace(component, callable=renamed[reference])
            return msgspec.structs.replace(task, component=new)
        case _:
            return task


def _request(
    reference: str, task: Task, brought: set[str], path: Path, folders: Sequence[Path], sink: Sink
) -> CodeRequest | None:
    span = task.span or Span(str(path))
    module, colon, name = reference.partition(":")
    if not (colon and name and all(part.isidentifier() for part in module.split("."))):
        sink.report(rules.NOT_A_REFERENCE, span, subject=task.id, callable=reference)
        return None
    stem = module.replace(".", "/")
    candidates = (f"{stem}.py", f"{stem}/__init__.py")
    if brought & set(candidates):
        return None
    for folder in folders:
        for candidate in candidates:
            if (folder / candidate).is_file():
                return CodeRequest(path=folder / candidate, qualname=name, root=folder, subject=task.id)
    sink.report(
        rules.NO_SUCH_MODULE,
        span,
        subject=task.id,
        file=candidates[0],
        folders=", ".join(map(str, folders)),
        callable=reference,
    )
    return None
