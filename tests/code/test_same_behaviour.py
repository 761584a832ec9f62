"""What ships does what the source does: each callable is run in a process of its own, both ways, and compared.

The source runs with a stand-in for Airflow whose `@task` keeps the plain function.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.slices import FIXTURES, outcome

STAND_IN = """
import importlib.machinery, sys, types

FUNCTIONS = []

class Anything:
    def __init__(self, *args, **kwargs): pass
    def __enter__(self): return self
    def __exit__(self, *args): return None
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()
    def __call__(self, *args, **kwargs): return mark(*args, **kwargs)
    def __rshift__(self, other): return other

class Task:
    def __init__(self, function): self.function = function
    def __call__(self, *args, **kwargs): return Anything()

def mark(*args, **kwargs):
    if args and callable(args[0]) and not kwargs and not isinstance(args[0], Anything):
        FUNCTIONS.append(args[0])
        return Task(args[0])
    return Anything()

def dag(function=None, **kwargs):
    return (lambda inner: inner) if function is None else function

class Loader:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "airflow":
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        kinds = {n: type(n, (Exception,), {}) for n in ("AirflowException", "AirflowSkipException")}
        def find(name):
            if name.startswith("__"):
                raise AttributeError(name)
            return dag if name == "dag" else kinds.get(name) or Anything()
        module.__getattr__ = find
        return module
    def exec_module(self, module): pass

sys.meta_path.insert(0, Loader())
"""

RUN = """
def outcome_of(function, args):
    try:
        return ["value", repr(function(*args))]
    except Exception as error:
        return ["error", type(error).__mro__[-3].__name__, str(error)]
"""

SOURCE = (
    STAND_IN
    + RUN
    + """
import importlib, json
folder, qualname, line, args = json.loads(sys.argv[1])
sys.path.insert(0, folder)
dag_module = importlib.import_module("dag")
for name in ("pipeline", "other"):
    getattr(dag_module, name, lambda: None)()
found = [f for f in FUNCTIONS if f.__qualname__ == qualname and (not line or f.__code__.co_firstlineno == line)]
if not found:
    function = dag_module
    for part in qualname.split("."):
        function = getattr(function, part)
    found = [function]
print(json.dumps(outcome_of(found[-1], args)))
"""
)

SHIPPED = (
    "import importlib, json, sys\n"
    + RUN
    + """
folder, target, root, args = json.loads(sys.argv[1])
sys.path[:0] = [folder, root]
module, _, qualname = target.partition(":")
function = importlib.import_module(module)
for part in qualname.split("."):
    function = getattr(function, part)
print(json.dumps(outcome_of(function, args)))
"""
)

CALLS = [
    ("taskflow", "extract", []),
    ("taskflow", "load", ['{"a": 1.005}']),
    ("taskflow", "load", ['{"a": 1, "b": 2, "c": 3, "d": 4}']),
    ("annotations", "plain", [1]),
    ("annotations", "quoted", [[], 2]),
    ("nested", "pipeline.<locals>.extract", [16]),
    ("nested", "pipeline.<locals>.report", [[1]]),
    ("nested", "other.<locals>.extract", []),
    ("grouped", "inside", []),
    ("changed", "run", []),
    ("changed", "looped", []),
    ("changed", "marked", []),
    ("changed", "dispatched", []),
    ("changed", "registered", []),
    ("classes", "Loader.Inner.go", []),
    ("classes", "loader.load", []),
    ("lambdas", "ready", [41]),
    ("recursion", "count", []),
    ("recursion", "even", [10]),
    ("two_dags", "extract", []),
    ("unfollowable", "safe", [1, 2]),
    ("whole", "run", []),
    ("whole", "reach", ["STEPS"]),
]


@pytest.mark.parametrize(("name", "qualname", "args"), CALLS, ids=[f"{call[0]}-{call[1]}" for call in CALLS])
def test_same_result(name: str, qualname: str, args: list[object], tmp_path: Path) -> None:
    case = FIXTURES / name
    given = outcome(case)
    for path, text in given.items():
        if path.startswith("files/"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
    asked = json.loads((case / "requests.json").read_text(encoding="utf-8"))
    lines = given["callables.txt"].splitlines()
    [(request, line), *_] = [(a, t) for a, t in zip(asked, lines, strict=True) if a["qualname"] == qualname]
    target = line.removeprefix(f"{qualname}: ").partition(" ")[0]
    root = str(Path(__file__).parents[2])
    source = _run(SOURCE, [str(case / "input"), qualname, request.get("line", 0), args], tmp_path)
    shipped = _run(SHIPPED, [str(tmp_path / "files"), target, root, args], tmp_path)
    assert source == shipped


def _run(script: str, argument: list[object], folder: Path) -> str:
    command = [sys.executable, "-B", "-I", "-c", script, json.dumps(argument)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
