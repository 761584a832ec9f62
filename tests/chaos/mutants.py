"""The protocol's rules, each taken away from the handler: what bad weather must then bring to light."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

import handler.execute
import handler.rendezvous
import handler.settle
from handler.invocation import Invocation
from handler.keys import TaskKeys
from handler.records import Done, done_to_bytes


@contextmanager
def any_writer_wins() -> Generator[None]:
    """Whoever writes a done record last has the word."""

    def write_done(invocation: Invocation, keys: TaskKeys, record: Done) -> Done:
        store: Any = invocation.store
        store.overwrite(keys.done, done_to_bytes(record))
        return record

    with (
        patch.object(handler.execute, "write_done", write_done),
        patch.object(handler.settle, "write_done", write_done),
    ):
        yield


@contextmanager
def one_key_for_all_tokens() -> Generator[None]:
    """A waiter's later token takes the place of its earlier one, or the other way round."""
    real = handler.rendezvous.wait_key

    def wait_key(run: str, task: str, waiter: str, token: str) -> str:
        del token
        return real(run, task, waiter, "")

    with patch.object(handler.rendezvous, "wait_key", wait_key):
        yield


@contextmanager
def only_the_writer_releases() -> Generator[None]:
    """Whoever finds a done record leaves the waiters to the one that wrote it."""
    real = handler.execute.release_waiters

    def release(invocation: Invocation, run: str, task: str) -> None:
        if getattr(invocation.store, "wrote_done", False):
            real(invocation, run, task)

    with (
        patch.object(handler.execute, "release_waiters", release),
        patch.object(handler.settle, "release_waiters", release),
    ):
        yield


@contextmanager
def look_before_registering() -> Generator[None]:
    """A waiter looks first, and then leaves word."""
    register, look = handler.rendezvous._register, handler.rendezvous._release  # pyright: ignore[reportPrivateUsage]

    def first(invocation: Invocation, run: str, waiter: Any) -> None:
        look(invocation, run, waiter)

    def then(invocation: Invocation, run: str, waiter: Any) -> None:
        register(invocation, run, waiter)

    def wait(event: Any, invocation: Invocation) -> dict[str, str]:
        first(invocation, event.run, event.waiter)
        then(invocation, event.run, event.waiter)
        return {"task": event.waiter.task}

    with patch.object(handler.rendezvous, "wait", wait):
        yield


@contextmanager
def every_refusal_is_passed_over() -> Generator[None]:
    """A throttled SendTaskSuccess counts as sent."""
    with patch.object(handler.rendezvous, "STALE", frozenset({"ThrottlingException", *handler.rendezvous.STALE})):
        yield


MUTANTS: Mapping[str, Callable[[], Any]] = MappingProxyType(
    {
        "any writer wins": any_writer_wins,
        "one key for all tokens": one_key_for_all_tokens,
        "only the writer releases": only_the_writer_releases,
        "look before registering": look_before_registering,
        "every refusal is passed over": every_refusal_is_passed_over,
    }
)
