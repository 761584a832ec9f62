"""The items of a mapped task: who they are, what each of them holds, and how they ended together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, cast

from handler.codec import from_bytes, to_bytes
from handler.errors import InfrastructureError
from handler.fields import Fields
from handler.json_types import Json, JsonObject
from handler.keys import path, segment
from handler.rules import STATUSES, Status

VERSION = 1


class Over(NamedTuple):
    """What a task is mapped over: the event's arguments by name; with `dicts` one, whose items are dicts.

    Those have none of the keys in `taken`, and others than `names` only where that is None.
    `lengths` are there where they were known beforehand. `rendered`: strings in an item are templates.
    """

    arguments: JsonObject
    dicts: bool
    names: tuple[str, ...] | None = None
    taken: tuple[str, ...] = ()
    lengths: dict[str, int] | None = None
    rendered: bool = False


class Manifest(NamedTuple):
    """`<run>/items/<task>`, written only if absent: how many items there are, and the length of each sequence.

    `total` is 0 only where a failure skips the rest of a run (see `handler.expand`).
    """

    total: int
    lengths: dict[str, int]


class Items(NamedTuple):
    """How the items of a done task ended: `counts` by status, and `valued`, the indices that left a return value."""

    counts: dict[Status, int]
    valued: tuple[tuple[int, int], ...]

    @property
    def indices(self) -> list[int]:
        """Those that left a return value, in order."""
        return [index for first, end in self.valued for index in range(first, end)]


#: Of a task that was decided without any of its items.
NO_ITEMS = Items({}, ())


def item_id(task: str, index: int) -> str:
    """The id of one item of a task."""
    return f"{task}[{index}]"


def task_of(name: str) -> str:
    """The task of an item by the item's id; of any other id that itself."""
    task, bracket, index = name.rpartition("[")
    return task if bracket and index[:-1].isdecimal() and index.endswith("]") else name


def manifest_key(run: str, task: str) -> str:
    """Where the manifest of a mapped task is."""
    return f"{path(run)}/items/{segment(task)}"


def manifest_to_bytes(manifest: Manifest) -> bytes:
    """The manifest as the store holds it."""
    return to_bytes({"v": VERSION, "count": manifest.total, "lengths": cast("JsonObject", manifest.lengths)})


def manifest_from_bytes(key: str, data: bytes) -> Manifest:
    """A manifest; InfrastructureError, naming `key`, where the store holds something else."""
    match from_bytes(data):
        case {"v": 1, "count": int(count), "lengths": dict(lengths)}:
            return Manifest(count, cast("dict[str, int]", lengths))
        case _:
            raise InfrastructureError(f"{key} holds no manifest of version {VERSION}")


def items_to_json(items: Items) -> JsonObject:
    """As a done record holds it."""
    return {"counts": cast("JsonObject", items.counts), "valued": [list(pair) for pair in items.valued]}


def items_from_json(tree: Json) -> Items | None:
    """What a done record holds; None for anything else."""
    match tree:
        case {"counts": dict(counts), "valued": list(valued)} if counts.keys() <= set(STATUSES):
            pairs = [cast("list[int]", pair) for pair in valued]
            return Items(cast("dict[Status, int]", counts), tuple((first, end) for first, end in pairs))
        case _:
            return None


def ranges(indices: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Ascending indices as ranges, each its first and the one after its last."""
    found: list[tuple[int, int]] = []
    for index in indices:
        if found and found[-1][1] == index:
            found[-1] = found[-1][0], index + 1
        else:
            found.append((index, index + 1))
    return tuple(found)


def together(counts: Mapping[Status, int]) -> Status:
    """One word for the items of a task: a failure before a success, and skipped only where nothing else is."""
    order: tuple[Status, ...] = ("failed", "upstream_failed", "success")
    for status in order:
        if counts.get(status):
            return status
    return "skipped"


def held(over: Over, sequences: Mapping[str, object], lengths: Mapping[str, int], index: int) -> dict[str, object]:
    """What the item at `index` holds by name; the whole item under "".

    Several sequences count like the digits of a number, the last the lowest (`DictOfListsExpandInput` in
    `sdk/definitions/_internal/expandinput.py`). Raises ValueError for dicts that are none.
    """
    if over.dicts:
        return _dict_held(over, sequences[""], index)
    values: dict[str, object] = {}
    for name in reversed(over.arguments):
        index, place = divmod(index, lengths[name])
        values[name] = picked(sequences[name], place)
    return values


def picked(found: object, index: int) -> object:
    """The item at `index`, of a dict the pair. Raises TypeError where there are none."""
    if isinstance(found, dict):
        pairs = cast("dict[object, object]", found)
        return list(pairs.items())[index]
    if not isinstance(found, Sequence):
        raise TypeError(f"can't map over value of type {type(found)}")
    return cast("Sequence[object]", found)[index]


def _dict_held(over: Over, found: object, index: int) -> dict[str, object]:
    if not isinstance(found, Sequence):
        raise ValueError(f"expand_kwargs() expects a list[dict], not {_kind(found)}")
    item = cast("Sequence[object]", found)[index]
    if not isinstance(item, Mapping):
        raise ValueError(f"expand_kwargs() expects a list[dict], not list[{_kind(item)}]")
    pairs = cast("Mapping[object, object]", item)
    for key in pairs:
        if not isinstance(key, str):
            raise ValueError(f"expand_kwargs() input dict keys must all be str, but {key!r} is of type {_kind(key)}")
    values = cast("dict[str, object]", dict(pairs))
    twice = [key for key in values if key in over.taken]
    if twice:
        raise TypeError(f"expand_kwargs() got arguments that partial() was given too: {', '.join(twice)}")
    unknown = [] if over.names is None else [key for key in values if key not in over.names]
    if unknown:
        raise TypeError(f"expand_kwargs() got unexpected arguments: {', '.join(unknown)}")
    return values | {"": dict(values)}


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__


def size(value: object) -> int | None:
    """The length of what can be mapped over (`is_mappable_value` in `sdk/definitions/mappedoperator.py`), else None."""
    if isinstance(value, (dict, Sequence)) and not isinstance(value, (str, bytes, bytearray)):
        return len(cast("Sequence[object]", value))
    return None


def product(lengths: Iterable[int]) -> int:
    """How many items sequences of these lengths give."""
    total = 1
    for length in lengths:
        total *= length
    return total


def over_from_fields(fields: Fields) -> Over:
    """The event's field `over`; InvalidEvent, naming the field, where it is none."""
    over = Over(
        fields.object("arguments"),
        fields.flag("dicts"),
        fields.texts("names") if fields.has("names") else None,
        fields.texts("taken"),
        cast("dict[str, int]", fields.object("lengths")) if fields.has("lengths") else None,
        fields.flag("rendered"),
    )
    fields.close()
    return over
