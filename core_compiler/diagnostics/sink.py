"""Where findings go while a workflow is read and compiled."""

from __future__ import annotations

from collections.abc import Iterable

from core_compiler.diagnostics.diagnostic import Diagnostic, Span
from core_compiler.diagnostics.rule import Rule, Severity


class Sink:
    """Collects diagnostics in the order they were found; the same finding is kept once."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}

    def report(self, rule: Rule, span: Span | None = None, *, subject: str = "", **values: object) -> Diagnostic:
        """File one finding; `values` fill the rule's message and hint templates."""
        found = Diagnostic(
            code=rule.code,
            severity=rule.severity,
            message=rule.message.format(**values),
            path=span.path if span else "",
            line=span.line if span else 0,
            column=span.column if span else 0,
            subject=subject,
            hint=rule.hint.format(**values),
        )
        self._found[found] = None
        return found

    def extend(self, found: Iterable[Diagnostic]) -> None:
        """Take over findings made elsewhere."""
        self._found.update(dict.fromkeys(found))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All findings so far."""
        return tuple(self._found)

    @property
    def failed(self) -> bool:
        """Whether an error is among the findings."""
        return any(found.severity is Severity.ERROR for found in self._found)
