"""What the code of an operator class asks of Airflow's BaseOperator that is not there, by file and line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from core_compiler.diagnostics import Span
from handler.operators.names import ARGUMENTS, DEFINED, KNOWN, LACKING
from transpilers.airflow.call import CodeRef, OwnClass

Function = ast.FunctionDef | ast.AsyncFunctionDef
#: Methods that change what making, reading or setting means.
ODD = frozenset({"__new__", "__setattr__", "__getattr__", "__getattribute__", "__init_subclass__"})
#: What a constructor may do with the arguments that it does not name.
HARMLESS = frozenset({"setdefault", "update"})


def faults(own: OwnClass) -> Iterator[tuple[Span, str]]:
    """What is wrong with it, and where; each completes "the class X ..."."""
    classes = [(ref, node) for ref in own.classes if (node := _found(ref)) is not None]
    if len(classes) < len(own.classes):
        yield own.classes[0].span or Span(""), "is not a plain class statement of a file"
        return
    defined = {name for _, node in classes for name, _ in _names(node)}
    stored = {name for _, node in classes for each, name in _own(node) if isinstance(each.ctx, ast.Store)}
    for ref, node in classes:
        path = ref.span.path if ref.span is not None else ""
        for line, reason in _faults(node, defined, stored):
            yield Span(path, line), reason


def uses_context(own: OwnClass) -> bool:
    """Whether a method reads the context, or may."""
    for ref in own.classes:
        for method in _methods(_found(ref)):
            given = [one.arg for one in (*method.args.posonlyargs, *method.args.args)][1:2]
            if method.name in ("execute", "pre_execute", "post_execute") and (method.args.vararg or method.args.kwarg):
                return True
            names = {each.id for each in ast.walk(method) if isinstance(each, ast.Name)}
            if (method.name.endswith("execute") and names & set(given)) or "get_current_context" in names:
                return True
    return False


def _faults(node: ast.ClassDef, defined: set[str], stored: set[str]) -> Iterator[tuple[int, str]]:
    for keyword in node.keywords:
        yield node.lineno, f"has the argument {keyword.arg} among its bases"
    for name, line in _names(node):
        if name in ODD or (name in LACKING | ARGUMENTS | KNOWN and name not in DEFINED):
            yield line, f"defines {name}, which Airflow itself calls or reads"
    for method in _methods(node):
        if method.name == "execute" and isinstance(method, ast.AsyncFunctionDef):
            yield method.lineno, "has an execute() that is a coroutine"
        if method.name == "execute" and any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in _inside(method)):
            yield method.lineno, "has an execute() that is a generator"
        if method.name == "__init__":
            yield from _constructor(method)
    for each, name in _own(node):
        if name in LACKING - stored - defined and isinstance(each.ctx, ast.Load):
            yield each.lineno, f"uses {ast.unparse(each)} of Airflow's BaseOperator"
    for each in ast.walk(node):
        match each:
            case ast.Attribute(ast.Call(ast.Name("super")), name) if name in LACKING | ODD:
                yield each.lineno, f"uses super().{name} of Airflow's BaseOperator"
            case _:
                pass


def _constructor(method: Function) -> Iterator[tuple[int, str]]:
    """Of `**kwargs` only what is the class's own may be looked at: those of every operator are not handed on."""
    rest = method.args.kwarg
    if rest is None:
        return
    handed: set[int] = set()
    for each in ast.walk(method):
        match each:
            case ast.Call(keywords=keywords, func=function, args=args):
                handed |= {id(one.value) for one in keywords if one.arg is None}
                first = args[0] if args else None
                plain = isinstance(first, ast.Constant) and first.value not in ARGUMENTS | {"task_id"}
                match function:
                    case ast.Attribute(ast.Name() as name, "get" | "pop") if plain:
                        handed.add(id(name))
                    case ast.Attribute(ast.Name() as name, attr) if attr in HARMLESS:
                        handed.add(id(name))
                    case _:
                        pass
            case ast.Subscript(ast.Name() as name, ast.Constant(value), ctx):
                if isinstance(ctx, ast.Store) or value not in ARGUMENTS | {"task_id"}:
                    handed.add(id(name))
            case ast.Compare(ast.Constant(value), [ast.In() | ast.NotIn()], [ast.Name() as name]):
                if value not in ARGUMENTS | {"task_id"}:
                    handed.add(id(name))
            case _:
                pass
    for each in ast.walk(method):
        if isinstance(each, ast.Name) and each.id == rest.arg and id(each) not in handed:
            yield each.lineno, f"looks at arguments of every operator in {rest.arg}"


def _names(node: ast.ClassDef) -> Iterator[tuple[str, int]]:
    """What the class statement defines."""
    for item in node.body:
        match item:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield item.name, item.lineno
            case ast.Assign(targets=targets):
                yield from ((one.id, item.lineno) for one in targets if isinstance(one, ast.Name))
            case ast.AnnAssign(target=ast.Name(name), value=value) if value is not None:
                yield name, item.lineno
            case _:
                pass


def _methods(node: ast.ClassDef | None) -> list[Function]:
    return [item for item in node.body if isinstance(item, Function)] if node is not None else []


def _own(node: ast.ClassDef) -> Iterator[tuple[ast.Attribute, str]]:
    """Attributes of `self`, whatever it is called."""
    for method in _methods(node):
        first = [one.arg for one in (*method.args.posonlyargs, *method.args.args)][:1]
        for each in ast.walk(method):
            if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and [each.value.id] == first:
                yield each, each.attr


def _inside(method: Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions in it."""
    pending: list[ast.AST] = list(method.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            pending += ast.iter_child_nodes(node)


def _found(ref: CodeRef) -> ast.ClassDef | None:
    if ref.span is None:
        return None
    return _classes(ref.span.path).get(ref.span.line)


@lru_cache(maxsize=64)
def _classes(path: str) -> dict[int, ast.ClassDef]:
    try:
        with open(path, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        return {}
    return {node.lineno: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
