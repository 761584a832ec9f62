"""The text of one shipped file, from all that several callables need of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from transpilers.code import edits
from transpilers.code.instances import Instance, Key, instances_of, named, ordered, renames
from transpilers.code.literals import DECODER
from transpilers.code.pieces import ConstantPiece, FilePiece, Selection, UnitPiece
from transpilers.code.source import Kind, Module, Statement, Unit
from transpilers.code.syntax import TYPE_CHECKING, Definition, path_of
from transpilers.code.uses import uses_of_node, uses_of_unit

_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+.*$")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of text; `tight` follows the one before it without a blank line, `roomy` stands apart from both."""

    text: str
    tight: bool = False
    roomy: bool = False
    imports: bool = False


@dataclass(frozen=True, slots=True)
class Emitted:
    """A shipped file's text, and the names that its lifted pieces got."""

    text: str
    names: Mapping[Key, str]


def emit(module: Module, selections: Sequence[Selection]) -> Emitted:
    """One file for all the callables that need something of it."""
    whole = any(FilePiece(module.path, True) in selection.pieces for selection in selections)
    instances = ordered(instances_of(module, selection) for selection in selections)
    bare = {piece.index: piece.bare for piece in _units(module, selections)}
    bare |= {piece.index: True for piece in _units(module, selections) if piece.bare}
    units = list(module.units) if whole else [unit for unit in module.units if unit.index in bare]
    names = named(instances, _taken(module, units, bare, instances, selections))
    unannotated = frozenset[str]().union(*(each.unannotated.get(module.path, frozenset()) for each in selections))
    lifted = [_lifted(module, instance, names, unannotated) for instance in instances]
    if any("_decode(" in chunk.text for chunk in lifted):
        lifted.append(Chunk(f"{DECODER}\n", tight=True, imports=True))
    lifted.sort(key=lambda chunk: not chunk.imports)
    if whole:
        chunks = [Chunk(_whole(module), roomy=bool(lifted)), *lifted]
    else:
        futures = [Chunk(edits.text_of(unit.cst, module.cst)) for unit in module.units if unit.kind is Kind.FUTURE]
        kept = [unit for unit in units if unit.kind is not Kind.FUTURE]
        sliced = list(_sliced(module, kept, bare, selections, unannotated))
        head = max((at for at, chunk in enumerate(sliced, 1) if chunk.imports), default=0)
        moved = [chunk for chunk in lifted if chunk.imports]
        chunks = [*(futures if sliced or lifted else ()), *sliced[:head], *moved, *sliced[head:], *lifted[len(moved) :]]
        chunks = [Chunk(f"# Taken out of {module.path.name}.\n"), *chunks]
    return Emitted(_joined(chunks), names)


def _units(module: Module, selections: Sequence[Selection]) -> Iterator[UnitPiece]:
    for selection in selections:
        for piece in selection.pieces:
            if isinstance(piece, UnitPiece) and piece.path == module.path:
                yield piece


def _wanted(module: Module, unit: Unit, selections: Sequence[Selection]) -> frozenset[str]:
    pieces = (UnitPiece(module.path, unit.index), UnitPiece(module.path, unit.index, True))
    return frozenset[str]().union(*(each.wanted.get(piece, frozenset()) for each in selections for piece in pieces))


def _taken(
    module: Module,
    units: Sequence[Unit],
    bare: Mapping[int, bool],
    instances: Sequence[Instance],
    selections: Sequence[Selection],
) -> frozenset[str]:
    """Names at module level that a lifted piece must not take: those bound there, and those looked up there."""
    taken: set[str] = {"_decode"}
    for unit in units:
        wanted = _wanted(module, unit, selections) if unit.kind in (Kind.IMPORT, Kind.TYPING) else None
        taken |= unit.names.binds if wanted is None else wanted
        taken |= uses_of_unit(module, unit.index, bare.get(unit.index, False)).names.reads
    for instance in instances:
        piece = instance.key.piece
        if not isinstance(piece, ConstantPiece):
            node, scopes = module.inside[piece.line, piece.column]
            taken |= uses_of_node(module, node, scopes, piece.bare).names.reads
    return frozenset(taken)


def _whole(module: Module) -> str:
    body = edits.with_imports(module.cst, module.package, module.policy.replacements, None)
    text = module.cst.with_changes(body=body).code if module.policy.replacements else module.text
    lines = text.split("\n")
    # The file is written in UTF-8, whatever it was before.
    lines[:2] = [_COOKIE.sub("# -*- coding: utf-8 -*-", line) for line in lines[:2]]
    return "\n".join(lines).rstrip("\n") + "\n"


def _sliced(
    module: Module,
    units: Sequence[Unit],
    bare: Mapping[int, bool],
    selections: Sequence[Selection],
    unannotated: frozenset[str],
) -> Iterator[Chunk]:
    typing = [unit for unit in units if unit.kind is Kind.TYPING]
    known = any(TYPE_CHECKING in _wanted(module, unit, selections) for unit in units)
    if typing and not known:
        yield Chunk(f"from typing import {TYPE_CHECKING}\n", imports=True)
    previous: Unit | None = None
    for unit in units:
        statements = [unit.cst]
        if unit.kind in (Kind.IMPORT, Kind.TYPING):
            wanted = _wanted(module, unit, selections) or frozenset({"*"})
            statements = edits.with_imports(unit.cst, module.package, module.policy.replacements, wanted)
        else:
            statements = edits.with_imports(unit.cst, module.package, module.policy.replacements, None)
        if bare.get(unit.index) and isinstance(unit.nodes[0], Definition):
            dropped = [module.drops(mark) for mark in unit.nodes[0].decorator_list]
            statements = [edits.undecorated(statement, dropped) for statement in statements]
        statements = [edits.without_annotations(statement, unannotated) for statement in statements]
        text = "".join(edits.text_of(statement, module.cst) for statement in statements)
        opened = previous is not None and previous.kind is Kind.TYPING
        if unit.kind is Kind.TYPING:
            text = "".join(f"    {line}\n" if line else "\n" for line in text.splitlines())
            text = text if opened else f"if {TYPE_CHECKING}:\n{text}"
        yield Chunk(text, _is_tight(previous, unit), unit.kind is Kind.DEFINITION, unit.kind is Kind.IMPORT)
        previous = unit


def _is_tight(previous: Unit | None, unit: Unit) -> bool:
    """Whether a unit follows the one before it without a blank line, as it does in the file where it can."""
    if previous is None:
        return False
    if previous.kind is unit.kind and unit.kind in (Kind.IMPORT, Kind.TYPING):
        return True
    return previous.index == unit.index - 1 and previous.kind is unit.kind and not edits.has_blank_before(unit.cst)


def _lifted(module: Module, instance: Instance, names: Mapping[Key, str], unannotated: frozenset[str]) -> Chunk:
    name, piece = names[instance.key], instance.key.piece
    if isinstance(piece, ConstantPiece):
        return Chunk(f"{name} = {piece.text}\n", tight=True)
    node, _ = module.inside[piece.line, piece.column]
    found = _text_node(module, node)
    if isinstance(found, cst.BaseExpression):
        line = cst.SimpleStatementLine([cst.Expr(found)])
        code = edits.text_of(edits.renamed(line, renames(instance, names)), module.cst).rstrip("\n")
        return Chunk(f"{name} = ({code})\n" if "\n" in code else f"{name} = {code}\n")
    if isinstance(node, ast.Import | ast.ImportFrom):
        [found] = edits.with_imports(found, module.package, module.policy.replacements, frozenset({instance.key.name}))
    else:
        found = edits.with_imports(found, module.package, module.policy.replacements, None)[0]
    if isinstance(node, Definition) and piece.bare:
        found = edits.undecorated(found, [module.drops(mark) for mark in node.decorator_list])
    found = edits.without_annotations(found, unannotated)
    found = edits.renamed(found, renames(instance, names), instance.key.name, name)
    roomy = isinstance(node, Definition)
    return Chunk(edits.text_of(found, module.cst), not roomy, roomy, isinstance(node, ast.Import | ast.ImportFrom))


def _text_node(module: Module, node: ast.stmt | ast.expr) -> Statement | cst.BaseExpression:
    """The text tree's node for a node of the syntax tree: it starts at the same place."""
    wanted = (node.lineno, len(module.text.split("\n")[node.lineno - 1].encode()[: node.col_offset].decode()))
    # A statement comes with its line, and the comments of that, unless others share the line.
    alone: Statement | None = None
    for found in module.text_nodes[wanted]:
        match found, node:
            case ((cst.FunctionDef() | cst.ClassDef()), ast.stmt()):
                return found
            case cst.SimpleStatementLine(body=[_]), ast.stmt():
                return found
            case ((cst.Import() | cst.ImportFrom() | cst.Assign() | cst.AnnAssign()), ast.stmt()):
                alone = cst.SimpleStatementLine([found.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)])
            case cst.Lambda(), ast.Lambda():
                return found
            case cst.Call(func=func), ast.Call() if cst.Module([]).code_for_node(func).endswith(path_of(node.func)[-1]):
                return found
            case _:
                continue
    if alone is not None:
        return alone
    raise LookupError(f"line {node.lineno} has no such statement")


def _joined(chunks: Sequence[Chunk]) -> str:
    parts: list[str] = []
    for before, chunk in zip([None, *chunks], chunks, strict=False):
        if before is not None:
            gap = 2 if chunk.roomy or before.roomy else 0 if chunk.tight and before is not chunks[0] else 1
            parts.append("\n" * gap)
        parts.append(chunk.text)
    return "".join(parts)
