"""What the present item of a mapped task holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from handler.arguments import Reading, load
from handler.errors import InfrastructureError, InvalidEvent
from handler.items import Over, held, manifest_from_bytes, manifest_key

if TYPE_CHECKING:
    from handler.context import Context

#: Text without any of these is the same to Jinja, as long as it renders into text.
MARKS = ("{", "\n", "\r")


def present_item(task: str, index: int, over: Over, reading: Reading) -> dict[str, object]:
    """The values of the item at `index` by name. What looking at them or rendering them raises is the task's own."""
    lengths = over.lengths
    if lengths is None:
        key = manifest_key(reading.run, task)
        data = reading.store.get(key)
        if data is None:
            raise InfrastructureError(f"task {task} has an item and no manifest: there is no {key}")
        lengths = manifest_from_bytes(key, data).lengths
    sequences = {name: load(argument, reading) for name, argument in over.arguments.items()}
    found = held(over, sequences, lengths, index)
    if not over.rendered:
        return found
    if reading.context is None:
        raise InvalidEvent("over.rendered: templates need the event's context")
    return _rendered(found, reading.context)


def _rendered(found: dict[str, object], context: Context) -> dict[str, object]:
    """As Airflow renders what dicts of a run hold; jinja2 is loaded only for text that it may change."""
    task: Any = context["task"]
    marks = ("",) if task.dag.render_template_as_native_obj else (*MARKS, *task.template_ext)
    if not _has_text(found, marks):
        return found
    whole = cast("dict[str, object]", task.render_template(found.pop(""), context))
    return whole | {"": dict(whole)}


def _has_text(value: object, marks: tuple[str, ...]) -> bool:
    match value:
        case str():
            return any(mark in value for mark in marks)
        case dict():
            return any(_has_text(item, marks) for item in cast("dict[object, object]", value).values())
        case list() | tuple() | set():
            return any(_has_text(item, marks) for item in cast("list[object]", value))
        case _:
            return False
