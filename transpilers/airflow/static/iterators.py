"""What gives its items one by one, each once: iterators, generator expressions, generators of the file.

Nothing is evaluated before it is asked for, as in Python: `map(make_task, names)` that nobody iterates makes no task. A
generator of the file cannot be held at its `yield` here; instead, what the loop around it does is done there.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from collections.abc import Generator as Generating
from contextlib import contextmanager

from transpilers.airflow.static.machine import Left, Lost, Machine, Outcome
from transpilers.airflow.static.values import Generator, Lazy, Module, Raised, Unknown, Value

Hook = Callable[[Value], Outcome]


def lazy(m: Machine, name: str, pull: Iterator[Value], *, makes: bool = False, module: Module | None = None) -> Lazy:
    """An iterator of this moment: what is changed in a branch that may not be taken is not known afterwards."""
    return Lazy(name, pull, makes, tuple(m.journals), module or m.current)


def advance(m: Machine, value: Lazy, node: ast.AST) -> Value:
    """Its next item. Raises StopIteration at its end, and Lost where nobody knows what comes next."""
    if value.why is None and not _may_change(m, value):
        lose(m, value, m.unknown(f"what is left of {value.name}", node), node)
    if value.why is not None:
        raise Lost(value.why)
    m.step()
    try:
        with m.inside(value.module, node):
            return next(value.pull)
    except Lost as lost:
        value.why = lost.why
        raise
    except ValueError as error:
        # It asks itself for its next item.
        raise Raised("ValueError", str(error)) from error


def lose(m: Machine, value: Lazy, why: Unknown, node: ast.AST) -> None:
    """From now on it is not known what it gives."""
    if value.makes and value.why is None:
        m.doubt(f"when the tasks in {value.name} are made", node)
    value.why = why


def _may_change(m: Machine, value: Lazy) -> bool:
    """Whether all branches that are open now were open when it was made: what is taken back it would not give again."""
    known = value.journals[: len(m.journals)]
    return len(known) == len(m.journals) and all(one is other for one, other in zip(m.journals, known, strict=True))


def items_of(m: Machine, value: Lazy, node: ast.AST) -> Iterator[Value]:
    """All that is left, one by one."""
    while True:
        try:
            item = advance(m, value, node)
        except StopIteration:
            return
        yield item


def drained(m: Machine, value: Lazy, node: ast.AST) -> list[Value] | Unknown:
    """All that is left, at once."""
    if isinstance(value, Generator) and fresh(m, value):
        found: list[Value] = []

        def keep(item: Value) -> None:
            m.touch(found)
            found.append(item)
            m.step()

        through(m, value, keep, node)
        return m.blurred(found) or found
    try:
        return list(items_of(m, value, node))
    except Lost as lost:
        return lost.why


def fresh(m: Machine, value: Generator) -> bool:
    """Whether it can be followed from its beginning."""
    return not value.started and value.why is None and _may_change(m, value)


def through(m: Machine, value: Generator, hook: Hook, node: ast.AST) -> Outcome:
    """Execute a generator, and `hook` with each item where it is yielded; what `hook` ends with ends both."""
    value.started = True
    value.pull = iter(())
    open_now = len(m.journals)
    where = m.current

    def turn(item: Value) -> None:
        with outside(m, where):
            try:
                outcome = hook(item)
            except Raised as error:
                raise Left(value, error) from error
        if len(m.journals) != open_now:
            m.doubt(f"how often {value.name} yields", node)
        elif outcome is not None:
            raise Left(value, outcome)

    try:
        value.run(turn)
    except Left as left:
        if left.owner is not value:
            raise
        if isinstance(left.what, Raised):
            raise left.what from None
        return left.what
    return None


@contextmanager
def outside(m: Machine, module: Module) -> Generating[None]:
    """While what is around a generator is executed in its midst."""
    function, receiver, hook = m.functions.pop(), m.receivers.pop(), m.yielded.pop()
    before, m.current = m.current, module
    try:
        yield
    finally:
        m.current = before
        m.functions.append(function)
        m.receivers.append(receiver)
        m.yielded.append(hook)
