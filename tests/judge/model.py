"""The fast oracle: what becomes of each task where a rule is looked at once, after all that is above a task is done.

That is the reading of a compiled machine. Airflow looks at every tick, which can only matter to the tasks that `timing`
names; `ticks` is its reading. Written from the table of facts and Airflow's source; shares no code with what it judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec
from judge.rules import ask, seen
from judge.shape import Shape, run_state, shape_of
from judge.spec import End, Kind, Role, Spec, Task

#: The word for a mapped task is the first of these that one of its items ended with.
WORDS = ("failed", "upstream_failed", "success", "skipped")


class Ended(NamedTuple):
    """A task's final status, and how many tries it took (0: it never ran)."""

    status: str
    tries: int


class Verdict(NamedTuple):
    """What became of a DAG. `open`: tasks whose end depends on what runs first, "" for the run's own."""

    tasks: dict[str, Ended]
    state: str
    open: frozenset[str] = frozenset()


def judge(spec: Spec) -> Verdict:
    """What a compiled machine has to do."""
    return judge_shape(shape_of(spec))


def judge_shape(shape: Shape, lost: Mapping[str, Ended] | None = None) -> Verdict:
    """`judge`, where the shape is known; `lost` are tasks whose ends are given, since something outside made them."""
    ended: dict[str, Ended] = {}
    statuses: dict[str, str] = {}
    for task in shape.spec.tasks:
        found = {task.id: _decided(task, shape, statuses)}
        if task.is_mapped:
            found = _items_of(task, _over(task, found[task.id], ended), lost or {})
        ended |= found | {name: end for name, end in (lost or {}).items() if name in found}
        statuses |= {name: ended[name].status for name in found}
    if shape.spec.fail_fast:
        return _failing_fast(shape, ended, lost or {})
    return Verdict(ended, run_state(shape, statuses))


def own_end(task: Task) -> Ended:
    """How a task ends once it runs."""
    if task.end is End.FAILED or task.fails > task.retries:
        return Ended("failed", task.retries + 1)
    statuses = {End.SUCCESS: "success", End.GIVEN_UP: "failed", End.SKIPPED: "skipped"}
    return Ended(statuses[task.end], 1 if task.kind is Kind.EMPTY else task.fails + 1)


def _over(task: Task, decided: Ended, ended: Mapping[str, Ended]) -> Ended:
    """A task that is mapped over what another gives is also decided by that (`MappedTaskUpstreamDep`)."""
    if not task.over or not decided.tries:
        return decided
    match ended[task.over].status:
        case "failed" | "upstream_failed":
            return Ended("upstream_failed", 0)
        case "success" if task.items:
            return decided
        case _:
            return Ended("skipped", 0)


def _items_of(task: Task, decided: Ended, lost: Mapping[str, Ended]) -> dict[str, Ended]:
    """The ends of a mapped task's items, and its own: no tries, and a word for all (a failure before a success).

    Items that only a run can tell are there only where the task as a whole may run.
    """
    found: dict[str, Ended] = {}
    if task.over and not decided.tries:
        return {task.id: decided}
    for name, item in zip(task.item_ids, task.items, strict=True):
        plain = decided
        if decided.tries:
            plain = own_end(msgspec.structs.replace(task, end=item.end, fails=item.fails))
        found[name] = lost.get(name, plain)
    return {**found, task.id: word_of(found.values())}


def word_of(items: Iterable[Ended]) -> Ended:
    """The end of a mapped task whose items ended so."""
    words = {end.status for end in items}
    return Ended(next(word for word in WORDS if word in words), 0)


def statuses_of(name: str, shape: Shape, statuses: Mapping[str, str]) -> list[str | None]:
    """What a rule over a task looks at: its status, or those of its items; None while it is not done."""
    items = [statuses.get(one) for one in shape.tasks[name].item_ids]
    return items if any(items) else [statuses.get(name)]


def _decided(task: Task, shape: Shape, statuses: dict[str, str]) -> Ended:
    if skipped_from_above(task, shape, statuses):
        return Ended("skipped", 0)
    decision = decision_of(task, shape, statuses)
    assert decision is not None
    return own_end(task) if decision == "run" else Ended(decision, 0)


def skipped_from_above(task: Task, shape: Shape, statuses: dict[str, str]) -> bool:
    """Whether a branch or short circuit that has run leaves this task out, whatever its rule."""
    return any(statuses.get(name) == "success" and task.id in shape.skips[name] for name in shape.ancestors[task.id])


def decision_of(task: Task, shape: Shape, statuses: dict[str, str]) -> str | None:
    """What Airflow's `TriggerRuleDep` says with these statuses, where a task that is not done has none."""
    if task.rule == "always" or not task.upstream:
        return "run"
    gates = [statuses.get(name) for name in shape.gates[task.id]]
    if "failed" in gates or "upstream_failed" in gates:
        return "upstream_failed"
    if "skipped" in gates:
        return "skipped"
    setups = [statuses.get(name) for name in task.upstream if shape.tasks[name].role is Role.SETUP]
    every = [status for name in task.upstream for status in statuses_of(name, shape, statuses)]
    said = ask(task.rule, seen(every, setups))
    if said == "run" and (None in gates or not _scope_done(task, shape, statuses)):
        return None
    return said


def _scope_done(task: Task, shape: Shape, statuses: dict[str, str]) -> bool:
    """A teardown waits for all between its setups and itself; in Airflow 2 for those right above it."""
    if task.role is not Role.TEARDOWN or shape.spec.major == 2:
        return True
    setups = [name for name in task.upstream if shape.tasks[name].role is Role.SETUP]
    inside = {name for setup in setups for name in shape.descendants[setup] & shape.ancestors[task.id]}
    return all(name in statuses for name in inside)


def _failing_fast(shape: Shape, ended: dict[str, Ended], lost: Mapping[str, Ended]) -> Verdict:
    """The first task that fails for good ends all others but the teardowns as skipped, those that could not run too.

    Which of several is first, and what was done before, is open; what is above all of them, and below any, is not.
    """
    failing = [name for name in shape.tasks if ended[name].status == "failed"]
    statuses = {name: end.status for name, end in ended.items()}
    if not failing:
        return Verdict(ended, run_state(shape, statuses))
    found: dict[str, Ended] = {}
    unsure: set[str] = set()
    for task in shape.spec.tasks:
        end = ended[task.id]
        if task.is_mapped:
            items, open_ = _mapped_failing_fast(task, shape, failing, ended, lost)
            found |= items
            unsure |= open_
        elif task.id in lost:
            found[task.id] = end
        elif task.role is Role.TEARDOWN:
            known = {name: found[name].status for name in found}
            if not unsure.isdisjoint(task.upstream) or unsure & shape.ancestors[task.id]:
                unsure.add(task.id)
            found[task.id] = _decided(task, shape, known)
        elif any(task.id in shape.descendants[name] for name in failing):
            found[task.id] = Ended("skipped", 0)
        elif all(task.id in shape.ancestors[name] for name in failing) or failing == [task.id]:
            found[task.id] = end
        else:
            found[task.id] = end
            if end != Ended("skipped", 0):
                unsure.add(task.id)
    state = run_state(shape, {name: found[name].status for name in shape.leaves})
    if unsure & set(shape.leaves):
        unsure.add("")
    return Verdict(found, state, frozenset(unsure))


def _mapped_failing_fast(
    task: Task, shape: Shape, failing: list[str], ended: dict[str, Ended], lost: Mapping[str, Ended]
) -> tuple[dict[str, Ended], set[str]]:
    """The ends of a mapped task and its items after a failure, and which of them are open.

    Airflow passes over all items of the task that failed. Before any other a failure elsewhere may have come.
    """
    items = {name: ended[name] for name in task.item_ids if name in ended}
    if any(task.id in shape.descendants[name] for name in failing):
        skipped = {} if task.over else {name: lost.get(name, Ended("skipped", 0)) for name in items}
        return {**skipped, task.id: word_of(skipped.values()) if skipped else Ended("skipped", 0)}, set()
    if all(task.id in shape.ancestors[name] for name in failing) or failing == [task.id]:
        return {**items, task.id: ended[task.id]}, set()
    open_ = {name for name, end in items.items() if name not in lost and end != Ended("skipped", 0)}
    return {**items, task.id: ended[task.id]}, {*open_, task.id} if open_ else set()
