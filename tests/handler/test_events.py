"""What is no event is refused in one line that names the field; the errors are those of the schema."""

from __future__ import annotations

import inspect
import os

import pytest
from jsonschema import ValidationError
from support.handler_world import SCHEMA, World, conforms

from handler import errors
from handler.app import lambda_handler
from handler.errors import HandlerError, InfrastructureError, InvalidEvent
from handler.events import RunEvent, parse

RUN = {"v": 1, "op": "run", "run": "r", "task": "t", "component_name": "noop"}

INVALID = [
    ("nothing", "an object is expected"),
    ({}, "component_name: a non-empty string"),
    ({"v": 2, "op": "run"}, "v: 1 is the only known version"),
    ({"v": 1}, "op: None is no known operation"),
    ({"v": 1, "op": "dance"}, "'dance' is no known"),
    (RUN | {"run": ""}, "run: a non-empty string"),
    (RUN | {"task": 5}, "task: a non-empty string is expected, not 5"),
    (RUN | {"rule": "some_success"}, "rule: 'some_success' is no known trigger rule"),
    (RUN | {"upstream": "a"}, "upstream: a list"),
    (RUN | {"upstream": [1]}, "upstream: a list of strings"),
    (RUN | {"component_config": []}, "component_config: an object"),
    (RUN | {"args": {}}, "args: a list"),
    (RUN | {"kwargs": []}, "kwargs: an object"),
    (RUN | {"retries": -1}, "retries: a whole number from 0"),
    (RUN | {"retries": 1.5}, "retries: a whole number from 0"),
    (RUN | {"retries": True}, "retries: a whole number from 0"),
    (RUN | {"timeout": 0}, "timeout: a number of seconds above 0"),
    (RUN | {"stop_on_failure": "yes"}, "stop_on_failure: true or false"),
    (RUN | {"retrys": 1, "colour": 2}, "unknown fields: colour, retrys"),
    ({"v": 1, "op": "settle", "run": "r", "task": "t", "error": "x"}, "error: an object"),
    ({"v": 1, "op": "settle", "run": "r"}, "task: a non-empty string"),
    ({"v": 1, "op": "finish", "run": "r"}, "leaves: missing"),
    ({"component_name": "x", "args": "a"}, "args: a list"),
    ({"component_name": "x", "kwargs": {"a": 1}}, "kwargs: every value has to be a store key"),
    ({"component_name": "x", "output": 1}, "output: a store key or null"),
]


@pytest.mark.parametrize(("event", "reason"), INVALID)
def test_invalid_events(event, reason):
    with pytest.raises(InvalidEvent) as caught:
        parse(event)
    assert reason in str(caught.value)
    with pytest.raises(ValidationError):
        conforms(event, "event" if isinstance(event, dict) and "v" in event else "publishedEvent")


@pytest.mark.parametrize(
    "argument",
    [
        5,
        {},
        {"spell": 1},
        {"value": 1, "output": {"task": "a"}},
        {"output": "a"},
        {"output": {"key": "a"}},
        {"output": {"task": "a", "more": 1}},
        {"output": {"task": "a", "optional": "yes"}},
        {"list": {}},
        {"dict": [1]},
        {"list": [{"tuple": 1}]},
    ],
)
def test_invalid_arguments(world: World, argument):
    from handler.app import answer
    from handler.invocation import Invocation

    with pytest.raises(ValidationError):
        conforms(argument, "argument")
    with pytest.raises(InvalidEvent, match="not an argument"):
        answer(parse(RUN | {"args": [argument]}), Invocation(world.store, "a", world.clock, lambda: 1.0))
    assert world.listed() == []


def test_an_argument_s_value_with_an_unknown_tag(world: World):
    with pytest.raises(InvalidEvent, match="an argument's value cannot be read"):
        world.invoke(world.event("t") | {"args": [{"value": {"$type": "spaceship", "$value": 1}}]})


def test_defaults_are_those_of_the_schema():
    event = parse(RUN)
    assert isinstance(event, RunEvent)
    properties = SCHEMA["$defs"]["runEvent"]["properties"]
    names = {"config": "component_config"}
    for name, value in event._asdict().items():
        default = properties.get(names.get(name, name), {}).get("default")
        if default is not None:
            assert (list(value) if isinstance(value, tuple) else value) == default


def test_whole_numbers_may_come_as_floats():
    event = parse(RUN | {"retries": 2.0})
    assert isinstance(event, RunEvent)
    assert event.retries == 2
    assert isinstance(event.retries, int)


def test_the_errors_that_leave_are_those_of_the_schema():
    leaving = {
        name
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, HandlerError) and kind is not HandlerError
    }
    assert leaving == set(SCHEMA["$defs"]["errorName"]["anyOf"][0]["enum"])


def test_a_fault_of_the_handler_itself_is_an_infrastructure_error(tmp_path, monkeypatch):
    monkeypatch.setenv("STEPWEAVE_STORE", tmp_path.as_uri())
    monkeypatch.setattr("handler.execute.decide", lambda *_, **__: 1 / 0)
    with pytest.raises(InfrastructureError, match="the handler itself failed: ZeroDivisionError"):
        lambda_handler(RUN, None)


def test_the_context_s_request_id_and_time_are_used(tmp_path, monkeypatch):
    class Context:
        aws_request_id = "request"

        def get_remaining_time_in_millis(self) -> int:
            return 5000

    monkeypatch.setenv("STEPWEAVE_STORE", tmp_path.as_uri())
    assert lambda_handler(RUN, Context()) == {"task": "t", "status": "success"}
    record = (tmp_path / "r/try/t/1/start").read_text()
    assert '"attempt":"request"' in record
    assert 4.9 < eval(record)["deadline"] - eval(record)["at"] <= 5.0


def test_no_store_is_one_clear_line(monkeypatch):
    monkeypatch.delenv("STEPWEAVE_STORE", raising=False)
    assert "STEPWEAVE_STORE" not in os.environ
    with pytest.raises(InfrastructureError, match=r"^STEPWEAVE_STORE is not set: use file:///folder"):
        lambda_handler(RUN, None)
