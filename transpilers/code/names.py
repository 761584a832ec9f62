"""Which names a piece of code looks up and binds, asked of the compiler's own symbol tables (`symtable`)."""

from __future__ import annotations

import ast
import copy
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from transpilers.code.annotations import removed, unquoted
from transpilers.code.syntax import Scope


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one piece of code, by what they are to the scope around it.

    `reads`: looked up in the module, now or when a function in the piece runs. `binds`: bound in the scope the
    piece stands in. `closure`: looked up in an enclosing function. `hints`: looked up by annotations alone.
    `declared`: bound in the module by a function, with `global`. `rebinds`: bound outside with `nonlocal`.
    """

    reads: frozenset[str]
    binds: frozenset[str]
    closure: frozenset[str] = frozenset()
    hints: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    rebinds: frozenset[str] = frozenset()


def names_of(nodes: Sequence[ast.stmt], enclosing: frozenset[str] = frozenset()) -> Names:
    """The names of a piece of code that stands where the names `enclosing` are variables of functions around it."""
    annotated, formatted = _marked(nodes)
    # Most code is neither: it need not be copied, nor be looked at twice.
    changed = [unquoted(copy.deepcopy(node)) for node in nodes] if annotated or formatted else nodes
    full = _looked_up(changed, enclosing)
    plain = _looked_up([removed(copy.deepcopy(node)) for node in nodes], enclosing) if annotated else full
    hints = (full.reads | full.closure) - (plain.reads | plain.closure)
    return Names(
        reads=full.reads,
        binds=plain.binds,
        closure=full.closure,
        hints=hints,
        declared=plain.declared,
        rebinds=_rebound(nodes, enclosing),
    )


def _marked(nodes: Sequence[ast.stmt]) -> tuple[bool, bool]:
    """Whether there are annotations, and f-strings."""
    annotated = formatted = False
    for each in nodes:
        for node in ast.walk(each):
            match node:
                case ast.AnnAssign() | ast.arg(annotation=ast.expr()):
                    annotated = True
                case ast.FunctionDef(returns=ast.expr()) | ast.AsyncFunctionDef(returns=ast.expr()):
                    annotated = True
                case ast.JoinedStr():
                    formatted = True
                case _:
                    continue
    return annotated, formatted


# A function's variables are asked for by everything inside it; a node is compared by identity.
@lru_cache(maxsize=4096)
def locals_of(scope: Scope) -> frozenset[str]:
    """The variables of a function, its parameters among them, or of a comprehension."""
    match scope:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            name, node = scope.name, copy.deepcopy(scope)
            node.decorator_list = []
            node = removed(node)
        case ast.Lambda():
            name, node = "lambda", ast.Expr(scope)
        case _:
            targets = (inner for loop in scope.generators for inner in ast.walk(loop.target))
            return frozenset(inner.id for inner in targets if isinstance(inner, ast.Name))
    children = _table([node], _nonlocals([node])).get_children()
    found = (symbol for child in children if child.get_name() == name for symbol in child.get_symbols())
    return frozenset(symbol.get_name() for symbol in found if symbol.is_local())


def _looked_up(nodes: Sequence[ast.stmt], enclosing: frozenset[str]) -> Names:
    scope = _table(nodes, enclosing)
    reads: set[str] = set()
    declared: set[str] = set()
    for table in _below(scope):
        for symbol in table.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                reads.add(symbol.get_name())
            if symbol.is_declared_global() and symbol.is_assigned():
                declared.add(symbol.get_name())
            # `x = x` in a class body reads the module's x first.
            if table.get_type() == "class" and symbol.is_local() and symbol.is_referenced():
                reads.add(symbol.get_name())
    symbols = list(scope.get_symbols())
    free = {name.get_name() for child in _below(scope) for name in child.get_symbols() if name.is_free()}
    own = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
    looked_up = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
    if not enclosing:
        return Names(frozenset(reads | looked_up), frozenset(own), declared=frozenset(declared))
    return Names(
        reads=frozenset(reads | {symbol.get_name() for symbol in symbols if symbol.is_global()}) - enclosing,
        binds=frozenset(own),
        closure=frozenset((looked_up | free) & enclosing),
        declared=frozenset(declared),
    )


def _table(nodes: Sequence[ast.stmt], enclosing: frozenset[str]) -> symtable.SymbolTable:
    body = list(nodes)
    if not enclosing:
        return symtable.symtable(ast.unparse(ast.Module(body, [])), "<piece>", "exec")
    text = ast.unparse(ast.Module(body, []))
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    wrapper = symtable.symtable(f"def _({', '.join(sorted(enclosing))}):\n{lines}", "<piece>", "exec")
    return wrapper.get_children()[0]


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _below(child)


def _nonlocals(nodes: Sequence[ast.AST]) -> frozenset[str]:
    found = (inner for node in nodes for inner in ast.walk(node) if isinstance(inner, ast.Nonlocal))
    return frozenset(name for node in found for name in node.names)


def _rebound(nodes: Sequence[ast.stmt], enclosing: frozenset[str]) -> frozenset[str]:
    """Names of the enclosing functions that the piece itself binds with `nonlocal`."""
    own = frozenset[str]()
    for node in nodes:
        for function in ast.walk(node):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                own |= locals_of(function)
    return (_nonlocals(nodes) & enclosing) - own
