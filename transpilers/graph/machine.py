"""The machine's states, from its definition: what it is, not what it was made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from transpilers.graph.bundle import Flow, State, all_states, flows
from transpilers.graph.picture import Cluster, Line, Node, Picture, Shape, Stroke, narrower

SHAPES: Mapping[str, Shape] = {
    "Task": Shape.PYTHON,
    "Pass": Shape.NOOP,
    "Wait": Shape.NOOP,
    "Choice": Shape.CHOICE,
    "Succeed": Shape.END,
    "Fail": Shape.END,
}
_SERVICE = "arn:aws:states:::"
_INVOKE = "lambda:invoke"
_LONGEST_LABEL = 40


def machine_picture(machine: Flow, title: str, *, errors: bool = False) -> Picture:
    """States as nodes; a Parallel or Map as a cluster between two joints, where its flows part and meet.

    `errors`: also what is reached through Catch alone, such as settle states, by dashed lines.
    """
    drawer = _Drawer(machine, errors=errors)
    _, clusters = drawer.place(machine, None)
    nodes, lines = tuple(drawer.nodes), (*drawer.lines, *_awaits(machine))
    return Picture(title, nodes, lines, clusters, narrower(nodes, lines))


class _Drawer:
    def __init__(self, machine: Flow, *, errors: bool) -> None:
        self.nodes: list[Node] = []
        self.lines: list[Line] = []
        self._errors = errors
        self._tasks = {state.payload.task for _, state in all_states(machine) if state.payload.op == "run"}
        self._entry: dict[str, str] = {}
        self._exit: dict[str, str] = {}
        states = dict(all_states(machine))
        taken = set(states)
        for name, state in states.items():
            self._entry[name] = _claim(f"{name}: start", taken) if flows(state) else name
            self._exit[name] = _claim(f"{name}: end", taken) if flows(state) else name

    def place(self, flow: Flow, end: str | None) -> tuple[tuple[str, ...], tuple[Cluster, ...]]:
        """Draw one flow, whose last states lead to the joint `end`; the ids of its nodes, and the clusters within."""
        regular = _reached(flow)
        own: list[str] = []
        clusters: list[Cluster] = []
        for name, state in flow.states.items():
            if name not in regular and not self._errors:
                continue
            if flows(state):
                clusters.append(self._frame(name, state))
            else:
                self.nodes.append(self._node(name, state, regular=name in regular))
                own.append(name)
            self._ways_out(name, state, end, Stroke.ORDER if name in regular else Stroke.ERROR)
        return tuple(own), tuple(clusters)

    def _node(self, name: str, state: State, *, regular: bool) -> Node:
        if not regular or state.payload.op != "await":
            return _node(name, state, regular=regular)
        elsewhere = [other for other in _awaited(state) if other not in self._tasks]
        more = f" and {len(elsewhere) - 1} more" if len(elsewhere) > 1 else ""
        return Node(name, Shape.AWAIT, f"{elsewhere[0]}{more}, in another machine" if elsewhere else "")

    def _frame(self, name: str, state: State) -> Cluster:
        fork, join = self._entry[name], self._exit[name]
        own, clusters = [fork], list[Cluster]()
        self.nodes.append(Node(fork, Shape.JOINT))
        for flow in flows(state):
            self.lines.append(Line(fork, self._entry[flow.start_at], Stroke.ORDER))
            nodes, within = self.place(flow, join)
            own += nodes
            clusters += within
        self.nodes.append(Node(join, Shape.JOINT))
        named = state.item_processor is None or name.startswith("each ")
        label = name if named else f"{name} (each item)"
        return Cluster(label, (*own, join), tuple(clusters))

    def _ways_out(self, name: str, state: State, end: str | None, stroke: Stroke) -> None:
        tail = self._exit[name]
        self.lines += [Line(tail, self._entry[head], stroke, why) for head, why in _ways(state)]
        if end is not None and state.end:
            self.lines.append(Line(tail, end, stroke))
        if self._errors:
            self.lines += [
                Line(tail, self._entry[catcher.next], Stroke.ERROR, ", ".join(catcher.error_equals))
                for catcher in state.catch
            ]


def _awaits(machine: Flow) -> Iterator[Line]:
    """From each task of this machine that is awaited in another branch to the state that waits."""
    states = list(all_states(machine))
    # What was awaited is over with its record, where that is a state of its own.
    runs = {state.payload.task: name for name, state in states if state.payload.op == "run"}
    runs |= {state.payload.task: name for name, state in states if state.payload.op == "record"}
    for name, state in states:
        if state.payload.op == "await":
            yield from (Line(runs[other], name, Stroke.AWAIT) for other in _awaited(state) if other in runs)


def _awaited(state: State) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*state.payload.others, *state.payload.upstream)))


def _claim(wanted: str, taken: set[str]) -> str:
    while wanted in taken:
        wanted += "'"
    taken.add(wanted)
    return wanted


def _node(name: str, state: State, *, regular: bool) -> Node:
    shape = SHAPES.get(state.type, Shape.PLAIN) if regular else Shape.ERROR
    service = state.resource.removeprefix(_SERVICE)
    return Node(name, shape, "" if service == _INVOKE else service)


def _ways(state: State) -> Iterator[tuple[str, str]]:
    """Where a state leads when nothing fails, and when."""
    if state.next is not None:
        yield state.next, ""
    for choice in state.choices:
        why = choice.comment or choice.condition.removeprefix("{%").removesuffix("%}").strip()
        yield choice.next, why if len(why) <= _LONGEST_LABEL else f"{why[: _LONGEST_LABEL - 1]}…"
    if state.default is not None:
        yield state.default, "otherwise"


def _reached(flow: Flow) -> set[str]:
    """The states that a run in which nothing fails can enter."""
    reached: set[str] = set()
    open_ends = [flow.start_at]
    while open_ends:
        name = open_ends.pop()
        if name not in reached:
            reached.add(name)
            open_ends += [head for head, _ in _ways(flow.states[name])]
    return reached
