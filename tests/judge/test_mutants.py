"""The judge finds wrong decisions: a few of those that `make judge-mutants` makes."""

from __future__ import annotations

import pytest
from judge.features import supported
from judge.mutants import Subject, other_mutants, rule_mutants, subjects


@pytest.fixture(scope="module")
def tried() -> list[Subject]:
    return subjects(supported(), range(40))


def test_every_other_answer_of_these_rules_is_found(tried: list[Subject]) -> None:
    found = list(rule_mutants(tried, ("one_failed", "none_failed_min_one_success")))
    assert len(found) > 16
    assert not [one for one in found if one.found is None]


def test_wrong_gates_and_ends_are_found(tried: list[Subject]) -> None:
    assert not [name for name, at in other_mutants(tried) if at is None]
