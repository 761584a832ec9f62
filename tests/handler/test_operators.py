"""The user's own operator classes on the handler's small BaseOperator."""

from __future__ import annotations

from typing import Any

import pytest
from support.handler_world import World

from handler.errors import TryFailed

SOURCE = """
import pathlib, time
from handler.operators.base import BaseOperator
class Waits(BaseOperator):
    def __init__(self, path, **kwargs):
        super().__init__(**kwargs)
        self.path = path
    def execute(self, context):
        time.sleep(60)
    def on_kill(self):
        pathlib.Path(self.path).write_text(f"killed {self.task_id}")
class Prepares(Waits):
    def pre_execute(self, context):
        time.sleep(60)
class Fails(Waits):
    def execute(self, context):
        raise ValueError(self.path)
class Bare(BaseOperator):
    pass
class Missing(BaseOperator):
    template_fields = ("absent",)
    def execute(self, context): return 1
class Asks(BaseOperator):
    def __init__(self, name, **kwargs):
        super().__init__(**kwargs)
        self.name = name
    def execute(self, context): return getattr(self, self.name)
"""
CONTEXT = {"input": {}, "started": "2026-01-01T00:00:00Z"}


@pytest.fixture
def own(world: World) -> World:
    world.module("own", SOURCE)
    (world._user / "context.json").write_text('{"name": "d"}')
    return world


def run(world: World, name: str, **fields: Any) -> str:
    """Run a task of a class with named arguments; its status."""
    kwargs = {key: {"value": value} for key, value in fields.pop("kwargs", {}).items()}
    event = world.event("t", f"own:{name}", context=CONTEXT, kwargs=kwargs, **fields)
    event["component_config"]["operator"] = {"renders": True}
    return world.invoke(event)["status"]


@pytest.mark.parametrize("name", ["Waits", "Prepares"])
def test_a_try_out_of_time_is_told_to_on_kill(own: World, tmp_path, name: str):
    said = tmp_path / "said"
    with pytest.raises(TryFailed, match="TimedOut"):
        run(own, name, kwargs={"path": str(said)}, timeout=0.2, retries=1)
    assert said.read_text() == "killed t"


def test_a_failure_is_not(own: World, tmp_path):
    assert run(own, "Fails", kwargs={"path": str(tmp_path / "said")}) == "failed"
    assert own.record("done/t")["error"]["type"] == "ValueError"
    assert not (tmp_path / "said").exists()


@pytest.mark.parametrize(
    ("name", "kwargs", "error", "words"),
    [
        ("Bare", {}, "NotImplementedError", ""),
        ("Bare", {"colour": 1}, "TypeError", "Invalid arguments were passed to Bare (task_id: t): ['colour']"),
        ("Missing", {}, "AttributeError", "'absent' is configured as a template field but Missing does not have this"),
        ("Asks", {"name": "output"}, None, "Asks.output"),
        ("Asks", {"name": "colour"}, "AttributeError", "'Asks' object has no attribute 'colour'"),
    ],
)
def test_what_airflow_refuses_or_the_machine_lacks_fails_with_its_name(
    own: World, name: str, kwargs: dict[str, Any], error: str | None, words: str
):
    assert run(own, name, kwargs=kwargs) == "failed"
    found = own.record("done/t")["error"]
    assert words in found["message"]
    assert error in (None, found["type"])
