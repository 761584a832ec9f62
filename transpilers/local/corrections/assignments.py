"""Assign takes effect after the state: its Output still sees the values from before.

moto sets the variables first and evaluates Output after, in catchers too. In AWS both are evaluated with the variables
as the state found them. Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.stepfunctions.parser.asl.component.common.assign.assign_decl import AssignDecl
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField

if TYPE_CHECKING:
    from moto.stepfunctions.parser.api import StateExitedEventDetails
    from moto.stepfunctions.parser.asl.eval.environment import Environment

    from transpilers.local.patches import Patches

PENDING = "pending_assignments"


def assignments(patches: Patches) -> None:
    """Hold the values back until the state is exited."""
    exited = CommonStateField._get_state_exited_event_details

    def assign_and_exit(self: CommonStateField, env: Environment) -> StateExitedEventDetails:
        pending: dict[str, object] = vars(env).pop(PENDING, {})
        for name, value in pending.items():
            env.variable_store.set(name, value)
        return exited(self, env)

    patches.replace(AssignDecl, "_eval_body", hold_back)
    patches.replace(CommonStateField, "_get_state_exited_event_details", assign_and_exit)


def hold_back(self: AssignDecl, env: Environment) -> None:
    """Evaluate every assignment, set none."""
    values: dict[str, object] = {}
    for binding in self.declaration_bindings:
        binding.eval(env)
        values.update(env.stack.pop())
    vars(env)[PENDING] = values
