"""The state of one reading: what has been made, where it is, how much it may still do.

The rooms of the evaluator call each other through the machine, so that none imports another in a circle.
"""

from __future__ import annotations

import ast
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core_compiler.diagnostics import Span
from transpilers.airflow.static.graph.nodes import Dag, Group, Task
from transpilers.airflow.static.journal import Journal
from transpilers.airflow.static.values import Exhausted, Function, Module, Raised, Scope, Unknown, Value

STEPS = 300_000
#: Of processor time.
SECONDS = 1.2
DEPTH = 60
#: Items in one container, and characters in one string.
ITEMS = 20_000
CHARACTERS = 1_000_000
TASKS = 5_000


@dataclass
class Arguments:
    """Of one call. `rest`: there are others that nobody knows."""

    args: list[Value]
    kwargs: dict[str, Value]
    node: ast.AST
    rest: Unknown | None = None


@dataclass(frozen=True)
class Return:
    """A block that ended in `return`."""

    value: Value


@dataclass(frozen=True)
class Leave:
    """A block that ended in `break` or `continue`."""

    word: str


Outcome = Return | Leave | None


class Lost(Exception):
    """It is not known what an iterator gives next."""

    def __init__(self, why: Unknown) -> None:
        super().__init__(why.reason)
        self.why = why


class Left(Exception):
    """What is done with the items of the generator `owner` ends: with an outcome, or by raising."""

    def __init__(self, owner: object, what: Return | Leave | Raised) -> None:
        super().__init__()
        self.owner = owner
        self.what = what


@dataclass(frozen=True)
class Doubt:
    """Something that cannot be told, and would change the graph: of one DAG, or, without one, of the file."""

    reason: str
    span: Span | None
    dag: Dag | None = None


@dataclass
class Rooms:
    """The rooms that need each other."""

    evaluate: Callable[[Machine, ast.expr, Scope], Value]
    block: Callable[[Machine, list[ast.stmt], Scope, Outcome], Outcome]
    call: Callable[[Machine, Value, Arguments], Value]
    attribute: Callable[[Machine, Value, str, ast.AST], Value]
    load: Callable[[Machine, str, Module | None, int], Module | None]


@dataclass
class SetupContext:
    """What `with setup >> teardown:` remembers."""

    active: bool = False
    stack: list[object] = field(default_factory=list[object])


class Machine:
    """One DAG file being read."""

    def __init__(self, path: Path, shown: str, root: Path, rooms: Rooms, seconds: float = SECONDS) -> None:
        self.path, self.shown, self.root = str(path), shown, root
        self.rooms = rooms
        self.main = Module("", str(path))
        self.dialect = "3"
        self.modules: dict[str, Module] = {}
        self.dags: list[Dag] = []
        self.dag_stack: list[Dag] = []
        self.group_stack: list[Group] = []
        self.doubts: list[Doubt] = []
        #: Made outside any DAG; each should be put into one.
        self.loose: list[Task] = []
        self.journals: list[Journal] = []
        self.places: list[tuple[Module, ast.AST]] = []
        self.current = self.main
        self.functions: list[Function] = []
        self.receivers: list[Value] = []
        self.yielded: list[Callable[[Value], None]] = []
        self.opaque: dict[int, tuple[object, Unknown]] = {}
        self.executed: dict[int, ast.stmt] = {}
        self.evaluated: set[int] = set()
        self.skipped: set[int] = set()
        self.may_raise = 0
        self.setups: dict[str, object] = {}
        self.imported: set[str] = set()
        #: Folders that the file puts on Python's path.
        self.search: list[str] = []
        #: Fields that the file itself gives to classes of libraries.
        self.fields: dict[str, tuple[str, ...]] = {}
        #: Classes of libraries that the file changes: their tasks are not what they would be.
        self.patched: dict[str, Unknown] = {}
        #: In which order what has none is taken: 1 or -1, by name or the other way, 0 for in none that is known.
        self.order = 1
        #: Whether that order was asked for.
        self.by_chance = False
        self._steps = 0
        self._ends = time.process_time() + seconds

    # Rooms

    def evaluate(self, node: ast.expr, scope: Scope) -> Value:
        """The value of an expression."""
        return self.rooms.evaluate(self, node, scope)

    def block(self, body: list[ast.stmt], scope: Scope, end: Outcome = None) -> Outcome:
        """Execute statements; `end` is what falling off the end of a function or a loop's turn means."""
        return self.rooms.block(self, body, scope, end)

    def call(self, function: Value, arguments: Arguments) -> Value:
        """Call a value."""
        return self.rooms.call(self, function, arguments)

    def apply(self, function: Value, args: list[Value], node: ast.AST) -> Value:
        """Call a value with positional arguments."""
        return self.rooms.call(self, function, Arguments(args, {}, node))

    def attribute(self, value: Value, name: str, node: ast.AST) -> Value:
        """`value.name`."""
        return self.rooms.attribute(self, value, name, node)

    # Bounds

    def step(self, size: int = 1) -> None:
        """Count work; Exhausted where there has been too much."""
        self._steps += size
        if self._steps > STEPS:
            raise Exhausted("it takes too many steps")
        if self._steps & 0xFF < size and time.process_time() > self._ends:
            raise Exhausted("it takes too long")

    def sized(self, size: int) -> None:
        """Refuse a container or string that is too large."""
        if size > CHARACTERS:
            raise Exhausted("a value in it is too large")
        self.step(size // 100)

    def in_some_order(self, items: list[Value]) -> list[Value] | None:
        """Items that come in an order that differs from run to run; None where that matters to the graph."""
        if len(items) <= 1:
            return items
        if self.order == 0:
            return None
        self.by_chance = True
        return sorted(items, key=repr, reverse=self.order < 0)

    # Places

    def span(self, node: ast.AST) -> Span | None:
        """The place of a node of the module that is being executed."""
        return self._span(self.current, node)

    def made_at(self, node: ast.AST) -> Span | None:
        """Where the DAG file itself asked for what is made here; the place itself where it did not."""
        for module, place in ((self.current, node), *reversed(self.places)):
            if module is self.main:
                return self._span(module, place)
        return self._span(self.current, node)

    def _span(self, module: Module, node: ast.AST) -> Span | None:
        line = getattr(node, "lineno", None)
        if not isinstance(line, int):
            return None
        path = self.shown if module is self.main else module.path
        return Span(path, line, getattr(node, "col_offset", -1) + 1)

    @contextmanager
    def inside(self, module: Module | None, node: ast.AST) -> Generator[None]:
        """While a function of `module`, called at `node`, is executed."""
        if len(self.places) >= DEPTH:
            raise Exhausted("functions call each other too deeply")
        before = self.current
        self.places.append((before, node))
        self.current = module or before
        try:
            yield
        finally:
            self.places.pop()
            self.current = before

    # Doubt

    def unknown(self, reason: str, node: ast.AST, *, carries: bool = False, harmless: bool = False) -> Unknown:
        """An unknown value that comes from `node`; what made it may also have raised."""
        self.may_raise += 1
        return Unknown(reason, self.span(node), carries, harmless)

    def doubt(self, reason: str, node: ast.AST, dag: Dag | None = None) -> None:
        """The graph is not known, because of `reason`."""
        found = Doubt(reason, self.span(node), dag)
        if found not in self.doubts:
            self.doubts.append(found)

    def blur(self, container: object, why: Unknown) -> None:
        """What a container holds is no longer known. Holding it keeps its id its own."""
        self.opaque[id(container)] = (container, why)

    def blurred(self, container: object) -> Unknown | None:
        """Why it is not known what a container holds."""
        found = self.opaque.get(id(container))
        return found[1] if found is not None else None

    def touch(self, *changed: object) -> None:
        """To be called before an object is changed."""
        if self.journals:
            for one in changed:
                self.journals[-1].note(one)

    def size(self) -> tuple[int, int, int]:
        """How much graph there is."""
        dags = self.dags
        return len(dags), sum(len(dag.tasks) for dag in dags), sum(len(dag.edges) for dag in dags)

    @property
    def dag(self) -> Dag | None:
        """The DAG whose context is entered."""
        return self.dag_stack[-1] if self.dag_stack else None
