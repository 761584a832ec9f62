"""Machines whose expressions or variables are wrong."""

from __future__ import annotations

from support.machines.parts import Broken, Json, call, caught, choose, each, fork, machine, spread, step, when

LONG = "v" * 81
SET: Json = {"x": 1}
READ = "{% $x %}"
ALL_READ: Json = {"y": READ}


def shown(expression: str) -> Json:
    """A machine of one state that returns what an expression gives."""
    return machine({"a": step(Output=expression)})


DATA = (
    Broken("open_bracket", "a bracket is not closed", "SW222", shown("{% $sum([1, 2 %}")),
    Broken("dangling_operator", "an operator without an operand", "SW222", shown("{% 1 + %}")),
    Broken("open_string", "a string is not closed", "SW222", shown("{% 'a %}")),
    Broken("two_operands", "no operator between operands", "SW222", shown("{% 1 2 %}")),
    Broken("coalescing", "an operator JSONata 2.0.6 does not have", "SW222", shown("{% $states.input.x ?? 1 %}")),
    Broken("half_open", "an expression that is not closed", "SW222", shown("{% 1 + 1")),
    Broken("empty_expression", "nothing between the brackets", "SW222", shown("{%  %}")),
    Broken("top_dollar", "$ at the top level", "SW203", shown("{% $ %}")),
    Broken("top_dollar_path", "a path from $ at the top level", "SW203", shown("{% $.items[$ > 1] %}")),
    Broken("double_dollar", "$$ at the top level", "SW203", shown("{% $$.items %}")),
    Broken("double_dollar_inside", "$$ in a filter", "SW203", shown("{% $states.input.items[x = $$.x] %}")),
    Broken("bare_name", "a name without $states.input", "SW203", shown("{% status = 'failed' %}")),
    Broken("function_without_dollar", "a function called without $", "SW203", shown("{% sum([1, 2]) %}")),
    Broken(
        "dollar_in_function",
        "$ in a function has no context either",
        "SW203",
        shown("{% $map([1], function($v){ $ }) %}"),
    ),
    Broken("evaluation", "$eval", "SW204", shown("{% $eval('1 + 1') %}")),
    Broken("unknown_function", "a function that does not exist", "SW205", shown("{% $total([1, 2]) %}")),
    Broken(
        "early_result",
        "$states.result in Arguments",
        "SW226",
        machine({"a": call(Arguments={"x": "{% $states.result %}"})}),
    ),
    Broken("no_result", "$states.result in a Pass", "SW226", shown("{% $states.result.x %}")),
    Broken(
        "error_outside_catch",
        "$states.errorOutput outside a Catch",
        "SW226",
        machine({"a": call(Output="{% $states.errorOutput.Error %}")}),
    ),
    Broken("no_such_field", "$states has no output", "SW226", shown("{% $states.output %}")),
    Broken("never_set", "a variable that nobody sets", "SW205", shown(READ)),
    Broken(
        "set_later",
        "a variable set after it is read",
        "SW205",
        machine({"a": step("b", Output=READ), "b": step(Assign=SET)}),
    ),
    Broken(
        "own_output", "Output reads what the same state sets", "SW205", machine({"a": step(Assign=SET, Output=READ)})
    ),
    Broken(
        "own_assign",
        "Assign reads what it sets beside",
        "SW205",
        machine({"a": step("b", Assign={"x": 1, "y": READ}), "b": step()}),
    ),
    Broken(
        "one_path_only",
        "a variable set on one of two paths",
        "SW205",
        machine(
            {
                "a": choose([when("{% $states.input.go %}", "b")], "c"),
                "b": step("c", Assign=SET),
                "c": step(Output=READ),
            }
        ),
    ),
    Broken(
        "not_on_catch",
        "a variable that the way through Catch does not set",
        "SW205",
        machine({"a": call("b", Assign=SET, Catch=[caught("b")]), "b": step(Output=READ)}),
    ),
    Broken(
        "not_by_default",
        "a variable that only a rule of the Choice sets",
        "SW205",
        machine({"a": choose([when("{% $states.input.go %}", "b", Assign=SET)], "b"), "b": step(Output=READ)}),
    ),
    Broken(
        "leaked_from_branch",
        "a variable of a branch read after it",
        "SW206",
        machine({"a": fork([{"x1": step(Assign=SET)}], "b"), "b": step(Output=READ)}),
    ),
    Broken(
        "leaked_from_iteration",
        "a variable of an iteration read after it",
        "SW206",
        machine({"a": each({"x1": step(Assign=SET)}, "b"), "b": step(Output=READ)}),
    ),
    Broken(
        "leaked_to_sibling",
        "a variable of a branch read in its sibling",
        "SW206",
        machine({"a": fork([{"x1": step(Assign=SET)}, {"x2": step(Output=READ)}])}),
    ),
    Broken("reserved", "a variable named states", "SW207", machine({"a": step(Assign={"states": 1})})),
    Broken(
        "reserved_in_catch",
        "a Catch that sets states",
        "SW207",
        machine({"a": call("b", Catch=[caught("b", Assign={"states": 1})]), "b": step()}),
    ),
    Broken("no_identifier", "a variable named with a hyphen", "SW207", machine({"a": step(Assign={"my-x": 1})})),
    Broken("long_variable", "a variable of 81 characters", "SW207", machine({"a": step(Assign={LONG: 1})})),
    Broken(
        "set_again_in_branch",
        "a branch sets a variable from outside",
        "SW208",
        machine({"s": step("a", Assign=SET), "a": fork([{"x1": step(Assign=SET)}])}),
    ),
    Broken(
        "set_again_in_iteration",
        "an iteration sets a variable from outside",
        "SW208",
        machine({"s": step("a", Assign=SET), "a": each({"x1": step(Assign=SET)})}),
    ),
    Broken(
        "child_reads_parent",
        "a child execution reads a variable from outside",
        "SW229",
        machine({"s": step("a", Assign=SET), "a": spread({"x1": step(Output=READ)})}),
    ),
)
