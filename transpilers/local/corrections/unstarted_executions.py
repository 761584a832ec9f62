"""A token finds the execution that waits for it while others begin.

moto asks every execution that runs whether a token is its own, and one that has begun no state yet has nothing to
answer with: the call dies of an AttributeError. In AWS it has nothing to do with the other execution.
Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html (errors)
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.stepfunctions.parser.models import StepFunctionsParserBackend

if TYPE_CHECKING:
    from moto.stepfunctions.parser.api import ExecutionStatus
    from moto.stepfunctions.parser.backend.execution import Execution

    from transpilers.local.patches import Patches


def unstarted_executions(patches: Patches) -> None:
    """Leave out the executions whose worker has no environment yet: none of their states can wait."""
    get_executions = StepFunctionsParserBackend._get_executions

    def started(self: StepFunctionsParserBackend, status: ExecutionStatus | None = None) -> list[Execution]:
        found = get_executions(self, status)
        return [one for one in found if one.exec_worker is not None and one.exec_worker.env is not None]

    patches.replace(StepFunctionsParserBackend, "_get_executions", started)
