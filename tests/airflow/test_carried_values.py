"""What becomes of values on their way into the machine; the judges are the handler's codec and Jinja itself."""

from __future__ import annotations

import json
from datetime import timedelta

import jinja2.sandbox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_compiler import ir
from handler.codec import decode
from handler.json_types import Json
from transpilers.airflow.call import (
    CodeRef,
    DateTime,
    Delta,
    Dict,
    List,
    Literal,
    OutputRef,
    Set,
    Template,
    Tuple,
    Unresolved,
    Value,
    XComConcat,
    XComMap,
    XComZip,
)
from transpilers.airflow.values import NotCarriedError, References, argument, codec, render, texts


def _output(ref: OutputRef) -> ir.Output:
    return ir.Output(ref.task, ref.key)


REFERENCES = References(_output, lambda code: f"{code.module}:{code.qualname}")


def _json(tree: object) -> Json:
    """Through real JSON, as the machine carries it."""
    return json.loads(json.dumps(tree))


def _pairs(**items: Value) -> Dict:
    return Dict(tuple((Literal(key), value) for key, value in items.items()))


def test_containers_of_data_are_one_literal() -> None:
    value = _pairs(a=List((Literal(1), Tuple((Literal(None),)))), b=Set((Literal(2),), frozen=True), c=Delta(1.5))
    encoded = argument(value, REFERENCES)
    assert isinstance(encoded, ir.Literal)
    expected = {"a": [1, (None,)], "b": frozenset({2}), "c": timedelta(seconds=1.5)}
    assert repr(decode(_json(encoded.value))) == repr(expected)


def test_containers_of_outputs_keep_their_shape() -> None:
    value = List((Literal(1), Tuple((OutputRef("a"), _pairs(k=OutputRef("b", "key"))))))
    assert argument(value, REFERENCES) == ir.ListOf(
        (ir.Literal(1), ir.TupleOf((ir.Output("a"), ir.DictOf({"k": ir.Output("b", "key")}))))
    )


def test_what_is_made_of_outputs_is_made_when_the_task_runs() -> None:
    a, b = OutputRef("a"), OutputRef("b")
    applied = XComMap(XComConcat((a, b)), (CodeRef(module="m", qualname="f"), CodeRef(module="m", qualname="g")))
    read = ir.Output("a"), ir.Output("b")
    assert argument(applied, REFERENCES) == ir.Apply(ir.Concat(read), ("m:f", "m:g"))
    assert argument(XComZip((a, b)), REFERENCES) == ir.Zip(read, None)
    assert argument(XComZip((a, b), Literal(0)), REFERENCES) == ir.Zip(read, ir.Literal(0))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (((Literal(1), Literal("x")), (Literal("1"), Literal("y"))), {1: "x", "1": "y"}),
        (((Literal("$type"), Literal("tuple")),), {"$type": "tuple"}),
        (((Tuple((Literal(1),)), Literal(2)),), {(1,): 2}),
    ],
)
def test_dicts_that_json_cannot_hold_come_back_whole(pairs: tuple[tuple[Value, Value], ...], expected: object) -> None:
    assert decode(_json(codec(Dict(pairs)))) == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (CodeRef(module="m", qualname="f"), "holds the function 'f'"),
        (XComMap(OutputRef("a"), (Literal("f"),)), "applies to an output what is no function"),
        (Unresolved("it is a secret"), "is not known: it is a secret"),
        (DateTime("2026-01-01T00:00:00+00:00", foreign=True), "holds a datetime of a library's own class or time zone"),
        (Delta(1, foreign=True), "holds a duration of a library's own class"),
        (
            Dict(((Literal(1), OutputRef("a")),)),
            "holds what only a run knows in a dict whose keys are not all strings",
        ),
    ],
)
def test_what_is_not_data_is_refused_with_its_reason(value: Value, reason: str) -> None:
    with pytest.raises(NotCarriedError) as refused:
        argument(List((value,)), REFERENCES)
    assert str(refused.value) == reason


@given(st.text(alphabet=st.sampled_from("ab \n\r\t'\"}%#"), max_size=12))
def test_strings_come_out_as_jinja_leaves_them(text: str) -> None:
    environment = jinja2.sandbox.SandboxedEnvironment(cache_size=0)
    assert render(text) == environment.from_string(text).render()


def test_only_what_airflow_renders_is_rendered() -> None:
    value = _pairs(a=List((Literal("x\n"),)), b=Set((Literal("y\n"),), frozen=True))
    assert decode(_json(codec(value, rendered=True))) == {"a": ["x"], "b": frozenset({"y\n"})}
    assert decode(_json(codec(value))) == {"a": ["x\n"], "b": frozenset({"y\n"})}
    marked = Dict(((Template("{{ key }}"), Template("{{ value }}")),))
    assert list(texts(marked)) == [Template("{{ value }}")]
