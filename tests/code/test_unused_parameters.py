"""Which parameters a body never uses."""

from pathlib import Path

import pytest

from transpilers.code import unused_parameters

SOURCE = '''\
@task
def plain(a, b, /, c, *args, d=1, **kwargs):
    """Says `kwargs`, and does not use it."""
    return [b for _ in range(c)]


def by_name(context, **kwargs):
    return locals()


def nested(ti, ds):
    def inner():
        nonlocal ti
        return lambda: ds

    return inner


later = lambda x, **context: x  # noqa: E731


async def waits(run_id): ...
'''


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (1, {"a", "args", "d", "kwargs"}),
        (2, {"a", "args", "d", "kwargs"}),
        (3, set()),
        (7, set()),
        (11, set()),
        (19, {"context"}),
        (22, {"run_id"}),
        (99, set()),
    ],
)
def test_unused(line: int, expected: set[str], tmp_path: Path) -> None:
    path = tmp_path / "dag.py"
    path.write_text(SOURCE, encoding="utf-8")
    assert unused_parameters(path, line) == expected


def test_a_broken_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "dag.py"
    path.write_text("def f(:\n", encoding="utf-8")
    with pytest.raises(SyntaxError):
        unused_parameters(path, 1)
