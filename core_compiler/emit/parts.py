"""What is too large for one execution is cut into child machines.

A part of a plan has one entry and one exit, so any of them can be an execution of its own, which the state that starts
it waits for. From the leaves up, where a row or a fork does not fit, its steps are put into groups that do: neighbours
in a row, whatever fits best in a fork. The fullest groups become machines until the rest fits.

The plan stays a plan: groups are rows in rows and forks in forks. Which nodes are machines is said beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from core_compiler.asl import limits
from core_compiler.plan import Await, Each, Finish, Node, Parallel, Run, Series


class Weight(NamedTuple):
    """Bytes of a definition and events of a history."""

    bytes: int
    events: int

    def plus(self, other: Weight) -> Weight:
        """The sum."""
        return Weight(self.bytes + other.bytes, self.events + other.events)

    def fits(self, room: Weight) -> bool:
        """Whether there is room for it."""
        return self.bytes <= room.bytes and self.events <= room.events

    def fill(self, room: Weight) -> float:
        """The share of the room that it takes."""
        return max(self.bytes / room.bytes, self.events / room.events)


ROOM = Weight(limits.DEFINITION_BYTES, limits.HISTORY_EVENTS)
#: What a machine has beside its part: the start state, the comment, the execution itself, a check of the input.
MACHINE = Weight(2_500, limits.EXECUTION_EVENTS + limits.PASS_EVENTS + limits.TASK_EVENTS)
#: The state that starts a child and waits for it, and the one that ends as a child that failed.
CHILD = Weight(1_250, limits.CHILD_EVENTS)
#: The fork and the branch of a group, whose names are ours.
_FORK, _BRANCH = Weight(260, limits.PARALLEL_EVENTS), Weight(60, 0)
_NONE = Weight(0, 0)


class Scale(Protocol):
    """What the parts of a plan weigh."""

    def step(self, step: Run | Await | Each | Finish) -> Weight:
        """All states of a step."""
        ...

    def fork(self, fork: Parallel) -> Weight:
        """A fork without its branches."""
        ...

    def branch(self, branch: Node) -> Weight:
        """What a branch has around its states."""
        ...


class Cut(NamedTuple):
    """The plan with groups, and the machines' names by the `id` of the node that each runs."""

    plan: Series
    parts: dict[int, str]


class _Item(NamedTuple):
    """Steps that stay together, and what they weigh."""

    nodes: tuple[Node, ...]
    weight: Weight
    pinned: bool = False


def cut(plan: Series, scale: Scale, room: Weight = ROOM) -> Cut:
    """Cut what does not fit into `room`."""
    cutter = _Cutter(scale, Weight(room.bytes - MACHINE.bytes, room.events - MACHINE.events))
    whole, _ = cutter.cut(plan)
    assert isinstance(whole, Series)
    return Cut(whole, cutter.parts)


class _Cutter:
    def __init__(self, scale: Scale, room: Weight) -> None:
        self._scale, self._room = scale, room
        self.parts: dict[int, str] = {}

    def cut(self, plan: Node) -> tuple[Node, Weight]:
        done: list[tuple[Node, Weight]] = []
        # A node to cut, or a node whose parts are done.
        stack: list[tuple[Node, bool]] = [(plan, False)]
        while stack:
            node, ready = stack.pop()
            match node:
                case Series(inner) | Parallel(inner):
                    if not ready:
                        stack.append((node, True))
                        stack.extend((part, False) for part in reversed(inner))
                        continue
                    parts = done[-len(inner) :]
                    del done[-len(inner) :]
                    done.append(self._row(parts) if isinstance(node, Series) else self._fork(node, parts))
                case Run() | Await() | Each() | Finish():
                    done.append((node, self._scale.step(node)))
        return done[0]

    def _row(self, parts: Sequence[tuple[Node, Weight]]) -> tuple[Node, Weight]:
        items: list[_Item] = []
        held: tuple[tuple[Node, ...], Weight] = (), _NONE
        for node, weight in parts:
            nodes, weight = (*held[0], node), held[1].plus(weight)
            # An Await falls back on its task's states, so the two stay in one machine.
            held = (nodes, weight) if isinstance(node, Await) else ((), _NONE)
            if not isinstance(node, Await):
                items.append(_Item(nodes, weight, isinstance(node, Finish)))
        total = _sum(items)
        while not total.fits(self._room):
            before = total
            items = self._lifted(_neighbours(items, self._room), total, Series)
            total = _sum(items)
            if total == before:
                break
        return Series(tuple(node for item in items for node in item.nodes)), total

    def _fork(self, fork: Parallel, parts: Sequence[tuple[Node, Weight]]) -> tuple[Node, Weight]:
        items = [
            _Item((node,), weight.plus(self._scale.branch(branch)))
            for branch, (node, weight) in zip(fork.branches, parts, strict=True)
        ]
        own = self._scale.fork(fork)
        total = _sum(items).plus(own)
        room = Weight(self._room.bytes - _FORK.bytes, self._room.events - _FORK.events)
        while not total.fits(self._room):
            before = total
            items = self._lifted(_bins(items, room), total, Parallel)
            total = _sum(items).plus(own)
            if total == before:
                break
        return Parallel(tuple(node for item in items for node in item.nodes)), total

    def _lifted(
        self, groups: Sequence[Sequence[_Item]], total: Weight, kind: type[Series] | type[Parallel]
    ) -> list[_Item]:
        """The items of all groups, the fullest groups made machines until the total fits."""
        weights = [_sum(group) for group in groups]
        child = CHILD.plus(_BRANCH) if kind is Parallel else CHILD
        lifted: set[int] = set()
        for index in sorted(range(len(groups)), key=lambda index: -weights[index].fill(self._room)):
            if total.fits(self._room):
                break
            if groups[index][0].pinned or weights[index].fill(self._room) <= child.fill(self._room):
                continue
            lifted.add(index)
            total = Weight(
                total.bytes - weights[index].bytes + child.bytes, total.events - weights[index].events + child.events
            )
        items: list[_Item] = []
        for index, group in enumerate(groups):
            if index not in lifted:
                items += group
                continue
            nodes = tuple(node for item in group for node in item.nodes)
            part = nodes[0] if len(nodes) == 1 and id(nodes[0]) not in self.parts else kind(nodes)
            self.parts[id(part)] = f"part-{len(self.parts) + 1}"
            items.append(_Item((part,), child))
        return items


def _sum(items: Sequence[_Item]) -> Weight:
    return Weight(sum(item.weight.bytes for item in items), sum(item.weight.events for item in items))


def _neighbours(items: Sequence[_Item], room: Weight) -> list[list[_Item]]:
    """Runs of items that fit, as long as they can be, from the left; a pinned one is alone."""
    groups: list[list[_Item]] = []
    weight = _NONE
    for item in items:
        more = weight.plus(item.weight)
        if groups and not item.pinned and not groups[-1][-1].pinned and more.fits(room):
            groups[-1].append(item)
            weight = more
        else:
            groups.append([item])
            weight = item.weight
    return groups


def _bins(items: Sequence[_Item], room: Weight) -> list[list[_Item]]:
    """Groups that fit: each item, the largest first, goes into the fullest that has room (best-fit decreasing)."""
    order = sorted(range(len(items)), key=lambda index: -items[index].weight.fill(room))
    bins: list[tuple[Weight, list[int]]] = []
    open_: list[int] = []
    for index in order:
        item = items[index]
        fitting = [at for at in open_ if bins[at][0].plus(item.weight).fits(room)]
        if fitting:
            at = max(fitting, key=lambda at: bins[at][0].fill(room))
            bins[at][1].append(index)
            bins[at] = bins[at][0].plus(item.weight), bins[at][1]
        else:
            bins.append((item.weight, [index]))
            open_.append(len(bins) - 1)
        if len(open_) > 16:
            # The fullest gets nothing more that matters; so the search stays short.
            open_.remove(max(open_, key=lambda at: bins[at][0].fill(room)))
    return [[items[index] for index in sorted(inside)] for _, inside in bins]
