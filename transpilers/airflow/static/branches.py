"""Two branches from one state, joined: where both agree the value stays, where they do not it is unknown.

Where they make different graphs, the graph is in doubt. A branch that raises is not the one taken in a file that loads.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeVar, cast

from transpilers.airflow.static.graph.nodes import Dag, Decorator, Group, Operator, Task
from transpilers.airflow.static.journal import Attributes, Journal, State, put, state_of
from transpilers.airflow.static.machine import Doubt, Machine
from transpilers.airflow.static.values import (
    SCALARS,
    Either,
    Function,
    Instance,
    Module,
    Names,
    Raised,
    Ref,
    Unknown,
    Value,
)

T = TypeVar("T")
States = dict[int, tuple[object, State]]


def fork(
    m: Machine, first: Callable[[], T], second: Callable[[], T], join: Callable[[T, T], T], why: Unknown, node: ast.AST
) -> T:
    """Do both from the same state, and join what they leave behind. Raises where both raise."""
    one, after_one, doubts_one = _attempt(m, first)
    two, after_two, doubts_two = _attempt(m, second)
    if isinstance(one, Raised):
        m.may_raise += 1
        if isinstance(two, Raised):
            raise two
        _put_all(m, after_two)
        m.doubts += doubts_two
        return two
    if isinstance(two, Raised):
        m.may_raise += 1
        _put_all(m, after_one)
        m.doubts += doubts_one
        return one
    m.doubts += [*doubts_one, *(doubt for doubt in doubts_two if doubt not in doubts_one)]
    _join_all(m, after_one, after_two, why, node)
    return join(one, two)


def _attempt(m: Machine, action: Callable[[], T]) -> tuple[T | Raised, States, list[Doubt]]:
    journal, before = Journal(), len(m.doubts)
    m.journals.append(journal)
    stacks = (len(m.dag_stack), len(m.group_stack))
    try:
        done: T | Raised = action()
    except Raised as error:
        done = error
    finally:
        m.journals.pop()
        del m.dag_stack[stacks[0] :], m.group_stack[stacks[1] :]
    after = journal.take_back()
    doubts = m.doubts[before:]
    del m.doubts[before:]
    return done, after, doubts


def _put_all(m: Machine, after: States) -> None:
    for changed, state in after.values():
        m.touch(changed)
        put(changed, state)


def _join_all(m: Machine, one: States, two: States, why: Unknown, node: ast.AST) -> None:
    for key, (changed, _) in {**one, **two}.items():
        m.touch(changed)
        before = state_of(changed)
        left = one[key][1] if key in one else before
        right = two[key][1] if key in two else before
        put(changed, _joined(m, changed, left, right, why, node))


def _joined(m: Machine, changed: object, left: State, right: State, why: Unknown, node: ast.AST) -> State:
    if isinstance(changed, Names):
        return cast("State", _join_names(cast("Names", left), cast("Names", right), why))
    if isinstance(changed, dict):
        one, two = cast("dict[Value, Value]", left), cast("dict[Value, Value]", right)
        if list(one) != list(two):
            m.blur(cast("object", changed), why)
            return left
        return cast("State", {name: join_values(one[name], two[name], why) for name in one})
    if isinstance(changed, (list, set)):
        if changed is m.dags and not _alike(left, right):
            m.doubt(f"whether there is a DAG depends on {why.reason}", node)
        if not _alike(left, right):
            m.blur(cast("object", changed), why)
        return left
    return _join_objects(m, changed, cast("Attributes", left), cast("Attributes", right), why, node)


def _join_names(left: Names, right: Names, why: Unknown) -> Names:
    """A name that only one branch binds has that value wherever the file uses it."""
    joined = Names()
    for name in {**left, **right}:
        if name in left and name in right:
            joined[name] = join_values(left[name], right[name], why)
        else:
            joined[name] = left[name] if name in left else right[name]
    return joined


def _join_objects(
    m: Machine, changed: object, left: Attributes, right: Attributes, why: Unknown, node: ast.AST
) -> Attributes:
    joined = dict(left)
    for name in left:
        one, two = left[name], right[name]
        if isinstance(one, Names) and isinstance(two, Names):
            joined[name] = _join_names(one, two, why)
        elif name == "kwargs" and isinstance(one, dict) and isinstance(two, dict):
            joined[name] = _join_kwargs(cast("dict[str, Value]", one), cast("dict[str, Value]", two), why)
        elif not _alike(cast("list[object]", one), cast("list[object]", two)):
            _doubt(m, changed, why, node)
            break
    return joined


def _join_kwargs(left: dict[str, Value], right: dict[str, Value], why: Unknown) -> dict[str, Value]:
    return {
        name: join_values(left[name], right[name], why) if name in left and name in right else why
        for name in {**left, **right}
    }


def _doubt(m: Machine, changed: object, why: Unknown, node: ast.AST) -> None:
    dag = changed if isinstance(changed, Dag) else changed.dag if isinstance(changed, (Group, Task)) else None
    m.doubt(f"the graph depends on {why.reason}", node, dag)


def _alike(left: object, right: object) -> bool:
    if type(left) is not type(right):
        return False
    if _same_object(left, right):
        return True
    if isinstance(left, dict) and isinstance(right, dict):
        one, two = cast("dict[object, object]", left), cast("dict[object, object]", right)
        return list(one) == list(two) and all(_same_object(one[name], two[name]) for name in one)
    if isinstance(left, list | tuple):
        first, second = cast("list[object]", left), cast("list[object]", right)
        return len(first) == len(second) and all(_same_object(*pair) for pair in zip(first, second, strict=True))
    return isinstance(left, set) and cast("object", left) == right


def _same_object(left: object, right: object) -> bool:
    return left is right or same(cast("Value", left), cast("Value", right))


def join_values(left: Value, right: Value, why: Unknown) -> Value:
    """The value that both are, or one that may be either."""
    if same(left, right):
        return left
    options: list[Value] = []
    for value in (left, right):
        if isinstance(value, Either):
            options += value.options
        elif isinstance(value, Unknown):
            return value
        else:
            options.append(value)
    return Either(why.reason, why.span, options=tuple(options[:8]))


def same(left: Value, right: Value) -> bool:
    """Whether two values are one, so far as that can be told."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    match left, right:
        case Operator(), Operator():
            return (left.class_name, left.user_class) == (right.class_name, right.user_class)
        case Decorator(), Decorator():
            return left.sort == right.sort and not left.kwargs and not right.kwargs
        case Ref(), Ref():
            return left.name == right.name
        case Module(), Module():
            return left.path == right.path
        case Function(), Function():
            return left.node is right.node and left.scope is right.scope and not left.defaults and not right.defaults
        case (list() | tuple()) as one, (list() | tuple()) as two:
            return len(one) == len(two) <= 1000 and all(map(same, one, two))
        case dict() as one, dict() as two:
            return len(one) <= 1000 and list(one) == list(two) and all(same(one[name], two[name]) for name in one)
        case Instance(), Instance():
            return False
        case _:
            return isinstance(left, SCALARS) and left == right
