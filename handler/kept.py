"""Events that were too large for their state: the state names a file beside the user's code that holds the rest."""

from __future__ import annotations

import hashlib
import json
import os
from typing import cast

from handler.dispatch import user_folders
from handler.errors import InvalidEvent
from handler.json_types import JsonObject

FOLDER = "events"


def whole(event: JsonObject) -> JsonObject:
    """The event with what its file holds; InvalidEvent where that is not there, or not what the state means."""
    name = event.get("rest")
    if not isinstance(name, str):
        raise InvalidEvent(f"rest: the SHA-256 of a file is expected, not {name!r}")
    data = _read(f"{os.path.basename(name)}.json")
    if data is None:
        raise InvalidEvent(f"rest: {FOLDER}/{name}.json is not in the code: deploy the bundle's whole lambda folder")
    if hashlib.sha256(data).hexdigest() != name:
        raise InvalidEvent(f"rest: {FOLDER}/{name}.json was changed since the machine was compiled, and is not read")
    told = {key: value for key, value in event.items() if key != "rest"}
    return cast("JsonObject", json.loads(data)) | told


def _read(name: str) -> bytes | None:
    for folder in user_folders():
        try:
            with open(os.path.join(folder, FOLDER, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            continue
    return None
