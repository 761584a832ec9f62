"""Tokens of JSONata 2.0.6. Source: `src/parser.js` of jsonata, whose tokenizer this follows."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class JsonataSyntaxError(ValueError):
    """An expression that Step Functions could not parse; says what stands where (characters, from 1)."""


class Kind(Enum):
    """What a token is; an operator's text tells which."""

    NAME = "name"
    VARIABLE = "variable"
    STRING = "string"
    NUMBER = "number"
    REGEX = "regex"
    OPERATOR = "operator"
    END = "end"


class Token(NamedTuple):
    """`text` is what it means: a name or string without its quotes, a variable without its `$`."""

    kind: Kind
    text: str
    position: int


_SPACE = re.compile(r"(?:[ \t\n\r\v]|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r"""(["'])((?:(?!\1)[^\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*)\1""")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?")
_QUOTED_NAME = re.compile(r"`([^`]*)`")
_OPERATOR = re.compile(r"\.\.|:=|!=|>=|<=|\*\*|~>|[.\[\]{}(),@#;:?+\-*/%|=<>^&]")
_WORD = re.compile(r"[^ \t\n\r\v.\[\]{}(),@#;:?+\-*/%|=<>^&!~]+")
#: Operators between operands, names everywhere else.
WORDS = frozenset({"and", "or", "in"})


class Lexer:
    """Hands out the tokens of `source` one by one. Raises JsonataSyntaxError."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0

    def next(self, *, after_operand: bool) -> Token:
        """The next token, END at the end. After an operand a `/` divides, else it begins a regular expression."""
        start = _skip(self._source, self._position)
        if start == len(self._source):
            return Token(Kind.END, "end of the expression", start + 1)
        token, self._position = _next(self._source, start, after_operand=after_operand)
        return token


def _skip(source: str, position: int) -> int:
    space = _SPACE.match(source, position)
    position = space.end() if space else position
    if source.startswith("/*", position):
        raise JsonataSyntaxError(f"the comment at {position + 1} has no end")
    return position


def _next(source: str, start: int, *, after_operand: bool) -> tuple[Token, int]:
    place = start + 1
    first = source[start]
    if first in "\"'":
        match = _STRING.match(source, start)
        if not match:
            raise JsonataSyntaxError(f"the string at {place} has no end or an unknown escape")
        return Token(Kind.STRING, match[2], place), match.end()
    if first == "`":
        match = _QUOTED_NAME.match(source, start)
        if not match:
            raise JsonataSyntaxError(f"the quoted name at {place} has no end")
        return Token(Kind.NAME, match[1], place), match.end()
    if first == "/" and not after_operand:
        end = _regex_end(source, start)
        return Token(Kind.REGEX, source[start:end], place), end
    if match := _OPERATOR.match(source, start):
        return Token(Kind.OPERATOR, match[0], place), match.end()
    if match := _NUMBER.match(source, start):
        return Token(Kind.NUMBER, match[0], place), match.end()
    match = _WORD.match(source, start)
    if not match:
        raise JsonataSyntaxError(f"{first!r} at {place} is not JSONata")
    if match[0].startswith("$"):
        return Token(Kind.VARIABLE, match[0][1:], place), match.end()
    return Token(Kind.OPERATOR if match[0] in WORDS else Kind.NAME, match[0], place), match.end()


def _regex_end(source: str, start: int) -> int:
    """The position behind the regular expression that begins at `start`, its flags included."""
    depth = 0
    escaped = False
    for position in range(start + 1, len(source)):
        character = source[position]
        if escaped:
            escaped = False
        elif character == "/" and depth == 0 and position > start + 1:
            flags = source[position + 1 :]
            return len(source) - len(flags.lstrip("im"))
        elif character == "/" and depth == 0:
            break
        else:
            escaped = character == "\\"
            depth += (character in "([{") - (character in ")]}")
    raise JsonataSyntaxError(f"the regular expression at {start + 1} is empty or has no end")
