"""Airflow's variables and connections inside a task: `var`, `conn`, `Variable` and `Connection`.

Where they are kept says `handler.context.secrets`. What is secret by Airflow's own rules is masked in all logs.
"""

from __future__ import annotations

import json
from typing import Any

from handler.context.connection import Connection
from handler.context.missing import missing
from handler.context.secrets import find
from handler.context.settings import second
from handler.errors import TaskError
from handler.errors_airflow import AirflowNotFoundException, AirflowRuntimeError
from handler.masking import mask, mask_named

NOT_SET: Any = object()


def read(key: str, *, as_json: bool) -> Any:
    """A variable; AirflowRuntimeError where there is none."""
    found = find("variables", key)
    if found is None:
        raise AirflowRuntimeError(f"VARIABLE_NOT_FOUND: Variable {key} not found")
    mask_named(key, found)
    if not as_json:
        return found
    try:
        value: Any = json.loads(found)
    except ValueError as error:
        if second():
            raise
        # Airflow 3 looks on where one place has something that it cannot read, and then has found nothing.
        raise AirflowRuntimeError(f"VARIABLE_NOT_FOUND: Variable {key} not found: {error}") from None
    mask_named(key, value)
    return value


def connection(conn_id: str) -> Connection:
    """A connection; AirflowNotFoundException where there is none."""
    found = find("connections", conn_id)
    if not found:
        raise AirflowNotFoundException(f"The conn_id `{conn_id}` isn't defined")
    try:
        made = Connection.parsed(conn_id, found)
    except (TaskError, ValueError) as error:
        # What the library says of it may hold a part of it.
        reason = str(error) if isinstance(error, TaskError) else "what is kept is no connection"
        raise AirflowNotFoundException(f"The conn_id `{conn_id}` isn't defined: {reason}") from None
    if made.password:
        mask(made.password)
    mask_named("extra", made.extra_dejson)
    return made


class VariableAccessor:
    """`var.value` and `var.json` of templates. `strict`: of Airflow 3, where nothing is not None."""

    def __init__(self, *, as_json: bool, strict: bool) -> None:
        self._as_json = as_json
        self._strict = strict
        self._last: Any = None

    def __getattr__(self, key: str) -> Any:
        if key.startswith("__"):
            raise AttributeError(key)
        try:
            self._last = read(key, as_json=self._as_json)
        except AirflowRuntimeError as error:
            if self._strict:
                raise
            raise KeyError(f"Variable {key} does not exist") from error
        return self._last

    def get(self, key: str, default: Any = NOT_SET) -> Any:
        """A variable, or the default."""
        try:
            return read(key, as_json=self._as_json)
        except AirflowRuntimeError as error:
            if default is not NOT_SET:
                return default
            if self._strict:
                raise missing(f"var.value.get({key!r}) of a variable that is not there, without a default,") from None
            raise KeyError(f"Variable {key} does not exist") from error

    def __repr__(self) -> str:
        # What Airflow 2 shows is what was read last.
        return "<VariableAccessor (dynamic access)>" if self._strict else str(self._last)


class ConnectionAccessor:
    """`conn` of templates. `strict`: of Airflow 3."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._last: Connection | None = None

    def __getattr__(self, conn_id: str) -> Connection:
        if conn_id.startswith("__"):
            raise AttributeError(conn_id)
        self._last = connection(conn_id)
        return self._last

    def get(self, conn_id: str, default_conn: Any = None) -> Any:
        """A connection, or the default."""
        try:
            return connection(conn_id)
        except AirflowNotFoundException:
            return default_conn

    def __repr__(self) -> str:
        return "<ConnectionAccessor (dynamic access)>" if self._strict else str(self._last and self._last.conn_id)


class Variable:
    """`airflow.sdk.Variable` and `airflow.models.Variable` of a task's code: reading alone."""

    @staticmethod
    def get(
        key: str,
        default: Any = NOT_SET,
        deserialize_json: bool = False,
        *,
        default_var: Any = NOT_SET,
    ) -> Any:
        """A variable, or the default; an error where there is neither."""
        fallback = default_var if default is NOT_SET else default
        try:
            return read(key, as_json=deserialize_json)
        except AirflowRuntimeError as error:
            if fallback is not NOT_SET:
                mask_named(key, fallback)
                return fallback
            if second():
                raise KeyError(f"Variable {key} does not exist") from error
            raise

    @staticmethod
    def set(*_: Any, **__: Any) -> None:
        """Not there: a machine's runs share no variables."""
        raise missing("Variable.set")


class BaseHook:
    """`get_connection` of Airflow's hooks, which is all that a task's code uses of the class itself."""

    @staticmethod
    def get_connection(conn_id: str) -> Connection:
        """A connection; AirflowNotFoundException where there is none."""
        return connection(conn_id)
