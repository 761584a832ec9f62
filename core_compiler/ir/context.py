"""What a machine's runs know of themselves: the source engine's context, as far as it is known before a run.

Ships as `context.json` beside the user's code, where the handler reads it (`handler/context/settings.py`). All values
are in the store's codec.
"""

from __future__ import annotations

import msgspec


class Timetable(msgspec.Struct, frozen=True, omit_defaults=True):
    """When runs are started, and what each is about.

    `kind`: none, trigger (an interval of `width` seconds ends when it fires) or interval (from one firing to the next).
    One of `cron` and `seconds` says when it fires, in the time zone `zone` (an IANA name).
    """

    kind: str = "none"
    cron: str = ""
    seconds: float | None = None
    zone: str = "UTC"
    width: float = 0.0


class Param(msgspec.Struct, frozen=True, omit_defaults=True):
    """A param that a run may override: its default, if it has one, and the JSON Schema that holds it."""

    value: object | msgspec.UnsetType = msgspec.UNSET
    schema: dict[str, object] = {}


class UserObject(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the user gives templates under a name: a callable (`module:name`), a module or a value."""

    callable: str = ""
    module: str = ""
    value: object | msgspec.UnsetType = msgspec.UNSET


class Templates(msgspec.Struct, frozen=True, omit_defaults=True):
    """How templates are rendered. `search`: folders below the shipped `templates/`, in order."""

    undefined: str = "StrictUndefined"
    search: tuple[str, ...] = ()
    macros: dict[str, UserObject] = {}
    filters: dict[str, UserObject] = {}
    options: dict[str, object] = {}


class TaskFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the context knows of a task: its operator, what is upstream and downstream of it, known arguments."""

    operator: str = ""
    name: str = ""
    upstream: tuple[str, ...] = ()
    downstream: tuple[str, ...] = ()
    attributes: dict[str, object] = {}
    params: dict[str, Param] = {}
    map_index_template: str | None = None


class RunContext(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The context of a workflow's runs.

    `dialect`: whose meaning of dates it is, airflow-3 or airflow-2. `facts`: known arguments of the whole workflow.
    `order`: the ids of all tasks; `tasks`: of those that use the context. `conf_overrides`: whether a run may override
    params.
    """

    name: str = ""
    dialect: str = "airflow-3"
    timetable: Timetable = Timetable()
    params: dict[str, Param] = {}
    conf_overrides: bool = True
    templates: Templates = Templates()
    facts: dict[str, object] = {}
    order: tuple[str, ...] = ()
    tasks: dict[str, TaskFacts] = {}

    @property
    def checked(self) -> bool:
        """Whether a run's input can be refused for its params: it then is, before any task."""
        groups = (self.params, *(task.params for task in self.tasks.values()))
        return any(param.schema or param.value is msgspec.UNSET for params in groups for param in params.values())


def encode_context(context: RunContext) -> bytes:
    """As the file that ships. Names stay in their order: templates show it, as in `{{ params }}`."""
    return msgspec.json.format(msgspec.json.encode(context), indent=1) + b"\n"
