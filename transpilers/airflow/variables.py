"""Environment variables of Airflow's: those that it sets for each task (AIRFLOW_CTX_...), and its workers' folder."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from transpilers.airflow import rules, task_rules
from transpilers.airflow.uses import Site

#: Variables and connections are the user's own, and no Airflow 3 sets AIRFLOW_TEST_MODE.
NAME = re.compile(r"AIRFLOW_(?!VAR_|CONN_|TEST_MODE\b|HOME\b)\w+")
#: Who runs the workers sets it; Airflow reads it and does not.
HOME = re.compile(r"\bAIRFLOW_HOME\b")


def check_text(text: str, where: str, site: Site) -> None:
    """Report those that a command or a value mentions."""
    _check([text], where, site)


def check_code(source: str, where: str, site: Site) -> None:
    """Report those that strings of Python code mention; comments and docstrings may speak of them."""
    _check(strings(source), where, site)


def strings(source: str) -> tuple[str, ...]:
    """The strings of Python code, but for those that are statements."""
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said]
    return tuple(node.value for node in found if isinstance(node.value, str))


def _check(texts: Iterable[str], where: str, site: Site) -> None:
    every = list(texts)
    set_by_airflow = next((found[0] for text in every if (found := NAME.search(text))), None)
    if set_by_airflow is not None:
        site.report(rules.AIRFLOW_VARIABLE, where=where, name=set_by_airflow)
    if any(HOME.search(text) for text in every):
        site.report(task_rules.HOME, where=where)
