"""The keys of the store: one function encodes every segment, so that no id can leave its place or meet another."""

from __future__ import annotations

from typing import NamedTuple

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
_LONGEST = 200
_HASH_CHARACTERS = 32


def segment(text: str) -> str:
    """One segment of a key: percent-encoded UTF-8 of at most 200 characters, never empty, `.` or `..`.

    Different texts give different segments. A longer one is cut and ends in `~` and a hash, which no other does.
    """
    encoded = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
    if not encoded:
        return "%"
    if encoded.startswith("."):
        encoded = f"%2E{encoded[1:]}"
    if len(encoded) <= _LONGEST:
        return encoded
    import hashlib

    digest = hashlib.sha256(encoded.encode("ascii")).hexdigest()[:_HASH_CHARACTERS]
    return f"{encoded[: _LONGEST - _HASH_CHARACTERS - 1]}~{digest}"


def path(text: str) -> str:
    """A key or prefix of several segments, each encoded by itself; the slashes stay."""
    return "/".join(map(segment, text.split("/")))


class TaskKeys(NamedTuple):
    """The keys of one task in one run; both parts are encoded already (see `task_keys`)."""

    run: str
    task: str

    @property
    def done(self) -> str:
        """The done record: the one story of the task."""
        return f"{self.run}/done/{self.task}"

    def start(self, number: int) -> str:
        """The record of the start of try `number`, from 1."""
        return f"{self.run}/try/{self.task}/{number}/start"

    def failed(self, number: int) -> str:
        """The record of the failure of try `number`, from 1."""
        return f"{self.run}/try/{self.task}/{number}/failed"

    def value(self, attempt: str, key: str) -> str:
        """A value that one attempt left under `key`."""
        return f"{self.run}/out/{self.task}/{segment(attempt)}/{segment(key)}"

    @property
    def states(self) -> str:
        """What the keys of all that the task keeps over its tries begin with."""
        return f"{self.run}/state/{self.task}/"

    def state(self, key: str) -> str:
        """What the task keeps over its tries under `key`."""
        return f"{self.states}{segment(key)}"

    def log(self, number: int, attempt: str) -> str:
        """What try `number` printed in one attempt."""
        return f"{self.run}/log/{self.task}/{number}-{segment(attempt)}"


def waits_prefix(run: str, task: str) -> str:
    """Where those who wait for `task` leave word."""
    return f"{path(run)}/wait/{segment(task)}/"


def wait_key(run: str, task: str, waiter: str, token: str) -> str:
    """Where `waiter` leaves word for `task` that it waits with `token`: each token has a key of its own."""
    import hashlib

    digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_CHARACTERS]
    return f"{waits_prefix(run, task)}{segment(waiter)}/{digest}"


def stopped_key(run: str) -> str:
    """The record of the failure after which the rest of a run is skipped."""
    return f"{path(run)}/stopped"


def task_keys(run: str, task: str) -> TaskKeys:
    """The keys of `task` in the run with the prefix `run`, which may have several segments."""
    return TaskKeys(path(run), segment(task))
