"""Errors as moto's states raise and catch them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

if TYPE_CHECKING:
    from moto.stepfunctions.parser.api import HistoryEventType
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
    from moto.stepfunctions.parser.asl.eval.environment import Environment


def failure(
    env: Environment, error: StatesErrorNameType, cause: str, event: HistoryEventType, details: str
) -> FailureEventException:
    """A reserved error with its cause, and the event it is in the history, whose details stand under `details`."""
    return FailureEventException(
        FailureEvent(
            env=env,
            error_name=StatesErrorName(typ=error),
            event_type=event,
            event_details=cast("EventDetails", {details: {"error": error.to_name(), "cause": cause}}),
        )
    )
