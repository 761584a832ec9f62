"""Machines whose end AWS documents: each ends the same way here."""

from __future__ import annotations

import pytest
from local import cases_jsonata, cases_jsonpath
from local.machines import Case

from transpilers.local.engine import LocalEngine


@pytest.mark.parametrize("case", cases_jsonpath.CASES, ids=lambda case: case.name)
def test_jsonpath(engine: LocalEngine, case: Case) -> None:
    """A machine in JSONPath."""
    _ends_as_told(engine, case)


@pytest.mark.parametrize("case", cases_jsonata.CASES, ids=lambda case: case.name)
def test_jsonata(engine: LocalEngine, case: Case) -> None:
    """A machine in JSONata."""
    _ends_as_told(engine, case)


def _ends_as_told(engine: LocalEngine, case: Case) -> None:
    ended = engine.run(case.definition, case.input, timeout=60)
    expected = ("FAILED", case.error, None) if case.error else ("SUCCEEDED", None, case.output)
    assert (ended.status, ended.error, ended.output) == expected, ended.cause
