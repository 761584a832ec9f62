"""Random DAG files with mapped tasks and groups, XComs of many types, templates and context arguments.

Nothing races: no rule is drawn whose outcome depends on which of two tasks ends first, so two runs differ in nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from judge_values.templates import CONTEXT, TEMPLATES
from judge_values.values import CLASSES, IMPORTS, literal, plain, value

HEAD = f"""\
{IMPORTS}
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG, XComArg, get_current_context, task, task_group
from airflow.sdk.exceptions import AirflowSkipException


{CLASSES}

def end(fate, what):
    if fate == "fail":
        raise ValueError("made to fail")
    if fate == "skip":
        raise AirflowSkipException("made to skip")
    if fate == "again" and get_current_context()["ti"].try_number == 1:
        raise ValueError("made to fail once")
    return what


def typed(what):
    if type(what).__name__.startswith("LazyXCom"):
        return ["sequence", [typed(one) for one in what]]
    return [type(what).__name__, str(what) if isinstance(what, (str, int, float, tuple, list)) else ""]


def twice(what):
    return what * 2


def shout(what):
    return what.upper()


def tail(args):
    return [typed(one) for one in args]


def shown(*args, n=None):
    return [tail(args), typed(n)]


def echo(what):
    return "echo " + shlex.quote(str(what))


def packed(what):
    return [what, "{{ ds }}"]


"""
#: Rules that wait until all above has ended, so that what is read of it is the same in each run.
RULES = (
    *("all_success", "all_done", "none_failed", "none_failed_min_one_success", "none_skipped") * 2,
    *("all_done_min_one_success", "all_failed", "all_skipped"),
)
#: Rules that may run a task earlier.
EARLY = ("one_success", "one_failed", "one_done", "always")
FATES = ("", "", "", "", "", "again", "fail", "skip")


class _File:
    """A DAG being written. `lists`: tasks that return a list or a dict, by name; `alone`: other tasks, not mapped;
    `mapped`: mapped ones."""

    def __init__(self, random: Random, name: str) -> None:
        self.random = random
        self.name = name
        self.lines: list[str] = []
        self.lists: list[str] = []
        self.dicts: list[str] = []
        self.alone: list[str] = []
        self.mapped: list[str] = []
        self.count = 0

    def new(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def add(self, text: str) -> None:
        self.lines.extend(f"    {line}" if line else "" for line in text.strip("\n").split("\n"))

    def options(self) -> str:
        rule = self.random.choice(RULES) if self.random.random() < 0.4 else "all_success"
        return f'(trigger_rule="{rule}", retries={self.random.randrange(2)})'

    def fate(self) -> str:
        return repr(self.random.choice(FATES))


def generate(seed: int, name: str) -> str:
    """The DAG file of a seed, with one DAG of that name."""
    random = Random(seed)
    file = _File(random, name)
    _list(file)
    _alone(file)
    for _ in range(random.randrange(4, 9)):
        random.choice(STEPS)(file)
    params = '{"count": 3, "word": "hello"}'
    start = "datetime.datetime(2024, 1, 1)"
    head = (
        f'with DAG("{name}", start_date={start}, schedule="@daily", catchup=False, params={params},\n'
        '         user_defined_macros={"twice": twice}, user_defined_filters={"shout": shout},\n'
        f"         render_template_as_native_obj={random.random() < 0.3},\n"
        '         default_args={"retry_delay": datetime.timedelta(0)}):\n'
    )
    return HEAD + head + "\n".join(file.lines) + "\n"


def _list(file: _File) -> None:
    name = file.new("l")
    random = file.random
    if random.random() < 0.2:
        keys = [f"{key!r}: {plain(random)}" for key in "abc"[: random.randrange(4)]]
        returned = "{" + ", ".join(keys) + "}"
    else:
        draw: Callable[[Random], str] = value if random.random() < 0.3 else plain
        returned = "[" + ", ".join(draw(random) for _ in range(random.randrange(5))) + "]"
    file.add(f"@task{file.options()}\ndef {name}():\n    return {returned}\nx{name} = {name}()\n")
    file.lists.append(name)


def _dicts(file: _File) -> None:
    name = file.new("d")
    random = file.random
    rows = [f'{{"x": {plain(random)}, "y": {plain(random)}}}' for _ in range(random.randrange(4))]
    file.add(f"@task\ndef {name}():\n    return [{', '.join(rows)}]\nx{name} = {name}()\n")
    file.dicts.append(name)


def _alone(file: _File) -> None:
    name = file.new("a")
    returned = value(file.random)
    file.add(f"@task{file.options()}\ndef {name}():\n    return end({file.fate()}, {returned})\nx{name} = {name}()\n")
    file.alone.append(name)


def _multiple(file: _File) -> None:
    name = file.new("o")
    reader = file.new("r")
    values = (plain(file.random), value(file.random, 1))
    file.add(
        f"@task(multiple_outputs=True)\ndef {name}():\n    return {{'one': {values[0]}, 'two': {values[1]}}}\n"
        f"x{name} = {name}()\n"
        f"@task{file.options()}\ndef {reader}(one, two):\n    return [typed(one), typed(two), two]\n"
        f"x{reader} = {reader}(x{name}['one'], x{name}['two'])\n"
    )
    file.alone.append(reader)


def _reader(file: _File) -> None:
    name = file.new("r")
    of = file.random.choice([*file.alone, *file.lists, *file.mapped])
    returned = "typed(x)" if of in file.mapped else "[typed(x), x]"
    file.add(f"@task{file.options()}\ndef {name}(x):\n    return {returned}\nx{name} = {name}(x{of})\n")
    file.alone.append(name)


def _watcher(file: _File) -> None:
    """Any rule over tasks, most of them mapped, of which nothing is read."""
    random = file.random
    name = file.new("w")
    names = [*file.mapped, *file.mapped, *file.alone, *file.lists]
    some = random.sample(names, min(random.randrange(1, 4), len(names)))
    before = "".join(f"x{one} >> x{name}\n" for one in dict.fromkeys(some))
    rule = random.choice((*RULES, *EARLY, *EARLY))
    file.add(f'@task(trigger_rule="{rule}")\ndef {name}():\n    return "ran"\nx{name} = {name}()\n{before}')
    file.alone.append(name)


def _pushed(file: _File) -> None:
    name, reader = file.new("p"), file.new("q")
    ids = [*file.alone, *file.lists]
    some = file.random.sample(ids, min(2, len(ids)))
    before = "".join(f"x{one} >> x{reader}\n" for one in some)
    file.add(
        f"@task\ndef {name}(ti=None):\n    ti.xcom_push(key='k', value={value(file.random, 1)})\nx{name} = {name}()\n"
        f'@task(trigger_rule="all_done")\ndef {reader}(**context):\n    ti = context["ti"]\n'
        f'    return [ti.xcom_pull(task_ids="{name}", key="k"), typed(ti.xcom_pull(task_ids="{name}")),\n'
        f'            tail(ti.xcom_pull(task_ids={some!r})), ti.xcom_pull(task_ids="{name}", key="no", default=5)]\n'
        f"x{reader} = {reader}()\nx{name} >> x{reader}\n{before}"
    )
    file.alone.append(reader)


def _over(file: _File) -> str:
    """What a task may be mapped over, one expression."""
    random = file.random
    source = random.choice([*file.lists, *file.mapped])
    sequences = [one for one in file.lists if one != source]
    match random.randrange(7):
        case 0:
            return "[" + ", ".join(literal(random) for _ in range(random.randrange(4))) + "]"
        case 1:
            skipping = random.randrange(3)
            return f"x{source}.map(lambda v: end('skip' if len(str(v)) % 3 == {skipping} else '', (v, 1)))"
        case 2 if sequences:
            return f"x{source}.zip(x{random.choice(sequences)}{random.choice(('', ', fillvalue=None'))})"
        case 3 if sequences:
            return f"x{source}.concat(x{random.choice(sequences)})"
        case _:
            return f"x{source}"


def _mapped(file: _File) -> None:
    name = file.new("m")
    random = file.random
    every, bad = random.randrange(3), random.choice(("skip", "fail", "again"))
    body = f"end('{bad}' if len(str(x)) % 4 == {every} else '', [typed(x), typed(y), typed(z)])"
    match random.randrange(4):
        case 0 if file.dicts:
            call = f"partial(z=1).expand_kwargs(x{random.choice(file.dicts)})"
        case 1:
            given, first, second = literal(random), _over(file), _over(file)
            # Airflow miscounts a concat that is not the first, and fails (SW487).
            if ".concat(" in second:
                first, second = second, first.partition(".concat(")[0]
            # On a line each: two lambdas on one line cannot be told apart.
            call = f"partial(z={given}).expand(\n    x={first},\n    y={second},\n)"
        case 2 if file.alone:
            call = f"partial(z=x{random.choice(file.alone)}).expand(x={_over(file)})"
        case _:
            call = f"expand(x={_over(file)})"
    signature = "x, y=None, z=None"
    file.add(f"@task{file.options()}\ndef {name}({signature}):\n    return {body}\nx{name} = {name}.{call}\n")
    file.mapped.append(name)


def _operators(file: _File) -> None:
    """Operators that are mapped: their items are arguments of the operator, not of a function."""
    random = file.random
    name = file.new("k")
    source = f"x{random.choice([*file.lists, *file.mapped])}"
    python = f'PythonOperator.partial(task_id="{name}", python_callable=shown'
    match random.randrange(4):
        case 0:
            call = f'BashOperator.partial(task_id="{name}").expand(bash_command={source}.map(echo))'
        case 1:
            call = f"{python}).expand(op_args={source}.map(packed))"
        case 2:
            call = f"{python}).expand(op_args=[[{literal(random)}], [{literal(random)}, {literal(random)}]])"
        case _:
            rows = [f'{{"op_args": [{plain(random)}]}}', f'{{"op_kwargs": {{"n": [{plain(random)}]}}}}']
            some = ", ".join(rows[: random.randrange(3)])
            file.add(f"@task\ndef {name}_rows():\n    return [{some}]\n")
            call = f"{python}).expand_kwargs({name}_rows())"
    file.add(f"x{name} = {call}.output\n")
    file.mapped.append(name)


def _items(file: _File) -> None:
    """Aggregations of a mapped task, under every rule, by value and by index."""
    if not file.mapped:
        return _mapped(file)
    of = file.random.choice(file.mapped)
    name = file.new("s")
    indices = file.random.choice(("map_indexes=0", "map_indexes=[0, 1]", "key='return_value'"))
    file.add(
        f"@task{file.options()}\ndef {name}(xs, ti=None):\n"
        f"    pulled = ti.xcom_pull(task_ids='{of}', {indices})\n"
        "    return [typed(xs), list(xs) if hasattr(xs, '__iter__') else xs, typed(pulled)]\n"
        f"x{name} = {name}(x{of})\n"
    )
    file.alone.append(name)
    return None


def _group(file: _File) -> None:
    group, first, second, after = file.new("g"), file.new("t"), file.new("t"), file.new("e")
    bad = file.random.choice(("skip", "fail", "again", ""))
    file.add(
        f"@task_group\ndef {group}(v):\n"
        f"    @task{file.options()}\n    def {first}(x, ti=None):\n"
        f"        return end('{bad}' if len(str(x)) % 3 == 1 else '', [ti.map_index, typed(x)])\n"
        f"    @task{file.options()}\n    def {second}(x, w):\n        return [typed(x), typed(w)]\n"
        f"    return {second}({first}(v), v)\n"
        f"x{group} = {group}.expand(v={_over(file)})\n"
        f"@task{file.options()}\ndef {after}(xs):\n    return typed(xs)\nx{after} = {after}(x{group})\n"
    )
    file.alone.append(after)


def _templates(file: _File) -> None:
    name = file.new("b")
    random = file.random
    some = random.sample(TEMPLATES, 3)
    of = random.choice([*file.alone, *file.lists])
    pulled = f"{{{{ ti.xcom_pull(task_ids='{of}') }}}}"
    file.add(
        f'x{name} = PythonOperator(task_id="{name}", python_callable=lambda *a, **k: [tail(a), sorted(k)],\n'
        f"    op_args=[{some[0]!r}, [{some[1]!r}], {pulled!r}], op_kwargs={{'k': {{'n': {some[2]!r}}}}})\n"
        f"x{of} >> x{name}\n"
    )
    command = f"echo '{random.choice([one for one in TEMPLATES if chr(39) not in one])}'"
    bash = file.new("h")
    file.add(f'x{bash} = BashOperator(task_id="{bash}", bash_command={command!r}).output\n')
    file.alone.extend((bash,))


def _context(file: _File) -> None:
    name = file.new("c")
    names = file.random.sample(sorted(CONTEXT), 3)
    arguments = ", ".join(f"{one}=None" for one in names)
    shown = ", ".join(CONTEXT[one] for one in names)
    file.add(f"@task\ndef {name}({arguments}, **context):\n    return [{shown}, context['ds']]\nx{name} = {name}()\n")
    file.alone.append(name)


STEPS: tuple[Callable[[_File], None], ...] = (
    *(_mapped,) * 4,
    *(_items,) * 2,
    _operators,
    _list,
    _dicts,
    _alone,
    _multiple,
    _reader,
    *(_watcher,) * 2,
    _pushed,
    _group,
    _templates,
    _context,
)
