"""`context.json` beside the user's code: what a bundle's machine knows of its workflow before any run.

Written by the compiler (`core_compiler.ir.context.RunContext`); everything in it is optional.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import cast

from handler.dispatch import user_folders
from handler.errors import InfrastructureError
from handler.json_types import Json, JsonObject

NAME = "context.json"
AIRFLOW_2, AIRFLOW_3 = "airflow-2", "airflow-3"


def settings() -> JsonObject:
    """The settings of the bundle this handler runs for; {} where it has none."""
    for folder in user_folders():
        place = os.path.join(folder, NAME)
        if os.path.isfile(place):
            return _read(place, os.stat(place).st_mtime_ns)
    return {}


def second() -> bool:
    """Whether the workflow means what Airflow 2 means."""
    return word(settings(), "dialect") == AIRFLOW_2


def part(tree: JsonObject, name: str) -> JsonObject:
    """An object inside an object, {} where it is not there."""
    found = tree.get(name)
    return found if isinstance(found, dict) else {}


def word(tree: JsonObject, name: str, default: str = "") -> str:
    """A string inside an object."""
    found: Json = tree.get(name)
    return found if isinstance(found, str) else default


@lru_cache(maxsize=8)
def _read(place: str, _changed: int) -> JsonObject:
    try:
        with open(place, encoding="utf-8") as source:
            found: object = json.load(source)
    except (OSError, ValueError) as error:
        raise InfrastructureError(f"{place} cannot be read: {error}") from error
    return cast("JsonObject", found) if isinstance(found, dict) else {}
