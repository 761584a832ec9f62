# pyright: basic
# Luigi has types for a part of itself only.
"""Dynamic requirements: what a task that yields others has to wait for, and which of those can run now.

A yielding task is run again from its beginning when what it asked for is complete, as in Luigi. Its own state runs
what is ready, round by round. A task of a round that yields in turn leaves a note of what it asked for and ends; the
owner of the round looks at the notes. So requirements may be nested as deep as one likes, up to a limit.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Literal, NoReturn

from handler.codec import from_bytes, to_bytes
from handler.dispatch import Origin
from handler.errors import InfrastructureError, NotRunnable, Pending, TaskError
from handler.json_types import Json, JsonObject
from handler.keys import path, segment, task_keys
from handler.records import Done, done_from_bytes, start_from_bytes
from stepweave_luigi.describe import describe, is_external, make
from stepweave_luigi.explore import Verdict, judge
from stepweave_luigi.tree import Tree
from stepweave_luigi.verdicts import write
from stepweave_luigi.waiting import pause, waited

DEEPEST = 50
#: A response may have 256 KiB.
_BYTES_A_ROUND = 160_000
_BUSY_SECONDS = 2
_POLL_SECONDS = 1.0

State = Literal["satisfied", "ready", "busy", "waiting", "blocked"]


class Agenda:
    """What the task of `origin`, the owner of the rounds, waits for."""

    def __init__(self, origin: Origin, tree: Tree) -> None:
        self._origin = origin
        self._store = origin.invocation.store
        self._tree = tree
        self._states: dict[str, State] = {}
        self._ready: dict[str, Any] = {}
        self._blocked: list[str] = []
        self._children: dict[str, list[str]] = {}

    def go_on(self) -> None:
        """Return if all that the task asked for is done: only then does Luigi run it again. Raises as `wait_for`."""
        noted = [make(note, note["id"]) for note in self._note(self._origin.task)]
        if noted:
            self._look(tuple(noted))

    def wait_for(self, wanted: tuple[Any, ...]) -> NoReturn:
        """Raises Pending with what can run now, NotRunnable where nothing ever will, TaskError where Luigi would never
        come to an end."""
        note(self._origin, wanted)
        self._look(wanted)
        # Another task left what was missing in this very moment.
        raise Pending(wait=1)

    def _look(self, wanted: tuple[Any, ...]) -> None:
        for task in wanted:
            self._visit(task)
        states = [self._states[task.task_id] for task in wanted]
        events = list(self._events())
        if events:
            raise Pending(events)
        if "busy" in self._states.values():
            raise Pending(wait=pause(waited(self._origin), None, _BUSY_SECONDS))
        if "blocked" in states:
            for name in self._blocked:
                write(self._origin, name, Verdict("upstream_failed"))
            names = [task.task_id for task, state in zip(wanted, states, strict=True) if state == "blocked"]
            raise NotRunnable(f"what it asked for cannot be had: {', '.join(names[:20])}")

    def _visit(self, root: Any) -> None:
        """Give a state to a task and all below it, deepest first."""
        path_ids: dict[str, int] = {}
        stack: list[tuple[Any, Iterator[tuple[Any, int]], int]] = []

        def push(task: Any, depth: int) -> None:
            if task.task_id == self._origin.task or task.task_id in path_ids:
                names = [*path_ids, task.task_id]
                raise TaskError(f"dynamic requirements make a cycle: {' > '.join([self._origin.task, *names])}")
            if depth > DEEPEST:
                raise TaskError(f"dynamic requirements are nested more than {DEEPEST} deep: {' > '.join(path_ids)}")
            task = self._tree.frozen(task)
            known = self._alone(task)
            if known is not None:
                self._states[task.task_id] = known
                return
            path_ids[task.task_id] = depth
            stack.append((task, iter(self._below(task, depth)), depth))

        if root.task_id not in self._states:
            push(root, 1)
        while stack:
            task, children, _ = stack[-1]
            step = next(children, None)
            if step is None:
                stack.pop()
                del path_ids[task.task_id]
                self._settle(task)
            elif step[0].task_id not in self._states:
                push(*step)

    def _below(self, task: Any, depth: int) -> list[tuple[Any, int]]:
        """What a task requires, and what it asked for when it ran; the latter is one level deeper."""
        found = [(one, depth) for one in task.deps()] if not is_external(task) else []
        for note in self._note(task.task_id):
            found.append((make(note, note["id"]), depth + 1))
        self._children[task.task_id] = [one.task_id for one, _ in found]
        return found

    def _alone(self, task: Any) -> State | None:
        """The state of a task that needs no look below it."""
        record = self._done(task.task_id)
        if record is not None and record.status == "success":
            return "satisfied"
        if record is not None and record.status != "skipped":
            return "blocked"
        waits = bool(self._tree.settings.get("wait"))
        verdict = judge(task, waits=waits)
        if verdict is None:
            return "busy" if is_external(task) else None
        if record is not None:
            # The schedule's word that nobody needs it is taken back.
            self._store.delete(task_keys(self._origin.run, task.task_id).done)
        write(self._origin, task.task_id, verdict)
        return "satisfied" if verdict.status == "success" else "blocked"

    def _settle(self, task: Any) -> None:
        below = {self._states[name] for name in self._children[task.task_id]}
        if "blocked" in below:
            self._states[task.task_id] = "blocked"
            self._blocked.append(task.task_id)
        elif below <= {"satisfied"}:
            self._states[task.task_id] = "ready" if self._claim(task.task_id) else "busy"
            if self._states[task.task_id] == "ready":
                self._ready[task.task_id] = task
        else:
            self._states[task.task_id] = "waiting"

    def _claim(self, name: str) -> bool:
        """Whether this owner is the one to run a task."""
        key, mine = _key(self._origin, "claim", name), self._origin.task.encode()
        if not self._store.has(key) and self._began(name):
            return False
        if self._store.put_if_absent(key, mine):
            if not self._began(name):
                return True
            # Its own state has begun meanwhile: that runs it, or waits until it finds no claim.
            self._store.delete(key)
            return False
        owner = self._store.get(key) or mine
        if owner == mine:
            return True
        if self._done(owner.decode()) is None or self._began(name):
            return False
        # Whoever was to run it has come to its end, and nobody waits for that.
        self._store.put(key, mine)
        return True

    def _began(self, name: str) -> bool:
        """Whether the task's own state, where it has one, is at it at the moment."""
        if name not in self._tree:
            return False
        key = task_keys(self._origin.run, name).start(1)
        found = self._store.get(key)
        if found is None:
            return False
        start = start_from_bytes(key, found)
        return not start.paused and start.deadline > self._origin.invocation.clock()

    def _events(self) -> Iterator[JsonObject]:
        size = 0
        for name, task in self._ready.items():
            event = self._event(name, task)
            size += len(to_bytes(event))
            if size > _BYTES_A_ROUND:
                return
            if self._done(name) is not None:
                # As in `_alone`: the record says skipped.
                self._store.delete(task_keys(self._origin.run, name).done)
            yield event

    def _event(self, name: str, task: Any) -> JsonObject:
        config: JsonObject = {"entry": "stepweave_luigi.worker:run", "owner": self._origin.task, "task": describe(task)}
        event: JsonObject = {"task": name, "component_name": "source", "component_config": config}
        tries = task.retry_count
        if tries is not None and tries > 1:
            event["retries"] = int(tries) - 1
        seconds = task.worker_timeout
        if seconds:
            event["timeout"] = float(seconds)
        return event

    def _done(self, name: str) -> Done | None:
        key = task_keys(self._origin.run, name).done
        found = self._store.get(key)
        return None if found is None else done_from_bytes(key, found)

    def _note(self, name: str) -> list[Any]:
        found = self._store.get(_key(self._origin, "asked", name))
        return [] if found is None else list(from_bytes(found))  # pyright: ignore


def check_progress(origin: Origin, wanted: tuple[Any, ...]) -> None:
    """Raises TaskError for a task that asks for what has run already: Luigi would run it again and again."""
    missing = [task for task in wanted if not task.complete()]
    ran = [task.task_id for task in missing if _succeeded(origin, task.task_id)]
    if ran:
        raise TaskError(
            f"it asks again for {', '.join(ran[:20])}, which ran and is not complete: Luigi would never end"
        )
    if not missing:
        key = _key(origin, "again", origin.task)
        if not origin.invocation.store.put_if_absent(key, b""):
            raise TaskError("its DynamicRequirements are never complete, though every task of them is")


def note(origin: Origin, wanted: tuple[Any, ...]) -> None:
    """Write down what a task asks for. Raises TaskError where it asks for what it had already."""
    check_progress(origin, wanted)
    asked: Json = [{"id": task.task_id, **describe(task)} for task in wanted]
    origin.invocation.store.put(_key(origin, "asked", origin.task), to_bytes(asked))


def wait_for_owner(origin: Origin) -> bool:
    """Whether a task that is asked for elsewhere ends there: its own state waits, then adopts how it ended."""
    store = origin.invocation.store
    key, claim = task_keys(origin.run, origin.task).done, _key(origin, "claim", origin.task)
    if not store.has(claim):
        return False
    while store.get(key) is None:
        owner = store.get(claim)
        if owner is None or store.has(task_keys(origin.run, owner.decode()).done):
            return False
        if origin.invocation.remaining() < 10 * _POLL_SECONDS:
            raise InfrastructureError(f"{origin.task} is still run by {owner.decode()}, which asked for it")
        time.sleep(_POLL_SECONDS)
    return True


def _succeeded(origin: Origin, name: str) -> bool:
    key = task_keys(origin.run, name).done
    found = origin.invocation.store.get(key)
    return found is not None and done_from_bytes(key, found).status == "success"


def _key(origin: Origin, kind: str, task: str) -> str:
    return f"{path(origin.run)}/luigi/{kind}/{segment(task)}"
