"""A rule's message and hint as they read before values are known, for the documentation and SARIF."""

from __future__ import annotations

from string import Formatter


def readable(template: str) -> str:
    """The template with each field as its name in angle brackets.

    >>> readable("the task id {task!r} is used {times:,} times")
    'the task id <task> is used <times> times'
    """
    return "".join(
        text if field is None else f"{text}<{field}>" for text, field, _spec, _conversion in Formatter().parse(template)
    )
