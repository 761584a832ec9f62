"""JSONata expressions, good and bad, and random ones from a seed."""

from __future__ import annotations

import random

LEAVES = (
    "$x",
    "$",
    "$$",
    "$states.a.b",
    "a",
    "1",
    "2.5e3",
    "'s'",
    "true",
    "null",
    "*",
    "**",
    "`q r`",
    "[]",
    "{}",
    "in",
)
INFIX = (" + ", " - ", " * ", " / ", " % ", " & ", " = ", " != ", " < ", " >= ", " and ", " or ", " in ", " ~> ", ".")
#: Each `_` is an expression of its own.
FORMS = (
    *(f"_{operator}_" for operator in INFIX),
    *("(_)", "($v := _; _)", "_[_]", "_[]", "[_, _]", "[_.._]", "{_: _}", "_{_: _}", "$f(_, _)", "$f(?, _)", "_(_)"),
    *("function($a, $b){_}", "λ($a)<n:n>{_}", "_ ? _ : _", "_ ? _", "_^(>_, <_)", "_^(_)", "_@$i", "_#$i", "|_|_|"),
    *("|_|_, _|", "-_", "$y := _", "$f(/a[/]]+/i, _)", "/* c */ _"),
)
TOKENS = (
    *(
        "$x",
        "$",
        "$$",
        "a",
        "`q r`",
        "1",
        "'s'",
        '"t"',
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ";",
        ":",
        ":=",
        "?",
        ".",
        "..",
    ),
    *(
        "+",
        "-",
        "*",
        "/",
        "%",
        "**",
        "&",
        "=",
        "!=",
        "<",
        ">",
        "^",
        "~>",
        "and",
        "in",
        "@",
        "#",
        "|",
        "function",
        "/r/",
        "!",
    ),
)


def random_expressions(seed: int, count: int) -> list[str]:
    """Half built from the grammar, every fifth of those with a character missing; half are rows of random tokens."""
    dice = random.Random(seed)
    found = [" ".join(dice.choice(TOKENS) for _ in range(dice.randint(1, 6))) for _ in range(count // 2)]
    while len(found) < count:
        text = _grown(dice, 3)
        if dice.random() < 0.2:
            cut = dice.randrange(len(text))
            text = text[:cut] + text[cut + 1 :]
        found.append(text)
    return found


def _grown(dice: random.Random, depth: int) -> str:
    if depth == 0 or dice.random() < 0.25:
        return dice.choice(LEAVES)
    parts = dice.choice(FORMS).split("_")
    return parts[0] + "".join(_grown(dice, depth - 1) + part for part in parts[1:])
