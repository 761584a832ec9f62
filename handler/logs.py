"""What a task prints: to the store as the log of its try, or line by line as JSON objects to standard output."""

from __future__ import annotations

import json
import os
from typing import NamedTuple, Protocol

from handler.masking import masked
from handler.store import Store

VARIABLE = "STEPWEAVE_LOGS"
_KEPT_BYTES = 16 * 1024 * 1024


class Origin(NamedTuple):
    """Whose output it is."""

    run: str
    task: str
    number: int


class Log(Protocol):
    """Takes the output of one attempt at a try. `stream` is `stdout` or `stderr`; `close` keeps what there is."""

    def write(self, stream: str, data: bytes) -> None:
        """Take some bytes, whole lines or not."""
        ...

    def close(self) -> None:
        """No more will come."""
        ...


class Lines(Protocol):
    """Where finished lines are printed."""

    def __call__(self, line: str, /) -> object:
        """Print one line, its line feed included."""
        ...


def open_log(store: Store, key: str, origin: Origin, out: Lines) -> Log:
    """The log of one attempt: at `key` in the store with `STEPWEAVE_LOGS=store`, else printed by `out`."""
    return StoreLog(store, key) if os.environ.get(VARIABLE) == "store" else LineLog(origin, out)


class StoreLog:
    """Both streams in the order they were written, as UTF-8 in the store at the end; nothing printed, no object."""

    def __init__(self, store: Store, key: str) -> None:
        self._store = store
        self._key = key
        self._data = bytearray()
        self._lost = 0

    def write(self, stream: str, data: bytes) -> None:
        """Keep the bytes, up to 16 MiB of them."""
        room = max(0, _KEPT_BYTES - len(self._data))
        self._data += data[:room]
        self._lost += max(0, len(data) - room)

    def close(self) -> None:
        """Write the log into the store."""
        if self._lost:
            self._data += f"\n({self._lost} more bytes were printed and not kept)\n".encode()
        if self._data:
            text = masked(self._data.decode("utf-8", "backslashreplace"))
            self._store.put(self._key, text.encode("utf-8"))


class LineLog:
    """Each line as a JSON object, as log services take them in, printed as soon as it is complete."""

    def __init__(self, origin: Origin, out: Lines) -> None:
        self._origin = origin
        self._out = out
        self._open = {"stdout": b"", "stderr": b""}

    def write(self, stream: str, data: bytes) -> None:
        """Print the lines that are complete."""
        *lines, self._open[stream] = (self._open[stream] + data).split(b"\n")
        for line in lines:
            self._print(stream, line)

    def close(self) -> None:
        """Print the last lines, which had no end."""
        for stream, line in self._open.items():
            if line:
                self._print(stream, line)

    def _print(self, stream: str, line: bytes) -> None:
        origin = self._origin
        message = masked(line.decode("utf-8", "backslashreplace"))
        record = {"run": origin.run, "task": origin.task, "try": origin.number, "stream": stream, "message": message}
        self._out(json.dumps(record) + "\n")
