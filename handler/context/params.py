"""A run's params: the defaults of the DAG and the task, what the run overrides, each held to its schema.

As Airflow merges them (`process_params` of `sdk/definitions/param.py`). jsonschema is imported only for a schema that
asks for something.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, cast

from handler.codec import decode
from handler.context.settings import part, second
from handler.errors import InfrastructureError
from handler.errors_airflow import ParamValidationError
from handler.json_types import Json, JsonObject

#: Libraries without which jsonschema takes anything for such a format.
FORMATS = {"date-time": "rfc3339_validator", "duration": "isoduration"}


def resolve(known: JsonObject, own: JsonObject, conf: Mapping[str, Any]) -> dict[str, Any]:
    """The params of a task; ParamValidationError names one that is not valid. `own`: the task's, `conf`: the run's."""
    params: dict[str, Json] = {**part(known, "params"), **own}
    values: dict[str, Any] = {}
    overrides = overriding(known, conf)
    for name, param in params.items():
        declared = param if isinstance(param, dict) else {}
        if name not in overrides and "value" not in declared:
            raise ParamValidationError(
                f"Invalid input for param {name}: No value passed and Param has no default value"
            )
        value: Any = overrides[name] if name in overrides else decode(declared["value"])
        _validate(name, value, part(declared, "schema"))
        values[name] = value
    return values | {name: value for name, value in overrides.items() if name not in values}


def overriding(known: JsonObject, conf: Mapping[str, Any]) -> dict[str, Any]:
    """What a run sets of its params."""
    return dict(conf) if known.get("conf_overrides", True) else {}


def _validate(name: str, value: Any, schema: JsonObject) -> None:
    if not schema:
        return
    try:
        import jsonschema
    except ModuleNotFoundError as error:
        raise InfrastructureError("params with a schema need the library jsonschema where the function runs") from error
    library = cast("Any", jsonschema)
    # Airflow 2 does not bring what checks a duration.
    unchecked = {"duration"} if second() else set[str]()
    for one, needed in FORMATS.items():
        if one not in unchecked and f'"format": "{one}"' in json.dumps(schema) and find_spec(needed) is None:
            raise InfrastructureError(f"params of the format {one} need the library {needed} where the function runs")
    checker = library.FormatChecker(library.FormatChecker.checkers.keys() - unchecked)
    try:
        library.validate(value, decode(schema), format_checker=checker)
    except library.ValidationError as error:
        if second() and error.schema.get("format") == "date-time" and _is_iso_8601(value):
            return
        raise ParamValidationError(f"Invalid input for param {name}: {error.message}") from None


def _is_iso_8601(value: Any) -> bool:
    """Whether Airflow 2 takes it for a time although it is no RFC 3339 (`Param._warn_if_not_rfc3339_dt`)."""
    try:
        from pendulum.parsing.iso8601 import parse_iso8601
    except ModuleNotFoundError as error:
        raise InfrastructureError("params that are times need the library pendulum where the function runs") from error
    try:
        return isinstance(parse_iso8601(value), dt.datetime)
    except Exception:
        return False
