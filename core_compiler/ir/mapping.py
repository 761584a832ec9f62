"""A task that is run once for each item of something, how many there are known only to a run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import cast

import msgspec

from core_compiler.ir.arguments import Apply, Argument, Concat, DictOf, ListOf, Literal, Output, TupleOf, Zip, outputs


class Mapping(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a task, or every task of a group, is run over: its items are tasks `t[0]`, `t[1]` ... of their own.

    `over`: sequences by name. Several give every combination of their items, the last one varying fastest; the items of
    a dict are its pairs. With `dicts` there is one, under "", whose items are dicts: their keys are the names, of
    `names` if those are given, and none of `taken`. `limit`: how many run at once, None for as many as there is room.
    `group`: tasks with the same one have the same items, and what they read and look at of each other is that of the
    same index; `paired` are the others of the group, filled in by a pass. `rendered`: strings in what an item holds are
    templates, rendered when it runs.
    """

    over: dict[str, Argument]
    dicts: bool = False
    names: tuple[str, ...] | None = None
    taken: tuple[str, ...] = ()
    group: str = ""
    paired: tuple[str, ...] = ()
    limit: int | None = None
    rendered: bool = False

    def size(self) -> int | None:
        """How many items there are; None where only a run can tell."""
        lengths = self.lengths()
        return None if lengths is None else math.prod(lengths.values())

    def lengths(self) -> dict[str, int] | None:
        """How many items each sequence has; None where only a run can tell."""
        found: dict[str, int] = {}
        for name, argument in self.over.items():
            length = _length(argument)
            if length is None:
                return None
            found[name] = length
        return found

    def reads(self) -> Iterator[str]:
        """The tasks whose outputs it looks at, in order."""
        for argument in self.over.values():
            yield from (output.task for output in outputs(argument))

    def sources(self) -> Iterator[str]:
        """Those whose outputs are themselves what is mapped over, and not parts of an item."""
        for argument in self.over.values():
            inner = argument.items if self.dicts and isinstance(argument, ListOf) else (argument,)
            for one in inner:
                if isinstance(one, Output | Apply | Zip | Concat):
                    yield from (output.task for output in outputs(one))


def _length(argument: Argument) -> int | None:
    match argument:
        case ListOf(items) | TupleOf(items):
            return len(items)
        case DictOf(items):
            return len(items)
        case Literal(value):
            tagged: dict[str, object] = cast("dict[str, object]", value) if isinstance(value, dict) else {}
            inner: object = tagged["$value"] if "$type" in tagged else value  # pyright: ignore
            return len(cast("list[object]", inner)) if isinstance(inner, list | dict) else None
        case _:
            return None
