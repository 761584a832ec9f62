"""Task groups: the class, the decorator, and groups that are mapped."""

from __future__ import annotations

import ast
import re

from transpilers.airflow.static.functions import invoke
from transpilers.airflow.static.graph.defaults import merged
from transpilers.airflow.static.graph.nodes import Dag, Group, GroupFactory, MappedArgument, Mapping
from transpilers.airflow.static.graph.registry import GROUP_KEY, SUFFIX, add_to_group, check_key
from transpilers.airflow.static.machine import Arguments, Machine
from transpilers.airflow.static.values import Raised, Unknown, Value

STRUCTURE = ("group_id", "prefix_group_id", "parent_group", "dag", "default_args")


def make_group(m: Machine, arguments: Arguments) -> Value:
    """`TaskGroup(...)`."""
    kwargs = dict(arguments.kwargs)
    if arguments.args:
        kwargs["group_id"] = arguments.args[0]
    return create(m, kwargs, arguments.node, arguments.rest)


def create(
    m: Machine, kwargs: dict[str, Value], node: ast.AST, rest: Unknown | None = None, mapped: Mapping | None = None
) -> Group:
    """A group in its parent, with an id of its own."""
    dag = kwargs.get("dag")
    found = dag if isinstance(dag, Dag) else m.dag
    parent = kwargs.get("parent_group")
    for each in (dag, parent):
        if isinstance(each, Unknown):
            m.doubt(f"where a group is depends on {each.reason}", node, found)
    if not isinstance(parent, Group):
        # Airflow 3 takes None for an answer.
        root = "parent_group" in kwargs and m.dialect == "3"
        parent = m.group_stack[-1] if m.group_stack and not root else found.root if found is not None else None
    if parent is None:
        raise Raised("RuntimeError", "TaskGroup can only be used inside a dag")
    found = parent.dag or found
    name = kwargs.get("group_id")
    if not isinstance(name, str):
        why = name if isinstance(name, Unknown) else rest
        m.doubt(f"the id of a group depends on {why.reason if why is not None else 'a value'}", node, found)
        name = f"unknown_{len(parent.children)}"
    check_key(name, GROUP_KEY, 200)
    prefixes = kwargs.get("prefix_group_id", True)
    if not isinstance(prefixes, bool):
        m.doubt("whether a group prefixes ids", node, found)
    kept = {key: value for key, value in kwargs.items() if key not in STRUCTURE}
    group = Group(name, found, parent, kept, m.made_at(node), bool(prefixes), mapped=mapped)
    _unique(group, parent, found, suffix=kwargs.get("add_suffix_on_collision") is True)
    defaults, why = merged(m, None, None, kwargs.get("default_args"))
    above = parent.default_args
    group.default_args = why or {**(above if isinstance(above, dict) else {}), **defaults}
    if isinstance(above, Unknown):
        group.default_args = above
    full = group.group_id
    assert full is not None
    add_to_group(m, parent, group, full)
    if found is not None:
        m.touch(found.root)
        found.root.used |= {full, f"{full}.downstream_join_id", f"{full}.upstream_join_id"}
    return group


def _unique(group: Group, parent: Group, dag: Dag | None, *, suffix: bool) -> None:
    """`_check_for_group_id_collisions`."""
    used = dag.root.used if dag is not None else parent.used
    if group.group_id not in used or group.name is None:
        return
    if not suffix:
        raise Raised("DuplicateTaskIdFound", f"group_id {group.name!r} has already been added to the DAG")
    stem = SUFFIX.split(group.name)[0]
    numbers = [int(found[1]) for name in used if (found := re.match(rf"^{re.escape(stem)}__(\d+)$", name))]
    group.name = f"{stem}__{max(numbers) + 1}" if numbers else f"{group.name}__1"


def call_group_factory(m: Machine, factory: GroupFactory, arguments: Arguments, mapped: Mapping | None = None) -> Value:
    """Calling a function that is decorated with `@task_group`: its value, or the group where it has none."""
    from transpilers.airflow.static.contexts import enter_group

    function = factory.function
    kwargs = {"group_id": function.name, **factory.kwargs, "add_suffix_on_collision": True}
    group = create(m, kwargs, arguments.node, mapped=mapped)
    if not isinstance(function.node, ast.Lambda):
        doc = ast.get_docstring(function.node, clean=False)
        if doc:
            group.kwargs.setdefault("tooltip", doc)
            group.kwargs.setdefault("doc_md", doc)
    leave = enter_group(m, group, arguments.node)
    try:
        value = invoke(m, function, arguments)
    finally:
        leave()
    return group if value is None else value


def expand_group(m: Machine, factory: GroupFactory, arguments: Arguments, sort: str) -> Value:
    """`.expand(...)` and `.expand_kwargs(...)` of such a function."""
    if sort == "kwargs":
        value: Value = dict(arguments.kwargs.items())
        names = list(arguments.kwargs)
    else:
        value = arguments.args[0] if arguments.args else arguments.kwargs.get("kwargs")
        given = factory.function.node.args
        plain = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        names = [each.arg for each in plain if each.arg not in factory.partial]
    if arguments.rest is not None or isinstance(value, Unknown):
        why = arguments.rest or value
        reason = why.reason if isinstance(why, Unknown) else ""
        m.doubt(f"what a group is mapped over depends on {reason}", arguments.node, m.dag)
    mapping = Mapping(sort, value)
    stubs: dict[str, Value] = {name: MappedArgument(mapping, name) for name in names}
    inner = Arguments([], {**factory.partial, **stubs}, arguments.node)
    return call_group_factory(m, factory, inner, mapping)
