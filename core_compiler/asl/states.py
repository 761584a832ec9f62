"""Amazon States Language, typed: the states a compiled machine uses, with JSONata throughout.

Encodes to ASL with `msgspec.json.encode`: field names become PascalCase, defaults are left out, `Type` is the tag.
Source: the Amazon States Language specification and the Step Functions developer guide.
"""

from __future__ import annotations

import msgspec

INVOKE = "arn:aws:states:::lambda:invoke"
START_AND_WAIT = "arn:aws:states:::states:startExecution.sync:2"
#: The state goes on when somebody sends its token back, not when the function returns.
INVOKE_AND_WAIT = f"{INVOKE}.waitForTaskToken"


class Retrier(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """One entry of Retry: seconds, attempts beside the first, and the factor by which the wait grows."""

    error_equals: tuple[str, ...]
    interval_seconds: int | None = None
    max_attempts: int | None = None
    backoff_rate: float | None = None
    max_delay_seconds: int | None = None


class Catcher(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """One entry of Catch; `output` is the next state's input."""

    error_equals: tuple[str, ...]
    next: str
    output: object = None


class Pass(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True, tag_field="Type", tag="Pass"):
    """Does nothing but set variables and output."""

    comment: str = ""
    assign: dict[str, object] = {}
    output: object = None
    next: str | None = None
    end: bool = False


class Task(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True, tag_field="Type", tag="Task"):
    """Calls a service; `arguments` and `output` may hold JSONata between `{%` and `%}`."""

    resource: str
    arguments: dict[str, object]
    comment: str = ""
    output: object = None
    timeout_seconds: int | None = None
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()
    next: str | None = None
    end: bool = False


class Parallel(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True, tag_field="Type", tag="Parallel"):
    """Runs branches side by side."""

    branches: tuple[Branch, ...]
    comment: str = ""
    output: object = None
    next: str | None = None
    end: bool = False


class Map(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True, tag_field="Type", tag="Map"):
    """Runs its processor once for each item. `max_concurrency`: 0 for as many at once as there is room for."""

    item_processor: Processor
    items: object = None
    item_selector: object = None
    max_concurrency: int = 0
    comment: str = ""
    output: object = None
    catch: tuple[Catcher, ...] = ()
    next: str | None = None
    end: bool = False


class Rule(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """One entry of Choices: where to go if the condition holds."""

    condition: str
    next: str


class Choice(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True, tag_field="Type", tag="Choice"):
    """Goes where the first condition that holds says, else to `default`."""

    choices: tuple[Rule, ...]
    default: str
    comment: str = ""


class Wait(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True, tag_field="Type", tag="Wait"):
    """Waits for some seconds: a number, or JSONata for one."""

    seconds: object
    comment: str = ""
    output: object = None
    next: str | None = None
    end: bool = False


class Fail(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True, tag_field="Type", tag="Fail"):
    """Ends the execution as FAILED."""

    error: str
    cause: str
    comment: str = ""


State = Pass | Task | Parallel | Map | Choice | Wait | Fail


class Branch(msgspec.Struct, frozen=True, rename="pascal"):
    """States with an entry: a branch of a Parallel."""

    start_at: str
    states: dict[str, State]


class Processor(msgspec.Struct, frozen=True, rename="pascal"):
    """What a Map repeats. `processor_config`: `{"Mode": "INLINE"}`, or DISTRIBUTED with an ExecutionType."""

    processor_config: dict[str, str]
    start_at: str
    states: dict[str, State]


class Machine(msgspec.Struct, frozen=True, rename="pascal", omit_defaults=True):
    """A whole definition. `timeout_seconds` bounds the execution."""

    start_at: str
    states: dict[str, State]
    comment: str = ""
    timeout_seconds: int | None = None
    query_language: str = "JSONata"


def encode(machine: Machine, *, indent: int = 0) -> bytes:
    """The definition as UTF-8 JSON, the same bytes for the same machine.

    Compact by default, as it counts against the quota of 1 MB; with `indent` spaces a level for people.
    """
    plain = {"QueryLanguage": machine.query_language, **msgspec.to_builtins(machine)}
    compact = msgspec.json.encode(plain)
    return msgspec.json.format(compact, indent=indent) + b"\n" if indent else compact
