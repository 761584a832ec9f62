"""The rendezvous protocol as an explicit-state model: every interleaving of its steps, with faults at each.

Two tasks end (or are settled), two others wait for them. The steps bear the names of the functions that take them in
`handler.execute`, `handler.story` and `handler.rendezvous`:

    finisher, settle   read_done, write_done, list, then look and send for each waiter found, answer
    waiter             register under each task awaited, then look and send for itself

A look at several done records counts as one step: records only appear, so what a look finds missing was missing at one
moment, and what it finds whole is whole from then on.

Faults, a bounded number of them in one run, each at any step:

    crash       the process is gone; the service reports it, and the state is retried
    time-out    the service gives the state up, and the process goes on as a zombie: of a finisher the next is settle,
                a waiter registers anew with a new token, the old one being stale
    duplicate   the same invocation is delivered once more, and nobody hears what it answers
    throttle    SendTaskSuccess fails with an error that must not be passed over
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

#: What a finisher's or waiter's process does next.
READ_DONE, WRITE_DONE, LIST, LOOK, SEND, ANSWER, REGISTER = range(7)
STEPS = ("read_done", "write_done", "list", "look", "send", "answer", "register")


class Need(NamedTuple):
    """What a waiter waits for: all of some finishers, or the first success of them."""

    others: tuple[int, ...]
    first_success: bool = False


class Rules(NamedTuple):
    """The protocol; each flag is one of its rules, so that a model without it can be searched too."""

    only_if_absent: bool = True
    key_for_each_token: bool = True
    release_again: bool = True
    register_first: bool = True
    raise_throttled: bool = True
    settle_releases: bool = True


class Process(NamedTuple):
    """A running invocation; `heard`: somebody waits for its answer.

    `status`: the record it tells of, of a waiter how many registrations are made. `tokens`: those still to be looked
    at, (waiter, token); of a waiter its own.
    """

    kind: str
    who: int
    step: int
    heard: bool
    status: str = ""
    tokens: tuple[tuple[int, int], ...] = ()
    statuses: tuple[str, ...] = ()


class State(NamedTuple):
    """`done` and `told`: each finisher's record, and what its branch was told; `waits` are (finisher, waiter, token).

    `sent`: the statuses each waiter was woken with; `token`: the one it waits with now; `faults`: how many are left.
    """

    done: tuple[str, ...]
    told: tuple[str, ...]
    waits: frozenset[tuple[int, int, int]]
    sent: tuple[tuple[str, ...] | None, ...]
    token: tuple[int, ...]
    processes: tuple[Process, ...]
    faults: int


Trace: TypeAlias = list[str]


class Found(NamedTuple):
    """How many states there are, and the shortest way to each kind of fault."""

    states: int
    wrong: dict[str, Trace]


def search(needs: tuple[Need, ...], rules: Rules, faults: int, finishers: int = 2, *, first: bool = False) -> Found:
    """Visit every state, up to `faults` faults in a run. `first`: stop at the first wrong one.

    States are known by their hashes, as in SPIN's hash compaction: in ten million states of 64 bits, the chance that
    one was taken for another is about one in 400,000.
    """
    processes = [Process("run", who, READ_DONE, True) for who in range(finishers)]
    processes += [_waiter(rules, who, 0) for who in range(len(needs))]
    start = State(
        done=("",) * finishers,
        told=("",) * finishers,
        waits=frozenset(),
        sent=(None,) * len(needs),
        token=(0,) * len(needs),
        processes=_sorted(processes),
        faults=faults,
    )
    came: dict[int, tuple[int, str]] = {hash(start): (0, "")}
    states = [start]
    wrong: dict[str, Trace] = {}
    model = _Model(needs, rules)
    while states and not (first and wrong):
        following: list[State] = []
        for state in states:
            steps = list(model.steps(state))
            for fault in model.wrong(state, ends=not steps):
                wrong.setdefault(fault, _trace(came, hash(state)))
            for name, after in (*steps, *(model.faults(state) if state.faults else ())):
                key = hash(after)
                if key not in came:
                    came[key] = (hash(state), sys.intern(name))
                    following.append(after)
        states = following
    return Found(len(came), wrong)


class _Model:
    def __init__(self, needs: tuple[Need, ...], rules: Rules) -> None:
        self._needs = needs
        self._rules = rules

    def wrong(self, state: State, *, ends: bool) -> Iterator[str]:
        """What must never be, and what must not be in the end."""
        for who, sent in enumerate(state.sent):
            if sent is None:
                if ends:
                    yield "hung"
                continue
            if not self._ready(who, sent):
                yield "started early"
            if any(
                status and status != state.done[other] for other, status in zip(self._others(who), sent, strict=True)
            ):
                yield "two stories"
        if ends and state.told != state.done:
            yield "two stories"

    def steps(self, state: State) -> Iterator[tuple[str, State]]:
        """What can happen next if nothing goes wrong."""
        for index, process in enumerate(state.processes):
            rest = state.processes[:index] + state.processes[index + 1 :]
            yield f"{_name(process)} {STEPS[process.step]}", self._step(state, process, rest)

    def faults(self, state: State) -> Iterator[tuple[str, State]]:
        """What can go wrong next."""
        less = state._replace(faults=state.faults - 1)
        for index, process in enumerate(state.processes):
            rest = state.processes[:index] + state.processes[index + 1 :]
            name = f"{_name(process)} {STEPS[process.step]}"
            crashed = self._failed(less, process, rest) if process.heard else less._replace(processes=rest)
            yield f"{name}: crash", crashed
            if process.step == SEND:
                if self._rules.raise_throttled:
                    yield f"{name}: throttled", crashed
                else:
                    yield f"{name}: throttled", self._after_send(less, process, rest)
            if process.heard:
                zombie = process._replace(heard=False)
                yield f"{name}: timed out", self._timed_out(less, process, (*rest, zombie))
            if process.step in (READ_DONE, REGISTER) and process.heard:
                twin = process._replace(heard=False)
                yield f"{name}: delivered twice", less._replace(processes=_sorted([*state.processes, twin]))
        for who, token in enumerate(state.token):
            busy = any(one.kind == "wait" and one.who == who and one.heard for one in state.processes)
            if state.sent[who] is None and not busy:
                yield f"wait {who} timed out", self._anew(less, who, token + 1, state.processes)

    def _step(self, state: State, process: Process, rest: tuple[Process, ...]) -> State:
        match process.step:
            case 0:  # READ_DONE
                record = state.done[process.who]
                going = process._replace(step=LIST if record else WRITE_DONE, status=record)
                if record and not self._rules.release_again:
                    going = going._replace(step=ANSWER)
                return _with(state, rest, going)
            case 1:  # WRITE_DONE
                return self._write_done(state, process, rest)
            case 2:  # LIST
                found = tuple(sorted((who, token) for other, who, token in state.waits if other == process.who))
                return _with(state, rest, process._replace(step=LOOK if found else ANSWER, tokens=found))
            case 3:  # LOOK
                return self._look(state, process, rest)
            case 4:  # SEND
                return self._after_send(_sent(state, *process.tokens[0], process.statuses), process, rest)
            case 5:  # ANSWER
                told = process.kind != "wait" and process.heard
                over = state._replace(processes=rest)
                return over._replace(told=_put(state.told, process.who, process.status)) if told else over
            case _:  # REGISTER
                return self._register(state, process, rest)

    def _write_done(self, state: State, process: Process, rest: tuple[Process, ...]) -> State:
        own = "success" if process.kind == "run" else "failed"
        kept = state.done[process.who]
        record = kept if kept and self._rules.only_if_absent else own
        silent = process.kind == "settle" and not self._rules.settle_releases
        going = process._replace(step=ANSWER if silent else LIST, status=record)
        return _with(state._replace(done=_put(state.done, process.who, record)), rest, going)

    def _look(self, state: State, process: Process, rest: tuple[Process, ...]) -> State:
        who, _ = process.tokens[0]
        seen = tuple(state.done[other] for other in self._others(who))
        if self._ready(who, seen):
            return _with(state, rest, process._replace(step=SEND, statuses=seen))
        return self._after_send(state, process, rest)

    def _after_send(self, state: State, process: Process, rest: tuple[Process, ...]) -> State:
        left = process.tokens[1:]
        if process.kind == "wait":
            step, tokens = (ANSWER if self._rules.register_first else REGISTER), process.tokens
        else:
            step, tokens = (LOOK if left else ANSWER), left
        return _with(state, rest, process._replace(step=step, tokens=tokens, statuses=()))

    def _register(self, state: State, process: Process, rest: tuple[Process, ...]) -> State:
        """Put the key under the next task awaited."""
        at = len(process.status)
        others = self._others(process.who)
        token = process.tokens[0][1]
        waits = state.waits
        if not self._rules.key_for_each_token:
            waits = frozenset(wait for wait in waits if wait[:2] != (others[at], process.who))
        waits |= {(others[at], process.who, token)}
        following = LOOK if self._rules.register_first else ANSWER
        more = at + 1 < len(others)
        going = process._replace(status=process.status + "x") if more else process._replace(step=following, status="")
        return _with(state._replace(waits=waits), rest, going)

    def _failed(self, state: State, process: Process, rest: tuple[Process, ...]) -> State:
        if process.kind == "wait":
            if state.sent[process.who] is not None:
                return state._replace(processes=rest)
            return self._anew(state, process.who, process.tokens[0][1] + 1, rest)
        again = Process(process.kind, process.who, READ_DONE, True)
        return state._replace(processes=_sorted([*rest, again]))

    def _timed_out(self, state: State, process: Process, rest: tuple[Process, ...]) -> State:
        if process.kind == "wait":
            if state.sent[process.who] is not None:
                return state._replace(processes=_sorted(list(rest)))
            return self._anew(state, process.who, process.tokens[0][1] + 1, rest)
        settle = Process("settle", process.who, READ_DONE, True)
        return state._replace(processes=_sorted([*rest, settle]))

    def _anew(self, state: State, who: int, token: int, rest: tuple[Process, ...]) -> State:
        processes = _sorted([*rest, _waiter(self._rules, who, token)])
        return state._replace(token=_put(state.token, who, token), processes=processes)

    def _ready(self, who: int, seen: tuple[str, ...]) -> bool:
        need = self._needs[who]
        return all(seen) or (need.first_success and "success" in seen)

    def _others(self, who: int) -> tuple[int, ...]:
        return self._needs[who].others


def _waiter(rules: Rules, who: int, token: int) -> Process:
    return Process("wait", who, REGISTER if rules.register_first else LOOK, True, tokens=((who, token),))


def _sent(state: State, who: int, token: int, statuses: tuple[str, ...]) -> State:
    """SendTaskSuccess: a stale token is refused, and that is passed over."""
    if state.token[who] != token or state.sent[who] is not None:
        return state
    return state._replace(sent=_put(state.sent, who, statuses))


def _with(state: State, rest: tuple[Process, ...], process: Process) -> State:
    return state._replace(processes=_sorted([*rest, process]))


def _sorted(processes: list[Process]) -> tuple[Process, ...]:
    return tuple(sorted(processes))


def _put(values: tuple, at: int, value: object) -> tuple:  # pyright: ignore
    return (*values[:at], value, *values[at + 1 :])


def _name(process: Process) -> str:
    token = f" with token {process.tokens[0][1]}" if process.kind == "wait" and process.tokens else ""
    return f"{process.kind} {process.who}{token}{'' if process.heard else ' (zombie)'}"


def _trace(came: Mapping[int, tuple[int, str]], key: int) -> Trace:
    steps: Trace = []
    while came[key][1]:
        key, name = came[key]
        steps.append(name)
    return steps[::-1]


def walk(needs: tuple[Need, ...], order: tuple[str, ...], finishers: int = 1) -> list[list[str]]:
    """The steps of invocations that run one after the other, such as "run 0", "settle 0" and "wait 0"."""
    model = _Model(needs, Rules())
    state = State(("",) * finishers, ("",) * finishers, frozenset(), (None,) * len(needs), (0,) * len(needs), (), 0)
    taken: list[list[str]] = []
    for name in order:
        kind, who = name.split()
        process = _waiter(Rules(), int(who), 0) if kind == "wait" else Process(kind, int(who), READ_DONE, True)
        state = state._replace(processes=(process,))
        steps: list[str] = []
        while state.processes:
            [(_, following)] = model.steps(state)
            steps.append(STEPS[state.processes[0].step])
            state = following
        taken.append(steps)
    return taken
