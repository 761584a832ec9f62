"""What a task runs: a tagged union, one struct a kind; a new kind is one struct here, one component in the handler."""

from __future__ import annotations

import msgspec


class Operator(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """How a class of operators is run: it is made with the task's arguments, what it names as its fields is rendered,
    and its `execute` is called with the context.

    `later`: arguments that hold outputs of tasks, which only rendering gives; `settled`: arguments whose items came
    from outputs, which are not rendered. `renders`: whether it has fields.
    """

    later: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    renders: bool = False


class Shell(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="shell"):
    """A command line run by bash in a folder of its own.

    The last line of its standard output is the value. An exit code in `skip_exit_codes` ends the task as skipped,
    any other but 0 as failed. `env` replaces the environment, or adds to it with `append_env`.
    `processor`: a callable (`module:qualified.name`) that makes the value of that line. `multiple_outputs`,
    `through_json`, `plain_json` and `store`: as of a Python callable.
    """

    command: str
    env: dict[str, str] | None = None
    append_env: bool = False
    cwd: str | None = None
    skip_exit_codes: tuple[int, ...] = ()
    encoding: str = "utf-8"
    multiple_outputs: bool = False
    through_json: bool = False
    plain_json: bool = False
    store: bool = True
    processor: str = ""


class PythonCallable(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="python"):
    """A Python callable, `module:qualified.name`, found in the workflow's own files or on the search path.

    `multiple_outputs`: a returned dict is also stored key by key.
    `through_json`: values change as the source engine's JSON changes them: keys of dicts become strings, and decimals
    pass through floats. `plain_json`: what JSON has words for goes through it alone, so that tuples inside come back as
    lists.
    `store`: whether what it returns is kept at all; without, readers get None.
    `context`: it is called with those parts of the run's context that its parameters name.
    `known_only`: keyword arguments that it has no parameter for are left out.
    `operator`: set where it is a class of operators. `shell`: set where what it returns is a command, which goes
    through the templates and is then run; its `env` and `cwd` may be among the task's arguments as `shell.env` and
    `shell.cwd`.
    """

    callable: str
    multiple_outputs: bool = False
    through_json: bool = False
    plain_json: bool = False
    store: bool = True
    context: bool = False
    known_only: bool = False
    operator: Operator | None = None
    shell: Shell | None = None


class NoOp(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="noop"):
    """Nothing to run: the task only joins, and succeeds when its rule lets it run."""


class Constant(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="constant"):
    """A value that is known beforehand, in the store's codec, as if the task had returned it.

    `store`: whether it is kept at all.
    """

    value: object
    store: bool = True


class Calendar(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="calendar"):
    """One of two values, by the time at which the task runs: `then` if it fits, else `otherwise`. With `logical` the
    time is the logical date of the run, or where that has none, the time after which it runs.

    It fits on one of `days` (1 is Monday, 7 is Sunday), or where days is empty, from `lower` to `upper`. Those are
    datetimes or times in the store's codec, or None for no bound; a time means the present day in UTC, and an upper one
    before the lower one is of the day after. `zone` (an IANA name) is that of days, and of bounds that have none.
    All values are in the store's codec. `store`: whether the value is kept at all.
    """

    then: object
    otherwise: object
    days: tuple[int, ...] = ()
    lower: object = None
    upper: object = None
    zone: str = "UTC"
    store: bool = True
    logical: bool = False


class Wait(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="wait"):
    """Waits until `seconds` after the end of the run's data interval, or in a run without one, after the time after
    which it runs. Nothing runs meanwhile: the machine waits.

    `early`: whether its value is True where that time is past to begin with; there is none else. `limit`: seconds of
    waiting that fail the task, whatever tries are left, or with `soft` make it skipped. `store`: whether the value is
    kept at all.
    """

    seconds: float
    early: bool = False
    limit: float | None = None
    soft: bool = False
    store: bool = True


class PickledCalls(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, tag_field="kind", tag="pickled"):
    """A batch of pickled calls, one after the other in one process.

    `batch` is the SHA-256 of its file, which ships with the workflow as the blob `pickled/<batch>`. With `rows`, that
    file is a list of such names, a line each, and the task's argument `row` says which of them is its batch.
    """

    batch: str
    rows: bool = False


class SourceOperator(msgspec.Struct, frozen=True, gc=False, tag_field="kind", tag="source"):
    """The source engine's own task, run as it is by an adapter, `module:qualified.name`, among the workflow's files.

    The adapter knows the task by its id. It may say that the task waits for others (`Task.dynamic`).
    """

    entry: str


Component = PythonCallable | Shell | NoOp | Constant | Calendar | Wait | PickledCalls | SourceOperator
