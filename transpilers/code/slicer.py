"""From requests to shipped files: the callables of one file share one module."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core_compiler.diagnostics import Sink, Span
from core_compiler.ir import SourceFile
from transpilers.code import rules
from transpilers.code.collect import Collector
from transpilers.code.emit import Emitted, emit
from transpilers.code.importing import obstacle
from transpilers.code.instances import key_of
from transpilers.code.locate import NotFound, Target, locate
from transpilers.code.pieces import FilePiece, NodePiece, Selection, UnitPiece
from transpilers.code.policy import Policy
from transpilers.code.project import TOO_DEEP, Project, Unreadable, root_for
from transpilers.code.request import CodeRequest, TakenOut
from transpilers.code.source import Module, Unit
from transpilers.code.syntax import Definition


@dataclass(frozen=True, slots=True)
class Found:
    """A request with what it means: the piece to take, and the attributes that lead from it to the callable."""

    request: CodeRequest
    piece: UnitPiece | NodePiece
    attributes: tuple[str, ...]


def slice_all(requests: Sequence[CodeRequest], sink: Sink) -> list[TakenOut | None]:
    """Requests with one root and one policy are taken out together."""
    results: list[TakenOut | None] = [None] * len(requests)
    groups: dict[tuple[Path, str], list[int]] = {}
    root_of = cache(root_for)
    for at, request in enumerate(requests):
        try:
            root = _root(request, root_of)
        except Unreadable as error:
            _unreadable(error, request.subject, sink)
            continue
        groups.setdefault((root, json.dumps(_policy_key(request))), []).append(at)
    with _deep_recursion():
        for (root, _), members in groups.items():
            chosen = [requests[at] for at in members]
            for at, result in zip(members, _slice_group(root, chosen, sink), strict=True):
                results[at] = result
    return [_apart(at, requests, results, sink) for at in range(len(results))]


@contextmanager
def _deep_recursion() -> Generator[None]:
    """Syntax trees are walked by recursion, several calls a level: a sum of 300 terms is 300 levels deep."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 10_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _apart(at: int, requests: Sequence[CodeRequest], results: Sequence[TakenOut | None], sink: Sink) -> TakenOut | None:
    """Refuse what would ship a file under the name of another: files that are imported from different folders."""
    result = results[at]
    earlier = {file.path: file.text for other in results[:at] if other for file in other.files}
    for file in result.files if result else ():
        if earlier.get(file.path, file.text) != file.text:
            request = requests[at]
            values = {"module": file.path, "file": request.path.name, "other": "a file of another folder"}
            sink.report(rules.NAME_CLASH, Span(str(request.path)), subject=request.subject, **values)
            return None
    return result


def _root(request: CodeRequest, root_of: Callable[[Path], Path]) -> Path:
    """The folder asked for, or, where the file's relative imports need it, one above that. Raises Unreadable."""
    needed = root_of(request.path).resolve()
    asked = request.root.resolve() if request.root else needed
    return needed if needed in asked.parents and asked in request.path.resolve().parents else asked


def _policy_key(request: CodeRequest) -> list[object]:
    return [sorted(request.replacements.items()), request.refused_prefixes, request.drop_decorators]


def _slice_group(root: Path, requests: Sequence[CodeRequest], sink: Sink) -> list[TakenOut | None]:
    first = requests[0]
    policy = Policy(dict(first.replacements), first.refused_prefixes, first.drop_decorators)
    project = Project(root, policy, {request.path.resolve(): request.path for request in requests})
    found = [_find(project, request, sink) for request in requests]
    whole: dict[Path, str] = {}
    while True:
        collectors = [_collect(project, each, frozenset(whole)) for each in found]
        known = len(whole)
        for path, reason in (item for each in collectors if each for item in _risky(project, each).items()):
            whole.setdefault(path, reason)
        if len(whole) == known:
            break
    kept: list[Selection | None] = []
    for each, collector in zip(found, collectors, strict=True):
        if each is None or collector is None:
            kept.append(None)
            continue
        _explain_risks(project, each.request, collector)
        sink.extend(collector.sink.diagnostics)
        kept.append(None if collector.sink.failed else collector.selection)
    for path, reason in sorted(whole.items()):
        sink.report(rules.SHIPPED_WHOLE, Span(project.shown(path)), file=path.name, reason=reason)
    return _results(project, found, kept)


def _find(project: Project, request: CodeRequest, sink: Sink) -> Found | None:
    path = request.path.resolve()
    if project.root not in path.parents:
        reason = f"it lies outside the folder {project.root.name}/ that code is imported from"
        _unreadable(Unreadable(request.path, 0, reason), request.subject, sink)
        return None
    try:
        module = project.module(path)
        target = locate(module, request.qualname, request.line)
    except Unreadable as error:
        _unreadable(Unreadable(request.path, error.line, error.reason), request.subject, sink)
        return None
    except NotFound as error:
        span = Span(str(request.path), request.line)
        values = {"qualname": request.qualname, "file": request.path.name, "reason": str(error)}
        sink.report(rules.NOT_FOUND, span, subject=request.subject, **values)
        return None
    return Found(request, _piece(module, target), target.attributes)


def _piece(module: Module, target: Target) -> UnitPiece | NodePiece:
    if isinstance(target.found, Unit):
        node = target.found.nodes[0]
        if not isinstance(node, Definition) or module.binders[node.name][-1] is target.found:
            return UnitPiece(module.path, target.found.index, _has_dropped(module, node))
        # A later statement binds the name, too: this one gets a name of its own.
        return NodePiece(module.path, node.lineno, node.col_offset, _has_dropped(module, node))
    node = target.found.node
    return NodePiece(module.path, node.lineno, node.col_offset, _has_dropped(module, node))


def _has_dropped(module: Module, node: ast.AST) -> bool:
    return isinstance(node, Definition) and any(module.drops(mark) for mark in node.decorator_list)


def _collect(project: Project, found: Found | None, whole: frozenset[Path]) -> Collector | None:
    if found is None:
        return None
    collector = Collector(project, found.request.subject, found.request.closure, whole)
    try:
        collector.collect(found.piece)
    except RecursionError:
        _unreadable(Unreadable(found.request.path, 0, TOO_DEEP), found.request.subject, collector.sink)
    return collector


def _risky(project: Project, collector: Collector) -> dict[Path, str]:
    """Files whose slice could differ from them and that can ship as they are, each with the reason."""
    risks = {} if collector.sink.failed else collector.selection.risks
    return {path: found[0].reason for path, found in risks.items() if obstacle(project.module(path)) is None}


def _explain_risks(project: Project, request: CodeRequest, collector: Collector) -> None:
    for path, risks in collector.selection.risks.items():
        barrier = obstacle(project.module(path))
        if barrier is None:
            continue
        for risk in risks:
            span = Span(project.shown(path), risk.line)
            if risk.fatal:
                where = f"it imports `{barrier.origin}` at line {barrier.line}"
                values = {"reason": risk.reason, "file": path.name, "obstacle": where}
                collector.sink.report(rules.DYNAMIC, span, subject=request.subject, **values)
            else:
                lines = ", ".join(map(str, risk.lines))
                collector.sink.report(rules.CHANGED, span, name=risk.name, lines=lines)


def _results(
    project: Project, found: Sequence[Found | None], kept: Sequence[Selection | None]
) -> list[TakenOut | None]:
    selections = [selection for selection in kept if selection is not None]
    paths = dict.fromkeys(piece.path for selection in selections for piece in selection.pieces)
    emitted = {path: emit(project.module(path), selections) for path in paths}
    return [
        _result(project, each, selection, emitted) if each and selection else None
        for each, selection in zip(found, kept, strict=True)
    ]


def _result(project: Project, found: Found, selection: Selection, emitted: dict[Path, Emitted]) -> TakenOut:
    module = project.module(found.piece.path)
    paths = dict.fromkeys(piece.path for piece in selection.pieces)
    files = [SourceFile(project.shipped_path(project.module(path)), emitted[path].text) for path in paths]
    if isinstance(found.piece, NodePiece):
        name = emitted[module.path].names[key_of(module, selection, found.piece, "")]
    else:
        name = _bound_name(module.units[found.piece.index], found.request.qualname)
    return TakenOut(
        callable=f"{module.name}:{'.'.join([name, *found.attributes])}",
        files=tuple(sorted(files, key=lambda file: file.path)),
        whole=FilePiece(module.path, True) in selection.pieces,
        requires=tuple(sorted(selection.requires)),
    )


def _bound_name(unit: Unit, qualname: str) -> str:
    first = qualname.partition(".")[0]
    return first if first in unit.names.binds else next(iter(unit.names.binds))


def _unreadable(error: Unreadable, subject: str, sink: Sink) -> None:
    span = Span(str(error.path), error.line)
    sink.report(rules.UNREADABLE, span, subject=subject, file=error.path.name, reason=error.reason)
