"""Where moto's interpreter differs from AWS Step Functions: one difference a file, all of them in one tuple."""

from __future__ import annotations

from collections.abc import Callable

# Before any of moto's interpreter.
from transpilers.local import deferred  # noqa: F401  # pyright: ignore[reportUnusedImport]

# isort: split
from transpilers.local.corrections.abandoned_work import abandoned_work
from transpilers.local.corrections.assignments import assignments
from transpilers.local.corrections.choice_without_match import choice_without_match
from transpilers.local.corrections.client_errors import client_errors
from transpilers.local.corrections.distributed_children import distributed_children
from transpilers.local.corrections.error_names import error_names
from transpilers.local.corrections.errors_of_branches import errors_of_branches
from transpilers.local.corrections.json_output import json_output
from transpilers.local.corrections.jsonata_expressions import jsonata_expressions
from transpilers.local.corrections.prompt_endings import prompt_endings
from transpilers.local.corrections.query_language_scope import query_language_scope
from transpilers.local.corrections.sdk_parameter_names import sdk_parameter_names
from transpilers.local.corrections.single_parse import single_parse
from transpilers.local.corrections.start_time import start_time
from transpilers.local.corrections.tolerated_failures import tolerated_failures
from transpilers.local.corrections.unstarted_executions import unstarted_executions
from transpilers.local.corrections.whole_numbers import whole_numbers
from transpilers.local.patches import Patches

Correction = Callable[[Patches], None]

CORRECTIONS: tuple[Correction, ...] = (
    jsonata_expressions,
    query_language_scope,
    single_parse,
    sdk_parameter_names,
    json_output,
    whole_numbers,
    start_time,
    assignments,
    choice_without_match,
    client_errors,
    error_names,
    errors_of_branches,
    distributed_children,
    tolerated_failures,
    abandoned_work,
    prompt_endings,
    unstarted_executions,
)
