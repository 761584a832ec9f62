"""`expand`: what becomes of a mapped task before it has items, and how many it gets.

Airflow looks at a task that is to be mapped as a whole first, over all its upstream tasks, and gives it its items only
then (`TaskMap.expand_mapped_task`). In a mapped group what comes before it in the group does not count, but where that
itself got no items (`_get_relevant_upstream_map_indexes` in `ti_deps/deps/trigger_rule_dep.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handler.arguments import Reading, length_of, referenced
from handler.errors import InfrastructureError
from handler.gates import decide_gates
from handler.invocation import Invocation
from handler.items import NO_ITEMS, Manifest, Over, manifest_from_bytes, manifest_key, manifest_to_bytes, product
from handler.json_types import Json, JsonObject
from handler.keys import stopped_key, task_keys
from handler.mapped_events import Expanded, ExpandEvent
from handler.records import Done, ErrorInfo, done_from_bytes
from handler.rules import Decision, Rule, Seen, Status, decide
from handler.seen import seen_gate, seen_of
from handler.story import write_done

#: Rules that look at all items of what comes before in the group.
WHOLE: tuple[Rule, ...] = ("one_success", "one_failed", "one_done", "none_failed_min_one_success")
#: Arguments that are outputs, or made of them.
SEQUENCES = frozenset({"output", "apply", "zip", "concat"})
#: Of a task that gets no items.
EMPTY = Manifest(0, {})
#: A Map's items are its indices, which have to fit into a state's data.
MOST_ITEMS = 40_000


def expand(event: ExpandEvent, invocation: Invocation) -> JsonObject:
    """Write each task's manifest, or its done record where it gets no items; return how many there are to run."""
    done = _read_done(event, invocation)
    counted: Manifest | None = None
    stopped = event.skip_rest and invocation.store.get(stopped_key(event.run)) is not None
    for one in event.tasks:
        if one.task in done:
            continue
        key = manifest_key(event.run, one.task)
        found = invocation.store.get(key)
        kept = EMPTY if found is None else manifest_from_bytes(key, found)
        if not kept.total:
            skipped = stopped and not one.cleanup
            status, manifest = ("skipped", EMPTY) if skipped else _looked_at(event, invocation, one, done)
            if status == "run" or event.skip_rest:
                # One that is late may find the run stopped where another has begun with the items, or the other way
                # round: whoever is first with the manifest has the word.
                kept = _kept(invocation, key, manifest)
            if not kept.total:
                done[one.task] = _ended(event, invocation, one.task, "skipped" if status == "run" else status)
                continue
        counted = kept
    return {"task": event.task, "count": 0 if counted is None else counted.total}


def _looked_at(
    event: ExpandEvent, invocation: Invocation, one: Expanded, done: Mapping[str, Done]
) -> tuple[Decision | Status, Manifest]:
    """What becomes of a task as a whole; `run` goes with a manifest of its items, all else with none."""
    status = _decided(one, done)
    if status == "run":
        status = by_what_is_mapped_over(event.over, done)
    if status != "run":
        return status, EMPTY
    manifest = _manifest(event.over, Reading(invocation.store, event.run, done))
    if manifest is None:
        return "upstream_failed", EMPTY
    if not 0 < manifest.total <= MOST_ITEMS:
        return "failed" if manifest.total else "skipped", EMPTY
    return "run", manifest


def _read_done(event: ExpandEvent, invocation: Invocation) -> dict[str, Done]:
    read = referenced(event.over.arguments.values())
    looked = (name for one in event.tasks for name in (one.task, *one.upstream, *(gate.task for gate in one.gates)))
    places = {task: task_keys(event.run, task).done for task in (*looked, *read)}
    found = zip(places.items(), invocation.store.get_many(list(places.values())), strict=True)
    return {task: done_from_bytes(key, data) for (task, key), data in found if data is not None}


def _decided(one: Expanded, done: Mapping[str, Done]) -> Decision:
    gates = [gate for gate in one.gates if _is_looked_at(one, gate.task, done)]
    decision = decide_gates(
        one.rule, [seen for gate in gates for seen in seen_gate(gate.kind, (one.task,), gate.task, done)]
    )
    if decision != "run":
        return decision
    upstream = [task for task in one.upstream if _is_looked_at(one, task, done)]
    if one.upstream and not upstream and one.rule == "all_done_min_one_success":
        # Nothing that counts is before it, and so nothing that has succeeded (seen with Airflow 3.3).
        return "upstream_failed"
    statuses: list[Seen] = [status for task in upstream for status in seen_of(task, done)]
    setups: list[Seen] = [status for gate in gates if gate.kind == "setup" for status in seen_of(gate.task, done)]
    decided = decide(one.rule, statuses, setups=setups)
    if decided == "wait":
        missing = ", ".join(task for task in upstream if task not in done)
        raise InfrastructureError(f"task {one.task} was expanded before its upstream tasks were done: {missing}")
    return decided


def by_what_is_mapped_over(over: Over, done: Mapping[str, Done]) -> Decision:
    """Whatever the rule, what is mapped over has to have ended well, or to have got items.

    Airflow's `MappedTaskUpstreamDep` (`ti_deps/deps/mapped_task_upstream_dep.py`).
    """
    sources = tuple(referenced(_sources(over)))
    missing = ", ".join(task for task in sources if task not in done)
    if missing:
        raise InfrastructureError(f"looked at before what is mapped over was done: {missing}")
    records = [done[task] for task in sources]
    ends = {record.status for record in records if record.items is None or record.is_whole}
    if ends & {"failed", "upstream_failed"}:
        return "upstream_failed"
    return "skipped" if "skipped" in ends else "run"


def _sources(over: Over) -> Iterator[Json]:
    """What is itself an output: one in a list is a part of an item, but where the list is that of the dicts."""
    for argument in over.arguments.values():
        listed = argument.get("list") if over.dicts and isinstance(argument, dict) else None
        inner = listed if isinstance(listed, list) else [argument]
        yield from (one for one in inner if isinstance(one, dict) and not SEQUENCES.isdisjoint(one))


def _is_looked_at(one: Expanded, task: str, done: Mapping[str, Done]) -> bool:
    if task not in one.paired or one.rule in WHOLE:
        return True
    return task in done and done[task].is_whole


def _manifest(over: Over, reading: Reading) -> Manifest | None:
    """How many items there are; None where something that was to be mapped over was not left."""
    lengths: dict[str, int] = {}
    for name, argument in over.arguments.items():
        length = length_of(argument, reading)
        if length is None:
            return None
        lengths[name] = length
    return Manifest(product(lengths.values()), lengths)


def _kept(invocation: Invocation, key: str, manifest: Manifest) -> Manifest:
    if invocation.store.put_if_absent(key, manifest_to_bytes(manifest)):
        return manifest
    found = invocation.store.get(key)
    return manifest if found is None else manifest_from_bytes(key, found)


def _ended(event: ExpandEvent, invocation: Invocation, task: str, status: Decision | Status) -> Done:
    final: Status = "failed" if status == "failed" else "skipped" if status == "skipped" else "upstream_failed"
    error = ErrorInfo("TooManyItems", f"a task can have {MOST_ITEMS} items") if final == "failed" else None
    # `record` comes next, finds this, and stops the rest where that is asked for.
    ended = Done(task, final, invocation.attempt, 0, invocation.clock(), {}, error=error, items=NO_ITEMS)
    return write_done(invocation, task_keys(event.run, task), ended)
