"""Assets and conditions over them: objects that only schedules and lineage read."""

from __future__ import annotations

import ast

from transpilers.airflow.static.values import Object, Value

ASSETS = frozenset(
    {
        "airflow.sdk.Asset",
        "airflow.sdk.AssetAlias",
        "airflow.sdk.definitions.asset.decorators.AssetDefinition",
    }
)
CONDITIONS = frozenset({"airflow.sdk.AssetAny", "airflow.sdk.AssetAll"})


def is_asset(value: Value) -> bool:
    """Whether it is an asset or a condition."""
    return isinstance(value, Object) and value.class_name in ASSETS | CONDITIONS


def joined_assets(left: Value, right: Value, op: ast.operator) -> Value:
    """`a & b` or `a | b`."""
    return Object("airflow.sdk.AssetAll" if isinstance(op, ast.BitAnd) else "airflow.sdk.AssetAny", (left, right))
