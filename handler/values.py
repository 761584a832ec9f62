"""What a task leaves behind: encoded while the try can still fail, written where the done record points to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias, cast

from handler.binary import binary_of, inline_binary, is_binary, unpack
from handler.codec import UNREADABLE, decode, dumps, from_bytes, loads, to_bytes
from handler.errors import InfrastructureError
from handler.items import size
from handler.json_types import Json, JsonObject
from handler.keys import TaskKeys
from handler.records import Done
from handler.store import Store

RETURN_VALUE = "return_value"

#: Airflow's `[core] max_map_length`, which bounds what a task can push for others to be mapped over.
MOST_MAPPED = 1024
_INLINE_VALUE_BYTES = 8 * 1024
_INLINE_RECORD_BYTES = 64 * 1024


class XComForMappingNotPushed(TypeError):
    """Others are mapped over the value of a task that left none."""


class UnmappableXComTypePushed(TypeError):
    """Others are mapped over a value that has no items."""


class UnmappableXComLengthPushed(ValueError):
    """Others are mapped over a value of too many items."""


class PartlyStored(Exception):
    """A task failed while its values were stored: `outputs` are those that were."""

    def __init__(self, original: Exception, outputs: Mapping[str, bytes]) -> None:
        super().__init__(str(original))
        self.original = original
        self.outputs = outputs


class Written(NamedTuple):
    """A value that its component has stored itself, at a key of the task and its attempt; so many bytes."""

    place: str
    size: int


Stored: TypeAlias = bytes | Written


def is_inline(data: bytes) -> bool:
    """Whether a value is so small that the done record may hold it."""
    return len(data) <= _INLINE_VALUE_BYTES


def encode_outputs(
    returned: object, *, multiple_outputs: bool, through_json: bool, plain_json: bool = False
) -> dict[str, bytes]:
    """The values of a task by key: what it returned, and with `multiple_outputs` each item of that dict as well.

    None leaves nothing. Raises PartlyStored where one cannot be stored: those before it stay, as in Airflow 3
    (`_push_xcom_if_needed` in `sdk/execution_time/task_runner.py`).
    """
    if returned is None:
        return {}
    outputs = dict(_items(returned)) if multiple_outputs else {}
    outputs[RETURN_VALUE] = returned
    stored: dict[str, bytes] = {}
    for key, item in outputs.items():
        try:
            stored[key] = dumps(_plain(item) if plain_json else item, through_json=through_json)
        except Exception as error:
            # Airflow 2 writes all of them or none.
            raise PartlyStored(error, {} if plain_json else stored) from error
    return stored


def _is_unreadable(data: bytes) -> bool:
    return data.startswith(UNREADABLE)


def _plain(value: object) -> object:
    from handler.plain_json import plain

    return plain(value)


def check_mappable(returned: object) -> None:
    """Raise what makes Airflow fail a task whose value others are mapped over (`_push_xcom_if_needed`)."""
    if returned is None:
        raise XComForMappingNotPushed("did not push XCom for task mapping")
    length = size(returned)
    if length is None:
        raise UnmappableXComTypePushed(f"unmappable return type {type(returned).__qualname__!r}")
    if length > MOST_MAPPED:
        raise UnmappableXComLengthPushed(f"unmappable return value length: {length} > {MOST_MAPPED}")


def _items(returned: object) -> dict[str, object]:
    if not isinstance(returned, dict):
        raise TypeError(f"a task with multiple outputs has to return a dict, not {type(returned).__name__}")
    items = cast("dict[object, object]", returned)
    for key in items:
        if not isinstance(key, str):
            raise TypeError(f"a task with multiple outputs has to return string keys, not {key!r}")
    return cast("dict[str, object]", items)


def write_outputs(
    store: Store, keys: TaskKeys, attempt: str, outputs: Mapping[str, Stored], *, length: int | None = None
) -> JsonObject:
    """Write the large values, and return the `values` of the done record: small ones whole, else their keys.

    A value of up to 8 KiB is small, up to 64 KiB of them together. `length` is that of the return value.
    """
    values: JsonObject = {}
    inline = 0
    for key, data in outputs.items():
        known: JsonObject = {"length": length} if key == RETURN_VALUE and length is not None else {}
        if isinstance(data, Written):
            values[key] = {"ref": data.place, "bytes": data.size}
        # The length is needed without a look at the value, where that cannot be read.
        elif is_inline(data) and inline + len(data) <= _INLINE_RECORD_BYTES and not (known and _is_unreadable(data)):
            inline += len(data)
            values[key] = {"inline": inline_binary(data) if is_binary(data) else from_bytes(data)}
        else:
            place = keys.value(attempt, key)
            store.put(place, data)
            values[key] = {"ref": place, "bytes": len(data), **known}
    return values


def read_output(store: Store, record: Done, key: str) -> object:
    """The value a done task left under `key`; KeyError if it left none, InfrastructureError if it is lost."""
    stored: Json = record.values[key]
    if isinstance(stored, dict) and "inline" in stored:
        return _decoded(f"{key} of {record.task}", stored["inline"])
    return read_bytes(f"{key} of {record.task}", stored_bytes(store, record, key))


def stored_bytes(store: Store, record: Done, key: str) -> bytes:
    """The bytes of the value a done task left under `key`, not decoded; InfrastructureError if it is lost."""
    stored = record.values[key]
    if isinstance(stored, dict) and "inline" in stored:
        data = binary_of(stored["inline"])
        return to_bytes(stored["inline"]) if data is None else data
    place = stored.get("ref") if isinstance(stored, dict) else None
    data = store.get(place) if isinstance(place, str) else None
    if data is None:
        raise InfrastructureError(f"the store has lost the value {key} of {record.task} ({place})")
    return data


def read_bytes(name: str, data: bytes) -> object:
    """A value out of the store's bytes; InfrastructureError, naming it, where they are none of the codec's."""
    if is_binary(data):
        return unpack(name, data)
    try:
        return loads(data)
    except ValueError as error:
        raise InfrastructureError(f"{name} cannot be read back: {error}") from error


def _decoded(name: str, tree: Json) -> object:
    if (data := binary_of(tree)) is not None:
        return unpack(name, data)
    try:
        return decode(tree)
    except ValueError as error:
        raise InfrastructureError(f"{name} cannot be read back: {error}") from error
