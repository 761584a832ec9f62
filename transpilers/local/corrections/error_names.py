"""What an ErrorEquals matches.

In moto States.ALL matches every error, and States.TaskFailed none that begins with `States.`. In AWS
States.DataLimitExceeded and States.Runtime end the execution, whatever Retry and Catch say, and States.TaskFailed
matches every other error but a time-out.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import ErrorEqualsDecl

if TYPE_CHECKING:
    from moto.stepfunctions.parser.asl.eval.environment import Environment

    from transpilers.local.patches import Patches

TERMINAL = frozenset({"States.DataLimitExceeded", "States.Runtime"})
TIME_OUTS = frozenset({"States.Timeout", "States.HeartbeatTimeout"})


def error_names(patches: Patches) -> None:
    """Match by AWS's rules."""
    patches.replace(ErrorEqualsDecl, "_eval_body", match_error)


def match_error(self: ErrorEqualsDecl, env: Environment) -> None:
    """Pop the error's name, push whether it is matched."""
    raised = env.stack.pop().error_name
    env.stack.append(matches({name.error_name for name in self.error_names}, raised))


def matches(wanted: set[str | None], raised: str | None) -> bool:
    """Whether a Retry or Catch that names `wanted` applies to `raised`."""
    if raised in TERMINAL:
        return False
    if "States.ALL" in wanted or raised in wanted:
        return True
    return "States.TaskFailed" in wanted and raised not in TIME_OUTS
