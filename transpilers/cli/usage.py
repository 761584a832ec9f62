"""Checks of option values whose choices live in modules too heavy to import for `--help`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

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


def check_object(option: str, text: str) -> dict[str, object]:
    """The object that `text` is in JSON, or that @FILE holds; exits with 2 and one line where it is none."""
    import json

    if text.startswith("@"):
        try:
            text = Path(text[1:]).read_text()
        except OSError as error:
            raise typer.BadParameter(f"cannot read {text[1:]}: {error.strerror}", param_hint=option) from None
    try:
        parsed = json.loads(text)
    except ValueError as error:
        raise typer.BadParameter(f"not JSON: {error}", param_hint=option) from None
    if not isinstance(parsed, dict):
        raise typer.BadParameter("must be a JSON object such as {}", param_hint=option)
    return parsed  # pyright: ignore[reportUnknownVariableType]
