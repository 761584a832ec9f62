"""Pickled calls: a batch of them, one after the other in one process; only what others read is stored.

Settings: `batch`, the SHA-256 of the batch's file, so that whoever vouches for the definition vouches for the pickle.
With `rows` it is that of a list of batches, a line each; the argument `row` says which line, from 0.
Files are in `pickled/` of the user's code, or under `pickled/` in the store:

    a line of JSON {"v": 1, "python": "3.11", "packages": {name: version}}, then a pickle of
    (inputs: [(task, name, key)], steps: [(key, node, retries)], exports: {key: name})

A node is called with the values of its `dependencies`, by key. What many batches share, such as a function, is a file
of its own, named in the pickle by its SHA-256.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import pickle
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from io import BytesIO
from typing import NamedTuple, Protocol, TypeAlias, cast

from handler.binary import pack
from handler.dispatch import Call, Outputs, add_user_folders, user_folders
from handler.errors import CallFailed, Failed, InfrastructureError, InvalidEvent
from handler.json_types import JsonObject
from handler.keys import task_keys
from handler.store import Store
from handler.tracebacks import format_error
from handler.values import Stored, Written, is_inline

FOLDER = "pickled"
#: Where a batch that fails leaves the exception itself.
EXCEPTION = "exception"
#: Where a batch leaves the warnings of its calls.
WARNINGS = "warnings"
VERSION = 1

_shared: dict[str, object] = {}
_lists: dict[str, list[str]] = {}


class Node(Protocol):
    """A node of the graph, as Dask has them (`dask/_task_spec.py`)."""

    dependencies: frozenset[object]

    def __call__(self, values: Mapping[object, object]) -> object:
        """Run it."""
        ...


Step: TypeAlias = "tuple[object, Node, int]"


class Batch(NamedTuple):
    """What a batch's pickle holds."""

    inputs: list[tuple[str, str, object]]
    steps: list[Step]
    exports: dict[object, str]


def run(call: Call) -> Outputs:
    """Run the batch; what is read elsewhere is returned. CallFailed for the first call that raises."""
    batch = _load(_name(call), call.reader.store)
    sources = {key: (task, name) for task, name, key in batch.inputs}
    call.reader.fetch(task for task, _ in sources.values())
    values: dict[object, object] = {}
    left = Counter(read for _, node, _ in batch.steps for read in node.dependencies)
    stored: dict[str, Stored] = {}
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for key, node, retries in batch.steps:
            # What other tasks left is read when it is needed, not before.
            for read in node.dependencies - values.keys():
                values[read] = call.reader.read(*sources[read])
            values[key] = _called(key, node, values, retries)
            if key in batch.exports:
                packed, values[key] = _packed(key, values[key])
                stored[batch.exports[key]] = _kept(call, batch.exports[key], packed)
                del packed
            # What nobody in the batch needs any more is let go: it holds no more than one task after the other.
            left.subtract(node.dependencies)
            for known in (key, *node.dependencies):
                if not left[known]:
                    del values[known]
    return Outputs(stored | _packed_warnings(warned))


def _kept(call: Call, name: str, data: bytes) -> Stored:
    """A large value goes to the store at once: a batch may leave more than there is memory for."""
    if is_inline(data) or call.origin is None:
        return data
    run, task, invocation, _ = call.origin
    place = task_keys(run, task).value(invocation.attempt, name)
    call.reader.store.put(place, data)
    return Written(place, len(data))


def _name(call: Call) -> str:
    """The file of the call's batch. InvalidEvent for a row that is not in the list."""
    name = str(call.config.get("batch"))
    if not call.config.get("rows"):
        return name
    row = call.kwargs.get("row")
    if name not in _lists:
        _lists[name] = _file(name, call.reader.store).decode("ascii").split("\n")
    if not isinstance(row, int) or not 0 <= row < len(_lists[name]):
        raise InvalidEvent(f"row: {FOLDER}/{name} has rows 0 to {len(_lists[name]) - 1}, and no {row!r}")
    return _lists[name][row]


def _packed_warnings(warned: Sequence[warnings.WarningMessage]) -> dict[str, bytes]:
    """Warnings, each once, for whoever asked for the graph; they are in the log too."""
    told: dict[str, tuple[Warning | str, type[Warning], str, int]] = {}
    for one in warned:
        print(warnings.formatwarning(one.message, one.category, one.filename, one.lineno), end="", file=sys.stderr)
        told[repr((str(one.message), one.category, one.filename, one.lineno))] = (
            one.message,
            one.category,
            one.filename,
            one.lineno,
        )
    try:
        return {WARNINGS: pack(list(told.values()))} if told else {}
    except Exception:
        return {}


def _called(key: object, node: Node, values: Mapping[object, object], retries: int) -> object:
    given = {read: values[read] for read in node.dependencies}
    for left in range(retries, -1, -1):
        try:
            return node(given)
        except Exception as error:
            if not left:
                raise CallFailed(error, {EXCEPTION: _packed_error(error)}) from error
            print(f"{key!r} failed, {left} more tries: {type(error).__name__}: {error}", file=sys.stderr)
    raise AssertionError("a call has at least one try")


def _packed(key: object, value: object) -> tuple[bytes, object]:
    """A value as stored bytes, and as the rest of the batch reads it."""
    try:
        if isinstance(value, Generator):
            # It can be read once, and not be pickled. Each of its readers gets its items.
            items = list(cast("Generator[object, object, object]", value))
            return pack(iter(items)), iter(items)
        return pack(value), value
    except Failed:
        raise
    except Exception as error:
        told = TypeError(f"the value of {key!r} cannot be pickled: {type(error).__name__}: {error}")
        raise CallFailed(told, {EXCEPTION: _packed_error(told)}) from error


def _packed_error(error: Exception) -> bytes:
    """The exception, as it is or as its words, and its traceback as text."""
    text = format_error(error)
    try:
        return pack((error, text))
    except Failed:
        raise
    except Exception:
        return pack((RuntimeError(f"{type(error).__name__}: {error}"), text))


def _load(name: str, store: Store) -> Batch:
    head, _, payload = _file(name, store).partition(b"\n")
    _check_versions(json.loads(head))
    add_user_folders()
    loaded = _Unpickler(payload, lambda shared: _load_shared(shared, store)).load()
    return Batch(*cast("tuple[list[tuple[str, str, object]], list[Step], dict[object, str]]", loaded))


def _load_shared(name: str, store: Store) -> object:
    if name not in _shared:
        _shared[name] = _Unpickler(_file(name, store), lambda inner: _load_shared(inner, store)).load()
    return _shared[name]


class _Unpickler(pickle.Unpickler):
    def __init__(self, data: bytes, shared: Callable[[str], object]) -> None:
        super().__init__(BytesIO(data))
        self._find_shared = shared

    def persistent_load(self, pid: object) -> object:
        """What is a file of its own."""
        return self._find_shared(str(pid))


def _file(name: str, store: Store) -> bytes:
    """The file with this SHA-256. InfrastructureError where there is none, Failed for one with another content."""
    data = _in_user_folders(name) or store.get(f"{FOLDER}/{name}")
    if data is None:
        raise InfrastructureError(f"{FOLDER}/{name} is neither in the code nor in the store")
    if hashlib.sha256(data).hexdigest() != name:
        raise Failed(f"{FOLDER}/{name} was changed since the machine was compiled, and is not read")
    return data


def _in_user_folders(name: str) -> bytes | None:
    for folder in user_folders():
        try:
            with open(os.path.join(folder, FOLDER, os.path.basename(name)), "rb") as file:
                return file.read()
        except FileNotFoundError:
            continue
    return None


def _check_versions(head: JsonObject) -> None:
    """Failed where the batch was made with other versions than are here: a pickle would break in worse ways."""
    if head.get("v") != VERSION:
        raise Failed(f"a batch of version {head.get('v')} was found, and {VERSION} is the only known one")
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    differs = [] if head.get("python") == here else [f"Python {head.get('python')} (here {here})"]
    for package, version in cast("dict[str, str]", head.get("packages", {})).items():
        try:
            found = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found = "none"
        if found != version:
            differs.append(f"{package} {version} (here {found})")
    if differs:
        raise Failed(f"the graph was pickled with other versions: {', '.join(differs)}; compile it with these")
