"""What is taken along: pieces of files, and the selection of them that one callable needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FilePiece:
    """A file that ships: as it is (`whole`), or as the frame of the other pieces."""

    path: Path
    whole: bool = False


@dataclass(frozen=True, slots=True)
class UnitPiece:
    """A unit of a file at module level. `bare`: without the decorators that belong to the source system."""

    path: Path
    index: int
    bare: bool = False


@dataclass(frozen=True, slots=True)
class NodePiece:
    """A definition, import, assignment, lambda or partial inside something else, by where its node starts."""

    path: Path
    line: int
    column: int
    bare: bool = False


@dataclass(frozen=True, slots=True)
class ConstantPiece:
    """A closure variable with a known value, as source text. `line` and `column`: where its `scope` starts."""

    path: Path
    line: int
    column: int
    scope: str
    name: str
    text: str


Piece = FilePiece | UnitPiece | NodePiece | ConstantPiece


@dataclass(slots=True)
class Selection:
    """All that one callable needs.

    `wanted`: the names needed of an import statement. `links`: what the closure variables of a lifted node are.
    `unannotated`: names whose annotations are dropped. `risks`: why a slice of a file may not do what the file does.
    `requires`: modules that do not ship. `parents`: who needed a piece first, and by which name.
    """

    pieces: dict[Piece, None] = field(default_factory=dict[Piece, None])
    wanted: dict[Piece, frozenset[str]] = field(default_factory=dict[Piece, frozenset[str]])
    links: dict[NodePiece, dict[str, Piece]] = field(default_factory=dict[NodePiece, dict[str, Piece]])
    unannotated: dict[Path, frozenset[str]] = field(default_factory=dict[Path, frozenset[str]])
    risks: dict[Path, tuple[Risk, ...]] = field(default_factory=dict[Path, "tuple[Risk, ...]"])
    requires: frozenset[str] = frozenset()
    parents: dict[Piece, tuple[Piece, str]] = field(default_factory=dict[Piece, tuple[Piece, str]])

    def copy(self) -> Selection:
        """A selection that can grow on its own."""
        return Selection(
            dict(self.pieces),
            dict(self.wanted),
            {piece: dict(links) for piece, links in self.links.items()},
            dict(self.unannotated),
            dict(self.risks),
            self.requires,
            dict(self.parents),
        )

    def want(self, piece: Piece, name: str) -> None:
        """Take a name of an import along."""
        self.pieces.setdefault(piece)
        self.wanted[piece] = self.wanted.get(piece, frozenset()) | {name}

    def risk(self, path: Path, risk: Risk) -> None:
        """Note why a slice of the file may differ."""
        known = self.risks.get(path, ())
        if risk not in known:
            self.risks[path] = (*known, risk)


@dataclass(frozen=True, slots=True)
class Risk:
    """Why a slice of a file may not do what the file does.

    `name` with the `lines` that bind or change it; or, with `fatal`, code that may reach anything in the file.
    """

    reason: str
    line: int
    name: str = ""
    lines: tuple[int, ...] = ()
    fatal: bool = False
