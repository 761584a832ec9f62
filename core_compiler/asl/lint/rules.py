"""All rules of the lint, by code, and the functions that look for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from core_compiler.asl.lint.catch_all import CATCH_ALL, catch_all
from core_compiler.asl.lint.context import CONTEXT, context
from core_compiler.asl.lint.evaluation import EVALUATION, evaluation
from core_compiler.asl.lint.events import NEARLY_TOO_MANY_EVENTS, TOO_MANY_EVENTS, events
from core_compiler.asl.lint.execution_name import EXECUTION_NAME, execution_name
from core_compiler.asl.lint.jsonpath import JSONPATH, jsonpath
from core_compiler.asl.lint.map_mode import MAP_MODE, map_mode
from core_compiler.asl.lint.model import Finding, Machine
from core_compiler.asl.lint.no_default import NO_DEFAULT, no_default
from core_compiler.asl.lint.no_token import NO_TOKEN, no_token
from core_compiler.asl.lint.payload import PAYLOAD, payload
from core_compiler.asl.lint.retry_ranges import RETRY_RANGE, retry_ranges
from core_compiler.asl.lint.shape import SHAPE, shape
from core_compiler.asl.lint.size import NEARLY_TOO_LARGE, TOO_LARGE, size
from core_compiler.asl.lint.state_names import DUPLICATE_NAME, STATE_NAME, state_names
from core_compiler.asl.lint.states_field import STATES_FIELD, states_field
from core_compiler.asl.lint.syntax import SYNTAX, syntax
from core_compiler.asl.lint.timeouts import TIMEOUT, timeouts
from core_compiler.asl.lint.transitions import MISSING_TARGET, NO_END, UNREACHABLE, transitions
from core_compiler.asl.lint.unassigned import LEAKED, OUT_OF_REACH, UNASSIGNED, unassigned
from core_compiler.asl.lint.uncatchable import UNCATCHABLE, UNKNOWN_ERROR, uncatchable
from core_compiler.asl.lint.variable_names import SHADOWED, VARIABLE_NAME, variable_names

Lint = Callable[[Machine], Iterator[Finding]]

#: The order in which findings are reported: what is misshapen first.
LINTS: tuple[Lint, ...] = (
    shape,
    jsonpath,
    state_names,
    transitions,
    no_default,
    syntax,
    context,
    evaluation,
    states_field,
    variable_names,
    unassigned,
    execution_name,
    catch_all,
    uncatchable,
    retry_ranges,
    timeouts,
    no_token,
    map_mode,
    size,
    payload,
    events,
)

RULES = (
    EXECUTION_NAME,
    CATCH_ALL,
    CONTEXT,
    EVALUATION,
    UNASSIGNED,
    LEAKED,
    VARIABLE_NAME,
    SHADOWED,
    DUPLICATE_NAME,
    STATE_NAME,
    MISSING_TARGET,
    UNREACHABLE,
    NO_END,
    NO_DEFAULT,
    TOO_LARGE,
    NEARLY_TOO_LARGE,
    TOO_MANY_EVENTS,
    NEARLY_TOO_MANY_EVENTS,
    TIMEOUT,
    RETRY_RANGE,
    JSONPATH,
    SYNTAX,
    UNCATCHABLE,
    SHAPE,
    NO_TOKEN,
    STATES_FIELD,
    UNKNOWN_ERROR,
    MAP_MODE,
    OUT_OF_REACH,
    PAYLOAD,
)
