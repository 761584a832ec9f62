"""An execution's output is JSON text.

moto's DescribeExecution returns a string output without its quotes, and no output at all where it is null. In AWS
`output` is always JSON, which also is what `startExecution.sync:2` hands on.
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication

if TYPE_CHECKING:
    from transpilers.local.patches import Patches


def json_output(patches: Patches) -> None:
    """Keep the output as JSON text, which moto passes on as it is."""
    reflect = BaseExecutionWorkerCommunication._reflect_execution_status

    def reflect_as_json(self: BaseExecutionWorkerCommunication) -> None:
        execution = self.execution
        reflect(self)
        if execution.exec_status == ExecutionStatus.SUCCEEDED:
            execution.output = json.dumps(execution.output)

    patches.replace(BaseExecutionWorkerCommunication, "_reflect_execution_status", reflect_as_json)
