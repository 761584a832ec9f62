"""What the present item of a mapped task holds."""

from __future__ import annotations

from handler.arguments import Reading, load
from handler.errors import InfrastructureError
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
    return held(over, sequences, lengths, index)
