"""`Task.get_params` looks at every attribute of a class, several times a task: most of what a large tree costs."""

# pyright: basic
# Luigi has types for a part of itself only.
from __future__ import annotations

from typing import Any


def remember() -> None:
    """Let Luigi look once a class, and again where the class or a base of it has more attributes, or a parameter was
    made, since: Luigi leaves room to extend classes at any time."""
    from luigi.parameter import Parameter
    from luigi.task import Task

    original: Any = Task.get_params.__func__  # pyright: ignore[reportFunctionMemberAccess]
    found: dict[type, tuple[list[int], list[tuple[str, Any]]]] = {}

    def get_params(cls: type) -> list[tuple[str, Any]]:
        state = [Parameter._counter, *(len(base.__dict__) for base in cls.__mro__)]
        before, parameters = found.get(cls, ([], []))
        if before != state:
            parameters = original(cls)
            found[cls] = state, parameters
        return list(parameters)

    Task.get_params = classmethod(get_params)  # pyright: ignore[reportAttributeAccessIssue]
