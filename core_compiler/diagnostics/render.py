"""Diagnostics as text for a person; JSON comes from the structs themselves."""

from __future__ import annotations

from collections.abc import Iterable

from core_compiler.diagnostics.diagnostic import Diagnostic


def to_text(diagnostics: Iterable[Diagnostic]) -> str:
    """One line a finding (`path:line:column: severity[code] subject: message`), its hint indented below.

    Returns "" for no findings; otherwise the text ends in a newline.
    """
    lines: list[str] = []
    for found in diagnostics:
        place = f"{found.span}: " if found.span else ""
        subject = f"{found.subject}: " if found.subject else ""
        lines.append(f"{place}{found.severity}[{found.code}] {subject}{found.message}")
        if found.hint:
            lines.append(f"    {found.hint}")
    return "".join(f"{line}\n" for line in lines)
