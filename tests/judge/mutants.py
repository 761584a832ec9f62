"""Whether the judge can see: the handler's decisions are changed one at a time, and each change has to be found.

What `decide` says depends on its rule and on which statuses are there, not how many of each (`all_done_setup_success`
also on those of its setups). So a mutant is one such case answered otherwise: that is every return and every condition
of every row, swapped for every other. A mutant acts only on DAGs that meet its case, so those alone are run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from unittest.mock import patch

from judge.compare import differences
from judge.fast import Machine, compiled_from, interpret
from judge.generate import generate
from judge.spec import Features, Spec
from judge.wire import wire

import handler.execute
import handler.finish
from handler.events import FinishEvent
from handler.gates import SeenGate, decide_gates
from handler.invocation import Invocation
from handler.rules import RULES, Decision, Rule, Seen, decide

ANSWERS: tuple[Decision, ...] = ("run", "skipped", "upstream_failed")
WITHIN = 200


class Case(NamedTuple):
    """What `decide` was asked: the rule, the statuses that were there, and those of the setups among them."""

    rule: Rule
    statuses: tuple[Seen, ...]
    setups: tuple[Seen, ...]

    @property
    def words(self) -> str:
        """For people."""
        prepared = f", setups {'+'.join(self.setups)}" if self.setups else ""
        return f"{'+'.join(self.statuses) or 'no upstream'}{prepared}"


class Mutant(NamedTuple):
    """A case, its right answer, and the wrong one given; `found` counts the DAGs it took, None: not in all of them."""

    case: Case
    right: Decision
    wrong: Decision
    found: int | None


class Subject(NamedTuple):
    """A DAG, its machine, and the cases that its run meets, with their right answers."""

    spec: Spec
    machine: Machine
    seed: int
    met: Mapping[Case, Decision]


def subjects(features: Features, seeds: Sequence[int]) -> list[Subject]:
    """Compile the DAGs once for all mutants, and see what each asks."""
    found: list[Subject] = []
    for seed in seeds:
        spec = generate(seed, features)
        machine = compiled_from(wire(spec), major=spec.major)
        met: dict[Case, Decision] = {}

        def watched(
            rule: Rule,
            statuses: Sequence[Seen],
            *,
            index: int = -1,
            setups: Sequence[Seen] = (),
            met: dict[Case, Decision] = met,
        ) -> Decision:
            answer = decide(rule, statuses, setups=setups)
            met[case_of(rule, statuses, setups)] = answer
            return answer

        with patch.object(handler.execute, "decide", watched):
            ran = interpret(machine, seed)
        assert not differences(spec, ran), f"seed {seed} differs before anything is changed"
        found.append(Subject(spec, machine, seed, met))
    return found


def case_of(rule: Rule, statuses: Sequence[Seen], setups: Sequence[Seen]) -> Case:
    """Setups matter to one rule alone."""
    prepared = setups if rule == "all_done_setup_success" else ()
    return Case(rule, tuple(sorted(set(statuses))), tuple(sorted(set(prepared))))


def possible(rule: Rule) -> int:
    """How many cases a rule has: no upstream, or any of four statuses; for setups any part of those, or none."""
    kinds = range(1, 16)
    return 1 + sum(2 ** kind.bit_count() if rule == "all_done_setup_success" else 1 for kind in kinds)


def rule_mutants(tried: Sequence[Subject], rules: Sequence[Rule] = RULES) -> Iterator[Mutant]:
    """Every case that comes up, with every wrong answer. What never comes up in these DAGs is not in the list."""
    cases: dict[Case, Decision] = {
        case: answer for subject in tried for case, answer in subject.met.items() if case.rule in rules
    }
    for case in sorted(cases):
        for wrong in ANSWERS:
            if wrong != cases[case]:
                yield Mutant(case, cases[case], wrong, _found(tried, case, wrong))


def _found(tried: Sequence[Subject], case: Case, wrong: Decision) -> int | None:
    """After how many DAGs the change shows."""

    def mutated(rule: Rule, statuses: Sequence[Seen], *, index: int = -1, setups: Sequence[Seen] = ()) -> Decision:
        asked = case_of(rule, statuses, setups)
        return wrong if asked == case else decide(rule, statuses, setups=setups)

    with patch.object(handler.execute, "decide", mutated):
        for number, subject in enumerate(tried, start=1):
            if case in subject.met and _differs(subject):
                return number
    return None


def _differs(subject: Subject) -> bool:
    return bool(differences(subject.spec, interpret(subject.machine, subject.seed)))


def _no_skips(rule: Rule, gates: Sequence[SeenGate]) -> Decision:
    return decide_gates(rule, [gate._replace(skips=False) for gate in gates])


def _no_setups(rule: Rule, gates: Sequence[SeenGate]) -> Decision:
    return "skipped" if any(gate.skips for gate in gates) else "run"


def _skips_for_failures(rule: Rule, gates: Sequence[SeenGate]) -> Decision:
    answer = decide_gates(rule, gates)
    return "skipped" if answer == "upstream_failed" else answer


def _always_too(rule: Rule, gates: Sequence[SeenGate]) -> Decision:
    return decide_gates("all_done" if rule == "always" else rule, gates)


def _always_through(rule: Rule, gates: Sequence[SeenGate]) -> Decision:
    return "run" if rule == "always" else decide_gates(rule, gates)


_finish = handler.finish.finish


def _last_leaf_unseen(event: FinishEvent, invocation: Invocation) -> object:
    return _finish(event._replace(leaves=event.leaves[:-1]), invocation)


def _never_fails(_event: FinishEvent, _invocation: Invocation) -> object:
    return {"status": "success"}


#: Beside the rules: what is patched, with what, and what that gets wrong.
OTHERS: Mapping[str, tuple[object, str, object]] = {
    "a skip from above is forgotten": (handler.execute, "decide_gates", _no_skips),
    "setups above hold nothing back": (handler.execute, "decide_gates", _no_setups),
    "a failed setup above skips": (handler.execute, "decide_gates", _skips_for_failures),
    "always waits for setups above": (handler.execute, "decide_gates", _always_too),
    "always passes a skip from above": (handler.execute, "decide_gates", _always_through),
    "the last leaf is not looked at": (handler.finish, "finish", _last_leaf_unseen),
    "no run fails": (handler.finish, "finish", _never_fails),
}


def other_mutants(tried: Sequence[Subject]) -> Iterator[tuple[str, int | None]]:
    """Each of them, and after how many DAGs it shows."""
    for name, (place, attribute, wrong) in OTHERS.items():
        with patch.object(place, attribute, wrong):
            yield name, next((number for number, subject in enumerate(tried, start=1) if _differs(subject)), None)
