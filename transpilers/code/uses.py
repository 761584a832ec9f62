"""What one piece of code uses: its names, its imports, and ways to reach its module that cannot be followed."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from transpilers.code.imports import Imported, imports_in
from transpilers.code.names import Names, locals_of, names_of
from transpilers.code.source import Module
from transpilers.code.syntax import Definition, Scope, path_of, paths_in, running

FILE = "__file__"
#: Names that tell where the file lies.
PLACE_NAMES = frozenset({FILE, "__spec__", "__loader__", "__path__", "__cached__"})

#: Names that reach any name of the module around them, or its file, or its text.
_REACHING = PLACE_NAMES | {"eval", "exec", "globals", "__doc__", "__annotations__"}

#: What leads from a file to its text, or to what lies around it.
_LEADING = frozenset(
    {"absolute", "chdir", "dirname", "glob", "iglob", "iterdir", "joinpath", "listdir", "open", "parent", "parents"}
    | {"parts", "partition", "read_bytes", "read_text", "relative_to", "replace", "rglob", "rpartition", "rsplit"}
    | {"scandir", "split", "walk", "with_name", "with_stem", "with_suffix"}
)

_SOURCE_READERS = frozenset(
    {"inspect.getsource", "inspect.getsourcelines", "inspect.getsourcefile", "inspect.getfile", "inspect.getmodule"}
)
_VOLATILE = frozenset(
    {"datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"}
    | {"os.getenv", "os.environ.get", "os.getcwd", "os.getpid", "os.urandom", "socket.gethostname", "getpass.getuser"}
    | {"pendulum.now", "pendulum.today", "pendulum.yesterday", "pendulum.tomorrow", "open", "input"}
)
_VOLATILE_MODULES = frozenset({"time", "random", "secrets", "uuid", "tempfile"})


@dataclass(frozen=True, eq=False)
class Uses:
    """A piece of code in its place: `scopes` are the functions around it."""

    module: Module
    nodes: tuple[ast.AST, ...]
    scopes: tuple[Scope, ...]
    names: Names

    @cached_property
    def imports(self) -> tuple[Imported, ...]:
        """The imports inside the code, at any depth."""
        return tuple(imports_in(self.nodes, self.module.package))

    @cached_property
    def parts(self) -> dict[str, frozenset[tuple[str, ...]]]:
        """What follows each name where it is used: `{"a": {("b", "c"), ()}}` for code with `a.b.c` and `a`."""
        found: dict[str, frozenset[tuple[str, ...]]] = {}
        for path, _ in self._paths:
            found[path[0]] = found.get(path[0], frozenset()) | {path[1:]}
        return found

    @cached_property
    def unfollowable(self) -> tuple[tuple[str, int], ...]:
        """Why no slice of the module is sure to suffice, with the line."""
        reads = self.names.reads - ({FILE} if self.own_file else set())
        found: list[tuple[str, int]] = []
        for path, node in self._paths:
            full = full_name(self.module, path)
            if path[:2] == ("sys", "modules") or full in _SOURCE_READERS or path[0] in reads & _REACHING:
                found.append((f"`{'.'.join(path)}` is used", node.lineno))
        calls = (node for each in self.nodes for node in ast.walk(each) if isinstance(node, ast.Call))
        found.extend(
            ("`vars()` is used", call.lineno) for call in calls if path_of(call.func) == ("vars",) and not call.args
        )
        return tuple(found)

    @cached_property
    def own_file(self) -> tuple[int, ...]:
        """The lines where a function uses the place of its file, and nothing that leads on from there."""
        lines = tuple(node.lineno for path, node in self._paths if path[0] == FILE)
        if not lines or not all(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in self.nodes):
            return ()
        nodes = [node for each in self.nodes for node in ast.walk(each)]
        words = {node.id for node in nodes if isinstance(node, ast.Name)}
        words |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        divides = any(isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) for node in nodes)
        return () if divides or words & _LEADING else lines

    @cached_property
    def volatile(self) -> tuple[tuple[str, int], ...]:
        """Calls at import that give another value each time, with the line."""
        found: list[tuple[str, int]] = []
        for node in running(self.nodes):
            match node:
                case ast.Call(func=func) if _is_volatile(full_name(self.module, path_of(func))):
                    found.append((".".join(path_of(func)), node.lineno))
                case ast.Subscript(value=value, ctx=ast.Load()) if (
                    full_name(self.module, path_of(value)) == "os.environ"
                ):
                    found.append(("os.environ", node.lineno))
                case _:
                    continue
        return tuple(found)

    @cached_property
    def dynamic_imports(self) -> tuple[tuple[str, int, str | None], ...]:
        """Imports by function call: the call, its line, and the module where it is a literal."""
        found: list[tuple[str, int, str | None]] = []
        for node in (node for each in self.nodes for node in ast.walk(each) if isinstance(node, ast.Call)):
            if full_name(self.module, path_of(node.func)) in ("importlib.import_module", "__import__"):
                first = node.args[0] if node.args else None
                literal = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
                found.append((ast.unparse(node), node.lineno, literal))
        return tuple(found)

    @cached_property
    def _paths(self) -> tuple[tuple[tuple[str, ...], ast.expr], ...]:
        return tuple(paths_in(self.nodes))


# Nodes and modules are compared by identity, so a repeated question about one of them has one answer.
@lru_cache(maxsize=4096)
def uses_of_unit(module: Module, index: int, bare: bool) -> Uses:
    """A unit; `bare` without the decorators that belong to the source system."""
    unit = module.units[index]
    if not bare:
        return Uses(module, unit.nodes, (), unit.names)
    nodes = tuple(undecorated(module, node) for node in unit.nodes)
    return Uses(module, nodes, (), names_of(nodes))


@lru_cache(maxsize=4096)
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


def full_name(module: Module, path: Sequence[str]) -> str:
    """A dotted name with what its first part was imported as; "" for no name."""
    if not path:
        return ""
    imported = module.imported.get(path[0]) or module.imported_inside.get(path[0])
    return ".".join([imported.origin if imported else path[0], *path[1:]])


def _is_volatile(name: str) -> bool:
    return name in _VOLATILE or name.partition(".")[0] in _VOLATILE_MODULES
