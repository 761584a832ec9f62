"""Jinja as Airflow sets it up (`sdk/definitions/_internal/templater.py`; in Airflow 2 `template/templater.py`)."""

from __future__ import annotations

import copy
import os
from functools import lru_cache
from typing import Any, cast

from handler.codec import decode
from handler.context.deprecated import native_value
from handler.context.mapping import Context
from handler.context.missing import Absent, Model, missing
from handler.context.objects import Dag, Task
from handler.context.settings import part, settings, word
from handler.dispatch import resolve, user_folders
from handler.errors import InfrastructureError
from handler.json_types import Json, JsonObject

#: Where the files of templates lie, below the user's code.
FOLDER = "templates"


def render(context: Context, text: str, *, file: str, native: bool) -> Any:
    """A template rendered in the context; what Jinja raises is the task's failure."""
    environment = environment_of(native=native)
    template = environment.get_template(file) if file else environment.from_string(text)
    return _filled(template, context, native=native)


def environment_of(*, native: bool) -> Any:
    """Jinja's environment for the DAG's templates."""
    return _environment(settings_key(), native)


def render_content(content: Any, context: Any, task: Task, environment: Any, seen: set[int]) -> Any:
    """What `task.render_template` of the user's code gives (`Templater.render_template`): strings are rendered, in
    collections and in the fields that an object names as its `template_fields` too; `seen` are such objects' ids.
    """
    if id(content) in seen:
        return content

    def inner(item: Any) -> Any:
        return render_content(item, context, task, environment, seen)

    if isinstance(content, str):
        of_file = content.endswith(tuple(task.template_ext))
        template = environment.get_template(content) if of_file else environment.from_string(content)
        return _filled(template, context, native=task.dag.render_template_as_native_obj)
    if not hasattr(content, "__fspath__") and (resolve_in := getattr(content, "resolve", None)):
        return resolve_in(context)
    kind = content.__class__
    if isinstance(content, tuple):
        items = tuple(map(inner, cast("tuple[Any, ...]", content)))
        return items if kind is tuple else kind(*items)
    if isinstance(content, list | set):
        return (list if isinstance(content, list) else set)(map(inner, cast("list[Any]", content)))
    if isinstance(content, dict):
        return {key: inner(item) for key, item in cast("dict[Any, Any]", content).items()}
    seen.add(id(content))
    for name in getattr(content, "template_fields", ()):
        value = getattr(content, name)
        if value:
            made = value(context=context, jinja_env=environment) if callable(value) else inner(value)
            setattr(content, name, made)
    return content


def _filled(template: Any, context: Any, *, native: bool) -> Any:
    environment = template.environment
    values = copy.copy(context)
    for name, value in template.globals.items():
        if name not in values:
            values[name] = value
    made = environment.context_class(environment, values, template.name, template.blocks)
    try:
        nodes = template.root_render_func(made)
        if native:
            return native_value(nodes)
        return "".join(nodes)
    except Exception:
        return environment.handle_exception()


def settings_key() -> tuple[tuple[str, int], ...]:
    """What the environment depends on: the settings' file may differ from one bundle to the next in one process."""
    places = [os.path.join(folder, "context.json") for folder in user_folders()]
    return tuple((place, os.stat(place).st_mtime_ns) for place in places if os.path.isfile(place))


@lru_cache(maxsize=8)
def _environment(_key: object, native: bool) -> Any:
    try:
        import jinja2
        from jinja2.nativetypes import NativeEnvironment
        from jinja2.sandbox import SandboxedEnvironment, is_internal_attribute
    except ModuleNotFoundError as error:
        raise InfrastructureError("templates need the library jinja2 where the function runs") from error

    class Lenient:
        """Names with one underscore are allowed, as Airflow allows them."""

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            """Whether a template may read it."""
            return not is_internal_attribute(obj, attr)

    class Sandboxed(Lenient, SandboxedEnvironment):  # pyright: ignore
        """Renders into texts."""

    class Native(Lenient, NativeEnvironment):  # pyright: ignore
        """Renders into values."""

    class Shipped(jinja2.FileSystemLoader):  # pyright: ignore
        """The files that ship. One that does not may lie beside the DAG: `ignore missing` must not hide it."""

        def get_source(self, environment: Any, template: str) -> Any:
            """Its text."""
            try:
                return super().get_source(environment, template)
            except jinja2.TemplateNotFound as error:
                raise missing(f"the template file {template}") from error

    known = part(settings(), "templates")
    undefined: Any = getattr(jinja2, word(known, "undefined", "StrictUndefined"))
    options: dict[str, Any] = {"undefined": undefined, "extensions": ["jinja2.ext.do"], "cache_size": 0}
    search = known.get("search")
    folders = [os.path.join(folder, FOLDER) for folder in user_folders()]
    paths = [os.path.join(folder, str(path)) for folder in folders for path in (search or ["."])]  # type: ignore
    options["loader"] = Shipped(paths)
    options |= cast("dict[str, Any]", decode(part(known, "options")))
    options.setdefault("finalize", _exact)
    environment: Any = (Native if native else Sandboxed)(**options)
    environment.filters.update(FILTERS)
    environment.globals.update(_user(part(known, "macros")))
    environment.filters.update(_user(part(known, "filters")))
    return environment


def _user(tree: JsonObject) -> dict[str, Any]:
    """The user's macros and filters: functions that were taken out, and values."""
    return {name: _one(item) for name, item in tree.items()}


def _one(item: Json) -> Any:
    found = item if isinstance(item, dict) else {}
    if "callable" in found:
        return resolve(str(found["callable"]))
    if "module" in found:
        import importlib

        return importlib.import_module(str(found["module"]))
    return decode(found["value"])


def _exact(value: Any) -> Any:
    """What is written into the text has to be what the engine would write."""
    if isinstance(value, Absent) or (isinstance(value, Model) and not isinstance(value, (Dag, Task))):
        raise missing(f"the text of {value!r}")
    return value


def _day(value: Any) -> Any:
    return None if value is None else value.strftime("%Y-%m-%d")


def _day_nodash(value: Any) -> Any:
    return None if value is None else value.strftime("%Y%m%d")


def _stamp(value: Any) -> Any:
    return None if value is None else value.isoformat()


def _stamp_nodash(value: Any) -> Any:
    return None if value is None else value.strftime("%Y%m%dT%H%M%S")


def _stamp_nodash_with_zone(value: Any) -> Any:
    return None if value is None else value.isoformat().replace("-", "").replace(":", "")


FILTERS = {
    "ds": _day,
    "ds_nodash": _day_nodash,
    "ts": _stamp,
    "ts_nodash": _stamp_nodash,
    "ts_nodash_with_tz": _stamp_nodash_with_zone,
}
