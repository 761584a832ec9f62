"""What an expression of a DAG file may be worth: plain Python data, the file's own functions and classes, names of
libraries, the nodes of a graph, and the unknown.

Plain data are Python's own objects (a list is a list), so that aliasing and mutation are as in the file.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import PurePosixPath
from types import EllipsisType
from typing import TYPE_CHECKING, TypeAlias

from core_compiler.diagnostics import Span

if TYPE_CHECKING:
    from transpilers.airflow.static.graph.nodes import Node
    from transpilers.airflow.static.journal import Journal

if TYPE_CHECKING:
    Plain: TypeAlias = "bool | int | float | complex | str | bytes | EllipsisType | None"
    Moment: TypeAlias = "datetime | date | time | timedelta | tzinfo"
    Container: TypeAlias = "list[Value] | tuple[Value, ...] | dict[Value, Value] | set[Value] | frozenset[Value]"
    Code: TypeAlias = "Function | Class | Instance | Bound | Method | Native | Partial | Module | Property | Super"
    Deferred: TypeAlias = "Lazy | View | Context"
    Value: TypeAlias = (
        "Plain | Moment | Container | PurePosixPath | Unknown | Ref | Object | Globals | Code | Deferred | Node"
    )
else:
    Value = object
SCALARS = (type(None), bool, int, float, complex, str, bytes, EllipsisType, date, time, timedelta, tzinfo)


@dataclass(frozen=True, eq=False)
class Unknown:
    """A value that the file alone does not tell: `reason` names what it comes from.

    `carries`: outputs of tasks went into it, so it may make an edge where it is used. `harmless`: it comes from a
    library that makes no tasks, so neither does what is called on it.
    """

    reason: str
    span: Span | None = None
    carries: bool = False
    harmless: bool = False


@dataclass(frozen=True, eq=False)
class Member(Unknown):
    """An attribute of what is unknown, or of a library's object: a value or a method."""

    receiver: Value = None
    name: str = ""


#: What a room answers that has none for what it is asked.
NO_ROOM = Unknown("no room")


@dataclass(frozen=True, eq=False)
class Either(Unknown):
    """One of several values, it is not known which."""

    options: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Ref:
    """A name of a library, by its full path: nothing is known of it but that."""

    name: str

    @property
    def short(self) -> str:
        """The last part."""
        return self.name.rpartition(".")[2]


class Names(dict["Value", "Value"]):
    """The names of a scope or the attributes of an object, as opposed to a dict of the file."""


class Defaulting(dict["Value", "Value"]):
    """A `collections.defaultdict` of the file; `factory` makes what is missing."""

    factory: Value = None


def may_hold(container: dict[Value, Value] | set[Value] | frozenset[Value], key: Value) -> Ref | Unknown | None:
    """What in a dict or set may be the same as a plain `key` that is not found in it: a constant of a library."""
    if not isinstance(key, (str, int, float, bytes)):
        return None
    return next((each for each in container if isinstance(each, (Ref, Unknown))), None)


class Scope:
    """Names and their values; `outer` is where the others are looked for.

    `foreign`: libraries whose every name has been imported with `*`.
    """

    def __init__(self, module: Module | None, outer: Scope | None = None, *, sort: str = "module") -> None:
        self.names = Names()
        self.module = module
        self.outer = outer
        self.sort = sort
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.foreign: list[str] = []
        self.prefix = ""


@dataclass(eq=False)
class Module:
    """A file under the root that has been read. `name` is its import name, "" for the DAG file itself."""

    name: str
    path: str
    scope: Scope = field(default_factory=lambda: Scope(None))
    tree: ast.Module | None = None
    source: str = ""


@dataclass(eq=False)
class Function:
    """A function or lambda of the file. `attributes` are what the file hangs on it."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Scope
    qualname: str
    defaults: tuple[Value, ...] = ()
    keyword_defaults: dict[str, Value] = field(default_factory=dict[str, "Value"])
    attributes: Names = field(default_factory=Names)
    owner: Class | None = None

    @property
    def name(self) -> str:
        """Its own name, or the one it has been given."""
        given = self.attributes.get("__name__")
        if isinstance(given, str):
            return given
        return "<lambda>" if isinstance(self.node, ast.Lambda) else self.node.name


@dataclass(eq=False)
class Class:
    """A class of the file."""

    node: ast.ClassDef
    bases: tuple[Value, ...]
    names: Names
    module: Module | None
    qualname: str
    #: Made by a decorator or a base whose constructor is known: dataclass, namedtuple, enum.
    sort: str = ""


@dataclass(eq=False)
class Instance:
    """An object of such a class."""

    cls: Class
    attributes: Names = field(default_factory=Names)


@dataclass(frozen=True, eq=False)
class Bound:
    """A function with its first argument."""

    function: Function
    receiver: Value


@dataclass(frozen=True, eq=False)
class Method:
    """A method of a value that is no object of the file."""

    receiver: Value
    name: str


@dataclass(frozen=True, eq=False)
class Native:
    """A callable of our own, such as a decorator with its arguments."""

    name: str
    call: Callable[[list[Value], dict[str, Value], ast.AST], Value]


@dataclass(frozen=True, eq=False)
class Partial:
    """`functools.partial`."""

    function: Value
    args: tuple[Value, ...]
    kwargs: dict[str, Value]


@dataclass(frozen=True, eq=False)
class Property:
    """A property, a static or a class method. `sort` says which."""

    function: Value
    sort: str


@dataclass(frozen=True, eq=False)
class Super:
    """`super()` inside a method."""

    cls: Class
    receiver: Value


@dataclass(frozen=True, eq=False)
class View:
    """What `keys()`, `values()` and `items()` of a dict give: it is as the dict is by then. `sort` says which."""

    source: dict[Value, Value]
    sort: str

    def seen(self) -> list[Value]:
        """Its items of this moment."""
        match self.sort:
            case "keys":
                return list(self.source)
            case "values":
                return list(self.source.values())
            case _:
                return list(self.source.items())

    def as_set(self) -> Value:
        """Views of keys and items have the operators of sets; another one is as it is."""
        try:
            return set(self.seen()) if self.sort != "values" else self
        except TypeError as error:
            raise Raised("TypeError", str(error)) from error


@dataclass(eq=False)
class Lazy:
    """An iterator: `pull` gives each item once. `makes`: asking for one may make tasks.

    `journals`: the branches that were open when it was made. `why`: since when nobody knows what it gives.
    """

    name: str
    pull: Iterator[Value]
    makes: bool
    journals: tuple[Journal, ...]
    module: Module
    why: Unknown | None = None


@dataclass(eq=False)
class Generator(Lazy):
    """A call of a generator of the file. `run` executes it, and calls what it is given with each item."""

    run: Callable[[Callable[[Value], None]], None] = lambda _: None
    started: bool = False


@dataclass(frozen=True, eq=False)
class Context:
    """What a function that is decorated with `contextlib.contextmanager` gives."""

    generator: Generator


@dataclass(frozen=True, eq=False)
class Globals:
    """`globals()` or `locals()`: the names of a scope."""

    scope: Scope


@dataclass(eq=False)
class Object:
    """An object of a library's class, by the arguments it was made with."""

    class_name: str
    args: tuple[Value, ...] = ()
    kwargs: dict[str, Value] = field(default_factory=dict[str, "Value"])


class Raised(Exception):
    """The file raises: `sort` is the name of the exception's class."""

    def __init__(self, sort: str, message: str = "", value: Value = None) -> None:
        super().__init__(f"{sort}: {message}" if message else sort)
        self.sort = sort
        self.message = message
        self.value = value


class Exhausted(Exception):
    """The file asks for more steps, depth, size or time than it gets."""


class PendulumDateTime(datetime):
    """A datetime of pendulum's class: the same moment, other methods."""


class PendulumDuration(timedelta):
    """A timedelta of pendulum's class."""


class Zone(tzinfo):
    """A named time zone. Its offset is not looked up, so what depends on one is not known."""

    def __init__(self, key: str, *, foreign: bool = False) -> None:
        self.key = key
        self.foreign = foreign

    def utcoffset(self, dt: datetime | None, /) -> None:
        """Not known."""

    def dst(self, dt: datetime | None, /) -> None:
        """Not known."""

    def tzname(self, dt: datetime | None, /) -> str:
        """Its key."""
        return self.key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Zone) and (other.key, other.foreign) == (self.key, self.foreign)

    def __hash__(self) -> int:
        return hash(self.key)
