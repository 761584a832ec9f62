"""Values that a task pulls by the name of a task that need not have ended before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from core_compiler.ir import (
    Apply,
    Argument,
    Concat,
    DictOf,
    ListOf,
    PythonCallable,
    SetOf,
    Task,
    Template,
    TupleOf,
    Workflow,
    Zip,
)
from transpilers.airflow import mapping_rules as rules
from transpilers.airflow.jinja import BadTemplate, asked
from transpilers.airflow.rendering import FOLDER
from transpilers.airflow.uses import Site

PULL = "xcom_pull"


def check_pulls(workflow: Workflow, site: Site) -> None:
    """Warn of each task that a task pulls from and is not behind. Names that are computed are not known here."""
    files = {file.path: file.text for file in workflow.files}
    found = [(task, names) for task in workflow.tasks if (names := list(dict.fromkeys(_pulled(task, files))))]
    if not found:
        return
    upstream: dict[str, list[str]] = {task.id: [] for task in workflow.tasks}
    for edge in workflow.edges:
        upstream[edge.downstream].append(edge.upstream)
    for task, names in found:
        before = _before(task.id, upstream)
        for name in names:
            if name in upstream and name not in before:
                site._replace(subject=task.id, span=task.span).report(rules.PULLED, task=name)


def _before(task: str, upstream: Mapping[str, list[str]]) -> set[str]:
    """The task, and all that come before it."""
    found, pending = {task}, [task]
    while pending:
        new = set(upstream[pending.pop()]) - found
        found |= new
        pending += new
    return found


def _pulled(task: Task, files: Mapping[str, str]) -> Iterator[str]:
    for argument in task.arguments():
        for template in _templates(argument):
            text = template.text or next((files[path] for path in files if _is_file(path, template.file)), "")
            try:
                yield from asked(text).pulls if PULL in text else ()
            except BadTemplate:
                # Said already, by `check_templates`.
                continue
    if isinstance(task.component, PythonCallable):
        module, _, qualname = task.component.callable.partition(":")
        text = files.get(f"{module.replace('.', '/')}.py", "")
        if PULL in text:
            yield from _pulled_in_code(text, qualname.rpartition(".")[2])


def _is_file(path: str, name: str) -> bool:
    return path.startswith(f"{FOLDER}/") and path.split("/", 2)[2] == name


def _templates(argument: Argument) -> Iterator[Template]:
    match argument:
        case Template():
            yield argument
        case ListOf(items) | SetOf(items) | TupleOf(items) | Zip(items) | Concat(items):
            for item in items:
                yield from _templates(item)
        case DictOf(items):
            for item in items.values():
                yield from _templates(item)
        case Apply(source):
            yield from _templates(source)
        case _:
            pass


def _pulled_in_code(text: str, name: str) -> Iterator[str]:
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name == name:
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == PULL:
                    yield from _ids(call)


def _ids(call: ast.Call) -> Iterator[str]:
    words = {word.arg: word.value for word in call.keywords}
    given = call.args[0] if call.args else words.get("task_ids")
    if given is None or "dag_id" in words or "run_id" in words:
        return
    for item in given.elts if isinstance(given, ast.List | ast.Tuple | ast.Set) else [given]:
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            yield item.value
