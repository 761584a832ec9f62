"""A loaded tree to a workflow of the IR: one task each, a first one that finds out what is to run, and all it ships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from core_compiler.diagnostics import Sink
from core_compiler.graph import CycleError, levels
from core_compiler.ir import Edge, Source, SourceFile, SourceOperator, Task, Workflow
from core_compiler.ir.verify import verify
from transpilers.luigi import rules
from transpilers.luigi.clients import note_clients
from transpilers.luigi.loader import RUNTIME
from transpilers.luigi.policies import note, note_settings, retry, timeout
from transpilers.luigi.resources import lanes
from transpilers.luigi.wire import TaskCall, Tree

SCHEDULE = "schedule"
PACKAGE = "stepweave_luigi"
#: Read by `stepweave_luigi.tree`.
TREE_FILE = "stepweave_luigi_tree.json"


def lower(
    tree: Tree, name: str, arguments: Sequence[str], maps: Mapping[str, str], wait: float | None, sink: Sink
) -> Workflow | None:
    """The workflow, or None after errors. All findings go to `sink`."""
    own = Sink()
    order = _topological(tree.tasks)
    waits = wait is not None or tree.settings.retry_external_tasks
    tasks = [Task(id=SCHEDULE, component=SourceOperator(f"{PACKAGE}.schedule:run"))]
    tasks += [_task(call, tree, waits, own) for call in order]
    edges = [Edge(dep, call.id) for call in order for dep in call.deps or (SCHEDULE,)]
    workflow = Workflow(
        name=name,
        tasks=tuple(tasks),
        edges=(*edges, *lanes(tree, order, own)),
        leaves=tuple(dict.fromkeys(tree.roots)),
        source=Source("luigi", arguments[0].partition(":")[0], name),
        files=_files(tree, arguments[0].partition(":")[0], maps, wait),
    )
    _notes(tree, maps, own)
    if not own.failed:
        verify(workflow, own)
    sink.extend(own.diagnostics)
    return None if own.failed else workflow


def _topological(calls: Sequence[TaskCall]) -> list[TaskCall]:
    """Required tasks first, in an order of their own that is the same each time; as they came where there is a cycle,
    which the IR's verification names."""
    number = {call.id: at for at, call in enumerate(calls)}
    pairs = [(number[dep], number[call.id]) for call in calls for dep in call.deps if dep in number]
    try:
        level = levels(len(calls), pairs)
    except CycleError:
        return list(calls)
    return [call for _, _, call in sorted((level[at], -at, call) for at, call in enumerate(calls))]


def _task(call: TaskCall, tree: Tree, waits: bool, sink: Sink) -> Task:
    note(call, sink)
    return Task(
        id=call.id,
        component=SourceOperator(f"{PACKAGE}.worker:run"),
        upstream=call.deps or (SCHEDULE,),
        dynamic=call.dynamic or (call.external and waits),
        retry=retry(call, tree.settings, sink),
        timeout=timeout(call, tree.settings),
        span=call.span,
    )


def _notes(tree: Tree, maps: Mapping[str, str], sink: Sink) -> None:
    note_settings(tree.settings, sink)
    note_clients(tree, sink)
    by_family: dict[str, list[TaskCall]] = {}
    for call in tree.tasks:
        if call.looks:
            by_family.setdefault(call.family, []).append(call)
    for family, calls in by_family.items():
        sink.report(rules.FROZEN, calls[0].span, subject=family, count=len(calls))
    staged = [path for path in tree.inputs if not path.startswith(tuple(maps))]
    if staged:
        sink.report(rules.STAGED, count=len(staged), path=staged[0])
    if tree.libraries:
        sink.report(rules.LIBRARIES, modules=", ".join(tree.libraries))
    if tree.config:
        sink.report(rules.CONFIG, path=tree.settings.path)


def _files(tree: Tree, module: str, maps: Mapping[str, str], wait: float | None) -> tuple[SourceFile, ...]:
    texts = {module.path: module.text for module in tree.modules}
    for path in sorted((RUNTIME / PACKAGE).glob("*.py")):
        texts[f"{PACKAGE}/{path.name}"] = path.read_text(encoding="utf-8")
    texts[TREE_FILE] = _content(tree, module, maps, wait)
    texts["requirements.txt"] = "".join(f"{library}\n" for library in tree.libraries)
    if tree.config:
        texts[tree.settings.config_name] = tree.config
    return tuple(SourceFile(path, texts[path]) for path in sorted(texts))


def _content(tree: Tree, module: str, maps: Mapping[str, str], wait: float | None) -> str:
    """The tree as the runtime reads it."""
    settings = tree.settings
    worker = {
        "check_unfulfilled_deps": settings.check_unfulfilled_deps,
        "check_complete_on_run": settings.check_complete_on_run,
    }
    content = {
        "v": 1,
        "module": module,
        "roots": tree.roots,
        "settings": {
            "maps": dict(maps),
            "wait": wait or settings.retry_external_tasks,
            "worker": worker,
            "dynamic": any(call.dynamic for call in tree.tasks),
        },
        "tasks": {call.id: _described(call) for call in tree.tasks},
    }
    return msgspec.json.encode(content).decode() + "\n"


def _described(call: TaskCall) -> dict[str, object]:
    found = dict(call.description)
    if call.requires is not None:
        found["requires"] = call.requires
    if call.other_deps:
        found["deps"] = call.deps
    if call.dynamic:
        found["dynamic"] = True
    return found
