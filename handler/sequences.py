"""Sequences that a task can be mapped over, each item found when it is looked at.

What they do and how they fail is Airflow's: `sdk/definitions/xcom_arg.py`, `sdk/execution_time/lazy_sequence.py`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
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
    def __getitem__(self, index: object) -> object:
        """One, or those of a slice as a list."""
        if isinstance(index, slice):
            return [self._read(place) for place in range(self._length)[index]]
        if not isinstance(index, int):
            raise TypeError(f"Sequence indices must be integers or slices not {type(index).__name__}")
        if not -self._length <= index < self._length:
            raise IndexError(index)
        return self._read(index % self._length)

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


class ArgNotSet:
    """What Airflow puts in where nothing was given, of its name and text."""

    def __repr__(self) -> str:
        return "NOTSET"


NOT_SET = ArgNotSet()


class _Result(Sequence[object]):
    """Items that are computed whenever they are looked at; an IndexError ends an iteration, whoever raises it.

    Like Airflow's, equal to another of the same parts, and not hashable. A slice is not one that it knows.
    """

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


class _MapResult(_Result):
    def __init__(self, value: Container, callables: Sequence[Callable[[object], object]]) -> None:
        self.value = value
        self.callables = callables

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, index: int) -> object:  # type: ignore[override]
        value = self.value[index]
        for function in self.callables:
            value = function(value)
        return value


class _ZipResult(_Result):
    def __init__(self, values: Sequence[Container], fillvalue: object) -> None:
        self.values = values
        self.fillvalue = fillvalue

    def __len__(self) -> int:
        lengths = [len(one) for one in self.values]
        return min(lengths) if self.fillvalue is NOT_SET else max(lengths)

    def __getitem__(self, index: int) -> object:  # type: ignore[override]
        if index >= len(self):
            raise IndexError(index)
        return tuple(self._one(container, index) for container in self.values)

    def _one(self, container: Container, index: int) -> object:
        # A dict is looked at by the index, too, as by a key.
        try:
            return container[index]
        except (IndexError, KeyError):
            return self.fillvalue


class _ConcatResult(_Result):
    def __init__(self, values: Sequence[Container]) -> None:
        self.values = values

    def __len__(self) -> int:
        return sum(len(one) for one in self.values)

    def __getitem__(self, index: int) -> object:  # type: ignore[override]
        left = index if index >= 0 else len(self) + index
        for container in self.values:
            if left < 0:
                break
            if left >= len(container):
                left -= len(container)
            elif isinstance(container, dict):
                return next(itertools.islice(container, left, None))
            else:
                return container[left]
        raise IndexError("list index out of range")


def applied(source: object, functions: Sequence[Callable[[object], object]]) -> Sequence[object]:
    """`source.map(f).map(g)`: the functions are called whenever an item is looked at."""
    return _MapResult(_container(source, "map"), list(functions))


def zipped(sources: Sequence[object], fill: Sequence[object]) -> Sequence[object]:
    """`a.zip(b)`: tuples, as many as the shortest has, or as the longest where `fill` holds what is put in."""
    return _ZipResult([_container(source, "zip") for source in sources], fill[0] if fill else NOT_SET)


def concatenated(sources: Sequence[object]) -> Sequence[object]:
    """`a.concat(b)`: one after the other; of a dict its keys."""
    return _ConcatResult([_container(source, "concat") for source in sources])


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
