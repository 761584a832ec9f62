"""Comments that put findings aside: `# stepweave: ignore[SW401, SW404] why this is no loss`."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core_compiler.diagnostics import Diagnostic, Sink, Span
from transpilers.audit import rules
from transpilers.audit.report import Ignored

MARK = "stepweave:"
_COMMENT = re.compile(r"#\s*stepweave:\s*ignore\b(?:\s*\[([^\]]*)\])?[:,]?\s*(.*)")
_CODE = re.compile(r"SW\d{3}")


class Comment(NamedTuple):
    """One comment, the lines whose findings it puts aside, and why."""

    line: int
    codes: frozenset[str]
    covers: frozenset[int]
    reason: str


def comments(source: str, path: str, sink: Sink) -> list[Comment]:
    """The complete ones; those that are not are reported."""
    if MARK not in source:
        return []
    found: list[Comment] = []
    for line, text, alone in _written(source):
        match = _COMMENT.match(text)
        if match is None:
            continue
        codes = frozenset(_CODE.findall(match[1] or ""))
        reason = match[2].strip()
        if not codes or not reason:
            lacks = "it names no code" if not codes else "it gives no reason"
            sink.report(rules.BAD_IGNORE, Span(path, line), reason=lacks)
            continue
        found.append(Comment(line, codes, frozenset(_covered(source, line, alone)), reason))
    return found


def put_aside(
    diagnostics: Iterable[Diagnostic], written: Iterable[Comment], path: str, sink: Sink
) -> tuple[list[Diagnostic], list[Ignored]]:
    """Findings that stand, and those that a comment covers. A code that covers none is reported."""
    kept: list[Diagnostic] = []
    ignored: list[Ignored] = []
    used: set[tuple[int, str]] = set()
    by_code = [(code, comment) for comment in written for code in sorted(comment.codes)]
    for one in diagnostics:
        over = [comment for code, comment in by_code if code == one.code and one.line in comment.covers]
        if over and one.path == path:
            ignored.append(Ignored(one, over[0].reason))
            used.update((comment.line, one.code) for comment in over)
        else:
            kept.append(one)
    for code, comment in by_code:
        if (comment.line, code) not in used:
            sink.report(rules.UNUSED_IGNORE, Span(path, comment.line), code=code)
    return kept, ignored


def _written(source: str) -> Iterator[tuple[int, str, bool]]:
    """Line and text of each comment, and whether it has the line to itself."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT and MARK in token.string:
                yield token.start[0], token.string, not token.line[: token.start[1]].strip()
    except (tokenize.TokenError, SyntaxError):
        return


def _covered(source: str, line: int, alone: bool) -> Iterator[int]:
    """The comment's own line, the one below where it stands alone, and the start of the innermost call around it."""
    yield line
    if alone:
        lines = source.splitlines()
        yield next((at + 1 for at in range(line, len(lines)) if _is_code(lines[at])), line)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    if around:
        yield max(around, key=lambda node: (node.lineno, -(node.end_lineno or 0))).lineno


def _is_code(line: str) -> bool:
    text = line.strip()
    return bool(text) and not text.startswith("#")
