"""`default_args`: those of the DAG, the group and the call itself, merged into what a constructor takes."""

from __future__ import annotations

from transpilers.airflow.static.graph.nodes import Dag, Group
from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.values import Unknown, Value

Defaults = tuple[dict[str, Value], Unknown | None]


def merged(m: Machine, dag: Dag | None, group: Group | None, own: Value) -> Defaults:
    """The merged defaults, and why there may be others."""
    found: dict[str, Value] = {}
    why: Unknown | None = None
    layers = [own]
    if dag is not None:
        layers = [dag.default_args, group.default_args if group is not None else None, own]
    for layer in layers:
        if isinstance(layer, dict):
            found.update({name: value for name, value in layer.items() if isinstance(name, str)})
            why = why or m.blurred(layer)
        elif isinstance(layer, Unknown):
            why = why or layer
    return found, why
