"""Parameters of SDK integrations are written in PascalCase.

moto passes them to boto3 as they are and leaves its own conversion empty (`_normalise_parameters`), so that
`aws-sdk:s3:putObject` and others with camelCase members fail, and bodies come back as streams. AWS takes and returns
PascalCase for every service, and bodies as text.
"""

# moto's parser and botocore are annotated in part only, and what is corrected is private.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService

if TYPE_CHECKING:
    from transpilers.local.patches import Patches


def sdk_parameter_names(patches: Patches) -> None:
    """Map names by the shapes of botocore's own service model, both ways."""

    def shape(self: StateTaskService, service: str | None, action: str | None, which: str) -> Any:
        client: Any = boto3.client(self._get_boto_service_name(service))  # type: ignore[call-overload]
        operation = client.meta.method_to_api_mapping.get(self._get_boto_service_action(action))
        return operation and getattr(client.meta.service_model.operation_model(operation), which)

    def normalise_parameters(
        self: StateTaskService,
        parameters: dict[str, object],
        boto_service_name: str | None = None,
        service_action_name: str | None = None,
    ) -> None:
        if input_shape := shape(self, boto_service_name, service_action_name, "input_shape"):
            self._to_boto_request(parameters, input_shape)

    def normalise_response(
        self: StateTaskService,
        response: object,
        boto_service_name: str | None = None,
        service_action_name: str | None = None,
    ) -> None:
        if output_shape := shape(self, boto_service_name, service_action_name, "output_shape"):
            self._from_boto_response(response, output_shape)

    patches.replace(StateTaskService, "_normalise_parameters", normalise_parameters)
    patches.replace(StateTaskService, "_normalise_response", normalise_response)
