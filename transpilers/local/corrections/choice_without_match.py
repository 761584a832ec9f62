"""A Choice that matches nothing and has no Default fails with States.NoChoiceMatched.

moto raises a RuntimeError, which ends the execution as States.Runtime.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.choice.state_choice import StateChoice

from transpilers.local.corrections.failures import failure

if TYPE_CHECKING:
    from moto.stepfunctions.parser.asl.eval.environment import Environment

    from transpilers.local.patches import Patches


def choice_without_match(patches: Patches) -> None:
    """Name the error as AWS does."""
    evaluate = StateChoice._eval_state

    def evaluate_and_name(self: StateChoice, env: Environment) -> None:
        try:
            evaluate(self, env)
        except RuntimeError as error:
            if self.default_state is not None:
                raise
            cause = f"Failed to transition out of the state '{self.name}'. The state does not point to a next state."
            kind, event = StatesErrorNameType.StatesNoChoiceMatched, HistoryEventType.ExecutionFailed
            raise failure(env, kind, cause, event, "executionFailedEventDetails") from error

    patches.replace(StateChoice, "_eval_state", evaluate_and_name)
