"""Where output goes: data to stdout, progress and diagnostics to stderr, JSON when asked for."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import NoReturn

from core_compiler.diagnostics import Diagnostic, Rule, Sink, to_text


def print_line(text: str) -> None:
    """One line of data."""
    sys.stdout.write(text + "\n")


def print_json(value: object) -> None:
    """One JSON document, indented, on stdout."""
    import msgspec

    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def print_diagnostics(diagnostics: Iterable[Diagnostic]) -> None:
    """Findings as text, on stderr."""
    sys.stdout.flush()
    sys.stderr.write(to_text(diagnostics))


def fail(rule: Rule, subject: str, **values: object) -> NoReturn:
    """Say what is wrong with what was asked for, and exit with 2."""
    import typer

    sink = Sink()
    sink.report(rule, None, subject=subject, **values)
    print_diagnostics(sink.diagnostics)
    raise typer.Exit(2)


@contextmanager
def working(what: str) -> Generator[None]:
    """Show that something is under way, on a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield
