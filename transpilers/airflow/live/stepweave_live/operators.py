"""Operators, sensors and task decorators of providers that are missing: tasks in the graph that could never run."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from .engine import engine
from .fabricated import Fabricated, from_users_code
from .facts import MARK, Facts, decorated, facts

#: The default of a parameter of which only the name is known.
NOT_GIVEN = object()
#: Where Airflow keeps what is built on here, in versions 2 and 3.
PLACES = {
    "BaseOperator": ("models.baseoperator", "sdk"),
    "BaseSensorOperator": ("sensors.base", "sdk"),
    "DecoratedOperator": ("decorators.base", "sdk.bases.decorator"),
    "TaskDecoratorCollection": ("decorators", "sdk.definitions.decorators"),
    "task_decorator_factory": ("decorators.base", "sdk.bases.decorator"),
}


def known(name: str) -> Any:
    """One of these, of the Airflow of this interpreter."""
    second, third = PLACES[name]
    return getattr(import_module(f"airflow.{third if engine().major == 3 else second}"), name)


class AllFields(tuple[str, ...]):
    """The rendered fields of a class of which nothing is known: an output among its arguments is one to wait for."""

    __slots__ = ()

    def __contains__(self, _: object) -> bool:
        return True


def operator(name: str) -> type[Any]:
    """The operator class of the dotted name `name`; an unknown one is a sensor if its name ends in Sensor."""
    told = facts(name)
    sensor = told.sensor if told else name.endswith("Sensor")
    return _made(name, known("BaseSensorOperator" if sensor else "BaseOperator"), told)


def partial(name: str, kwargs: dict[str, Any]) -> Any:
    """`Operator.partial(...)` of such a class."""
    return operator(name).partial(**kwargs)


def decorator(name: str) -> Callable[..., Any]:
    """What `@task.name` makes tasks with."""
    factory = known("task_decorator_factory")
    full = decorated(name)
    cls = _made(full or f"airflow.sdk.task.{name}", known("DecoratedOperator"), facts(full))
    cls.custom_operator_name = f"@task.{name}"

    def decorate(python_callable: Any = None, **kwargs: Any) -> Any:
        return factory(python_callable, decorated_operator_class=cls, **kwargs)

    return decorate


@cache
def _made(name: str, base: type[Any], told: Facts | None) -> type[Any]:
    module, _, short = name.rpartition(".")
    taken = _parameters(base)
    own = sorted(told.parameters - taken) if told else []
    fields = told.fields if told else None

    def init(self: Any, *, default_args: dict[str, Any] | None = None, **kwargs: Any) -> None:
        given = {key: value for key, value in kwargs.items() if key in taken}
        self.stepweave_kwargs = {key: value for key, value in kwargs.items() if key not in taken}
        passed = self._BaseOperator__init_kwargs
        for key in set(default_args or ()) - taken - set(kwargs) - {"dag", "task_group"} if told is None else ():
            passed[key] = Fabricated(f"default_args[{key!r}]")
        above: Any = base.__init__
        above(self, **given, default_args=default_args)
        for field in set(fields or ()) - taken:
            # Some constructors keep an argument with `_` before its name.
            key = field if field in kwargs else field.removeprefix("_")
            if key in kwargs:
                object.__setattr__(self, field, kwargs[key])

    def missing(self: Any, key: str) -> Any:
        if key.startswith("_") or not from_users_code():
            raise AttributeError(key)
        kwargs: dict[str, Any] = self.__dict__.get("stepweave_kwargs", {})
        return kwargs[key] if key in kwargs else Fabricated(f"{name}(...).{key}")

    def assign(self: Any, key: str, value: Any) -> None:
        above: Any = base.__setattr__
        above(self, key, value)
        if key not in taken and not key.startswith("_") and from_users_code():
            self._BaseOperator__init_kwargs[key] = value

    # Airflow's constructors take from default_args what their signature names.
    plain = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=NOT_GIVEN) for name in own]
    signature = inspect.signature(init)
    *before, rest = signature.parameters.values()
    vars(init)["__signature__"] = signature.replace(parameters=[*before, *plain, rest])
    above_fields: tuple[str, ...] = tuple(getattr(base, "template_fields", None) or ())
    rendered = AllFields((*above_fields, "stepweave_kwargs")) if fields is None else fields
    body: dict[str, Any] = {
        "__init__": init,
        "__getattr__": missing,
        "__setattr__": assign,
        "__module__": module,
        "__qualname__": short,
        "template_fields": rendered,
        "execute": _never,
        MARK: True,
    }
    return _meta(type(base))(short, (base,), body)


def _never(*_: Any) -> None:
    """Such a task is not run."""


@cache
def _meta(meta: type) -> type:
    """A metaclass whose classes have every name that the user's code asks for."""

    def missing(cls: Any, key: str) -> Any:
        if key.startswith("_") or not from_users_code():
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {key!r}")
        return Fabricated(f"{cls.__module__}.{cls.__qualname__}.{key}")

    return type("FabricatedMeta", (meta,), {"__getattr__": missing})


def _parameters(cls: type[Any]) -> set[str]:
    found: set[str] = set()
    for base in cls.__mro__:
        if "__init__" in vars(base) and base is not object:
            found.update(inspect.signature(vars(base)["__init__"]).parameters)
    return found - {"self", "args", "kwargs"}
