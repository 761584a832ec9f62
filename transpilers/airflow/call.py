"""The wire format: what an Airflow loader says about a DAG file, whichever way the loader reads it.

JSON both ways (`decode`, `encode`); no live object crosses. Arguments are as the file passes them, with `default_args`
merged in and the engine's own defaults left out. The values are a closed union, tagged by `kind`.
"""

from __future__ import annotations

import msgspec

from core_compiler.diagnostics import Span


class Literal(msgspec.Struct, frozen=True, tag_field="kind", tag="literal"):
    """A scalar: what JSON has a word for, or the store codec's `{"$type", "$value"}` (bytes, date, Decimal ...)."""

    value: object


class List(msgspec.Struct, frozen=True, tag_field="kind", tag="list"):
    """A list."""

    items: tuple[Value, ...]


class Tuple(msgspec.Struct, frozen=True, tag_field="kind", tag="tuple"):
    """A tuple."""

    items: tuple[Value, ...]


class Set(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="set"):
    """A set, its items in an order of their own that is the same each time; `frozen` for a frozenset."""

    items: tuple[Value, ...]
    frozen: bool = False


class Dict(msgspec.Struct, frozen=True, tag_field="kind", tag="dict"):
    """A dict, as pairs: its keys need not be strings."""

    items: tuple[tuple[Value, Value], ...]


class DateTime(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="datetime"):
    """A datetime in ISO 8601, without offset where it has a named `zone` (`fold`: which of two such times).

    `foreign`: of a library's class or time zone (pendulum, pytz), which has methods of its own.
    """

    iso: str
    zone: str = ""
    fold: int = 0
    foreign: bool = False


class Delta(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="timedelta"):
    """A timedelta, in seconds, exact to the microsecond. `foreign`: of a library's class."""

    seconds: float
    foreign: bool = False


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True):
    """One parameter of a callable. `sort`: positional, plain, keyword, args (`*x`) or kwargs (`**x`)."""

    name: str
    sort: str = "plain"
    default: Value | None = None


class CodeRef(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="kind", tag="code"):
    """A callable, by the place of its definition.

    `sort`: function, generator, async, lambda, method, class, partial, builtin or object; only those with a `span`
    are defined in Python source. `span`: its `def` line. `module` is the import name, "" for the DAG file's own.
    `closure`: the values of the free variables. `parameters`: None where Python cannot tell the signature.
    """

    module: str
    qualname: str
    sort: str = "function"
    span: Span | None = None
    nested: bool = False
    parameters: tuple[Parameter, ...] | None = None
    closure: dict[str, Value] = {}


class OutputRef(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="output"):
    """A value that a task pushes: its return value, or the one under `key`."""

    task: str
    key: str = "return_value"


class XComMap(msgspec.Struct, frozen=True, tag_field="kind", tag="xcom_map"):
    """`source.map(f).map(g)`."""

    source: Value
    callables: tuple[Value, ...]


class XComZip(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="xcom_zip"):
    """`a.zip(b, fillvalue=...)`; without `fill` the shortest decides."""

    sources: tuple[Value, ...]
    fill: Value | None = None


class XComConcat(msgspec.Struct, frozen=True, tag_field="kind", tag="xcom_concat"):
    """`a.concat(b)`."""

    sources: tuple[Value, ...]


class Mapped(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="mapped"):
    """What a task or group is expanded over. `sort`: kwargs (`expand`) or dicts (`expand_kwargs`).

    `values` is what was passed: a Dict of names for kwargs, in the order of the call, a List or an output for dicts.
    A decorated task's are its function's arguments, any other's are arguments of its operator. `strict`: whether
    dicts must not name what `partial` already does.
    """

    sort: str
    values: Value
    strict: bool = True


class ItemRef(msgspec.Struct, frozen=True, tag_field="kind", tag="item"):
    """In a mapped task group: what the present item holds under a name (`MappedArgument`, the group's parameter)."""

    key: str


class Template(msgspec.Struct, frozen=True, tag_field="kind", tag="template"):
    """A string with Jinja marks in it. Only in the fields that an operator renders is it more than text."""

    text: str


class ParamRef(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="param"):
    """`dag.param(name)`, with the default given there, if one was."""

    name: str
    default: Value | None = None


class ObjectCall(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="object"):
    """An object of any other class, by the arguments that would make it again."""

    class_name: str
    kwargs: dict[str, Value] = {}


class Unresolved(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="kind", tag="unresolved"):
    """A value that the loader cannot tell, and why."""

    reason: str
    span: Span | None = None


Value = (
    Literal
    | List
    | Tuple
    | Set
    | Dict
    | DateTime
    | Delta
    | CodeRef
    | OutputRef
    | XComMap
    | XComZip
    | XComConcat
    | Mapped
    | ItemRef
    | Template
    | ParamRef
    | ObjectCall
    | Unresolved
)


class OwnClass(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The user's own class of a task.

    `classes`: it and those of the user's that it descends from, each by the place of its definition, in Python's order;
    `bases`: full names of the library classes behind them. `takes`: what its constructor names (`self` left out), None
    where that is a library's; `given`: what it was called with, before it changed any of that.
    `fields`: what is rendered, None where nobody knows; `suffixes`: ends of names of template files.
    `defaulted`: arguments that `default_args` give to a constructor that is not the first.
    """

    classes: tuple[CodeRef, ...]
    bases: tuple[str, ...]
    takes: tuple[Parameter, ...] | None = None
    given: dict[str, Value] = {}
    fields: tuple[str, ...] | None = None
    suffixes: tuple[str, ...] = ()
    defaulted: tuple[str, ...] = ()


class OperatorCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """One task. `class_name` is the full name of its class; `mapped` is set where it is expanded.

    `defaults`: arguments that the file may have passed and `kwargs` leaves out, as they are the default.
    `derived`: names among `kwargs` of what the file did not pass: a constructor made it, or it was set later.
    `own`: set where the class is the user's.
    """

    class_name: str
    task_id: str
    kwargs: dict[str, Value] = {}
    mapped: Mapped | None = None
    span: Span | None = None
    defaults: dict[str, Value] = {}
    derived: tuple[str, ...] = ()
    own: OwnClass | None = None


class EdgeCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """`upstream >> downstream`, with the label put on the edge."""

    upstream: str
    downstream: str
    label: str = ""


class GroupCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """A task group and the tasks directly in it. `mapped` is set where it is expanded; `defaults`: as a task's."""

    id: str
    kwargs: dict[str, Value] = {}
    tasks: tuple[str, ...] = ()
    parent: str | None = None
    mapped: Mapped | None = None
    defaults: dict[str, Value] = {}


class TimetableCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """What Airflow made of a schedule: the class of its timetable, and what that holds.

    `seconds` between two runs, where they are the same; `width`: seconds of a trigger's interval.
    """

    class_name: str
    cron: str = ""
    zone: str = ""
    seconds: float | None = None
    width: float = 0.0


class DagCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """One DAG: its arguments, its tasks in the order of their definition, edges and groups. `defaults`: as a task's.

    `timetable` is None where the loader did not ask Airflow for it.
    """

    dag_id: str
    kwargs: dict[str, Value] = {}
    calls: tuple[OperatorCall, ...] = ()
    edges: tuple[EdgeCall, ...] = ()
    groups: tuple[GroupCall, ...] = ()
    span: Span | None = None
    defaults: dict[str, Value] = {}
    timetable: TimetableCall | None = None


class LoadFault(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a file or one of its DAGs could not be loaded.

    `sort`: syntax, raises, import, name, duplicate, no_dag, no_airflow, broken_airflow, version, time, interpreter;
    from a file that is not run also unresolved;
    with fabricated modules also decides (the DAGs may not be the real ones), network, fabricated (a note).
    `message` is one line; `dag_id` is set where the other DAGs of the file stand.
    """

    sort: str
    message: str
    span: Span | None = None
    dag_id: str = ""


class DagFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file. `dialect` is the version of Airflow it was read as."""

    path: str
    dialect: str = ""
    dags: tuple[DagCall, ...] = ()
    faults: tuple[LoadFault, ...] = ()


def encode(file: DagFile) -> bytes:
    """As one line of JSON."""
    return msgspec.json.encode(file)


def decode(line: bytes) -> DagFile:
    """From JSON; raises msgspec.ValidationError where it is of another form."""
    return msgspec.json.decode(line, type=DagFile)
