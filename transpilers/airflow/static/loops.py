"""Loops: over known items turn by turn; over unknown ones, whatever a turn changes is unknown afterwards."""

from __future__ import annotations

import ast

from transpilers.airflow.static.arithmetic import truth
from transpilers.airflow.static.branches import fork, join_values
from transpilers.airflow.static.containers import turns
from transpilers.airflow.static.iterators import fresh, through
from transpilers.airflow.static.machine import Leave, Lost, Machine, Outcome, Return
from transpilers.airflow.static.targets import assign
from transpilers.airflow.static.values import Generator, Scope, Unknown, Value

NEXT = Leave("continue")
TURNS = 3


def repeat(m: Machine, node: ast.For | ast.While, scope: Scope) -> Outcome:
    """A loop with its `else`."""
    outcome = _over(m, node, scope) if isinstance(node, ast.For) else _while(m, node, scope)
    if outcome == Leave("break"):
        return None
    return outcome if outcome is not None else m.block(node.orelse, scope)


def _over(m: Machine, node: ast.For, scope: Scope) -> Outcome:
    _account(m, node.iter)
    value = m.evaluate(node.iter, scope)

    def turn(item: Value) -> Outcome:
        m.step()
        assign(m, node.target, item, scope)
        outcome = m.block(node.body, scope, NEXT)
        return None if outcome == NEXT else outcome

    if isinstance(value, Generator) and fresh(m, value):
        return through(m, value, turn, node.iter)
    items = turns(m, value, node.iter)
    if isinstance(items, Unknown):
        return _unknown_turns(m, node, items, scope)
    while True:
        try:
            item = next(items)
        except StopIteration:
            return None
        except Lost as lost:
            return _unknown_turns(m, node, lost.why, scope)
        outcome = turn(item)
        if outcome is not None:
            return outcome


def _while(m: Machine, node: ast.While, scope: Scope) -> Outcome:
    _account(m, node.test)
    while True:
        m.step()
        test = truth(m, m.evaluate(node.test, scope), node.test)
        if isinstance(test, Unknown):
            return _unknown_turns(m, node, test, scope)
        if not test:
            return None
        outcome = m.block(node.body, scope, NEXT)
        if outcome is not None and outcome != NEXT:
            return outcome


def _account(m: Machine, node: ast.expr) -> None:
    m.executed[id(node)] = ast.copy_location(ast.Expr(node), node)


def _unknown_turns(m: Machine, node: ast.For | ast.While, why: Unknown, scope: Scope) -> Outcome:
    """Turn after turn from what is sure so far, until another one makes nothing more unknown."""
    for _ in range(TURNS):
        before = m.size(), len(m.doubts)

        def turn() -> Outcome:
            if isinstance(node, ast.For):
                assign(m, node.target, m.unknown(why.reason, node.iter, carries=why.carries), scope)
            return m.block(node.body, scope, NEXT)

        outcome = fork(m, turn, lambda: None, _either, why, node)
        if m.size() != before[0] or len(m.doubts) > before[1]:
            m.doubt(f"how many tasks there are depends on {why.reason}", node)
            return None
        if isinstance(outcome, Return):
            return Return(join_values(outcome.value, m.unknown(why.reason, node), why))
    return None


def _either(one: Outcome, _two: Outcome) -> Outcome:
    return one if isinstance(one, Return) else None
