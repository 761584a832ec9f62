"""What is used of Dask and cloudpickle, typed: neither says its types, and no untyped value goes further than here."""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable, Generator, Hashable, Iterable, Mapping
from contextlib import contextmanager
from typing import Any

Key = Hashable


def flat(keys: list[Any]) -> list[Key]:
    """The keys in nested lists, in order."""
    return list(_module("dask.core").flatten(keys, container=list))


def nested(keys: Any, values: Mapping[Key, Any]) -> Any:
    """The values in the form of the keys."""
    return _module("dask.local").nested_get(keys, values)


def short_name(key: Key) -> str:
    """What Dask's own displays call a key."""
    return str(_module("dask.utils").key_split(key))


def nodes_of(graph: Any) -> dict[Key, Any]:
    """A mapping or an expression as nodes of `dask._task_spec`."""
    mapping: Any = graph.__dask_graph__() if hasattr(graph, "__dask_graph__") else graph
    return _module("dask._task_spec").convert_legacy_graph(dict(mapping))


def is_alias(node: Any) -> bool:
    """Whether a node stands for another one, its `target`."""
    return isinstance(node, _module("dask._task_spec").Alias)


def is_data(node: Any) -> bool:
    """Whether a node holds its `value`."""
    return isinstance(node, _module("dask._task_spec").DataNode)


def order(nodes: Mapping[Key, Any]) -> dict[Key, int]:
    """Dask's order: depth first, so that few values are alive at once (`dask/order.py`)."""
    return _module("dask.order").order(nodes)


@contextmanager
def callbacks(given: Any) -> Generator[list[Any]]:
    """The callbacks that count: those given, else those that are registered globally."""
    with _module("dask.callbacks").local_callbacks(given) as found:
        yield list(found or ())


def configured(section: str) -> Mapping[str, Any]:
    """A section of Dask's configuration, empty where there is none."""
    return dict(_module("dask").config.get(section, None) or {})


def configure(settings: Mapping[str, object]) -> None:
    """Set Dask's configuration for the rest of the process."""
    _module("dask").config.set(dict(settings))


def writes_to_disk(node: Any) -> bool:
    """Whether a node opens the files of a shuffle through a local disk."""
    return type(getattr(node, "func", None)).__name__ == "maybe_buffered_partd"


def cloudpickled(value: object, name_of: Callable[[object], str | None], protocol: int) -> bytes:
    """A value as a pickle, in which an object that `name_of` names is that name instead."""
    buffer = io.BytesIO()
    pickler = _module("cloudpickle").Pickler(buffer, protocol=protocol)
    pickler.persistent_id = name_of
    pickler.dump(value)
    return buffer.getvalue()


def annotated(collection: Any) -> dict[Key, dict[str, Any]]:
    """What `dask.annotate` said of keys: of an expression, or of the layers of a high-level graph."""
    found: dict[Key, dict[str, Any]] = {}
    for sort, key, value in _annotated(collection):
        found.setdefault(key, {})[sort] = value(key) if callable(value) else value
    return found


def _annotated(collection: Any) -> Iterable[tuple[str, Key, Any]]:
    if hasattr(collection, "__dask_annotations__"):
        for sort, by_key in collection.__dask_annotations__().items():
            yield from ((sort, key, value) for key, value in by_key.items())
        return
    layers: dict[str, Any] = getattr(collection, "layers", {})
    for layer in layers.values():
        said: dict[str, Any] = layer.annotations or {}
        for sort, value in said.items():
            yield from ((sort, key, value) for key in layer.get_output_keys())


def _module(name: str) -> Any:
    return importlib.import_module(name)
