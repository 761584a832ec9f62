"""The judge finds wrong decisions: a few of those that `make judge-mutants` makes."""

from __future__ import annotations

from collections.abc import Sequence
from unittest.mock import patch

import pytest
from judge.fast import judge_machine
from judge.features import supported
from judge.mutants import Subject, other_mutants, rule_mutants, subjects
from judge.shrink import shown, shrunk

import handler.execute
from handler.rules import Decision, Rule, Seen, decide


@pytest.fixture(scope="module")
def tried() -> list[Subject]:
    return subjects(supported(), range(40))


def test_every_other_answer_of_these_rules_is_found(tried: list[Subject]) -> None:
    found = list(rule_mutants(tried, ("one_failed", "none_failed_min_one_success")))
    assert len(found) > 16
    assert not [one for one in found if one.found is None]


def test_wrong_gates_and_ends_are_found(tried: list[Subject]) -> None:
    assert not [name for name, at in other_mutants(tried) if at is None]


def test_what_differs_is_shown_as_small_as_it_gets(tried: list[Subject]) -> None:
    def wrong(rule: Rule, statuses: Sequence[Seen], *, index: int = -1, setups: Sequence[Seen] = ()) -> Decision:
        return "run" if rule == "none_skipped" else decide(rule, statuses, setups=setups)

    with patch.object(handler.execute, "decide", wrong):
        subject = next(subject for subject in tried if judge_machine(subject.spec, subject.seed))
        least, found = shrunk(subject.spec, lambda spec: judge_machine(spec, subject.seed))
    assert len(least.tasks) == 2
    assert 'trigger_rule="none_skipped"' in shown(least, found, "")
