"""One finding at one place. Its JSON form is the `D` of every `--json` output."""

from __future__ import annotations

import msgspec

from core_compiler.diagnostics.rule import Severity


class Span(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A place in a source file; `line` counts from 1, `column` from 1, 0 means unknown."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`path:line:column`, leaving out what is unknown."""
        known = [part for part in (self.line, self.column) if part]
        return ":".join([self.path, *map(str, known)])


class Diagnostic(msgspec.Struct, frozen=True, kw_only=True):
    """One finding: what (`code`, `message`), where (`path`, `line`, `column`), about whom (`subject`), what to do."""

    code: str
    severity: Severity
    message: str
    path: str = ""
    line: int = 0
    column: int = 0
    subject: str = ""
    hint: str = ""

    @property
    def span(self) -> Span | None:
        """Where the finding stands, or None when it belongs to no file."""
        return Span(self.path, self.line, self.column) if self.path else None
