"""`task_state_store`: what a task keeps from one try to the next, by key.

Of one task in one run, of a mapped one for each item, as Airflow 3.3 has it (`TaskStateStoreAccessor` of
`sdk/execution_time/context.py`, `MetastoreBackend` of `state/metastore.py`). Nothing reads it when the run is over.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, NoReturn, cast

from handler.codec import from_bytes, to_bytes
from handler.context.missing import Model
from handler.errors import InfrastructureError
from handler.json_types import Json
from handler.keys import TaskKeys
from handler.store import Store

NEVER_EXPIRE = dt.timedelta.max
VERSION = 1


class ServerResponseError(Exception):
    """What Airflow's server does not take."""


class TaskStateStoreAccessor(Model):
    """Values of JSON's types by key. Each is written at once and lies in the store until the run's records go.

    Airflow deletes values some time after their retention, with `airflow db clean`; until then it gives them out.
    """

    def __init__(self, store: Store, keys: TaskKeys) -> None:
        self._store = store
        self._keys = keys

    def get(self, key: str, default: Any = None) -> Any:
        """The value under `key`, else the default."""
        place = self._keys.state(_checked(key))
        found = self._store.get(place)
        return default if found is None else _read(place, found)

    def set(self, key: str, value: Any, *, retention: dt.timedelta | None = None) -> None:
        """Write or replace a value; ValueError for None and for what JSON has no word for."""
        if value is None:
            raise ValueError("Cannot set value as None")
        if retention is not None and retention is not NEVER_EXPIRE:
            # Only so that a retention which Airflow cannot add to a time fails here too.
            _ = dt.datetime.now(dt.UTC) + retention
        if isinstance(value, float) and not math.isfinite(value):
            raise ServerResponseError("value must be a finite number; NaN and Inf are not JSON representable")
        place = self._keys.state(_checked(key))
        self._store.put(place, to_bytes({"v": VERSION, "value": _json(value)}))

    def delete(self, key: str) -> None:
        """Forget the value under `key`, if there is one."""
        self._store.delete(self._keys.state(_checked(key)))

    def clear(self) -> None:
        """Forget all values of this task."""
        for place in list(self._store.list(self._keys.states)):
            self._store.delete(place)

    def __getattr__(self, name: str) -> NoReturn:
        # Airflow's object answers like this, and a task may look for what a later version has.
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TaskStateStoreAccessor) and self._keys == other._keys

    def __hash__(self) -> int:
        return hash(self._keys)


def _checked(key: object) -> str:
    if not isinstance(key, str):
        raise ValueError(f"a key is a string, not {key!r}")
    if key in ("", ".", ".."):
        raise ServerResponseError(f"{key!r} is no key")
    return key


def _json(value: object) -> Json:
    """With plain types; what is no number inside a collection becomes null, as in Airflow."""
    match value:
        case None | bool():
            return value
        case str():
            value.encode()
            return str(value)
        case int():
            return int(value)
        case float():
            return float(value) if math.isfinite(value) else None
        case list():
            return [_json(item) for item in cast("list[object]", value)]
        case dict():
            items = cast("dict[object, object]", value)
            if not all(isinstance(key, str) for key in items):
                raise ValueError("input was not a valid JSON value: its keys are not all strings")
            return {str(key): _json(item) for key, item in items.items()}
        case _:
            raise ValueError(f"input was not a valid JSON value: {type(value).__name__}")


def _read(place: str, data: bytes) -> Json:
    try:
        tree = from_bytes(data)
    except ValueError as error:
        raise InfrastructureError(f"{place} cannot be read back: {error}") from error
    if not isinstance(tree, dict) or tree.get("v") != VERSION or "value" not in tree:
        raise InfrastructureError(f"{place} is no value of a task's state")
    return tree["value"]
