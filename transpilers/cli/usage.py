"""Checks of option values whose choices live in modules too heavy to import for `--help`."""

from __future__ import annotations

from collections.abc import Iterable

import typer


def check_choice(option: str, value: str, choices: Iterable[str]) -> None:
    """Exit with 2 and one line unless `value` is among `choices`."""
    allowed = list(choices)
    if value not in allowed:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(allowed)}", param_hint=option)


def check_structure(value: str) -> None:
    """Exit with 2 unless `value` names a structure that can be built."""
    from core_compiler.plan import STRUCTURES

    check_choice("--structure", value, STRUCTURES)
