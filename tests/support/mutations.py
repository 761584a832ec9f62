"""Mutants of DAG files: pieces of real ones cut, doubled and crossed, and hostile expressions in their place."""

from __future__ import annotations

import ast
import random
from collections.abc import Sequence

#: What a file could try: to act, to take for ever, to be large, to be deep, to confuse.
HOSTILE = (
    "open('canary', 'w').write('x')",
    "__import__('os').system('touch canary')",
    "exec('import socket; socket.create_connection((\"127.0.0.1\", 9))')",
    "eval('1 + 1')",
    "__import__('subprocess').run(['touch', 'canary'])",
    "open('/etc/passwd').read()",
    "__import__('pathlib').Path('canary').write_text('x')",
    "().__class__.__base__.__subclasses__()",
    "'{0.__class__.__init__.__globals__}'.format(1)",
    "'%1000000000d' % 1",
    "f'{1:>999999999}'",
    "'a' * 10 ** 9",
    "10 ** 10 ** 10",
    "list(__import__('itertools').count())",
    "[x for x in __import__('itertools').cycle('ab')]",
    "sum(x for x in iter(int, 1))",
    "'{0[a].b}'.format({'a': 1})",
    "'{0.x.y[9999999]}'.format([])",
    "'a'.translate({97: 'b' * 9999})",
    "dict.fromkeys(range(10 ** 9))",
    "__import__('os').listdir('/')",
    "max({}.values())",
    "next(map(print, [1]))",
    "1 << 10 ** 9",
    "[0] * 10 ** 9",
    "[x for x in range(10 ** 9)]",
    "list(range(10 ** 12))",
    "[(a, b, c) for a in range(999) for b in range(999) for c in range(999)]",
    "(lambda f: f(f))(lambda f: f(f))",
    "[[]] * 1000 + [[]] * 1000",
    "dict(zip(range(9999), range(9999)))",
    "sorted([1, 'a', None, dag])",
    "{1: {}}[1][2]",
    "set([[]])",
    "{dag: dag}[dag]",
    "None.x.y",
    "'x'.join([dag])",
    "globals()['x']()",
    "globals().update({'dag': 1})",
    "setattr(dag, 'dag_id', 'other')",
    "getattr(dag, 'no_such' + 'thing')()",
    "type('X', (BaseOperator,), {})(task_id='x')",
    "dag >> dag",
    "[] >> []",
    "[a, [b]] >> c",
    "a >> a",
    "a << None",
    "a >> unknown_thing",
    "chain()",
    "chain(a, [b, c], [d])",
    "a.set_downstream([a, 1])",
    "DAG(dag_id=1)",
    "DAG(**{'dag_id': x, 1: 2})",
    "BashOperator(*[1, 2], **[3])",
    "BashOperator(task_id=BashOperator(task_id='y').output)",
    "task(task)(task)",
    "task.branch.branch.x()",
    "super().__init__()",
    "next(iter({}))",
    "datetime(99999, 1, 1)",
    "timedelta(days=10 ** 20)",
    "datetime.strptime('x', '%Q')",
    "__import__('re').sub('(a*)*b', '', 'a' * 900)",
    "__import__('json').loads('[' * 100000)",
    "int('9' * 100000)",
    "str(10 ** 5000)",
    "(yield)",
    "await_ = [*dag]",
    "\N{SNOWMAN}",
    "'\\ud800'",
    "b'\\xff'.decode()",
)
STATEMENTS = (
    "import itertools, glob, os\nlist(itertools.product(range(99), repeat=9))\nglob.glob('/*')\nos.listdir('..')",
    "def g():\n    yield from g()\nfor x in g():\n    x >> x",
    "def g():\n    while True:\n        yield BashOperator(task_id='g')\nfor x in g():\n    pass",
    "it = iter([])\nit = map(it, it)\nlist(it)\nnext(it)\nx = (y for y in it if next(it))\n[*x, *x]",
    "from contextlib import contextmanager as c\n@c\ndef f():\n    yield\n    yield\nwith f() as x, f():\n    pass",
    "def g(n):\n    try:\n        yield n\n    finally:\n        return\nfor x in g(1):\n    for y in g(x): break",
    "d = {'a': 1}\nfor k in d.keys():\n    d[k * 2] = d.values()\nx = d.items() | d.keys()\nx[0]",
    "class R:\n    def __rshift__(self, o):\n        return self >> o\nR() >> R()",
    "class R:\n    def __iter__(self):\n        return iter(self)\n[*R()]",
    "match unknown, [1, *[2]], {'a': {}}:\n    case a, [b, *c], {'a': {**r}} if a:\n        pass",
    "import collections as c\nd = c.defaultdict(lambda: d)\nd[1][2][3] = d\nstr(d)\nBashOperator(task_id='dd', env=d)",
    "import sys\nsys.path.insert(0, '/')\nsys.path.append('/' * 9999)\nimport etc, tmp.x",
    "while True:\n    pass",
    "while unknown:\n    BashOperator(task_id='w')",
    "for x in unknown:\n    x >> x",
    "def f():\n    return f()\nf()",
    "class A(A):\n    pass",
    "class A:\n    def __getattr__(self, n):\n        return getattr(self, n)\nA().x",
    "x = []\nx.append(x)\ny = x == x\nstr(x)\nBashOperator(task_id='r', env=x)",
    "d = {}\nd['d'] = d\nDAG('r', default_args=d)",
    "from dag import *\nimport dag",
    "import os\nos.remove('canary')",
    "try:\n    raise ValueError\nfinally:\n    dag = 1",
    "with open('canary', 'w') as f:\n    f.write('x')",
    "with unknown as dag:\n    BashOperator(task_id='q')",
    "if unknown:\n    dag = 1\nelse:\n    del dag",
    "match dag:\n    case [x, *y]:\n        pass",
    "global x\nnonlocal_ = 1",
    "async def g():\n    await g()\ng()",
    "return 1",
    "del x, y[0], z.w",
    "a: int = 1; a += 'x'",
    "(a := 1, b := [a for a in range(3)])",
)


def mutant(source: str, others: Sequence[str], choose: random.Random) -> str:
    """One file with one to four changes."""
    for _ in range(choose.randint(1, 4)):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return source
        change = choose.choice((_expression, _statement, _crossed, _doubled, _removed, _text))
        source = change(source, tree, others, choose)
    return source


def _place(nodes: list[ast.AST], choose: random.Random) -> ast.AST | None:
    found = [node for node in nodes if hasattr(node, "end_col_offset")]
    return choose.choice(found) if found else None


def _replaced(source: str, node: ast.AST, text: str) -> str:
    lines = source.splitlines(keepends=True)
    first, last = node.lineno - 1, node.end_lineno - 1  # type: ignore[attr-defined]
    head = lines[first].encode()[: node.col_offset].decode(errors="replace")  # type: ignore[attr-defined]
    tail = lines[last].encode()[node.end_col_offset :].decode(errors="replace")  # type: ignore[attr-defined]
    return "".join([*lines[:first], head + text + tail, *lines[last + 1 :]])


def _expression(source: str, tree: ast.Module, _others: Sequence[str], choose: random.Random) -> str:
    node = _place([each for each in ast.walk(tree) if isinstance(each, ast.expr)], choose)
    return _replaced(source, node, choose.choice(HOSTILE)) if node is not None else source


def _statement(source: str, tree: ast.Module, _others: Sequence[str], choose: random.Random) -> str:
    node = _place([each for each in ast.walk(tree) if isinstance(each, ast.stmt)], choose)
    if node is None:
        return source
    indent = " " * node.col_offset  # type: ignore[attr-defined]
    return _replaced(source, node, choose.choice(STATEMENTS).replace("\n", "\n" + indent))


def _crossed(source: str, tree: ast.Module, others: Sequence[str], choose: random.Random) -> str:
    other = choose.choice(others)
    try:
        given = [each for each in ast.walk(ast.parse(other)) if isinstance(each, ast.expr)]
    except (SyntaxError, ValueError):
        return source
    node = _place([each for each in ast.walk(tree) if isinstance(each, ast.expr)], choose)
    piece = _place(list(given), choose)
    text = ast.get_source_segment(other, piece) if piece is not None else None
    return _replaced(source, node, f"({text})") if node is not None and text else source


def _doubled(source: str, tree: ast.Module, _others: Sequence[str], choose: random.Random) -> str:
    node = _place(list(tree.body), choose)
    text = ast.get_source_segment(source, node) if node is not None else None
    return f"{source}\n{text}\n" if text else source


def _removed(source: str, tree: ast.Module, _others: Sequence[str], choose: random.Random) -> str:
    node = _place([each for each in ast.walk(tree) if isinstance(each, ast.stmt)], choose)
    return _replaced(source, node, "pass") if node is not None else source


def _text(source: str, _tree: ast.Module, _others: Sequence[str], choose: random.Random) -> str:
    at = choose.randrange(len(source) + 1)
    return source[:at] + choose.choice("()[]{}:,'\"\\\n\t\0 =.*@#\N{SNOWMAN}") + source[at + choose.randint(0, 3) :]
