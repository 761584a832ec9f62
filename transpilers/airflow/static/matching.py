"""`match`: on known plain values; on anything else the graph is in doubt where a case touches it."""

from __future__ import annotations

import ast

from transpilers.airflow.static.arithmetic import compare, truth
from transpilers.airflow.static.machine import Machine, Outcome
from transpilers.airflow.static.values import Scope, Unknown, Value


def execute_match(m: Machine, node: ast.Match, scope: Scope) -> Outcome:
    """The first case that fits."""
    m.executed[id(node.subject)] = ast.copy_location(ast.Expr(node.subject), node.subject)
    subject = m.evaluate(node.subject, scope)
    for case in node.cases:
        fits = _fits(m, case.pattern, subject, scope)
        if fits is True and case.guard is not None:
            fits = truth(m, m.evaluate(case.guard, scope), case.guard)
        if isinstance(fits, Unknown):
            m.doubt(f"which case is executed depends on {fits.reason}", case.pattern)
            return None
        if fits:
            return m.block(case.body, scope)
    return None


def _fits(m: Machine, pattern: ast.pattern, subject: Value, scope: Scope) -> bool | Unknown:
    match pattern:
        case ast.MatchAs(inner, name):
            fits = _fits(m, inner, subject, scope) if inner is not None else True
            if fits is True and name is not None:
                m.touch(scope.names)
                scope.names[name] = subject
            return fits
        case ast.MatchValue(value):
            equal = compare(m, ast.Eq(), subject, m.evaluate(value, scope), pattern)
            return equal if isinstance(equal, Unknown) else bool(equal)
        case ast.MatchSingleton(value):
            return subject if isinstance(subject, Unknown) else subject is value
        case ast.MatchOr(patterns):
            for each in patterns:
                fits = _fits(m, each, subject, scope)
                if fits is not False:
                    return fits
            return False
        case _:
            return m.unknown("a pattern that is not followed", pattern)
