"""Which arguments of `expand` Airflow miscounts; fixtures/airflow/refused has one refused in a file."""

from __future__ import annotations

import pytest

from core_compiler import ir
from core_compiler.ir import Apply, Argument, Concat, Literal, Output, Zip
from transpilers.airflow.counting import miscounted

ONE, BOTH = Output("t"), Concat((Output("t"), Output("u")))
FIRST = Literal([1, 2])


@pytest.mark.parametrize(
    ("argument", "wrong"),
    [
        pytest.param(ONE, False, id="an output"),
        pytest.param(BOTH, True, id="a concat"),
        pytest.param(Apply(BOTH, ("m:f",)), True, id="a function over one"),
        pytest.param(Zip((BOTH, BOTH)), True, id="a zip of concats"),
        pytest.param(Zip((BOTH, ONE)), False, id="a zip, as short as the output"),
        pytest.param(Zip((BOTH, ONE), Literal(None)), True, id="a zip, as long as the concat"),
        pytest.param(Concat((ONE,)), False, id="of one part"),
    ],
)
def test_what_is_miscounted(argument: Argument, wrong: bool):
    assert miscounted(ir.Mapping({"x": FIRST, "y": argument})) == (("y",) if wrong else ())
    assert miscounted(ir.Mapping({"x": argument, "y": FIRST})) == ()
