"""The trigger rules in two languages: the handler's function and the emitted JSONata, never apart."""

from __future__ import annotations

from itertools import combinations_with_replacement, product
from typing import get_args

import pytest

from core_compiler.asl.jsonata.reader import read
from core_compiler.emit.conditions import decision
from core_compiler.ir import TriggerRule
from handler.rules import Seen, decide
from transpilers.local.jsonata import evaluate

SEEN: tuple[Seen, ...] = get_args(Seen)
COMBINATIONS = [combination for size in range(4) for combination in combinations_with_replacement(SEEN, size)]


@pytest.mark.parametrize("rule", TriggerRule)
def test_jsonata_decides_as_the_handler_does(rule: TriggerRule) -> None:
    source = decision(rule, "$statuses")
    for statuses in COMBINATIONS:
        assert evaluate(source, {"statuses": list(statuses)}) == decide(rule.value, statuses), statuses


def test_jsonata_looks_at_setups_as_the_handler_does() -> None:
    source = decision(TriggerRule.ALL_DONE_SETUP_SUCCESS, "$statuses", "$before")
    checked = 0
    for statuses in COMBINATIONS:
        for chosen in product((False, True), repeat=len(statuses)):
            setups: list[Seen] = [status for status, is_setup in zip(statuses, chosen, strict=True) if is_setup]
            expected = decide("all_done_setup_success", statuses, setups=setups)
            assert evaluate(source, {"statuses": list(statuses), "before": setups}) == expected, (statuses, setups)
            checked += 1
    assert checked > 500


@pytest.mark.parametrize("rule", TriggerRule)
def test_the_condition_is_one_that_a_machine_may_hold(rule: TriggerRule) -> None:
    found = read(decision(rule, "$statuses", "$before"))
    assert found.variables <= {"statuses", "before", "count"}
    assert found.context == ()
