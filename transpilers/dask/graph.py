"""Dask graphs as plain dependencies: aliases resolved, what is not asked for left out."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple

from transpilers.dask import api

Key = Hashable


class Graph(NamedTuple):
    """The nodes that a result needs, in an order that runs each after its dependencies and keeps few values alive.

    `nodes`: `dask._task_spec` nodes by key, none an alias. `data`: nodes that hold a value and only are read; they are
    not among `nodes`. `target`: for each key asked for, the node that computes it. `retries`: how often a failed call
    is repeated, where annotated.
    """

    nodes: dict[Key, Any]
    data: dict[Key, Any]
    target: dict[Key, Key]
    retries: dict[Key, int]


class UnknownKeyError(KeyError):
    """A key that was asked for, or is read, is not in the graph."""


def graph_of(raw: Any, wanted: Iterable[Key], annotated: dict[Key, dict[str, Any]] | None = None) -> Graph:
    """The graph that computes the keys `wanted`, from anything Dask takes for a graph. Raises UnknownKeyError.

    `annotated`: what keys are annotated with, None for what `raw` itself says.
    """
    nodes = api.nodes_of(raw)
    target = {key: _resolved(nodes, key) for key in dict.fromkeys(wanted)}
    needed = _needed(nodes, target.values())
    priority = api.order(needed)
    results = set(target.values())
    data = {key: node for key, node in needed.items() if api.is_data(node) and key not in results}
    ordered = {key: needed[key] for key in sorted(needed.keys() - data.keys(), key=lambda key: priority[key])}
    said = api.annotated(raw) if annotated is None else annotated
    retries = {key: int(said[key]["retries"]) for key in ordered if said.get(key, {}).get("retries")}
    return Graph(ordered, data, target, retries)


def _resolved(nodes: Mapping[Key, Any], key: Key) -> Key:
    seen: set[Key] = set()
    while True:
        node = nodes.get(key)
        if node is None:
            raise UnknownKeyError(key)
        if not api.is_alias(node):
            return key
        if key in seen:
            raise ValueError(f"the keys {sorted(map(repr, seen))} are aliases of each other")
        seen.add(key)
        key = node.target


def _needed(nodes: Mapping[Key, Any], roots: Iterable[Key]) -> dict[Key, Any]:
    """The roots and all they depend on, each reading what its aliases stand for."""
    found: dict[Key, Any] = {}
    stack = list(roots)
    while stack:
        key = stack.pop()
        if key in found:
            continue
        node = nodes[key]
        aliases = {read: target for read in node.dependencies if (target := _resolved(nodes, read)) != read}
        found[key] = node.substitute(aliases) if aliases else node
        stack.extend(found[key].dependencies)
    return found
