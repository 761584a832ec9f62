"""The Lambda's entry point."""

from __future__ import annotations

from typing import assert_never

from handler.errors import HandlerError, InfrastructureError
from handler.events import AwaitEvent, BeginEvent, Event, FinishEvent, PublishedEvent, RunEvent, SettleEvent, parse
from handler.invocation import Invocation, from_context
from handler.json_types import JsonObject
from handler.mapped_events import ExpandEvent, RecordEvent
from handler.records import error_info


def lambda_handler(event: object, context: object) -> JsonObject:
    """Answer one event of `event.schema.json`. Whatever is raised is one of the schema's error names."""
    try:
        return answer(parse(event), from_context(context))
    except HandlerError:
        raise
    except Exception as error:
        info = error_info(error)
        raise InfrastructureError(f"the handler itself failed: {info.type}: {info.message}") from error


def answer(event: Event, invocation: Invocation) -> JsonObject:
    """Answer one event; what the others do is imported only when asked for."""
    match event:
        case RunEvent():
            from handler.execute import execute

            return execute(event, invocation)
        case AwaitEvent():
            from handler.rendezvous import wait

            return wait(event, invocation)
        case BeginEvent():
            from handler.begin import begin

            return begin(event)
        case ExpandEvent():
            from handler.expand import expand

            return expand(event, invocation)
        case RecordEvent():
            from handler.record import record

            return record(event, invocation)
        case SettleEvent():
            from handler.settle import settle

            return settle(event, invocation)
        case FinishEvent():
            from handler.finish import finish

            return finish(event, invocation)
        case PublishedEvent():
            from handler.published import run_published

            return run_published(event, invocation)
        case _:
            assert_never(event)
