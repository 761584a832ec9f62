"""What one piece of code uses: its names, its imports, and ways to reach its module that cannot be followed."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transpilers.code.imports import Imported, imports_in
from transpilers.code.names import Names, locals_of, names_of
from transpilers.code.source import Module
from transpilers.code.syntax import Definition, Scope, path_of, paths_in, running

#: Names that reach any name of the module around them.
_REACHING = frozenset({"eval", "exec", "globals"})

#: Names that tell where the file lies.
PLACE_NAMES = frozenset({"__file__", "__spec__", "__loader__", "__path__", "__cached__"})

_SOURCE_READERS = frozenset(
    {"inspect.getsource", "inspect.getsourcelines", "inspect.getsourcefile", "inspect.getfile", "inspect.getmodule"}
)
_VOLATILE = frozenset(
    {"datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"}
    | {"os.getenv", "os.environ.get", "os.getcwd", "os.getpid", "os.urandom", "socket.gethostname", "getpass.getuser"}
    | {"pendulum.now", "pendulum.today", "pendulum.yesterday", "pendulum.tomorrow", "open", "input"}
)
_VOLATILE_MODULES = frozenset({"time", "random", "secrets", "uuid", "tempfile"})


@dataclass(frozen=True, eq=False, slots=True)
class Uses:
    """A piece of code in its place: `scopes` are the functions around it."""

    module: Module
    nodes: tuple[ast.AST, ...]
    scopes: tuple[Scope, ...]
    names: Names

    def imports(self) -> Iterator[Imported]:
        """The imports inside the code, at any depth."""
        return imports_in(self.nodes, self.module.package)

    def parts_of(self, bound: str) -> frozenset[tuple[str, ...]]:
        """What follows a name where it is used: `{("b", "c"), ()}` for a code with `a.b.c` and `a`."""
        return frozenset(path[1:] for path, _ in paths_in(self.nodes) if path[0] == bound)

    def unfollowable(self) -> Iterator[tuple[str, int]]:
        """Why no slice of the module is sure to suffice, with the line."""
        for path, node in paths_in(self.nodes):
            if path == ("sys", "modules") or _full(self.module, path) in _SOURCE_READERS:
                yield f"`{'.'.join(path)}` is used", node.lineno
        for node in (node for each in self.nodes for node in ast.walk(each)):
            match node:
                case ast.Call(func=ast.Name(id=name), args=args) if name in self.names.reads and (
                    name in _REACHING or (name == "vars" and not args)
                ):
                    yield f"`{name}()` is used", node.lineno
                case ast.Name(id=name) if name in PLACE_NAMES & self.names.reads:
                    yield f"`{name}` is used", node.lineno
                case _:
                    continue

    def volatile(self) -> Iterator[tuple[str, int]]:
        """Calls at import that give another value each time, with the line."""
        for node in running(self.nodes):
            path = path_of(node.func) if isinstance(node, ast.Call) else ()
            name = _full(self.module, path) if path else ""
            if isinstance(node, ast.Call) and (name in _VOLATILE or name.partition(".")[0] in _VOLATILE_MODULES):
                yield ".".join(path), node.lineno
            if (
                isinstance(node, ast.Subscript)
                and isinstance(node.ctx, ast.Load)
                and _full(self.module, path_of(node.value)) == "os.environ"
            ):
                yield "os.environ", node.lineno

    def dynamic_imports(self) -> Iterator[tuple[str, int, str | None]]:
        """Imports by function call: the call, its line, and the module where it is a literal."""
        for node in (node for each in self.nodes for node in ast.walk(each)):
            path = path_of(node.func) if isinstance(node, ast.Call) else ()
            if isinstance(node, ast.Call) and _full(self.module, path) in ("importlib.import_module", "__import__"):
                first = node.args[0] if node.args else None
                literal = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
                yield ast.unparse(node), node.lineno, literal


def uses_of_unit(module: Module, index: int, bare: bool) -> Uses:
    """A unit; `bare` without the decorators that belong to the source system."""
    unit = module.units[index]
    if not bare:
        return Uses(module, unit.nodes, (), unit.names)
    nodes = tuple(undecorated(module, node) for node in unit.nodes)
    return Uses(module, nodes, (), names_of(nodes))


def uses_of_node(module: Module, node: ast.stmt | ast.expr, scopes: tuple[Scope, ...], bare: bool) -> Uses:
    """A node inside something else."""
    statement = ast.copy_location(ast.Expr(node), node) if isinstance(node, ast.expr) else node
    if bare:
        statement = undecorated(module, statement)
    enclosing = frozenset[str]().union(*map(locals_of, scopes))
    return Uses(module, (statement,), scopes, names_of([statement], enclosing))


def undecorated(module: Module, node: ast.stmt) -> ast.stmt:
    """A copy of a definition without the decorators that belong to the source system."""
    if not isinstance(node, Definition):
        return node
    bare = copy.copy(node)
    bare.decorator_list = [mark for mark in node.decorator_list if not module.drops(mark)]
    return bare


def _full(module: Module, path: Sequence[str]) -> str:
    if not path:
        return ""
    imported = module.imported.get(path[0])
    return ".".join([imported.origin if imported else path[0], *path[1:]])
