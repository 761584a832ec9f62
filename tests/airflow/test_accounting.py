"""Every argument that Airflow's classes take has a place in a table: kept, without effect, or refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import support.signatures
from judge.rules import rules_of
from support.airflow2 import SIGNATURES

from transpilers.airflow.classes.table import operator_class
from transpilers.airflow.context import CONTEXT_KEYS, CONTEXT_KEYS_2
from transpilers.airflow.dag_arguments import DAG_ARGUMENTS, DAG_ARGUMENTS_2, DAG_KEPT, GROUP_ARGUMENTS, GROUP_KEPT
from transpilers.airflow.dialect import major_of
from transpilers.airflow.live.loader import environment
from transpilers.airflow.live.stepweave_live.dags import FLAGS, STRUCTURE
from transpilers.airflow.operators.lowered import Family
from transpilers.airflow.policies import OLD_RULES
from transpilers.airflow.table import OPERATORS
from transpilers.airflow.task_arguments import KEPT, TASK_ARGUMENTS, TASK_ARGUMENTS_2
from transpilers.airflow.uses import Effect, Use

pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the Airflow beside us says about itself."""
    sandbox: Path = tmp_path_factory.mktemp("sandbox")
    command = [sys.executable, str(support.signatures.__file__), *OPERATORS]
    ended = subprocess.run(command, env=environment(sandbox), capture_output=True, check=True, text=True)
    return json.loads(ended.stdout.splitlines()[-1])


@pytest.fixture(params=[3, 2])
def airflow(request: pytest.FixtureRequest) -> dict[str, object]:
    """What an Airflow says about itself: 3 is asked, what 2.11 said is written down (`tests/airflow2`)."""
    if request.param == 3:
        return request.getfixturevalue("third")
    return json.loads(SIGNATURES.read_text())


def _major(airflow: dict[str, object]) -> int:
    return major_of(str(airflow["version"]))


def _names(value: object) -> set[str]:
    assert isinstance(value, list)
    return {str(name) for name in value}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _by_operator(value: object) -> dict[str, list[object]]:
    assert isinstance(value, dict)
    return value  # pyright: ignore[reportUnknownVariableType]


def test_arguments_of_every_task(airflow: dict[str, object]) -> None:
    major = _major(airflow)
    table = TASK_ARGUMENTS if major == 3 else TASK_ARGUMENTS_2
    known = KEPT | set(table) | STRUCTURE | {"multiple_outputs"}
    assert _names(airflow["base"]) - known == set()
    gone = set(table) - _names(airflow["base"]) - set(FLAGS)
    new = {"email_on_skip", "render_template_as_native_obj"} & set(table) if major == 2 else set()
    assert gone == {"start_trigger_args"} | new, "a row of the table that no Airflow argument stands behind"


def test_arguments_of_the_operators(airflow: dict[str, object]) -> None:
    checked = _by_operator(airflow["operators"])
    assert {OPERATORS[name].title for name in checked} == {family.title for family in OPERATORS.values()}
    for name, parameters in checked.items():
        family: Family = OPERATORS[name]
        table = TASK_ARGUMENTS if _major(airflow) == 3 else TASK_ARGUMENTS_2
        known = KEPT | set(table) | STRUCTURE | family.kept | set(family.uses)
        assert _names(parameters) - known == set(), name


def test_fields_that_airflow_renders(airflow: dict[str, object]) -> None:
    for name, (fields, suffixes) in _by_operator(airflow["rendered"]).items():
        family = OPERATORS[name]
        # A field that is refused or reaches nobody need not be rendered.
        assert _names(fields) - set(family.rendered) <= set(family.uses), name
        assert _names(suffixes) == set(family.suffixes), name


def test_the_static_loaders_table_has_the_same_fields(airflow: dict[str, object]) -> None:
    for name, (fields, _) in _by_operator(airflow["rendered"]).items():
        known = operator_class(name)
        assert known is not None, name
        assert set(known.fields or ()) == _names(fields), name


def test_arguments_of_dags_and_groups(airflow: dict[str, object]) -> None:
    table = DAG_ARGUMENTS if _major(airflow) == 3 else DAG_ARGUMENTS_2
    assert _names(airflow["dag"]) - set(table) - DAG_KEPT - STRUCTURE == set()
    assert _names(airflow["group"]) - set(GROUP_ARGUMENTS) - GROUP_KEPT - STRUCTURE == set()


def test_context_and_rules_are_airflows(airflow: dict[str, object]) -> None:
    major = _major(airflow)
    assert _names(airflow["context"]) == (CONTEXT_KEYS if major == 3 else CONTEXT_KEYS_2)
    assert set(OLD_RULES.values()) < _names(airflow["rules"])
    assert {OLD_RULES.get(name, name) for name in _names(airflow["rules"])} == set(rules_of(major))


def test_every_row_has_a_reason() -> None:
    tables: list[dict[str, Use]] = [TASK_ARGUMENTS_2, TASK_ARGUMENTS, DAG_ARGUMENTS_2, DAG_ARGUMENTS, GROUP_ARGUMENTS]
    tables += [dict(family.uses) for family in OPERATORS.values()]
    for table in tables:
        for name, use in table.items():
            assert use.reason, name
            assert not use.reason.endswith("."), name
            assert use.effect in set(Effect)
