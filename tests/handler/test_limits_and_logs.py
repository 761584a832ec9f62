"""Time limits in every kind of thread, and what tasks print."""

from __future__ import annotations

import json
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.handler_world import World

from handler.deadline import Limit
from handler.errors import InfrastructureError, TimedOut, TryFailed
from handler.store.file import FileStore

LOUD = """
import logging, sys, threading, time
log = logging.getLogger('loud')
def loud():
    print('out'); print('err', file=sys.stderr); sys.stdout.buffer.write(b'raw \\xff\\n'); sys.stdout.flush()
    log.info('info'); log.warning('warning'); log.debug('debug')
    thread = threading.Thread(target=print, args=('thread',)); thread.start(); thread.join()
def fails():
    print('before')
    raise ValueError('inner') from KeyError('cause')
def sleeps(seconds):
    print('begun')
    time.sleep(seconds)
def spins(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
def swallows(seconds):
    try:
        time.sleep(seconds)
    except Exception:
        return 'swallowed'
def named(name, barrier):
    for n in range(50):
        print(name, n)
        time.sleep(0.001)
def lots():
    for _ in range(20):
        print('x' * 1024 * 1024)
def quiet(): pass
def half(): print('no end', end='')
"""


@pytest.fixture
def loud(world: World) -> World:
    world.module("loud", LOUD)
    return world


def test_everything_printed_is_kept_in_order(loud: World, capsys):
    assert loud.run_task("t", "loud:loud") == "success"
    lines = loud.text("log/t/").splitlines()
    assert lines == ["out", "err", "raw \\xff", "INFO loud: info", "WARNING loud: warning", "thread"]
    assert capsys.readouterr() == ("", "")


def test_the_log_of_a_failed_try_has_the_task_s_own_traceback(loud: World):
    with pytest.raises(TryFailed):
        loud.run_task("t", "loud:fails", retries=1)
    assert loud.listed("log/") == ["log/t/1-attempt-1"]
    text = loud.text("log/t/")
    assert text.startswith("before\n")
    assert "KeyError: 'cause'" in text
    assert text.endswith("in fails\n    raise ValueError('inner') from KeyError('cause')\nValueError: inner\n")
    assert "handler" not in text


def test_a_module_that_fails_on_import_shows_its_line(world: World):
    world.module("broken", "x = 1\nraise RuntimeError('on import')\n")
    world.run_task("t", "broken:f")
    text = world.text("log/t/")
    assert 'broken.py", line 2, in <module>' in text
    assert "importlib" not in text


def test_quiet_tasks_leave_no_log(loud: World):
    loud.run_task("t", "loud:quiet")
    assert loud.listed("log/") == []


def test_a_flood_is_cut_and_says_so(loud: World):
    loud.run_task("t", "loud:lots")
    text = loud.text("log/t/")
    assert text.endswith("(4194324 more bytes were printed and not kept)\n")
    assert len(text) < 17 * 1024 * 1024


def test_on_lambda_each_line_is_a_json_object(loud: World, monkeypatch, capsys):
    monkeypatch.delenv("STEPWEAVE_LOGS")
    loud.run_task("t", "loud:fails")
    loud.run_task("u", "loud:half")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"run": "m/e/t", "task": "t", "try": 1, "stream": "stdout", "message": "before"}
    assert {"stream": "stderr", "message": "ValueError: inner"}.items() <= lines[-2].items()
    assert {"task": "u", "message": "no end"}.items() <= lines[-1].items()
    assert loud.listed("log/") == []


def test_tasks_in_several_threads_keep_their_output_apart(loud: World):
    with ThreadPoolExecutor(4) as pool:
        names = ["a", "b", "c", "d"]
        assert set(pool.map(lambda name: loud.run_task(name, "loud:named", name, None), names)) == {"success"}
    for name in names:
        assert loud.text(f"log/{name}/").splitlines() == [f"{name} {number}" for number in range(50)]


def test_streams_and_logging_are_as_before(loud: World, capsys):
    import logging
    import sys

    before = (sys.stdout, sys.stderr, list(logging.getLogger().handlers), logging.getLogger().level)
    loud.run_task("t", "loud:loud")
    assert (sys.stdout, sys.stderr, list(logging.getLogger().handlers), logging.getLogger().level) == before
    print("outside")
    assert capsys.readouterr().out == "outside\n"


def test_lambda_s_own_log_handler_does_not_print_a_record_again(loud: World, monkeypatch):
    import io
    import logging

    stream = io.StringIO()
    monkeypatch.setattr(logging.getLogger(), "handlers", [logging.StreamHandler(stream)])
    loud.run_task("t", "loud:loud")
    assert stream.getvalue() == ""
    logging.getLogger("after").warning("again")
    assert stream.getvalue() == "again\n"


@pytest.mark.parametrize("name", ["sleeps", "spins", "swallows"])
def test_a_try_over_its_time_fails_in_the_main_thread(loud: World, name: str):
    with pytest.raises(TryFailed, match=r"TimedOut: the try took longer than its 0\.2 s"):
        loud.run_task("t", f"loud:{name}", 60, timeout=0.2, retries=1)
    assert loud.record("try/t/1/failed")["error"]["type"] == "TimedOut"


def test_a_try_over_its_time_fails_in_another_thread(loud: World):
    with ThreadPoolExecutor(1) as pool:
        status = pool.submit(loud.run_task, "t", "loud:spins", 60, timeout=0.2).result()
    assert status == "failed"
    assert loud.record("done/t")["error"]["type"] == "TimedOut"


def test_the_end_of_the_lambda_is_seen_coming(loud: World):
    event = loud.event("t", "loud:sleeps", 60)
    assert loud.invoke(event, remaining=0.5)["status"] == "failed"
    assert loud.record("done/t")["error"]["type"] == "TimedOut"
    assert loud.text("log/t/").startswith("begun\n")


def test_a_lambda_with_no_time_left_at_all(loud: World):
    assert loud.invoke(loud.event("t", "loud:sleeps", 60), remaining=0)["status"] == "failed"


def test_a_limit_leaves_nothing_behind():
    def mine(number: int, frame: object) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGALRM, mine)
    try:
        with Limit(60):
            pass
        assert signal.getsignal(signal.SIGALRM) is mine
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
        with pytest.raises(TimedOut), Limit(0.05):
            time.sleep(60)
        assert signal.getsignal(signal.SIGALRM) is mine
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_limit_in_a_thread_that_ends_in_time_raises_nothing_later():
    def work() -> str:
        for _ in range(200):
            with Limit(0.001):
                pass
        return "done"

    outcomes: list[str] = []

    def guarded() -> None:
        try:
            outcomes.append(work())
        except TimedOut:
            outcomes.append("timed out inside")
        for _ in range(1000):
            pass
        outcomes.append("quiet after")

    for _ in range(20):
        thread = threading.Thread(target=guarded)
        thread.start()
        thread.join()
    assert outcomes.count("quiet after") == 20


def test_a_store_that_loses_the_log_is_an_infrastructure_error(loud: World, monkeypatch):
    real = FileStore.put

    def put(self: FileStore, key: str, value: bytes) -> None:
        if "/log/" in key:
            raise InfrastructureError("the disk is full")
        real(self, key, value)

    monkeypatch.setattr(FileStore, "put", put)
    with pytest.raises(InfrastructureError, match="the disk is full"):
        loud.run_task("t", "loud:fails")
    assert loud.listed("done/") == []
