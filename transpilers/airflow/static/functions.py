"""Functions of the file: defining, decorating, binding arguments, inlining."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from transpilers.airflow.static.machine import Arguments, Lost, Machine, Return
from transpilers.airflow.static.makers import makes
from transpilers.airflow.static.values import (
    Function,
    Generator,
    Property,
    Raised,
    Ref,
    Scope,
    Unknown,
    Value,
)

Definition = ast.FunctionDef | ast.AsyncFunctionDef
#: Decorators that leave a function as it is, for what a graph is concerned.
TRANSPARENT = frozenset(
    {
        "airflow.utils.decorators.apply_defaults",
        "typing.no_type_check",
        "typing.overload",
        "abc.abstractmethod",
    }
)


def define_function(m: Machine, node: Definition, scope: Scope) -> Value:
    """The value of a `def`, its decorators applied from the innermost out."""
    function = _function(m, node, node.args, scope, node.name)
    value: Value = function
    for each in reversed(node.decorator_list):
        m.executed[id(each)] = ast.copy_location(ast.Expr(each), each)
        value = _decorated(m, m.evaluate(each, scope), value, each)
    return value


def make_lambda(m: Machine, node: ast.Lambda, scope: Scope) -> Function:
    """The value of a `lambda`."""
    return _function(m, node, node.args, scope, "<lambda>")


def _function(m: Machine, node: Definition | ast.Lambda, given: ast.arguments, scope: Scope, name: str) -> Function:
    defaults = tuple(m.evaluate(each, scope) for each in given.defaults)
    keywords = {
        parameter.arg: m.evaluate(default, scope)
        for parameter, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if default is not None
    }
    return Function(node, scope, scope.prefix + name, defaults, keywords)


def _decorated(m: Machine, decorator: Value, value: Value, node: ast.AST) -> Value:
    if isinstance(decorator, Ref):
        match decorator.name:
            case "builtins.property" | "functools.cached_property":
                return Property(value, "property")
            case "builtins.staticmethod":
                return Property(value, "static")
            case "builtins.classmethod":
                return Property(value, "class")
            case name if name in TRANSPARENT:
                return value
            case _:
                pass
    if isinstance(decorator, Property) and decorator.sort == "property":
        return decorator
    return m.apply(decorator, [value], node)


def invoke(m: Machine, function: Function, arguments: Arguments, *, receiver: tuple[Value, ...] = ()) -> Value:
    """Call a function of the file.

    A generator is executed when its items are asked for.
    """
    scope = bind_arguments(m, function, arguments, receiver)
    node = function.node
    if isinstance(node, ast.AsyncFunctionDef):
        if makes(function):
            m.doubt(f"what {function.name}() makes when it is awaited", arguments.node)
        return m.unknown(f"what {function.name}() gives when it is awaited", arguments.node)
    if not isinstance(node, ast.Lambda) and yields(node):
        return _generated(m, function, scope, arguments)
    with m.inside(function.scope.module, arguments.node):
        m.functions.append(function)
        m.receivers.append(next(iter(scope.names.values()), None))
        try:
            if isinstance(node, ast.Lambda):
                m.executed[id(node)] = ast.copy_location(ast.Expr(node.body), node.body)
                return m.evaluate(node.body, scope)
            outcome = m.block(node.body, scope, Return(None))
        finally:
            m.functions.pop()
            m.receivers.pop()
    return outcome.value if isinstance(outcome, Return) else None


def _generated(m: Machine, function: Function, scope: Scope, arguments: Arguments) -> Value:
    name = f"{function.name}(), a generator"
    node = function.node
    assert isinstance(node, ast.FunctionDef)

    def run(hook: Callable[[Value], None]) -> None:
        with m.inside(function.scope.module, arguments.node):
            m.functions.append(function)
            m.receivers.append(next(iter(scope.names.values()), None))
            m.yielded.append(hook)
            try:
                m.block(node.body, scope, Return(None))
            finally:
                m.functions.pop()
                m.receivers.pop()
                m.yielded.pop()

    def pull() -> Iterator[Value]:
        """All is executed when the first item is asked for; where tasks are made meanwhile that is too early."""
        items: list[Value] = []
        before = m.size()

        def keep(item: Value) -> None:
            m.touch(items)
            items.append(item)

        made.started = True
        run(keep)
        if m.size() != before:
            m.doubt(f"when the tasks in {name}, are made", arguments.node)
        if (why := m.blurred(items)) is not None:
            raise Lost(why)
        yield from items

    made = Generator(name, iter(()), makes(function), tuple(m.journals), m.current, run=run)
    made.pull = pull()
    return made


def yields(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it is a generator."""
    pending: list[ast.AST] = list(node.body)
    while pending:
        each = pending.pop()
        if isinstance(each, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            pending += ast.iter_child_nodes(each)
    return False


def bind_arguments(m: Machine, function: Function, arguments: Arguments, receiver: tuple[Value, ...] = ()) -> Scope:
    """The scope of a call. Raises the TypeError that Python would."""
    given = function.node.args
    scope = Scope(function.scope.module, function.scope, sort="function")
    scope.prefix = f"{function.qualname}.<locals>."
    args = [*receiver, *arguments.args]
    kwargs = dict(arguments.kwargs)
    plain = [*given.posonlyargs, *given.args]
    first_default = len(plain) - len(function.defaults)
    for number, parameter in enumerate(plain):
        name = parameter.arg
        if number < len(args):
            if name in kwargs and number >= len(given.posonlyargs):
                raise Raised("TypeError", f"{function.name}() got multiple values for argument {name!r}")
            scope.names[name] = args[number]
        elif name in kwargs and number >= len(given.posonlyargs):
            scope.names[name] = kwargs.pop(name)
        else:
            default = function.defaults[number - first_default] if number >= first_default else None
            scope.names[name] = _missing(m, function, name, default, number >= first_default, arguments)
    for parameter in given.kwonlyargs:
        name = parameter.arg
        if name in kwargs:
            scope.names[name] = kwargs.pop(name)
        else:
            known = name in function.keyword_defaults
            default = function.keyword_defaults.get(name)
            scope.names[name] = _missing(m, function, name, default, known, arguments)
    if len(args) > len(plain) and given.vararg is None:
        raise Raised("TypeError", f"{function.name}() takes {len(plain)} arguments, {len(args)} were given")
    _variadic(m, function, args[len(plain) :], kwargs, arguments.rest, scope)
    return scope


def _variadic(
    m: Machine, function: Function, args: list[Value], kwargs: dict[str, Value], rest: Unknown | None, scope: Scope
) -> None:
    given = function.node.args
    if given.vararg is not None:
        scope.names[given.vararg.arg] = rest if rest is not None else tuple(args)
    if given.kwarg is None:
        if kwargs:
            raise Raised("TypeError", f"{function.name}() got an unexpected keyword argument {next(iter(kwargs))!r}")
        return
    named: dict[Value, Value] = {}
    named.update(kwargs)
    if rest is not None:
        m.blur(named, rest)
    scope.names[given.kwarg.arg] = named


def _missing(m: Machine, function: Function, name: str, default: Value, known: bool, arguments: Arguments) -> Value:
    if arguments.rest is not None:
        return m.unknown(arguments.rest.reason, arguments.node)
    if not known:
        raise Raised("TypeError", f"{function.name}() is missing the argument {name!r}")
    return default
