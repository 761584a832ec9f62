"""A difference, made as small as it gets and shown as a DAG file with what both sides say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec
from judge.compare import Difference
from judge.render import render
from judge.spec import End, Kind, Role, Spec, Style, Task, faults, prefixes

Differ = Callable[[Spec], Sequence[Difference]]


def shrunk(spec: Spec, differ: Differ) -> tuple[Spec, Sequence[Difference]]:
    """The smallest DAG that can be made of this one by leaving out, and still differs."""
    found = differ(spec)
    progress = True
    while progress:
        progress = False
        for smaller in _smaller(spec):
            if faults(smaller):
                continue
            left = differ(smaller)
            if left:
                spec, found, progress = smaller, left, True
                break
    return spec, found


def shown(spec: Spec, found: Sequence[Difference], note: str) -> str:
    """A difference as text: what differs, then the file."""
    lines = [note]
    lines += [
        f"    {one.task or 'the run'}: expected {_plain(one.expected)}, found {_plain(one.found)}" for one in found
    ]
    return "\n".join([*lines, "", render([spec])])


def _plain(end: object) -> str:
    return f"{end[0]} after {end[1]} tries" if isinstance(end, tuple) else str(end)  # pyright: ignore[reportUnknownVariableType]


def _smaller(spec: Spec) -> Iterator[Spec]:
    """First halves and single tasks away, then tasks from between others, single edges, and all that is special."""
    names = [task.id for task in spec.tasks]
    size = len(names)
    while size > 1:
        size //= 2
        for start in range(0, len(names), size):
            yield _without(spec, set(names[start : start + size]))
    for name in names:
        yield _without(_bridged(spec, name), {name})
    for number, task in enumerate(spec.tasks):
        for plainer in _plainer(task):
            yield msgspec.structs.replace(spec, tasks=(*spec.tasks[:number], plainer, *spec.tasks[number + 1 :]))
    if spec.groups:
        yield _ungrouped(spec)


def _plainer(task: Task) -> Iterator[Task]:
    for name in task.upstream:
        if name not in task.setups:
            yield _cut(task, {name})
    fields: dict[str, object] = {
        "style": Style.OPERATOR,
        "reads": (),
        "fails": 0,
        "retries": 0,
        "fails_run": False,
        "keeps_rules": False,
    }
    for name, value in fields.items():
        if getattr(task, name) != value and not (name == "retries" and task.fails):
            yield msgspec.structs.replace(task, **{name: value})
    if task.rule != "all_success" and task.role is not Role.TEARDOWN:
        yield msgspec.structs.replace(task, rule="all_success")
    if task.role is Role.SETUP:
        yield msgspec.structs.replace(task, role=Role.WORK)
    if task.end is not End.SUCCESS:
        yield msgspec.structs.replace(task, end=End.SUCCESS)
    elif task.kind is not Kind.EMPTY:
        plain = Task(id=task.id, group=task.group, kind=Kind.EMPTY, rule=task.rule, upstream=task.upstream)
        yield msgspec.structs.replace(plain, role=task.role, setups=task.setups, fails_run=task.fails_run)
        if task.kind in (Kind.BRANCH, Kind.SHORT_CIRCUIT):
            yield msgspec.structs.replace(plain, kind=Kind.PYTHON, end=End.SKIPPED)


def _bridged(spec: Spec, name: str) -> Spec:
    """What is above a task also right above what is right below it."""
    above = next(task.upstream for task in spec.tasks if task.id == name)
    order = [task.id for task in spec.tasks]
    tasks = [
        msgspec.structs.replace(task, upstream=tuple(sorted({*task.upstream, *above}, key=order.index)))
        if name in task.upstream
        else task
        for task in spec.tasks
    ]
    return msgspec.structs.replace(spec, tasks=tuple(tasks))


def _without(spec: Spec, names: set[str]) -> Spec:
    tasks = [_cut(task, names) for task in spec.tasks if task.id not in names]
    used = {prefix for task in tasks for prefix in prefixes(task.group)}
    # A branch can only follow what is still there.
    known = used | {task.id for task in tasks}
    tasks = [
        task
        if task.chosen is None
        else msgspec.structs.replace(task, chosen=tuple(name for name in task.chosen if name in known))
        for task in tasks
    ]
    return msgspec.structs.replace(spec, tasks=tuple(tasks), groups=tuple(g for g in spec.groups if g in used))


def _cut(task: Task, names: set[str]) -> Task:
    def left(listed: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in listed if name not in names)

    chosen = None if task.chosen is None else left(task.chosen)
    cut = msgspec.structs.replace(
        task, upstream=left(task.upstream), reads=left(task.reads), setups=left(task.setups), chosen=chosen
    )
    if task.role is Role.TEARDOWN and not cut.setups:
        return msgspec.structs.replace(cut, role=Role.WORK, fails_run=False)
    return cut if cut.upstream or task.role is Role.TEARDOWN else msgspec.structs.replace(cut, rule="all_success")


def _ungrouped(spec: Spec) -> Spec:
    names = {task.id: task.id.rpartition(".")[2] for task in spec.tasks}

    def plain(listed: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(name, name) for name in listed if name in names)

    tasks = [
        msgspec.structs.replace(
            task,
            id=names[task.id],
            group="",
            upstream=plain(task.upstream),
            reads=plain(task.reads),
            setups=plain(task.setups),
            chosen=None if task.chosen is None else plain(task.chosen),
        )
        for task in spec.tasks
    ]
    return msgspec.structs.replace(spec, tasks=tuple(tasks), groups=())
