"""A service's refusal is an error that can be caught.

moto translates the errors of some integrations (Lambda, DynamoDB, the SDK ones); those of the others, such as ECS, end
as States.Runtime. In AWS a service's error is named `<Service>.<Code>`.
Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService

if TYPE_CHECKING:
    from moto.stepfunctions.parser.asl.eval.environment import Environment
    from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

    from transpilers.local.patches import Patches


def client_errors(patches: Patches) -> None:
    """Name what boto3 raised; integrations that do so themselves still come first."""
    translate = StateTaskService._from_error

    def translate_client_error(self: StateTaskService, env: Environment, ex: Exception) -> FailureEvent:
        if not isinstance(ex, ClientError):
            return translate(self, env, ex)
        refusal = ex.response.get("Error", {})
        name = f"{self._get_sfn_resource_type().upper()}.{refusal.get('Code', 'Unknown')}"
        details = {
            "error": name,
            "cause": refusal.get("Message", str(ex)),
            "resource": self._get_sfn_resource(),
            "resourceType": self._get_sfn_resource_type(),
        }
        return FailureEvent(
            env=env,
            error_name=CustomErrorName(name),
            event_type=HistoryEventType.TaskFailed,
            event_details=cast("EventDetails", {"taskFailedEventDetails": details}),
        )

    patches.replace(StateTaskService, "_from_error", translate_client_error)
