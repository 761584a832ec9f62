"""Machines whose transitions or names are wrong."""

from __future__ import annotations

from support.machines.parts import Broken, call, caught, choose, each, fork, machine, step, when, without

LONG = "n" * 81

FLOW = (
    Broken("next_missing", "Next names no state", "SW211", machine({"a": step("b")})),
    Broken("start_missing", "StartAt names no state", "SW211", machine({"a": step()}) | {"StartAt": "b"}),
    Broken(
        "default_missing",
        "Default names no state",
        "SW211",
        machine({"a": choose([when("{% $states.input.go %}", "b")], "c"), "b": step()}),
    ),
    Broken(
        "rule_missing",
        "a rule of a Choice names no state",
        "SW211",
        machine({"a": choose([when("{% $states.input.go %}", "c")], "b"), "b": step()}),
    ),
    Broken("catch_missing", "a Catch names no state", "SW211", machine({"a": call(Catch=[caught("b")])})),
    Broken(
        "branch_leaves", "a branch leads outside", "SW211", machine({"a": fork([{"x": step("b")}], "b"), "b": step()})
    ),
    Broken(
        "iteration_leaves",
        "an iteration leads outside",
        "SW211",
        machine({"a": each({"x": step("b")}, "b"), "b": step()}),
    ),
    Broken(
        "branch_crosses",
        "a branch leads into its sibling",
        "SW211",
        machine({"a": fork([{"x": step("y")}, {"y": step()}])}),
    ),
    Broken(
        "entered_from_outside",
        "a state leads into a branch",
        "SW211",
        machine({"z": step("x"), "a": fork([{"x": step()}])}),
    ),
    Broken("unreachable", "no state leads to one", "SW212", machine({"a": step(), "b": step()})),
    Broken(
        "unreachable_pair",
        "two states lead to each other only",
        "SW212",
        machine({"a": step(), "b": step("c"), "c": step("b")}),
    ),
    Broken("unreachable_self", "a state leads to itself only", "SW212", machine({"a": step(), "b": step("b")})),
    Broken("no_end", "nothing ends", "SW213", machine({"a": step("b"), "b": step("a")})),
    Broken(
        "trap",
        "two states that can be reached never end, though others do",
        "SW213",
        machine({"a": choose([when("{% $states.input.x %}", "b")], "d"), "b": step("c"), "c": step("b"), "d": step()}),
    ),
    Broken(
        "branch_never_ends",
        "a branch goes round for ever",
        "SW213",
        machine({"a": fork([{"x": step("y"), "y": step("x")}])}),
    ),
    Broken(
        "same_name_twice",
        "a branch has a state named as one outside",
        "SW209",
        machine({"a": fork([{"b": step()}], "b"), "b": step()}),
    ),
    Broken(
        "same_name_in_branches",
        "two branches share a name",
        "SW209",
        machine({"a": fork([{"x": step()}, {"x": step()}])}),
    ),
    Broken("long_name", "a name of 81 characters", "SW210", machine({LONG: step()})),
    Broken("next_and_end", "Next and End together", "SW224", machine({"a": step("b", End=True), "b": step()})),
    Broken("neither_next_nor_end", "neither Next nor End", "SW224", machine({"a": without(step(), "End")})),
)
