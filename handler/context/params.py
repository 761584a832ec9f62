"""A run's params: the defaults of the DAG and the task, what the run overrides, each held to its schema.

As Airflow merges them (`process_params` of `sdk/definitions/param.py`). jsonschema is imported only for a schema that
asks for something.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from handler.codec import decode
from handler.context.settings import part
from handler.errors import InfrastructureError
from handler.errors_airflow import ParamValidationError
from handler.json_types import Json, JsonObject


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
    try:
        library.validate(value, decode(schema), format_checker=library.FormatChecker())
    except library.ValidationError as error:
        raise ParamValidationError(f"Invalid input for param {name}: {error.message}") from None
