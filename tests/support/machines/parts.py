"""States to put machines together from."""

from __future__ import annotations

from typing import NamedTuple

Json = dict[str, object]


class Broken(NamedTuple):
    """A definition with one fault, and the rule of ours that names it."""

    name: str
    fault: str
    code: str
    definition: Json


def machine(states: Json, **more: object) -> Json:
    """A JSONata machine that starts with the first of its states."""
    return {"QueryLanguage": "JSONata", **scope(states), **more}


def scope(states: Json, **more: object) -> Json:
    """States that start with the first: a branch, or an ItemProcessor with a `ProcessorConfig`."""
    return {"StartAt": next(iter(states)), "States": states, **more}


def on(state: Json, following: str | None) -> Json:
    """The state, leading to another or ending."""
    return state | ({"End": True} if following is None else {"Next": following})


def call(following: str | None = None, **more: object) -> Json:
    """A Task that invokes a function."""
    arguments = {"FunctionName": "${HandlerArn}", "Payload": {"task": "t"}}
    state: Json = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": arguments, "Output": {}}
    return on(state | more, following)


def step(following: str | None = None, **more: object) -> Json:
    """A Pass."""
    return on({"Type": "Pass", **more}, following)


def fork(branches: list[Json], following: str | None = None, **more: object) -> Json:
    """A Parallel over lists of states."""
    return on({"Type": "Parallel", "Branches": [scope(branch) for branch in branches], **more}, following)


def each(states: Json, following: str | None = None, **more: object) -> Json:
    """An inline Map."""
    return on({"Type": "Map", "Items": "{% $states.input.items %}", "ItemProcessor": scope(states), **more}, following)


def spread(states: Json, following: str | None = None, **more: object) -> Json:
    """A distributed Map."""
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    processor = scope(states, ProcessorConfig=config)
    return on({"Type": "Map", "Items": [1, 2], "ItemProcessor": processor, **more}, following)


def choose(choices: list[Json], default: str | None = None, **more: object) -> Json:
    """A Choice."""
    state: Json = {"Type": "Choice", "Choices": choices, **more}
    return state if default is None else state | {"Default": default}


def when(condition: object, following: str, **more: object) -> Json:
    """One rule of a Choice."""
    return {"Condition": condition, "Next": following, **more}


def caught(following: str, *errors: str, **more: object) -> Json:
    """One entry of a Catch."""
    return {"ErrorEquals": list(errors) or ["States.ALL"], "Next": following, **more}


def without(state: Json, *fields: str) -> Json:
    """The state, with some fields left out."""
    return {key: value for key, value in state.items() if key not in fields}
