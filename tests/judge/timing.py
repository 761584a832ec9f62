"""Which tasks' ends can depend on the order of events in Airflow, worked out without running anything.

Airflow assigns a status as soon as a rule gives one, by what is done at that moment. So a task can end in every way
that its rule gives for some part of its upstream; and what a branch or short circuit skips may have run, or been
looked at by others, before. This finds at least all such tasks; most have one way to end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import NamedTuple

from judge.model import Ended, judge_shape, own_end
from judge.rules import Seen, ask
from judge.shape import Shape, shape_of
from judge.spec import Role, Spec, Task

MOST_CASES = 512
ANY = frozenset({"run", "skipped", "upstream_failed"})
Statuses = frozenset[str]
#: By skipping task: what may be known of the tasks below it while it is not done.
Early = dict[str, dict[str, Statuses]]


class _Ends(NamedTuple):
    """The ways a task can end, and the statuses that others may have seen it with by then."""

    final: frozenset[Ended]
    seen: Statuses


def timing(spec: Spec) -> frozenset[str]:
    """The tasks that may end in several ways; "" for the run itself."""
    return timing_of(shape_of(spec))


def timing_of(shape: Shape) -> frozenset[str]:
    """`timing`, where the shape is known."""
    ends = possible(shape)
    found = {name for name, end in ends.items() if len(end.final) > 1}
    bad = [{end.status in ("failed", "upstream_failed") for end in ends[name].final} for name in shape.leaves]
    if not any(one == {True} for one in bad) and any(True in one for one in bad):
        found.add("")
    if shape.spec.fail_fast:
        found |= judge_shape(shape).open
    return frozenset(found)


def possible(shape: Shape) -> dict[str, _Ends]:
    """For each task at least the ways that it can end."""
    ends: dict[str, _Ends] = {}
    seen: dict[str, Statuses] = {}
    early: Early = {name: {} for name, skipped in shape.skips.items() if skipped}
    for task in shape.spec.tasks:
        own = own_end(task)
        above = [name for name in early if name in shape.ancestors[task.id]]
        final: set[Ended] = set()
        shown: set[str] = set()
        surely = False
        for skipper in above:
            before = _before(task, shape, seen, skipper, early[skipper])
            early[skipper][task.id] = frozenset(own.status if said == "run" else said for said in before)
            if any(task.id in shape.skips[other] and _first(other, skipper, shape, early, ends) for other in above):
                early[skipper][task.id] |= {"skipped"}
            shown |= early[skipper][task.id]
            if task.id in shape.skips[skipper] and any(end.status == "success" for end in ends[skipper].final):
                final.add(Ended("skipped", 0))
                surely = surely or all(end.status == "success" for end in ends[skipper].final)
                if "run" in before:
                    final.add(own)
        if not surely:
            said = _outcomes(task, shape, {name: seen[name] for name in task.upstream}, seen)
            final |= {own if one == "run" else Ended(one, 0) for one in said}
        ends[task.id] = _Ends(frozenset(final), frozenset(shown | {end.status for end in final}))
        seen[task.id] = ends[task.id].seen
    return ends


def _first(other: str, skipper: str, shape: Shape, early: Early, ends: Mapping[str, _Ends]) -> bool:
    """Whether `other` may have succeeded while `skipper` is not done."""
    if other == skipper:
        return False
    known = early[skipper].get(other, frozenset()) if other in shape.descendants[skipper] else ends[other].seen
    return "success" in known


def _before(
    task: Task, shape: Shape, seen: Mapping[str, Statuses], skipper: str, early: Mapping[str, Statuses]
) -> Statuses:
    """What a task below `skipper` may be told while `skipper` is not done."""
    below = shape.descendants[skipper]
    known: dict[str, Statuses] = {}
    for name in task.upstream:
        if name == skipper:
            continue
        found = early.get(name, frozenset()) if name in below else seen[name]
        if found:
            known[name] = found
    return _outcomes(task, shape, known, seen)


def _outcomes(task: Task, shape: Shape, known: Mapping[str, Statuses], seen: Mapping[str, Statuses]) -> Statuses:
    """All that the rule may say, with those in `known` done or some of them."""
    if task.rule == "always" or not task.upstream:
        return frozenset({"run"})
    found: set[str] = set()
    gates = [seen[name] for name in shape.gates[task.id]]
    if any(status & {"failed", "upstream_failed"} for status in gates):
        found.add("upstream_failed")
    if any("skipped" in status for status in gates):
        found.add("skipped")
    said = _rule_says(task, shape, known)
    opens = all("success" in status for status in gates)
    return frozenset(found | {one for one in said if one != "run" or opens})


def _rule_says(task: Task, shape: Shape, known: Mapping[str, Statuses]) -> set[str]:
    said: set[str] = set()
    cases = 1
    for one in known.values():
        cases *= len(one)
    if cases > MOST_CASES:
        return set(ANY)
    names = list(known)
    for statuses in product(*(sorted(known[name]) for name in names)):
        at = dict(zip(names, statuses, strict=True))
        for part in _parts(task, shape, at):
            answer = ask(task.rule, part)
            if answer is not None:
                said.add(answer)
    return said


def _parts(task: Task, shape: Shape, at: Mapping[str, str]) -> Iterator[Seen]:
    """Every part of the upstream that may be done alone. How many of a kind there are matters only where all are."""
    total = len(task.upstream)
    setups = [name for name in task.upstream if shape.tasks[name].role is Role.SETUP]
    ended = [at[name] for name in setups if name in at]
    prepared = (len(setups), ended.count("success"), ended.count("skipped"))
    counts = [_count(at.values(), name) for name in ("success", "skipped", "failed", "upstream_failed")]
    for s, k, f, u in product(*({0, min(1, count), count} for count in counts)):
        yield Seen(s, k, f, u, total, *prepared)


def _count(statuses: Iterable[str], name: str) -> int:
    return sum(status == name for status in statuses)
