"""From what a user has (a collection, or containers of some) to one graph with one result."""

from __future__ import annotations

import importlib
from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from transpilers.dask import api

Key = Hashable


class Found(NamedTuple):
    """A graph, what its keys are annotated with, by key and sort; the result has a key of its own."""

    graph: Mapping[Key, Any]
    annotated: dict[Key, dict[str, Any]]


def is_collection(value: Any) -> bool:
    """Whether a value is a Dask collection itself."""
    return bool(_base().is_dask_collection(value))


def result_graph(value: Any, result: Key, *, optimize: bool) -> Found | None:
    """The graph that computes `value`, under the key `result`; None where there is no collection in it.

    `optimize`: with Dask's own optimisation of each kind of collection.
    """
    collections, repack = _base().unpack_collections(value)
    if not collections:
        return None
    graph, keys, annotated = _of_delayed(collections) or _of_expression(collections, optimize)
    spec = importlib.import_module("dask._task_spec")
    nodes = api.nodes_of(graph)
    refs = [spec.TaskRef(key) for key in keys]
    made = (
        spec.Task(result, _same, refs[0])
        if is_collection(value)
        else spec.Task(result, _Repack(repack), spec.List(*refs))
    )
    return Found({**nodes, result: made}, annotated)


def _of_delayed(collections: list[Any]) -> tuple[Any, list[Key], dict[Key, dict[str, Any]]] | None:
    """A single delayed value as it is: an expression would cost the square of its size, and gain nothing."""
    [first, *others] = collections
    if others or not isinstance(first, importlib.import_module("dask.delayed").Delayed):
        return None
    graph = first.__dask_graph__()
    return graph, [first.key], api.annotated(graph)


def _of_expression(collections: list[Any], optimize: bool) -> tuple[Any, list[Key], dict[Key, dict[str, Any]]]:
    expression = _base().collections_to_expr(collections, optimize)
    # Optimisation drops annotations, so they are read before it.
    before = api.annotated(expression)
    expression = importlib.import_module("dask._expr").FinalizeCompute(expression).optimize()
    return expression, api.flat(expression.__dask_keys__()), before | api.annotated(expression)


def _same(value: object) -> object:
    return value


class _Repack:
    """Puts computed values where their collections were."""

    def __init__(self, repack: Any) -> None:
        self._repack = repack

    def __call__(self, values: list[Any]) -> Any:
        return self._repack(values)[0]


def _base() -> Any:
    return importlib.import_module("dask.base")
