"""JSONata expressions are evaluated.

moto 5.2.5 has the grammar but no evaluator (getmoto/moto#10105): `_eval_jsonata` is None, after a JVM bridge that was
taken out. It also pastes variables as text into the expression, strings unescaped, refuses `$` inside predicates, and
answers `$hash` and `$uuid` with a sentence. AWS evaluates JSONata 2.0.6 with `$states` and the variables bound; what
yields nothing fails with States.QueryEvaluationError.
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata, StringVariableSample

from transpilers.local.corrections.failures import failure
from transpilers.local.jsonata import UNDEFINED, QueryError, evaluate

if TYPE_CHECKING:
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
    from moto.stepfunctions.parser.asl.eval.environment import Environment

    from transpilers.local.patches import Patches


def jsonata_expressions(patches: Patches) -> None:
    """Evaluate with jsonata-python, in JSONata states and for variables in JSONPath states."""
    patches.replace(StringJSONata, "_eval_body", evaluate_expression)
    patches.replace(StringVariableSample, "_eval_body", evaluate_expression)


def evaluate_expression(self: StringJSONata | StringVariableSample, env: Environment) -> None:
    """Push the expression's value, or fail with States.QueryEvaluationError."""
    store = env.variable_store
    variables: dict[str, object] = {**store._outer_scope, **store._inner_scope, "states": env.states._states_data}
    try:
        value = evaluate(self.expression, variables)
    except QueryError as error:
        raise query_failure(env, f"The JSONata expression '{self.expression}' failed: {error}") from error
    if value is UNDEFINED:
        raise query_failure(env, f"The JSONata expression '{self.expression}' returned nothing (undefined).")
    env.stack.append(value)


def query_failure(env: Environment, cause: str) -> FailureEventException:
    """The exception by which moto's states learn of a failed query."""
    kind = StatesErrorNameType.StatesQueryEvaluationError
    return failure(env, kind, cause, HistoryEventType.EvaluationFailed, "evaluationFailedEventDetails")
