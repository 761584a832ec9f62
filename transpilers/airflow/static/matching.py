"""`match`: on known plain values; on anything else the graph is in doubt where a case touches it."""

from __future__ import annotations

import ast

from transpilers.airflow.static.arithmetic import compare, truth
from transpilers.airflow.static.machine import Arguments, Machine, Outcome
from transpilers.airflow.static.values import Ref, Scope, Unknown, Value


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
        case ast.MatchSequence(patterns):
            return _sequence(m, patterns, subject, scope)
        case ast.MatchMapping():
            return _mapping(m, pattern, subject, scope)
        case ast.MatchClass(cls, [], _, []) | ast.MatchClass(cls, [ast.MatchAs(None, _)], _, []):
            kind = m.evaluate(cls, scope)
            fits = m.call(Ref("builtins.isinstance"), Arguments([subject, kind], {}, pattern))
            if fits is True and pattern.patterns:
                return _fits(m, pattern.patterns[0], subject, scope)
            return fits if isinstance(fits, (bool, Unknown)) else m.unknown("a pattern that is not followed", pattern)
        case _:
            return m.unknown("a pattern that is not followed", pattern)


def _sequence(m: Machine, patterns: list[ast.pattern], subject: Value, scope: Scope) -> bool | Unknown:
    why = subject if isinstance(subject, Unknown) else m.blurred(subject)
    if why is not None:
        return why
    if not isinstance(subject, (list, tuple)):
        known = subject is None or isinstance(subject, (str, bytes, bool, int, float, dict, set))
        return False if known else m.unknown("a pattern that is not followed", patterns[0] if patterns else ast.Pass())
    star = next((place for place, each in enumerate(patterns) if isinstance(each, ast.MatchStar)), None)
    after = 0 if star is None else len(patterns) - star - 1
    if len(subject) != len(patterns) if star is None else len(subject) < len(patterns) - 1:
        return False
    items: list[Value] = list(subject)
    if star is not None:
        items = [*items[:star], items[star : len(items) - after], *items[len(items) - after :]]
    for each, item in zip(patterns, items, strict=True):
        if isinstance(each, ast.MatchStar):
            _bind(m, each.name, item, scope)
            continue
        fits = _fits(m, each, item, scope)
        if fits is not True:
            return fits
    return True


def _mapping(m: Machine, pattern: ast.MatchMapping, subject: Value, scope: Scope) -> bool | Unknown:
    why = subject if isinstance(subject, Unknown) else m.blurred(subject)
    if why is not None:
        return why
    if not isinstance(subject, dict):
        known = subject is None or isinstance(subject, (str, bytes, bool, int, float, list, tuple, set))
        return False if known else m.unknown("a pattern that is not followed", pattern)
    keys = [m.evaluate(key, scope) for key in pattern.keys]
    if unknown := next((key for key in keys if isinstance(key, Unknown)), None):
        return unknown
    for key, each in zip(keys, pattern.patterns, strict=True):
        if key not in subject:
            return False
        fits = _fits(m, each, subject[key], scope)
        if fits is not True:
            return fits
    _bind(m, pattern.rest, {key: value for key, value in subject.items() if key not in keys}, scope)
    return True


def _bind(m: Machine, name: str | None, value: Value, scope: Scope) -> None:
    if name is not None:
        m.touch(scope.names)
        scope.names[name] = value
