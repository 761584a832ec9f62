"""Dask's callbacks, called as batches of calls begin and end (`dask/callbacks.py`)."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from transpilers.dask.api import callbacks
from transpilers.dask.graph import Graph


class Progress:
    """Tells Dask's callbacks of a computation for as long as the context is open.

    A callback is given None in place of a call's value, which stays where it was computed. Raises NotImplementedError
    for `dask.cache.Cache`, which lives by those values.
    """

    def __init__(self, given: Any, graph: Graph) -> None:
        self._given = given
        self._graph = graph
        self._stack = ExitStack()
        self._callbacks: list[Any] = []
        self._started: list[Any] = []
        self._state: dict[str, Any] = {}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._callbacks = stack.enter_context(callbacks(self._given))
            _refuse_caches(self._callbacks)
            keys = list(self._graph.nodes)
            self._state = {
                "ready": keys,
                "waiting": {},
                "running": set(),
                "finished": set(),
                "released": set(),
                "cache": {key: node.value for key, node in self._graph.data.items()},
                "dependencies": {key: set(node.dependencies) for key, node in self._graph.nodes.items()},
            }
            self._stack = stack.pop_all()
        try:
            for callback in self._callbacks:
                if callback[0]:
                    callback[0](self._graph.nodes)
                self._started.append(callback)
                if callback[1]:
                    callback[1](self._graph.nodes, self._state)
        except BaseException:
            self._end(failed=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end(failed=error is not None)

    def begun(self, keys: tuple[Any, ...]) -> None:
        """A batch has begun, perhaps once more."""
        for key in keys:
            if key in self._state["running"]:
                continue
            if key in self._state["ready"]:
                self._state["ready"].remove(key)
            self._state["running"].add(key)
            for callback in self._callbacks:
                if callback[2]:
                    callback[2](key, self._graph.nodes, self._state)

    def done(self, keys: tuple[Any, ...], worker: str) -> None:
        """A batch has succeeded."""
        for key in keys:
            if key in self._state["finished"]:
                continue
            self._state["running"].discard(key)
            self._state["finished"].add(key)
            for callback in self._callbacks:
                if callback[3]:
                    callback[3](key, None, self._graph.nodes, self._state, worker)

    def _end(self, *, failed: bool) -> None:
        with self._stack:
            for callback in self._started:
                if callback[4]:
                    callback[4](self._graph.nodes, self._state, failed)


def _refuse_caches(found: list[Any]) -> None:
    from dask.cache import Cache

    for callback in found:
        if any(isinstance(getattr(part, "__self__", None), Cache) for part in callback if part):
            raise NotImplementedError("dask.cache.Cache keeps the value of every call, and those stay in the workers")
