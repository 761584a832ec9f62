"""Emission: a plan becomes a typed machine. One transition a task; statuses stay in the store, state data stays empty.

start            sets variables: `run`, the run's prefix; `handler`, whose ARN would make each state longer; `context`
begin            where params have schemas: holds the input to them; RunFailed leads to the Fail state `not started`
<task>           the event; Retry for the platform and for the source's tries; Catch to its settle state
await <task>     waits for what the task needs from other branches; its token comes back from whoever ends last
<task>: ...      around a task that may ask for others: see `dynamic`
settle <task>    writes down a task that crashed for good, so that other branches go on
each <t>         the items of a mapped task (`core_compiler.emit.each`)
finish           reads the leaves' statuses; RunFailed leads to the Fail state `run failed`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from core_compiler.asl import limits, states
from core_compiler.asl.expressions import HANDLER, deployed_bytes, expression
from core_compiler.emit import dynamic
from core_compiler.emit.begin import CONTEXT_EXPRESSION, begin_event, has_context
from core_compiler.emit.children import child_failed, child_start, child_state
from core_compiler.emit.each import EachNames, claim, first_of, modes, place_each
from core_compiler.emit.events import await_event, finish_event, run_event, settle_event
from core_compiler.emit.kept import Kept
from core_compiler.emit.names import Names
from core_compiler.emit.parts import Weight
from core_compiler.emit.patience import LONGEST, patience
from core_compiler.emit.predict import most_events, shares_history
from core_compiler.emit.retries import (
    AWAIT_RETRIERS,
    BOOKKEEPING_RETRIER,
    BOOKKEEPING_SECONDS,
    EVERYTHING,
    bookkeeping_seconds,
    retriers,
    timeout_seconds,
)
from core_compiler.emit.scope import EMPTY, MACHINE, Scope
from core_compiler.ir import FailurePolicy, Task, Workflow
from core_compiler.plan import Await, Each, Finish, Node, Parallel, Run, Series, awaited

RUN = (
    "$states.context.StateMachine.Name & '/' & $states.context.Execution.Name"
    " & '/' & $replace($states.context.Execution.StartTime, ':', '')"
)
NO_PARTS: Mapping[int, str] = {}


class Emitted(msgspec.Struct, frozen=True):
    """A machine, the name of the state that runs each task, and how many states there are at all depths.

    `children` are the definitions of the machines that it starts, by name, as compact bytes: as objects they would take
    many times the memory. `kept` are files of events, by their paths (`core_compiler.emit.kept`).
    """

    machine: states.Machine
    state_of: dict[str, str]
    states: int
    children: dict[str, bytes] = {}
    kept: dict[str, bytes] = {}


def emit(plan: Series, workflow: Workflow, parts: Mapping[int, str] = NO_PARTS) -> Emitted:
    """The machine of a verified plan; `parts` names the nodes, by their `id`, that become machines of their own."""
    emitter = _Emitter(workflow, awaited(plan), parts)
    first = emitter.names.claim("start")
    checked = workflow.context is not None and workflow.context.checked
    begin = (emitter.names.claim("begin"), emitter.names.claim("not started")) if checked else None
    emitter.name(plan)
    inner: dict[str, states.State] = {}
    entry = emitter.place_machine(plan, inner)
    assign: dict[str, object] = {"run": expression(RUN), "handler": HANDLER}
    if has_context(workflow):
        assign["context"] = CONTEXT_EXPRESSION
    start = states.Pass(next=begin[0] if begin else entry, assign=assign, output=EMPTY)
    machine = states.Machine(
        comment=f"{workflow.name}, compiled by stepweave",
        start_at=first,
        states={first: start, **(_begin(*begin, entry) if begin else {}), **inner},
        timeout_seconds=None if workflow.timeout is None else max(1, round(workflow.timeout)),
    )
    children = {name: states.encode(_child(emitter, name, body)) for name, body in emitter.bodies()}
    return Emitted(machine, emitter.state_of, len(emitter.names), children, emitter.kept.files)


class Scales:
    """Weighs the parts of a plan by their states, each with the names of those it leads to."""

    def __init__(self, plan: Series, workflow: Workflow) -> None:
        self._emitter = _Emitter(workflow, awaited(plan), NO_PARTS)
        self._emitter.name(plan)
        self._tasks = {task.id: task for task in workflow.tasks}
        # The name of the state after each step and each fork.
        self._after: dict[int, str | None] = {}
        stack: list[tuple[Node, str | None]] = [(plan, None)]
        while stack:
            node, after = stack.pop()
            match node:
                case Series(steps):
                    for step in reversed(steps):
                        stack.append((step, after))
                        after = self._emitter.entry(step)
                case Parallel(branches):
                    self._after[id(node)] = after
                    stack.extend((branch, None) for branch in branches)
                case Run() | Await() | Each() | Finish():
                    self._after[id(node)] = after

    def step(self, step: Run | Await | Each | Finish) -> Weight:
        """All states of a step, and the events of a run in which every task takes all of its tries."""
        found: dict[str, states.State] = {}
        self._emitter.place(step, found, self._after[id(step)])
        return Weight(deployed_bytes(msgspec.json.encode(found)), most_events(step, self._tasks))

    def fork(self, fork: Parallel) -> Weight:
        """A fork without its branches."""
        found: dict[str, states.State] = {}
        self._emitter.fork(self._emitter.entry(fork), (), found, self._after[id(fork)])
        return Weight(deployed_bytes(msgspec.json.encode(found)), limits.PARALLEL_EVENTS)

    def branch(self, branch: Node) -> Weight:
        """What a branch has around its states."""
        return Weight(len(msgspec.json.encode(states.Branch(self._emitter.entry(branch), {}))) + 1, 0)


def _child(emitter: _Emitter, name: str, body: Node) -> states.Machine:
    first = emitter.names.claim("start")
    inner: dict[str, states.State] = {}
    entry = emitter.place_machine(body, inner)
    return states.Machine(
        comment=f"{name}, started by its parent",
        start_at=first,
        states={first: child_start(emitter.variables, entry), **inner},
    )


class _Emitter:
    def __init__(self, workflow: Workflow, waited: frozenset[str], parts: Mapping[int, str]) -> None:
        self.names = Names()
        self.kept = Kept()
        self.state_of: dict[str, str] = {}
        self._forks: dict[tuple[int, str], str] = {}
        self._each: dict[str, EachNames] = {}
        self._scope = MACHINE
        self._runs: dict[tuple[str, str], tuple[str, str]] = {}
        self._waited = waited
        self._patience = LONGEST
        self._waits: dict[str, str] = {}
        self._loops: dict[str, dynamic.Loop] = {}
        self._ends: dict[tuple[str, ...], tuple[str, str]] = {}
        self._tasks = {task.id: task for task in workflow.tasks}
        self._policy = workflow.failure_policy
        self._parts = parts
        self._bodies: list[tuple[str, Node]] = []
        self.variables = ("run", "context") if has_context(workflow) else ("run",)

    def bodies(self) -> Iterator[tuple[str, Node]]:
        """The parts that were placed as machines of their own, those inside them too, as they are placed."""
        yield from self._bodies

    def name(self, plan: Node, scope: Scope = MACHINE) -> None:
        """Claim all names in reading order, before states are placed from the last to the first."""
        stack: list[Node] = [plan]
        while stack:
            node = stack.pop()
            match node:
                case Run(task):
                    own = self.names.claim(task), self.names.claim(f"settle {task}")
                    self.state_of.setdefault(task, own[0])
                    self._runs[task, scope.name] = own
                    if self._tasks[task].runs_again:
                        self._loops[task] = dynamic.claim(self.names, task)
                case Await(task):
                    self._waits[task] = self.names.claim(f"await {task}")
                case Series(steps):
                    stack.extend(reversed(steps))
                case Parallel(branches):
                    self._forks[id(node), scope.name] = self.names.claim("fork")
                    stack.extend(reversed(branches))
                case Each():
                    self._each[node.name] = names = claim(self.names, node, inline=shares_history(node, self._tasks))
                    for mode in modes(names):
                        self.name(node.body, mode)
                case Finish(leaves):
                    self._ends[leaves] = self.names.claim("finish"), self.names.claim("run failed")

    def entry(self, node: Node) -> str:
        """The name of the first state of a node that has its names."""
        match node:
            case Run(task):
                return self._runs[task, self._scope.name][0]
            case Await(task):
                return self._waits[task]
            case Series(steps):
                return self.entry(steps[0])
            case Parallel():
                return self._forks[id(node), self._scope.name]
            case Each(name=name):
                return first_of(self._each[name])
            case Finish(leaves):
                return self._ends[leaves][0]

    def place_machine(self, body: Node, into: dict[str, states.State]) -> str:
        """Add the states of a machine of its own to `into`; return its first state."""
        self._patience = patience(body, self._parts, self._tasks)
        return self.place(body, into, None, whole=True)

    def place(self, node: Node, into: dict[str, states.State], after: str | None, *, whole: bool = False) -> str:
        """Add the states of `node` to `into`, leading to the state `after` (None: the end); return its first state.

        A part that is a machine of its own is started there, unless it is asked for `whole`.
        """
        if not whole and id(node) in self._parts:
            part = self._parts[id(node)]
            self._bodies.append((part, node))
            name, failed = self.names.claim(part), self.names.claim(f"{part} failed")
            into[name] = child_state(part, self.variables, after, failed)
            into[failed] = child_failed()
            return name
        match node:
            case Run(task):
                return self._task(self._tasks[task], into, after)
            case Await():
                return self._await(node, into, after)
            case Series(steps):
                return self._series(steps, into, after)
            case Parallel(branches):
                return self.fork(self._forks[id(node), self._scope.name], branches, into, after)
            case Each():
                return self._items(node, into, after)
            case Finish(leaves):
                return self._finish(leaves, into)

    def _series(self, steps: tuple[Node, ...], into: dict[str, states.State], after: str | None) -> str:
        # From the last step to the first, since a state names the one after it; then in reading order.
        parts: list[dict[str, states.State]] = []
        for step in reversed(steps):
            part: dict[str, states.State] = {}
            after = self.place(step, part, after)
            parts.append(part)
        for part in reversed(parts):
            into.update(part)
        assert after is not None
        return after

    def fork(self, name: str, branches: tuple[Node, ...], into: dict[str, states.State], after: str | None) -> str:
        """Add a fork of this name, leading to the state `after`; return the name."""
        placed: list[states.Branch] = []
        for branch in branches:
            inner: dict[str, states.State] = {}
            entry = self.place(branch, inner, None)
            placed.append(states.Branch(start_at=entry, states=inner))
        into[name] = states.Parallel(
            branches=tuple(placed), next=after, end=after is None, output=self._scope.output if after else EMPTY
        )
        return name

    def _items(self, each: Each, into: dict[str, states.State], after: str | None) -> str:
        names = self._each[each.name]
        tasks = tuple(self._tasks[task] for task in each.tasks)
        placed = place_each(
            each,
            names,
            tasks,
            self._policy,
            lambda mode: self._body(each.body, mode),
            self.kept,
            waiters=not self._waited.isdisjoint(each.tasks),
        )
        last = placed[names.record]
        placed[names.record] = msgspec.structs.replace(last, next=after, end=after is None)
        into.update(placed)
        return next(iter(placed))

    def _body(self, body: Node, scope: Scope) -> tuple[dict[str, states.State], str]:
        outer, self._scope = self._scope, scope
        inner: dict[str, states.State] = {}
        entry = self.place(body, inner, None)
        self._scope = outer
        return inner, entry

    def _task(self, task: Task, into: dict[str, states.State], after: str | None) -> str:
        scope, loop = self._scope, self._loops.get(task.id)
        name, settle = self._runs[task.id, scope.name]
        # The waiters of a mapped task are released by its record.
        waiters = task.id in self._waited and task.mapping is None
        output = scope.output if after else EMPTY
        into[name] = states.Task(
            resource=states.INVOKE,
            arguments=scope.invoke(self.kept.shortened(run_event(task, self._policy, waiters=waiters))),
            timeout_seconds=timeout_seconds(task),
            retry=retriers(task),
            catch=(states.Catcher(error_equals=("States.ALL",), next=settle, output=scope.error),),
            output=output if loop is None else expression("$states.result.Payload"),
            next=after if loop is None else loop.again,
            end=after is None and loop is None,
        )
        if loop is not None:
            done = after or self.names.claim(f"{task.id}: done")
            into |= dynamic.loop(task, name, loop, done, self._policy)
            if after is None:
                into[done] = states.Pass(output=EMPTY, end=True)
        into[settle] = states.Task(
            resource=states.INVOKE,
            arguments=scope.invoke_caught(settle_event(task, self._policy, waiters=waiters)),
            timeout_seconds=BOOKKEEPING_SECONDS,
            # Where a failure stops the run, settle raises it.
            retry=(BOOKKEEPING_RETRIER if self._policy is FailurePolicy.STOP else EVERYTHING,),
            output=scope.caught_output if after else EMPTY,
            next=after,
            end=after is None,
        )
        return name

    def _await(self, step: Await, into: dict[str, states.State], after: str | None) -> str:
        name = self._waits[step.task]
        into[name] = states.Task(
            resource=states.INVOKE_AND_WAIT,
            arguments=MACHINE.invoke(
                self.kept.shortened(await_event(step, self._tasks[step.task])),
                token=expression("$states.context.Task.Token"),
            ),
            timeout_seconds=self._patience,
            retry=AWAIT_RETRIERS,
            catch=(self._failed_await(step.task),),
            output=EMPTY,
            next=after,
            end=after is None,
        )
        return name

    def _failed_await(self, task: str) -> states.Catcher:
        error = expression("$states.errorOutput")
        each = next((names for names in self._each.values() if task in names.tasks), None)
        if each is not None:
            return states.Catcher(error_equals=("States.ALL",), next=each.record, output={"error": error})
        return states.Catcher(error_equals=("States.ALL",), next=self._runs[task, MACHINE.name][1], output=error)

    def _finish(self, leaves: tuple[str, ...], into: dict[str, states.State]) -> str:
        name, failed = self._ends[leaves]
        into[name] = states.Task(
            resource=states.INVOKE,
            arguments=MACHINE.invoke(self.kept.shortened(finish_event(leaves))),
            timeout_seconds=bookkeeping_seconds(len(leaves)),
            retry=(BOOKKEEPING_RETRIER,),
            catch=(states.Catcher(error_equals=("RunFailed",), next=failed, output=expression("$states.errorOutput")),),
            output=expression("$states.result.Payload"),
            end=True,
        )
        into[failed] = states.Fail(error="RunFailed", cause=expression("$parse($states.input.Cause).errorMessage"))
        return name


def _begin(name: str, refused: str, after: str) -> dict[str, states.State]:
    """The states that hold the input to the params' schemas."""
    return {
        name: states.Task(
            resource=states.INVOKE,
            arguments=MACHINE.invoke(begin_event()),
            timeout_seconds=BOOKKEEPING_SECONDS,
            retry=(BOOKKEEPING_RETRIER,),
            catch=(
                states.Catcher(error_equals=("RunFailed",), next=refused, output=expression("$states.errorOutput")),
            ),
            output=EMPTY,
            next=after,
        ),
        refused: states.Fail(error="RunFailed", cause=expression("$parse($states.input.Cause).errorMessage")),
    }
