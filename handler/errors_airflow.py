"""Airflow's exceptions, as a task's code imports, raises, catches and prints them (`sdk/exceptions.py`).

Under Airflow's own names and with its hierarchy, so that `except AirflowException` lets the same through.
"""

from __future__ import annotations

from handler.errors import Failed, Skipped, TaskError


class AirflowException(TaskError):
    """A failed try."""


class AirflowFailException(Failed, AirflowException):
    """The task fails at once."""


class AirflowSensorTimeout(Failed, AirflowException):
    """The task fails at once."""


class AirflowSkipException(Skipped, AirflowException):
    """The task ends as skipped."""


class AirflowNotFoundException(AirflowException):
    """A connection is not there."""


class AirflowRuntimeError(Exception):
    """What Airflow 3 raises where a variable is not there."""


class ParamValidationError(AirflowException, ValueError):
    """A param is missing, or is not what its schema asks for."""
