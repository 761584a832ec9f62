"""The JSONata reader: it takes what jsonata 2.0.6 takes, and sees what an expression needs from outside."""

from __future__ import annotations

import jsonata
import pytest
from support.expressions import random_expressions
from support.validators import jsonata_faults

from core_compiler.asl.jsonata import FUNCTIONS, JsonataSyntaxError, read

GOOD = (
    "$states.input.items[$ > 1].name",
    "($x := 1; $f := function($n){ $n < 2 ? 1 : $n * $f($n - 1) }; $f($x))",
    "$map([1..5], function($v, $i)<nn:n>{ $v * $i })",
    "$x.items@$i#$n.{ 'a': $i, \"b\": $n }",
    "$x ~> |items|{'price': 1}, ['old']|",
    "$x^(>price, <name)[0]",
    "$x{kind: $sum(size)}",
    "$contains($x, /^a\\/[0-9/]+$/im) and $not(false)",
    "$x.* / 2",
    "* and **",
    "$x.in.`or else`.and",
    "$f(?, 2)(3)",
    "-$x.y in [1, 2.5, -3e-2]",
    "/* a comment */ $x /* and another */",
    "$x.items[]",
    "λ($x){ $x }",
    "'\\u00e9\\n' & \"it's\"",
    "$ := 1",
)
BAD = (
    "",
    "1 +",
    "(1",
    "1)",
    "[1,]",
    "{'a': 1,}",
    "{'a'}",
    "$f(1,)",
    "1 2",
    "$x ?? 1",
    "$x ?: 1",
    "'a",
    "'\\x'",
    "`a",
    "/a",
    "/* c",
    "$x.1",
    "true.x",
    "a.$x := 1",
    "1 := 2",
    "function(a){1}",
    "function($a)",
    "function($a)<n{1}",
    "$x[1",
    "!",
    "a ! b",
    "$x^price",
    "?",
    "$x..$y",
    "$x@1",
    "|a|",
    "λ($x",
    "~",
)


def refused(expression: str) -> bool:
    try:
        read(expression)
    except JsonataSyntaxError:
        return True
    return False


def test_it_agrees_with_jsonata():
    expressions = (*GOOD, *BAD)
    ours = {expression: refused(expression) for expression in expressions}
    theirs = {text: bool(fault) for text, fault in zip(expressions, jsonata_faults(expressions), strict=True)}
    assert ours == theirs
    assert ours == dict.fromkeys(GOOD, False) | dict.fromkeys(BAD, True)


def test_it_refuses_nothing_that_jsonata_takes():
    expressions = random_expressions(seed=2026, count=3_000)
    faults = jsonata_faults(expressions)
    assert sum(not fault for fault in faults) > 750
    wrong = [text for text, fault in zip(expressions, faults, strict=True) if not fault and refused(text)]
    assert not wrong


def test_it_takes_little_that_jsonata_refuses():
    expressions = [text for text in random_expressions(seed=7, count=3_000) if "%" not in text]
    faults = jsonata_faults(expressions)
    taken = [text for text, fault in zip(expressions, faults, strict=True) if fault and not refused(text)]
    # What is left: a regular expression where jsonata expects an operand first, and checks of its second pass.
    assert len(taken) < len(expressions) * 0.03


@pytest.mark.parametrize(
    ("expression", "variables"),
    [
        ("$x + $y", {"x", "y"}),
        ("$sum($x)", {"sum", "x"}),
        ("($x := $y; $x)", {"y"}),
        ("($x := 1; $x) + $x", {"x"}),
        ("function($v){ $v + $w }", {"w"}),
        ("($f := function($n){ $f($n) }; $f(1))", set()),
        ("$a.items@$i.($i)", {"a"}),
        ("$a.items#$i[$i > 1]", {"a"}),
        ("'$x' & /* $y */ \"$z\"", set()),
        ("$x.$y[$z].{ $k: $v }", {"x", "y", "z", "k", "v"}),
    ],
)
def test_free_variables(expression: str, variables: set[str]):
    assert read(expression).variables == variables


@pytest.mark.parametrize(
    ("expression", "context"),
    [
        ("$", ("$",)),
        ("$.a", ("$",)),
        ("$$", ("$$",)),
        ("$x[$ > 1]", ()),
        ("$x[a = $$.b]", ("$$",)),
        ("$x.($ + 1)", ()),
        ("$x^(>$.a)", ()),
        ("$x{kind: $}", ()),
        ("$x ~> |a|{'b': $}|", ()),
        ("[$]", ("$",)),
        ("a.b", ("a",)),
        ("sum(a)", ("sum", "a")),
        ("{a: 1}", ("a",)),
        ("{'a': true}", ()),
        ("*", ("*",)),
        ("$x.*.**", ()),
        ("$map($x, function($v){ $ })", ("$",)),
        ("$x.$map(y, function($v){ $ })", ()),
    ],
)
def test_what_needs_a_context(expression: str, context: tuple[str, ...]):
    assert read(expression).context == context


def test_paths_and_guards():
    found = read("$exists($x) and $states.context.Execution.Name != $states.input.items[0].id")
    assert found.guarded == {"x"}
    assert ("$states", "context", "Execution", "Name") in found.paths
    assert ("$states", "input", "items", "id") in found.paths


def test_faults_say_what_and_where():
    with pytest.raises(JsonataSyntaxError, match=r"^'\)' is missing at 8, before 'end of the expression'$"):
        read("(1 + $x")
    with pytest.raises(JsonataSyntaxError, match="nested too deeply"):
        read("(" * 10_000)


def test_all_functions_exist_in_jsonata():
    """Every function in our list is defined in another implementation of the language."""
    service = {"hash", "parse", "partition", "random", "range", "uuid"}
    missing = [name for name in sorted(FUNCTIONS - service) if not jsonata.Jsonata(f"$type(${name})").evaluate({})]
    assert not missing
