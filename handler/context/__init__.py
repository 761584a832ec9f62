"""What a task's code may ask about its run: the source engine's context, made only for tasks that use it.

Nothing here imports a third party until it is asked for: pendulum with the first date object, jinja2 with the first
template, croniter with a cron schedule that has intervals.
"""

from handler.context.build import open_context
from handler.context.mapping import Context

__all__ = ["Context", "open_context"]
