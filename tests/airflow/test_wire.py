"""The wire format survives JSON, and stays readable by what produces it without msgspec."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_compiler.diagnostics import Span
from transpilers.airflow.call import (
    CodeRef,
    DagCall,
    DagFile,
    DateTime,
    Delta,
    Dict,
    EdgeCall,
    GroupCall,
    List,
    Literal,
    LoadFault,
    Mapped,
    ObjectCall,
    OperatorCall,
    OutputRef,
    Parameter,
    ParamRef,
    Set,
    Template,
    Tuple,
    Unresolved,
    Value,
    XComConcat,
    XComMap,
    XComZip,
    decode,
    encode,
)

TEXTS = st.text(max_size=8)
SPANS = st.builds(Span, TEXTS, st.integers(0, 9999), st.integers(0, 99))
#: The loaders write a number that is not finite as the codec does.
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), TEXTS, FLOATS)
LEAVES = st.one_of(
    st.builds(Literal, st.one_of(SCALARS, st.just({"$type": "bytes", "$value": "AA=="}))),
    st.builds(DateTime, TEXTS, TEXTS, st.integers(0, 1), st.booleans()),
    st.builds(Delta, st.floats(-1e9, 1e9), st.booleans()),
    st.builds(OutputRef, TEXTS, TEXTS),
    st.builds(Template, TEXTS),
    st.builds(ParamRef, TEXTS),
    st.builds(Unresolved, TEXTS, st.none() | SPANS),
)


def _containers(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    several = st.lists(inner, max_size=3).map(tuple)
    by_name = st.dictionaries(TEXTS, inner, max_size=2)
    parameters = st.lists(st.builds(Parameter, TEXTS, TEXTS, st.none() | inner), max_size=2).map(tuple)
    return st.one_of(
        several.map(List),
        several.map(Tuple),
        st.builds(Set, several, st.booleans()),
        st.lists(st.tuples(inner, inner), max_size=2).map(lambda pairs: Dict(tuple(pairs))),
        st.builds(XComMap, inner, several),
        st.builds(XComZip, several, st.none() | inner),
        several.map(XComConcat),
        st.builds(Mapped, st.sampled_from(["kwargs", "dicts"]), inner),
        st.builds(ObjectCall, TEXTS, by_name),
        st.builds(
            CodeRef,
            module=TEXTS,
            qualname=TEXTS,
            sort=TEXTS,
            span=st.none() | SPANS,
            nested=st.booleans(),
            parameters=st.none() | parameters,
            closure=by_name,
        ),
    )


VALUES: st.SearchStrategy[Value] = st.recursive(LEAVES, _containers, max_leaves=8)


@given(VALUES)
def test_every_value_survives_json(value: Value) -> None:
    call = OperatorCall("a.B", "t", {"x": value}, None, Span("f.py", 1))
    dag = DagCall(
        "d", {"y": value}, (call,), (EdgeCall("t", "u", "label"),), (GroupCall("g", {"z": value}, ("t",), "h"),)
    )
    file = DagFile("f.py", "3.3.2", (dag,), (LoadFault("raises", "why", Span("f.py"), "d"),))
    assert decode(encode(file)) == file
    assert decode(json.dumps(json.loads(encode(file))).encode()) == file


def test_a_value_of_no_known_kind_is_an_error() -> None:
    line = b'{"path": "f.py", "dags": [{"dag_id": "d", "kwargs": {"x": {"kind": "magic"}}}]}'
    with pytest.raises(msgspec.ValidationError, match="magic"):
        decode(line)
