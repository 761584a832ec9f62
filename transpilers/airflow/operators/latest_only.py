"""LatestOnlyOperator: a branch that follows everything, in every run that is not a late one."""

from __future__ import annotations

from core_compiler.ir import Constant
from transpilers.airflow import rules
from transpilers.airflow.call import OperatorCall
from transpilers.airflow.operators.lowered import Decides, Family, Lowered, Surroundings, flag
from transpilers.airflow.uses import Site, refused


def lower(call: OperatorCall, site: Site, around: Surroundings) -> Lowered:
    """The names of all direct downstream tasks, which is what the operator returns for a manual run."""
    site.report(rules.LATEST_ONLY)
    store = flag(call.kwargs.get("do_xcom_push"), default=True)
    return Lowered(Constant(list(around.shape.downstream[call.task_id]), store))


LATEST_ONLY = Family(
    title="LatestOnlyOperator",
    kept=frozenset(),
    rendered=(),
    lower=lower,
    uses=refused("what it returns is a list, which has no keys", "multiple_outputs"),
    decides=Decides.BRANCH,
)
