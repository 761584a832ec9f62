"""Events that were too large for their state: the state names a file that holds the rest.

It is in `events/` of the user's code, or under `events/` in the store.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import cast

from handler.dispatch import user_folders
from handler.errors import InvalidEvent
from handler.json_types import JsonObject
from handler.store import from_environment

FOLDER = "events"


def whole(event: JsonObject) -> JsonObject:
    """The event with what its file holds; InvalidEvent where that is not there, or not what the state means."""
    name = event.get("rest")
    if not isinstance(name, str):
        raise InvalidEvent(f"rest: the SHA-256 of a file is expected, not {name!r}")
    data = _in_user_folders(f"{os.path.basename(name)}.json") or from_environment().get(f"{FOLDER}/{name}.json")
    if data is None:
        raise InvalidEvent(f"rest: {FOLDER}/{name}.json is neither in the code nor in the store")
    if hashlib.sha256(data).hexdigest() != name:
        raise InvalidEvent(f"rest: {FOLDER}/{name}.json was changed since the machine was compiled, and is not read")
    told = {key: value for key, value in event.items() if key != "rest"}
    return cast("JsonObject", json.loads(data)) | told


def _in_user_folders(name: str) -> bytes | None:
    for folder in user_folders():
        try:
            with open(os.path.join(folder, FOLDER, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            continue
    return None
