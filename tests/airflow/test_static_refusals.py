"""What the file alone does not tell is refused, with its place and the name of what is unknown; the rest is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.airflow_sources import HEAD

from transpilers.airflow.call import DagFile, Literal, Unresolved
from transpilers.airflow.static import load

LINES = HEAD.count("\n")
#: A source, the line that is named (after the common head), and a part of the reason.
REFUSED = {
    "task_id": (
        "from airflow.sdk import Variable\nwith DAG('d'):\n    EmptyOperator(task_id=Variable.get('n'))",
        3,
        "'n'",
    ),
    "dag_id": ("import os\nwith DAG(os.environ['X']):\n    EmptyOperator(task_id='t')", 2, "'X'"),
    "group_id": ("import os\nwith DAG('d'), TaskGroup(os.getenv('G')):\n    EmptyOperator(task_id='t')", 2, "'G'"),
    "edge": (
        "import nowhere\nwith DAG('d'):\n    EmptyOperator(task_id='t') >> nowhere.other",
        3,
        "an edge to or from",
    ),
    "branch": (
        "import os\nwith DAG('d'):\n    if os.environ.get('X'):\n        EmptyOperator(task_id='a')\n"
        "    else:\n        EmptyOperator(task_id='b')",
        3,
        "'X'",
    ),
    "loop": (
        "import os\nwith DAG('d'):\n    for n in os.listdir('.'):\n        EmptyOperator(task_id=n)",
        4,
        "what is in a folder",
    ),
    "nested_return": (
        "import os\ndef f():\n    for n in (1, 2):\n        if os.getenv('X'):\n            return n\n    return 3\n"
        "with DAG('d'):\n    EmptyOperator(task_id=f't{f()}')",
        4,
        "'X'",
    ),
    "comprehension": (
        "import os\nwith DAG('d'):\n    [EmptyOperator(task_id=n) for n in os.listdir('.')]",
        3,
        "what is in a folder",
    ),
    "filtered": (
        "import os\nwith DAG('d'):\n    [EmptyOperator(task_id=n) for n in 'ab' if os.getenv(n)]",
        3,
        "environment",
    ),
    "while": ("import os\nwith DAG('d'):\n    while os.getenv('X'):\n        EmptyOperator(task_id='t')", 3, "'X'"),
    "unknown_function": ("from nowhere import add\nwith DAG('d') as dag:\n    add()", 3, "nowhere.add()"),
    "given_the_dag": ("from nowhere import add\nwith DAG('d') as dag:\n    pass\nadd(dag)", 4, "nowhere.add()"),
    "given_a_task": (
        "from nowhere import wire\ndag = DAG('d')\nt = EmptyOperator(task_id='t', dag=dag)\nwire([t])",
        4,
        "nowhere.wire()",
    ),
    "given_a_maker": (
        "from nowhere import each\ndag = DAG('d')\ndef make(n):\n    EmptyOperator(task_id=n, dag=dag)\neach(make)",
        5,
        "nowhere.each()",
    ),
    "sorted_by_it": (
        "from nowhere import mix\nnames = ['a', 'b']\nmix(names)\nwith DAG('d'):\n    for n in names:\n"
        "        EmptyOperator(task_id=n)",
        6,
        "nowhere.mix()",
    ),
    "shuffled": (
        "import random\nn = ['a', 'b']\nrandom.shuffle(n)\nwith DAG('d'):\n    EmptyOperator(task_id=n[0])",
        5,
        "random.shuffle()",
    ),
    "today": ("with DAG('d'):\n    EmptyOperator(task_id=f'{datetime.now():%Y}')", 2, "now()"),
    "exec": ("exec('dag = DAG(1)')\nwith DAG('d'):\n    pass", 1, "exec()"),
    "outside_context": ("from nowhere import Group\nwith DAG('d'):\n    with Group('g'):\n        pass", 3, "Group"),
    "unknown_fields": (
        "from nowhere import TheOperator\nwith DAG('d'):\n    a = EmptyOperator(task_id='a')\n"
        "    TheOperator(task_id='b', x=a.output)",
        4,
        "which arguments of TheOperator are rendered",
    ),
    "hidden_output": (
        "import json\nwith DAG('d'):\n    a = EmptyOperator(task_id='a')\n"
        "    BashOperator(task_id='b', bash_command=json.dumps(a.output))",
        4,
        "an edge from",
    ),
    "raising_or_not": (
        "from airflow.sdk import Variable\nwith DAG('d'):\n    try:\n        n = Variable.get('n')\n"
        "    except KeyError:\n        n = None\n    EmptyOperator(task_id=f'{n}')",
        7,
        "'n'",
    ),
    "asset": ("from airflow.sdk import asset\nfrom nowhere import n\n@asset(name=n)\ndef a():\n    pass", 3, "asset"),
    "own_constructor": (
        "from nowhere import name\nfrom airflow.sdk import BaseOperator\nclass Mine(BaseOperator):\n"
        "    def __init__(self, **kwargs):\n        super().__init__(task_id=name(), **kwargs)\n"
        "with DAG('d'):\n    Mine()",
        5,
        "name()",
    ),
    "context_manager": (
        "import os\nfrom contextlib import contextmanager\n@contextmanager\ndef d(n):\n    if os.getenv('A'):\n"
        "        yield DAG(n)\n    else:\n        yield None\nwith d('x') as dag:\n"
        "    EmptyOperator(task_id='t', dag=dag)",
        9,
        "d(), a generator",
    ),
    "generator": (
        "def d():\n    with DAG('x') as dag:\n        yield dag\n        EmptyOperator(task_id='later')\n"
        "EmptyOperator(task_id='t', dag=next(d()))",
        5,
        "a generator",
    ),
    "iterator_in_a_branch": (
        "import os\nnames = iter('abc')\nwith DAG('x'):\n    if os.getenv('A'):\n        next(names)\n"
        "    EmptyOperator(task_id=next(names))",
        6,
        "what is left of iter()",
    ),
    "order_not_known": (
        "import os\nnames = ['b', 'a']\nnames.sort(reverse=bool(os.getenv('A')))\nwith DAG('x'):\n"
        "    EmptyOperator(task_id=names[0])",
        5,
        "'A'",
    ),
    "constant_of_a_library_as_key": (
        "from nowhere import KEY\nknown = {KEY: 1}\nwith DAG('x'):\n"
        "    EmptyOperator(task_id='t' if known.get('k') is None else 'u')",
        4,
        "whether nowhere.KEY is 'k'",
    ),
    "chained_in_the_order_of_a_set": (
        "from airflow.sdk import chain\nwith DAG('x'):\n    chain(*[EmptyOperator(task_id=n) for n in {'a', 'b'}])",
        3,
        "the order of a set",
    ),
    "listed_outside_the_root": (
        "import os\nwith DAG('x'):\n    for name in sorted(os.listdir('/')):\n        EmptyOperator(task_id=name)",
        4,
        "what is in a folder",
    ),
    "iterator_given_away": (
        "import nowhere\nwith DAG('x'):\n    made = (EmptyOperator(task_id=n) for n in 'ab')\nnowhere.show(made)",
        4,
        "nowhere.show()",
    ),
    "field_of_the_constructors_own": (
        "from airflow.providers.qubole.operators.qubole import QuboleOperator\n"
        "with DAG('d'):\n    a = BashOperator(task_id='a', bash_command='x')\n"
        "    QuboleOperator(task_id='t', command_type='hivecmd', query=a.output)",
        4,
        "which arguments of QuboleOperator are rendered",
    ),
    "retried": (
        "from tenacity import retry\n@retry\ndef make(n):\n    with DAG(n):\n        EmptyOperator(task_id='t')\n"
        "make('a')\nwith DAG('d'):\n    EmptyOperator(task_id='t')",
        2,
        "tenacity.retry()",
    ),
    "in_threads": (
        "from concurrent.futures import ThreadPoolExecutor\ndef make(n):\n    with DAG(n):\n        pass\n"
        "def outer(n):\n    make(n)\nwith ThreadPoolExecutor() as pool:\n    pool.map(outer, 'ab')",
        8,
        "whether",
    ),
    "thread": (
        "from threading import Thread\ndef make():\n    with DAG('n'):\n        pass\nThread(target=make).start()",
        5,
        "whether",
    ),
    "raised_and_caught": (
        "import os\ntry:\n    n = 'a'\n    if os.getenv('X'):\n        raise ValueError\n"
        "except ValueError:\n    n = 'b'\nwith DAG('d'):\n    EmptyOperator(task_id=n)",
        9,
        "whether this raises",
    ),
    "unknown_base": (
        "from nowhere import Base\nclass Mine(Base):\n    pass\nwith DAG('d'):\n    Mine(task_id='t')",
        5,
        "Mine()",
    ),
    "put_away": (
        "import sys\ndag = 1\nsetattr(sys.modules[__name__], 'x', DAG('d'))",
        3,
        "where a DAG is put",
    ),
    "assigned_later": (
        "with DAG('d'):\n    t = EmptyOperator(task_id='t')\n    t.task_id = 'u'",
        3,
        "an assignment to task_id",
    ),
    "loose": ("from nowhere import make\nwith make('d'):\n    EmptyOperator(task_id='t')", 3, "in no DAG"),
    "context_wrapper": (
        "from airflow.utils.setup_teardown import context_wrapper\nwith DAG('d'):\n"
        "    s = EmptyOperator(task_id='s').as_setup()\n    with context_wrapper([s]):\n"
        "        EmptyOperator(task_id='t')",
        4,
        "context_wrapper()",
    ),
    "async": ("async def f():\n    pass\nwith DAG('d'):\n    async with f() as x:\n        pass", 0, "not Python"),
    "too_long": ("with DAG('d'):\n    n = 0\n    while True:\n        n += 1", 0, "too many steps"),
    "too_large": ("x = 'a' * 10 ** 9\nwith DAG('d'):\n    pass", 0, "too large"),
    "too_deep": ("def f():\n    return f()\nf()\nwith DAG('d'):\n    pass", 0, "too deeply"),
}


@pytest.fixture
def read(tmp_path: Path):
    def load_source(source: str) -> DagFile:
        path = tmp_path / "dag.py"
        path.write_text(HEAD + source + "\n")
        [found] = load([path])
        return found

    return load_source


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, read) -> None:
    source, line, reason = REFUSED[case]
    found = read(source)
    assert not found.dags
    assert found.faults
    first = found.faults[0]
    if case != "async":
        assert first.sort == "unresolved"
        assert reason in first.message
    assert first.span is not None
    assert not line or first.span.line == LINES + line


#: Sources whose graphs are one task `t`, and what its `bash_command` is.
RESOLVED = {
    "both_sides_agree": "import os\nif os.getenv('X'):\n    n = 't'\nelse:\n    n = 't'\ncommand = 'x'",
    "or_a_default": "import os\nn = 't'\nif not os.getenv('X'):\n    print('no X')\ncommand = 'x'",
    "raising_branch": "import os\nn = 't'\nif not os.getenv('X'):\n    raise ValueError('X')\ncommand = 'x'",
    "either_import": (
        "try:\n    from nowhere import fast as json\nexcept ImportError:\n    import json\nn, command = 't', 'x'"
    ),
    "early_return": (
        "import os\ndef f():\n    if os.getenv('X'):\n        return 't'\n    return 't'\nn, command = f(), 'x'"
    ),
    "loop_without_graph": (
        "import os\ntotal = 0\nfor line in os.listdir('.'):\n    total += len(line)\nn, command = 't', 'x'"
    ),
    "main_guard": "n, command = 't', 'x'\nif __name__ == '__main__':\n    dag.test()",
}


@pytest.mark.parametrize("case", RESOLVED)
def test_resolved(case: str, read) -> None:
    found = read(f"{RESOLVED[case]}\nwith DAG('d'):\n    BashOperator(task_id=n, bash_command=command)")
    assert not found.faults
    [call] = found.dags[0].calls
    assert (call.task_id, call.kwargs["bash_command"]) == ("t", Literal("x"))


def test_what_is_the_same_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    for name in ("x", "y"):
        (tmp_path / "conf" / f"{name}.json").write_text(f'{{"task": "of_{name}"}}')
    (tmp_path / "dag.py").write_text(
        HEAD + "import json\nfrom pathlib import Path\nwith DAG('d'):\n    end = EmptyOperator(task_id='end')\n"
        "    for name in {'a', 'b', 'c'}:\n        EmptyOperator(task_id=name) >> end\n"
        "    for path in Path(__file__).parent.joinpath('conf').glob('*.json'):\n"
        "        EmptyOperator(task_id=json.loads(path.read_text())['task'])\n"
    )
    [found] = load([tmp_path / "dag.py"])
    assert not found.faults
    assert {call.task_id for call in found.dags[0].calls} == {"a", "b", "c", "of_x", "of_y", "end"}
    assert {(edge.upstream, edge.downstream) for edge in found.dags[0].edges} == {(name, "end") for name in "abc"}


def test_unknown_arguments_stay_in_their_place(read) -> None:
    found = read(
        "import os\nfrom airflow.sdk import Variable\nwith DAG('d'):\n"
        "    BashOperator(task_id='t', bash_command=f\"echo {Variable.get('v')}\", env={'A': os.environ['E']})"
    )
    [call] = found.dags[0].calls
    command = call.kwargs["bash_command"]
    assert isinstance(command, Unresolved)
    assert command.reason == "Variable 'v'"
    assert command.span is not None
    assert command.span.line == LINES + 4
    assert "'E'" in str(call.kwargs["env"])


def test_modules_and_configuration_below_the_root_are_read_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("name = 'outside'\n")
    (tmp_path / "secret.json").write_text('{"name": "outside"}')
    root = tmp_path / "dags"
    (root / "team").mkdir(parents=True)
    (root / "helpers.py").write_text(
        "import json\nfrom pathlib import Path\nNAMES = json.loads(Path(__file__).with_name('n.json').read_text())\n"
    )
    (root / "n.json").write_text('["a", "b"]')
    (root / "team" / "more.yaml").write_text("deep:\n  - c\n  - d\n")
    (root / "team" / "dag.py").write_text(
        HEAD + "import os, yaml\nfrom helpers import NAMES\n"
        "with open(os.path.join(os.path.dirname(__file__), 'more.yaml')) as f:\n    more = yaml.safe_load(f)\n"
        "with DAG('d'):\n    for n in NAMES + more['deep']:\n        EmptyOperator(task_id=n)\n"
    )
    [found] = load([root / "team" / "dag.py"], root=root)
    assert [call.task_id for call in found.dags[0].calls] == ["a", "b", "c", "d"]
    (root / "team" / "lib").mkdir()
    (root / "team" / "lib" / "deeper.py").write_text("NAME = 'e'\n")
    (root / "team" / "path.py").write_text(
        HEAD + "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'lib'))\n"
        "import deeper\nwith DAG('d'):\n    EmptyOperator(task_id=deeper.NAME)\n"
    )
    [found] = load([root / "team" / "path.py"], root=root)
    assert [call.task_id for call in found.dags[0].calls] == ["e"]
    for source in (
        "from outside import name",
        "import sys\nsys.path.append(__file__ + '/../../..')\nfrom outside import name",
        "import json\nname = json.load(open(__file__ + '/../../../secret.json'))['name']",
        "import json\nfrom pathlib import Path as P\n"
        "name = json.loads((P(__file__).parent / '../../secret.json').read_text())['name']",
    ):
        (root / "team" / "bad.py").write_text(f"{HEAD}{source}\nwith DAG('d'):\n    EmptyOperator(task_id=name)\n")
        [found] = load([root / "team" / "bad.py"], root=root)
        assert [fault.sort for fault in found.faults] == ["unresolved"], source
