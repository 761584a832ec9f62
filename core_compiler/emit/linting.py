"""The lint of everything that was emitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from core_compiler.asl.expressions import deployed_bytes
from core_compiler.asl.lint import Forms, lint
from core_compiler.asl.lint.events import NEARLY_TOO_MANY_EVENTS
from core_compiler.asl.lint.model import mapping
from core_compiler.asl.lint.size import NEARLY_TOO_LARGE
from core_compiler.diagnostics import Diagnostic, Severity, Sink, Span

#: What was cut to fill a machine does so.
_MEANT = frozenset({NEARLY_TOO_LARGE.code, NEARLY_TOO_MANY_EVENTS.code})
NO_SPANS: Mapping[str, Span | None] = {}


def lint_all(definitions: Mapping[str, bytes], sink: Sink, spans: Mapping[str, Span | None] = NO_SPANS) -> None:
    """Report what is wrong with machines, given as compact bytes by name; the whole machine's is under "".

    `spans`: where each task is written, for what is wrong with a machine as a whole.
    """
    forms = Forms()
    for name, definition in definitions.items():
        own = Sink()
        body: dict[str, Any] = msgspec.json.decode(definition)
        lint(body, own, size=deployed_bytes(definition), forms=forms)
        for found in own.diagnostics:
            if len(definitions) == 1 or found.code not in _MEANT:
                sink.extend([_named(name, found, body, spans)])


def _named(machine: str, found: Diagnostic, body: dict[str, Any], spans: Mapping[str, Span | None]) -> Diagnostic:
    """The finding; an error of a whole machine is told of the task that takes the most room."""
    subject = found.subject
    if not subject and found.severity is Severity.ERROR:
        subject = _largest(body)
        if span := spans.get(subject):
            found = msgspec.structs.replace(found, path=span.path, line=span.line, column=span.column)
    return msgspec.structs.replace(found, subject=f"{machine}: {subject}" if machine else subject)


def _largest(body: dict[str, Any]) -> str:
    """The task of the largest step: what is too large after it was cut is so by a step that cannot be cut."""
    return max(_steps(body), default=(0, ""))[1]


def _steps(body: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """The bytes of each state that is no fork, with a task that it runs."""
    stack = [body]
    while stack:
        for name, state in stack.pop()["States"].items():
            if "Branches" in state:
                stack += state["Branches"]
            else:
                yield len(msgspec.json.encode(state)), _task(state) or name


def _task(state: dict[str, Any]) -> str:
    """The first task that a state runs, "" where it is none of ours."""
    while inner := state.get("ItemProcessor") or (state.get("Branches") or [None])[0]:
        state = inner["States"][inner["StartAt"]]
    return str(mapping(mapping(state.get("Arguments")).get("Payload")).get("task", ""))
