"""`python -m transpilers.code.survey PATH...`: tries taking out every task's callable in the files of Airflow users.

Finds `@task` functions and `python_callable=` arguments in the syntax tree; nothing is imported or executed. Each
callable is sliced, shipped whole, or refused with a reason; every file that would ship is compiled. Prints the counts.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core_compiler.diagnostics import Severity, Sink
from transpilers.code import CodeRequest, TakenOut, take_out_all
from transpilers.code.locate import LAMBDA, PARTIAL
from transpilers.code.syntax import path_of, root_of

#: Names of Airflow that have a neutral stand-in at run time.
REPLACEMENTS = {
    f"{module}.{name}": stand_in
    for module in ("airflow.exceptions", "airflow.sdk.exceptions", "airflow.sdk")
    for name, stand_in in (
        ("AirflowException", "handler.errors_airflow:AirflowException"),
        ("AirflowSkipException", "handler.errors_airflow:AirflowSkipException"),
        ("AirflowFailException", "handler.errors_airflow:AirflowFailException"),
        ("AirflowTaskTimeout", "handler.errors:TimedOut"),
    )
}


@dataclass(slots=True)
class Survey:
    """What became of the callables of many files."""

    files: int = 0
    sliced: int = 0
    whole: int = 0
    reasons: Counter[str] = field(default_factory=Counter[str])
    refused: list[str] = field(default_factory=list[str])
    shipped: dict[str, str] = field(default_factory=dict[str, str])
    broken: list[str] = field(default_factory=list[str])

    @property
    def callables(self) -> int:
        """How many were tried."""
        return self.sliced + self.whole + len(self.refused)


def main(arguments: Sequence[str]) -> int:
    """Print the counts and the reasons of every refusal; 1 if a shipped file does not compile, 2 for wrong usage."""
    if not arguments:
        print("usage: python -m transpilers.code.survey PATH...", file=sys.stderr)
        return 2
    survey = survey_of([Path(argument) for argument in arguments])
    print("".join(f"{line}\n" for line in survey.refused), end="")
    counts = f"{survey.sliced} sliced, {survey.whole} shipped whole, {len(survey.refused)} refused"
    print(f"{survey.callables} callables in {survey.files} files: {counts}")
    print("reasons: " + ", ".join(f"{code} {count}" for code, count in sorted(survey.reasons.items())))
    print(f"{len(survey.shipped)} files would ship, {len(survey.broken)} of them do not compile")
    return 1 if survey.broken else 0


def survey_of(paths: Sequence[Path]) -> Survey:
    """Try every callable of the Python files at and below the paths; the callables of one file together."""
    survey = Survey()
    files = [file for path in paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    for file in files:
        requests = list(requests_in(file))
        if not requests:
            continue
        survey.files += 1
        sink = Sink()
        for request, result in zip(requests, take_out_all(requests, sink), strict=True):
            _count(survey, request, result, sink)
    return survey


def requests_in(file: Path) -> Iterator[CodeRequest]:
    """A request for every callable that a file gives to a task, each once; none for a file that is not Python."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        return
    known = {qualname for _, qualname, _ in _functions(tree, "")}
    found: dict[tuple[str, int], None] = {}
    for node, qualname, outer in _functions(tree, ""):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(map(_is_task, node.decorator_list)):
            found[qualname, node.lineno] = None
        parameters = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)} if outer else set[str]()
        for call in _calls(node):
            for keyword in (each for each in call.keywords if each.arg == "python_callable"):
                name, line = _meant(keyword.value, outer, known)
                # A parameter means whatever the function around it is called with: no callable of this file.
                if name and name not in parameters:
                    found[name, line] = None
    for qualname, line in found:
        yield CodeRequest(
            path=file,
            qualname=qualname,
            line=line,
            replacements=REPLACEMENTS,
            refused_prefixes=("airflow",),
            drop_decorators=("airflow",),
            subject=qualname,
        )


def _count(survey: Survey, request: CodeRequest, result: TakenOut | None, sink: Sink) -> None:
    if result is None:
        errors = [
            found for found in sink.diagnostics if found.severity is Severity.ERROR and found.subject == request.subject
        ]
        survey.reasons.update({found.code for found in errors})
        survey.refused.append(
            f"{request.path}:{request.line}: {request.qualname}: {'; '.join(e.message for e in errors)}"
        )
        return
    survey.whole += result.whole
    survey.sliced += not result.whole
    for file in result.files:
        name = f"{request.path}>{file.path}"
        if name in survey.shipped:
            continue
        survey.shipped[name] = file.text
        try:
            compile(file.text, name, "exec", dont_inherit=True)
        except SyntaxError as error:
            survey.broken.append(f"{name}: {error}")


Scoped = tuple[ast.AST, str, str]


def _functions(node: ast.AST, outer: str) -> Iterator[Scoped]:
    """The module and every function in it, with its qualified name and the prefix of those inside it."""
    if isinstance(node, ast.Module):
        yield node, "", ""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                inner = f"{outer}{child.name}.<locals>."
                yield child, f"{outer}{child.name}", inner
                yield from _functions(child, inner)
            case ast.ClassDef():
                yield from _functions(child, f"{outer}{child.name}.")
            case _:
                yield from _functions(child, outer)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """The calls in a function's own body."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _calls(child)


def _is_task(mark: ast.expr) -> bool:
    root = root_of(mark)
    return root is not None and (root.id == "task" or path_of(mark)[-1:] == ("task",))


def _meant(value: ast.expr, outer: str, known: set[str]) -> tuple[str, int]:
    """The qualified name and line of what an argument means; "" for what only running the file can tell."""
    match value:
        case ast.Lambda():
            return LAMBDA, value.lineno
        case ast.Call() if path_of(value.func)[-1:] == ("partial",):
            return PARTIAL, value.lineno
        case ast.Name() | ast.Attribute():
            name = ".".join(path_of(value))
            scoped = next((f"{prefix}{name}" for prefix in _prefixes(outer) if f"{prefix}{name}" in known), name)
            return scoped, 0
        case _:
            return "", 0


def _prefixes(outer: str) -> Iterator[str]:
    parts = outer.split(".<locals>.")[:-1]
    for width in range(len(parts), 0, -1):
        yield ".<locals>.".join(parts[:width]) + ".<locals>."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
