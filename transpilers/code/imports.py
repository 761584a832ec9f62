"""Import statements as data: every name they bind, with its full name."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transpilers.code.syntax import is_type_checking

STAR = "*"


@dataclass(frozen=True, slots=True)
class Imported:
    """One name that an import statement binds.

    `module`: what is imported or imported from, absolute; empty where a relative import leaves the project.
    `name`: what is taken from it, None for `import module`, `*` for all. `origin`: the full name of what is bound.
    `typing`: stands under `if TYPE_CHECKING`.
    """

    bound: str
    module: str
    name: str | None
    origin: str
    line: int
    relative: bool
    typing: bool


def imports_in(nodes: Iterable[ast.AST], package: str, typing: bool = False) -> Iterator[Imported]:
    """Every name bound by an import in the code, at any depth. `package`: what relative imports start from."""
    for node in nodes:
        match node:
            case ast.Import():
                for alias in node.names:
                    origin = alias.name if alias.asname else alias.name.partition(".")[0]
                    yield Imported(alias.asname or origin, alias.name, None, origin, node.lineno, False, typing)
            case ast.ImportFrom():
                module = absolute(node.module, node.level, package)
                for alias in node.names:
                    origin = module if alias.name == STAR else f"{module}.{alias.name}"
                    yield Imported(
                        alias.asname or alias.name, module, alias.name, origin, node.lineno, bool(node.level), typing
                    )
            case ast.If() if is_type_checking(node.test):
                yield from imports_in(node.body, package, True)
                yield from imports_in(node.orelse, package, typing)
            case _:
                yield from imports_in(ast.iter_child_nodes(node), package, typing)


def absolute(module: str | None, level: int, package: str) -> str:
    """The full name of `from <dots>module import ...` in a package; empty where the dots leave the project."""
    if not level:
        return module or ""
    parts = package.split(".") if package else []
    kept = parts[: len(parts) - (level - 1)]
    return ".".join([*kept, *([module] if module else [])]) if kept else ""
