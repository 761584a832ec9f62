"""Over a hundred machines with one fault each, and over forty good ones, shown to our lint and to three validators."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines.parts import Broken, Json
from support.machines.suite import BROKEN, GOOD
from support.validators import VALIDATORS

from core_compiler.asl.lint import RULES, lint
from core_compiler.diagnostics import Diagnostic, Severity, Sink

#: What validators wrongly refuse of the good machines, so that a new version of one is noticed.
FALSE_ALARMS = {
    # It takes every key `States`, in a payload too, for states, and an empty text in Assign for a faulty expression.
    "asl-validator": {"literals", "error_output"},
    # Its grammar wants a fraction for a percentage, and knows no ItemBatcher.
    "moto": {"distributed", "distributed_reader"},
    "sfnx": set(),
}
#: Found to be caught by none of six validators before this project began: ours has to.
CAUGHT_BY_NOBODY = {
    *("all_first_in_retry", "all_first_in_catch", "never_set", "set_later", "one_path_only", "leaked_from_branch"),
    *("leaked_from_iteration", "reserved", "top_dollar", "double_dollar", "evaluation", "long_row", "wide_fork"),
}


def findings(definition: Json) -> tuple[Diagnostic, ...]:
    sink = Sink()
    lint(definition, sink)
    return sink.diagnostics


def test_the_suite_is_large_enough():
    assert len({machine.name for machine in BROKEN}) == len(BROKEN) >= 60
    assert len(GOOD) >= 40


@pytest.mark.parametrize("machine", BROKEN, ids=lambda machine: machine.name)
def test_ours_names_the_fault_of_a_broken_machine(machine: Broken):
    found = findings(machine.definition)
    assert machine.code in {diagnostic.code for diagnostic in found if diagnostic.severity is Severity.ERROR}
    assert all("\n" not in diagnostic.message for diagnostic in found)


@pytest.mark.parametrize("name", GOOD)
def test_ours_finds_nothing_in_a_good_machine(name: str):
    assert findings(GOOD[name]) == ()


def test_what_validators_catch_and_what_they_miss():
    broken = [machine.definition for machine in BROKEN]
    caught = {
        name: {machine.name for machine, found in zip(BROKEN, ask(broken), strict=True) if found}
        for name, ask in VALIDATORS.items()
    }
    assert not CAUGHT_BY_NOBODY & set().union(*caught.values())
    # They did look: each caught so many when the suite was written.
    assert len(caught["asl-validator"]) >= 51
    assert len(caught["moto"]) >= 34
    assert len(caught["sfnx"]) >= 46


@pytest.mark.parametrize("validator", VALIDATORS)
def test_good_machines_are_good(validator: str):
    refused = {name for name, found in zip(GOOD, VALIDATORS[validator](list(GOOD.values())), strict=True) if found}
    assert refused == FALSE_ALARMS[validator]


def test_every_error_has_a_broken_machine():
    errors = {rule.code for rule in RULES if rule.severity is Severity.ERROR}
    assert errors == {machine.code for machine in BROKEN}


def test_rules_have_codes_of_their_own_and_say_what_to_do():
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.code.startswith("SW2") and rule.why and rule.hint and rule.title for rule in RULES)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 10**9) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_whatever_is_put_in_nothing_is_raised(name: str, data: st.DataObject):
    definition = copy.deepcopy(GOOD[name])
    for _ in range(data.draw(st.integers(1, 3))):
        holder: object = definition
        while True:
            keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            inner = holder[key]
            if isinstance(inner, dict | list) and data.draw(st.booleans()):
                holder = inner
                continue
            holder[key] = data.draw(JSON)
            break
    for diagnostic in findings(definition):
        assert diagnostic.message
