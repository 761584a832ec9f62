"""Step Functions and Lambda in bad weather: what they may do to an invocation, done to the real handler."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Generator
from typing import Any

import msgspec
from chaos.stepped import SECONDS, Attempt
from judge.machine import StateError
from judge.memory import MemoryStore
from judge.rules import EARLY, ask, seen
from judge.sandbox import CRASHES
from judge.tokens import Tokens

from handler.items import item_id
from handler.keys import task_keys
from handler.records import done_from_bytes
from handler.tokens import Refusal

#: More than most invocations' operations, so that some die with their whole work done and unheard of.
MOST_OPERATIONS = 16
#: Faults of one task's states, at most: the platform's retries are 6, and this is about what they must heal.
MOST_FAULTS = 4
FAULTS = ("crash", "timeout", "duplicate", "throttle", "store", "stale token")


class Weather(msgspec.Struct, frozen=True):
    """How often each fault befalls an invocation, or an operation (`throttle`, `store`)."""

    crash: float = 0.0
    timeout: float = 0.0
    duplicate: float = 0.0
    throttle: float = 0.0
    store: float = 0.0
    impatience: float = 0.0


CALM = Weather()
STORM = Weather(crash=0.10, timeout=0.06, duplicate=0.06, throttle=0.15, store=0.02, impatience=0.03)


def who(event: dict[str, Any]) -> str:
    """The task or item that an event is about."""
    return item_id(event["task"], event["index"]) if "index" in event else event.get("task", "the end")


class Service:
    """Answers a machine's events, one operation a step; what it did is counted in `faults`.

    `told`: what the machine and its waiters were told of tasks. `early`: tasks whose try began too soon.
    """

    def __init__(self, source: random.Random, weather: Weather) -> None:
        self.store = MemoryStore()
        self.tokens = Tokens()
        self.run = ""
        self.invocations = 0
        self.faults: Counter[str] = Counter()
        self.timed_out: dict[str, int] = {}
        self.told: list[tuple[str, str]] = []
        self.early: list[str] = []
        self._source = source
        self._weather = weather
        self._zombies: list[Attempt] = []
        self._suffered: Counter[str] = Counter()
        self._now = 1_000_000.0
        self._later: dict[str, float] = {}
        self._running: dict[str, Attempt] = {}
        #: How seldom an invocation takes several steps at once, while others stand: races have narrow windows.
        self._pace = source.choice((0.25, 0.5, 1.0))

    def invoke(self, event: dict[str, Any]) -> Generator[bool, None, Any]:
        """What lambda:invoke gives; StateError where it fails, or where the state gives up waiting."""
        attempt = self._start(event)
        if self._happens(event, "duplicate"):
            self._zombies.append(self._start(event))
        fate = next((name for name in ("crash", "timeout") if self._happens(event, name)), "")
        last = self._source.randint(0, MOST_OPERATIONS)
        while not attempt.finished:
            if self._source.random() < self._pace:
                yield False
            if fate and attempt.operations >= last:
                break
            self._go_on(attempt)
            if self._zombies and self._source.random() < 0.3:
                self._step_zombie()
        if fate == "timeout":
            self._give_up(attempt)
            raise StateError("States.Timeout", "")
        if fate:
            attempt.kill()
            raise StateError(self._source.choice(CRASHES), "the process ended")
        if attempt.error:
            raise StateError(attempt.error, attempt.cause)
        if "status" in attempt.answer and "task" in event:
            self.told.append((who(event), attempt.answer["status"]))
        return attempt.answer

    def idle(self) -> bool:
        """Let a zombie go on, where nothing else can; False if there is none."""
        if not self._zombies:
            return False
        self._step_zombie()
        return True

    def close(self) -> None:
        """Let what is left of zombies come to its end."""
        while self.idle():
            pass

    def tries(self, name: str) -> int:
        """Which try the invocation in this thread is."""
        del name
        return self._running[threading.current_thread().name].number

    def send(self, event: dict[str, Any], token: str, output: str) -> Refusal | None:
        """SendTaskSuccess by an invocation with `event`, throttled at times."""
        if self._happens(event, "throttle"):
            return Refusal("ThrottlingException", "Rate exceeded")
        refused = self.tokens.send(token, output)
        if refused is None:
            self.told += json.loads(output).items()
        else:
            self.faults["stale token"] += 1
        return refused

    def _start(self, event: dict[str, Any]) -> Attempt:
        self.invocations += 1
        self._now += 0.01
        self.run = event["run"]
        name = f"attempt-{self.invocations}"
        now = self._now + self._later.get(who(event), 0.0)
        attempt = Attempt(event, name, now, self.store, self.send, self._watch)
        self._running[name] = attempt
        return attempt

    def _happens(self, event: dict[str, Any], fault: str) -> bool:
        name = who(event)
        if self._source.random() >= getattr(self._weather, fault) or self._suffered[name] >= MOST_FAULTS:
            return False
        self._suffered[name] += 1
        self.faults[fault] += 1
        return True

    def _go_on(self, attempt: Attempt) -> None:
        if self._happens(attempt.event, "store"):
            attempt.fails_next = True
        attempt.step()

    def _step_zombie(self) -> None:
        zombie = self._source.choice(self._zombies)
        if zombie.step():
            self._zombies.remove(zombie)

    def _give_up(self, attempt: Attempt) -> None:
        """The state's time is up. The process goes on, and by the clock its try is over."""
        self._zombies.append(attempt)
        if attempt.event["op"] == "run":
            task = who(attempt.event)
            self.timed_out[task] = self.timed_out.get(task, 0) + 1
            self._later[task] = self._later.get(task, 0.0) + SECONDS + 1

    def _watch(self, attempt: Attempt, key: str) -> None:
        """Before a start record is written: the number of the try, and whether it may begin; before a manifest, too."""
        parts = key.rsplit("/", 3)
        if parts[-2] == "items":
            self.early += [one["task"] for one in attempt.event["tasks"] if not self._may_begin(one)]
        if parts[-1] != "start" or attempt.event["op"] != "run":
            return
        attempt.number = int(parts[-2])
        if not self._may_begin(attempt.event):
            self.early.append(who(attempt.event))

    def _may_begin(self, event: dict[str, Any]) -> bool:
        upstream: list[str] = event.get("upstream", [])
        keys = {task: task_keys(self.run, task).done for task in upstream}
        statuses: list[str | None] = []
        for key in keys.values():
            data = self.store.get(key)
            statuses += [None] if data is None else done_from_bytes(key, data).statuses
        rule = event.get("rule", "all_success")
        if rule in EARLY:
            return rule == "always" or not upstream or ask(rule, seen(statuses)) == "run"
        return None not in statuses
