"""JSONata in a definition: expressions, and literals that must not be taken for one."""

from __future__ import annotations

import json

OPEN, CLOSE = "{%", "%}"


def expression(source: str) -> str:
    """`source` as Step Functions takes JSONata: between `{%` and `%}`."""
    return f"{OPEN} {source} {CLOSE}"


def quoted(text: str) -> str:
    """`text` as a JSONata string literal (JSON's escapes are JSONata's)."""
    return json.dumps(text, ensure_ascii=False)


def literal(value: object) -> object:
    """`value` (plain JSON) as it can stand in Arguments, Output or Assign and come out unchanged.

    Step Functions evaluates every string that begins with `{%` and ends with `%}` and refuses half-open ones, wherever
    it stands. Such strings become expressions of a string literal.
    """
    match value:
        case str() if value.startswith(OPEN) or value.endswith(CLOSE):
            return expression(quoted(value))
        case dict():
            return {str(key): literal(inner) for key, inner in value.items()}  # pyright: ignore
        case list() | tuple():
            return [literal(inner) for inner in value]  # pyright: ignore
        case _:
            return value
