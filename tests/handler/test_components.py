"""The Python component, the user's own components, and the event as it was published."""

from __future__ import annotations

import json
import sys

import pytest
from support.handler_world import World

from handler.codec import dumps, loads
from handler.dispatch import import_user_module
from handler.errors import InvalidEvent, TaskFailed

CALLABLES = """
import functools, sys
def plain(a, b=2): return a + b
async def coroutine(a): return a * 2
class Tools:
    @staticmethod
    def static(a): return a + 1
    @classmethod
    def of_class(cls, a): return cls.__name__ + str(a)
    class Inner:
        def __call__(self, a): return -a
    instance = Inner()
partial = functools.partial(plain, 40)
def leave(): sys.exit(3)
def interrupt(): raise KeyboardInterrupt
class Odd(Exception):
    def __str__(self): raise RuntimeError('no')
def odd(): raise Odd
def surrogate(): raise ValueError('\\ud800 ' + 'x' * 9000)
"""

COMPONENTS = """
class Scale:
    def __init__(self, factor=1): self.factor = factor
    def __call__(self, *values, offset=0): return [value * self.factor + offset for value in values]
def join(a, b, separator): return f'{a}{separator}{b}'
def fail(**config): raise ValueError('no loader')
def skip():
    from handler.errors import Skipped
    raise Skipped
"""


@pytest.fixture
def callables(world: World) -> World:
    world.module("callables", CALLABLES)
    return world


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        ("plain", 40, 42),
        ("coroutine", 21, 42),
        ("Tools.static", 41, 42),
        ("Tools.of_class", 1, "Tools1"),
        ("Tools.instance", 42, -42),
        ("partial", 2, 42),
    ],
)
def test_callables_of_every_kind(callables: World, name: str, argument: object, value: object):
    assert callables.run_task("t", f"callables:{name}", argument) == "success"
    assert callables.record("done/t")["values"]["return_value"]["inline"] == value


@pytest.mark.parametrize(
    ("callable_", "error"),
    [
        ("callables:leave", {"type": "SystemExit", "message": "3"}),
        ("callables:odd", {"type": "Odd", "message": "its message cannot be printed"}),
        ("callables:missing", {"type": "AttributeError"}),
        ("callables:plain", {"type": "TypeError"}),
        ("no_such_module:f", {"type": "ModuleNotFoundError", "message": "No module named 'no_such_module'"}),
    ],
)
def test_what_goes_wrong_in_user_code_is_a_failed_try(callables: World, callable_: str, error: dict[str, str]):
    assert callables.run_task("t", callable_) == "failed"
    assert error.items() <= callables.record("done/t")["error"].items()


def test_messages_are_bounded_and_can_be_written_anywhere(callables: World):
    callables.run_task("t", "callables:surrogate")
    message = callables.record("done/t")["error"]["message"]
    assert message.startswith("\\ud800 xxx")
    assert len(message) == 4000


def test_an_interrupt_is_not_the_task_s(callables: World):
    with pytest.raises(KeyboardInterrupt):
        callables.run_task("t", "callables:interrupt")
    assert callables.listed("done/") == []


@pytest.mark.parametrize("path", ["", "callables", ":plain", "callables:", None, 5])
def test_a_callable_without_a_module_or_a_name_is_an_invalid_event(callables: World, path):
    with pytest.raises(InvalidEvent, match=r"component_config\.callable"):
        callables.run_task("t", "x", component_config={"callable": path})


def test_the_user_s_modules_come_before_installed_ones_and_after_the_standard_library(world: World, user):
    world.module("json", "raise AssertionError('the standard library comes first')\n")
    world.module("moto", "mine = True\n")
    installed = {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == "moto"}
    try:
        assert import_user_module("moto").mine
        del sys.modules["moto"]
        saved = sys.modules.pop("json")
        try:
            assert hasattr(import_user_module("json"), "dumps")
        finally:
            sys.modules["json"] = saved
    finally:
        sys.modules.update(installed)


def test_the_published_event_runs_unchanged(world: World):
    world.module("components", COMPONENTS)
    world.store.put("runs/1/x", dumps(20))
    event = {
        "component_name": "Scale",
        "component_config": {"factor": 2},
        "args": ["runs/1/x"],
        "kwargs": None,
        "output": "runs/1/y",
    }
    assert world.invoke(event) == {"status": "success", "output": "runs/1/y"}
    assert json.loads(world.store.get("runs/1/y") or b"") == [40]
    chained = {"component_name": "Scale", "args": ["runs/1/x"], "kwargs": {"offset": "runs/1/x"}, "output": "runs/1/z"}
    assert world.invoke(chained)["status"] == "success"
    assert loads(world.store.get("runs/1/z") or b"") == [40]


def test_a_function_gets_the_settings_as_keywords(world: World):
    world.module("components", COMPONENTS)
    world.store.put("a", dumps((1, 2)))
    event = {"component_name": "join", "component_config": {"separator": "-"}, "args": ["a", "a"], "output": "b"}
    world.invoke(event)
    assert loads(world.store.get("b") or b"") == "(1, 2)-(1, 2)"
    assert world.invoke(event | {"output": None}) == {"status": "success", "output": None}


def test_what_goes_wrong_in_a_published_event(world: World, capsys):
    world.module("components", COMPONENTS)
    with pytest.raises(InvalidEvent, match="the store has no value at runs/none"):
        world.invoke({"component_name": "Scale", "args": ["runs/none"]})
    with pytest.raises(TaskFailed, match="component fail failed: ValueError: no loader"):
        world.invoke({"component_name": "fail", "output": "never"})
    assert ", in fail" in capsys.readouterr().err
    assert world.store.get("never") is None
    assert world.invoke({"component_name": "skip", "output": "never"}) == {"status": "skipped", "output": None}


def test_no_components_at_all(world: World):
    with pytest.raises(InvalidEvent, match="there is no module components"):
        world.invoke({"component_name": "Scale"})


def test_a_fault_inside_the_components_module_is_told_as_it_is(world: World):
    world.module("components", "import not_installed\n")
    with pytest.raises(TaskFailed, match="No module named 'not_installed'"):
        world.invoke({"component_name": "Scale"})


def test_components_of_the_user_in_a_compiled_machine(world: World):
    world.module("components", COMPONENTS)
    component = {"component_name": "components:Scale", "component_config": {"factor": 3}}
    assert world.run_task("t", "", 1, 2, **component) == "success"
    assert world.record("done/t")["values"]["return_value"]["inline"] == [3, 6]
