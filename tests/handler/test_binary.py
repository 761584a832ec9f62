"""Pickles are read only with the signature of the key that there is."""

from __future__ import annotations

import pickle

import pytest

from handler import binary
from handler.errors import Failed, InfrastructureError


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(binary.KEY_VARIABLE, "a key")


class Canary:
    """Reading its pickle is seen."""

    def __reduce__(self):
        return (pytest.fail, ("the pickle was read",))


def test_a_value_comes_back():
    data = binary.pack({"a": 1 + 2j})
    assert binary.is_binary(data)
    assert binary.unpack("v", data) == {"a": 1 + 2j}
    assert binary.describe("v", data) == ("pickle", "dict", "{'a': (1+2j)}")
    assert binary.binary_of(binary.inline_binary(data)) == data


def test_another_key_a_change_and_no_signature_are_refused(monkeypatch: pytest.MonkeyPatch):
    data = binary.pack(Canary())
    with pytest.raises(InfrastructureError, match="was changed"):
        binary.unpack("v", data[:-1] + b"x")
    with pytest.raises(InfrastructureError, match="was changed"):
        binary.unpack("v", data.replace(b'"type":"Canary"', b'"type":"canary"'))
    monkeypatch.setenv(binary.KEY_VARIABLE, "another")
    with pytest.raises(InfrastructureError, match="signed with another key"):
        binary.unpack("v", data)
    header = b'{"form":"pickle"}'
    unsigned = binary.MAGIC + len(header).to_bytes(4, "big") + header + pickle.dumps(Canary())
    with pytest.raises(InfrastructureError, match="nobody signed"):
        binary.unpack("v", unsigned)


@pytest.mark.parametrize("data", [b"SWV1", b"SWV1\0\0\0\2{]", b"SWV1\0\0\xff\xff{}", b"SWV1\0\0\0\2[]"])
def test_broken_ones_are_named(data: bytes):
    with pytest.raises(InfrastructureError, match="of t"):
        binary.unpack("return_value of t", data)


def test_without_a_key_nothing_is_pickled(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(binary.KEY_VARIABLE)
    with pytest.raises(Failed, match="set STEPWEAVE_KEY"):
        binary.pack(1)
