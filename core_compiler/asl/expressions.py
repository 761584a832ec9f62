"""JSONata in a definition: expressions, and literals that must not be taken for one."""

from __future__ import annotations

import json
import re

OPEN, CLOSE = "{%", "%}"
#: Replaced by the qualified ARN of the handler function, wherever it stands, when a machine is deployed or run locally.
HANDLER = "${HandlerArn}"
#: What else is replaced then: the ARNs of child machines.
PLACEHOLDER = "${%sArn}"
_PLACEHOLDERS = re.compile(rb"\$\{\w+Arn\}")
#: Characters of an ARN at most: a function's name has 64, a machine's 80, the rest is the account's and a version.
LONGEST_ARN = 160
#: Where JavaScript's `.` stops.
LINE_ENDS = "\n\r\u2028\u2029"
_AWKWARD = re.compile(f"[{LINE_ENDS}]|{re.escape(HANDLER)}")


def expression(source: str) -> str:
    """`source` as Step Functions takes JSONata: between `{%` and `%}`."""
    return f"{OPEN} {source} {CLOSE}"


def quoted(text: str) -> str:
    """`text` as a JSONata string literal on one line (JSON's escapes are JSONata's)."""
    return _joined(json.dumps(text, ensure_ascii=False))


def _joined(source: str) -> str:
    return source.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace(HANDLER, f"\\u0024{HANDLER[1:]}")


def literal(value: object) -> object:
    """`value` (plain JSON) as it can stand in Arguments, Output or Assign and come out unchanged.

    Step Functions evaluates every string that begins with `{%` and ends with `%}` and refuses half-open ones, wherever
    it stands. Such strings become expressions of a string literal; so do those that hold the handler's placeholder,
    and empty ones and those of several lines, which asl-validator takes for neither text nor expression. Objects with a
    key such as `x.$`, which JSONPath would read, become expressions as a whole.
    """
    match value:
        case str() if not _plain(value):
            return expression(quoted(value))
        case dict() if [key for key in value if str(key).endswith(".$")]:  # pyright: ignore
            return expression(_joined(json.dumps(value, ensure_ascii=False)))
        case dict():
            return {str(key): literal(inner) for key, inner in value.items()}  # pyright: ignore
        case list() | tuple():
            return [literal(inner) for inner in value]  # pyright: ignore
        case _:
            return value


def plain(value: object) -> str:
    """The text that `literal` was given, from what it made of it; any other expression as it stands."""
    text = str(value)
    if not (text.startswith(OPEN) and text.endswith(CLOSE)):
        return text
    try:
        return str(json.loads(text.removeprefix(OPEN).removesuffix(CLOSE)))
    except ValueError:
        return text


def _plain(text: str) -> bool:
    return bool(text) and not (text.startswith(OPEN) or text.endswith(CLOSE) or _AWKWARD.search(text))


def deployed_bytes(definition: bytes) -> int:
    """The bytes that a definition takes in the request that deploys it, which has to fit into 1 MB like the definition.

    It travels as a JSON string in ASCII, quotes and backslashes escaped (botocore's `JSONSerializer`), the longest ARNs
    in the places that are kept for them.
    """
    kept = [len(place) for place in _PLACEHOLDERS.findall(definition)]
    filled = len(kept) * LONGEST_ARN - sum(kept)
    if definition.isascii():
        return len(definition) + filled + sum(map(definition.count, (b'"', b"\\", b"\n")))
    return len(json.dumps(definition.decode())) - 2 + filled
