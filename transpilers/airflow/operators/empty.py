"""EmptyOperator: a task that only joins. Airflow's scheduler marks it as successful without running anything."""

from __future__ import annotations

from core_compiler.ir import NoOp
from transpilers.airflow.call import OperatorCall
from transpilers.airflow.operators.lowered import Family, Lowered, Surroundings
from transpilers.airflow.uses import Site, no_effect


def lower(_call: OperatorCall, _site: Site, _around: Surroundings) -> Lowered:
    """Nothing to read."""
    return Lowered(NoOp())


EMPTY = Family(
    title="EmptyOperator",
    kept=frozenset(),
    rendered=(),
    lower=lower,
    uses=no_effect("an empty task returns nothing", "multiple_outputs"),
)
