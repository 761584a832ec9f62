"""Takes the code of tasks and of templates' functions out of the user's files, and says what it needs beyond itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from core_compiler.diagnostics import Sink
from core_compiler.ir import PythonCallable, SourceFile, Task
from transpilers.airflow import rules
from transpilers.airflow.context import WHOLE
from transpilers.airflow.context_names import CURRENT
from transpilers.airflow.mapping import with_functions
from transpilers.airflow.retry_policies import with_module
from transpilers.airflow.tasks import Draft
from transpilers.airflow.uses import Site
from transpilers.airflow.variables import check_code
from transpilers.code import CodeRequest, TakenOut, take_out_all


class Code(msgspec.Struct, frozen=True):
    """Tasks whose callables are known by name, and the files that hold them.

    `callables`: where the other functions asked for went, by their names; `requires`: libraries by import name;
    `asks`: what all tasks together ask for of the run's context.
    """

    tasks: tuple[Task, ...]
    files: tuple[SourceFile, ...]
    callables: Mapping[str, str]
    requires: frozenset[str]
    asks: frozenset[str]


def with_code(drafts: Sequence[Draft], others: Mapping[str, CodeRequest], path: Path, sink: Sink) -> Code:
    """Take out the callables of tasks, and `others` by name.

    `path` is the DAG file: Airflow imports from its folder, so a module below that keeps its full name.
    """
    path = path.resolve()
    wanted = [one for made in drafts for one in (made.code, *made.functions.values()) if one is not None]
    all_taken = take_out_all([_rooted(request, path.parent) for request in (*wanted, *others.values())], sink)
    own = next((one for request, one in zip(wanted, all_taken, strict=False) if one and _is_in(request, path)), None)
    module = own.callable.partition(":")[0] if own is not None else path.stem
    taken = iter(all_taken)
    tasks: list[Task] = []
    asks: set[str] = set()
    for made in drafts:
        one = next(taken) if made.code is not None else None
        applied = {name: next(taken) for name in made.functions}
        task = made.task if one is None else _named(made.task, one)
        task = with_functions(task, {name: found.callable for name, found in applied.items() if found is not None})
        for found in applied.values():
            if found is not None:
                _check(task, found, sink)
        asks |= made.asks
        if one is not None:
            _check(task, one, sink)
            if any(CURRENT in file.text for file in one.files):
                task = _with_context(task)
                asks.add(WHOLE)
        tasks.append(with_module(task, module))
    callables = {name: one.callable for name, one in zip(others, taken, strict=True) if one is not None}
    files = {file.path: file for one in all_taken if one is not None for file in one.files}
    return Code(
        tasks=tuple(tasks),
        files=tuple(files[path] for path in sorted(files)),
        callables=callables,
        requires=frozenset(name for one in all_taken if one is not None for name in one.requires),
        asks=frozenset(asks),
    )


def _rooted(request: CodeRequest, folder: Path) -> CodeRequest:
    inside = request.path.resolve().is_relative_to(folder)
    return msgspec.structs.replace(request, root=folder) if inside else request


def _is_in(request: CodeRequest, path: Path) -> bool:
    return request.path.resolve() == path


def _named(task: Task, taken: TakenOut) -> Task:
    assert isinstance(task.component, PythonCallable)
    component = msgspec.structs.replace(task.component, callable=taken.callable)
    return msgspec.structs.replace(task, component=component)


def _with_context(task: Task) -> Task:
    assert isinstance(task.component, PythonCallable)
    return msgspec.structs.replace(task, component=msgspec.structs.replace(task.component, context=True))


def _check(task: Task, taken: TakenOut, sink: Sink) -> None:
    """Report what the code needs beyond itself."""
    site = Site(task.id, task.span, sink)
    if taken.requires:
        site.report(rules.LIBRARY, modules=", ".join(taken.requires))
    for file in taken.files:
        check_code(file.text, "the code", site)
