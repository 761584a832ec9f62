"""Invocations of the real handler that go on one operation of the store at a time, so that they can meet anywhere.

Each runs in a thread of its own; only one of them runs at any moment, the others stand before their next operation.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, TypeVar

from judge.memory import Killed, MemoryStore

import handler.app
from handler.errors import HandlerError, InfrastructureError
from handler.invocation import Invocation
from handler.tokens import Refusal

Answer = TypeVar("Answer")
SECONDS = 900.0


class Attempt:
    """One invocation. `number` is the try that it has begun or taken up, `operations` how far it has come.

    `watch` is told of each key before it is put if absent.
    """

    def __init__(
        self,
        event: dict[str, Any],
        name: str,
        now: float,
        store: MemoryStore,
        send: Callable[[dict[str, Any], str, str], Refusal | None],
        watch: Callable[[Attempt, str], None],
    ) -> None:
        self.event = event
        self.name = name
        self.number = 1
        self.operations = 0
        self.finished = False
        self.answer: Any = None
        self.error = ""
        self.cause = ""
        self.fails_next = False
        self._dead = False
        self._watch = watch
        self._send = send
        self._go, self._stands = threading.Semaphore(0), threading.Semaphore(0)
        invocation = Invocation(_SteppedStore(store, self), name, lambda: now, lambda: SECONDS, self._sent)
        self._thread = threading.Thread(target=self._run, args=(invocation,), daemon=True, name=name)
        self._thread.start()
        self._stands.acquire()

    def step(self) -> bool:
        """Go on to the next operation, or to the end; whether it is reached."""
        if not self.finished:
            self._go.release()
            self._stands.acquire()
        return self.finished

    def kill(self) -> None:
        """End the process where it stands."""
        self._dead = True
        while not self.step():
            pass

    def before(self, key: str = "") -> None:
        """Stand before an operation, on `key` if it is one that puts if absent."""
        self._stands.release()
        self._go.acquire()
        if self._dead:
            raise Killed
        self.operations += 1
        if self.fails_next:
            self.fails_next = False
            raise InfrastructureError("the store is away for a moment")
        if key:
            self._watch(self, key)

    def _sent(self, token: str, output: str) -> Refusal | None:
        self.before()
        return self._send(self.event, token, output)

    def _run(self, invocation: Invocation) -> None:
        try:
            self._stands.release()
            self._go.acquire()
            if not self._dead:
                self.answer = handler.app.lambda_handler(self.event, invocation)
        except HandlerError as error:
            self.error = type(error).__name__
            self.cause = json.dumps({"errorMessage": str(error), "errorType": self.error})
        except Killed:
            pass
        finally:
            self.finished = True
            self._stands.release()


class _SteppedStore:
    def __init__(self, store: MemoryStore, attempt: Attempt) -> None:
        self._store = store
        self._attempt = attempt
        self.wrote_done = False

    def get(self, key: str) -> bytes | None:
        return self._do(lambda: self._store.get(key))

    def get_many(self, keys: Sequence[str]) -> list[bytes | None]:
        # Not at one moment: others may write in between.
        return [self.get(key) for key in keys]

    def put(self, key: str, value: bytes) -> None:
        assert "/done/" not in key, "a done record is only ever written if absent"
        self._do(lambda: self._store.put(key, value))

    def put_if_absent(self, key: str, value: bytes) -> bool:
        wrote = self._do(lambda: self._store.put_if_absent(key, value), key)
        self.wrote_done = self.wrote_done or (wrote and "/done/" in key)
        return wrote

    def overwrite(self, key: str, value: bytes) -> None:
        """For mutants."""
        self._do(lambda: self._store.put(key, value))

    def upload(self, key: str, source: BinaryIO) -> None:
        self._do(lambda: self._store.upload(key, source))

    def download(self, key: str, target: BinaryIO) -> bool:
        return self._do(lambda: self._store.download(key, target))

    def list(self, prefix: str) -> Iterator[str]:
        return self._do(lambda: self._store.list(prefix))

    def _do(self, operation: Callable[[], Answer], key: str = "") -> Answer:
        self._attempt.before(key)
        return operation()
