"""Which module-level names a statement changes without binding them, and what it does to other modules.

Errs towards seeing a change: a method called for its effect, an item or attribute set, a name handed to a call whose
result is thrown away, and what functions of the module do to its names when they are called at import.
Not seen: changes inside libraries, and through names that came from a call.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from transpilers.code.source import Kind, Module, Unit
from transpilers.code.syntax import Definition, Function, path_of, root_of, running
from transpilers.code.tasks import Find, makes_tasks

_BUILTINS = frozenset(dir(builtins))

# Methods of the built-in containers that change them, also where their result is used.
_CHANGING = frozenset(
    {"add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "popleft"}
    | {"remove", "reverse", "setdefault", "sort", "update"}
)

# What is written to a log changes nothing that code reads.
_LOGGING = frozenset({"debug", "info", "warning", "error", "critical", "exception", "log"})


# Built-in functions that act outside the module.
_ACTING = frozenset({"exec", "eval", "open", "__import__"})


@dataclass(frozen=True, eq=False)
class Changes:
    """What the units of one module change."""

    module: Module
    find: Find

    @cached_property
    def changers(self) -> dict[str, tuple[Unit, ...]]:
        """The units that change a name, by name; through a second name for the same value, too."""
        direct = {unit.index: self._changed(unit) for unit in self.module.units if unit.kind is not Kind.GROUP}
        found: dict[str, list[Unit]] = {}
        for unit in self.module.units:
            for name in sorted(direct.get(unit.index, frozenset())):
                for original in self._originals(name):
                    found.setdefault(original, []).append(unit)
        return {name: tuple(units) for name, units in found.items()}

    @cached_property
    def effects(self) -> tuple[tuple[Unit, bool], ...]:
        """Units that do something to other modules: `os.environ["A"] = "b"`, `random.seed(1)`, `set_up_logging()`.

        With each, whether it names what it acts on, rather than only calling a function of this module.
        """
        found: list[tuple[Unit, bool]] = []
        for unit in self.module.units:
            called = self._called(unit) if unit.kind is Kind.STATEMENT else frozenset[str]()
            touched = self._changed(unit) if unit.kind is Kind.STATEMENT else frozenset[str]()
            if any(self._is_foreign(name) for name in touched | called):
                found.append((unit, True))
            elif any(self._is_plain_function(name) for name in called):
                found.append((unit, False))
        return tuple(found)

    def _is_foreign(self, name: str) -> bool:
        imported = self.module.imported.get(name)
        if imported is None:
            return name in _ACTING and name not in self.module.binders
        return not self.module.policy.drops(imported.origin)

    def _is_plain_function(self, name: str) -> bool:
        units = self.module.binders.get(name, ())
        dropped = self.module.drops(ast.Name(name, ast.Load()))
        return any(unit.kind is Kind.DEFINITION for unit in units) and not dropped

    def _changed(self, unit: Unit) -> frozenset[str]:
        nodes = list(running(unit.nodes))
        called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        called |= {
            mark.id
            for node in nodes
            if isinstance(node, Definition)
            for mark in node.decorator_list
            if isinstance(mark, ast.Name)
        }
        inside = frozenset[str]().union(*(self._by_function.get(name, frozenset()) for name in called))
        return frozenset(name for node in nodes for name in self._touched(node)) | inside

    @cached_property
    def _by_function(self) -> dict[str, frozenset[str]]:
        """The module-level names that a function of the module binds or changes when it is called."""
        found: dict[str, frozenset[str]] = {}
        for unit in self.module.units:
            node = unit.nodes[0]
            # Calling a function of the source system only builds the workflow: its body does not run.
            if not isinstance(node, Function) or any(self.module.drops(mark) for mark in node.decorator_list):
                continue
            touched = {name for statement in node.body for each in ast.walk(statement) for name in self._touched(each)}
            found[node.name] = frozenset(touched & unit.names.reads) | unit.names.declared
        return found

    def _touched(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store() | ast.Del()):
                yield from _root(node)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr))) if attr in _LOGGING:
                return
            case ast.Expr() | ast.Assign() if (call := _for_effect(node)) and not self._builds(call):
                yield from self._handed(call)
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in _CHANGING and not self._builds(node):
                yield from _root(node.func) if _is_place(node.func) else ()
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield from self._noticed_by(node) if isinstance(node, ast.ClassDef) else ()
                for mark in node.decorator_list:
                    if len(path_of(mark.func if isinstance(mark, ast.Call) else mark)) > 1:
                        yield from _root(mark)
            case _:
                return

    def _noticed_by(self, node: ast.ClassDef) -> Iterator[str]:
        """The bases of a class, however far up, that may keep a list of the classes made from them."""
        listed = "__subclasses__" in self.module.text
        stack, seen = [node], {node}
        while stack:
            for name in (name for base in stack.pop().bases for name in _root(base)):
                found = {each for unit in self.module.binders.get(name, ()) for each in unit.nodes}
                classes = {each for each in found if isinstance(each, ast.ClassDef)}
                if listed or any(map(_notices_subclasses, classes)):
                    yield name
                stack.extend(classes - seen)
                seen |= classes

    def _handed(self, call: ast.Call) -> Iterator[str]:
        if isinstance(call.func, ast.Name) and call.func.id in _BUILTINS - {"setattr", "delattr", "next"}:
            return
        if isinstance(call.func, ast.Attribute):
            yield from _root(call.func)
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
            if isinstance(argument, ast.Name | ast.Starred):
                yield from _root(argument)

    def _builds(self, call: ast.Call) -> bool:
        """Whether the call builds the source system's workflow, as `chain(a, b)` or `a.set_upstream(b)` do."""
        return self.module.drops(call.func) or makes_tasks(self.module, call.func, self.find)

    def _called(self, unit: Unit) -> frozenset[str]:
        """The functions that a unit calls by name, for their effect alone, but for those that make tasks."""
        calls = [call for node in running(unit.nodes) if (call := _for_effect(node))]
        named = (call.func for call in calls if not makes_tasks(self.module, call.func, self.find))
        return frozenset(function.id for function in named if isinstance(function, ast.Name))

    def _originals(self, name: str, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """The name, and the names whose value it shares: `a` and `b` after `a = b["key"]`."""
        yield name
        for other in self._aliases.get(name, ()):
            if other not in seen | {name}:
                yield from self._originals(other, seen | {name})

    @cached_property
    def _aliases(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for node in running(self.module.tree.body):
            match node:
                case ast.Assign(targets=targets, value=ast.Name() | ast.Attribute() | ast.Subscript() as value):
                    names = [target.id for target in targets if isinstance(target, ast.Name)]
                case ast.For(target=ast.Name(id=name), iter=value):
                    names = [name]
                case _:
                    continue
            for name in names:
                found[name] = (*found.get(name, ()), *_root(value))
        return found


def _notices_subclasses(node: ast.ClassDef) -> bool:
    hook = any(isinstance(each, Function) and each.name == "__init_subclass__" for each in node.body)
    return hook or any(keyword.arg == "metaclass" for keyword in node.keywords)


def _for_effect(node: ast.AST) -> ast.Call | None:
    """The call of a statement whose result is thrown away: `f()`, and `_ = f()` as well."""
    match node:
        case ast.Expr(value=ast.Call() as call) | ast.Assign(targets=[ast.Name(id="_")], value=ast.Call() as call):
            return call
        case _:
            return None


def _is_place(node: ast.expr) -> bool:
    """Whether an expression names a value (`a.b[0]`) rather than making one (`a().b`)."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return isinstance(node, ast.Name)


def _root(node: ast.expr) -> Iterator[str]:
    root = root_of(node)
    if root is not None:
        yield root.id
