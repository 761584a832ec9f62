"""Joining the ends of two branches."""

from __future__ import annotations

import ast

from transpilers.airflow.static.branches import join_values
from transpilers.airflow.static.machine import Machine, Outcome, Return
from transpilers.airflow.static.values import Unknown


def join_outcomes(m: Machine, one: Outcome, two: Outcome, why: Unknown, node: ast.AST) -> Outcome:
    """How a block ends that may end in two ways."""
    if isinstance(one, Return) and isinstance(two, Return):
        return Return(join_values(one.value, two.value, why))
    if one != two:
        m.doubt(f"which statements are executed depends on {why.reason}", node)
    return one or two
