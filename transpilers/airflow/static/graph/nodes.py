"""DAGs, tasks, groups and what stands for their outputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from core_compiler.diagnostics import Span

if TYPE_CHECKING:
    from transpilers.airflow.static.values import Class, Function, Names, Unknown, Value


@dataclass(eq=False)
class Dag:
    """A DAG being built. `entered`: it has been a context, so Airflow registers it by itself."""

    dag_id: str
    kwargs: dict[str, Value]
    default_args: Value
    span: Span | None
    root: Group = field(init=False)
    tasks: dict[str, Task] = field(default_factory=dict[str, "Task"])
    #: (upstream, downstream) to the label.
    edges: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    #: Why it cannot be told what it is, with the place.
    doubts: list[tuple[str, Span | None]] = field(default_factory=list[tuple[str, "Span | None"]])
    entered: bool = False
    attributes: dict[str, Value] = field(default_factory=dict[str, "Value"])

    def __post_init__(self) -> None:
        self.root = Group(None, self, None, {}, None)


@dataclass(eq=False)
class Group:
    """A task group; the root of a DAG has no id. `name` is its own part of the id."""

    name: str | None
    dag: Dag | None
    parent: Group | None
    kwargs: dict[str, Value]
    span: Span | None
    prefixes: bool = True
    default_args: Value = None
    children: dict[str, Task | Group] = field(default_factory=dict[str, "Task | Group"])
    used: set[str] = field(default_factory=set[str])
    upstream: dict[str, None] = field(default_factory=dict[str, None])
    mapped: Mapping | None = None

    @property
    def group_id(self) -> str | None:
        """Its full id."""
        if self.name and self.parent and self.parent.prefixes and self.parent.name:
            return self.parent.child_id(self.name)
        return self.name

    def child_id(self, name: str) -> str:
        """The full id of what is in it."""
        own = self.group_id
        return f"{own}.{name}" if self.prefixes and own else name


@dataclass(eq=False)
class Task:
    """One operator. `attributes`: what the file itself sets on it."""

    task_id: str
    operator: Operator
    kwargs: dict[str, Value]
    span: Span | None
    dag: Dag | None = None
    group: Group | None = None
    attributes: Names = field(default_factory=lambda: _names())
    mapped: Mapping | None = None
    is_setup: bool = False
    is_teardown: bool = False
    on_failure_fail_dagrun: bool = False
    user_class: Class | None = None
    #: Of a class of the file: what its constructor was called with.
    given: dict[str, Value] = field(default_factory=dict)
    #: Arguments that default_args give to other constructors than the first.
    defaulted: tuple[str, ...] = ()
    upstream: dict[str, None] = field(default_factory=dict[str, None])
    downstream: dict[str, None] = field(default_factory=dict[str, None])
    #: Edges made before it had a DAG are errors in Airflow, so there are none.
    ready: bool = False


@dataclass(frozen=True, eq=False)
class Operator:
    """A class of operators. `fields`: those that Airflow renders, None where nobody knows the class.

    `parameters`: the arguments its constructors name, None likewise.
    """

    class_name: str
    fields: tuple[str, ...] | None = None
    parameters: frozenset[str] | None = None
    user_class: Class | None = None
    #: Of a class of the file: what its library's base names, which gets its defaults last.
    inherited: frozenset[str] | None = None


@dataclass(frozen=True, eq=False)
class Mapping:
    """What a task or group is expanded over. `sort`: kwargs or dicts."""

    sort: str
    value: Value


@dataclass(frozen=True, eq=False)
class XCom:
    """A value that a task pushes."""

    task: Task
    key: str = "return_value"


@dataclass(frozen=True, eq=False)
class XComMapped:
    """`source.map(f)`."""

    source: Value
    callables: tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class XComZipped:
    """`a.zip(b)`."""

    sources: tuple[Value, ...]
    fill: Value = None
    filled: bool = False


@dataclass(frozen=True, eq=False)
class XComConcatenated:
    """`a.concat(b)`."""

    sources: tuple[Value, ...]


@dataclass(eq=False)
class Label:
    """A label between two ends of edges; it remembers what has been put on each side."""

    text: Value
    upstream: list[Value] = field(default_factory=list["Value"])
    downstream: list[Value] = field(default_factory=list["Value"])


@dataclass(eq=False)
class TaskFactory:
    """A function decorated with `@task` or one of its kin; calling it makes a task."""

    operator: Operator
    function: Function | Unknown
    kwargs: dict[str, Value]
    multiple_outputs: Value
    is_setup: bool = False
    is_teardown: bool = False
    on_failure_fail_dagrun: bool = False


@dataclass(frozen=True, eq=False)
class DagFactory:
    """A function decorated with `@dag`."""

    function: Function
    kwargs: dict[str, Value]


@dataclass(frozen=True, eq=False)
class GroupFactory:
    """A function decorated with `@task_group`. `partial`: arguments given by `.partial()`."""

    function: Function
    kwargs: dict[str, Value]
    partial: dict[str, Value] = field(default_factory=dict[str, "Value"])


@dataclass(frozen=True, eq=False)
class OperatorPartial:
    """`SomeOperator.partial(...)`, still to be expanded."""

    operator: Operator
    kwargs: dict[str, Value]
    span: Span | None


@dataclass(frozen=True, eq=False)
class MappedArgument:
    """An argument of a mapped group's function."""

    mapping: Mapping
    key: str


@dataclass(frozen=True, eq=False)
class DagParam:
    """`dag.param(name, default)`."""

    name: str
    default: Value = None


@dataclass(frozen=True, eq=False)
class Decorator:
    """`task`, `task.branch`, `dag`, `task_group`, `setup` ... with the arguments given so far."""

    sort: str
    kwargs: dict[str, Value] = field(default_factory=dict[str, "Value"])
    called: bool = False


Node: TypeAlias = (
    Dag
    | Group
    | Task
    | Operator
    | XCom
    | XComMapped
    | XComZipped
    | XComConcatenated
    | Label
    | TaskFactory
    | DagFactory
    | GroupFactory
    | OperatorPartial
    | MappedArgument
    | DagParam
    | Decorator
)


def _names() -> Names:
    from transpilers.airflow.static.values import Names

    return Names()
