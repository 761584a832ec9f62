"""The run's context on its way through the machine: the start state takes it from the execution, events carry it.

Only what the execution was given and when it started travels; the handler makes dates and names of it, which are the
same for each task and each retry, since they follow from nothing else. Children get it from their parent as data.
"""

from __future__ import annotations

from core_compiler.asl.expressions import expression
from core_compiler.ir import Calendar, PythonCallable, Task, Wait, Workflow, rendered

#: Where an event carries the context.
CONTEXT = expression("$context")
CONTEXT_EXPRESSION = expression("{'started': $states.context.Execution.StartTime, 'input': $states.input}")


def uses_context(task: Task) -> bool:
    """Whether the task's event carries the context."""
    match task.component:
        case PythonCallable(context=True) | Calendar(logical=True) | Wait():
            return True
        case _:
            return any(map(rendered, task.arguments())) or (task.mapping is not None and task.mapping.rendered)


def has_context(workflow: Workflow) -> bool:
    """Whether the machine needs it at all."""
    checked = workflow.context is not None and workflow.context.checked
    return checked or any(map(uses_context, workflow.tasks))


def begin_event() -> dict[str, object]:
    """The event that holds a run's input to the schemas of its params."""
    return {"v": 1, "op": "begin", "context": CONTEXT}
