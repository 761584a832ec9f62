"""The lint of everything that was emitted."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core_compiler.asl.lint import Forms, lint
from core_compiler.asl.lint.events import NEARLY_TOO_MANY_EVENTS
from core_compiler.asl.lint.size import NEARLY_TOO_LARGE
from core_compiler.diagnostics import Sink

#: What was cut to fill a machine does so.
_MEANT = frozenset({NEARLY_TOO_LARGE.code, NEARLY_TOO_MANY_EVENTS.code})


def lint_all(definitions: Mapping[str, bytes], sink: Sink) -> None:
    """Report what is wrong with machines, given as compact bytes by name; the whole machine's is under ""."""
    forms = Forms()
    for name, definition in definitions.items():
        own = Sink()
        lint(msgspec.json.decode(definition), own, size=len(definition), forms=forms)
        for found in own.diagnostics:
            if len(definitions) == 1 or found.code not in _MEANT:
                subject = f"{name}: {found.subject}" if name else found.subject
                sink.extend([msgspec.structs.replace(found, subject=subject)])
