"""What a variable of an enclosing function is, found without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from transpilers.code.names import locals_of, names_of
from transpilers.code.syntax import Comprehension, Scope, own_statements, root_of

_BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A closure variable that cannot be taken along, and why: it completes the sentence "`x` of `f` ..."."""

    reason: str


def owner_of(name: str, scopes: Sequence[Scope]) -> Scope | None:
    """The innermost of the scopes that has the variable."""
    return next((scope for scope in reversed(scopes) if name in locals_of(scope)), None)


def scope_name(scope: Scope) -> str:
    """What a scope is called in a diagnostic."""
    match scope:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return scope.name
        case ast.Lambda():
            return "<lambda>"
        case _:
            return "<comprehension>"


@lru_cache(maxsize=4096)
def definition_of(name: str, scope: Scope) -> ast.stmt | Unknown:
    """The one statement that binds a variable, where it is an import, a definition, or a literal that never changes."""
    if isinstance(scope, ast.Lambda):
        return Unknown("is a parameter, and its value is not known")
    if isinstance(scope, Comprehension):
        return Unknown("is a loop variable, and its value is not known")
    parameters = scope.args
    listed = [*parameters.posonlyargs, *parameters.args, *parameters.kwonlyargs, parameters.vararg, parameters.kwarg]
    if any(each and each.arg == name for each in listed):
        return Unknown("is a parameter, and its value is not known")
    binders = [statement for statement in own_statements(scope.body) if _binds(statement, name, scope)]
    if len(binders) != 1:
        lines = ", ".join(str(statement.lineno) for statement in binders)
        return Unknown(f"is bound more than once (lines {lines})")
    match binders[0]:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return binders[0]
        case ast.Assign(targets=[ast.Name()], value=value) | ast.AnnAssign(value=ast.expr() as value):
            if not _is_literal(value):
                return Unknown(f"gets its value when the function runs (line {binders[0].lineno})")
            changed = next(_changes(scope.body, name), None)
            return Unknown(f"is changed at line {changed.lineno}") if changed else binders[0]
        case _:
            return Unknown(f"gets its value when the function runs (line {binders[0].lineno})")


def _is_literal(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return False
    return True


def _binds(statement: ast.stmt, name: str, scope: Scope) -> bool:
    if isinstance(statement, _BLOCKS):
        return name in set(_bound_by_head(statement))
    if isinstance(statement, ast.Nonlocal) or name not in _mentioned(statement):
        return False
    names = names_of([statement], locals_of(scope))
    return name in names.binds | names.rebinds


@lru_cache(maxsize=4096)
def _mentioned(statement: ast.stmt) -> frozenset[str]:
    """Every word of a statement that may be a name it binds: much cheaper than its symbol table."""
    words: set[str] = set()
    for node in ast.walk(statement):
        match node:
            case ast.Name(id=word) | ast.FunctionDef(name=word) | ast.AsyncFunctionDef(name=word):
                words.add(word)
            case ast.ClassDef(name=word) | ast.alias(asname=str(word)):
                words.add(word)
            case ast.alias(name=dotted):
                words.add(dotted.partition(".")[0])
            case ast.Nonlocal(names=several) | ast.Global(names=several):
                words.update(several)
            case _:
                continue
    return frozenset(words)


def _bound_by_head(block: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(block):
        match child:
            case ast.stmt():
                continue
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
                yield from _bound_by_head(child)
            case _:
                yield from _bound_by_head(child)


def _changes(body: Sequence[ast.stmt], name: str) -> Iterator[ast.expr]:
    """Uses of a name that may change its value: an item or attribute set, a method called."""
    for statement in body:
        for node in ast.walk(statement):
            match node:
                case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
                    changed = node
                case ast.Expr(value=ast.Call(func=ast.Attribute() as changed)):
                    pass
                case _:
                    continue
            root = root_of(changed)
            if root and root.id == name:
                yield changed
