"""Sequences that a task can be mapped over, each item found when it is looked at.

What they do and how they fail is Airflow's: `sdk/definitions/xcom_arg.py`, `sdk/execution_time/lazy_sequence.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast, overload

Container = Sequence[object] | dict[object, object]


class LazyXComSequence(Sequence[object]):
    """Values kept elsewhere, in order; `read` fetches one by its place. Named and shown as Airflow's is."""

    def __init__(self, length: int, read: Callable[[int], object]) -> None:
        self._length = length
        self._read = read
        self._asked = False

    def __len__(self) -> int:
        """How many there are."""
        self._asked = True
        return self._length

    @overload
    def __getitem__(self, index: int) -> object: ...
    @overload
    def __getitem__(self, index: slice) -> list[object]: ...
    def __getitem__(self, index: int | slice) -> object:
        """One, or those of a slice as a list."""
        if isinstance(index, slice):
            return [self._read(place) for place in range(self._length)[index]]
        return self._read(range(self._length)[index])

    def __eq__(self, other: object) -> bool:
        """Equal to any sequence of the same values."""
        if not isinstance(other, Sequence):
            return NotImplemented
        pairs = itertools.zip_longest(self, cast("Sequence[object]", other), fillvalue=object())
        return all(mine == theirs for mine, theirs in pairs)

    def __hash__(self) -> int:
        """By its values."""
        return hash((*self,))

    def __repr__(self) -> str:
        """How many values there are, without fetching any."""
        if not self._asked:
            return "LazyXComSequence(<unevaluated length>)"
        return f"LazyXComSequence([{self._length} item{'' if self._length == 1 else 's'}])"


class LazyXComSelectSequence(LazyXComSequence):
    """The same as Airflow 2 names and shows it; there a task may return it, and it is kept as a list."""

    def __repr__(self) -> str:
        """How many values there are, without fetching any."""
        return f"LazySelectSequence([{self._length} item{'' if self._length == 1 else 's'}])"


class Made(Sequence[object]):
    """Items that are computed; a slice is not one that the source engine knows."""

    def __init__(self, length: int, item: Callable[[int], object]) -> None:
        self._length = length
        self._item = item

    def __len__(self) -> int:
        """How many there are."""
        return self._length

    def __getitem__(self, index: int) -> object:  # type: ignore[override]
        """One of them."""
        return self._item(index)

    def __iter__(self) -> Iterator[object]:
        """All of them."""
        return (self[index] for index in range(self._length))


def applied(source: object, functions: Sequence[Callable[[object], object]]) -> Made:
    """`source.map(f).map(g)`: the functions are called whenever an item is looked at."""
    found = _container(source, "map")

    def item(index: int) -> object:
        value = found[index]
        for function in functions:
            value = function(value)
        return value

    return Made(len(found), item)


def zipped(sources: Sequence[object], fill: Sequence[object]) -> Made:
    """`a.zip(b)`: tuples, as many as the shortest has, or as the longest where `fill` holds what is put in."""
    found = [_container(source, "zip") for source in sources]
    lengths = [len(one) for one in found]
    length = max(lengths) if fill else min(lengths)

    def one(container: Container, index: int) -> object:
        try:
            return container[index]
        except (IndexError, KeyError):
            if not fill:
                raise
            return fill[0]

    def item(index: int) -> object:
        if index >= length:
            raise IndexError(index)
        return tuple(one(container, index) for container in found)

    return Made(length, item)


def concatenated(sources: Sequence[object]) -> Made:
    """`a.concat(b)`: one after the other; of a dict its keys."""
    found = [_container(source, "concat") for source in sources]
    length = sum(len(one) for one in found)

    def item(index: int) -> object:
        left = index if index >= 0 else length + index
        for container in found:
            if left < 0:
                break
            if left >= len(container):
                left -= len(container)
            elif isinstance(container, dict):
                return next(itertools.islice(container, left, None))
            else:
                return container[left]
        raise IndexError("list index out of range")

    return Made(length, item)


def _container(value: object, what: str) -> Container:
    if not isinstance(value, (Sequence, dict)):
        raise ValueError(f"XCom {what} expects sequence or dict, not {type(value).__name__}")
    return cast("Container", value)


def lengths_of(sequences: Mapping[str, object], size: Callable[[object], int | None]) -> dict[str, int] | None:
    """The length of each; None where one cannot be mapped over."""
    found: dict[str, int] = {}
    for name, sequence in sequences.items():
        length = size(sequence)
        if length is None:
            return None
        found[name] = length
    return found
