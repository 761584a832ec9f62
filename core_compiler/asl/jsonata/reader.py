"""Reads an expression once, as Step Functions would parse it, and notes what it looks at.

A Pratt recogniser (Pratt 1973, "Top down operator precedence") with the binding powers of jsonata 2.0.6. It builds no
tree: scopes and the presence of a context are known while it reads, so what an expression needs is noted on the way.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache

import msgspec

from core_compiler.asl.jsonata.tokens import JsonataSyntaxError, Kind, Token, tokens

_POWER = {
    "[": 80, "(": 80, "@": 80, "#": 80, ".": 75, "{": 70, "*": 60, "/": 60, "%": 60, "+": 50, "-": 50, "&": 50,
    "=": 40, "!=": 40, "<": 40, "<=": 40, ">": 40, ">=": 40, "^": 40, "~>": 40, "in": 40, "and": 30, "or": 25, "?": 20,
    ":=": 10,
}  # fmt: skip
_BINARY = frozenset({"*", "/", "%", "+", "-", "&", "=", "!=", "<", "<=", ">", ">=", "~>", "in", "and", "or"})
_UNARY = 70

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
    reader = _Reader(tokens(source))
    try:
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
    def __init__(self, found: list[Token]) -> None:
        self.variables: set[str] = set()
        self.guarded: set[str] = set()
        self.context: list[str] = []
        self.paths: set[Path] = set()
        self._tokens = found
        self._at = 0
        self._scopes: list[set[str]] = [set()]
        self._has_context = False

    def whole(self) -> None:
        self._expression(0)
        if self._here.kind is not Kind.END:
            raise self._unexpected()

    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    def _sees(self, text: str) -> bool:
        return self._here.kind is Kind.OPERATOR and self._here.text == text

    def _take(self) -> Token:
        token = self._here
        self._at += 1
        return token

    @staticmethod
    def _is_value(token: Token) -> bool:
        return token.kind is Kind.NAME and token.text in ("true", "false", "null")

    def _takes(self, text: str) -> bool:
        seen = self._sees(text)
        self._at += seen
        return seen

    def _expect(self, text: str) -> None:
        if not self._takes(text):
            raise JsonataSyntaxError(f"{text!r} is missing at {self._here.position}, before {self._here.text!r}")

    def _unexpected(self) -> JsonataSyntaxError:
        return JsonataSyntaxError(f"{self._here.text!r} is not expected at {self._here.position}")

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
        start = self._at
        path = self._operand()
        while self._here.kind is Kind.OPERATOR and _POWER.get(self._here.text, 0) > power:
            if self._sees(":=") and (self._tokens[start].kind is not Kind.VARIABLE or self._at != start + 1):
                raise JsonataSyntaxError(f"only a variable can stand before ':=' at {self._here.position}")
            path = self._continue(path, self._take().text)
        return path

    def _operand(self) -> Path:
        token = self._here
        match token.kind:
            case Kind.VARIABLE:
                return self._variable()
            case Kind.NAME:
                return self._name()
            case Kind.STRING:
                self._take()
                return (token.text,)
            case Kind.NUMBER | Kind.REGEX:
                self._take()
                return ()
            case Kind.OPERATOR:
                self._take()
                return self._prefix(token)
            case Kind.END:
                raise self._unexpected()

    def _variable(self) -> Path:
        name = self._take().text
        if self._sees(":="):
            if not name:
                raise self._unexpected()
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
        token = self._take()
        if token.text in ("function", "λ") and self._sees("("):
            return self._function()
        if self._is_value(token):
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
            case "*" | "**" | "%":
                if not self._has_context:
                    self.context.append(token.text)
            case "|":
                self._transform()
            case _:
                self._at -= 1
                raise self._unexpected()
        return ()

    def _continue(self, left: Path, operator: str) -> Path:
        match operator:
            case ".":
                if self._here.kind is Kind.NUMBER or self._is_value(self._here):
                    raise self._unexpected()
                with self._inside(context=True):
                    right = self._expression(_POWER["."])
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
                raise self._unexpected()
            depth += self._sees("<")
            depth -= self._sees(">")
            self._take()
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
        if self._here.kind is not Kind.VARIABLE or not self._here.text:
            raise self._unexpected()
        return self._take().text
