"""Random DAGs from a seed: layers, chains with shortcuts, fans, and series-parallel graphs, of what is asked for."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec
from judge.rules import rules_of
from judge.spec import End, Features, Kind, Role, Spec, Style, Task, faults, in_group, prefixes
from judge.timing import timing

Above = list[list[int]]
FEWEST, MOST = 5, 60
#: Rules that tell most of what is above them get half of the tasks, so that runs neither all die nor all go on.
COMMON = ("all_success", "all_done", "none_failed", "none_failed_min_one_success", "one_success", "one_failed")
ATTEMPTS = 400


def generate(seed: int, features: Features, fewest: int = FEWEST, most: int = MOST) -> Spec:
    """The DAG of a seed; the same for the same arguments."""
    source = random.Random(seed)
    size = source.randint(fewest, most)
    for attempt in range(ATTEMPTS):
        # A graph with many ways to race is tried again, smaller each time.
        count = max(fewest, size - attempt // 4)
        spec = _draw(f"judged_{seed}", source, features, count)
        if features.races or not timing(spec):
            return spec
    raise AssertionError(f"no DAG without races was found for seed {seed}")


def _draw(name: str, source: random.Random, features: Features, count: int) -> Spec:
    above = source.choice((_layered, _shortcuts, _fans, _series_parallel))(source, count)
    groups = _groups(source, count) if features.groups else [""] * count
    fail_fast = features.fail_fast and source.random() < 0.15
    rules = features.rules and not fail_fast
    ids = [f"{group}.t{number}" if group else f"t{number}" for number, group in enumerate(groups)]
    calm = source.random()
    tasks = [
        _task(
            source, features, ids[number], groups[number], [ids[index] for index in sorted(above[number])], rules, calm
        )
        for number in range(count)
    ]
    if features.setups and source.random() < 0.5:
        tasks = _with_setups(source, tasks, fail_fast)
    used = {prefix for task in tasks for prefix in prefixes(task.group)}
    spec = Spec(name, tuple(tasks), tuple(sorted(used)), fail_fast, features.major)
    spec = _with_choices(source, spec)
    wrong = faults(spec)
    assert not wrong, wrong
    return spec


def _task(
    source: random.Random, features: Features, name: str, group: str, upstream: list[str], rules: bool, calm: float
) -> Task:
    kind = source.choices((Kind.PYTHON, Kind.BASH, Kind.EMPTY), (6, 2, 2))[0]
    if features.branches and source.random() < 0.12:
        kind = Kind.BRANCH
    elif features.short_circuits and source.random() < 0.1:
        kind = Kind.SHORT_CIRCUIT
    rule = "all_success"
    if rules and upstream and source.random() < 0.7:
        rule = source.choice(COMMON if source.random() < 0.5 else rules_of(features.major))
    retries = source.choice((0, 0, 0, 1, 2, 3)) if kind is not Kind.EMPTY else 0
    fails = source.randint(0, retries + 1) if retries and kind not in (Kind.BASH, Kind.EMPTY) else 0
    end = End.SUCCESS
    if kind in (Kind.PYTHON, Kind.BASH) and source.random() > 0.4 + 0.5 * calm:
        ends = (End.FAILED, End.SKIPPED) if kind is Kind.BASH else (End.FAILED, End.GIVEN_UP, End.SKIPPED)
        end = source.choice(ends)
    if end is End.FAILED or kind is Kind.BASH:
        fails = 0
    reads: tuple[str, ...] = ()
    if kind is not Kind.BASH and kind is not Kind.EMPTY and upstream and source.random() < 0.35:
        reads = tuple(found for found in upstream if source.random() < 0.6)
    return Task(
        id=name,
        kind=kind,
        end=end,
        fails=fails,
        retries=retries,
        rule=rule,
        upstream=tuple(upstream),
        reads=reads,
        group=group,
        holds=source.random() < 0.5,
        keeps_rules=source.random() < 0.5,
    )


def _with_choices(source: random.Random, spec: Spec) -> Spec:
    """Branches choose among what is right below them, mostly; only now is that known. Empty tasks have no value."""
    below: dict[str, list[Task]] = {task.id: [] for task in spec.tasks}
    silent = {task.id for task in spec.tasks if task.kind in (Kind.EMPTY, Kind.BRANCH, Kind.SHORT_CIRCUIT)}
    for task in spec.tasks:
        for upstream in task.upstream:
            below[upstream].append(task)
    tasks: list[Task] = []
    for task in spec.tasks:
        chosen: tuple[str, ...] | None = None
        if task.kind is Kind.BRANCH and source.random() < 0.9:
            found = [one.id for one in below[task.id]]
            groups = sorted({one.group for one in below[task.id] if one.group and not in_group(task, one.group)})
            picked = [name for name in found if source.random() < 0.4]
            if groups and source.random() < 0.5:
                picked.append(source.choice(groups))
            chosen = tuple(picked)
        holds, keeps = (task.holds, task.keeps_rules) if task.kind is Kind.SHORT_CIRCUIT else (True, False)
        reads = tuple(name for name in task.reads if name not in silent)
        changed = {"chosen": chosen, "holds": holds, "keeps_rules": keeps, "reads": reads}
        tasks.append(styled(msgspec.structs.replace(task, **changed), len(tasks)))
    return msgspec.structs.replace(spec, tasks=tuple(tasks))


def styled(task: Task, number: int) -> Task:
    """A task written in one of its ways, by its number. Not drawn: it must not change which DAG a seed gives."""
    match task:
        case Task(kind=Kind.EMPTY, role=Role.WORK) if number % 4 == 2:
            style = Style.LATEST_ONLY
        case Task(kind=Kind.BRANCH, chosen=tuple(), fails=0, reads=()) if number % 3 == 2:
            style = Style.BY_DATE if number % 2 else Style.BY_DAY
        case Task(kind=Kind.PYTHON | Kind.BRANCH | Kind.SHORT_CIRCUIT) if number % 3 == 1:
            style = Style.DECORATED
        case _:
            style = Style.OPERATOR
    return msgspec.structs.replace(task, style=style)


def _with_setups(source: random.Random, tasks: list[Task], fail_fast: bool) -> list[Task]:
    """Turn some tasks into setups, and put teardowns below some of what follows them."""
    found = list(tasks)
    plain = [number for number, task in enumerate(found) if task.kind in (Kind.PYTHON, Kind.BASH, Kind.EMPTY)]
    for number in source.sample(plain, min(len(plain), source.randint(1, 3))):
        setup = msgspec.structs.replace(found[number], role=Role.SETUP)
        found[number] = setup
        below = [index for index, task in enumerate(found) if setup.id in task.upstream]
        for index in below:
            if found[index].role is not Role.TEARDOWN:
                found[index] = msgspec.structs.replace(found[index], rule="all_success")
        if source.random() < 0.8:
            found.append(_teardown(source, found, setup, len(found), fail_fast))
    return found


def _teardown(source: random.Random, tasks: Sequence[Task], setup: Task, number: int, fail_fast: bool) -> Task:
    reached = {setup.id}
    for task in tasks:
        if reached.intersection(task.upstream) and task.role is Role.WORK:
            reached.add(task.id)
    others = [task.id for task in tasks if task.id in reached and task.id != setup.id]
    picked = {setup.id, *(name for name in others if source.random() < 0.3)}
    fails = not fail_fast and source.random() < 0.3
    return Task(
        id=f"t{number}",
        kind=source.choice((Kind.PYTHON, Kind.BASH)),
        end=End.FAILED if fails else End.SUCCESS,
        rule="all_done_setup_success",
        upstream=tuple(task.id for task in tasks if task.id in picked),
        role=Role.TEARDOWN,
        setups=(setup.id,),
        fails_run=source.random() < 0.3,
    )


def _groups(source: random.Random, count: int) -> list[str]:
    """Runs of neighbours in groups, some nested."""
    if source.random() < 0.4:
        return [""] * count
    found: list[str] = []
    number = 0
    while len(found) < count:
        length = source.randint(1, 8)
        name = ""
        if source.random() < 0.6:
            name, number = f"g{number}", number + 1
            if source.random() < 0.3:
                name = f"{name}.h{number}"
        found += [name] * length
    return found[:count]


def _layered(source: random.Random, count: int) -> Above:
    width = source.randint(1, 8)
    above: Above = [[] for _ in range(count)]
    for number in range(width, count):
        layer = number // width * width
        pool = list(range(max(0, layer - width), layer))
        above[number] = source.sample(pool, min(len(pool), source.randint(1, 4)))
    return above


def _shortcuts(source: random.Random, count: int) -> Above:
    above: Above = [[number - 1] if number and source.random() < 0.85 else [] for number in range(count)]
    for number in range(2, count):
        for _ in range(source.choice((0, 0, 1, 1, 2))):
            other = source.randrange(max(0, number - 6), number)
            if other not in above[number]:
                above[number].append(other)
    return above


def _fans(source: random.Random, count: int) -> Above:
    above: Above = [[]]
    while len(above) < count:
        hub = len(above) - 1
        width = min(source.randint(2, 9), count - len(above))
        fan = list(range(len(above), len(above) + width))
        above += [[hub] if source.random() < 0.9 else [] for _ in fan]
        if len(above) < count:
            above.append(fan if source.random() < 0.7 else source.sample(fan, source.randint(1, len(fan))))
    return above


def _series_parallel(source: random.Random, count: int) -> Above:
    """Pieces of one task each, put beside each other or behind each other until one is left."""
    pieces: list[tuple[list[int], list[int]]] = [([number], [number]) for number in range(count)]
    above: Above = [[] for _ in range(count)]
    while len(pieces) > 1:
        at = source.randrange(len(pieces) - 1)
        (first, ends), (starts, last) = pieces[at], pieces[at + 1]
        if source.random() < 0.5 or len(ends) * len(starts) > 12:
            joined = (first + starts, ends + last)
        else:
            for number in starts:
                above[number] += ends
            joined = (first, last)
        pieces[at : at + 2] = [joined]
    return above
