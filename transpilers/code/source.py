"""One source file, cut into units: the statements that are taken along, or not, as one."""

from __future__ import annotations

import ast
import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import libcst as cst
from libcst import metadata

from transpilers.code.imports import STAR, Imported, imports_in
from transpilers.code.lifted import Liftable, liftable_in
from transpilers.code.names import Names, names_of
from transpilers.code.policy import Policy
from transpilers.code.syntax import Definition, Scope, is_main_guard, is_type_checking, path_of, root_of

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


class Kind(enum.Enum):
    """What a unit is. A GROUP is the head of a `with` that only groups the statements in it; it never ships."""

    IMPORT = enum.auto()
    FUTURE = enum.auto()
    TYPING = enum.auto()
    DEFINITION = enum.auto()
    STATEMENT = enum.auto()
    GROUP = enum.auto()


@dataclass(frozen=True, slots=True)
class Unit:
    """A statement line or a compound statement at module level, both as text (`cst`) and as `nodes`."""

    index: int
    kind: Kind
    cst: Statement
    nodes: tuple[ast.stmt, ...]
    names: Names

    @property
    def line(self) -> int:
        """Where the unit starts."""
        return self.nodes[0].lineno


@dataclass(frozen=True, eq=False)
class Module:
    """A parsed source file. `name` is the one it is imported by; `package` is what its relative imports start from."""

    path: Path
    name: str
    package: str
    text: str
    tree: ast.Module
    policy: Policy
    cst: cst.Module = field(repr=False)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """All units in the order of the file."""
        return tuple(
            _unit(index, kind, statement, nodes)
            for index, (kind, statement, nodes) in enumerate(self._flat(self.cst.body, self.tree.body))
        )

    @cached_property
    def inside(self) -> dict[tuple[int, int], tuple[Liftable, tuple[Scope, ...]]]:
        """What can be taken out of the inside of something, by line and column, with the scopes around it."""
        return {(node.lineno, node.col_offset): (node, scopes) for node, scopes in liftable_in(self.tree)}

    @cached_property
    def text_nodes(self) -> dict[tuple[int, int], tuple[cst.CSTNode, ...]]:
        """The nodes of the text tree by the line and the column, in characters, where they start."""
        wrapper = metadata.MetadataWrapper(self.cst, unsafe_skip_copy=True)
        found: dict[tuple[int, int], list[cst.CSTNode]] = {}
        for node, place in wrapper.resolve(metadata.PositionProvider).items():
            found.setdefault((place.start.line, place.start.column), []).append(node)
        return {place: tuple(nodes) for place, nodes in found.items()}

    @cached_property
    def imported(self) -> dict[str, Imported]:
        """What the imports at module level bind, by name; the last one counts."""
        found = imports_in(_at_import(self.tree.body), self.package)
        return {each.bound: each for each in found if each.name != STAR}

    @cached_property
    def binders(self) -> dict[str, tuple[Unit, ...]]:
        """The units that bind a name when the module is imported."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            for name in sorted(unit.names.binds):
                found.setdefault(name, []).append(unit)
        return {name: tuple(units) for name, units in found.items()}

    @cached_property
    def declarers(self) -> dict[str, tuple[Unit, ...]]:
        """The units with a function that binds a name with `global`."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            for name in sorted(unit.names.declared):
                found.setdefault(name, []).append(unit)
        return {name: tuple(units) for name, units in found.items()}

    @cached_property
    def stars(self) -> tuple[tuple[Unit, Imported], ...]:
        """The units that import all of a module."""
        return tuple(
            (unit, each) for unit in self.units for each in imports_in(unit.nodes, self.package) if each.name == STAR
        )

    def origin(self, node: ast.expr) -> str:
        """The full name of the import that an expression starts at, directly or through names; "" where there is none.

        `airflow.sdk.task` for `task(retries=2)`, also for `my_task` after `my_task = task(retries=2)`.
        """
        return self._origin(node, frozenset())

    def drops(self, node: ast.expr) -> bool:
        """Whether what an expression starts at belongs to the source system alone: a decorator, a context manager."""
        return self.policy.drops(self.origin(node))

    def _origin(self, node: ast.expr, seen: frozenset[str]) -> str:
        root = root_of(node)
        if root is None or root.id in seen:
            return ""
        if found := self.imported.get(root.id) or self.imported_inside.get(root.id):
            return ".".join([found.origin, *path_of(node)[1:]])
        made = self._makers.get(root.id)
        return self._origin(made, seen | {root.id}) if made else ""

    @cached_property
    def _makers(self) -> dict[str, ast.expr]:
        """What a name is made from: the value assigned, the context manager, the decorator. Outer scopes go first."""
        found: dict[str, ast.expr] = {}
        for node in ast.walk(self.tree):
            for name, value in _made(node):
                found.setdefault(name, value)
        return found

    @cached_property
    def imported_inside(self) -> dict[str, Imported]:
        """What imports anywhere in the file bind, by name."""
        return {each.bound: each for each in imports_in([self.tree], self.package)}

    def _flat(
        self, statements: Sequence[cst.BaseStatement], nodes: Sequence[ast.stmt]
    ) -> Iterator[tuple[Kind, Statement, tuple[ast.stmt, ...]]]:
        """Statements with their nodes; blocks that only group or guard are opened."""
        at = 0
        for statement in (each for each in statements if isinstance(each, Statement)):
            width = len(statement.body) if isinstance(statement, cst.SimpleStatementLine) else 1
            taken = tuple(nodes[at : at + width])
            at += width
            match statement, taken[0]:
                case cst.With(body=cst.IndentedBlock(body=body)), ast.With() as block if self._groups(block):
                    yield Kind.GROUP, statement, (ast.With(block.items, [ast.Pass()], lineno=block.lineno),)
                    yield from self._flat(body, block.body)
                case (
                    cst.If(
                        body=cst.IndentedBlock(body=body), orelse=None | cst.Else(body=cst.IndentedBlock())
                    ) as guard,
                    ast.If() as block,
                ) if is_type_checking(block.test):
                    for _, inner, inner_nodes in self._flat(body, block.body):
                        yield Kind.TYPING, inner, inner_nodes
                    if guard.orelse:
                        yield from self._flat(cst.ensure_type(guard.orelse.body, cst.IndentedBlock).body, block.orelse)
                case cst.If(), ast.If() as block if is_main_guard(block.test) and not block.orelse:
                    continue
                case _:
                    yield _kind(taken), statement, taken

    def _groups(self, block: ast.With) -> bool:
        return all(self.drops(item.context_expr) for item in block.items)


def _unit(index: int, kind: Kind, statement: Statement, nodes: tuple[ast.stmt, ...]) -> Unit:
    return Unit(index, kind, statement, nodes, names_of(nodes))


def _kind(nodes: Sequence[ast.stmt]) -> Kind:
    if all(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in nodes):
        return Kind.FUTURE
    if all(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes):
        return Kind.IMPORT
    return Kind.DEFINITION if isinstance(nodes[0], Definition) else Kind.STATEMENT


def _at_import(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if not isinstance(statement, Definition):
            yield statement


def _made(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
            yield name, value
        case (
            ast.FunctionDef(name=name, decorator_list=[*_, value])
            | ast.AsyncFunctionDef(name=name, decorator_list=[*_, value])
        ):
            yield name, value
        case _:
            return
