"""The shell component, alone and beside Airflow's own BashOperator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.handler_world import World

from handler.errors import InvalidEvent, TimedOut

# Each with settings of the component; the operator's names for them are in ORACLE.
CASES: list[dict[str, object]] = [
    {"command": "echo one; echo two"},
    {"command": "echo 'trailing space   '"},
    {"command": "printf 'no line feed at the end'"},
    {"command": "printf 'a\\r\\nb\\r\\n'"},
    {"command": "echo out; echo err >&2"},
    {"command": "echo last; echo"},
    {"command": "true"},
    {"command": ""},
    {"command": "printf '\\xff\\xfe\\n'"},
    {"command": "printf '\\xe9\\n'", "encoding": "latin-1"},
    {"command": "[[ abc == a* ]] && echo bash"},
    {"command": "echo before; exit 3"},
    {"command": "exit 99", "skip_exit_codes": [99]},
    {"command": "exit 99", "skip_exit_codes": []},
    {"command": "exit 7", "skip_exit_codes": [6, 7]},
    {"command": "exit 0", "skip_exit_codes": [0]},
    {"command": "kill -9 $$"},
    {"command": "false; echo the last one counts"},
    {"command": "set -e; false; echo never"},
    {"command": "no_such_command_here"},
    {"command": "if then"},
    {"command": "(sleep 0.2; echo later) & echo now"},
    {"command": "echo ${ORACLE_MARK-none}"},
    {"command": "echo ${ORACLE_MARK-none} $MINE", "env": {"MINE": "mine"}},
    {"command": "echo ${ORACLE_MARK-none} $MINE", "env": {"MINE": "mine"}, "append_env": True},
    {"command": "echo ${ORACLE_MARK-none}", "env": {"ORACLE_MARK": "over"}, "append_env": True},
    {"command": "echo ${ORACLE_MARK-none}", "env": {}},
    {"command": "pwd", "cwd": "/"},
    {"command": "pwd", "cwd": "/no/such/folder"},
    {"command": "pwd", "cwd": "/dev/null"},
]

ORACLE = """
import json, sys
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk.exceptions import AirflowSkipException
names = {"command": "bash_command", "encoding": "output_encoding", "skip_exit_codes": "skip_on_exit_code"}
told = []
for case in json.load(sys.stdin):
    settings = {"skip_exit_codes": []} | case
    operator = BashOperator(task_id="t", **{names.get(name, name): value for name, value in settings.items()})
    try:
        told.append(["success", operator.execute({})])
    except AirflowSkipException:
        told.append(["skipped", None])
    except Exception:
        told.append(["failed", None])
print("\\n" + json.dumps(told))
"""


def run(world: World, task: str, **config: object) -> tuple[str, object]:
    """The status and the value of a shell task."""
    status = world.run_task(task, component_name="shell", component_config=config)
    stored = world.record(f"done/{task}")["values"].get("return_value")
    return status, stored["inline"] if stored else None


@pytest.mark.airflow
def test_the_same_outcome_as_the_source_engine_s_operator(world: World, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("ORACLE_MARK", "inherited")
    environment = {**os.environ, "AIRFLOW_HOME": str(tmp_path / "airflow"), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"}
    command = [sys.executable, "-c", ORACLE]
    done = subprocess.run(
        command, input=json.dumps(CASES), env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
    expected = json.loads(done.stdout.splitlines()[-1])
    ours = [list(run(world, f"t{number}", **case)) for number, case in enumerate(CASES)]
    for case, mine, theirs in zip(CASES, ours, expected, strict=True):
        assert mine == theirs, case


def test_all_output_is_in_the_log(world: World):
    run(world, "t", command="echo one; echo two >&2; exit 3")
    text = world.text("log/t/")
    assert text.startswith("one\ntwo\n")
    assert text.endswith("the command ended with exit code 3\n")
    assert world.record("done/t")["error"] == {"type": "TaskError", "message": "the command ended with exit code 3"}


def test_a_fresh_folder_each_time_that_goes_away(world: World):
    _, one = run(world, "a", command="touch left; pwd")
    _, two = run(world, "b", command="ls; pwd")
    assert one != two
    assert not Path(str(one)).exists()
    assert world.text("log/b/") == f"{two}\n"


def test_multiple_outputs_refuse_a_line(world: World):
    assert run(world, "t", command="echo x", multiple_outputs=True) == ("failed", None)


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"command": 5},
        {"command": "true", "env": {"A": 1}},
        {"command": "true", "env": []},
        {"command": "true", "skip_exit_codes": 99},
        {"command": "true", "skip_exit_codes": ["99"]},
        {"command": "true", "cwd": 1},
        {"command": "true", "encoding": None},
    ],
)
def test_wrong_settings_are_an_invalid_event(world: World, config: dict[str, object]):
    with pytest.raises(InvalidEvent, match="component_config"):
        run(world, "t", **config)


GROUP = "trap 'echo asked >> {file}; exit 1' TERM; (sleep 61.5 & echo $! > {pid}; wait) & wait"


def alive(pid: int) -> bool:
    """Whether a process is there and not just waiting to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("main_thread", [True, False])
def test_a_command_over_its_time_is_ended_with_all_its_processes(world: World, tmp_path: Path, main_thread: bool):
    file, pid = tmp_path / "asked", tmp_path / "pid"
    config = {"command": GROUP.format(file=file, pid=pid)}
    event = world.event("t") | {"component_name": "shell", "component_config": config, "timeout": 1.0}
    if main_thread:
        world.invoke(event)
    else:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(world.invoke, event).result()
    assert world.record("done/t")["error"]["type"] == "TimedOut"
    assert file.read_text() == "asked\n"
    for _ in range(100):
        if not alive(int(pid.read_text())):
            break
        time.sleep(0.05)
    assert not alive(int(pid.read_text()))


def test_a_command_that_ignores_the_request_to_end_is_killed(world: World):
    config = {"command": "trap '' TERM; echo $$; while true; do sleep 0.1; done"}
    event = world.event("t") | {"component_name": "shell", "component_config": config, "timeout": 0.3}
    assert world.invoke(event)["status"] == "failed"
    assert world.record("done/t")["error"]["type"] == "TimedOut"
    assert not alive(int(world.text("log/t/").splitlines()[0]))


def test_the_end_of_the_time_is_told_wherever_it_comes(world: World, monkeypatch: pytest.MonkeyPatch):
    """It came just as `shutil.rmtree` had closed a folder, which then closed it again: seen as an OSError, once."""

    def interrupted(*arguments: object, **options: object) -> None:
        try:
            raise TimedOut("the try took longer than its 1 s")
        finally:
            os.close(1_000_000)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    run(world, "t", command="true")
    assert world.record("done/t")["error"]["type"] == "TimedOut"
