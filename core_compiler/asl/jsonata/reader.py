"""Reads an expression once, as Step Functions would parse it, and notes what it looks at.

A Pratt recogniser (Pratt 1973, "Top down operator precedence") with the binding powers of jsonata 2.0.6. It builds no
tree: scopes and the presence of a context are known while it reads, so what an expression needs is noted on the way.
It refuses nothing that jsonata takes. It takes a few that jsonata refuses once it has parsed them: a `%` without a
parent, two groupings of one step, a faulty regular expression.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache

import msgspec

from core_compiler.asl.jsonata.tokens import WORDS, JsonataSyntaxError, Kind, Lexer, Token

_POWER = {
    "[": 80, "(": 80, "@": 80, "#": 80, ".": 75, "{": 70, "*": 60, "/": 60, "%": 60, "+": 50, "-": 50, "&": 50,
    "=": 40, "!=": 40, "<": 40, "<=": 40, ">": 40, ">=": 40, "^": 40, "~>": 40, "in": 40, "and": 30, "or": 25, "?": 20,
    ":=": 10,
}  # fmt: skip
_BINARY = frozenset({"*", "/", "%", "+", "-", "&", "=", "!=", "<", "<=", ">", ">=", "~>", "in", "and", "or"})
_UNARY = 70
_WILDCARDS = frozenset({"*", "**", "%"})
_CLOSING = frozenset({")", "]", "}"})

Path = tuple[str, ...]


class Reads(msgspec.Struct, frozen=True):
    """What an expression needs from outside.

    `variables`: free variables, called functions among them, without `$`.
    `guarded`: those it asks `$exists` about.
    `context`: what it takes from a context it does not have at the top level: `$`, `$$`, names, wildcards.
    `paths`: every path by name, and each beginning of it: `("$states", "context", "Execution")`.
    """

    variables: frozenset[str]
    guarded: frozenset[str]
    context: tuple[str, ...]
    paths: frozenset[Path]


@lru_cache(maxsize=4096)
def read(source: str) -> Reads:
    """What `source` (without `{%` and `%}`) reads. Raises JsonataSyntaxError where it is not JSONata 2.0.6."""
    try:
        reader = _Reader(Lexer(source))
        reader.whole()
    except RecursionError:
        raise JsonataSyntaxError("it is nested too deeply") from None
    return Reads(
        variables=frozenset(reader.variables),
        guarded=frozenset(reader.guarded),
        context=tuple(dict.fromkeys(reader.context)),
        paths=frozenset(reader.paths),
    )


class _Reader:
    def __init__(self, lexer: Lexer) -> None:
        self.variables: set[str] = set()
        self.guarded: set[str] = set()
        self.context: list[str] = []
        self.paths: set[Path] = set()
        self._lexer = lexer
        self._here = lexer.next(after_operand=False)
        self._taken = 0
        self._scopes: list[set[str]] = [set()]
        self._has_context = False

    def whole(self) -> None:
        self._expression(0)
        if self._here.kind is not Kind.END:
            raise _unexpected(self._here)

    def _sees(self, text: str) -> bool:
        return self._here.kind is Kind.OPERATOR and self._here.text == text

    def _take(self, *, ends_operand: bool) -> Token:
        token = self._here
        self._here = self._lexer.next(after_operand=ends_operand)
        self._taken += 1
        return token

    def _takes(self, text: str) -> bool:
        seen = self._sees(text)
        if seen:
            self._take(ends_operand=text in _CLOSING)
        return seen

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise JsonataSyntaxError(f"{text!r} is missing at {self._here.position}, before {self._here.text!r}")

    @contextmanager
    def _inside(self, *, context: bool | None = None, names: set[str] | None = None) -> Generator[None]:
        """Read with a context (predicates, steps) or with names of its own (blocks, functions)."""
        before = self._has_context
        self._has_context = before if context is None else context
        if names is not None:
            self._scopes.append(names)
        yield
        self._has_context = before
        if names is not None:
            self._scopes.pop()

    def _expression(self, power: int) -> Path:
        first, start = self._here, self._taken
        path = self._operand()
        while self._here.kind is Kind.OPERATOR and _POWER.get(self._here.text, 0) > power:
            alone = self._taken == start + 1
            if self._sees(":=") and not (alone and first.kind is Kind.VARIABLE):
                raise JsonataSyntaxError(f"only a variable can stand before ':=' at {self._here.position}")
            if self._sees(".") and alone and _is_literal(first):
                raise _unexpected(self._here)
            path = self._continue(path, self._take(ends_operand=False).text)
        return path

    def _operand(self) -> Path:
        token = self._here
        match token.kind:
            case Kind.VARIABLE:
                return self._variable()
            case Kind.NAME:
                return self._name()
            case Kind.STRING:
                self._take(ends_operand=True)
                return (token.text,)
            case Kind.NUMBER | Kind.REGEX:
                self._take(ends_operand=True)
                return ()
            case Kind.OPERATOR if token.text in WORDS:
                return self._name()
            case Kind.OPERATOR:
                self._take(ends_operand=token.text in _WILDCARDS)
                return self._prefix(token)
            case Kind.END:
                raise _unexpected(token)

    def _variable(self) -> Path:
        name = self._take(ends_operand=True).text
        if self._sees(":="):
            # Bound before its value is read: a function may call itself.
            self._scopes[-1].add(name)
        elif name in ("", "$"):
            # `$$` is the input of the whole expression, in a predicate too.
            if name == "$" or not self._has_context:
                self.context.append(f"${name}")
        elif not any(name in scope for scope in self._scopes):
            self.variables.add(name)
            return (f"${name}",)
        return ()

    def _name(self) -> Path:
        token = self._take(ends_operand=True)
        if token.text in ("function", "λ") and self._sees("("):
            return self._function()
        if _is_literal(token):
            return ()
        if not self._has_context:
            self.context.append(token.text)
        return (token.text,)

    def _prefix(self, token: Token) -> Path:
        match token.text:
            case "-":
                self._expression(_UNARY)
            case "(":
                return self._block()
            case "[":
                self._array()
            case "{":
                self._pairs()
            case _ if token.text in _WILDCARDS:
                if not self._has_context:
                    self.context.append(token.text)
            case "|":
                self._transform()
            case _:
                raise _unexpected(token)
        return ()

    def _continue(self, left: Path, operator: str) -> Path:
        match operator:
            case ".":
                step, taken = self._here, self._taken
                with self._inside(context=True):
                    right = self._expression(_POWER["."])
                if _is_literal(step) and self._taken == taken + 1:
                    raise _unexpected(step)
                path = (*left, *right) if left and len(right) == 1 else ()
                if path:
                    self.paths.add(path)
                return path
            case "[":
                if not self._takes("]"):
                    with self._inside(context=True):
                        self._expression(0)
                    self._expect("]")
                return left
            case "(":
                self._arguments(left)
            case "{":
                with self._inside(context=True):
                    self._pairs()
            case "^":
                self._order()
            case "@" | "#":
                self._scopes[-1].add(self._parameter())
                return left
            case "?":
                self._expression(0)
                if self._takes(":"):
                    self._expression(0)
            case ":=":
                self._expression(_POWER[":="] - 1)
            case _:
                assert operator in _BINARY
                self._expression(_POWER[operator])
        return ()

    def _block(self) -> Path:
        path: Path = ()
        with self._inside(names=set()):
            while not self._sees(")"):
                path = self._expression(0)
                if not self._takes(";"):
                    break
            self._expect(")")
        return path

    def _array(self) -> None:
        if self._takes("]"):
            return
        while True:
            self._expression(0)
            if self._takes(".."):
                self._expression(0)
            if not self._takes(","):
                break
        self._expect("]")

    def _pairs(self) -> None:
        if self._takes("}"):
            return
        while True:
            self._expression(0)
            self._expect(":")
            self._expression(0)
            if not self._takes(","):
                break
        self._expect("}")

    def _arguments(self, called: Path) -> None:
        if self._takes(")"):
            return
        while True:
            if not self._takes("?"):
                path = self._expression(0)
                if called == ("$exists",) and len(path) == 1:
                    self.guarded.add(path[0].removeprefix("$"))
            if not self._takes(","):
                break
        self._expect(")")

    def _function(self) -> Path:
        self._expect("(")
        names: set[str] = set()
        if not self._sees(")"):
            names.add(self._parameter())
            while self._takes(","):
                names.add(self._parameter())
        self._expect(")")
        if self._sees("<"):
            self._signature()
        self._expect("{")
        with self._inside(names=names):
            self._expression(0)
        self._expect("}")
        return ()

    def _signature(self) -> None:
        depth = 0
        while True:
            if self._here.kind is Kind.END:
                raise _unexpected(self._here)
            depth += self._sees("<")
            depth -= self._sees(">")
            self._take(ends_operand=False)
            if depth == 0:
                return

    def _transform(self) -> None:
        self._expression_with_context()
        self._expect("|")
        self._expression_with_context()
        if self._takes(","):
            self._expression_with_context()
        self._expect("|")

    def _expression_with_context(self) -> None:
        with self._inside(context=True):
            self._expression(0)

    def _order(self) -> None:
        self._expect("(")
        while True:
            if not self._takes("<"):
                self._takes(">")
            self._expression_with_context()
            if not self._takes(","):
                break
        self._expect(")")

    def _parameter(self) -> str:
        if self._here.kind is not Kind.VARIABLE:
            raise _unexpected(self._here)
        return self._take(ends_operand=True).text


def _unexpected(token: Token) -> JsonataSyntaxError:
    return JsonataSyntaxError(f"{token.text!r} is not expected at {token.position}")


def _is_literal(token: Token) -> bool:
    """Whether a token is a value that cannot be a step of a path; a string can."""
    return token.kind is Kind.NUMBER or (token.kind is Kind.NAME and token.text in ("true", "false", "null"))
