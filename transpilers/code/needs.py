"""The closure of needs: from one piece of a file to every piece of every file that it needs when it runs.

A worklist over pieces. A name that is looked up must be found, or the callable is refused.
"""

from __future__ import annotations

import ast
import builtins
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import assert_never

from core_compiler.diagnostics import Rule, Sink, Span
from transpilers.code import rules
from transpilers.code.closures import Unknown, definition_of, owner_of, scope_name
from transpilers.code.importing import (
    Library,
    Local,
    Missing,
    Parts,
    Refused,
    exports,
    is_plain_import,
    leads_of,
    obstacle,
)
from transpilers.code.imports import Imported, imports_in
from transpilers.code.literals import source_of
from transpilers.code.pieces import ConstantPiece, FilePiece, NodePiece, Piece, Risk, Selection, UnitPiece
from transpilers.code.project import Project, Unreadable
from transpilers.code.source import Kind, Module, Unit
from transpilers.code.syntax import TYPE_CHECKING, line_of, paths_in
from transpilers.code.uses import FILE, PLACE_NAMES, Uses, uses_of_node, uses_of_unit

_GIVEN = frozenset(dir(builtins)) | PLACE_NAMES | {"__name__", "__doc__", "__package__", "__annotations__"}
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith)


Hint = tuple[Uses, UnitPiece | NodePiece, str]


class Needs:
    """Takes pieces along, with all they need. `whole`: files that ship as they are; what stands against it: `sink`.

    `_hints`: names that only annotations look up, left for later.
    """

    def __init__(self, project: Project, subject: str, closure: Mapping[str, object], whole: frozenset[Path]) -> None:
        self.selection: Selection = Selection()
        self.sink: Sink = Sink()
        self._project = project
        self._subject = subject
        self._closure = closure
        self._closure_scopes: frozenset[ast.AST] = frozenset()
        self._whole = whole
        self._queue: deque[Piece] = deque()
        self._hints: deque[Hint] = deque()

    # The worklist.

    def _add(self, piece: Piece, parent: Piece | None = None, name: str = "") -> None:
        if piece in self.selection.pieces:
            return
        self.selection.pieces[piece] = None
        if parent is not None and not isinstance(piece, FilePiece):
            self.selection.parents[piece] = (parent, name)
        self._queue.append(piece)

    def _drain(self) -> None:
        while self._queue:
            piece = self._queue.popleft()
            try:
                self._visit(piece)
            except Unreadable as error:
                self._report(rules.UNREADABLE, error.path, error.line, file=error.path.name, reason=error.reason)

    def _visit(self, piece: Piece) -> None:
        module = self._project.module(piece.path)
        match piece:
            case FilePiece():
                self._file(module, piece)
            case UnitPiece():
                self._add(self._frame(module))
                if not all(isinstance(node, ast.Import | ast.ImportFrom) for node in module.units[piece.index].nodes):
                    self._code(uses_of_unit(module, piece.index, piece.bare), piece)
            case NodePiece():
                self._add(self._frame(module))
                node, scopes = module.inside[piece.line, piece.column]
                if not isinstance(node, ast.Import | ast.ImportFrom):
                    self._code(uses_of_node(module, node, scopes, piece.bare), piece)
            case ConstantPiece():
                self._add(self._frame(module))
            case _:
                assert_never(piece)

    def _file(self, module: Module, piece: FilePiece) -> None:
        if hidden := self._project.hidden(module):
            self._report(rules.NAME_CLASH, module.path, 0, module=module.name, file=module.path.name, other=hidden)
        for init in self._project.packages(module.path):
            self._local(Local(init, frozenset()), piece, 0)
        if not piece.whole:
            return
        for each in (each for each in imports_in([module.tree], module.package) if not each.typing):
            parts = frozenset(path[1:] for path, _ in paths_in([module.tree]) if path[0] == each.bound)
            self._import(module, each, parts, piece, each.line)
        for path, node in paths_in([module.tree]):
            if path[0] in PLACE_NAMES:
                self._note(rules.BESIDE, module.path, node.lineno, file=module.path.name, name=path[0])

    def _code(self, uses: Uses, piece: UnitPiece | NodePiece) -> None:
        module, names = uses.module, uses.names
        for line in uses.own_file:
            self._note(rules.BESIDE, module.path, line, file=module.path.name, name=FILE)
        for reason, line in uses.unfollowable:
            self.selection.risk(module.path, Risk(reason, line, fatal=True))
        for call, line in uses.volatile if isinstance(piece, UnitPiece) and names.binds else ():
            self._note(rules.READ_AGAIN, module.path, line, name=", ".join(sorted(names.binds)), call=call)
        for call, line, literal in uses.dynamic_imports:
            if literal is None:
                self._note(rules.DYNAMIC_IMPORT, module.path, line, call=call)
            else:
                each = Imported(literal, literal, None, literal, line, False, False)
                self._import(module, each, frozenset(), piece, line)
        for each in (each for each in uses.imports if not each.typing):
            self._import(module, each, uses.parts.get(each.bound, frozenset()), piece, each.line)
        for name in sorted(names.reads - names.hints):
            self._module_name(uses, piece, name)
        for name in sorted(names.closure - names.hints):
            self._closure_name(uses, piece, name)
        for name in sorted(names.rebinds):
            self._unknown_closure(uses, name, "is bound anew with `nonlocal`")
        self._hints.extend((uses, piece, name) for name in sorted(names.hints))

    # Names.

    def _module_name(self, uses: Uses, piece: Piece, name: str) -> None:
        self._name_of(
            uses.module, name, uses.parts.get(name, frozenset()), piece, (uses.module.path, line_of(uses.nodes, name))
        )

    def _name_of(self, module: Module, name: str, parts: Parts, piece: Piece, place: tuple[Path, int]) -> None:
        """Take what binds a name of a module. `place`: where it is used."""
        if self._ships_whole(module):
            self._add(FilePiece(module.path, True))
            return
        bound = module.binders.get(name, ())
        running = tuple(unit for unit in bound if unit.kind is not Kind.TYPING)
        units = running or bound or module.declarers.get(name, ())
        if not units and name not in _GIVEN:
            self._from_star(module, name, piece, place)
            return
        if units and not is_plain_import(module, name):
            units = self._with_changes(module, name, units, piece)
        for unit in units:
            self._unit(module, unit, name, parts, piece, place)

    def _with_changes(self, module: Module, name: str, units: tuple[Unit, ...], piece: Piece) -> tuple[Unit, ...]:
        changers = self._project.changes(module).changers.get(name, ())
        found = {unit.index: unit for unit in (*units, *changers, *module.binders.get(name, ()))}
        ordered = tuple(unit for _, unit in sorted(found.items()) if unit.kind is not Kind.TYPING or len(found) == 1)
        lines = tuple(unit.line for unit in ordered)
        if any(piece == UnitPiece(module.path, unit.index) for unit in ordered):
            # A loop's own variable, or a name that the statement itself changes: who needs the result has said so.
            return ordered
        if len(ordered) > 1:
            reason = f"`{name}` is bound or changed more than once"
            self.selection.risk(module.path, Risk(reason, lines[0], name, lines))
            return ordered
        for unit in ordered:
            if isinstance(unit.nodes[0], _LOOPS) and unit.kind is not Kind.GROUP:
                reason = f"`{name}` is bound inside a `for`, `while` or `with` statement"
                self.selection.risk(module.path, Risk(reason, unit.line, name, lines))
        return ordered

    def _unit(self, module: Module, unit: Unit, name: str, parts: Parts, piece: Piece, place: tuple[Path, int]) -> None:
        if unit.kind is Kind.GROUP:
            manager = unit.nodes[0]
            origin = module.origin(manager.items[0].context_expr) if isinstance(manager, ast.With) else name
            self._refuse(name, origin, piece, place)
            return
        taken = UnitPiece(module.path, unit.index)
        self._add(taken, piece, name)
        if unit.kind is Kind.TYPING and TYPE_CHECKING in module.imported:
            self._name_of(module, TYPE_CHECKING, frozenset(), taken, place)
        for each in imports_in(unit.nodes, module.package, unit.kind is Kind.TYPING):
            if each.bound == name:
                if unit.kind in (Kind.IMPORT, Kind.TYPING):
                    self.selection.want(taken, name)
                self._import(module, each, parts, piece, place[1], place[0])

    def _from_star(self, module: Module, name: str, piece: Piece, place: tuple[Path, int]) -> None:
        """A name that no statement binds may come from an import of all names of a module."""
        candidates: list[tuple[Unit, Imported]] = []
        for unit, each in module.stars:
            path = self._project.find(each.module, module)
            known = exports(self._project.module(path)) if path else None
            if known is None or name in known:
                candidates.append((unit, each))
            if known is not None and name in known and path:
                self._add(UnitPiece(module.path, unit.index), piece, name)
                self._local(Local(path, frozenset({name})), piece, place[1])
                return
        for unit, each in candidates:
            self._add(UnitPiece(module.path, unit.index), piece, name)
            self._import(module, each, frozenset(), piece, place[1], place[0])
        if not candidates:
            self._report(rules.UNDEFINED, place[0], place[1], name=name, file=module.path.name)

    def _closure_name(self, uses: Uses, piece: UnitPiece | NodePiece, name: str) -> None:
        owner = owner_of(name, uses.scopes)
        if owner is None or not isinstance(piece, NodePiece):
            return
        links = self.selection.links.setdefault(piece, {})
        path = uses.module.path
        if name in self._closure and owner in self._closure_scopes:
            try:
                text = source_of(self._closure[name])
            except TypeError as error:
                self._unknown_closure(uses, name, f"has a value that cannot be written: {error}")
                return
            links[name] = ConstantPiece(path, owner.lineno, owner.col_offset, scope_name(owner), name, text)
            shown = text if len(text) <= 60 else f"{text[:57]}..."
            self._report(rules.CLOSURE_CONSTANT, path, owner.lineno, name=name, scope=scope_name(owner), value=shown)
            self._add(links[name], piece, name)
            return
        found = definition_of(name, owner)
        if isinstance(found, Unknown):
            self._unknown_closure(uses, name, found.reason)
            return
        links[name] = NodePiece(path, found.lineno, found.col_offset)
        self._add(links[name], piece, name)
        for each in imports_in([found], uses.module.package) if isinstance(found, ast.Import | ast.ImportFrom) else ():
            if each.bound == name:
                self.selection.want(links[name], name)
                self._import(uses.module, each, uses.parts.get(name, frozenset()), piece, line_of(uses.nodes, name))

    def _unknown_closure(self, uses: Uses, name: str, reason: str) -> None:
        owner = owner_of(name, uses.scopes)
        scope = scope_name(owner) if owner is not None else "?"
        line = line_of(uses.nodes, name)
        self._report(rules.UNKNOWN_CLOSURE, uses.module.path, line, name=name, scope=scope, reason=reason)

    # Imports.

    def _import(
        self, module: Module, each: Imported, parts: Parts, piece: Piece, line: int, path: Path | None = None
    ) -> None:
        """Follow an import; `line` of `path`: where what it binds is used."""
        if each.typing and not module.policy.refuses(each.origin):
            return
        for lead in leads_of(self._project, module, each, parts):
            match lead:
                case Refused(origin):
                    self._refuse(each.bound, origin, piece, (path or module.path, line))
                case Library(name):
                    self.selection.requires |= {name}
                case Local():
                    self._local(lead, piece, line)
                case Missing(name):
                    reason = f"there is no module `{name}` in the project" if name else "the import leaves the project"
                    self._report(rules.UNREADABLE, module.path, each.line, file=module.path.name, reason=reason)
                case _:
                    assert_never(lead)

    def _local(self, lead: Local, piece: Piece, line: int) -> None:
        module = self._project.module(lead.path)
        frame = self._frame(module)
        self._add(frame)
        if frame.whole:
            return
        if lead.names is None:
            barrier = obstacle(module)
            self._report(
                rules.DYNAMIC,
                piece.path,
                line,
                reason=f"all of `{module.name}` is used",
                file=module.path.name,
                obstacle=f"it imports `{barrier.origin}` at line {barrier.line}" if barrier else "it is sliced",
            )
        for name in sorted(lead.names or ()):
            self._name_of(module, name, frozenset[tuple[str, ...]]([()]), piece, (piece.path, line))

    def _refuse(self, name: str, origin: str, piece: Piece, place: tuple[Path, int]) -> None:
        self._report(rules.REFUSED_IMPORT, place[0], place[1], name=name, origin=origin, through=self._through(piece))

    def _through(self, piece: Piece) -> str:
        names: list[str] = []
        while piece in self.selection.parents and len(names) < 8:
            piece, name = self.selection.parents[piece]
            names.append(f"`{name}`")
        return f" (needed through {', '.join(reversed(names))})" if names else ""

    def _ships_whole(self, module: Module) -> bool:
        """A module beside those asked for ships as it is, unless it imports what does not ship."""
        return module.path in self._whole or (module.path not in self._project.entries and obstacle(module) is None)

    def _frame(self, module: Module) -> FilePiece:
        return FilePiece(module.path, self._ships_whole(module))

    # Findings.

    def _report(self, rule: Rule, path: Path, line: int, **values: str) -> None:
        self.sink.report(rule, Span(self._project.shown(path), line), subject=self._subject, **values)

    def _note(self, rule: Rule, path: Path, line: int, **values: str) -> None:
        """A finding about a file is the same for every callable of it."""
        self.sink.report(rule, Span(self._project.shown(path), line), **values)
