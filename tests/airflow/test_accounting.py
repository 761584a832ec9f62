"""Every argument that Airflow's classes take has a place in a table: kept, without effect, or refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from transpilers.airflow.context import CONTEXT_KEYS
from transpilers.airflow.dag_arguments import DAG_ARGUMENTS, DAG_KEPT, GROUP_ARGUMENTS, GROUP_KEPT
from transpilers.airflow.live.loader import environment
from transpilers.airflow.live.stepweave_live.dags import FLAGS, STRUCTURE
from transpilers.airflow.operators.lowered import Family
from transpilers.airflow.policies import OLD_RULES
from transpilers.airflow.table import OPERATORS
from transpilers.airflow.task_arguments import KEPT, TASK_ARGUMENTS
from transpilers.airflow.uses import Effect, Use

pytestmark = pytest.mark.airflow

ASK = """
import attr, importlib, inspect, json, sys
from airflow.sdk import DAG, BaseOperator, TaskGroup, TriggerRule
from airflow.sdk.definitions.context import KNOWN_CONTEXT_KEYS

def parameters(cls):
    found = set()
    for base in cls.__mro__:
        if base is not object and issubclass(base, BaseOperator) and "__init__" in vars(base):
            found |= set(inspect.signature(vars(base)["__init__"]).parameters)
    return sorted(found)

def load(name):
    module, _, cls = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module), cls)
    except (ImportError, AttributeError):
        return None

operators = {name: cls for name in json.loads(sys.argv[1]) if (cls := load(name))}
json.dump({
    "base": parameters(BaseOperator),
    "operators": {name: parameters(cls) for name, cls in operators.items()},
    "rendered": {name: [list(cls.template_fields), list(cls.template_ext)] for name, cls in operators.items()},
    "dag": [field.alias or field.name for field in attr.fields(DAG) if field.init],
    "group": [field.alias or field.name for field in attr.fields(TaskGroup) if field.init],
    "context": sorted(KNOWN_CONTEXT_KEYS),
    "rules": [rule.value for rule in TriggerRule],
}, sys.stdout)
"""


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What Airflow says about itself."""
    sandbox: Path = tmp_path_factory.mktemp("sandbox")
    command = [sys.executable, "-c", ASK, json.dumps(list(OPERATORS))]
    ended = subprocess.run(command, env=environment(sandbox), capture_output=True, check=True, text=True)
    return json.loads(ended.stdout.splitlines()[-1])


def _names(value: object) -> set[str]:
    assert isinstance(value, list)
    return {str(name) for name in value}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _by_operator(value: object) -> dict[str, list[object]]:
    assert isinstance(value, dict)
    return value  # pyright: ignore[reportUnknownVariableType]


def test_arguments_of_every_task(airflow: dict[str, object]) -> None:
    known = KEPT | set(TASK_ARGUMENTS) | STRUCTURE | {"multiple_outputs"}
    assert _names(airflow["base"]) - known == set()
    gone = set(TASK_ARGUMENTS) - _names(airflow["base"]) - set(FLAGS)
    assert gone == {"start_trigger_args"}, "a row of the table that no Airflow argument stands behind"


def test_arguments_of_the_operators(airflow: dict[str, object]) -> None:
    checked = _by_operator(airflow["operators"])
    assert {OPERATORS[name].title for name in checked} == {family.title for family in OPERATORS.values()}
    for name, parameters in checked.items():
        family: Family = OPERATORS[name]
        known = KEPT | set(TASK_ARGUMENTS) | STRUCTURE | family.kept | set(family.uses)
        assert _names(parameters) - known == set(), name


def test_fields_that_airflow_renders(airflow: dict[str, object]) -> None:
    for name, (fields, suffixes) in _by_operator(airflow["rendered"]).items():
        family = OPERATORS[name]
        # A field that is refused or reaches nobody need not be rendered.
        assert _names(fields) - set(family.rendered) <= set(family.uses), name
        assert _names(suffixes) == set(family.suffixes), name


def test_arguments_of_dags_and_groups(airflow: dict[str, object]) -> None:
    assert _names(airflow["dag"]) - set(DAG_ARGUMENTS) - DAG_KEPT - STRUCTURE == set()
    assert _names(airflow["group"]) - set(GROUP_ARGUMENTS) - GROUP_KEPT - STRUCTURE == set()


def test_context_and_rules_are_airflows(airflow: dict[str, object]) -> None:
    assert _names(airflow["context"]) == CONTEXT_KEYS
    assert set(OLD_RULES.values()) < _names(airflow["rules"])


def test_every_row_has_a_reason() -> None:
    tables: list[dict[str, Use]] = [TASK_ARGUMENTS, DAG_ARGUMENTS, GROUP_ARGUMENTS]
    tables += [dict(family.uses) for family in OPERATORS.values()]
    for table in tables:
        for name, use in table.items():
            assert use.reason, name
            assert not use.reason.endswith("."), name
            assert use.effect in set(Effect)
