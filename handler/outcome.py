"""Runs a task's own code once, and says how that ended."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from handler import arguments, logs
from handler.capture import capture, print_outside
from handler.deadline import Limit
from handler.decisions import decide_skips
from handler.dispatch import BUILT_IN, Call, Origin, Outputs, find
from handler.errors import CallFailed, Failed, HandlerError, NotRunnable, Pending, Skipped
from handler.events import RunEvent
from handler.invocation import Invocation
from handler.items import size
from handler.json_types import Json, JsonObject
from handler.keys import TaskKeys
from handler.reader import Reader
from handler.records import Done, ErrorInfo, error_info
from handler.tries import Try
from handler.values import PartlyStored, Stored, check_mappable, encode_outputs

if TYPE_CHECKING:
    from handler.context import Context
    from handler.retry_rules import RetryRule


class Success(NamedTuple):
    """The task's code returned; its values are encoded and not yet written. `skips`: what its decision skips.

    `length`: how many items others are mapped over.
    """

    outputs: Mapping[str, Stored]
    skips: tuple[str, ...] = ()
    length: int | None = None


class Skip(NamedTuple):
    """The task's code said that it is skipped; `outputs` is what it had pushed before."""

    outputs: Mapping[str, Stored]


class Waiting(NamedTuple):
    """The task runs again when the tasks of the events `new` have ended, or without any after `wait` seconds."""

    new: tuple[JsonObject, ...]
    wait: float


class Blocked(NamedTuple):
    """The task said that it cannot run."""

    error: ErrorInfo


class Failure(NamedTuple):
    """The task's code failed; `final`: no further try is wanted. `outputs`: what it leaves all the same.

    `after`: seconds until the next try, where they are not the task's own.
    """

    error: ErrorInfo
    final: bool
    outputs: Mapping[str, Stored]
    after: int | None = None


Outcome: TypeAlias = Success | Skip | Waiting | Blocked | Failure


def run_try(event: RunEvent, invocation: Invocation, keys: TaskKeys, begun: Try, done: Mapping[str, Done]) -> Outcome:
    """Run the component within its time, with its output kept. Only errors of the handler are raised."""
    line = logs.Origin(event.run, event.task, begun.number)
    log = logs.open_log(invocation.store, keys.log(begun.number, invocation.attempt), line, print_outside)
    origin = Origin(event.run, event.task, invocation, begun.again)
    context: Context | None = None
    with capture(log):
        try:
            with Limit(begun.seconds) as limit:
                context = _context(event, invocation, begun, done)
                returned = find(event.component)(_call(event, invocation, done, limit, origin, context))
            skips = decide_skips(event.decision, returned) if event.decision is not None else ()
            # Airflow 3's `skip` leaves the operator by an exception, so that nothing is returned.
            silent = bool(skips) and event.decision is not None and not event.decision.keeps_value
            outputs = {**_pushed(context), **({} if silent else _encode(event, returned))}
            return Success(outputs, skips, size(returned) if event.mapped_over else None)
        except (HandlerError, KeyboardInterrupt):
            raise
        except Skipped as error:
            print(f"Skipped: {error_info(error).message}", file=sys.stderr)
            return Skip(_pushed(context))
        except Pending as pending:
            return Waiting(pending.new, pending.wait)
        except NotRunnable as error:
            print(error_info(error).message, file=sys.stderr)
            return Blocked(error_info(error))
        except BaseException as error:
            # SystemExit is a failed try too, as it is in the source engine.
            from handler.tracebacks import format_error

            partly = isinstance(error, (CallFailed, PartlyStored))
            told, outputs = (error.original, error.outputs) if partly else (error, {})
            sys.stderr.write(format_error(told))
            rule = _rule(event, told)
            final = isinstance(error, Failed) or (rule is not None and rule.fails)
            after = rule.after if rule is not None else None
            return Failure(error_info(told), final, {**_pushed(context), **outputs}, after)


def _rule(event: RunEvent, error: BaseException) -> RetryRule | None:
    if not event.retry_rules:
        return None
    from handler.retry_rules import fitting

    return fitting(event.retry_rules, error)


def _context(event: RunEvent, invocation: Invocation, begun: Try, done: Mapping[str, Done]) -> Context | None:
    if event.context is None:
        return None
    from handler.context import open_context

    return open_context(event, invocation, begun, done)


def _pushed(context: Context | None) -> dict[str, bytes]:
    return dict(context.pushed) if context is not None else {}


def all_arguments(event: RunEvent) -> list[Json]:
    """All that a task is called with or run over."""
    over = event.over.arguments.values() if event.over is not None else ()
    more = [one for one in (event.more_args, event.more_kwargs) if one is not None]
    return [*event.args, *event.kwargs.values(), *more, *over]


def _call(
    event: RunEvent,
    invocation: Invocation,
    done: Mapping[str, Done],
    limit: Limit,
    origin: Origin,
    context: Context | None,
) -> Call:
    plain_json = event.config.get("plain_json") is True
    reading = arguments.Reading(invocation.store, event.run, done, context=context, plain_json=plain_json)
    if event.over is not None:
        from handler.present import present_item

        reading = reading._replace(item=present_item(event.of, event.item, event.over, reading))
    args = [arguments.load(argument, reading) for argument in event.args]
    kwargs = {
        key: arguments.load(argument, reading)
        for key, argument in event.kwargs.items()
        if arguments.is_there(argument, reading)
    }
    if event.more_args is not None and arguments.is_there(event.more_args, reading):
        args += cast("list[object]", arguments.load(event.more_args, reading) or [])
    if event.more_kwargs is not None and arguments.is_there(event.more_kwargs, reading):
        kwargs |= cast("dict[str, object]", arguments.load(event.more_kwargs, reading) or {})
    reader = Reader(invocation.store, event.run)
    return Call(event.config, args, kwargs, limit, reader, origin, context)


def _encode(event: RunEvent, returned: object) -> Mapping[str, Stored]:
    if isinstance(returned, Outputs):
        return returned.values
    settings = event.config if event.component in BUILT_IN else {}
    stored = settings.get("store") is not False
    if event.mapped_over:
        check_mappable(returned if stored else None)
    if not stored:
        return {}
    return encode_outputs(
        returned,
        multiple_outputs=settings.get("multiple_outputs") is True,
        through_json=settings.get("through_json") is True,
        plain_json=settings.get("plain_json") is True,
    )
