"""All that one callable needs: what it must have, then what it takes along only where that can ship.

Annotations that name something that cannot ship are dropped, and so are statements that act on other modules.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Callable
from pathlib import Path

from core_compiler.diagnostics import Sink
from transpilers.code import rules
from transpilers.code.annotations import groups_in
from transpilers.code.needs import Hint, Needs
from transpilers.code.pieces import FilePiece, NodePiece, Selection, UnitPiece
from transpilers.code.source import Module, Unit
from transpilers.code.syntax import line_of, paths_in
from transpilers.code.uses import PLACE_NAMES, Uses


class Collector(Needs):
    """Collects what one callable needs, in `selection`; what stands against it is in `sink`."""

    def collect(self, target: UnitPiece | NodePiece) -> None:
        """Take a piece along, with all it needs."""
        if isinstance(target, NodePiece):
            scopes = self._project.module(target.path).inside[target.line, target.column][1]
            self._closure_scopes = frozenset(scopes)
        self._add(target)
        self._drain()
        if not self.sink.failed:
            self._take_effects()
            self._take_hints()

    def _take_hints(self) -> None:
        """Names of annotations: one that cannot ship is dropped, and with it every annotation that has it."""
        while self._hints:
            batch = tuple(self._hints)
            self._hints.clear()
            fitting = [hint for hint in batch if self._fits(hint)]
            for uses, piece, name in fitting:
                dropped = self.selection.unannotated.get(uses.module.path, frozenset())
                if any(name in group and not group & dropped for group in groups_in(uses.nodes)):
                    self._tried(lambda hint=(uses, piece, name): self._take_hint(*hint))

    def _fits(self, hint: Hint) -> bool:
        uses, _, name = hint
        if self._tried(lambda: self._take_hint(*hint), keep=False):
            return True
        path = uses.module.path
        self.selection.unannotated[path] = self.selection.unannotated.get(path, frozenset()) | {name}
        origin = uses.module.origin(ast.Name(name, ast.Load())) or "a name that is not known here"
        self._note(rules.ANNOTATION_DROPPED, path, line_of(uses.nodes, name), name=name, origin=origin)
        return False

    def _take_hint(self, uses: Uses, piece: UnitPiece | NodePiece, name: str) -> None:
        if name in uses.names.closure:
            self._closure_name(uses, piece, name)
        else:
            self._module_name(uses, piece, name)

    def _take_effects(self) -> None:
        tried: set[Path] = set()
        while remaining := [
            piece.path
            for piece in self.selection.pieces
            if isinstance(piece, FilePiece) and not piece.whole and piece.path not in tried
        ]:
            tried.add(remaining[0])
            module = self._project.module(remaining[0])
            for unit, foreign in self._project.changes(module).effects:
                self._take_effect(module, unit, foreign)

    def _take_effect(self, module: Module, unit: Unit, foreign: bool) -> None:
        piece = UnitPiece(module.path, unit.index)
        if piece in self.selection.pieces:
            return
        by_place = any(path[:2] == ("sys", "path") or path[0] in PLACE_NAMES for path, _ in paths_in(unit.nodes))
        if not by_place and self._tried(lambda: self._add(piece)):
            return
        if foreign:
            statement = ast.unparse(unit.nodes[0]).splitlines()[0]
            reason = "it depends on where the file lies" if by_place else "it needs what does not ship"
            self._note(rules.LEFT_OUT, module.path, unit.line, statement=statement[:80], reason=reason)

    def _tried(self, take: Callable[[], None], keep: bool = True) -> bool:
        """Whether something can be taken along, with all it needs; if not, or not to `keep`, all is as it was."""
        before = self.selection.copy(), self.sink, deque(self._hints)
        self.sink = Sink()
        take()
        self._drain()
        trial, fatal = self.sink, _fatal(self.selection) - _fatal(before[0])
        fits = not trial.failed and not fatal
        if not fits or not keep:
            self.selection, self.sink, self._hints = before
            return fits
        self.sink = before[1]
        self.sink.extend(trial.diagnostics)
        return True


def _fatal(selection: Selection) -> frozenset[Path]:
    return frozenset(path for path, risks in selection.risks.items() if any(risk.fatal for risk in risks))
