"""Data of a parser to values, bounded."""

from __future__ import annotations

import ast
from datetime import date, datetime, time
from typing import cast

from transpilers.airflow.static.machine import Machine
from transpilers.airflow.static.values import Value


def lift(m: Machine, data: object, node: ast.AST) -> Value:
    """Plain data as a value, each shared part copied, as far as there are steps for it."""
    m.step()
    if isinstance(data, dict):
        return {lift(m, key, node): lift(m, item, node) for key, item in cast("dict[object, object]", data).items()}
    if isinstance(data, (list, tuple)):
        return [lift(m, item, node) for item in cast("list[object]", data)]
    if isinstance(data, (str, int, float, bool, type(None), datetime, date, time)):
        return data
    return m.unknown(f"data of type {type(data).__name__}", node)
