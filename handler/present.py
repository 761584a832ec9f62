"""What the present item of a mapped task holds."""

from __future__ import annotations

from typing import cast

from handler.arguments import Reading, load
from handler.errors import Failed, InfrastructureError
from handler.items import Over, held, manifest_from_bytes, manifest_key


def present_item(task: str, index: int, over: Over, reading: Reading) -> dict[str, object]:
    """The values of the item at `index` by name. What looking at them raises is the task's own."""
    lengths = over.lengths
    if lengths is None:
        key = manifest_key(reading.run, task)
        data = reading.store.get(key)
        if data is None:
            raise InfrastructureError(f"task {task} has an item and no manifest: there is no {key}")
        lengths = manifest_from_bytes(key, data).lengths
    sequences = {name: load(argument, reading) for name, argument in over.arguments.items()}
    found = held(over, sequences, lengths, index)
    if over.plain and (template := _template(found)):
        raise Failed(
            f"an item of expand_kwargs() holds the template {template[:80]!r}, which the source engine would render: "
            "render it in the task that makes the items"
        )
    return found


def _template(value: object) -> str:
    """The first string in a value that is more to Jinja than text."""
    if isinstance(value, str):
        return value if any(mark in value for mark in ("{{", "{%", "{#")) else ""
    items: list[object] = []
    if isinstance(value, dict):
        items = list(cast("dict[object, object]", value).values())
    elif isinstance(value, list | tuple | set):
        items = list(cast("list[object]", value))
    return next((found for found in map(_template, items) if found), "")
