"""Mapped tasks: from the decision about them, over a Map of their items, to their records.

expand <t>       only where a run can tell how many items there are: decides t as a whole, and says how many
size of <t>      likewise: up to 40 are an inline Map, more a distributed one
each <t>         the Map; its items are indices, so that no value passes through the machine
<t>              in it: the event of one item; its values are found by its index
record <t>       writes how many ended how, and settles what neither its handler nor its own state could
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from core_compiler.asl import states
from core_compiler.asl.expressions import expression
from core_compiler.asl.limits import INLINE_MAP_CONCURRENCY
from core_compiler.emit.begin import CONTEXT, uses_context
from core_compiler.emit.kept import Kept
from core_compiler.emit.mapped_events import expand_event, record_event
from core_compiler.emit.names import Names
from core_compiler.emit.retries import BOOKKEEPING_RETRIER, bookkeeping_seconds
from core_compiler.emit.scope import DISTRIBUTED, INLINE, MACHINE, Scope
from core_compiler.ir import FailurePolicy, Task
from core_compiler.plan import Each

States = dict[str, states.State]
#: A body placed for one Map: its states, and the first of them.
Body = Callable[[Scope], tuple[States, str]]
CONFIGS = {
    INLINE.name: {"Mode": "INLINE"},
    DISTRIBUTED.name: {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
}
ITEMS = expression("[0..$states.input.count - 1]")
SELECTOR = {"run": expression("$run"), "index": expression("$states.context.Map.Item.Value")}
#: What goes on from a Map whose items have all ended: nothing of theirs.
NO_ERROR = {"error": None}


class EachNames(msgspec.Struct, frozen=True):
    """The names of the states around the items of `tasks`; those that are not needed are None."""

    tasks: tuple[str, ...]
    expand: str | None
    size: str | None
    inline: str | None
    distributed: str | None
    record: str


def claim(names: Names, each: Each, *, inline: bool) -> EachNames:
    """Claim the names of a step, in reading order. `inline`: whether few items may run in the execution itself."""
    few = inline and (each.size is None or each.size <= INLINE_MAP_CONCURRENCY)
    many = not inline or each.size is None or each.size > INLINE_MAP_CONCURRENCY
    return EachNames(
        each.tasks,
        expand=None if each.size else names.claim(f"expand {each.name}"),
        size=names.claim(f"size of {each.name}") if few and many else None,
        inline=names.claim(f"each {each.name}") if few else None,
        distributed=names.claim(f"each {each.name} of many" if few else f"each {each.name}") if many else None,
        record=names.claim(f"record {each.name}"),
    )


def first_of(names: EachNames) -> str:
    """The name of the state that a step begins with."""
    return names.expand or names.inline or names.distributed or names.record


def modes(names: EachNames) -> tuple[Scope, ...]:
    """The Maps that a step has."""
    found = ((names.inline, INLINE), (names.distributed, DISTRIBUTED))
    return tuple(mode for name, mode in found if name is not None)


def place_each(
    each: Each,
    names: EachNames,
    tasks: tuple[Task, ...],
    policy: FailurePolicy,
    body: Body,
    kept: Kept,
    *,
    waiters: bool,
) -> States:
    """The states of a step in reading order; the last of them, `record`, is still to be led on or ended."""
    failed = states.Catcher(
        error_equals=("States.ALL",), next=names.record, output={"error": expression("$states.errorOutput")}
    )
    with_context = any(map(uses_context, tasks))
    first_map = names.inline or names.distributed
    assert first_map is not None
    placed: States = {}
    if names.expand is not None:
        placed[names.expand] = states.Task(
            resource=states.INVOKE,
            arguments=MACHINE.invoke(kept.shortened(expand_event(each.name, tasks, policy))),
            timeout_seconds=bookkeeping_seconds(sum(len(task.upstream or ()) for task in tasks)),
            retry=(BOOKKEEPING_RETRIER,),
            catch=(failed,),
            output={"count": expression("$states.result.Payload.count")},
            next=names.size or first_map,
        )
    if names.size is not None:
        assert names.distributed is not None
        many = states.Rule(
            condition=expression(f"$states.input.count > {INLINE_MAP_CONCURRENCY}"), next=names.distributed
        )
        placed[names.size] = states.Choice(choices=(many,), default=first_map)
    for name, mode in ((names.inline, INLINE), (names.distributed, DISTRIBUTED)):
        if name is not None:
            inner, entry = body(mode.with_context() if with_context else mode)
            placed[name] = states.Map(
                item_processor=states.Processor(CONFIGS[mode.name], entry, inner),
                items=expression(f"[0..{each.size - 1}]") if each.size else ITEMS,
                item_selector={**SELECTOR, "context": CONTEXT} if with_context else SELECTOR,
                max_concurrency=each.limit or 0,
                output=NO_ERROR,
                catch=(failed,),
                next=names.record,
            )
    placed[names.record] = states.Task(
        resource=states.INVOKE,
        arguments=MACHINE.invoke(
            kept.shortened(record_event(each.name, tasks, policy, size=each.size, waiters=waiters)),
            error=expression("$states.input.error"),
        ),
        timeout_seconds=RECORD_SECONDS,
        retry=(BOOKKEEPING_RETRIER,),
        output={},
        end=True,
    )
    return placed


#: It reads a record of each item: thousands of them.
RECORD_SECONDS = 600
