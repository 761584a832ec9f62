"""Batches as files: pickles named by their SHA-256, what several batches share in files of its own."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from transpilers.dask.api import cloudpickled
from transpilers.dask.batches import Batch, calls_read
from transpilers.dask.graph import Graph

Key = Hashable
VERSION = 1
PROTOCOL = 5
#: Smaller than this, a copy in each batch costs less than a file.
LEAST_SHARED_BYTES = 512
#: Whose versions a pickle depends on, where they are in use.
PACKAGES = ("dask", "cloudpickle", "numpy", "pandas", "pyarrow")


class CannotPickleError(Exception):
    """A call of the graph, or a value in it, cannot be pickled; the message names the key."""


class Files(NamedTuple):
    """`content` by SHA-256; `batches`: the file of each batch; `names`: under which name a batch leaves a key."""

    content: dict[str, bytes]
    batches: tuple[str, ...]
    names: dict[Key, str]


def pickled(graph: Graph, parts: Sequence[Batch], task_of: Mapping[Key, str], named: Mapping[Key, str]) -> Files:
    """The files of all batches. `task_of`: the task that runs each key; `named`: keys that are left under such a name.

    Raises CannotPickleError.
    """
    names = {key: named.get(key, str(at)) for batch in parts for at, key in enumerate(batch.keys)}
    results = set(graph.target.values())
    outside = {read for batch in parts for key in batch.keys for read in _from_outside(graph, batch, key)} | results
    shared = _Shared(graph, parts)
    head = json.dumps({"v": VERSION, "python": f"{sys.version_info.major}.{sys.version_info.minor}", **_packages()})
    files: list[str] = []
    for batch in parts:
        reads = dict.fromkeys(read for key in batch.keys for read in _from_outside(graph, batch, key))
        data = dict.fromkeys(read for key in batch.keys for read in graph.nodes[key].dependencies if read in graph.data)
        content = (
            [(task_of[key], names[key], key) for key in reads],
            [
                *((key, graph.data[key], 0) for key in data),
                *((key, graph.nodes[key], graph.retries.get(key, 0)) for key in batch.keys),
            ],
            {key: names[key] for key in batch.keys if key in outside},
        )
        files.append(shared.add(head.encode() + b"\n" + shared.dump(content, batch.keys[-1])))
    return Files(shared.content, tuple(files), {key: names[key] for key in outside})


def _from_outside(graph: Graph, batch: Batch, key: Key) -> list[Key]:
    inside = set(batch.keys)
    return [read for read in calls_read(graph, key) if read not in inside]


def _packages() -> dict[str, object]:
    return {"packages": {name: _version(name) for name in PACKAGES if name in sys.modules}}


@cache
def _version(name: str) -> str:
    return importlib.metadata.version(name)


class _Shared:
    """Collects files; objects that several batches hold are written once."""

    def __init__(self, graph: Graph, parts: Sequence[Batch]) -> None:
        self.content: dict[str, bytes] = {}
        self._names: dict[int, str] = {}
        for item in _in_several(graph, parts):
            data = self.dump(item, "what several tasks share")
            if len(data) >= LEAST_SHARED_BYTES:
                self._names[id(item)] = self.add(data)

    def add(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self.content[name] = data
        return name

    def dump(self, value: object, key: Key) -> bytes:
        try:
            return cloudpickled(value, lambda item: self._names.get(id(item)), PROTOCOL)
        except Exception as error:
            raise CannotPickleError(f"{key!r}: {type(error).__name__}: {error}") from error


def _in_several(graph: Graph, parts: Sequence[Batch]) -> list[object]:
    """Functions and data that more than one batch holds, each once."""
    times: Counter[int] = Counter()
    found: dict[int, object] = {}
    for batch in parts:
        held: dict[int, object] = {}
        for key in batch.keys:
            node: Any = graph.nodes[key]
            if (function := getattr(node, "func", None)) is not None:
                held[id(function)] = function
            for read in node.dependencies:
                if read in graph.data:
                    held[id(graph.data[read].value)] = graph.data[read].value
        times.update(held.keys())
        found |= held
    return [item for name, item in found.items() if times[name] > 1]
