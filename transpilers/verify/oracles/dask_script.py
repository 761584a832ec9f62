"""Computes a collection by Dask's synchronous scheduler and holds a machine's value to it, by Dask's own `assert_eq`.

    PYTHON dask_script.py REQUEST

REQUEST is JSON: `folder` (the user's working folder), `spec` (`MODULE:ATTRIBUTE` or `MODULE:FACTORY`), `optimize`,
`value` and `failure` (files with the pickles of what the machine computed, or of the exception and its traceback,
checked by who wrote them, or null), `out`. The answer holds the `repr` or the `error`, `differs` (why the machine's
value or exception is another one, or null) and `unstable` (whether a second computation gives another value too, of the
type of the machine's).
"""

import importlib
import json
import os
import pickle
import sys


def main(request):
    with open(request) as file:
        asked = json.load(file)
    sys.path.insert(0, asked["folder"])
    os.chdir(asked["folder"])
    import dask

    dask.config.set({"dataframe.shuffle.method": "tasks"})
    made = load(asked["spec"])
    answer = {"repr": None, "error": None, "differs": None, "unstable": False}
    try:
        expected = compute(made, asked["optimize"])
    except Exception as error:
        answer["error"] = f"{type(error).__name__}: {error}"
        if asked["failure"] is not None:
            found, _ = load_pickle(asked["failure"])
            if type(found) is not type(error):
                answer["differs"] = f"failed: {type(found).__name__}: {found}"
    else:
        answer["repr"] = repr(expected)[:2000]
        if asked["value"] is not None:
            found = load_pickle(asked["value"])
            answer["differs"] = difference(expected, found)
            if answer["differs"] is not None and type(found) is type(expected):
                answer["unstable"] = difference(expected, compute(load(asked["spec"]), asked["optimize"])) is not None
    with open(asked["out"], "w") as file:
        json.dump(answer, file)


def load_pickle(path):
    with open(path, "rb") as file:
        return pickle.load(file)  # noqa: S301 - in the sandbox, its signature checked


def load(spec):
    from dask.base import is_dask_collection

    module, _, attribute = spec.partition(":")
    found = importlib.import_module(module)
    for part in attribute.split("."):
        found = getattr(found, part)
    return found() if callable(found) and not is_dask_collection(found) else found


def compute(made, optimize):
    import dask

    (value,) = dask.compute(made, scheduler="sync", optimize_graph=optimize)
    return value


def difference(expected, found):
    """Why two computed values are not the same; None where Dask's tests would call them equal."""
    try:
        check(expected, found, "")
    except AssertionError as error:
        return " ".join(str(error).split())[:500] or f"{found!r} is not {expected!r}"[:500]
    return None


def check(expected, found, place):
    if isinstance(expected, (list, tuple)) and type(expected) is type(found) and len(expected) == len(found):
        for at, (one, other) in enumerate(zip(expected, found, strict=True)):
            check(one, other, f"{place}[{at}]")
    elif isinstance(expected, dict) and isinstance(found, dict) and expected.keys() == found.keys():
        for key in expected:
            check(expected[key], found[key], f"{place}[{key!r}]")
    else:
        try:
            leaf(expected, found)
        except AssertionError as error:
            raise AssertionError(f"{place or 'the value'}: {error}") from error


def leaf(expected, found):
    assert type(expected) is type(found), f"a {type(found).__name__}, not a {type(expected).__name__}"
    kind = type(expected).__module__.partition(".")[0]
    if kind == "numpy":
        from dask.array.utils import assert_eq

        assert_eq(expected, found)
    elif kind == "pandas":
        from dask.dataframe.utils import assert_eq

        assert_eq(expected, found)
    else:
        same = expected == found or (expected != expected and found != found)
        assert bool(same), f"{found!r}, not {expected!r}"


if __name__ == "__main__":
    main(sys.argv[1])
