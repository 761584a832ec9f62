"""What a template asks for, read off its syntax tree: names, attributes, values of other tasks, other templates."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

#: What Airflow's environments have where a DAG's options name no others.
EXTENSIONS = ("jinja2.ext.do",)
#: Names that hold a task's own instance.
INSTANCES = frozenset({"ti", "task_instance"})


class BadTemplate(Exception):
    """A text that Jinja cannot read; the message says why and where."""


class Asked(NamedTuple):
    """`names`: what the context must give; `chains`: names with the attributes read of them, as `dag_run.conf`.

    `pulls`: ids of tasks that `xcom_pull` names; `files`: templates that it includes, None for one that is computed;
    `shown`: names whose whole text it writes.
    """

    names: frozenset[str]
    chains: frozenset[tuple[str, ...]]
    pulls: frozenset[str]
    files: tuple[str | None, ...]
    shown: frozenset[str] = frozenset()


@lru_cache(maxsize=1024)
def asked(text: str, extensions: tuple[str, ...] = EXTENSIONS) -> Asked:
    """What the template asks for, read with Jinja's own `extensions`. Raises BadTemplate."""
    if "{" not in text:
        # Most files hold no template at all, and jinja2 takes as long to import as such a file to compile.
        return Asked(frozenset(), frozenset(), frozenset(), ())
    import jinja2
    from jinja2 import meta, nodes

    environment = jinja2.Environment(extensions=extensions)  # noqa: S701 nothing is rendered here
    environment.filters, environment.tests = _Any(environment.filters), _Any(environment.tests)
    try:
        tree = environment.parse(text)
    except jinja2.TemplateSyntaxError as error:
        raise BadTemplate(f"{error.message} in its line {error.lineno}") from error
    names = frozenset(meta.find_undeclared_variables(tree))
    found = [_chain(node) for node in tree.find_all((nodes.Getattr, nodes.Getitem))]
    chains = frozenset(chain for chain in found if chain and chain[0] in names)
    calls = [node for node in tree.find_all(nodes.Call) if (_chain(node.node) or ("",))[-1] == "xcom_pull"]
    pulls = frozenset(name for call in calls for name in _ids(call))
    written = [node for output in tree.find_all(nodes.Output) for node in output.nodes]
    shown = names & {node.name for node in written if isinstance(node, nodes.Name)}
    return Asked(names, chains, pulls, tuple(meta.find_referenced_templates(tree)), shown)


class _Any(dict[str, Any]):
    """Filters and tests: which there are is known when the task runs."""

    def __contains__(self, _name: object) -> bool:
        return True

    def __missing__(self, _name: str) -> Any:
        return str

    def get(self, key: str, _default: Any = None) -> Any:
        return self[key]


def _chain(node: Any) -> tuple[str, ...]:
    """`("dag_run", "conf")` for `dag_run.conf` and `dag_run["conf"]`; () for anything else."""
    from jinja2 import nodes

    match node:
        case nodes.Name(name=str(name)):
            return (name,)
        case nodes.Getattr(node=inner, attr=str(attr)) | nodes.Getitem(node=inner, arg=nodes.Const(value=str(attr))):
            before = _chain(inner)
            return (*before, attr) if before else ()
        case _:
            return ()


def _ids(call: Any) -> list[str]:
    """The literal task ids of one pull."""
    from jinja2 import nodes

    given = [call.args[0]] if call.args else [word.value for word in call.kwargs if word.key == "task_ids"]
    parts = [item for one in given for item in (one.items if isinstance(one, nodes.List | nodes.Tuple) else [one])]
    return [part.value for part in parts if isinstance(part, nodes.Const) and isinstance(part.value, str)]
