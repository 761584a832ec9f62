"""The event as the article published it: values by store key, one call, no rule and no record."""

from __future__ import annotations

from handler.codec import dumps
from handler.deadline import Limit
from handler.dispatch import Call, find
from handler.errors import HandlerError, InvalidEvent, Skipped, TaskFailed
from handler.events import PublishedEvent
from handler.invocation import Invocation
from handler.json_types import JsonObject
from handler.keys import path
from handler.reader import Reader
from handler.records import error_info
from handler.values import read_bytes


def run_published(event: PublishedEvent, invocation: Invocation) -> JsonObject:
    """Call the component and write what it returns to the key `output`. TaskFailed carries the component's error."""
    args: list[object] = [_read(key, invocation) for key in event.args]
    kwargs = {name: _read(key, invocation) for name, key in event.kwargs.items()}
    try:
        with Limit(invocation.remaining()) as limit:
            returned = find(event.component)(Call(event.config, args, kwargs, limit, Reader(invocation.store, "")))
        data = dumps(returned)
    except (HandlerError, KeyboardInterrupt):
        raise
    except Skipped:
        return {"status": "skipped", "output": None}
    except BaseException as error:
        import sys

        from handler.tracebacks import format_error

        sys.stderr.write(format_error(error))
        info = error_info(error)
        raise TaskFailed(f"component {event.component} failed: {info.type}: {info.message}"[:1000]) from None
    if event.output is not None:
        invocation.store.put(path(event.output), data)
    return {"status": "success", "output": event.output}


def _read(key: str, invocation: Invocation) -> object:
    data = invocation.store.get(path(key))
    if data is None:
        raise InvalidEvent(f"the store has no value at {key}")
    return read_bytes(key, data)
