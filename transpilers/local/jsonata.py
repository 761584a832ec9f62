"""JSONata as AWS Step Functions evaluates it: jsonata-python plus the service's own functions.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (JSONata 2.0.6, no `$eval`; the
functions `$partition`, `$range`, `$hash`, `$random` with a seed, `$uuid` and `$parse` are the service's).
"""

# jsonata-python has no annotations that a type checker could read.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import hashlib
import json
import random
import threading
import uuid
from collections.abc import Callable, Mapping
from functools import lru_cache

from jsonata import Jsonata
from jsonata.utils import Utils

MAX_SAFE_INTEGER = 2**53
#: What an expression that yields nothing gives; JSON null is None.
UNDEFINED = object()


class QueryError(Exception):
    """An expression that cannot be evaluated, or whose result JSON cannot hold; the message says why."""


def partition(items: list[object], size: int) -> list[list[object]]:
    """`$partition`: `items` in lists of `size`, the last one shorter."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def value_range(first: float, last: float, step: float) -> list[float]:
    """`$range`: from `first` to `last`, both included, by `step`."""
    count = int((last - first) / step) + 1
    return [first + index * step for index in range(max(count, 0))]


def digest(text: str, algorithm: str = "SHA-1") -> str:
    """`$hash`: the hexadecimal digest of UTF-8 text; MD5, SHA-1, SHA-256, SHA-384 or SHA-512."""
    # The algorithm is the user's choice, for checksums.
    return hashlib.new(algorithm.replace("-", "").lower(), text.encode(), usedforsecurity=False).hexdigest()


def random_number(seed: int | None = None) -> float:
    """`$random`: a number in [0, 1), the same for the same seed."""
    return random.Random(seed).random()  # noqa: S311 - not for secrets, as in the service


def number(text: str) -> float:
    """A number as JavaScript prints it: a whole one has no fraction."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < MAX_SAFE_INTEGER else value


def refuse_eval(*_: object) -> object:
    """`$eval` does not exist in the service."""
    raise QueryError("$eval is not supported by Step Functions")


FUNCTIONS: dict[str, Callable[..., object]] = {
    "partition": partition,
    "range": value_range,
    "hash": digest,
    "random": random_number,
    "uuid": lambda: str(uuid.uuid4()),
    "parse": json.loads,
    "eval": refuse_eval,
}

#: A compiled expression keeps state while it runs, so one evaluation at a time; threads share the GIL anyway.
_LOCK = threading.Lock()


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> Jsonata:
    compiled = Jsonata(expression)
    compiled.set_output_convert_nulls(False)
    for name, function in FUNCTIONS.items():
        compiled.register_lambda(name, function)
    return compiled


def evaluate(expression: str, variables: Mapping[str, object]) -> object:
    """The JSON value of an expression with `variables` (names without `$`), or UNDEFINED. Raises QueryError."""
    bindings = {name: Utils.NULL_VALUE if value is None else value for name, value in variables.items()}
    try:
        with _LOCK:
            compiled = _compiled(expression)
            # Higher-order functions find their evaluator through this thread's slot.
            Jsonata.CURRENT.jsonata = compiled
            result = compiled.evaluate(None, bindings)
    except Exception as error:
        raise QueryError(str(error)) from error
    if result is None:
        return UNDEFINED
    try:
        # Through JSON: results alias the values bound above, and lists are the library's own kind.
        return json.loads(json.dumps(Utils.convert_nulls(result), allow_nan=False), parse_float=number)
    except (TypeError, ValueError) as error:
        raise QueryError(f"returned an unsupported result type: {error}") from error
