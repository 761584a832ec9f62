"""Environment variables that only Airflow sets: for each task (AIRFLOW_CTX_...) and for its workers (AIRFLOW_HOME)."""

from __future__ import annotations

import ast
import re

#: Variables and connections are the user's own, and no Airflow 3 sets AIRFLOW_TEST_MODE.
NAME = re.compile(r"AIRFLOW_(?!VAR_|CONN_|TEST_MODE\b)\w+")


def variable_in_text(text: str) -> str | None:
    """The first such name in a command or a value."""
    found = NAME.search(text)
    return found[0] if found else None


def variable_in_code(source: str) -> str | None:
    """The first such name in a string of Python code; comments and docstrings may speak of them."""
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            found = variable_in_text(node.value)
            if found is not None:
                return found
    return None
