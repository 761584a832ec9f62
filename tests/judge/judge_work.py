"""What the tasks of judged DAGs do: they fail as often as they are told, then end as they are told."""

import os
import tempfile

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException


def count(name: str) -> int:
    """Which try of a task this is, kept in a file of the temporary folder, which each run has to itself."""
    path = os.path.join(tempfile.gettempdir(), "tries-of-" + name.replace("/", "-"))
    with open(path, "a") as tries:
        tries.write("x")
    return os.path.getsize(path)


def fail_first(name: str, fails: int) -> None:
    """Fail the first tries."""
    tries = count(name) if fails else 1
    if tries <= fails:
        raise RuntimeError(f"try {tries} of {name} fails")


def work(name: str, fails: int, *values: object) -> str:
    """Succeed."""
    fail_first(name, fails)
    return name


def skip(name: str, fails: int, *values: object) -> None:
    """End as skipped."""
    fail_first(name, fails)
    raise AirflowSkipException(name)


def give_up(name: str, fails: int, *values: object) -> None:
    """Fail for good, whatever tries are left."""
    fail_first(name, fails)
    raise AirflowFailException(name)


def give(name: str, fails: int, items: list[list[object]], *values: object) -> list[list[object]]:
    """Say how the items of those that are mapped over this are to end."""
    fail_first(name, fails)
    return items


def end_as_told(name: str, fails: int, end: str) -> str:
    """What an item of a mapped task does."""
    fail_first(name, fails)
    if end == "skipped":
        raise AirflowSkipException(name)
    if end == "given_up":
        raise AirflowFailException(name)
    return name


def choose(name: str, fails: int, chosen: list[str] | None, *values: object) -> list[str] | None:
    """Follow what is chosen."""
    fail_first(name, fails)
    return chosen


def check(name: str, fails: int, holds: bool, *values: object) -> bool:
    """Say whether to go on."""
    fail_first(name, fails)
    return holds
