"""`itertools`, and the builtin functions that give iterators: nothing is asked for before somebody asks them."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from transpilers.airflow.static.arithmetic import binary, truth
from transpilers.airflow.static.containers import turns
from transpilers.airflow.static.iterators import advance, lazy
from transpilers.airflow.static.machine import Arguments, Lost, Machine
from transpilers.airflow.static.makers import makes
from transpilers.airflow.static.opaque import opaque
from transpilers.airflow.static.values import SCALARS, Lazy, Raised, Unknown, Value

Sources = list[Iterator[Value]]
Room = Callable[[Machine, Arguments, Sources], Iterator[Value]]
#: Positional arguments that are no iterables, by the name of the function: how many stand before those that are.
BEFORE = {"map": 1, "filter": 1, "filterfalse": 1, "starmap": 1, "takewhile": 1, "dropwhile": 1}
#: How many iterables there are where others follow.
SEVERAL = {
    "accumulate": 1,
    "batched": 1,
    "combinations": 1,
    "combinations_with_replacement": 1,
    "count": 0,
    "enumerate": 1,
    "groupby": 1,
    "islice": 1,
    "permutations": 1,
    "repeat": 0,
}


def call_iterator(m: Machine, name: str, arguments: Arguments) -> Value:
    """`map`, `filter`, `zip`, `enumerate`, `reversed`, `iter`, and what is in `itertools`, by its name there."""
    room = ROOMS.get(name)
    if room is None or arguments.rest is not None:
        return arguments.rest or opaque(m, f"itertools.{name}", arguments, reads=True)
    first = BEFORE.get(name, 0)
    given = arguments.args[first : first + SEVERAL[name]] if name in SEVERAL else arguments.args[first:]
    if name == "iter" and len(arguments.args) == 1 and isinstance(arguments.args[0], Lazy):
        return arguments.args[0]
    sources = [turns(m, each, arguments.node) for each in given]
    unknown = next((each for each in sources if isinstance(each, Unknown)), None)
    if unknown is not None:
        # What it would make of the items is looked at.
        opaque(m, name, Arguments(arguments.args[:first], arguments.kwargs, arguments.node), reads=True)
        return unknown
    known = [each for each in sources if not isinstance(each, Unknown)]
    made = any(map(makes, [*arguments.args, *arguments.kwargs.values()]))
    return lazy(m, f"{name}()", _pulled(m, room, arguments, known), makes=made)


def _pulled(m: Machine, room: Room, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    try:
        yield from room(m, arguments, sources)
    except TypeError as error:
        raise Raised("TypeError", str(error)) from error


def call_next(m: Machine, arguments: Arguments) -> Value:
    """`next(iterator[, default])`."""
    value, *default = arguments.args
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, Lazy):
        return m.unknown("next()", arguments.node)
    try:
        return advance(m, value, arguments.node)
    except StopIteration:
        if default:
            return default[0]
        raise Raised("StopIteration") from None
    except Lost as lost:
        return lost.why


def _test(m: Machine, function: Value, item: Value, node: ast.AST) -> bool:
    answer = truth(m, item if function is None else m.apply(function, [item], node), node)
    if isinstance(answer, Unknown):
        raise Lost(answer)
    return answer


def _number(m: Machine, arguments: Arguments, place: int, name: str, default: int | None = None) -> int:
    value = arguments.kwargs.get(name, arguments.args[place] if len(arguments.args) > place else default)
    if not isinstance(value, int):
        raise Lost(value if isinstance(value, Unknown) else m.unknown(f"the argument {name!r}", arguments.node))
    return value


def _map(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    for row in zip(*sources, strict=False):
        yield m.apply(arguments.args[0], list(row), arguments.node)


def _starmap(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    for row in sources[0]:
        items = turns(m, row, arguments.node)
        if isinstance(items, Unknown):
            raise Lost(items)
        yield m.apply(arguments.args[0], list(items), arguments.node)


def _filter(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    return (item for item in sources[0] if _test(m, arguments.args[0], item, arguments.node))


def _filter_false(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    return (item for item in sources[0] if not _test(m, arguments.args[0], item, arguments.node))


def _zip(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    strict = truth(m, arguments.kwargs.get("strict", False), arguments.node)
    if isinstance(strict, Unknown):
        raise Lost(strict)
    try:
        yield from zip(*sources, strict=strict)
    except ValueError as error:
        raise Raised("ValueError", str(error)) from error


def _enumerate(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    yield from enumerate(sources[0], _number(m, arguments, 1, "start", 0))


def _reversed(_m: Machine, _arguments: Arguments, sources: Sources) -> Iterator[Value]:
    yield from list(sources[0])[::-1]


def _count(m: Machine, arguments: Arguments, _sources: Sources) -> Iterator[Value]:
    yield from itertools.count(_number(m, arguments, 0, "start", 0), _number(m, arguments, 1, "step", 1))


def _repeat(m: Machine, arguments: Arguments, _sources: Sources) -> Iterator[Value]:
    times = len(arguments.args) > 1 or "times" in arguments.kwargs
    yield from itertools.repeat(arguments.args[0], *([_number(m, arguments, 1, "times")] if times else []))


def _sliced(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    bounds = [None if each is None else _number(m, arguments, 1 + at, "") for at, each in enumerate(arguments.args[1:])]
    try:
        yield from itertools.islice(sources[0], *bounds)
    except ValueError as error:
        raise Raised("ValueError", str(error)) from error


def _while(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    return itertools.takewhile(lambda item: _test(m, arguments.args[0], item, arguments.node), sources[0])


def _after(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    return itertools.dropwhile(lambda item: _test(m, arguments.args[0], item, arguments.node), sources[0])


def _longest(_m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    return itertools.zip_longest(*sources, fillvalue=arguments.kwargs.get("fillvalue"))


def _accumulate(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    function = arguments.kwargs.get("func", arguments.args[1] if len(arguments.args) > 1 else None)

    def both(one: Value, other: Value) -> Value:
        if function is not None:
            return m.apply(function, [one, other], arguments.node)
        return binary(m, ast.Add(), one, other, arguments.node)

    start = {"initial": arguments.kwargs["initial"]} if "initial" in arguments.kwargs else {}
    return itertools.accumulate(sources[0], both, **start)


def _grouped(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    function = arguments.kwargs.get("key", arguments.args[1] if len(arguments.args) > 1 else None)

    def key(item: Value) -> Value:
        found = item if function is None else m.apply(function, [item], arguments.node)
        if not isinstance(found, SCALARS):
            raise Lost(found if isinstance(found, Unknown) else m.unknown("a key of a group", arguments.node))
        return found

    for found, items in itertools.groupby(sources[0], key):
        yield found, lazy(m, "a group", items)


def _product(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    columns = [list(source) for source in sources] * _number(m, arguments, 10**6, "repeat", 1)
    size = 1
    for column in columns:
        size *= max(len(column), 1)
        m.sized(size * 50)
    yield from itertools.product(*columns)


def _chosen(how: Callable[..., Iterator[Any]], default: int | None = None) -> Room:
    def room(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
        items = list(sources[0])
        size = _number(m, arguments, 1, "r", len(items) if default == 0 else None)
        if len(items) ** max(size, 1) > 20_000:
            raise Lost(m.unknown("combinations of that many", arguments.node))
        yield from how(items, size)

    return room


def _from_iterable(m: Machine, arguments: Arguments, sources: Sources) -> Iterator[Value]:
    for each in sources[0]:
        items = turns(m, each, arguments.node)
        if isinstance(items, Unknown):
            raise Lost(items)
        yield from items


ROOMS: dict[str, Room] = {
    "accumulate": _accumulate,
    "chain": lambda _m, _arguments, sources: itertools.chain(*sources),
    "chain.from_iterable": _from_iterable,
    "combinations": _chosen(itertools.combinations),
    "combinations_with_replacement": _chosen(itertools.combinations_with_replacement),
    "count": _count,
    "cycle": lambda _m, _arguments, sources: itertools.cycle(sources[0]),
    "dropwhile": _after,
    "enumerate": _enumerate,
    "filter": _filter,
    "filterfalse": _filter_false,
    "groupby": _grouped,
    "islice": _sliced,
    "iter": lambda _m, _arguments, sources: sources[0],
    "map": _map,
    "pairwise": lambda _m, _arguments, sources: itertools.pairwise(sources[0]),
    "permutations": _chosen(itertools.permutations, 0),
    "product": _product,
    "repeat": _repeat,
    "reversed": _reversed,
    "starmap": _starmap,
    "takewhile": _while,
    "zip": _zip,
    "zip_longest": _longest,
}
