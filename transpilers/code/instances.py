"""The lifted nodes and constants of one file, each with the name it gets at module level."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transpilers.code.closures import scope_name
from transpilers.code.pieces import ConstantPiece, NodePiece, Piece, Selection
from transpilers.code.source import Module


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a lifted piece one of its own: the name it binds, and the constants that it sees, however deep."""

    piece: NodePiece | ConstantPiece
    name: str
    constants: frozenset[ConstantPiece]


@dataclass(frozen=True, slots=True)
class Instance:
    """A lifted piece: `links` lead from its closure variables to what they are."""

    key: Key
    scope: str
    links: tuple[tuple[str, Key], ...] = ()


def instances_of(module: Module, selection: Selection) -> tuple[Instance, ...]:
    """The lifted pieces of a file that one callable needs."""
    found: list[Instance] = []
    for piece in selection.pieces:
        if isinstance(piece, ConstantPiece) and piece.path == module.path:
            found.append(Instance(key_of(module, selection, piece, piece.name), _outer(module, piece)))
        if isinstance(piece, NodePiece) and piece.path == module.path:
            links = tuple(
                (name, key_of(module, selection, target, name))
                for name, target in sorted(selection.links.get(piece, {}).items())
                if isinstance(target, NodePiece | ConstantPiece)
            )
            for name in sorted(selection.wanted.get(piece, ())) or [""]:
                found.append(Instance(key_of(module, selection, piece, name), _outer(module, piece), links))
    return tuple(found)


def key_of(module: Module, selection: Selection, piece: NodePiece | ConstantPiece, name: str) -> Key:
    """The identity of a piece. `name`: the one that is used, for an import; others have their own."""
    if isinstance(piece, ConstantPiece):
        return Key(piece, piece.name, frozenset([piece]))
    constants: set[ConstantPiece] = set()
    seen: set[Piece] = set()
    stack: list[Piece] = [piece]
    while stack:
        each = stack.pop()
        if isinstance(each, ConstantPiece):
            constants.add(each)
        if isinstance(each, NodePiece) and each not in seen:
            seen.add(each)
            stack.extend(selection.links.get(each, {}).values())
    node, _ = module.inside[piece.line, piece.column]
    return Key(piece, name if isinstance(node, ast.Import | ast.ImportFrom) else _own_name(node), frozenset(constants))


def named(instances: Iterable[Instance], taken: frozenset[str]) -> dict[Key, str]:
    """A name for each lifted piece: its own, else with its function's before it, else numbered."""
    used = set(taken)
    names: dict[Key, str] = {}
    for instance in instances:
        own = instance.key.name
        scoped = f"{instance.scope}_{own}" if instance.scope.isidentifier() else own
        candidates = [own, scoped, *(f"{scoped}_{number}" for number in range(2, len(used) + 3))]
        names[instance.key] = next(name for name in candidates if name not in used)
        used.add(names[instance.key])
    return names


def ordered(groups: Iterable[tuple[Instance, ...]]) -> tuple[Instance, ...]:
    """The union of the lifted pieces of several callables, in the order of the file."""
    union: dict[Key, Instance] = {instance.key: instance for group in groups for instance in group}
    return tuple(sorted(union.values(), key=lambda each: (each.key.piece.line, each.key.piece.column)))


def renames(instance: Instance, names: Mapping[Key, str]) -> dict[str, str]:
    """The names of closure variables as they are at module level."""
    return {name: names[key] for name, key in instance.links if key in names}


def _own_name(node: ast.AST) -> str:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.name
        case ast.Lambda():
            return f"lambda_{node.lineno}"
        case ast.Call():
            return f"partial_{node.lineno}"
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case _:
            raise TypeError(f"{type(node).__name__} cannot be lifted")


def _outer(module: Module, piece: NodePiece | ConstantPiece) -> str:
    if isinstance(piece, ConstantPiece):
        return piece.scope
    scopes = module.inside[piece.line, piece.column][1]
    return scope_name(scopes[-1]) if scopes else ""
